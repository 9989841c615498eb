import { describe, expect, it } from 'vitest';
import {
  APPROVAL_LASTS_MS,
  type Approval,
  type ApprovalRefusal,
  type ApprovalSignal,
  type AskedApproval,
  beginApproval,
  stepApproval,
  subjectOf,
} from '../../../src/domain/approvals/approval.ts';

/** A time in Brasília in the week of the stories; the 27th is a Friday. */
const at = (time: string): number => Date.parse(`2026-11-${time}-03:00`);

const ASKED: AskedApproval = {
  id: 'approval_1',
  asks: { kind: 'release-unwanted', blockId: 'block_1' },
  ground: 'kept by user_1',
  askedBy: 'user_ana',
  because: 'a pessoa ligou e pediu para voltar a receber',
};

function begin(asked: Partial<AskedApproval> = {}, now = at('27T10:00:00')): Approval {
  const begun = beginApproval({ ...ASKED, ...asked }, now);
  if (!begun.ok) throw new Error(begun.refused);
  return begun.approval;
}

type Approve = Extract<ApprovalSignal, { kind: 'approve' }>;
const approve = (byUserId: `user_${string}`, more: Partial<Approve> = {}): Approve => ({
  ...{ kind: 'approve', byUserId, because: 'conferido', ground: ASKED.ground, mayAskerAsk: true },
  ...more,
});
/** What was asked for is gone: there is no ground to compare. */
const approveOfNothing = (byUserId: `user_${string}`): Approve => {
  const { ground: _gone, ...signal } = approve(byUserId);
  return signal;
};
const refuse = (byUserId: `user_${string}`, because = 'sem prova'): ApprovalSignal => ({
  ...{ kind: 'refuse', byUserId, because },
});
const withdraw = (byUserId: `user_${string}`): ApprovalSignal => ({ kind: 'withdraw', byUserId });
const TIME_PASSED: ApprovalSignal = { kind: 'time-passed' };

describe('a request for an approval', () => {
  it('is kept as it was asked, with the moment and its end three days later', () => {
    const now = at('27T10:00:00');
    const begun = beginApproval({ ...ASKED, askedFrom: '10.0.0.7' }, now);
    expect(begun).toEqual({
      ok: true,
      approval: {
        ...{ ...ASKED, askedFrom: '10.0.0.7', askedAt: now },
        ...{ expiresAt: at('30T10:00:00'), state: { kind: 'asked' } },
      },
      facts: [{ kind: 'approval-asked', approvalId: 'approval_1', asks: 'release-unwanted' }],
    });
    expect(APPROVAL_LASTS_MS['release-unwanted']).toBe(3 * 24 * 3_600_000);
  });

  it('is about the block that is to be released', () => {
    expect(subjectOf(ASKED.asks)).toBe('block_1');
  });

  it.each(['', ' ', '\t\n', '\u00a0'])(
    'is not begun for the reason %j, which is none',
    (because) => {
      const begun = beginApproval({ ...ASKED, because }, at('27T10:00:00'));
      expect(begun).toEqual({ ok: false, refused: 'approval-reason-needed' });
    },
  );

  it('keeps its reason as it was typed', () => {
    expect(begin({ because: '  ok ' }).because).toBe('  ok ');
  });
});

/** Everything that can be wrong with an approval but its time and its person. */
const WRONG = { ground: 'other', because: '', mayAskerAsk: false } as const;

