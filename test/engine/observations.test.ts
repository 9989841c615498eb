import { describe, expect, it } from 'vitest';
import type { NewFact } from '../../src/domain/facts.ts';
import { observationsOf } from '../../src/engine/observations.ts';

const AT = 1_000_000;
const ABOUT = { at: AT, campaignId: 'campaign_one', callId: 'call_one' } as const;
const of = (body: NewFact['body']) =>
  observationsOf({ ...ABOUT, body }).map(({ campaignId, ...observation }) => {
    expect(campaignId).toBe('campaign_one');
    return observation;
  });
const changed = (
  from: 'talking' | 'wrapping-up' | 'available' | 'paused' | 'reserved',
  to: 'available' | 'wrapping-up' | 'undisposed' | 'paused' | 'ended' | 'talking',
  reason?: string,
): NewFact['body'] => ({
  kind: 'activity-changed',
  from,
  to,
  lastedMs: 9_000,
  ...(reason ? { reason } : {}),
});
const ended = (
  outcome: Extract<NewFact['body'], { kind: 'call-ended' }>['outcome'],
): NewFact['body'] => ({
  kind: 'call-ended',
  outcome,
  hungUpBy: 'network',
  talkMs: 0,
  lastedMs: 7_000,
  counts: true,
});
const setup = (placedAt: number, outcome: string) => [
  { kind: 'setup-ended', callId: 'call_one', placedAt, at: AT, outcome },
];

describe('the end of a set-up', () => {
  it('is the answer, by the time since the placing', () => {
    expect(of({ kind: 'call-answered', ringMs: 12_000 })).toEqual(setup(AT - 12_000, 'person'));
  });

  it.each([
    ['busy', 'busy'],
    ['no-answer', 'no-answer'],
    ['invalid-number', 'invalid'],
    ['rejected', 'rejected'],
    ['unwanted', 'rejected'],
    ['spam-refused', 'failed'],
    ['congestion', 'failed'],
    ['trunk-failed', 'failed'],
    ['cancelled', 'cancelled'],
    ['lost', 'cancelled'],
  ] as const)('without an answer is its outcome: %s teaches %s', (outcome, taught) => {
    expect(of(ended(outcome))).toEqual(setup(AT - 7_000, taught));
  });

  it('was taught at the answer, not when the talk ends', () => {
    expect(of(ended('person'))).toEqual([]);
    expect(of(ended('machine'))).toEqual([]);
  });

  it('waits for the screening where no agent is sought before it', () => {
    expect(of({ kind: 'call-answered', ringMs: 12_000, isScreenedFirst: true })).toEqual([]);
    expect(of({ kind: 'screening-over', because: 'time-up', setupMs: 13_500 })).toEqual(
      setup(AT - 13_500, 'person'),
    );
    const verdict = { verdict: 'machine', cause: 'LONGGREETING', screenedMs: 1_400 } as const;
    expect(
      of({
        kind: 'call-screened',
        ...verdict,
        inTime: true,
        setupMs: 13_400,
        consequence: 'ended',
      }),
    ).toEqual(setup(AT - 13_400, 'machine'));
  });
});

describe('a person who answered', () => {
  const met = { callId: 'call_one', at: AT, answeredAt: AT - 400 };
  const connected = { kind: 'call-connected', agentId: 'user_ana', waitMs: 400 } as const;

  it('is connected once, no matter who takes the person over later', () => {
    expect(of({ ...connected, again: false })).toEqual([{ kind: 'connected', ...met }]);
    expect(of({ ...connected, again: true })).toEqual([]);
  });

  it('is abandoned, and not connected as well, when an agent came after the limit', () => {
    expect(of({ ...connected, again: false, isLate: true })).toEqual([]);
    expect(of({ kind: 'call-abandoned', because: 'late', waitMs: 400 })).toEqual([
      { kind: 'abandoned', ...met },
    ]);
  });

  it('counts as connected only once known to be none of the machines', () => {
    expect(of({ ...connected, again: false, isUnscreened: true })).toEqual([]);
    const verdict = { cause: 'x', screenedMs: 2_000, inTime: false, setupMs: 9_000 } as const;
    expect(
      of({
        kind: 'call-screened',
        verdict: 'person',
        ...verdict,
        consequence: 'none',
        wasConnected: true,
      }),
    ).toEqual([{ kind: 'connected', callId: 'call_one', answeredAt: AT - 2_000, at: AT }]);
    expect(
      of({
        kind: 'call-screened',
        verdict: 'machine',
        ...verdict,
        consequence: 'ended',
        wasConnected: true,
      }),
    ).toEqual([]);
  });

  it('hung up before the limit', () => {
    expect(of({ kind: 'call-hung-up-waiting', waitMs: 400 })).toEqual([
      { kind: 'hung-up-waiting', ...met },
    ]);
  });
});

describe('an agent', () => {
  const talk = { kind: 'talk-ended', startedAt: AT - 9_000, at: AT };
  const wrapUp = { kind: 'wrap-up-ended', startedAt: AT - 9_000, at: AT };

  it('ended a talk, and a wrap-up of no length where none followed', () => {
    expect(of(changed('talking', 'wrapping-up'))).toEqual([talk]);
    expect(of(changed('talking', 'available'))).toEqual([
      talk,
      { kind: 'wrap-up-ended', startedAt: AT, at: AT },
    ]);
  });

  it('ended a wrap-up, also into a pause that was asked for', () => {
    expect(of(changed('wrapping-up', 'available'))).toEqual([wrapUp]);
    expect(of(changed('wrapping-up', 'paused', 'meal'))).toEqual([wrapUp]);
  });

  it.each([
    ['let the time of the wrap-up run out', changed('wrapping-up', 'undisposed')],
    ['signed out in wrap-up', changed('wrapping-up', 'ended', 'signed-out')],
    ['was lost in a talk for good', changed('talking', 'ended', 'absent')],
    ['came back from a pause', changed('paused', 'available')],
    ['went to a pause', changed('available', 'paused', 'rest')],
    ['got a call', changed('reserved', 'talking')],
  ])('teaches nothing when the agent %s', (_what, body) => {
    expect(of(body)).toEqual([]);
  });
});

it('nothing is learned from a fact of no campaign', () => {
  expect(observationsOf({ at: AT, body: changed('talking', 'wrapping-up') })).toEqual([]);
});
