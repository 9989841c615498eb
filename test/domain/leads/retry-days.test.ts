import { describe, expect, it } from 'vitest';
import type { Phone } from '../../../src/domain/debtors/phone.ts';
import type { AttemptOutcome, Lead, LeadPlan } from '../../../src/domain/leads/lead.ts';
import {
  type AttemptsByPhone,
  DEFAULT_RETRY_RULES,
  leadAfter,
  nextAttempt,
  type RetryRules,
} from '../../../src/domain/leads/next-attempt.ts';
import { MINUTE_MS } from '../../../src/lib/time.ts';
import { aLead, aPhone } from './builders.ts';

/** One call of a story: when it ended, how, and what the lead does then. */
type Line = readonly [ended: string, outcome: AttemptOutcome, then: string, plan?: LeadPlan];

type Story = {
  readonly phones: readonly Phone[];
  readonly lead?: Lead;
  readonly rules?: RetryRules;
  readonly zone?: string;
  /** The offset of the times in the story; that of São Paulo when absent. */
  readonly offset?: string;
};

function momentAt(clock: string, offset = '-03:00'): number {
  return Date.parse(`${clock.replace(' ', 'T')}:00${offset}`);
}

/** `waiting 2026-11-23 09:20 phone_2 retry-delay`, by the clock of the story. */
function wordsOf(lead: Lead, offset = '-03:00'): string {
  if (lead.state === 'finished') return `finished: ${lead.finishedBecause}`;
  if (lead.state === 'suppressed') return `suppressed: ${lead.suppressedBecause}`;
  const hours = Number(offset.slice(0, 3));
  const local = new Date(lead.notBeforeAt + hours * 60 * MINUTE_MS).toISOString();
  const clock = local.slice(0, 19).replace('T', ' ').replace(/:00$/, '');
  const agent = lead.agentGuaranteed ? ', agent first' : '';
  return lead.state === 'ready'
    ? `ready ${lead.nextPhoneId}${agent}`
    : `${clock} ${lead.nextPhoneId} ${lead.holdReason}${agent}`;
}

/** Plays the lines in order: each call is on the number that the line before it chose. */
function told(story: Story, lines: readonly Line[]): readonly string[] {
  const { phones, rules = DEFAULT_RETRY_RULES, zone = 'America/Sao_Paulo', offset } = story;
  let lead = story.lead ?? aLead();
  let attemptsByPhone: AttemptsByPhone = {};
  return lines.map(([ended, outcome, , plan]) => {
    const phoneId = lead.nextPhoneId ?? 'phone_1';
    const tally = attemptsByPhone[phoneId] ?? {};
    const counted = { ...tally, [outcome]: (tally[outcome] ?? 0) + 1 };
    attemptsByPhone = { ...attemptsByPhone, [phoneId]: counted };
    const now = momentAt(ended, offset);
    const next = nextAttempt({
      ...{ lead, phones, phoneId, attemptsByPhone, outcome, rules, now, zone },
      ...(plan ? { plan } : {}),
    });
    lead = leadAfter(lead, next, outcome, now);
    return wordsOf(lead, offset);
  });
}

function holds(story: Story, lines: readonly Line[]): void {
  expect(told(story, lines)).toEqual(lines.map(([, , then]) => then));
}

const THREE = [aPhone(1), aPhone(2), aPhone(3)];

