/**
 * Whose turn it is where several want what there is not enough of. Each has been `served` so much, by
 * weight, and whoever was given least comes next: campaigns for the next call of their dialing group,
 * dialing groups for a free agent whom they share, and for lines of trunks that have not enough for all.
 */

/** A weight of nothing still gets something, in a very long time. */
const WEIGHT_MIN = 1e-6;
/** So many turns in a row may be given to whoever is behind. */
const TURNS_BEHIND_MAX = 10;

export type FairTurn = { readonly served: number; readonly weight: number };

/** What somebody has been served once they are given so much more. */
export function servedWith(served: number, given: number, weight: number): number {
  return served + given / Math.max(WEIGHT_MIN, weight);
}

/**
 * What somebody has been served who could not use what they were given: as much as anybody, and one more,
 * so that everybody else comes first.
 */
export function servedPassing(everybody: readonly number[], weight: number): number {
  return servedWith(Math.max(...everybody), 1, weight);
}

/**
 * Whoever joins late or was held back does not catch up with all that was missed: they are behind whoever
 * was served most by so many turns of their own at most.
 */
export function servedAtLeast({ served, weight }: FairTurn, most: number): number {
  return Math.max(served, servedWith(most, -TURNS_BEHIND_MAX, weight));
}

/** What one of everybody has been served once they are given so much more in their turn. */
export function servedInTurn(
  turn: FairTurn,
  given: number,
  everybody: readonly FairTurn[],
): number {
  const most = Math.max(...everybody.map(({ served }) => served));
  return servedWith(servedAtLeast(turn, most), given, turn.weight);
}

/** Everybody, whoever was served least first. */
export function inTurn<Claimant>(
  everybody: readonly Claimant[],
  turnOf: (claimant: Claimant) => FairTurn,
): readonly Claimant[] {
  if (everybody.length < 2) return everybody;
  const most = Math.max(...everybody.map((one) => turnOf(one).served));
  const turns = everybody.map((one) => ({ one, served: servedAtLeast(turnOf(one), most) }));
  return turns.sort((left, right) => left.served - right.served).map(({ one }) => one);
}

/** What each has been served, where whoever claims nothing begins where those who do have got to. */
export function withoutOldClaims(
  turns: readonly { readonly served: number; readonly claims: boolean }[],
): readonly number[] {
  const least = Math.min(...turns.map(({ served, claims }) => (claims ? served : Infinity)));
  return turns.map(({ served, claims }) =>
    claims || least === Infinity ? served : Math.max(served, least),
  );
}

/** Whoever has the least, the first of those who have as little; undefined of nobody. */
export function leastServed<Claimant>(
  claimants: Iterable<Claimant>,
  servedOf: (claimant: Claimant) => number,
): Claimant | undefined {
  let next: Claimant | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const claimant of claimants) {
    const served = servedOf(claimant);
    if (next !== undefined && served >= least) continue;
    next = claimant;
    least = served;
  }
  return next;
}
