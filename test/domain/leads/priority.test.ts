import { describe, expect, it } from 'vitest';
import { compareLeads, priorityOf } from '../../../src/domain/leads/priority.ts';

type Ordered = Parameters<typeof compareLeads>[0];

const LEADS: readonly Ordered[] = [
  { id: 'lead_3', priority: 100, notBeforeAt: 9 },
  { id: 'lead_9', priority: 50, notBeforeAt: 1 },
  { id: 'lead_1', priority: 50, notBeforeAt: 5 },
  { id: 'lead_2', priority: 50, notBeforeAt: 5 },
  { id: 'lead_0', priority: 10, notBeforeAt: 0 },
];

describe('the order of dialing', () => {
  it('is by priority, then by who waits longest, then by age', () => {
    expect(LEADS.toReversed().toSorted(compareLeads)).toEqual(LEADS);
  });

  it('never ties two leads', () => {
    for (const [a, one] of LEADS.entries()) {
      for (const [b, other] of LEADS.entries()) {
        expect(Math.sign(compareLeads(one, other))).toBe(Math.sign(a - b));
      }
    }
  });
});

describe('the priority of a lead', () => {
  it.each([
    [50, undefined, 50],
    [50, 'callback', 100],
    [50, 'dial-now', 100],
    [50, 'abandoned', 90],
    [95, 'abandoned', 95],
    [50, 'broken-promise', 70],
    [90, 'broken-promise', 100],
    [-5, undefined, 0],
    [500, undefined, 100],
  ] as const)('of %i with cause %s is %i', (base, cause, priority) => {
    expect(priorityOf(base, cause)).toBe(priority);
  });
});
