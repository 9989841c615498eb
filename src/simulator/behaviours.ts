/** How telephones of simulated debtors behave; the codes are those that real carriers gave. */
import type { Behaviour } from './network.ts';

/** Rings after half a second, answers after five, talks for half a minute. */
export const PERSON_TALKS: Behaviour = {
  ringsAfterMs: 500,
  answersAfterMs: 5_000,
  hangsUpAfterMs: 30_000,
};

/** Answers after five seconds and waits for ever. */
export const PERSON_STAYS: Behaviour = { ringsAfterMs: 500, answersAfterMs: 5_000 };

export const RINGS_FOREVER: Behaviour = { ringsAfterMs: 500 };

/** Nothing comes back but a 100. */
export const SILENCE: Behaviour = {};

export const BUSY: Behaviour = { fails: { afterMs: 1_500, cause: 17, techCause: 486 } };

export const REJECTED: Behaviour = {
  ringsAfterMs: 500,
  fails: { afterMs: 4_000, cause: 21, techCause: 603 },
};

export const NO_SUCH_NUMBER: Behaviour = { fails: { afterMs: 800, cause: 1, techCause: 404 } };

export const CONGESTION: Behaviour = { fails: { afterMs: 200, cause: 34, techCause: 503 } };

export const CALLER_ID_REFUSED: Behaviour = { fails: { afterMs: 200, cause: 21, techCause: 403 } };

/** Picks up after so long, and hangs up so long after that. */
export function personWho(answersAfterMs: number, hangsUpAfterMs?: number): Behaviour {
  return {
    ringsAfterMs: 500,
    answersAfterMs,
    ...(hangsUpAfterMs === undefined ? {} : { hangsUpAfterMs }),
  };
}