describe('a decision with more than one thing wrong', () => {
  it.each<[string, ApprovalSignal, string, ApprovalRefusal]>([
    ['late, own and without a reason', approve('user_ana', WRONG), '30T10:00:00', 'approval-over'],
    [
      'own, without a reason, on other ground',
      approve('user_ana', WRONG),
      '27T11:00:00',
      'own-request',
    ],
    [
      'without a reason and on other ground',
      approve('user_bia', WRONG),
      '27T11:00:00',
      'approval-reason-needed',
    ],
    ['on other ground', approve('user_bia', { ground: 'other' }), '27T11:00:00', 'ground-changed'],
    [
      'for somebody who may not ask any more, on other ground',
      approve('user_bia', { ground: 'other', mayAskerAsk: false }),
      ...(['27T11:00:00', 'asker-lost-right'] as const),
    ],
    [
      'for somebody who may not ask any more',
      approve('user_bia', { mayAskerAsk: false }),
      ...(['27T11:00:00', 'asker-lost-right'] as const),
    ],
    ['on ground that is gone', approveOfNothing('user_bia'), '27T11:00:00', 'ground-changed'],
    ['own and refused without a reason', refuse('user_ana', ''), '27T11:00:00', 'own-request'],
    ['refused without a reason', refuse('user_bia', ''), '27T11:00:00', 'approval-reason-needed'],
    ['withdrawn late, by another person', withdraw('user_bia'), '30T10:00:00', 'approval-over'],
    ['withdrawn by another person', withdraw('user_bia'), '27T11:00:00', 'not-own-request'],
  ])('%s', (_name, signal, time, refused) => {
    const before = begin();
    expect(stepApproval(before, signal, at(time))).toEqual({
      approval: before,
      facts: [],
      refused,
    });
  });

  it('is refused whatever the ground has become: a refusal needs none', () => {
    const { approval } = stepApproval(
      begin({ ground: 'gone' }),
      refuse('user_bia'),
      at('27T11:00:00'),
    );
    expect(approval.state.kind).toBe('refused');
  });

  it('may rest on the ground that nobody kept the block, which is the empty text', () => {
    const nobodys = begin({ ground: '' });
    const step = (ground: string) =>
      stepApproval(nobodys, approve('user_bia', { ground }), at('27T11:00:00'));
    expect(step('').approval.state.kind).toBe('approved');
    expect(step('kept by user_1').refused).toBe('ground-changed');
    expect(stepApproval(nobodys, approveOfNothing('user_bia'), at('27T11:00:00')).refused).toBe(
      'ground-changed',
    );
  });
});

describe('requests over a weekend', () => {
  type Line = readonly [time: string, signal: ApprovalSignal, then: string];
  const STORIES: readonly { readonly name: string; readonly lines: readonly Line[] }[] = [
    {
      name: 'approved on Monday, before its time is over',
      lines: [
        ['27T10:05:00', approve('user_ana'), 'own-request'],
        ['28T10:00:00', TIME_PASSED, 'asked'],
        ['30T09:59:59', approve('user_bia'), 'approved'],
        ['30T10:00:00', TIME_PASSED, 'approved'],
        ['30T10:00:01', refuse('user_caio'), 'approval-over'],
      ],
    },
    {
      name: 'forgotten: it expires and nobody can decide any more',
      lines: [
        ['30T09:59:59', TIME_PASSED, 'asked'],
        ['30T10:00:00', approve('user_bia'), 'approval-over'],
        ['30T10:00:05', TIME_PASSED, 'expired'],
        ['30T10:00:06', TIME_PASSED, 'expired'],
        ['30T10:01:00', withdraw('user_ana'), 'approval-over'],
      ],
    },
    {
      name: 'withdrawn by the person who asked, without a reason',
      lines: [
        ['27T10:05:00', withdraw('user_bia'), 'not-own-request'],
        ['27T10:06:00', withdraw('user_ana'), 'withdrawn'],
        ['27T10:07:00', approve('user_bia'), 'approval-over'],
      ],
    },
    {
      name: 'refused after an attempt to approve what had changed',
      lines: [
        ['27T11:00:00', approve('user_bia', { ground: 'kept by user_2' }), 'ground-changed'],
        ['27T11:01:00', refuse('user_bia', ' '), 'approval-reason-needed'],
        ['27T11:02:00', refuse('user_bia'), 'refused'],
        ['27T11:03:00', approve('user_caio'), 'approval-over'],
      ],
    },
  ];

  it.each(STORIES)('$name', ({ lines }) => {
    const asked = begin();
    let approval = asked;
    for (const [time, signal, then] of lines) {
      const step = stepApproval(approval, signal, at(time));
      expect(step.refused ?? step.approval.state.kind, time).toBe(then);
      expect(step.facts, time).toHaveLength(step.approval === approval ? 0 : 1);
      approval = step.approval;
      // Only the state ever changes: what was asked, by whom and why, stays as it was.
      expect({ ...approval, state: asked.state }).toEqual(asked);
    }
  });
});
