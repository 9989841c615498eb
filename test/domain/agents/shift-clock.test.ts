import { describe, expect, it } from 'vitest';
import type { Activity, AgentShift } from '../../../src/domain/agents/shift.ts';
import { shiftAfterClockSet } from '../../../src/domain/agents/shift-clock.ts';
import { HOUR_MS } from '../../../src/lib/time.ts';
import { aShift, PLACED_AT } from '../../support/builders.ts';

const SINCE = PLACED_AT;
const CALL = { callId: 'call_1' } as const;

/** Every activity, with every moment it may hold. */
const ACTIVITIES: readonly Activity[] = [
  { kind: 'preparing', since: SINCE },
  { kind: 'available', since: SINCE },
  { kind: 'available', since: SINCE, freeAt: SINCE + 5_000 },
  { kind: 'reserved', since: SINCE, ...CALL },
  { kind: 'talking', since: SINCE, ...CALL },
  { kind: 'undisposed', since: SINCE, ...CALL, until: SINCE + 30_000 },
  { kind: 'paused', since: SINCE, reason: 'meal' },
  { kind: 'paused', since: SINCE, reason: 'rest', by: 'supervisor', keptUntil: SINCE + 600_000 },
  { kind: 'paused', since: SINCE, reason: 'by-supervisor', by: 'supervisor' },
  ...[undefined, SINCE - 60_000].map(
    (talkedSince): Activity => ({
      ...{ kind: 'wrapping-up', since: SINCE, ...CALL, until: SINCE + 30_000 },
      ...{ disposed: false, extended: false, dispositionWaitMs: 120_000 },
      ...(talkedSince === undefined ? {} : { talkedSince }),
    }),
  ),
];

/** Every number of a shift that is a moment, by its path. */
function momentsOf(value: object, path = ''): readonly (readonly [string, number])[] {
  return Object.entries(value).flatMap(([key, one]) => {
    if (typeof one === 'object' && one !== null) return momentsOf(one, `${path}${key}.`);
    return typeof one === 'number' && one > HOUR_MS ? [[`${path}${key}`, one] as const] : [];
  });
}

describe('an open shift over which the wall clock is set', () => {
  const named = ACTIVITIES.map((activity) => ({ activity, name: JSON.stringify(activity) }));

  it.each(named)(
    'moves every moment by as much, but the one it began at: $name',
    ({ activity }) => {
      for (const byMs of [HOUR_MS, -HOUR_MS]) {
        const before: AgentShift = aShift({ activity, restsAt: SINCE + 90_000 });
        const after = shiftAfterClockSet(before, byMs);
        const expected = momentsOf(before).map(([path, at]) => [
          path,
          path === 'startedAt' ? at : at + byMs,
        ]);
        expect(momentsOf(after)).toEqual(expected);
        expect(after.version).toBe(before.version + 1);
      }
    },
  );

  it('leaves an ended one where it ended', () => {
    const ended = aShift({ activity: 'ended' });
    expect(shiftAfterClockSet(ended, HOUR_MS).activity).toEqual(ended.activity);
  });

  it('gives no rest to who had none to come', () => {
    expect(shiftAfterClockSet(aShift(), HOUR_MS)).not.toHaveProperty('restsAt');
  });
});
