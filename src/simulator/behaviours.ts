/** How the telephones of simulated debtors behave; the codes are those of real carriers. */

import { given } from '../lib/given.ts';
import type { Random } from '../lib/random.ts';
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

/** The call gets nothing but a 100. */
export const SILENCE: Behaviour = {};

export const BUSY: Behaviour = { fails: { afterMs: 1_500, cause: 17, techCause: 486 } };

export const REJECTED: Behaviour = {
  ringsAfterMs: 500,
  fails: { afterMs: 4_000, cause: 21, techCause: 603 },
};

export const NO_SUCH_NUMBER: Behaviour = { fails: { afterMs: 800, cause: 1, techCause: 404 } };

export const CONGESTION: Behaviour = { fails: { afterMs: 200, cause: 34, techCause: 503 } };

/** A gateway's 503, whose Reason header says that the number does not exist. */
export const NO_SUCH_NUMBER_BY_REASON: Behaviour = {
  fails: { afterMs: 800, cause: 34, techCause: 503, reasonCause: 1 },
};

/** The person called has marked us as unwanted. */
export const UNWANTED: Behaviour = { fails: { afterMs: 900, cause: 127, techCause: 607 } };

/** The network does not carry calls from the number we show. */
export const REPUTE_REFUSED: Behaviour = { fails: { afterMs: 300, cause: 127, techCause: 608 } };

/** A 300, as the PBX ends the call when the redirection wins the race. */
export const FORWARDED: Behaviour = { fails: { afterMs: 400, cause: 16, techCause: 300 } };

/** A 200 without SDP: the leg is up and gone in the same moment. */
export const ANSWERS_WITHOUT_MEDIA: Behaviour = {
  ringsAfterMs: 500,
  answersAfterMs: 5_000,
  fails: { afterMs: 5_002, cause: 127, techCause: 406 },
};

export const CALLER_ID_REFUSED: Behaviour = { fails: { afterMs: 200, cause: 21, techCause: 403 } };

/** A person who answers after the first time and, if given, hangs up the second time later. */
export function personWho(answersAfterMs: number, hangsUpAfterMs?: number): Behaviour {
  return {
    ringsAfterMs: 500,
    answersAfterMs,
    ...given({ hangsUpAfterMs }),
  };
}

/**
 * Answers after five seconds and talks for twelve; nobody is there. Screening recognizes it after
 * 2.3 s.
 */
export const VOICEMAIL: Behaviour = {
  ringsAfterMs: 500,
  answersAfterMs: 5_000,
  hangsUpAfterMs: 12_000,
  screened: { verdict: 'machine', afterMs: 2_300 },
};

/** How often screening is wrong, 0 to 1, and how long it takes. */
export type ScreeningQuality = {
  /** Share of people taken for machines. */
  readonly falseMachines: number;
  /** Share of machines taken for people. */
  readonly missedMachines: number;
  /** Share of all answers left in doubt. */
  readonly unsure: number;
  readonly personMs: readonly [number, number];
  readonly machineMs: readonly [number, number];
};

/** As measured on the real PBX and the simulated carrier, with error rates of real calls. */
export const SCREENING_AS_MEASURED: ScreeningQuality = {
  falseMachines: 0.05,
  missedMachines: 0.1,
  unsure: 0.03,
  personMs: [1_300, 1_800],
  machineMs: [2_280, 2_460],
};

/** The same telephone, with screening's verdict about its answerer. */
export function screenedAs(
  behaviour: Behaviour,
  answers: 'person' | 'machine',
  quality: ScreeningQuality,
  random: Random,
): Behaviour {
  const [isUnsure, isWrong, share] = [random() < quality.unsure, random(), random()];
  const errors = answers === 'person' ? quality.falseMachines : quality.missedMachines;
  const other = answers === 'person' ? 'machine' : 'person';
  const heard = isWrong < errors ? other : answers;
  const [from, to] = heard === 'person' ? quality.personMs : quality.machineMs;
  const afterMs = Math.round(from + share * (to - from));
  return { ...behaviour, screened: { verdict: isUnsure ? 'unsure' : heard, afterMs } };
}
