/** The bound for a floor whose day has several phases. */
import type { ComparisonRow } from '../comparison-rows.ts';
import { type UtilisationBound, utilisationBound } from './utilisation-bound.ts';

/**
 * Each phase at its own optimum, minus the unavoidable idle time. Changes between phases cost
 * nothing.
 */
export function rowBound(row: ComparisonRow): UtilisationBound {
  const { rateMax } = row.scenario;
  const phases = row.bound.map((phase) => ({
    share: phase.share,
    bound: utilisationBound({ ...phase, rateMax }),
  }));
  const utilisation = phases.reduce((sum, { share, bound }) => sum + share * bound.utilisation, 0);
  const [first] = phases;
  return {
    utilisation: utilisation * (1 - row.unavoidablyIdle),
    how: first?.bound.how ?? 'closed-form',
  };
}
