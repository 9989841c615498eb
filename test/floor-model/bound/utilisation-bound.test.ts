import { describe, expect, it } from 'vitest';
import {
  type BoundQuestion,
  closedForm,
  PROGRAMME_AGENTS_MAX,
  utilisationBound,
} from '../../../src/floor-model/bound/utilisation-bound.ts';

const BASE: BoundQuestion = {
  agents: 20,
  answerRate: 0.15,
  setupMs: 14_000,
  handleMs: 141_000,
  rateMax: 0.03,
};

function bound(over: Partial<BoundQuestion> = {}): number {
  return utilisationBound({ ...BASE, ...over }).utilisation;
}

describe('the bound of utilisation', () => {
  it.each([
    [3, 0.15, 71.5],
    [8, 0.15, 80.9],
    [20, 0.06, 88.1],
    [20, 0.15, 88.7],
    [20, 0.35, 89.9],
    [60, 0.15, 94.6],
  ])('agrees with the published value for %d agents at %d', (agents, answerRate, percent) => {
    const found = utilisationBound({ ...BASE, agents, answerRate });
    expect(found.how).toBe('dynamic-programme');
    expect(Math.abs(found.utilisation * 100 - percent)).toBeLessThan(0.3);
  });

  it('rises with agents, the cap and the limit, and falls with set-up time', () => {
    const at = (over: Partial<BoundQuestion>) => bound({ agents: 8, ...over });
    const utilisation = at({});
    expect(at({ agents: 10 })).toBeGreaterThan(utilisation);
    expect(at({ rateMax: 0.05 })).toBeGreaterThan(utilisation);
    expect(at({ rateMax: 0.01 })).toBeLessThan(utilisation);
    expect(at({ waitMaxMs: 4_000 })).toBeGreaterThan(utilisation);
    expect(at({ setupMs: 20_000 })).toBeLessThan(utilisation);
    expect(at({ handleMs: 200_000 })).toBeGreaterThan(utilisation);
    expect(at({ answerRate: 0.5 })).toBeGreaterThan(utilisation);
  });

  it('depends on the ratio of times where nobody waits', () => {
    const quick = { setupMs: 7_000, handleMs: 70_500, waitMaxMs: 1_000, patienceMs: 1_500 };
    expect(Math.abs(bound(quick) - bound())).toBeLessThan(0.001);
  });

  it('is above what one agent gets one to one, and below one', () => {
    const oneToOne = 141 / (141 + 14 / 0.15);
    expect(bound({ agents: 1 })).toBeGreaterThan(oneToOne);
    expect(bound({ agents: 1 })).toBeLessThan(1);
  });

  it('is found for a very small cap and for a wide one', () => {
    const strict = bound({ agents: 3, rateMax: 0.001 });
    const oneToOne = 141 / (141 + 14 / 0.15);
    expect(strict).toBeGreaterThan(oneToOne - 0.02);
    expect(strict).toBeLessThan(bound({ agents: 3, rateMax: 0.01 }));
    expect(bound({ agents: 3, rateMax: 0.5 })).toBeGreaterThan(0.9);
  });

  it('has a closed form for the largest floors that meets the programme below', () => {
    const large = { ...BASE, agents: PROGRAMME_AGENTS_MAX + 1 };
    expect(utilisationBound(large)).toEqual({ utilisation: closedForm(large), how: 'closed-form' });
    for (const agents of [20, 60]) {
      expect(Math.abs(closedForm({ ...BASE, agents }) - bound({ agents }))).toBeLessThan(0.005);
    }
  });

  it('refuses what has no bound', () => {
    expect(() => bound({ agents: 0 })).toThrow(/agent/);
    expect(() => bound({ answerRate: 0 })).toThrow(/answer rate/);
    expect(() => bound({ rateMax: 0 })).toThrow(/cap/);
  });
});
