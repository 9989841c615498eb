import { describe, expect, it } from 'vitest';
import { importRow } from '../../src/domain/leads/import-row.ts';
import { rowRefusalSentence } from '../../src/words/row-refusals.ts';

const GOOD = {
  nome: 'Ana',
  cpf: '529.982.247-25',
  telefone: '11987654321',
  contrato: 'C-1',
  vencimento: '10/08/2026',
  valor: '100,50',
};

const BAD: readonly Record<string, unknown>[] = [
  {},
  { ...GOOD, nome: '' },
  { ...GOOD, cpf: '' },
  { ...GOOD, cpf: '529.982.247-26' },
  { ...GOOD, cpf: '5,2998E+10' },
  { ...GOOD, cpf: '111.111.111-11' },
  { ...GOOD, cpf: '123' },
  { ...GOOD, telefone: '20987654321' },
  { ...GOOD, telefone: '0800 123 4567' },
  { ...GOOD, telefone: '987654321' },
  { ...GOOD, telefone: 'abc' },
  { ...GOOD, vencimento: '31/02/2026' },
  { ...GOOD, vencimento: '' },
  { ...GOOD, valor: '' },
  { ...GOOD, valor: 'dez' },
  { ...GOOD, valor: '-5' },
  { ...GOOD, valor: '1.234' },
];

describe.each(['pt-BR', 'en'] as const)('a refused row, in %s', (language) => {
  it.each(BAD.map((raw) => [JSON.stringify(raw), raw] as const))('says why: %s', (_text, raw) => {
    const refused = importRow(raw);
    if (refused.ok) throw new Error('is good');
    const sentence = rowRefusalSentence(refused, language);
    expect(sentence).not.toContain(refused.code);
    if (refused.reason.includes('-')) expect(sentence).not.toContain(refused.reason);
    if (refused.field) expect(sentence).toContain(refused.field);
  });

  it('shows codes without words as they are', () => {
    expect(rowRefusalSentence({ code: 'new-code', reason: 'new-reason' }, language)).toBe(
      'new-code: new-reason',
    );
  });
});

it('has another sentence in each language', () => {
  const refusal = { code: 'document-invalid', reason: 'check-digits', field: 'cpf' };
  expect(rowRefusalSentence(refusal, 'pt-BR')).toBe(
    'CPF/CNPJ inválido (coluna cpf): dígitos verificadores não conferem',
  );
  expect(rowRefusalSentence(refusal, 'en')).toBe(
    'Invalid CPF/CNPJ (column cpf): the check digits do not match',
  );
});
