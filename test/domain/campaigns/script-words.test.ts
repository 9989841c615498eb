import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  fillScript,
  type ScriptOccasion,
  scriptProblemSentence,
} from '../../../src/domain/campaigns/script.ts';
import type { EvidenceItem } from '../../../src/domain/negotiations/right-party.ts';

const ONE_DAY = '2026-11-23';
const PERSON: ScriptOccasion = {
  at: Date.parse(`${ONE_DAY}T10:00:00-03:00`),
  zones: ['America/Sao_Paulo'],
  agentName: 'ana beatriz',
  debtorName: 'jonas prado',
  document: '52998224725',
  challenge: { party: 'person', items: ['document', 'birth-day'], needed: 2 },
};

const PLACEHOLDERS = ['saudacao', 'agente', 'devedor', 'documento', 'confirmacao'];
const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

describe('a placeholder with a capital', () => {
  it.each(PLACEHOLDERS)('{%s} gives the same words with a capital at the front', (name) => {
    const small = fillScript(`{${name}}`, PERSON);
    expect(small).not.toContain('{');
    expect(fillScript(`{${capital(name)}}`, PERSON)).toBe(capital(small));
  });

  it('changes no other letter of a name', () => {
    expect(fillScript('{Devedor}', { ...PERSON, debtorName: 'ACME do Sul' })).toBe('ACME do Sul');
    expect(fillScript('{Agente}', { ...PERSON, agentName: 'érica' })).toBe('Érica');
    expect(fillScript('{Agente}', { ...PERSON, agentName: '' })).toBe('');
  });
});

describe('the greeting', () => {
  const greet = (clock: string, ...zones: readonly string[]) =>
    fillScript('{saudacao}', { ...PERSON, at: Date.parse(`${ONE_DAY}T${clock}-03:00`), zones });

  it.each<[string, string, string, string]>([
    // Clock of São Paulo, then the greeting there, in Manaus and in Acre.
    ['11:59:59', 'bom dia', 'bom dia', 'bom dia'],
    ['12:00:00', 'boa tarde', 'bom dia', 'bom dia'],
    ['13:00:00', 'boa tarde', 'boa tarde', 'bom dia'],
    ['14:00:00', 'boa tarde', 'boa tarde', 'boa tarde'],
    ['17:59:59', 'boa tarde', 'boa tarde', 'boa tarde'],
    ['18:00:00', 'boa noite', 'boa tarde', 'boa tarde'],
    ['20:00:00', 'boa noite', 'boa noite', 'boa noite'],
  ])('at %s in São Paulo is %s there, %s in Manaus, %s in Acre', (clock, east, west, acre) => {
    expect(greet(clock, 'America/Sao_Paulo')).toBe(east);
    expect(greet(clock, 'America/Manaus')).toBe(west);
    expect(greet(clock, 'America/Rio_Branco')).toBe(acre);
    const together = new Set([east, west, acre]).size === 1 ? east : 'olá';
    expect(greet(clock, 'America/Manaus', 'America/Rio_Branco', 'America/Sao_Paulo')).toBe(
      together,
    );
  });
});

describe('what is asked to confirm who it is', () => {
  const asked = (party: 'person' | 'company', items: readonly EvidenceItem[], needed: number) =>
    fillScript('{confirmacao}', { ...PERSON, challenge: { party, items, needed } });

  it.each<[readonly EvidenceItem[], number, string]>([
    [['document'], 1, 'os três primeiros números do CPF'],
    [['birth-day'], 1, 'o dia e o mês em que nasceu'],
    [['postal-code'], 1, 'o CEP'],
    [['contract'], 1, 'os quatro últimos números do contrato'],
    [['postal-code', 'contract'], 2, 'o CEP e os quatro últimos números do contrato'],
    [['postal-code', 'contract', 'document'], 1, 'o CEP'],
    [
      ['document', 'postal-code', 'contract'],
      3,
      'os três primeiros números do CPF, o CEP e os quatro últimos números do contrato',
    ],
    [['document'], 2, 'o seu nome completo'],
    [[], 1, 'o seu nome completo'],
  ])('of a person with %j, %i of them needed: %s', (items, needed, words) => {
    expect(asked('person', items, needed)).toBe(words);
  });

  it.each<[readonly EvidenceItem[], number, string]>([
    [['contract'], 1, 'o seu nome, o seu cargo e os quatro últimos números do contrato'],
    [['postal-code', 'contract'], 1, 'o seu nome, o seu cargo e o CEP'],
    [[], 1, 'o seu nome completo'],
  ])('of a company with %j, %i of them needed: %s', (items, needed, words) => {
    expect(asked('company', items, needed)).toBe(words);
  });
});

describe('the kind of a document', () => {
  it.each([
    ['52998224725', 'CPF'],
    ['11444777000161', 'CNPJ'],
    ['12ABC34501DE35', 'CNPJ'],
  ])('of %s is %s, and no digit of it is said', (document, word) => {
    expect(fillScript('{documento}', { ...PERSON, document })).toBe(word);
  });
});

describe('any script', () => {
  const plain = fc.stringMatching(/^[A-Za-zÀ-ü0-9 ,.?!\n$&-]{0,30}$/);
  const part = fc.oneof(plain, fc.constantFrom(...PLACEHOLDERS.map((name) => `{${name}}`)));

  it('made of text and placeholders has no problem, and keeps its text in order', () => {
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
        const script = parts.join('');
        expect(scriptProblemSentence(script)).toBeUndefined();
        const filled = parts.map((one) => (one.startsWith('{') ? fillScript(one, PERSON) : one));
        expect(fillScript(script, PERSON)).toBe(filled.join(''));
      }),
      { numRuns: 150, seed: 71 },
    );
  });

  it('has a problem exactly where something in braces stays as it was written', () => {
    const braces = fc.constantFrom(
      ...['{agente}', '{Devedor}', '{nome}', '{', '}', '{}', '{ agente}', '{aGENTE}', 'sou', '\n'],
    );
    fc.assert(
      fc.property(fc.array(braces, { maxLength: 6 }), (parts) => {
        const script = parts.join(' ');
        const isLeft = /[{}]/.test(fillScript(script, PERSON));
        expect(scriptProblemSentence(script) !== undefined).toBe(isLeft);
      }),
      { numRuns: 200, seed: 72 },
    );
  });

  it('names the first mistake, as it was written', () => {
    expect(scriptProblemSentence('Sou {agente}, {cargo} de {empresa}')).toMatch(/^has \{cargo\},/);
    expect(scriptProblemSentence('{agente')).toMatch(/^has \{agente,/);
    // A brace that is never closed ends with its line.
    expect(scriptProblemSentence('{agente\n{devedor}')).toMatch(/^has \{agente,/);
    expect(fillScript('{agente\n{devedor}', PERSON)).toBe('{agente\njonas prado');
  });
});
