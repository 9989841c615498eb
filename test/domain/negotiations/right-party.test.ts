import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Activity } from '../../../src/domain/agents/shift.ts';
import type { CallState, HungUpBy } from '../../../src/domain/calls/call.ts';
import type { CallOutcome, HangUpIntent } from '../../../src/domain/calls/outcome.ts';
import {
  CONFIRM_AFTER_END_MAX_MS,
  challengeOf,
  decideRightParty,
  EVIDENCE_ATTEMPTS_MAX,
  type EvidenceItem,
  type EvidenceSource,
  mayConfirm,
  type RightPartyMoment,
  type TypedEvidence,
} from '../../../src/domain/negotiations/right-party.ts';
import { SECOND_MS } from '../../../src/lib/time.ts';

const NOW = Date.parse('2026-11-23T11:00:00-03:00');
const AGENT = 'user_1';
const OTHER = 'user_2';

const PERSON: EvidenceSource = {
  debtor: {
    document: '52998224725',
    birthDate: '1980-03-09',
    addresses: [{ state: 'RJ' }, { state: 'SP', postalCode: '01234567' }],
  },
  contracts: [{ number: 'CT-7788-1' }],
};
const RIGHT = { document: '529', 'birth-day': '0903', 'postal-code': '01234-567' } as const;
const WRONG = { document: '111', 'birth-day': '0101', 'postal-code': '99999-999' } as const;

const COMPANY: EvidenceSource = {
  debtor: { document: '11222333000181', addresses: [{ postalCode: '01234567' }] },
  contracts: [{ number: 'cf-2026/9A31' }, { number: '12' }],
};
const SPEAKER = { name: 'Lúcia Prado', role: 'financeiro' };

const TALKING: CallState = { kind: 'talking', since: NOW, agentId: AGENT, bridgeId: 'bridge_1' };
const IN_TALK: Activity = { kind: 'talking', since: NOW, callId: 'call_1' };
const IN_WRAP_UP: Activity = {
  kind: 'wrapping-up',
  since: NOW,
  callId: 'call_1',
  until: NOW + 60_000,
  disposed: false,
  extended: false,
};

function aMoment(change: Partial<RightPartyMoment> = {}): RightPartyMoment {
  return {
    call: { id: 'call_1', state: TALKING, connectedAt: NOW },
    agentId: AGENT,
    activity: IN_TALK,
    isDisposed: false,
    misses: 0,
    now: NOW + 5 * SECOND_MS,
    ...change,
  };
}

function endedBy(hungUpBy: HungUpBy, outcome: CallOutcome = 'person'): RightPartyMoment['call'] {
  return {
    id: 'call_1',
    state: { kind: 'ended', at: NOW, outcome, hungUpBy },
    connectedAt: NOW - 60_000,
  };
}

function answers(typed: Partial<Record<EvidenceItem, string>>): TypedEvidence {
  return { by: 'answers', answers: typed };
}

function decide(
  typed: TypedEvidence,
  source = PERSON,
  moment = aMoment(),
  knownVoiceAllowed = false,
) {
  return decideRightParty(moment, typed, source, { knownVoiceAllowed });
}

