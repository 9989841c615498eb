import { describe, expect, it } from 'vitest';
import {
  fillScript,
  type ScriptOccasion,
  scriptProblemSentence,
} from '../../../src/domain/campaigns/script.ts';

const PERSON: ScriptOccasion = {
  at: Date.parse('2026-11-23T10:00:00-03:00'),
  zones: ['America/Sao_Paulo'],
  agentName: 'Ana Beatriz',
  debtorName: 'Jonas Prado',
  document: '52998224725',
  challenge: { party: 'person', items: ['document', 'birth-day', 'postal-code'], needed: 2 },
};
const COMPANY: ScriptOccasion = {
  ...PERSON,
  debtorName: 'Padaria Prado Ltda.',
  document: '12457893000188',
  challenge: { party: 'company', items: ['contract'], needed: 1 },
};

describe('a filled script', () => {
  it.each([
    ['00:01', 'bom dia'],
    ['11:59', 'bom dia'],
    ['12:00', 'boa tarde'],
    ['17:59', 'boa tarde'],
    ['18:00', 'boa noite'],
  ])('greets at %s with %s', (clock, greeting) => {
    const at = Date.parse(`2026-11-23T${clock}:00-03:00`);
    expect(fillScript('{saudacao}', { ...PERSON, at })).toBe(greeting);
  });

  it("greets by the hour at the debtor's place, and neutrally where it is not known", () => {
    const at = Date.parse('2026-11-23T12:30:00-03:00');
    const greeting = (...zones: string[]) => fillScript('{Saudacao}', { ...PERSON, at, zones });
    expect(greeting('America/Rio_Branco')).toBe('Bom dia');
    expect(greeting('America/Sao_Paulo', 'America/Bahia')).toBe('Boa tarde');
    expect(greeting('America/Manaus', 'America/Sao_Paulo')).toBe('Olá');
    expect(greeting()).toBe('Olá');
  });

  it('names the agent and the debtor', () => {
    expect(fillScript('Sou {agente}. Falo com {devedor}? {devedor}?', PERSON)).toBe(
      'Sou Ana Beatriz. Falo com Jonas Prado? Jonas Prado?',
    );
  });

  it('asks a person for what the creditor sent, and no company for a CPF', () => {
    const asked = (occasion: ScriptOccasion) => fillScript('{documento}: {confirmacao}', occasion);
    expect(asked(PERSON)).toBe(
      'CPF: os três primeiros números do CPF e o dia e o mês em que nasceu',
    );
    const { challenge } = PERSON;
    expect(asked({ ...PERSON, challenge: { ...challenge, items: ['document', 'postal-code'] } })) //
      .toBe('CPF: os três primeiros números do CPF e o CEP');
    expect(asked(COMPANY)).toBe(
      'CNPJ: o seu nome, o seu cargo e os quatro últimos números do contrato',
    );
    const { document: _, ...unknown } = PERSON;
    expect(asked({ ...unknown, challenge: { ...challenge, items: ['birth-day'] } })).toBe(
      'CPF ou CNPJ: o seu nome completo',
    );
  });

  it('leaves alone what is no placeholder, also in a name', () => {
    const odd = { ...PERSON, debtorName: '{agente} $& $1' };
    expect(fillScript('{nome} {devedor} {', odd)).toBe('{nome} {agente} $& $1 {');
    expect(fillScript('', PERSON)).toBe('');
  });
});

describe('a written script', () => {
  it('may hold every placeholder, with a capital too', () => {
    const text = '{saudacao} {Saudacao} {agente} {devedor} {documento} {confirmacao}';
    expect(scriptProblemSentence(text)).toBeUndefined();
    expect(scriptProblemSentence('Se for outra pessoa (só com o titular)')).toBeUndefined();
  });

  it.each(['{nome}', '{agente', 'agente}', '{ agente }', '{{agente}}', '{}', '{AGENTE}'])(
    'is told of %s, and of what may stand in braces',
    (text) => {
      expect(scriptProblemSentence(`Falo com ${text}?`)).toMatch(
        /nothing fills in: what stands in braces is one of \{saudacao\}, \{agente\}/,
      );
    },
  );
});
