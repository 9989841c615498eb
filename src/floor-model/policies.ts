/** The compared policies, by name. */
import type { PacingSettings } from '../domain/pacing/pacing-interface.ts';
import { unreachable } from '../lib/assert.ts';
import { clairvoyant } from './bound/clairvoyant.ts';
import { runFloor } from './floor.ts';
import type { FloorOptions } from './ground.ts';
import { fixedRatio, pacerPolicy, progressive } from './rivals/pacer-policy.ts';
import type { FloorPolicy } from './rivals/rival.ts';
import { vicidialAdaptive, vicidialFixed } from './rivals/vicidial.ts';
import type { FloorScenario } from './scenario.ts';
import { figuresOf } from './tally.ts';

export const COMPARED_POLICIES = [
  'ours',
  'ours-greeting',
  'ours-cancel',
  'progressive',
  'ratio-2',
  'ratio-3',
  'vicidial',
  'vicidial-average',
  'vicidial-tapered',
  'vicidial-hindsight',
  'clairvoyant',
] as const;
export type ComparedPolicy = (typeof COMPARED_POLICIES)[number];

export const isComparedPolicy = (name: string): name is ComparedPolicy =>
  (COMPARED_POLICIES as readonly string[]).includes(name);

/** Start of the clock of abandonment on a floor under this policy. */
export function clockOf(policy: ComparedPolicy): FloorOptions['clockStart'] {
  return policy === 'ours-greeting' ? 'greeting-ended' : 'answered';
}

/** The settings our pacer gets for a floor. */
export function settingsFor(policy: ComparedPolicy, scenario: FloorScenario): PacingSettings {
  return {
    mode: 'predictive',
    abandonment: {
      rateMax: scenario.rateMax,
      waitMaxMs: scenario.waitMaxMs,
      clockStart: clockOf(policy),
      earlyHangUpCounts: scenario.earlyHangUpCounts,
    },
    ringTimeoutMs: scenario.ringTimeoutMs,
    ...(policy === 'ours-cancel' ? { cancelAfterRingingMs: 15_000 } : {}),
  };
}

/** A fresh policy for one run. `level` is VICIdial's level tuned in hindsight. */
export function policyFor(
  name: ComparedPolicy,
  scenario: FloorScenario,
  level: number | undefined,
): FloorPolicy {
  const settings = settingsFor(name, scenario);
  switch (name) {
    case 'ours':
    case 'ours-greeting':
    case 'ours-cancel':
      return pacerPolicy(name, settings);
    case 'progressive':
      return progressive(settings);
    case 'ratio-2':
      return fixedRatio(2, settings);
    case 'ratio-3':
      return fixedRatio(3, settings);
    case 'vicidial':
      return vicidialAdaptive('adapt-hard-limit');
    case 'vicidial-average':
      return vicidialAdaptive('adapt-average');
    case 'vicidial-tapered':
      return vicidialAdaptive('adapt-tapered');
    case 'vicidial-hindsight':
      return vicidialFixed(level ?? 1);
    case 'clairvoyant':
      return clairvoyant();
    default:
      return unreachable(name);
  }
}

const LEVEL_MAX = 12;
const LEVEL_STEPS = 9;

/**
 * VICIdial's best fixed level in hindsight: the highest that stays under the cap on these very
 * seeds.
 */
export function tuneLevel(scenario: FloorScenario, seeds: readonly number[]): number {
  let low = 1;
  let high = LEVEL_MAX;
  for (let step = 0; step < LEVEL_STEPS; step += 1) {
    const level = (low + high) / 2;
    const tallies = seeds.map((seed) =>
      runFloor({ scenario, policy: vicidialFixed(level), seed, clockStart: 'answered' }),
    );
    if (figuresOf(tallies, scenario.rateMax).abandonment <= scenario.rateMax) low = level;
    else high = level;
  }
  return low;
}