describe('the moment', () => {
  it.each(['talking', 'stranded', 'connecting'] as const)(
    'is now while the call of the agent is %s',
    (kind) => {
      const held = { since: NOW, agentId: AGENT, bridgeId: 'bridge_1' } as const;
      const state: CallState =
        kind === 'stranded' ? { ...held, kind, seeking: false } : { ...held, kind };
      expect(mayConfirm(aMoment({ call: { id: 'call_1', state, connectedAt: NOW } }))).toEqual({
        may: true,
      });
    },
  );

  it('is over half a minute after the debtor hung up, in the wrap-up of that call', () => {
    const moment = (now: number) => aMoment({ call: endedBy('debtor'), activity: IN_WRAP_UP, now });
    const until = NOW + CONFIRM_AFTER_END_MAX_MS;
    expect(mayConfirm(moment(until))).toEqual({ may: true, until });
    expect(mayConfirm(moment(until + 1))).toEqual({ may: false, reason: 'call-over' });
  });

  it.each<[string, Partial<RightPartyMoment>]>([
    ['the agent ended it', { call: endedBy('agent'), activity: IN_WRAP_UP }],
    ['we ended it', { call: endedBy('us'), activity: IN_WRAP_UP }],
    ['the network ended it', { call: endedBy('network'), activity: IN_WRAP_UP }],
    [
      'the agent is in a pause',
      {
        call: endedBy('debtor'),
        activity: { kind: 'paused', since: NOW, reason: 'disposition-missing' },
      },
    ],
    ['the agent is free', { call: endedBy('debtor'), activity: { kind: 'available', since: NOW } }],
    [
      'the wrap-up is of another call',
      { call: endedBy('debtor'), activity: { ...IN_WRAP_UP, callId: 'call_2' } },
    ],
    [
      'somebody has asked to hang up',
      { call: { id: 'call_1', state: TALKING, connectedAt: NOW, hangUpIntent: 'agent' } },
    ],
    [
      'another agent has the person now',
      { call: { id: 'call_1', state: { ...TALKING, agentId: OTHER }, connectedAt: NOW } },
    ],
    [
      'the person hears a message',
      {
        call: {
          id: 'call_1',
          state: { kind: 'announcing', since: NOW, because: 'agent-lost' },
          connectedAt: NOW,
        },
      },
    ],
  ])('is not when %s', (_what, change) => {
    expect(mayConfirm(aMoment(change))).toEqual({ may: false, reason: 'call-over' });
  });

  it.each<[string, RightPartyMoment['call']]>([
    ['ended as one', endedBy('us', 'machine')],
    ['being hung up as one', { ...aMoment().call, hangUpIntent: 'machine' }],
    [
      'one by the verdict',
      { ...aMoment().call, screened: { verdict: 'machine', cause: 'MAXWORDS', screenedMs: 900 } },
    ],
  ])('is not for a machine: %s', (_what, call) => {
    expect(mayConfirm(aMoment({ call }))).toEqual({ may: false, reason: 'answered-by-machine' });
  });

  it('is there for one whose verdict the agent is to judge', () => {
    const call = {
      ...aMoment().call,
      screened: { verdict: 'machine', screenedMs: 900 },
      screening: { mode: 'parallel', sampled: true },
    } as RightPartyMoment['call'];
    expect(mayConfirm(aMoment({ call }))).toEqual({ may: true });
  });

  it('is not before an agent heard anybody, after a disposition, or after three misses', () => {
    const unheard = aMoment({ call: { id: 'call_1', state: TALKING } });
    expect(mayConfirm(unheard)).toEqual({ may: false, reason: 'not-connected' });
    expect(mayConfirm(aMoment({ isDisposed: true }))).toMatchObject({ reason: 'already-disposed' });
    expect(mayConfirm(aMoment({ misses: 3 }))).toMatchObject({ reason: 'third-party-call' });
  });
});

describe('what may be asked', () => {
  it('is what the creditor sent of a person, and says what is missing', () => {
    expect(challengeOf(PERSON)).toEqual({
      party: 'person',
      items: ['document', 'birth-day', 'postal-code'],
      missing: [],
      needed: 2,
    });
    const thin = { debtor: { document: '52998224725', addresses: [] }, contracts: [] };
    expect(challengeOf(thin)).toMatchObject({
      items: ['document'],
      missing: ['birth-day', 'postal-code'],
    });
  });

  it('is not the CNPJ of a company, which is public, nor its address', () => {
    expect(challengeOf(COMPANY)).toEqual({
      party: 'company',
      items: ['contract'],
      missing: [],
      needed: 1,
    });
    expect(challengeOf({ ...COMPANY, contracts: [{ number: '12' }] })).toMatchObject({
      items: [],
      missing: ['contract'],
    });
  });
});