describe('the days of a debtor with three numbers', () => {
  it('whom nobody answers for: each number in turn, then again from the first', () => {
    holds({ phones: THREE }, [
      ['2026-11-23 09:00', 'no-answer', '2026-11-23 09:20 phone_2 retry-delay'],
      ['2026-11-23 09:31', 'no-answer', '2026-11-23 09:51 phone_3 retry-delay'],
      ['2026-11-23 10:00', 'machine', '2026-11-23 10:20 phone_1 retry-delay'],
      ['2026-11-23 11:05', 'no-answer', '2026-11-23 11:25 phone_2 retry-delay'],
    ]);
  });

  it('whose first number is dead: the second at once, and the first no sooner than its turn', () => {
    holds({ phones: THREE }, [
      ['2026-11-23 09:00', 'invalid-number', 'ready phone_2'],
      ['2026-11-23 09:01', 'no-answer', '2026-11-23 09:21 phone_3 retry-delay'],
      ['2026-11-23 09:30', 'no-answer', '2026-11-23 09:50 phone_1 retry-delay'],
      // The second dead answer is as many as a number may have.
      ['2026-11-23 10:00', 'invalid-number', 'ready phone_2'],
      ['2026-11-23 10:01', 'no-answer', '2026-11-23 10:21 phone_3 retry-delay'],
      ['2026-11-23 10:30', 'no-answer', '2026-11-23 10:50 phone_2 retry-delay'],
    ]);
  });

  it('whose line is busy: the same number, until it was busy three times', () => {
    holds({ phones: THREE }, [
      ['2026-11-23 09:00', 'busy', '2026-11-23 09:10 phone_1 retry-delay'],
      ['2026-11-23 09:12', 'busy', '2026-11-23 09:22 phone_1 retry-delay'],
      ['2026-11-23 09:30', 'busy', '2026-11-23 09:40 phone_2 retry-delay'],
      ['2026-11-23 09:41', 'no-answer', '2026-11-23 10:01 phone_3 retry-delay'],
      ['2026-11-23 10:02', 'no-answer', '2026-11-23 10:22 phone_2 retry-delay'],
    ]);
  });

  it('who declined: not before the next day, and after the second time on another number', () => {
    holds({ phones: THREE }, [
      ['2026-11-23 18:59', 'rejected', '2026-11-24 00:00 phone_1 retry-delay'],
      ['2026-11-24 09:00', 'rejected', '2026-11-25 00:00 phone_2 retry-delay'],
    ]);
  });

  it('who has one that is unwanted: another number, and not before the next day', () => {
    holds({ phones: THREE }, [
      ['2026-11-23 09:00', 'unwanted', '2026-11-24 00:00 phone_2 retry-delay'],
      ['2026-11-24 09:00', 'no-answer', '2026-11-24 09:20 phone_3 retry-delay'],
      ['2026-11-24 09:21', 'no-answer', '2026-11-24 09:41 phone_2 retry-delay'],
    ]);
  });

  it('during trouble of a carrier: the same number in seconds, and not for ever', () => {
    holds({ phones: THREE }, [
      ['2026-11-23 09:00', 'congestion', '2026-11-23 09:00:30 phone_1 retry-delay'],
      ['2026-11-23 09:02', 'congestion', '2026-11-23 09:02:30 phone_1 retry-delay'],
      ['2026-11-23 09:04', 'trunk-failed', '2026-11-23 09:05 phone_1 retry-delay'],
      ['2026-11-23 09:06', 'congestion', '2026-11-23 09:06:30 phone_1 retry-delay'],
      ['2026-11-23 09:08', 'congestion', '2026-11-23 09:08:30 phone_1 retry-delay'],
      ['2026-11-23 09:10', 'congestion', '2026-11-23 09:10:30 phone_2 retry-delay'],
    ]);
  });

  it('who spoke with an agent, with nothing special said: each following day, three times', () => {
    holds({ phones: [aPhone(1)] }, [
      ['2026-11-23 09:00', 'person', '2026-11-24 00:00 phone_1 retry-delay'],
      ['2026-11-24 09:00', 'person', '2026-11-25 00:00 phone_1 retry-delay'],
      ['2026-11-25 09:00', 'person', 'finished: attempts-used-up'],
    ]);
  });
});

