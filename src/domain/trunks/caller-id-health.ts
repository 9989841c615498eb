/**
 * The repute of a number that we show. The network refuses calls from one that its analytics distrust
 * (SIP 608, RFC 8688), and people mark one as unwanted (607, RFC 8197). Both are about the number, and the
 * first is no refusal of the person who was called. A number that is refused often rests: dialing on with
 * it makes its repute worse, and another number of ours may get through.
 */
import { type DurationMs, type EpochMs, MINUTE_MS } from '../../lib/time.ts';
import type { CallOutcome } from '../calls/outcome.ts';

/** Ends of calls that were dialed with it, over which its repute is judged. */
export const CALLER_ID_ENDS_MAX = 50;
const REFUSALS_MIN = 3;
/** Of the ends looked at. Carriers' own blocks begin far above. */
const REFUSED_SHARE_MAX = 0.1;
/** Reputes are made anew over hours and days; half an hour finds out without burning the list. */
const REST_MS: DurationMs = 30 * MINUTE_MS;

export type CallerIdHealth = {
  /** Newest last: what the network or the person said of the number. */
  readonly recent: readonly ('refused' | 'unwanted' | 'fine')[];
  /** How much of it was refused when it was last sent to rest; absent: it never was. */
  readonly rest?: {
    readonly from: EpochMs;
    readonly until: EpochMs;
    readonly refused: number;
    readonly of: number;
  };
};

export const UNJUDGED: CallerIdHealth = { recent: [] };

/** The health after a call with this number ended; a rest that began with it has `from` now. */
export function healthAfter(
  health: CallerIdHealth,
  outcome: CallOutcome,
  now: EpochMs,
): CallerIdHealth {
  const said: CallerIdHealth['recent'][number] =
    outcome === 'spam-refused' ? 'refused' : outcome === 'unwanted' ? 'unwanted' : 'fine';
  const recent = [...health.recent, said].slice(-CALLER_ID_ENDS_MAX);
  const refused = recent.filter((one) => one !== 'fine').length;
  const isFallen = refused >= REFUSALS_MIN && refused >= recent.length * REFUSED_SHARE_MAX;
  if (said === 'fine' || !isFallen) return { ...health, recent };
  // Calls that were on the way when the rest began say nothing new.
  if (health.rest && now < health.rest.until) return { ...health, recent };
  const rest = { from: now, until: now + REST_MS, refused, of: recent.length };
  // After the rest it is judged by what comes then.
  return { recent: [], rest };
}