describe('the evidence', () => {
  it.each<[string, Partial<Record<EvidenceItem, string>>]>([
    ['CPF and birthday', { document: '529', 'birth-day': '09/03' }],
    ['CPF and CEP', { document: ' 529 ', 'postal-code': '01234567' }],
    ['birthday and CEP', { 'birth-day': '9/3', 'postal-code': '01.234-567' }],
    ['all three', RIGHT],
  ])('is right with %s', (_what, typed) => {
    expect(decide(answers(typed))).toMatchObject({ kind: 'confirmed', by: 'answers' });
  });

  it.each<[string, Partial<Record<EvidenceItem, string>>]>([
    ['one of two is wrong', { document: '529', 'birth-day': '1003' }],
    ['one of three is wrong', { ...RIGHT, 'postal-code': '99999-999' }],
    ['day and month are exchanged', { document: '529', 'birth-day': '0309' }],
    ['the digits are the shown ones', { document: '982', 'birth-day': '0903' }],
  ])('misses when %s, and does not say which', (_what, typed) => {
    expect(decide(answers(typed))).toEqual({
      kind: 'missed',
      items: Object.keys(typed),
      attempt: 1,
      isThirdParty: false,
    });
  });

  it.each<[string, Partial<Record<EvidenceItem, string>>]>([
    ['nothing', {}],
    ['one item', { document: '529' }],
    ['one item and blanks', { document: '529', 'birth-day': '  ' }],
    ['two digits of the CPF', { document: '52', 'birth-day': '0903' }],
    ['a day that no calendar has', { document: '529', 'birth-day': '31/02' }],
    ['half a CEP', { document: '529', 'postal-code': '01234' }],
    ['a contract of a person', { document: '529', contract: '7881' }],
  ])('is no attempt with %s', (_what, typed) => {
    expect(decide(answers(typed))).toEqual({ kind: 'refused', reason: 'evidence-incomplete' });
  });

  it('makes it a call with a third party at the third miss', () => {
    expect(decide(answers(WRONG), PERSON, aMoment({ misses: 1 }))).toMatchObject({
      attempt: 2,
      isThirdParty: false,
    });
    expect(decide(answers(WRONG), PERSON, aMoment({ misses: 2 }))).toMatchObject({
      attempt: 3,
      isThirdParty: true,
    });
    expect(decide(answers(RIGHT), PERSON, aMoment({ misses: 3 }))).toEqual({
      kind: 'refused',
      reason: 'third-party-call',
    });
  });

  it('of a company is who speaks, in what role, and the end of a contract', () => {
    const contract = answers({ contract: '9a31' });
    expect(decide(contract, COMPANY)).toEqual({ kind: 'refused', reason: 'speaker-needed' });
    expect(decide({ ...contract, speaker: { name: 'Lúcia', role: ' ' } }, COMPANY)).toEqual({
      kind: 'refused',
      reason: 'speaker-needed',
    });
    expect(decide({ ...contract, speaker: SPEAKER }, COMPANY)).toEqual({
      kind: 'confirmed',
      by: 'answers',
      items: ['contract'],
    });
    const wrong = { ...answers({ contract: '0012' }), speaker: SPEAKER };
    expect(decide(wrong, COMPANY)).toMatchObject({ kind: 'missed' });
  });

  it('is a known voice only where the campaign allows it, and with a reason', () => {
    const typed = { by: 'known-voice', reason: 'Falei com ela três vezes nesta semana' } as const;
    expect(decide(typed)).toEqual({ kind: 'refused', reason: 'known-voice-not-allowed' });
    expect(decide(typed, PERSON, aMoment(), true)).toEqual({
      kind: 'confirmed',
      by: 'known-voice',
      items: [],
    });
    expect(decide({ by: 'known-voice', reason: 'conheço' }, PERSON, aMoment(), true)).toEqual({
      kind: 'refused',
      reason: 'reason-too-short',
    });
    expect(decide(typed, PERSON, aMoment({ misses: 3 }), true)).toMatchObject({
      reason: 'third-party-call',
    });
  });
});

