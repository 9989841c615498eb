import type { DurationMs } from '../../lib/time.ts';
import type { ComplianceProfile } from '../compliance/profile.ts';
import type { Campaign } from './campaign.ts';
import { boundsWithin, type CampaignPacing, type LimitName, SETTINGS } from './settings.ts';

/**
 * A supervisor's clamps on the calls under way, and when a ringing call may be given up; each is
 * absent for no limit.
 */
export type Limits = {
  readonly linesPerAgentMax?: number;
  readonly linesPerAgentMin?: number;
  readonly cancelAfterRingingMs?: DurationMs;
} & { readonly [Name in LimitName]?: number };

/** The campaign's limits, as far as its mode has them. */
export function limitsOf(pacing: CampaignPacing): Limits {
  const { mode: _mode, linesMax: _lines, ...limits } = pacing;
  if (!('ratio' in limits)) return limits;
  const { ratio: _ratio, ...others } = limits;
  return others;
}

/** The limits, narrowed to what the compliance profile allows. */
export function limitsInForce(
  { pacing }: Pick<Campaign, 'pacing'>,
  ring: ComplianceProfile['ring'],
): Limits {
  const { cancelAfterRingingMs: askedMs, ...limits } = limitsOf(pacing);
  const entry = SETTINGS.cancelAfterRingingMs;
  const allowed = entry.inProfile({ ring });
  if (askedMs === undefined || allowed.forbidden) return limits;
  return { ...limits, cancelAfterRingingMs: Math.max(askedMs, boundsWithin(entry, allowed).min) };
}
