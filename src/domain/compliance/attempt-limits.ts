/**
 * How often one person and one telephone may be tried. A committed attempt reserves its place in
 * every cap, so calls in flight count from their placing. Attempts that turned out not to have rung
 * are given back (`counts: false`).
 */
import type { StateCode } from '../../lib/br-area-codes.ts';
import type { DebtorId } from '../../lib/ids.ts';
import {
  addDays,
  type DurationMs,
  type EpochMs,
  type IsoDate,
  localTime,
  momentOf,
} from '../../lib/time.ts';
import type { CallOutcome } from '../calls/outcome.ts';
import { type Channel, type Contact, type ContactPoint, isSamePoint } from '../contacts/contact.ts';
import type { ComplianceProfile } from './profile.ts';
import type { Refusal, RefusalReason, RuleAnswer } from './refusal.ts';

/**
 * The channels that each kind of limit counts.
 *
 * - `profile` (BR-04): its caps, its gaps and the redial are about telephone calls, and so is *one call
 *   at a time*. A message counts in none of them.
 * - `law` (BR-03): a state's cap on contacts a day. The only such law, Lei MT 11.792/2022, counts
 *   telephone, SMS, e-mail and WhatsApp together.
 */
const COUNTED: Readonly<Record<'profile' | 'law', ReadonlySet<Channel>>> = {
  profile: new Set(['voice']),
  law: new Set(['voice', 'sms', 'email', 'whatsapp']),
};

/**
 * A contact with this person at any address, or at this address with any person, within 31 days.
 */
export type PastAttempt = {
  readonly debtorId: DebtorId;
  /** Channel and address; the store has telephone calls only. */
  readonly to: ContactPoint;
  readonly at: EpochMs;
  /** Absent while in flight. */
  readonly endedAt?: EpochMs;
  readonly outcome?: CallOutcome;
  /** False once it is settled as not having rung. */
  readonly counts: boolean;
  /** Whether a person answered and met no agent; absent for no. */
  readonly abandoned?: boolean;
};

/** What the limits must know about a request. */
export type LimitedCall = {
  readonly debtorId: DebtorId;
  readonly contact: Contact;
  /**
   * When the debtor asked for this callback, as evidence for the exception; absent when they did
   * not.
   */
  readonly callbackAskedAt?: EpochMs;
  /** States whose law binds the call. */
  readonly states: readonly StateCode[];
};

export type LimitInput = {
  readonly call: LimitedCall;
  readonly attempts: readonly PastAttempt[];
  readonly rightPartyContactAt?: EpochMs;
  readonly profile: ComplianceProfile;
  readonly now: EpochMs;
};

/** Neither the person nor the number may be in another of our calls, whatever the campaign. */
export function oneCallRule(input: LimitInput): RuleAnswer {
  const { profile, now } = input;
  const inFlight = callsOf(input).filter(isInFlight);
  if (inFlight.length === 0) return { detail: 'none in flight' };
  return {
    detail: `${inFlight.length} in flight`,
    refusal: {
      reason: 'already-in-call',
      clause: 'BR-04: uma chamada por vez',
      retryAt: now + profile.frequency.gapPersonMs,
    },
  };
}

