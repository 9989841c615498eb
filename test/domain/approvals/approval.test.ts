import { describe, expect, it } from 'vitest';
import {
  APPROVAL_LASTS_MS,
  type Approval,
  type ApprovalRefusal,
  type ApprovalSignal,
  type ApprovalState,
  beginApproval,
  stepApproval,
} from '../../../src/domain/approvals/approval.ts';
import type { Random } from '../../../src/lib/random.ts';
import { HOUR_MS } from '../../../src/lib/time.ts';
import { PLACED_AT } from '../../support/builders.ts';
import { everyWalk, oneOf, whole } from '../../support/walks.ts';

type StateKind = ApprovalState['kind'];
type SignalName =
  | `${'approve' | 'refuse' | 'withdraw'} by ${'asker' | 'another'}`
  | 'approve on other ground'
  | 'approve of what is gone'
  | 'approve for an asker who may not ask'
  | 'approve with invisible signs'
  | 'approve without reason'
  | 'refuse without reason'
  | 'approve too late'
  | 'refuse too late'
  | 'withdraw too late'
  | 'time-passed early'
  | 'time-passed in the end';
type Expected = StateKind | ApprovalRefusal | 'same';

const ASKER = 'user_asker';
const OTHER = 'user_other';
const GROUND = 'kept by user_1';
const EXPIRES_AT = PLACED_AT + APPROVAL_LASTS_MS['release-unwanted'];
const SOON = PLACED_AT + HOUR_MS;

const asked = (): Approval => {
  const begun = beginApproval(
    {
      id: 'approval_1',
      asks: { kind: 'release-unwanted', blockId: 'block_1' },
      ...{ ground: GROUND, askedBy: ASKER, because: 'ligou para nós' },
    },
    PLACED_AT,
  );
  if (!begun.ok) throw new Error(begun.refused);
  return begun.approval;
};

const decided = { byUserId: OTHER, because: 'confere', at: SOON } as const;
const STATES: Readonly<Record<StateKind, ApprovalState>> = {
  asked: { kind: 'asked' },
  approved: { kind: 'approved', ...decided },
  refused: { kind: 'refused', ...decided },
  withdrawn: { kind: 'withdrawn', at: SOON },
  expired: { kind: 'expired', at: EXPIRES_AT },
};

const because = 'confere';
const approve = (
  byUserId: typeof ASKER | typeof OTHER,
): Extract<ApprovalSignal, { kind: 'approve' }> => {
  return { kind: 'approve', byUserId, because, ground: GROUND, mayAskerAsk: true };
};
const SIGNALS: Record<SignalName, readonly [signal: ApprovalSignal, at: number]> = {
  'approve by asker': [approve(ASKER), SOON],
  'approve by another': [approve(OTHER), SOON],
  'approve on other ground': [{ ...approve(OTHER), ground: 'kept by nobody' } as const, SOON],
  'approve of what is gone': [
    { kind: 'approve', byUserId: OTHER, because, mayAskerAsk: true },
    SOON,
  ],
  'approve for an asker who may not ask': [
    { ...approve(OTHER), mayAskerAsk: false } as const,
    SOON,
  ],
  'approve with invisible signs': [{ ...approve(OTHER), because: '\u200b\u200d' } as const, SOON],
  'approve without reason': [{ ...approve(OTHER), because: '  ' } as const, SOON],
  'approve too late': [approve(OTHER), EXPIRES_AT],
  'refuse by asker': [{ kind: 'refuse', byUserId: ASKER, because }, SOON],
  'refuse by another': [{ kind: 'refuse', byUserId: OTHER, because }, SOON],
  'refuse without reason': [{ kind: 'refuse', byUserId: OTHER, because: '' }, SOON],
  'refuse too late': [{ kind: 'refuse', byUserId: OTHER, because }, EXPIRES_AT],
  'withdraw by asker': [{ kind: 'withdraw', byUserId: ASKER }, SOON],
  'withdraw by another': [{ kind: 'withdraw', byUserId: OTHER }, SOON],
  'withdraw too late': [{ kind: 'withdraw', byUserId: ASKER }, EXPIRES_AT],
  'time-passed early': [{ kind: 'time-passed' }, EXPIRES_AT - 1],
  'time-passed in the end': [{ kind: 'time-passed' }, EXPIRES_AT],
};

const OVER: Record<SignalName, Expected> = {
  'approve by asker': 'approval-over',
  'approve by another': 'approval-over',
  'approve on other ground': 'approval-over',
  'approve of what is gone': 'approval-over',
  'approve for an asker who may not ask': 'approval-over',
  'approve with invisible signs': 'approval-over',
  'approve without reason': 'approval-over',
  'approve too late': 'approval-over',
  'refuse by asker': 'approval-over',
  'refuse by another': 'approval-over',
  'refuse without reason': 'approval-over',
  'refuse too late': 'approval-over',
  'withdraw by asker': 'approval-over',
  'withdraw by another': 'approval-over',
  'withdraw too late': 'approval-over',
  'time-passed early': 'same',
  'time-passed in the end': 'same',
};