describe('the days of a person who met no agent', () => {
  it('is called again in a quarter of an hour with an agent first, and like others after that', () => {
    holds({ phones: THREE }, [
      ['2026-11-23 09:00', 'abandoned', '2026-11-23 09:15 phone_1 retry-delay, agent first'],
      ['2026-11-23 11:00', 'no-answer', '2026-11-23 11:20 phone_2 retry-delay'],
    ]);
  });

  it('is not called a third time on a number where it happened twice', () => {
    holds({ phones: THREE }, [
      ['2026-11-23 09:00', 'abandoned', '2026-11-23 09:15 phone_1 retry-delay, agent first'],
      ['2026-11-23 09:16', 'abandoned', '2026-11-23 09:31 phone_2 retry-delay'],
      ['2026-11-23 09:32', 'no-answer', '2026-11-23 09:52 phone_3 retry-delay'],
    ]);
  });

  it('is over with their only number after the redial', () => {
    holds({ phones: [aPhone(1)] }, [
      ['2026-11-23 09:00', 'abandoned', '2026-11-23 09:15 phone_1 retry-delay, agent first'],
      ['2026-11-23 09:16', 'abandoned', 'finished: attempts-used-up'],
    ]);
  });

  it('on the last attempt of the cycle gets one redial, and no second one', () => {
    const last = aLead({ attempts: 19, lastOutcome: 'no-answer' });
    holds({ phones: THREE, lead: last }, [
      ['2026-11-23 09:00', 'abandoned', '2026-11-23 09:15 phone_1 retry-delay, agent first'],
      ['2026-11-23 09:16', 'abandoned', 'finished: attempts-used-up'],
    ]);
    holds({ phones: THREE, lead: last }, [
      ['2026-11-23 09:00', 'abandoned', '2026-11-23 09:15 phone_1 retry-delay, agent first'],
      ['2026-11-23 09:16', 'busy', 'finished: attempts-used-up'],
    ]);
  });

  it('on the last attempt, on a number used up before, is called on another without one', () => {
    const last = aLead({ attempts: 19, lastOutcome: 'no-answer' });
    const rules: RetryRules = {
      ...DEFAULT_RETRY_RULES,
      byOutcome: {
        ...DEFAULT_RETRY_RULES.byOutcome,
        abandoned: { ...DEFAULT_RETRY_RULES.byOutcome.abandoned, samePhoneMax: 1 },
      },
    };
    holds({ phones: THREE, lead: last, rules }, [
      ['2026-11-23 09:00', 'abandoned', '2026-11-23 09:15 phone_2 retry-delay'],
    ]);
  });
});

describe('the days after what an agent recorded', () => {
  const callbackAt = momentAt('2026-11-24 14:30');
  const callback: LeadPlan = {
    ...{ kind: 'wait', notBeforeAt: callbackAt, holdReason: 'callback' },
    ...{ phoneId: 'phone_3', callbackAskedAt: momentAt('2026-11-23 09:05') },
  };
  const promised: LeadPlan = {
    ...{ kind: 'wait', notBeforeAt: momentAt('2026-12-02 00:00'), holdReason: 'promise' },
  };
  const wrong: LeadPlan = { kind: 'next-phone', notBeforeAt: momentAt('2026-11-23 09:05') };
  const paid: LeadPlan = { kind: 'suppress', because: 'paid' };

  it('a wished call is placed on its number at its moment, and the rules go on from there', () => {
    holds({ phones: THREE }, [
      ['2026-11-23 09:05', 'person', '2026-11-24 14:30 phone_3 callback', callback],
      ['2026-11-24 14:33', 'no-answer', '2026-11-24 14:53 phone_1 retry-delay'],
    ]);
  });

  it('a promise waits for its day, and who pays is called no more', () => {
    holds({ phones: THREE }, [
      ['2026-11-23 09:05', 'person', '2026-12-02 00:00 phone_2 promise', promised],
      ['2026-12-02 09:00', 'person', 'suppressed: paid', paid],
    ]);
  });

  it('a stranger’s number is left for the next one at once, and the list ends with the last', () => {
    const phones = [aPhone(1, { status: 'wrong' }), aPhone(2)];
    holds({ phones }, [['2026-11-23 09:05', 'person', 'ready phone_2', wrong]]);
    const both = phones.map((phone) => ({ ...phone, status: 'wrong' as const }));
    holds({ phones: both }, [['2026-11-23 09:05', 'person', 'finished: no-phone-left', wrong]]);
  });

  it('the next number is none that is used up, and not the same one again', () => {
    const used = aLead({ nextPhoneId: 'phone_1' });
    const phones = [aPhone(1), aPhone(2)];
    const rules: RetryRules = {
      ...DEFAULT_RETRY_RULES,
      byOutcome: {
        ...DEFAULT_RETRY_RULES.byOutcome,
        'no-answer': { ...DEFAULT_RETRY_RULES.byOutcome['no-answer'], samePhoneMax: 1 },
      },
    };
    holds({ phones, lead: { ...used, nextPhoneId: 'phone_2' }, rules }, [
      ['2026-11-23 09:00', 'no-answer', '2026-11-23 09:20 phone_1 retry-delay'],
      ['2026-11-23 09:25', 'person', 'finished: no-phone-left', wrong],
    ]);
  });

  it('a wait on numbers that are all used up goes to the first that may be dialed', () => {
    const phones = [aPhone(1, { status: 'invalid' }), aPhone(2)];
    const lead = aLead({ nextPhoneId: 'phone_2' });
    const wait: LeadPlan = { ...promised };
    const lines: readonly Line[] = [
      ['2026-11-23 09:00', 'rejected', '2026-11-24 00:00 phone_2 retry-delay'],
      ['2026-11-24 09:00', 'rejected', '2026-12-02 00:00 phone_2 promise', wait],
    ];
    holds({ phones, lead }, lines);
  });

  it('a wait without any number that may be dialed ends the lead', () => {
    const phones = [aPhone(1, { status: 'wrong' }), aPhone(2, { status: 'invalid' })];
    holds({ phones }, [['2026-11-23 09:05', 'person', 'finished: no-phone-left', promised]]);
  });
});