/** The caps by day, seven days and month, and those of the states' laws. */
export function attemptCapsRule(input: LimitInput): RuleAnswer {
  const { call, profile } = input;
  const { frequency } = profile;
  const today = dayOf(input.now, profile);
  const tally = tallyOf(input, today);
  const detail =
    `person ${tally.personToday} of ${frequency.attemptsPerPersonDayMax} today, ` +
    `${tally.person7Days} of ${frequency.attemptsPerPerson7DaysMax} in 7 days, ` +
    `${tally.personMonth} of ${frequency.attemptsPerPersonMonthMax} this month; ` +
    `phone ${tally.phoneToday} of ${frequency.attemptsPerPhoneDayMax} today`;
  const tomorrow = startOf(addDays(today, 1), profile);
  for (const state of call.states) {
    const override = profile.regionOverrides[state];
    const max = override?.contactsPerPersonDayMax;
    if (override && max !== undefined && tally.contactsToday >= max) {
      const clause = `BR-03: ${override.law}`;
      return { detail, refusal: { reason: 'contacts-person-day', clause, retryAt: tomorrow } };
    }
  }
  if (isAskedCallback(input)) return { detail: `${detail}; callback asked for` };
  const refusal = longest([
    cap('attempts-person-day', tally.personToday, frequency.attemptsPerPersonDayMax, tomorrow),
    cap('attempts-phone-day', tally.phoneToday, frequency.attemptsPerPhoneDayMax, tomorrow),
    cap('attempts-person-7-days', tally.person7Days, frequency.attemptsPerPerson7DaysMax, () =>
      sevenDaysFreeAt(tally.personDays, today, profile),
    ),
    cap('attempts-person-month', tally.personMonth, frequency.attemptsPerPersonMonthMax, () =>
      startOf(firstOfNextMonth(today), profile),
    ),
  ]);
  return refusal
    ? { detail, refusal: { ...refusal, clause: `BR-04: ${frequency.clause}` } }
    : { detail };
}

/** At most this many calls to one person, or to one number, placed since a moment. */
export type AttemptCap = {
  readonly of: 'person' | 'phone';
  readonly since: EpochMs;
  readonly max: number;
};

/** The caps in which a permitted call counts; they must still hold when it is stored. */
export function capsOf(input: LimitInput): readonly AttemptCap[] {
  const { call, profile, now } = input;
  const { frequency } = profile;
  const today = dayOf(now, profile);
  const ofPerson = (from: IsoDate, max: number): AttemptCap => {
    return { of: 'person', since: startOf(from, profile), max };
  };
  const byLaw = call.states.flatMap((state) => {
    const max = profile.regionOverrides[state]?.contactsPerPersonDayMax;
    return max === undefined ? [] : [ofPerson(today, max)];
  });
  if (isAskedCallback(input)) return byLaw;
  return [
    ...byLaw,
    ofPerson(today, frequency.attemptsPerPersonDayMax),
    ofPerson(addDays(today, -6), frequency.attemptsPerPerson7DaysMax),
    ofPerson(`${today.slice(0, 7)}-01` as IsoDate, frequency.attemptsPerPersonMonthMax),
    { of: 'phone', since: startOf(today, profile), max: frequency.attemptsPerPhoneDayMax },
  ];
}

/** The least time between attempts to one number, and to one person. */
export function attemptGapsRule(input: LimitInput): RuleAnswer {
  const { call, profile, now } = input;
  if (isAskedCallback(input)) return { detail: 'callback asked for' };
  const redialed = redialedAbandonment(input);
  let refusal: (Omit<Refusal, 'clause'> & { readonly retryAt: EpochMs }) | undefined;
  for (const attempt of callsOf(input)) {
    const waits = attempt.counts || attempt.outcome === 'busy' || isDead(attempt, call);
    if (!waits || attempt === redialed) continue;
    const { gapMs, reason } = gapAfter(attempt, call, profile);
    const retryAt = (attempt.endedAt ?? attempt.at) + gapMs;
    if (retryAt > now && retryAt > (refusal?.retryAt ?? 0)) refusal = { reason, retryAt };
  }
  if (!refusal) return { detail: 'gaps kept' };
  return {
    detail: `${refusal.reason}: ${Math.ceil((refusal.retryAt - now) / 1000)} s left`,
    refusal: { ...refusal, clause: `BR-04: ${profile.frequency.clause}` },
  };
}

