import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  isPastLimit,
  limitAt,
  MESSAGE_LEAD_MS,
  messageAt,
} from '../../../src/domain/calls/standing.ts';
import { stepCall } from '../../../src/domain/calls/step-call.ts';
import { ANSWERED_AT, aCall } from '../../support/builders.ts';
import {
  ANSWER,
  GIVEN_TO_ANA,
  GIVEN_TO_BIA,
  GONE,
  LIMIT_AT,
  of,
  tell,
  timer,
  WITH_ANA,
} from './tell-call.ts';

describe('the limit of waiting', () => {
  it.each<[string, Parameters<typeof limitAt>[0], number | undefined, number | undefined]>([
    ['not before an answer', { waitMaxMs: 2_000 }, undefined, undefined],
    ['from the answer', { waitMaxMs: 2_000, answeredAt: 500 }, 2_500, 2_400],
    [
      'from the end of the greeting where it was heard',
      { waitMaxMs: 2_000, answeredAt: 500, greetingEndedAt: 1_400 },
      ...([3_400, 3_300] as const),
    ],
    ['no longer than the message’s lead', { waitMaxMs: 100, answeredAt: 500 }, 600, 500],
    [
      'shorter than it: the message begins at the answer, not before',
      { waitMaxMs: 40, answeredAt: 500 },
      ...([540, 500] as const),
    ],
    ['of nothing', { waitMaxMs: 0, answeredAt: 500 }, 500, 500],
  ])('runs %s', (_name, call, limit, message) => {
    expect(limitAt(call)).toBe(limit);
    expect(messageAt(call)).toBe(message);
    expect(isPastLimit(call, (limit ?? 1_000_000) - 1)).toBe(false);
    expect(isPastLimit(call, limit ?? 1_000_000)).toBe(limit !== undefined);
  });

  it('has its timer at the moment of the message', () => {
    const { effects } = stepCall(aCall({ state: 'ringing' }), ANSWER, ANSWERED_AT);
    expect(effects).toContainEqual({
      ...{ kind: 'set-timer', timer: 'deadline', at: LIMIT_AT - MESSAGE_LEAD_MS },
    });
  });

  it('has its timer at the answer where it is shorter than the lead', () => {
    const { effects } = stepCall(aCall({ state: 'ringing', waitMaxMs: 40 }), ANSWER, ANSWERED_AT);
    expect(effects).toContainEqual({ kind: 'set-timer', timer: 'deadline', at: ANSWERED_AT });
  });
});

/**
 * What a person met, told without the machine: they waited from the answer, or from the end of
 * their greeting where that was in time, and an agent came after so long or never.
 */
type Wait = {
  readonly waitMaxMs: number;
  readonly metAfterMs: number | undefined;
  readonly greetingMs: number | undefined;
  readonly leftAfterMs: number;
};

function expectedOf({ waitMaxMs, metAfterMs, greetingMs, leftAfterMs }: Wait): string {
  const left = leftAfterMs;
  const met = metAfterMs !== undefined && metAfterMs <= left ? metAfterMs : undefined;
  const isHeard = greetingMs !== undefined && greetingMs < Math.min(waitMaxMs, met ?? left, left);
  const limit = (isHeard ? greetingMs : 0) + waitMaxMs;
  if (met !== undefined) return met > limit ? 'late' : 'in time';
  return left >= limit ? 'limit' : 'hung-up-waiting';
}

const MOMENTS = fc.constantFrom(
  ...[1, 200, 900, 1_000, 1_001, 1_400, 1_999, 2_000, 2_001, 2_400, 2_401, 2_999, 3_000, 3_001],
);
const waits: fc.Arbitrary<Wait> = fc.record({
  waitMaxMs: fc.constantFrom(1_000, 2_000),
  metAfterMs: fc.option(MOMENTS, { nil: undefined }),
  greetingMs: fc.option(MOMENTS, { nil: undefined }),
  leftAfterMs: MOMENTS.map((ms) => ms + 1),
});

