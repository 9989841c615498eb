/**
 * The bank: how many people were abandoned in a profile's window, and how many the cap allows.
 * Pacing, screens and reports all read this figure. Each campaign has its own bank: abandonment is
 * never averaged across campaigns.
 */
import { unreachable } from '../../lib/assert.ts';
import { type DurationMs, type EpochMs, MINUTE_MS, type ZoneName } from '../../lib/time.ts';
import type { ClockStart } from '../calls/call.ts';
import { STANDINGS } from '../calls/standing.ts';
import { MEASURES, measured } from '../reports/measures.ts';
import { type AbandonmentLedger, type AbandonmentWindow, type Tally, windowOf } from './ledger.ts';

/**
 * The denominator of the rate.
 * - `people-answered`: everybody who answered, whatever became of them.
 * - `abandoned-and-connected`: the abandoned and those given to an agent, with the people whom
 *   screening took for machines in both parts of the fraction (Ofcom, persistent misuse, 2010).
 */
export type AbandonmentDenominator = 'people-answered' | 'abandoned-and-connected';

/** The abandonment terms of a compliance profile. */
export type AbandonmentTerms = {
  /** The largest allowed share of the denominator, 0 to 1. */
  readonly rateMax: number;
  /** How long a person may wait for an agent. */
  readonly waitMaxMs: DurationMs;
  readonly clockStart: ClockStart;
  readonly denominator: AbandonmentDenominator;
  readonly window: AbandonmentWindow;
  /** Share of the cap at which the supervisor is warned, 0 to 1. */
  readonly alarmShare: number;
  /**
   * Whether a person who hangs up before the limit counts as abandoned; otherwise they are shown
   * separately.
   */
  readonly earlyHangUpCounts: boolean;
  /** Estimated share of people among the calls hung up as machines, 0 to 1. */
  readonly falseMachineShare: number;
};

const HALF_HOUR_MS = 30 * MINUTE_MS;

/**
 * The state of a bank.
 * - `ok`: less than the alarm's share of the cap is used.
 * - `alarm`: the alarm's share of it is used.
 * - `empty`: as many were abandoned as the cap allows, or more; one call for each free agent until
 *   answers have filled it again.
 */
export type BankState = 'ok' | 'alarm' | 'empty';

export type HalfHour = {
  readonly from: EpochMs;
  readonly answers: number;
  readonly abandoned: number;
};

/**
 * The bank of a campaign's window so far. Counts are whole unless false machine verdicts are
 * estimated.
 */
export type AbandonmentBank = {
  readonly windowFrom: EpochMs;
  /** The denominator. */
  readonly answers: number;
  /** The numerator. */
  readonly abandoned: number;
  /** Outside the rate, unless the terms count them; then they are among the abandoned too. */
  readonly hungUpWaiting: number;
  readonly rateMax: number;
  /** Abandoned ÷ answers; 0 before the first answer. */
  readonly rate: number;
  /** How many the cap allows for the answers so far. */
  readonly allowed: number;
  /** How many more the cap allows; below 0 when it is exceeded. */
  readonly left: number;
  /** Abandoned ÷ allowed; the bank is empty from 1 on. */
  readonly budgetUsed: number;
  readonly state: BankState;
};

/** The bank of the window that contains `now`, in the profile's zone. */
export function bankOf(
  ledger: AbandonmentLedger,
  terms: AbandonmentTerms,
  now: EpochMs,
  zone: ZoneName,
): AbandonmentBank {
  const { from, to } = windowOf(terms.window, now, zone);
  const known = banks.get(ledger);
  if (known?.terms === terms && known.from === from && known.to === to) return known.bank;
  const bank = bankOfWindow(ledger, terms, { from, to });
  banks.set(ledger, { terms, from, to, bank });
  return bank;
}

type Window = { readonly from: EpochMs; readonly to: EpochMs };

/** A ledger never changes, and its bank is asked for many times a second. */
const banks = new WeakMap<
  AbandonmentLedger,
  Window & { readonly terms: AbandonmentTerms; readonly bank: AbandonmentBank }
>();

function bankOfWindow(
  ledger: AbandonmentLedger,
  terms: AbandonmentTerms,
  window: Window,
): AbandonmentBank {
  const { answers, abandoned, hungUpWaiting } = counted(inWindow(ledger, window), terms);
  const allowed = terms.rateMax * answers;
  const budgetUsed = allowed > 0 ? abandoned / allowed : Math.sign(abandoned);
  return {
    windowFrom: window.from,
    answers,
    abandoned,
    hungUpWaiting,
    rateMax: terms.rateMax,
    rate: measured(MEASURES.abandonment, { abandoned, answers }) ?? 0,
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
 * The half hour of the window with the most people abandoned beyond what the cap allows for it;
 * undefined when nobody was. It is not the one with the highest rate: one of one abandoned at the
 * start of a shift is 100 % and says little, six of sixty says much.
 */
export function worstHalfHourOf(
  ledger: AbandonmentLedger,
  terms: AbandonmentTerms,
  now: EpochMs,
  zone: ZoneName,
): HalfHour | undefined {
  const tallies = inWindow(ledger, windowOf(terms.window, now, zone));
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

/** Numerator and denominator of some tallies, by the terms. */
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

function inWindow(ledger: AbandonmentLedger, { from, to }: Window): readonly Tally[] {
  return ledger.filter((one) => one.from >= from && one.from < to);
}
