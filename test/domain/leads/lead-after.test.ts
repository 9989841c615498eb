import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Phone } from '../../../src/domain/debtors/phone.ts';
import type {
  AttemptOutcome,
  FinishedBecause,
  HoldReason,
  SuppressedBecause,
} from '../../../src/domain/leads/lead.ts';
import {
  type AttemptsByPhone,
  DEFAULT_RETRY_RULES,
  leadAfter,
  type NextAttempt,
  nextAttempt,
  type RetryRules,
} from '../../../src/domain/leads/next-attempt.ts';
import { HOUR_MS } from '../../../src/lib/time.ts';
import { aLead, aPhone } from './builders.ts';

const NOW = Date.parse('2026-11-23T11:00:00-03:00');
const OUTCOMES = Object.keys(DEFAULT_RETRY_RULES.byOutcome) as readonly AttemptOutcome[];

type Retry = Extract<NextAttempt, { kind: 'retry' }>;

function aRetry(overrides: Partial<Retry> = {}): Retry {
  return {
    ...{ kind: 'retry', phoneId: 'phone_2', notBeforeAt: NOW + 1, because: 'busy' },
    ...{ agentGuaranteed: false, ...overrides },
  };
}

describe('a lead that is called again', () => {
  it.each([
    ['before now', NOW - HOUR_MS, 'ready'],
    ['now', NOW, 'ready'],
    ['a moment later', NOW + 1, 'waiting'],
  ] as const)('%s is %s', (_name, notBeforeAt, state) => {
    const after = leadAfter(aLead(), aRetry({ notBeforeAt }), 'busy', NOW);
    expect(after).toMatchObject({ state, notBeforeAt, nextPhoneId: 'phone_2' });
    expect('holdReason' in after).toBe(state === 'waiting');
  });

  it.each<HoldReason>(['callback', 'promise', 'agreement', 'claims-paid', 'disposition'])(
    'waits for %s, as the plan says',
    (because) => {
      const after = leadAfter(aLead(), aRetry({ because }), 'person', NOW);
      expect(after.holdReason).toBe(because);
    },
  );

  it.each(OUTCOMES)('waits for its retry after %s', (because) => {
    expect(leadAfter(aLead(), aRetry({ because }), because, NOW)).toMatchObject({
      ...{ state: 'waiting', holdReason: 'retry-delay', lastOutcome: because },
    });
  });

  it('has the agent and the wish of this decision, not of an earlier one', () => {
    const before = aLead({ agentGuaranteed: true, callbackAskedAt: NOW - 1 });
    const plain = leadAfter(before, aRetry(), 'busy', NOW);
    expect(plain.agentGuaranteed).toBe(false);
    expect(plain).not.toHaveProperty('callbackAskedAt');
    const wished = aRetry({ agentGuaranteed: true, callbackAskedAt: NOW });
    expect(leadAfter(before, wished, 'abandoned', NOW)).toMatchObject({
      ...{ agentGuaranteed: true, callbackAskedAt: NOW },
    });
  });
});

describe('a lead that is called no more', () => {
  const held = aLead({
    ...{ state: 'dialing', holdReason: 'callback', holdClause: 'x', callbackAskedAt: NOW - 1 },
    ...{ agentGuaranteed: true, attempts: 4, notBeforeAt: NOW - HOUR_MS },
  });

  it.each<FinishedBecause>(['no-phone-left', 'attempts-used-up', 'outcome-rule', 'disposition'])(
    'is finished because of %s, and waits for nothing',
    (because) => {
      expect(leadAfter(held, { kind: 'finish', because }, 'busy', NOW)).toEqual({
        ...{ id: 'lead_1', campaignId: 'campaign_1', listId: 'list_1', debtorId: 'debtor_1' },
        ...{ state: 'finished', finishedBecause: because, priority: 50, cycle: 1, attempts: 5 },
        ...{ notBeforeAt: NOW - HOUR_MS, agentGuaranteed: false },
        ...{ lastOutcome: 'busy', lastAttemptAt: NOW },
      });
    },
  );

  it.each<SuppressedBecause>(['paid', 'disputed', 'deceased', 'lawyer', 'do-not-call'])(
    'is suppressed because of %s, and not finished',
    (because) => {
      const after = leadAfter(held, { kind: 'suppress', because }, 'person', NOW);
      expect(after).toMatchObject({ state: 'suppressed', suppressedBecause: because });
      for (const name of ['finishedBecause', 'holdReason', 'nextPhoneId']) {
        expect(after).not.toHaveProperty(name);
      }
    },
  );
});