/** Once the debtor in person was spoken to, they are left in peace for the day. */
export function rightPartyContactRule(input: LimitInput): RuleAnswer {
  const { rightPartyContactAt, profile, now } = input;
  if (!profile.frequency.stopAfterRightPartyContact || rightPartyContactAt === undefined) {
    return { detail: 'none today' };
  }
  const today = dayOf(now, profile);
  if (dayOf(Math.min(rightPartyContactAt, now), profile) !== today) return { detail: 'none today' };
  if (isAskedCallback(input)) return { detail: 'callback asked for' };
  return {
    detail: 'one today',
    refusal: {
      reason: 'right-party-contact-today',
      clause: `BR-04: ${profile.frequency.clause}`,
      retryAt: startOf(addDays(today, 1), profile),
    },
  };
}

/**
 * After a person was left without an agent: once more with an agent reserved, otherwise on the next
 * day.
 */
export function redialRule(input: LimitInput): RuleAnswer {
  const { call, profile, now } = input;
  const today = dayOf(now, profile);
  const calls = callsOf(input);
  const abandoned = calls.filter((one) => one.abandoned && dayTried(one, input) === today);
  const last = abandoned.toSorted((a, b) => b.at - a.at)[0];
  if (!last) return { detail: 'none abandoned today' };
  const detail = `${abandoned.length} abandoned today`;
  const clause = `BR-20: ${profile.abandonment.clause}`;
  const askedSince = isAskedCallback(input) && (call.callbackAskedAt ?? 0) > last.at;
  if (askedSince) return { detail: `${detail}; callback asked for since` };
  const isGuaranteed = call.contact.purpose === 'redial-after-abandonment';
  const wasRedialed = calls.some((one) => one.counts && one.at > last.at);
  if (!isGuaranteed || wasRedialed || abandoned.length > 1) {
    const retryAt = startOf(addDays(today, 1), profile);
    return { detail, refusal: { reason: 'redial-after-abandonment', clause, retryAt } };
  }
  const retryAt = (last.endedAt ?? last.at) + profile.abandonment.redialAfterMs;
  if (now >= retryAt) return { detail };
  return { detail, refusal: { reason: 'redial-after-abandonment', clause, retryAt } };
}

export function isInFlight(attempt: PastAttempt): boolean {
  return attempt.counts && attempt.outcome === undefined && attempt.endedAt === undefined;
}

/**
 * A callback that the debtor asked for is their wish and not pressure, so it passes our own caps
 * and gaps once. An attempt since the request has used it up. The law's windows and caps still
 * hold.
 */
function isAskedCallback(input: LimitInput): boolean {
  const { call, now } = input;
  const askedAt = call.callbackAskedAt;
  if (call.contact.purpose !== 'callback' || askedAt === undefined || askedAt > now) return false;
  return !callsOf(input).some(
    (one) => one.counts && one.debtorId === call.debtorId && one.at > askedAt,
  );
}

/**
 * The network said that this very number does not exist. That disturbed nobody, so other numbers
 * may be tried at once. This number waits, whether the answer is believed or not; otherwise it
 * would be the only one left to try again and again.
 */
function isDead(attempt: PastAttempt, call: LimitedCall): boolean {
  return attempt.outcome === 'invalid-number' && isSamePoint(attempt.to, call.contact);
}

function concerns(attempt: PastAttempt, call: LimitedCall): boolean {
  return attempt.debtorId === call.debtorId || isSamePoint(attempt.to, call.contact);
}

/** The attempts that the profile's limits may count: those to the person or to the number. */
function callsOf({ attempts, call }: LimitInput): readonly PastAttempt[] {
  return attempts.filter((one) => concerns(one, call) && COUNTED.profile.has(one.to.channel));
}

/**
 * The abandoned attempt that a redial makes up for; the gap after it is the profile's
 * `redialAfterMs`.
 */
function redialedAbandonment(input: LimitInput): PastAttempt | undefined {
  const { call } = input;
  if (call.contact.purpose !== 'redial-after-abandonment') return undefined;
  return callsOf(input)
    .filter((one) => one.abandoned)
    .toSorted((a, b) => b.at - a.at)[0];
}