describe('anyone who waits, however long', () => {
  it('is counted as a simple reading of the limit says, when no timer comes between', () => {
    fc.assert(
      fc.property(waits, (wait) => {
        const events = [
          ...(wait.greetingMs === undefined
            ? []
            : [[{ kind: 'greeting-ended', silentMs: 0 }, wait.greetingMs] as const]),
          ...(wait.metAfterMs === undefined ? [] : [[WITH_ANA, wait.metAfterMs] as const]),
          [GONE, wait.leftAfterMs] as const,
        ].toSorted(([, a], [, b]) => a - b);
        // An agent was given at once, and the bridge takes as long as the draw says.
        const clock = { clockStart: 'greeting-ended', waitMaxMs: wait.waitMaxMs } as const;
        const given = tell(aCall({ state: 'waiting', ...clock }), [GIVEN_TO_ANA, ANSWERED_AT]);
        const { call } = tell(
          given.call,
          ...events.map(([signal, afterMs]) => [signal, ANSWERED_AT + afterMs] as const),
        );
        expect(call.abandonment ?? 'in time').toBe(expectedOf(wait));
      }),
      { numRuns: 600, seed: 71 },
    );
  });

  it('is abandoned at most once, and never both abandoned and gone by themselves', () => {
    fc.assert(
      fc.property(fc.array(MOMENTS, { minLength: 1, maxLength: 8 }), (moments) => {
        const signals = [
          ...[
            GIVEN_TO_ANA,
            timer('deadline'),
            { kind: 'agent-lost', agentId: 'user_ana' } as const,
          ],
          ...[GIVEN_TO_BIA, timer('deadline'), timer('bridge'), WITH_ANA, GONE],
        ];
        const times = moments.toSorted((a, b) => a - b);
        const { facts } = tell(
          aCall({ state: 'waiting' }),
          ...times.map((ms, index) => [signals[index] ?? GONE, ANSWERED_AT + ms] as const),
          [GONE, ANSWERED_AT + 9_000],
        );
        const counted = [...of(facts, 'call-abandoned'), ...of(facts, 'call-hung-up-waiting')];
        const metInTime = of(facts, 'call-connected').some((fact) => !fact.isLate);
        expect(counted).toHaveLength(metInTime ? 0 : 1);
      }),
      { numRuns: 300, seed: 72 },
    );
  });
});

describe('an agent who is given back', () => {
  const failed = { kind: 'leg-bridge-failed', bridgeId: 'bridge_ana' } as const;

  it.each([
    [LIMIT_AT - MESSAGE_LEAD_MS - 1, 'waiting'],
    [LIMIT_AT - MESSAGE_LEAD_MS, 'announcing'],
    [LIMIT_AT, 'announcing'],
  ] as const)('at %i leaves the person %s', (at, kind) => {
    const { call } = tell(aCall({ state: 'connecting' }), [failed, at]);
    expect(call.state.kind).toBe(kind);
  });

  it('does not lengthen the wait: the person has waited since the answer', () => {
    const again = tell(aCall({ state: 'connecting' }), [failed, ANSWERED_AT + 1_000]);
    expect(again.call.state).toEqual({ kind: 'waiting', since: ANSWERED_AT });
    const second = tell(
      again.call,
      [GIVEN_TO_BIA, ANSWERED_AT + 1_800],
      [{ kind: 'leg-bridged', bridgeId: 'bridge_bia' }, LIMIT_AT + 1],
    );
    expect(of(second.facts, 'call-connected')).toMatchObject([{ waitMs: 2_001, isLate: true }]);
  });

  it('clears the time for the bridge, whatever follows', () => {
    for (const at of [ANSWERED_AT + 500, LIMIT_AT]) {
      const { last } = tell(aCall({ state: 'connecting' }), [failed, at]);
      expect(last.effects[0]).toEqual({ kind: 'clear-timer', timer: 'bridge' });
    }
  });

  it('stays with a call that is being hung up: nobody else is sought for it', () => {
    const leaving = aCall({ state: 'connecting', hangUpIntent: 'agent' });
    expect(tell(leaving, [failed, ANSWERED_AT + 500]).call).toBe(leaving);
  });
});
