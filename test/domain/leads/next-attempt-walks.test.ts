import { describe, expect, it } from 'vitest';
import type { Phone } from '../../../src/domain/debtors/phone.ts';
import type { AttemptOutcome, HoldReason, Lead, LeadPlan } from '../../../src/domain/leads/lead.ts';
import { needsGuaranteedAgent } from '../../../src/domain/leads/lead.ts';
import {
  type AttemptsByPhone,
  DEFAULT_RETRY_RULES,
  leadAfter,
  type NextAttempt,
  nextAttempt,
  phonesInOrder,
} from '../../../src/domain/leads/next-attempt.ts';
import { HOUR_MS } from '../../../src/lib/time.ts';
import { everyWalk, oneOf, whole } from '../../support/walks.ts';
import { aLead, aPhone } from './builders.ts';

const NOW = Date.parse('2026-11-23T11:00:00-03:00');
const TOMORROW = Date.parse('2026-11-24T00:00:00-03:00');
const ZONE = 'America/Sao_Paulo';
const RULES = DEFAULT_RETRY_RULES;
const OUTCOMES = Object.keys(RULES.byOutcome) as readonly AttemptOutcome[];

const THREE = [aPhone(1), aPhone(2), aPhone(3)];

describe('the redial of a person who was abandoned', () => {
  const lead = { agentGuaranteed: true, lastAttemptAt: NOW };

  it.each([
    ['the same day', NOW + HOUR_MS, true],
    ['the last moment of it', TOMORROW - 1, true],
    ['the next day', TOMORROW, false],
  ])('%s keeps an agent first: %#', (_name, now, needs) => {
    expect(needsGuaranteedAgent(lead, now, ZONE)).toBe(needs);
  });

  it('keeps none where nobody was abandoned, or nothing was tried', () => {
    expect(needsGuaranteedAgent({ ...lead, agentGuaranteed: false }, NOW, ZONE)).toBe(false);
    expect(needsGuaranteedAgent({ agentGuaranteed: true }, NOW, ZONE)).toBe(false);
  });
});

describe('a whole round of a list, whatever becomes of its calls', () => {
  type Round = {
    readonly lead: Lead;
    readonly last: NextAttempt;
    readonly seen: AttemptsByPhone;
  };

  /** Dials until the list is done with the lead, with plans of agents in between. */
  function play(
    random: () => number,
    note: (line: string) => void,
    planned: boolean,
    check: (before: Lead, next: NextAttempt, now: number, outcome: AttemptOutcome) => void,
  ): Round {
    let lead = aLead();
    let seen: AttemptsByPhone = {};
    let now = NOW;
    let phoneId: Phone['id'] = 'phone_1';
    for (let attempt = 0; attempt < 60; attempt += 1) {
      const outcome = oneOf(random, OUTCOMES);
      seen = {
        ...seen,
        [phoneId]: { ...seen[phoneId], [outcome]: (seen[phoneId]?.[outcome] ?? 0) + 1 },
      };
      const holdReason: HoldReason = 'disposition';
      const plan: LeadPlan | undefined =
        planned && random() < 0.2
          ? oneOf(random, [
              { kind: 'wait', notBeforeAt: now + HOUR_MS, holdReason },
              { kind: 'next-phone', notBeforeAt: now },
              { kind: 'finish', because: 'disposition' },
              { kind: 'suppress', because: 'paid' },
            ] as const)
          : undefined;
      const next = nextAttempt({
        ...{ lead, phones: THREE, phoneId, attemptsByPhone: seen, outcome, rules: RULES },
        ...{ now, zone: ZONE, ...(plan ? { plan } : {}) },
      });
      note(`${phoneId} ${outcome} ${plan?.kind ?? ''} → ${JSON.stringify(next)}`);
      check(lead, next, now, outcome);
      lead = leadAfter(lead, next, outcome, now);
      if (next.kind !== 'retry') return { lead, last: next, seen };
      phoneId = next.phoneId;
      now = Math.max(now, next.notBeforeAt) + whole(random, HOUR_MS);
    }
    throw new Error('the list never ends');
  }

  it('ends by itself within its attempts, with one redial more at most', () => {
    everyWalk((random, note) => {
      const { lead, last } = play(random, note, false, () => undefined);
      expect(lead.attempts).toBeLessThanOrEqual(RULES.attemptsMax + 1);
      expect(last.kind).toBe('finish');
      expect(lead.state).toBe('finished');
    }, 300);
  });

  it('never dials a number again that is used up, nor before now', () => {
    everyWalk((random, note) => {
      const seen: Record<string, Record<string, number>> = {};
      let phoneId = 'phone_1';
      play(random, note, false, (_before, next, now, outcome) => {
        const tally = seen[phoneId] ?? {};
        seen[phoneId] = { ...tally, [outcome]: (tally[outcome] ?? 0) + 1 };
        if (next.kind !== 'retry') return;
        expect(next.notBeforeAt).toBeGreaterThanOrEqual(now);
        for (const [kind, count] of Object.entries(seen[next.phoneId] ?? {})) {
          expect(count).toBeLessThan(RULES.byOutcome[kind as AttemptOutcome].samePhoneMax);
        }
        phoneId = next.phoneId;
      });
    }, 300);
  });

  it('counts each attempt once and leaves no trace of what the lead waited for before', () => {
    everyWalk((random, note) => {
      let attempts = 0;
      play(random, note, true, (before, next, now, outcome) => {
        attempts += 1;
        const waiting = {
          ...before,
          holdReason: 'promise',
          holdClause: 'x',
          callbackAskedAt: 1,
        } as const;
        const after = leadAfter(waiting, next, outcome, now);
        expect(after).toMatchObject({ attempts, lastOutcome: outcome, lastAttemptAt: now });
        expect(after).not.toHaveProperty('holdClause');
        expect(after).not.toHaveProperty('callbackAskedAt');
        const isWaiting = next.kind === 'retry' && next.notBeforeAt > now;
        expect('holdReason' in after).toBe(isWaiting);
        if (next.kind !== 'retry') expect(after).not.toHaveProperty('nextPhoneId');
      });
    }, 300);
  });

  it('keeps an agent first after an abandoned call on the same number only', () => {
    everyWalk((random, note) => {
      let phoneId = 'phone_1';
      play(random, note, true, (_before, next, _now, outcome) => {
        if (next.kind !== 'retry') return;
        if (next.agentGuaranteed) {
          expect([outcome, next.phoneId, next.because]).toEqual([
            'abandoned',
            phoneId,
            'abandoned',
          ]);
        }
        phoneId = next.phoneId;
      });
    }, 300);
  });
});

describe('the order of a person’s numbers', () => {
  it('is by what is known of them, then score, then age, then id, and never the undialable', () => {
    const phones = [
      aPhone(1, { status: 'invalid-suspected', score: 100 }),
      aPhone(2, { status: 'third-party', score: 100 }),
      aPhone(3, { score: 10 }),
      aPhone(4, { score: 20, collectedAt: 1 }),
      aPhone(5, { score: 20, collectedAt: 2 }),
      aPhone(6, { status: 'confirmed', score: 0 }),
      aPhone(7, { status: 'wrong', score: 100 }),
      aPhone(8, { status: 'invalid', score: 100 }),
      aPhone(9, { score: 10 }),
    ];
    const order = (some: readonly Phone[]) => phonesInOrder(some).map((one) => one.id.slice(6));
    expect(order(phones).join('')).toBe('6543921');
    expect(order(phones.toReversed()).join('')).toBe('6543921');
  });
});
