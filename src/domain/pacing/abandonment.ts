/**
 * What abandonment is: the one place. A call that a person answered stands for something
 * ({@link standingOf}); standings are tallied by the moment of the answer ({@link tally}); a profile's
 * terms make a bank of the tallies of its window ({@link bankOf}). Pacing, screens and reports all
 * read that bank. Each campaign has its own: abandonment is never averaged across campaigns.
 */
import { unreachable } from '../../lib/assert.ts';
import {
  addDays,
  DAY_MS,
  type DurationMs,
  type EpochMs,
  HOUR_MS,
  localTime,
  MINUTE_MS,
  momentOf,
  startOfLocalDay,
  type ZoneName,
} from '../../lib/time.ts';
import type { Call, ClockStart } from '../calls/call.ts';

/**
 * What the abandoned are divided by.
 * - `people-answered`: everybody who answered, whatever became of them.
 * - `abandoned-and-connected`: the abandoned and those who were given to an agent, with the people
 *   whom screening took for machines in both parts of the fraction (Ofcom, persistent misuse, 2010).
 */
export type AbandonmentDenominator = 'people-answered' | 'abandoned-and-connected';

/** Over which the rate is taken. The rolling ones begin on a full quarter of an hour. */
export type AbandonmentWindow = 'calendar-day' | 'rolling-24-hours' | 'rolling-30-days';

/** The terms of a compliance profile. */
export type AbandonmentTerms = {
  /** The most that may be abandoned of the denominator, 0 to 1. */
  readonly rateMax: number;
  /** How long a person may wait for an agent. */
  readonly waitMaxMs: DurationMs;
  readonly clockStart: ClockStart;
  readonly denominator: AbandonmentDenominator;
  readonly window: AbandonmentWindow;
  /** Share of the cap at which the supervisor is told, 0 to 1. */
  readonly alarmShare: number;
  /** Whether a person who hangs up before the limit counts as abandoned; otherwise they are shown apart. */
  readonly earlyHangUpCounts: boolean;
  /** Of the calls hung up as machines, the share estimated to have been people, 0 to 1. */
  readonly falseMachineShare: number;
};

/**
 * What an answered call counts as.
 * - `waiting`: a person answered, and what becomes of them is open.
 * - `connected`: within the limit they had an agent.
 * - `abandoned`: they had none within it, whoever ended the call and whatever came later.
 * - `hung-up-waiting`: they hung up within it.
 * - `machine`: no person answered; only a false verdict counts, where the terms estimate those.
 */
export type Standing = 'waiting' | 'connected' | 'abandoned' | 'hung-up-waiting' | 'machine';

/** What the call counts as by what is known now; undefined while nobody answered. */
export function standingOf(
  call: Pick<Call, 'answeredAt' | 'connectedAt' | 'abandonment' | 'state'>,
): Standing | undefined {
  if (call.answeredAt === undefined) return undefined;
  if (call.state.kind === 'ended' && call.state.outcome === 'machine') return 'machine';
  switch (call.abandonment) {
    case 'limit':
    case 'late':
    case 'unattended':
    case 'cut-off':
      return 'abandoned';
    case 'hung-up-waiting':
      return 'hung-up-waiting';
    case undefined:
      return call.connectedAt === undefined ? 'waiting' : 'connected';
    default:
      return unreachable(call.abandonment);
  }
}

export const STANDINGS: readonly Standing[] = [
  'waiting',
  'connected',
  'abandoned',
  'hung-up-waiting',
  'machine',
];

/** Whether a person answered, as far as is known. */
export function isPerson(standing: Standing | undefined): boolean {
  return standing !== undefined && standing !== 'machine';
}

/**
 * The moment at which a person who still waits is abandoned: the limit after the clock's start.
 * Undefined while nobody answered.
 */
export function limitAt(
  call: Pick<Call, 'answeredAt' | 'greetingEndedAt' | 'waitMaxMs'>,
): EpochMs | undefined {
  const from = call.greetingEndedAt ?? call.answeredAt;
  return from === undefined ? undefined : from + call.waitMaxMs;
}

/**
 * The message has to be heard within the limit, not to be asked for at it: the PBX takes some
 * milliseconds to play, and so does a turn of ours on a busy day.
 */
