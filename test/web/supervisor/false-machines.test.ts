import { expect, it } from 'vitest';
import { isRateTooGood } from '../../../src/web/supervisor/false-machines.ts';

it.each([
  [{ judged: 29, people: 29 }, 0, false],
  [{ judged: 30, people: 0 }, 0, false],
  [{ judged: 30, people: 1 }, 0, true],
  [{ judged: 100, people: 4 }, 0.04, false],
  [{ judged: 100, people: 5 }, 0.04, true],
])(
  'of %o with an estimate of %s the rate looks too good: %s',
  (report, falseMachineShare, told) => {
    expect(isRateTooGood(report, { falseMachineShare })).toBe(told);
  },
);