/** The decision by a second, slower way: every number is looked at, one after the other. */
function expected(of: {
  readonly phones: readonly Phone[];
  readonly phoneId: Phone['id'];
  readonly seen: AttemptsByPhone;
  readonly outcome: AttemptOutcome;
  readonly rules: RetryRules;
  readonly attempts: number;
}): string {
  const rule = of.rules.byOutcome[of.outcome];
  const dialable = of.phones.filter(({ status }) => status !== 'wrong' && status !== 'invalid');
  // Each phone here has a score of its own, and the status decides nothing else.
  const order = dialable.toSorted((one, other) => other.score - one.score).map(({ id }) => id);
  const isOpen = (id: Phone['id']) =>
    OUTCOMES.every(
      (outcome) => (of.seen[id]?.[outcome] ?? 0) < of.rules.byOutcome[outcome].samePhoneMax,
    );
  if (rule.next === 'finish') return 'outcome-rule';
  if (of.attempts + 1 >= of.rules.attemptsMax && of.outcome !== 'abandoned') {
    return 'attempts-used-up';
  }
  let other: string | undefined;
  const at = order.indexOf(of.phoneId);
  for (let step = 1; step <= order.length && other === undefined; step += 1) {
    // A number that may no longer be dialed has no place: its round begins with the first.
    const id = order[(at < 0 ? step - 1 : at + step) % order.length];
    if (id !== undefined && id !== of.phoneId && isOpen(id)) other = id;
  }
  const same = at >= 0 && isOpen(of.phoneId) ? of.phoneId : undefined;
  const chosen = rule.next === 'same-phone' ? (same ?? other) : (other ?? same);
  return chosen ?? (dialable.length === 0 ? 'no-phone-left' : 'attempts-used-up');
}

describe('the number that is dialed next', () => {
  const tally = fc.record(
    {
      'no-answer': fc.nat(4),
      busy: fc.nat(3),
      rejected: fc.nat(2),
      abandoned: fc.nat(2),
      congestion: fc.nat(5),
    },
    { requiredKeys: [] },
  );
  const phones = fc
    .array(fc.constantFrom('unknown', 'unknown', 'unknown', 'wrong', 'invalid' as const), {
      ...{ minLength: 1, maxLength: 5 },
    })
    .map((statuses) =>
      statuses.map((status, place) => aPhone(place + 1, { status: status as Phone['status'] })),
    );

  it('is what a second way of deciding says, over any history of any numbers', () => {
    fc.assert(
      fc.property(
        fc.record({
          phones,
          at: fc.nat(4),
          tallies: fc.array(tally, { minLength: 5, maxLength: 5 }),
          outcome: fc.constantFrom(...OUTCOMES),
          attempts: fc.nat(21),
        }),
        ({ phones, at, tallies, outcome, attempts }) => {
          const phoneId = phones[at % phones.length]?.id ?? 'phone_1';
          const seen: AttemptsByPhone = Object.fromEntries(
            phones.map(({ id }, place) => [id, tallies[place] ?? {}]),
          );
          const next = nextAttempt({
            ...{ lead: aLead({ attempts }), phones, phoneId, attemptsByPhone: seen, outcome },
            ...{ rules: DEFAULT_RETRY_RULES, now: NOW, zone: 'America/Sao_Paulo' },
          });
          const found = next.kind === 'retry' ? next.phoneId : next.because;
          expect(found).toBe(
            expected({ phones, phoneId, seen, outcome, attempts, rules: DEFAULT_RETRY_RULES }),
          );
        },
      ),
      { numRuns: 400, seed: 23 },
    );
  });

  it('does not depend on the order in which the numbers are given', () => {
    fc.assert(
      fc.property(phones, fc.constantFrom(...OUTCOMES), (some, outcome) => {
        const decide = (given: readonly Phone[]) =>
          nextAttempt({
            ...{ lead: aLead(), phones: given, phoneId: 'phone_1', outcome },
            ...{ attemptsByPhone: { phone_1: { [outcome]: 1 } }, rules: DEFAULT_RETRY_RULES },
            ...{ now: NOW, zone: 'America/Sao_Paulo' },
          });
        expect(decide(some.toReversed())).toEqual(decide(some));
      }),
      { numRuns: 100, seed: 24 },
    );
  });
});