export const MESSAGE_LEAD_MS: DurationMs = 100;

/** From when on no agent is sought for them any more, because the message begins. */
export function messageAt(call: Parameters<typeof limitAt>[0]): EpochMs | undefined {
  const at = limitAt(call);
  return at === undefined ? undefined : at - Math.min(MESSAGE_LEAD_MS, call.waitMaxMs);
}

/** Whether a person who still waits is abandoned by now. */
export function isPastLimit(call: Parameters<typeof limitAt>[0], now: EpochMs): boolean {
  return now >= (limitAt(call) ?? Number.POSITIVE_INFINITY);
}

// ── the tallies ─────────────────────────────────────────────────────────────────────────────────

/**
 * Every change of offset of the zones we serve falls on a quarter of an hour, so local midnight does
 * too. Part of what is stored and asked of the store by this length.
 */
export const TALLY_MS: DurationMs = 15 * MINUTE_MS;
const HALF_HOUR_MS = 30 * MINUTE_MS;
/** A clock that is set back by less than this still finds the window it had left. */
const KEPT_BEFORE_WINDOW_MS = 2 * HOUR_MS;

/** Answered calls of one quarter of an hour, by the moment of the answer. */
export type Tally = {
  readonly from: EpochMs;
  readonly calls: Readonly<Partial<Record<Standing, number>>>;
};

/** A campaign's tallies, oldest first, each quarter of an hour at most once. */
export type AbandonmentLedger = readonly Tally[];

/** The quarter of an hour that a moment falls into. */
export function tallyFrom(at: EpochMs): EpochMs {
  return Math.floor(at / TALLY_MS) * TALLY_MS;
}

/** The ledger after a call that was answered at `answeredAt` came to stand for something else. */
export function tally(
  ledger: AbandonmentLedger,
  answeredAt: EpochMs,
  before: Standing | undefined,
  after: Standing | undefined,
): AbandonmentLedger {
  if (before === after) return ledger;
  const from = tallyFrom(answeredAt);
  const found = ledger.findLastIndex((one) => one.from <= from);
  const here = ledger[found]?.from === from ? ledger[found] : { from, calls: {} };
  const changed = { from, calls: plus(plus(here.calls, before, -1), after, 1) };
  const earlier = ledger.slice(0, here === ledger[found] ? found : found + 1);
  return [...earlier, changed, ...ledger.slice(found + 1)];
}

function plus(calls: Tally['calls'], standing: Standing | undefined, by: 1 | -1): Tally['calls'] {
  if (standing === undefined) return calls;
  const { [standing]: known = 0, ...others } = calls;
  return known + by === 0 ? others : { ...others, [standing]: known + by };
}

/** Tallies from this moment on are worth keeping, in memory and from the store. */
export function keptFrom(window: AbandonmentWindow, now: EpochMs, zone: ZoneName): EpochMs {
  return windowOf(window, now, zone).from - KEPT_BEFORE_WINDOW_MS;
}

/** The ledger without what no window needs any more. */
export function forget(ledger: AbandonmentLedger, before: EpochMs): AbandonmentLedger {
  const [oldest] = ledger;
  if (!oldest || oldest.from + TALLY_MS > before) {
    return ledger;
  }
  return ledger.filter((one) => one.from + TALLY_MS > before);
}

// ── the bank ────────────────────────────────────────────────────────────────────────────────────

/**
 * - `ok`: less than the alarm's share of the cap is used.
 * - `alarm`: the alarm's share of it is used.
 * - `empty`: as many were abandoned as the cap allows, or more: one call for each free agent until
 *   answers have filled it again.
 */
export type BankState = 'ok' | 'alarm' | 'empty';

export type HalfHour = {
  readonly from: EpochMs;
  readonly answers: number;
  readonly abandoned: number;
};