const TABLE: Record<StateKind, Record<SignalName, Expected>> = {
  asked: {
    'approve by asker': 'own-request',
    'approve by another': 'approved',
    'approve on other ground': 'ground-changed',
    'approve of what is gone': 'ground-changed',
    'approve for an asker who may not ask': 'asker-lost-right',
    'approve with invisible signs': 'approval-reason-needed',
    'approve without reason': 'approval-reason-needed',
    'approve too late': 'approval-over',
    'refuse by asker': 'own-request',
    'refuse by another': 'refused',
    'refuse without reason': 'approval-reason-needed',
    'refuse too late': 'approval-over',
    'withdraw by asker': 'withdrawn',
    'withdraw by another': 'not-own-request',
    'withdraw too late': 'approval-over',
    'time-passed early': 'same',
    'time-passed in the end': 'expired',
  },
  approved: OVER,
  refused: OVER,
  withdrawn: OVER,
  expired: OVER,
};

const KINDS = Object.keys(TABLE) as StateKind[];
const NAMES = Object.keys(SIGNALS) as SignalName[];

describe('every signal in every state of an approval', () => {
  for (const kind of KINDS) {
    it.each(NAMES)(`${kind}: %s`, (name) => {
      const before = { ...asked(), state: STATES[kind] };
      const expected = TABLE[kind][name];
      const { approval, facts, refused } = stepApproval(before, ...SIGNALS[name]);
      if (KINDS.includes(expected as StateKind)) {
        expect(approval.state.kind).toBe(expected);
        const fact = {
          kind: `approval-${expected}`,
          approvalId: 'approval_1',
          asks: 'release-unwanted',
        };
        expect(facts).toEqual([fact]);
        expect(refused).toBeUndefined();
        return;
      }
      expect(approval).toBe(before);
      expect(facts).toEqual([]);
      expect(refused).toBe(expected === 'same' ? undefined : expected);
    });
  }
});

describe('an approval', () => {
  it('keeps who decided, why and when', () => {
    const { approval } = stepApproval(asked(), ...SIGNALS['refuse by another']);
    expect(approval.state).toEqual({ kind: 'refused', byUserId: OTHER, because, at: SOON });
  });

  it('is not asked for without a reason', () => {
    const { askedAt: _at, expiresAt: _until, state: _state, ...request } = asked();
    expect(beginApproval({ ...request, because: ' \n' }, PLACED_AT)).toEqual({
      ...{ ok: false, refused: 'approval-reason-needed' },
    });
  });

  it('says nothing in its facts that a person typed', () => {
    const { facts } = stepApproval(asked(), ...SIGNALS['approve by another']);
    expect(JSON.stringify(facts)).not.toContain(because);
  });
});

function anySignal(random: Random): ApprovalSignal {
  const byUserId = oneOf(random, [ASKER, OTHER, 'user_third'] as const);
  const why = oneOf(random, ['', because]);
  return oneOf<ApprovalSignal>(random, [
    {
      ...{ kind: 'approve', byUserId, because: why, ground: oneOf(random, [GROUND, 'another']) },
      mayAskerAsk: random() < 0.8,
    },
    { kind: 'refuse', byUserId, because: why },
    { kind: 'withdraw', byUserId },
    { kind: 'time-passed' },
  ]);
}

it('walks of any signals at any time end once, in time, and never by the person who asked alone', () => {
  const ends = new Map<StateKind, number>();
  everyWalk((random, note) => {
    let approval = asked();
    let now = PLACED_AT;
    const facts: string[] = [];
    for (let step = 0; step < 12; step += 1) {
      now += whole(random, 12 * HOUR_MS);
      const signal = anySignal(random);
      note(`${now - PLACED_AT} ms: ${JSON.stringify(signal)}`);
      const before = approval;
      const after = stepApproval(before, signal, now);
      approval = after.approval;
      facts.push(...after.facts.map(({ kind }) => kind));
      if (approval === before) continue;
      expect(before.state.kind).toBe('asked');
      const { state } = approval;
      if (state.kind === 'approved' || state.kind === 'refused') {
        expect(state.byUserId).not.toBe(ASKER);
        expect(state.because).not.toBe('');
        expect(now).toBeLessThan(EXPIRES_AT);
      }
      if (state.kind === 'withdrawn') expect(signal).toMatchObject({ byUserId: ASKER });
    }
    ({ approval } = stepApproval(approval, { kind: 'time-passed' }, EXPIRES_AT));
    expect(approval.state.kind).not.toBe('asked');
    expect(facts.length).toBeLessThanOrEqual(1);
    ends.set(approval.state.kind, (ends.get(approval.state.kind) ?? 0) + 1);
  });
  expect([...ends.keys()].sort()).toEqual(['approved', 'expired', 'refused', 'withdrawn']);
});
