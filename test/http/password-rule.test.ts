import fc from 'fast-check';
import { expect, test } from 'vitest';
import { firstPasswordFor, passwordRefusal } from '../../src/http/password-rule.ts';

const ANA = { login: 'ana.souza', name: 'Ana Lúcia de Souza' };

test.each([
  ['curta', 'password-too-short'],
  ['senha12345', 'password-common'],
  ['Senha@12345', 'password-common'],
  ['S3nh@2026!!', 'password-common'],
  ['Mudar@123456', 'password-common'],
  ['password2026', 'password-common'],
  ['Flamengo2026', 'password-common'],
  ['cobranca@2026', 'password-common'],
  ['1234567890', 'password-common'],
  ['11987654321', 'password-common'],
  ['qwertyuiop', 'password-common'],
  ['1212121212', 'password-common'],
  ['xxxxxxxxxxxx', 'password-common'],
  ['ana.souza2026', 'password-personal'],
  ['Lúcia-Souza-1', 'password-personal'],
  ['souza.senha.1', 'password-personal'],
])('does not take %s: %s', (password, refusal) => {
  expect(passwordRefusal(password, ANA)).toBe(refusal);
});

test.each(['abacate azul 9', 'uma-senha-nova', 'correct horse battery', 'trem das onze horas'])(
  'takes %s',
  (password) => {
    expect(passwordRefusal(password, ANA)).toBeUndefined();
  },
);

test('common words with anything but letters around them are common, whatever the case', () => {
  const around = fc.string({ unit: fc.constantFrom(...'0123456789 .-_@#'), maxLength: 8 });
  const word = fc.constantFrom('senha', 'Brasil', 'PASSWORD', 'amor');
  fc.assert(
    fc.property(around, word, around, word, (before, first, between, second) => {
      const password = `${before}${first}${between}${second}`.padEnd(10, '1');
      expect(passwordRefusal(password, ANA)).toBe('password-common');
    }),
  );
});

test('every first password obeys the rule that the chosen ones obey', () => {
  for (let count = 0; count < 200; count += 1) {
    expect(passwordRefusal(firstPasswordFor(ANA), ANA)).toBeUndefined();
  }
});
