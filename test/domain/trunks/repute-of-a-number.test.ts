import { describe, expect, it } from 'vitest';
import type { CallOutcome } from '../../../src/domain/calls/outcome.ts';
import {
  type CallerIdHealth,
  healthAfter,
  UNJUDGED,
} from '../../../src/domain/trunks/caller-id-health.ts';
import { HOUR_MS, MINUTE_MS } from '../../../src/lib/time.ts';

const NOW = Date.parse('2026-11-23T11:00:00-03:00');

describe('the repute of a number', () => {
  const many = (outcome: CallOutcome, times: number) => Array<CallOutcome>(times).fill(outcome);
  const ended = (outcomes: readonly CallOutcome[], now = NOW, before = UNJUDGED): CallerIdHealth =>
    outcomes.reduce<CallerIdHealth>((health, outcome) => healthAfter(health, outcome, now), before);

  it.each([
    [2, 0, false],
    [3, 0, true],
    [3, 27, true],
    [3, 28, false],
    [4, 36, true],
    [4, 37, false],
    [5, 45, true],
    [5, 46, true],
  ])('with %i refusals after %i calls that were not refused: rests %s', (refusals, fine, rests) => {
    // The last row: only the newest fifty count, so that the oldest call is forgotten.
    const health = ended([...many('no-answer', fine), ...many('spam-refused', refusals)]);
    expect(health.rest !== undefined).toBe(rests);
  });

  it('is made by refusals alone: the call at which it rests is one', () => {
    const health = ended([...many('spam-refused', 2), ...many('no-answer', 5)]);
    expect(health.rest).toBeUndefined();
    expect(ended(['spam-refused'], NOW, health).rest).toMatchObject({ refused: 3, of: 8 });
  });

  it('over a morning: two rests, and the calls between them', () => {
    const MORNING: readonly (readonly [
      minutes: number,
      outcome: CallOutcome,
      restUntil?: number,
    ])[] = [
      [0, 'person'],
      [1, 'spam-refused'],
      [2, 'no-answer'],
      [3, 'unwanted'],
      [4, 'busy'],
      [5, 'spam-refused', 35],
      // These were under way when the rest began.
      [6, 'spam-refused', 35],
      [6, 'spam-refused', 35],
      [6, 'person', 35],
      // It is shown again, and only its new calls are remembered.
      [36, 'no-answer', 35],
      [37, 'spam-refused', 35],
      [38, 'spam-refused', 35],
      [39, 'person', 35],
      [40, 'unwanted', 70],
      [41, 'spam-refused', 70],
    ];
    let health = UNJUDGED;
    for (const [minutes, outcome, restUntil] of MORNING) {
      health = healthAfter(health, outcome, NOW + minutes * MINUTE_MS);
      const until = restUntil === undefined ? undefined : NOW + restUntil * MINUTE_MS;
      expect(health.rest?.until, `minute ${minutes}: ${outcome}`).toBe(until);
    }
  });

  it('is not made worse by what comes during a rest, and is by what comes at its end', () => {
    const fallen = ended(many('spam-refused', 3));
    const end = NOW + HOUR_MS / 2;
    for (const outcome of ['spam-refused', 'unwanted', 'person'] as const) {
      expect(healthAfter(fallen, outcome, end - 1)).toBe(fallen);
    }
    expect(ended(many('spam-refused', 2), end, fallen).rest).toEqual(fallen.rest);
    expect(ended(many('spam-refused', 3), end, fallen).rest).toEqual({
      ...{ from: end, until: end + HOUR_MS / 2, refused: 3, of: 3 },
    });
  });
});