// ── whatever is tried ─────────────────────────────────────────────────────────────────────────────

const ITEMS = ['document', 'birth-day', 'postal-code', 'contract'] as const;

const typed: fc.Arbitrary<TypedEvidence> = fc.oneof(
  { weight: 2, arbitrary: fc.constant(answers({ document: '529', 'birth-day': '0903' })) },
  {
    weight: 4,
    arbitrary: fc
      .record(
        Object.fromEntries(
          ITEMS.map((item) => [
            item,
            fc.constantFrom(
              item === 'contract' ? '7881' : RIGHT[item],
              item === 'contract' ? '0000' : WRONG[item],
              '',
              '12',
            ),
          ]),
        ) as Record<EvidenceItem, fc.Arbitrary<string>>,
        { requiredKeys: [] },
      )
      .map((one) => ({ by: 'answers' as const, answers: one })),
  },
  {
    weight: 1,
    arbitrary: fc.record({ by: fc.constant('known-voice' as const), reason: fc.string() }),
  },
);

/** A try, so long after the last one, and what happened to the call before it. */
const tries = fc.array(
  fc.record({
    typed,
    afterMs: fc.integer({ min: 0, max: 20_000 }),
    happens: fc.constantFrom(
      'nothing',
      'nothing',
      'nothing',
      'debtor-ends',
      'agent-ends',
      'network-ends',
      'disposed',
    ),
  }),
  { maxLength: 12 },
);

const SEEDS = 3_000;

describe('whatever agents try', () => {
  it('confirms nobody without two right answers, in more than three tries, or after the time', () => {
    let confirmed = 0;
    fc.assert(
      fc.property(tries, (all) => {
        let moment = aMoment();
        let endedAt: number | undefined;
        for (const one of all) {
          const now = moment.now + one.afterMs;
          if (one.happens.endsWith('ends') && endedAt === undefined) {
            endedAt = now;
            const hungUpBy = one.happens.replace('-ends', '') as HungUpBy;
            const call = { ...endedBy(hungUpBy), connectedAt: NOW };
            const state = { ...call.state, at: now } as CallState;
            moment = { ...moment, call: { ...call, state }, activity: IN_WRAP_UP };
          }
          moment = { ...moment, now, isDisposed: moment.isDisposed || one.happens === 'disposed' };
          const decision = decide(one.typed, PERSON, moment);
          if (decision.kind === 'missed') {
            moment = { ...moment, misses: moment.misses + 1 };
            expect(decision.attempt).toBe(moment.misses);
          }
          expect(moment.misses).toBeLessThanOrEqual(EVIDENCE_ATTEMPTS_MAX);
          if (decision.kind !== 'confirmed') continue;
          confirmed += 1;
          expect(moment.misses).toBeLessThan(EVIDENCE_ATTEMPTS_MAX);
          expect(moment.isDisposed).toBe(false);
          expect(rightOnes(one.typed)).toBeGreaterThanOrEqual(2);
          if (endedAt !== undefined) {
            expect(moment.call.state).toMatchObject({ hungUpBy: 'debtor' });
            expect(now - endedAt).toBeLessThanOrEqual(CONFIRM_AFTER_END_MAX_MS);
          }
        }
      }),
      { numRuns: SEEDS, seed: 909 },
    );
    expect(confirmed).toBeGreaterThan(SEEDS / 10);
  });

  it('confirms in any hang-up that was asked for nobody', () => {
    const intents: HangUpIntent[] = ['agent', 'machine'];
    for (const hangUpIntent of intents) {
      const call = { ...aMoment().call, hangUpIntent };
      expect(decide(answers(RIGHT), PERSON, aMoment({ call })).kind).toBe('refused');
    }
  });
});

function rightOnes(one: TypedEvidence): number {
  if (one.by !== 'answers') return 0;
  return Object.entries(one.answers).filter(
    ([item, text]) => item !== 'contract' && text === RIGHT[item as keyof typeof RIGHT],
  ).length;
}
