/** Tasks for the processes of the pacing comparison, and their answers. */

import type { Effort } from '../../src/floor-model/comparison-rows.ts';
import type { ComparedPolicy } from '../../src/floor-model/policies.ts';
import type { FloorTally } from '../../src/floor-model/tally.ts';

export type BenchTask = {
  readonly file: string;
  readonly rowId: string;
  readonly effort: Effort;
} & (
  | {
      readonly kind: 'run';
      readonly policy: ComparedPolicy;
      readonly seed: number;
      readonly level?: number;
    }
  | { readonly kind: 'tune'; readonly seeds: readonly number[] }
  | { readonly kind: 'bound' }
);

/**
 * Counts of plan times, in logarithmic steps of microseconds: {@link COST_STEPS_PER_DOUBLING} per
 * doubling.
 */
export type CostCounts = Record<string, number>;
export const COST_STEPS_PER_DOUBLING = 8;

export type BenchAnswer =
  | {
      readonly kind: 'run';
      readonly tally: FloorTally;
      readonly costs: CostCounts;
      readonly cpuMs: number;
    }
  | { readonly kind: 'tune'; readonly level: number; readonly cpuMs: number }
  | {
      readonly kind: 'bound';
      readonly utilisation: number;
      readonly how: string;
      readonly cpuMs: number;
    };
