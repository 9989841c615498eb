/**
 * Whose turn it is where several want what there is not enough of. Each has been `served` so much, by
 * weight, and the one who was given least comes next: campaigns for the next call of their dialing group,
 * dialing groups for a free agent whom they share, and for lines of trunks that have not enough for all.
 */

/** A weight of nothing still gets something, in a very long time. */
const WEIGHT_MIN = 1e-6;
/** The most turns in a row for one who is behind. */
const TURNS_BEHIND_MAX = 10;

export type FairTurn = { readonly served: number; readonly weight: number };

/** What somebody has been served once they are given so much more. */
export function servedWith(served: number, given: number, weight: number): number {
  return served + given / Math.max(WEIGHT_MIN, weight);
}

/**
 * The new `served` of one who could not use their turn: the highest of all and one turn more, so that
 * everybody else comes first.
 */
export function servedPassing(everybody: readonly number[], weight: number): number {
  return servedWith(Math.max(...everybody), 1, weight);
}

/**
 * What one who joins late or was held back counts as served: they do not catch up with all they missed,
 * and are at most {@link TURNS_BEHIND_MAX} turns of their own behind the one served most.
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

/** Everybody, beginning with the one served least. */
export function inTurn<Claimant>(
  everybody: readonly Claimant[],
  turnOf: (claimant: Claimant) => FairTurn,
): readonly Claimant[] {
  if (everybody.length < 2) return everybody;
  const most = Math.max(...everybody.map((one) => turnOf(one).served));
  const turns = everybody.map((one) => ({ one, served: servedAtLeast(turnOf(one), most) }));
  return turns.sort((left, right) => left.served - right.served).map(({ one }) => one);
}

/** What each counts as served: one who claims nothing now is not behind those who do. */
export function withoutOldClaims(
  turns: readonly { readonly served: number; readonly claims: boolean }[],
): readonly number[] {
  const least = Math.min(...turns.map(({ served, claims }) => (claims ? served : Infinity)));
  return turns.map(({ served, claims }) =>
    claims || least === Infinity ? served : Math.max(served, least),
  );
}

/** The one served least, of equals the first; undefined where there are none. */
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
