/**
 * The repute of a number that we show. The network refuses calls from a number that its analytics
 * distrust (SIP 608, RFC 8688), and people mark a number as unwanted (607, RFC 8197). Both are
 * about the number; the first is not a refusal by the person called. A number that is refused often
 * rests: dialing on with it makes its repute worse, and another number of ours may get through.
 */
import { type DurationMs, type EpochMs, MINUTE_MS } from '../../lib/time.ts';
import type { CallOutcome } from '../calls/outcome.ts';

/** Ended calls with the number over which its repute is judged. */
export const CALLER_ID_ENDS_MAX = 50;
const REFUSALS_MIN = 3;
/** Largest share of refusals among them. Carriers' own blocks begin far above. */
const REFUSED_SHARE_MAX = 0.1;
/** Reputes change over hours and days; half an hour finds out without using up the list. */
const REST_MS: DurationMs = 30 * MINUTE_MS;

export type CallerIdHealth = {
  /** What the network or the person said of the number, newest last. */
  readonly recent: readonly ('refused' | 'unwanted' | 'fine')[];
  /** The latest rest, with how many calls were refused before it; absent when it never rested. */
  readonly rest?: {
    readonly from: EpochMs;
    readonly until: EpochMs;
    readonly refused: number;
    readonly of: number;
  };
};

export const UNJUDGED: CallerIdHealth = { recent: [] };

/**
 * The health after a call with this number ended; a rest that begins with it has `now` as its
 * `from`.
 */
export function healthAfter(
  health: CallerIdHealth,
  outcome: CallOutcome,
  now: EpochMs,
): CallerIdHealth {
  // Calls that were under way when the rest began say nothing new.
  if (health.rest && now < health.rest.until) return health;
  const said: CallerIdHealth['recent'][number] =
    outcome === 'spam-refused' ? 'refused' : outcome === 'unwanted' ? 'unwanted' : 'fine';
  const recent = [...health.recent, said].slice(-CALLER_ID_ENDS_MAX);
  const refused = recent.filter((one) => one !== 'fine').length;
  const isFallen = refused >= REFUSALS_MIN && refused >= recent.length * REFUSED_SHARE_MAX;
  if (said === 'fine' || !isFallen) return { ...health, recent };
  const rest = { from: now, until: now + REST_MS, refused, of: recent.length };
  // After the rest the number is judged by its new calls.
  return { recent: [], rest };
}