function gapAfter(
  attempt: PastAttempt,
  call: LimitedCall,
  { frequency }: ComplianceProfile,
): { readonly gapMs: DurationMs; readonly reason: RefusalReason } {
  if (attempt.outcome === 'busy') {
    return { gapMs: frequency.gapAfterBusyMs, reason: 'gap-after-busy' };
  }
  const onPhone = isSamePoint(attempt.to, call.contact);
  const onPerson = attempt.debtorId === call.debtorId;
  if (onPhone && (!onPerson || frequency.gapPhoneMs >= frequency.gapPersonMs)) {
    return { gapMs: frequency.gapPhoneMs, reason: 'gap-phone' };
  }
  return { gapMs: frequency.gapPersonMs, reason: 'gap-person' };
}

type Tally = {
  /** Contacts with the person, on every channel that a state's law counts. */
  readonly contactsToday: number;
  readonly personToday: number;
  readonly person7Days: number;
  readonly personMonth: number;
  readonly phoneToday: number;
  /** The day of each counted attempt to the person. */
  readonly personDays: readonly IsoDate[];
};

function tallyOf(input: LimitInput, today: IsoDate): Tally {
  const { call, attempts } = input;
  const ofPerson = attempts.filter((one) => one.counts && one.debtorId === call.debtorId);
  const contacts = ofPerson.filter(({ to }) => COUNTED.law.has(to.channel));
  const counted = callsOf(input).filter((one) => one.counts);
  const personDays = counted
    .filter((one) => one.debtorId === call.debtorId)
    .map((one) => dayTried(one, input));
  const phoneDays = counted
    .filter((one) => isSamePoint(one.to, call.contact))
    .map((one) => dayTried(one, input));
  const weekBegins = addDays(today, -6);
  const month = today.slice(0, 7);
  return {
    contactsToday: contacts.filter((one) => dayTried(one, input) === today).length,
    personToday: personDays.filter((day) => day === today).length,
    person7Days: personDays.filter((day) => day >= weekBegins && day <= today).length,
    personMonth: personDays.filter((day) => day.startsWith(month)).length,
    phoneToday: phoneDays.filter((day) => day === today).length,
    personDays,
  };
}

type CapRefusal = { readonly reason: RefusalReason; readonly retryAt: EpochMs };

function cap(
  reason: RefusalReason,
  count: number,
  max: number,
  retryAt: EpochMs | (() => EpochMs),
): CapRefusal | undefined {
  if (count < max) return undefined;
  return { reason, retryAt: typeof retryAt === 'number' ? retryAt : retryAt() };
}

function longest(refusals: readonly (CapRefusal | undefined)[]): CapRefusal | undefined {
  return refusals.filter((one) => one !== undefined).toSorted((a, b) => b.retryAt - a.retryAt)[0];
}

/** The first day on which its seven days have room again. */
function sevenDaysFreeAt(
  days: readonly IsoDate[],
  today: IsoDate,
  profile: ComplianceProfile,
): EpochMs {
  const max = profile.frequency.attemptsPerPerson7DaysMax;
  for (let ahead = 1; ahead < 7; ahead += 1) {
    const from = addDays(today, ahead - 6);
    if (days.filter((day) => day >= from).length < max) {
      return startOf(addDays(today, ahead), profile);
    }
  }
  return startOf(addDays(today, 7), profile);
}

function firstOfNextMonth(day: IsoDate): IsoDate {
  return `${addDays(`${day.slice(0, 7)}-28` as IsoDate, 4).slice(0, 7)}-01` as IsoDate;
}

/**
 * The day of an attempt. One that lies in the future was written by a clock that was ahead; it
 * counts today until its day comes.
 */
function dayTried({ at }: PastAttempt, { profile, now }: LimitInput): IsoDate {
  return dayOf(Math.min(at, now), profile);
}

function dayOf(moment: EpochMs, profile: ComplianceProfile): IsoDate {
  return localTime(moment, profile.zone).date;
}

function startOf(day: IsoDate, profile: ComplianceProfile): EpochMs {
  return momentOf(day, 0, profile.zone);
}
