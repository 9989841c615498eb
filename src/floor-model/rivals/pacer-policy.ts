/** Our own pacer as a policy of the floor. Two of its modes are the simplest rivals. */

import { createPacer } from '../../domain/pacing/pacer.ts';
import type { Pacer, PacingSettings } from '../../domain/pacing/pacing-interface.ts';
import type { DurationMs } from '../../lib/time.ts';
import type { FloorPolicy } from './rival.ts';

/** The tick of our engine. */
const PLAN_EVERY_MS: DurationMs = 250;

/** A pacer of ours with these settings. One policy serves one run. */
export function pacerPolicy(name: string, settings: PacingSettings): FloorPolicy {
  const pacer: Pacer = createPacer(settings);
  return {
    name,
    planEveryMs: PLAN_EVERY_MS,
    planOnEvents: true,
    observe: (observation) => pacer.observe(observation),
    plan: (snapshot) => pacer.plan(snapshot),
  };
}

/** One call on the way for each free agent. */
export function progressive(settings: PacingSettings): FloorPolicy {
  return pacerPolicy('progressive', { ...settings, mode: 'progressive' });
}

/**
 * A fixed number of lines for each free agent, at least 1. Our pacer falls back to one to one while
 * the day is over its cap; most dialers' ratio does not, so `guarded: false` removes the cap.
 */
export function fixedRatio(
  ratio: number,
  settings: PacingSettings,
  { guarded = false }: { readonly guarded?: boolean } = {},
): FloorPolicy {
  const abandonment = {
    ...settings.abandonment,
    rateMax: guarded ? settings.abandonment.rateMax : 1,
  };
  return pacerPolicy(`ratio-${ratio}`, { ...settings, mode: 'ratio', ratio, abandonment });
}
