import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AttemptOutcome } from '../../../src/domain/leads/lead.ts';
import {
  DEFAULT_RETRY_RULES,
  leadAfter,
  type NextAttempt,
  type NextAttemptInput,
  nextAttempt,
} from '../../../src/domain/leads/next-attempt.ts';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../src/lib/time.ts';
import { aLead, aPhone } from './builders.ts';

const NOW = Date.parse('2026-11-23T11:00:00-03:00');
const TOMORROW = Date.parse('2026-11-24T00:00:00-03:00');

function resultOf(outcome: AttemptOutcome, overrides: Partial<NextAttemptInput> = {}): NextAttempt {
  return nextAttempt({
    lead: aLead(),
    phones: [aPhone(1), aPhone(2), aPhone(3)],
    phoneId: 'phone_1',
    attemptsByPhone: { phone_1: { [outcome]: 1 } },
    outcome,
    rules: DEFAULT_RETRY_RULES,
    now: NOW,
    zone: 'America/Sao_Paulo',
    ...overrides,
  });
}

describe('the usual rules for retries', () => {
  it.each<[AttemptOutcome, number, number]>([
    ['person', 1, TOMORROW],
    ['machine', 2, NOW + 20 * MINUTE_MS],
    ['busy', 1, NOW + 10 * MINUTE_MS],
    ['no-answer', 2, NOW + 20 * MINUTE_MS],
    ['invalid-number', 2, NOW],
    ['rejected', 1, TOMORROW],
    ['unwanted', 2, TOMORROW],
    ['spam-refused', 1, NOW + 30 * MINUTE_MS],
    ['congestion', 1, NOW + 30 * SECOND_MS],
    ['trunk-failed', 1, NOW + MINUTE_MS],
    ['caller-id-refused', 1, NOW + 5 * MINUTE_MS],
    ['media-failed', 1, NOW + 5 * MINUTE_MS],
    ['cancelled', 1, NOW + 15 * MINUTE_MS],
    ['lost', 1, NOW + 2 * HOUR_MS],
    ['forwarded', 2, NOW + MINUTE_MS],
    ['abandoned', 1, NOW + 15 * MINUTE_MS],
  ])('after %s: phone %i', (outcome, phone, notBeforeAt) => {
    expect(resultOf(outcome)).toEqual({
      kind: 'retry',
      phoneId: `phone_${phone}`,
      notBeforeAt,
      because: outcome,
      agentGuaranteed: outcome === 'abandoned',
    });
  });

  it('wait hours before the only number is tried again', () => {
    const only = { phones: [aPhone(1)] };
    expect(resultOf('no-answer', only)).toMatchObject({ notBeforeAt: NOW + 3 * HOUR_MS });
    expect(resultOf('machine', only)).toMatchObject({ notBeforeAt: NOW + 4 * HOUR_MS });
    expect(resultOf('invalid-number', only)).toMatchObject({ notBeforeAt: TOMORROW });
  });

  it('go around the numbers and come back to the first', () => {
    expect(resultOf('no-answer', { phoneId: 'phone_2' })).toMatchObject({ phoneId: 'phone_3' });
    expect(resultOf('no-answer', { phoneId: 'phone_3' })).toMatchObject({ phoneId: 'phone_1' });
  });
});

describe('the limits of retries', () => {
  it('move on when a number is used up in this cycle', () => {
    const attemptsByPhone = { phone_1: { busy: 3 }, phone_2: { 'no-answer': 4 } };
    expect(resultOf('busy', { attemptsByPhone })).toMatchObject({ phoneId: 'phone_3' });
  });

  it('finish when every number is used up', () => {
    const attemptsByPhone = {
      phone_1: { busy: 3 },
      phone_2: { 'no-answer': 4 },
      phone_3: { rejected: 2 },
    };
    expect(resultOf('busy', { attemptsByPhone })).toEqual({
      kind: 'finish',
      because: 'attempts-used-up',
    });
  });

  it('finish when no number is left that may be dialed', () => {
    const phones = [aPhone(1, { status: 'invalid' }), aPhone(2, { status: 'wrong' })];
    expect(resultOf('invalid-number', { phones })).toEqual({
      kind: 'finish',
      because: 'no-phone-left',
    });
  });

  it('finish at the campaign’s last attempt', () => {
    expect(resultOf('no-answer', { lead: aLead({ attempts: 18 }) })).toMatchObject({
      kind: 'retry',
    });
    expect(resultOf('no-answer', { lead: aLead({ attempts: 19 }) })).toEqual({
      kind: 'finish',
      because: 'attempts-used-up',
    });
  });

  it('redial a person who was abandoned on the last attempt of the cycle, once', () => {
    const { attemptsMax } = DEFAULT_RETRY_RULES;
    const last = aLead({ attempts: attemptsMax - 1, lastOutcome: 'no-answer' });
    expect(resultOf('abandoned', { lead: last })).toMatchObject({
      kind: 'retry',
      phoneId: 'phone_1',
      notBeforeAt: NOW + 15 * MINUTE_MS,
      agentGuaranteed: true,
    });
    const finished = { kind: 'finish', because: 'attempts-used-up' };
    expect(resultOf('no-answer', { lead: last })).toEqual(finished);
    const redial = aLead({ attempts: attemptsMax, lastOutcome: 'abandoned' });
    expect(resultOf('abandoned', { lead: redial })).toEqual(finished);
    expect(resultOf('no-answer', { lead: redial })).toEqual(finished);
  });

  it('redial an abandoned call once with an agent first, and then another number without', () => {
    const attemptsByPhone = { phone_1: { abandoned: 2 } };
    expect(resultOf('abandoned', { attemptsByPhone })).toMatchObject({
      phoneId: 'phone_2',
      agentGuaranteed: false,
    });
  });

  it('are data: a campaign may finish at the first outcome of a kind', () => {
    const rules = {
      ...DEFAULT_RETRY_RULES,
      byOutcome: {
        ...DEFAULT_RETRY_RULES.byOutcome,
        rejected: { afterMs: 0, samePhoneMax: 1, next: 'finish' as const },
      },
    };
    expect(resultOf('rejected', { rules })).toEqual({ kind: 'finish', because: 'outcome-rule' });
  });
});