/** A campaign's window so far. Fractions come of estimated false machine verdicts only. */
export type AbandonmentBank = {
  readonly windowFrom: EpochMs;
  /** The denominator. */
  readonly answers: number;
  /** The numerator. */
  readonly abandoned: number;
  /** Apart from the rate, unless the terms say that they count: then among the abandoned too. */
  readonly hungUpWaiting: number;
  readonly rateMax: number;
  /** Abandoned ÷ answers; 0 before the first answer. */
  readonly rate: number;
  /** How many the cap allows on the answers so far. */
  readonly allowed: number;
  /** Of those, how many are left; below 0 where the cap is broken. */
  readonly left: number;
  /** Abandoned ÷ allowed; 1 and more: empty. */
  readonly budgetUsed: number;
  readonly state: BankState;
};

/** The bank of the window that `now` falls into, in the profile's zone. */
export function bankOf(
  ledger: AbandonmentLedger,
  terms: AbandonmentTerms,
  now: EpochMs,
  zone: ZoneName,
): AbandonmentBank {
  const { from, tallies } = inWindow(ledger, terms, now, zone);
  const { answers, abandoned, hungUpWaiting } = counted(tallies, terms);
  const allowed = terms.rateMax * answers;
  const budgetUsed = allowed > 0 ? abandoned / allowed : Math.sign(abandoned);
  return {
    windowFrom: from,
    answers,
    abandoned,
    hungUpWaiting,
    rateMax: terms.rateMax,
    rate: answers > 0 ? abandoned / answers : 0,
    allowed,
    left: allowed - abandoned,
    budgetUsed,
    state: stateOf(abandoned, allowed, terms.alarmShare),
  };
}

function stateOf(abandoned: number, allowed: number, alarmShare: number): BankState {
  if (abandoned === 0) return 'ok';
  if (abandoned >= allowed) return 'empty';
  return abandoned >= alarmShare * allowed ? 'alarm' : 'ok';
}

/**
 * The half hour of the window with most people abandoned beyond what the cap allows on it; undefined
 * where nobody was. Not the one with the highest rate: one of one abandoned at the start of a shift is
 * 100 % and says little, six of sixty says much.
 */
export function worstHalfHourOf(
  ledger: AbandonmentLedger,
  terms: AbandonmentTerms,
  now: EpochMs,
  zone: ZoneName,
): HalfHour | undefined {
  const { tallies } = inWindow(ledger, terms, now, zone);
  let worst: HalfHour | undefined;
  for (const [index, { from }] of tallies.entries()) {
    const half = tallies.slice(index, index + 2).filter((one) => one.from < from + HALF_HOUR_MS);
    const { answers, abandoned } = counted(half, terms);
    const found = { from, answers, abandoned };
    const isWorse = !worst || beyondCap(found, terms) > beyondCap(worst, terms);
    if (abandoned > 0 && isWorse) worst = found;
  }
  return worst;
}

function beyondCap({ answers, abandoned }: HalfHour, { rateMax }: AbandonmentTerms): number {
  return abandoned - rateMax * answers;
}

type Counted = {
  readonly answers: number;
  readonly abandoned: number;
  readonly hungUpWaiting: number;
};

/** Numerator and denominator of some tallies under the terms. */
function counted(tallies: readonly Tally[], terms: AbandonmentTerms): Counted {
  const calls = { waiting: 0, connected: 0, abandoned: 0, 'hung-up-waiting': 0, machine: 0 };
  for (const one of tallies) {
    for (const standing of STANDINGS) calls[standing] += one.calls[standing] ?? 0;
  }
  const hungUpWaiting = calls['hung-up-waiting'];
  const falseMachines = terms.falseMachineShare * calls.machine;
  const abandoned = calls.abandoned + falseMachines + (terms.earlyHangUpCounts ? hungUpWaiting : 0);
  switch (terms.denominator) {
    case 'people-answered': {
      const people = calls.waiting + calls.connected + calls.abandoned + hungUpWaiting;
      return { answers: people + falseMachines, abandoned, hungUpWaiting };
    }
    case 'abandoned-and-connected':
      return { answers: abandoned + calls.connected, abandoned, hungUpWaiting };
    default:
      return unreachable(terms.denominator);
  }
}

function inWindow(
  ledger: AbandonmentLedger,
  { window }: AbandonmentTerms,
  now: EpochMs,
  zone: ZoneName,
): { readonly from: EpochMs; readonly tallies: readonly Tally[] } {
  const { from, to } = windowOf(window, now, zone);
  return { from, tallies: ledger.filter((one) => one.from >= from && one.from < to) };
}

