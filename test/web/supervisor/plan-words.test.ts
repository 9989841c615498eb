import { beforeEach, describe, expect, it } from 'vitest';
import { planWords } from '../../../src/web/supervisor/plan-words.ts';
import { startTestTexts } from '../i18n/start-texts.ts';

const NOW = Date.parse('2026-11-23T13:00:00Z');
const RISK = {
  risk: 0.0212,
  riskMax: 0.0238,
  answerRate: 0.152,
  setupMs: 11_800,
  free: 2,
  freeSoon: 1.4,
  onTheWay: 18,
};

beforeEach(() => startTestTexts('pt-BR'));

describe('the sentence of a plan', () => {
  it('gives every figure that the decision was made of', () => {
    expect(planWords({ code: 'risk-accepted', values: RISK }, 6, NOW)).toBe(
      'Atende 15 %, toca 12 s; livres 2 + 1,4 até lá, a caminho 18; risco 2,1 % ≤ 2,4 % → disca 6.',
    );
  });

  it('says the same in English, with English numbers', async () => {
    await startTestTexts('en');
    expect(planWords({ code: 'risk-too-high', values: { ...RISK, risk: 0.031 } }, 0, NOW)).toBe(
      'Answers 15 %, rings 12 s; 2 free + 1.4 by then, 18 on the way; ' +
        'one more would risk 3.1 % > 2.4 % → waits.',
    );
  });

  it('writes a cap as a share and the beginning of an outage as a time of day', () => {
    const values = { abandoned: 13, answers: 412, rateMax: 0.03, free: 2 };
    expect(planWords({ code: 'abandonment-over-cap', values }, 2, NOW)).toContain(
      '13 de 412 atendidas, máx. 3,0 %',
    );
    const failing = { failed: 19, of: 20, since: NOW - 60_000 };
    expect(planWords({ code: 'carrier-failing', values: failing }, 1, NOW)).toMatch(
      /^Operadora falhando desde \d\d:\d\d: 19 das últimas 20 /,
    );
  });

  it('leaves no gap unfilled, whatever the reason', () => {
    const reasons = {
      learning: { answersKnown: 14, answersNeeded: 50, free: 3 },
      'lines-per-agent-min': { lines: 12, onTheWay: 7 },
      'turn-of-others': { weight: 1.5 },
      'one-to-one': { free: 2, onTheWay: 1 },
      'campaign-paused': {},
    };
    for (const [code, values] of Object.entries(reasons)) {
      const sentence = planWords({ code, values }, 1, NOW);
      expect(sentence).not.toBe(code);
      expect(sentence).not.toContain('{{');
    }
  });
});