describe('a plan from a disposition', () => {
  it('overrules the retry with its moment, number and reason', () => {
    const at = NOW + 6 * HOUR_MS;
    const plan = {
      kind: 'wait',
      notBeforeAt: at,
      holdReason: 'callback',
      phoneId: 'phone_2',
      callbackAskedAt: NOW,
    } as const;
    expect(resultOf('person', { plan })).toEqual({
      kind: 'retry',
      phoneId: 'phone_2',
      notBeforeAt: at,
      because: 'callback',
      agentGuaranteed: false,
      callbackAskedAt: NOW,
    });
  });

  it('without a number takes the next one of the round', () => {
    const plan = { kind: 'wait', notBeforeAt: NOW, holdReason: 'disposition' } as const;
    expect(resultOf('person', { plan })).toMatchObject({ phoneId: 'phone_2' });
  });

  it('takes another number when the one it names may not be dialed', () => {
    const phones = [aPhone(1, { status: 'wrong' }), aPhone(2)];
    const plan = {
      kind: 'wait',
      notBeforeAt: NOW,
      holdReason: 'promise',
      phoneId: 'phone_1',
    } as const;
    expect(resultOf('person', { plan, phones })).toMatchObject({ phoneId: 'phone_2' });
  });

  it('goes to the next number at once when this one is somebody else’s', () => {
    const phones = [aPhone(1, { status: 'wrong' }), aPhone(2)];
    const plan = { kind: 'next-phone', notBeforeAt: NOW } as const;
    expect(resultOf('person', { plan, phones })).toMatchObject({
      kind: 'retry',
      phoneId: 'phone_2',
      notBeforeAt: NOW,
    });
    const last = resultOf('person', { plan, phones: [aPhone(1, { status: 'wrong' })] });
    expect(last).toEqual({ kind: 'finish', because: 'no-phone-left' });
  });

  it('finishes or suppresses the lead', () => {
    const finish = { kind: 'finish', because: 'disposition' } as const;
    expect(resultOf('person', { plan: finish })).toEqual(finish);
    const suppress = { kind: 'suppress', because: 'paid' } as const;
    expect(resultOf('person', { plan: suppress })).toEqual(suppress);
  });
});

describe('the lead after a decision', () => {
  it('waits for its moment and says for what', () => {
    const lead = leadAfter(aLead(), resultOf('busy'), 'busy', NOW);
    expect(lead).toMatchObject({
      state: 'waiting',
      notBeforeAt: NOW + 10 * MINUTE_MS,
      holdReason: 'retry-delay',
      nextPhoneId: 'phone_1',
      attempts: 1,
      lastOutcome: 'busy',
      lastAttemptAt: NOW,
    });
  });

  it('is ready at once when there is nothing to wait for', () => {
    const lead = leadAfter(aLead(), resultOf('invalid-number'), 'invalid-number', NOW);
    expect(lead).toMatchObject({ state: 'ready', nextPhoneId: 'phone_2' });
    expect(lead).not.toHaveProperty('holdReason');
  });

  it('forgets what it waited for before', () => {
    const held = aLead({ holdReason: 'callback', holdClause: 'x', callbackAskedAt: NOW - 1 });
    const lead = leadAfter(held, { kind: 'finish', because: 'no-phone-left' }, 'busy', NOW);
    expect(lead).toMatchObject({ state: 'finished', finishedBecause: 'no-phone-left' });
    for (const field of ['holdReason', 'holdClause', 'callbackAskedAt', 'nextPhoneId']) {
      expect(lead).not.toHaveProperty(field);
    }
  });
});

describe('a lead worked to its end', () => {
  it('finishes within the campaign’s attempts, never dials a dead number, never goes back in time', () => {
    const outcomes = Object.keys(DEFAULT_RETRY_RULES.byOutcome) as AttemptOutcome[];
    fc.assert(
      fc.property(
        fc.infiniteStream(fc.constantFrom(...outcomes)),
        fc.integer({ min: 1, max: 4 }),
        (stream, phoneCount) => {
          const phones = Array.from({ length: phoneCount }, (_, index) => aPhone(index + 1));
          let lead = aLead();
          let now = NOW;
          const tally: Record<string, Partial<Record<AttemptOutcome, number>>> = {};
          for (const outcome of stream) {
            const phoneId = lead.nextPhoneId ?? 'phone_1';
            const counts = tally[phoneId] ?? {};
            tally[phoneId] = { ...counts, [outcome]: (counts[outcome] ?? 0) + 1 };
            const next = resultOf(outcome, { lead, phones, phoneId, attemptsByPhone: tally, now });
            lead = leadAfter(lead, next, outcome, now);
            if (next.kind !== 'retry') break;
            expect(next.notBeforeAt).toBeGreaterThanOrEqual(now);
            expect(phones.map((phone) => phone.id)).toContain(next.phoneId);
            now = next.notBeforeAt;
          }
          expect(lead.state).toBe('finished');
          // One more, where the last of them abandoned the person.
          expect(lead.attempts).toBeLessThanOrEqual(DEFAULT_RETRY_RULES.attemptsMax + 1);
        },
      ),
      { numRuns: 300 },
    );
  });
});