/** The moments whose answers are in the window, its end not included. */
function windowOf(
  window: AbandonmentWindow,
  now: EpochMs,
  zone: ZoneName,
): { readonly from: EpochMs; readonly to: EpochMs } {
  switch (window) {
    case 'calendar-day':
      return {
        from: startOfLocalDay(now, zone),
        to: momentOf(addDays(localTime(now, zone).date, 1), 0, zone),
      };
    case 'rolling-24-hours':
      return { from: tallyFrom(now - DAY_MS), to: Number.POSITIVE_INFINITY };
    case 'rolling-30-days':
      return { from: tallyFrom(now - 30 * DAY_MS), to: Number.POSITIVE_INFINITY };
    default:
      return unreachable(window);
  }
}

// ── the alarm ───────────────────────────────────────────────────────────────────────────────────

/** What is remembered of a bank between two looks at it. */
export type BankWatch = {
  readonly state: BankState;
  /** Since when it is in this state. */
  readonly since: EpochMs;
};

/** Of a campaign whose bank was never looked at. */
export const FIRST_WATCH: BankWatch = { state: 'ok', since: 0 };

export type BankFact =
  /** The alarm's share of the cap is used. Once, and again only after it had recovered. */
  | {
      readonly kind: 'abandonment-alarm';
      readonly abandoned: number;
      readonly answers: number;
      readonly rateMax: number;
      /** Abandoned ÷ what the cap allows; 1 and more: the bank is empty. */
      readonly budgetUsed: number;
      readonly windowFrom: EpochMs;
    }
  /** As many were abandoned as the cap allows: from here on one call for each free agent. */
  | {
      readonly kind: 'abandonment-cap-reached';
      readonly abandoned: number;
      readonly answers: number;
      readonly rateMax: number;
      readonly windowFrom: EpochMs;
    }
  /** The bank is positive again, and the campaign's mode dials as it would. */
  | {
      readonly kind: 'abandonment-cap-left';
      readonly abandoned: number;
      readonly answers: number;
      readonly rateMax: number;
    }
  /** Answers, or a new window, brought it well below the alarm. */
  | {
      readonly kind: 'abandonment-recovered';
      readonly abandoned: number;
      readonly answers: number;
      readonly rateMax: number;
    };

/**
 * An alarm that is on stays on until so much of its share is used: eight tenths of the cap where it
 * begins at nine. A bank that lives near its cap, as a good day's does, would ring at every person.
 */
const ALARM_OFF_SHARE = 8 / 9;

/** The state to tell of: the bank's own, but an alarm ends only well below where it began. */
export function steadyState(
  before: BankState,
  { state, abandoned, budgetUsed }: AbandonmentBank,
  { alarmShare }: Pick<AbandonmentTerms, 'alarmShare'>,
): BankState {
  if (state !== 'ok' || before === 'ok' || abandoned === 0) return state;
  return budgetUsed >= ALARM_OFF_SHARE * alarmShare ? 'alarm' : 'ok';
}

/** Looks at the bank again. The same watch is returned where its state did not change. */
export function watchBank(
  watch: BankWatch,
  bank: AbandonmentBank,
  terms: Pick<AbandonmentTerms, 'alarmShare'>,
  now: EpochMs,
): { readonly watch: BankWatch; readonly facts: readonly BankFact[] } {
  const state = steadyState(watch.state, bank, terms);
  if (watch.state === state) return { watch, facts: [] };
  const { abandoned, answers, rateMax, budgetUsed, windowFrom } = bank;
  const common = { abandoned, answers, rateMax };
  const facts: BankFact[] = [];
  if (watch.state === 'ok') {
    facts.push({ kind: 'abandonment-alarm', ...common, budgetUsed, windowFrom });
  }
  if (state === 'empty') facts.push({ kind: 'abandonment-cap-reached', ...common, windowFrom });
  if (watch.state === 'empty') facts.push({ kind: 'abandonment-cap-left', ...common });
  if (state === 'ok') facts.push({ kind: 'abandonment-recovered', ...common });
  return { watch: { state, since: now }, facts };
}