describe('the next day', () => {
  const declined = DEFAULT_RETRY_RULES.byOutcome.rejected;

  it.each([
    ['the first minute of a day', '2026-11-23 00:00', '2026-11-24 00:00'],
    ['the last minute of a day', '2026-11-23 23:59', '2026-11-24 00:00'],
    ['the last day of a year', '2026-12-31 12:00', '2027-01-01 00:00'],
    ['the 28th of February', '2027-02-28 12:00', '2027-03-01 00:00'],
    ['the 28th of February of a leap year', '2028-02-28 12:00', '2028-02-29 00:00'],
  ])('after %s begins at midnight where the operation is', (_name, ended, begins) => {
    expect(declined.afterMs).toBe('next-day');
    holds({ phones: [aPhone(1)] }, [[ended, 'rejected', `${begins} phone_1 retry-delay`]]);
  });

  it('begins later in the west of the country', () => {
    const west: Story = { phones: [aPhone(1)], zone: 'America/Rio_Branco' };
    holds(west, [['2026-11-23 09:00', 'rejected', '2026-11-24 02:00 phone_1 retry-delay']]);
    // In Acre it is still the 23rd.
    holds(west, [['2026-11-24 01:59', 'rejected', '2026-11-24 02:00 phone_1 retry-delay']]);
    holds(west, [['2026-11-24 02:00', 'rejected', '2026-11-25 02:00 phone_1 retry-delay']]);
  });

  it.each([
    ['shorter by an hour', '2027-03-14 12:00', '-04:00', '2027-03-15 00:00'],
    ['longer by an hour', '2026-11-01 12:00', '-05:00', '2026-11-02 00:00'],
  ])('of a day that is %s begins at midnight too', (_name, ended, offset, begins) => {
    holds({ phones: [aPhone(1)], zone: 'America/New_York', offset }, [
      [ended, 'rejected', `${begins} phone_1 retry-delay`],
    ]);
  });
});

describe('the last attempts of a cycle', () => {
  it('are counted over all numbers, the one that just ended among them', () => {
    const rules = { ...DEFAULT_RETRY_RULES, attemptsMax: 3 };
    holds({ phones: THREE, rules }, [
      ['2026-11-23 09:00', 'no-answer', '2026-11-23 09:20 phone_2 retry-delay'],
      ['2026-11-23 09:30', 'busy', '2026-11-23 09:40 phone_2 retry-delay'],
      ['2026-11-23 09:45', 'congestion', 'finished: attempts-used-up'],
    ]);
  });

  it('may be only one', () => {
    const rules = { ...DEFAULT_RETRY_RULES, attemptsMax: 1 };
    holds({ phones: THREE, rules }, [['2026-11-23 09:00', 'busy', 'finished: attempts-used-up']]);
  });

  it('do not overrule an agent: a wished call comes on top of them', () => {
    const rules = { ...DEFAULT_RETRY_RULES, attemptsMax: 1 };
    const wait: LeadPlan = {
      ...{ kind: 'wait', notBeforeAt: momentAt('2026-11-23 15:00'), holdReason: 'callback' },
    };
    holds({ phones: THREE, rules }, [
      ['2026-11-23 09:00', 'person', '2026-11-23 15:00 phone_2 callback', wait],
    ]);
  });
});
