import type { BoardAbandonment, ScreeningReport } from '../../protocol/supervisor.ts';

/** Fewer machine verdicts checked by agents say little of how many of them were people. */
const JUDGED_MIN = 30;

/**
 * Whether agents found more people among the calls taken for machines than the profile's estimate, so
 * that the rate of abandonment looks better than it is: whoever was hung up as a machine was abandoned.
 */
export function isRateTooGood(
  { judged, people }: Pick<ScreeningReport, 'judged' | 'people'>,
  { falseMachineShare }: Pick<BoardAbandonment, 'falseMachineShare'>,
): boolean {
  return judged >= JUDGED_MIN && people > falseMachineShare * judged;
}
