/**
 * Counts of answered calls by standing, for each quarter of an hour by the moment of the answer,
 * and which of these quarters a window contains. Each campaign has its own ledger.
 */
import { unreachable } from '../../lib/assert.ts';
import {
  DAY_MS,
  type DurationMs,
  type EpochMs,
  HOUR_MS,
  localDayOf,
  MINUTE_MS,
  type ZoneName,
} from '../../lib/time.ts';
import type { Standing } from '../calls/standing.ts';

/**
 * The time over which the rate is taken. The rolling windows begin on a full quarter of an hour.
 */
export type AbandonmentWindow = 'calendar-day' | 'rolling-24-hours' | 'rolling-30-days';

/**
 * Every change of offset in the zones we serve falls on a quarter of an hour, and so does local
 * midnight. Tallies are stored and read in this length.
 */
export const TALLY_MS: DurationMs = 15 * MINUTE_MS;
/** A clock set back by less than this still finds the window it had left. */
const KEPT_BEFORE_WINDOW_MS = 2 * HOUR_MS;

/** Answered calls of one quarter of an hour, by the moment of the answer. */
export type Tally = {
  readonly from: EpochMs;
  readonly calls: Readonly<Partial<Record<Standing, number>>>;
};

/** A campaign's tallies, oldest first, each quarter of an hour at most once. */
export type AbandonmentLedger = readonly Tally[];

/** The beginning of the quarter of an hour that contains a moment. */
export function tallyFrom(at: EpochMs): EpochMs {
  return Math.floor(at / TALLY_MS) * TALLY_MS;
}

/** The ledger after a call answered at `answeredAt` changed its standing. */
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

/** The moment from which tallies must be kept, in memory and from the store. */
export function keptFrom(window: AbandonmentWindow, now: EpochMs, zone: ZoneName): EpochMs {
  return windowOf(window, now, zone).from - KEPT_BEFORE_WINDOW_MS;
}

/** The ledger without the tallies that no window needs any more. */
export function forget(ledger: AbandonmentLedger, before: EpochMs): AbandonmentLedger {
  const [oldest] = ledger;
  if (!oldest || oldest.from + TALLY_MS > before) {
    return ledger;
  }
  return ledger.filter((one) => one.from + TALLY_MS > before);
}

/** The times of answers that the window contains, without its end. */
export function windowOf(
  window: AbandonmentWindow,
  now: EpochMs,
  zone: ZoneName,
): { readonly from: EpochMs; readonly to: EpochMs } {
  switch (window) {
    case 'calendar-day':
      return localDayOf(now, zone);
    case 'rolling-24-hours':
      return { from: tallyFrom(now - DAY_MS), to: Number.POSITIVE_INFINITY };
    case 'rolling-30-days':
      return { from: tallyFrom(now - 30 * DAY_MS), to: Number.POSITIVE_INFINITY };
    default:
      return unreachable(window);
  }
}
