import type { DurationMs } from '../../lib/time.ts';
import type { ComplianceProfile } from '../compliance/profile.ts';
import type { Campaign } from './campaign.ts';
import { boundsWithin, type CampaignPacing, type LimitName, SETTINGS } from './settings.ts';

/** A supervisor's clamps on the calls on the way, and when one that rings may be given up; absent: none. */
export type Limits = {
  readonly linesPerAgentMax?: number;
  readonly linesPerAgentMin?: number;
  readonly cancelAfterRingingMs?: DurationMs;
} & { readonly [Name in LimitName]?: number };

/** The limits that stand, of those which the mode has. */
export function limitsOf(pacing: CampaignPacing): Limits {
  const { mode: _mode, linesMax: _lines, ...limits } = pacing;
  if (!('ratio' in limits)) return limits;
  const { ratio: _ratio, ...others } = limits;
  return others;
}

/** The limits as far as the compliance profile lets them be. */
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
