import { type CountMoments, MatchedCount } from '../../../src/domain/pacing/count-distribution.ts';

/** P(demand ≥ certain + supply), where only mean and variance of both are known. */
export function chanceOfShortageMatched(
  demand: CountMoments,
  certain: number,
  supply: CountMoments,
): number {
  return new MatchedCount(demand).reaches(certain, new MatchedCount(supply));
}
