import type { BoardAbandonment, ScreeningReport } from '../../protocol/supervisor.ts';

/** Checked machine verdicts needed before their share of people says anything. */
const JUDGED_MIN = 30;

/**
 * Whether agents found more people among the machine verdicts than the profile estimates. The
 * abandonment rate then looks better than it is, because a person hung up as a machine was
 * abandoned.
 */
export function isRateTooGood(
  { judged, people }: Pick<ScreeningReport, 'judged' | 'people'>,
  { falseMachineShare }: Pick<BoardAbandonment, 'falseMachineShare'>,
): boolean {
  return judged >= JUDGED_MIN && people > falseMachineShare * judged;
}
