/**
 * What a simulated day is made of. It is all plain data, printed as one line before anything
 * happens; a day that went wrong is played again from that line, or from its seed.
 */
import type { AmdMode } from '../domain/calls/screening.ts';
import type { Deciding } from '../engine/draft.ts';
import { DAY_MS, type DurationMs, HOUR_MS, MINUTE_MS, SECOND_MS } from '../lib/time.ts';

export type DaySettings = {
  readonly seed: number;
  /** The name of the day; the other fields say what it means. */
  readonly scenario: string;
  /** ISO time with an offset, so that it is one moment. */
  readonly startsAt: string;
  readonly minutes: number;
  readonly agents: number;
  /** The second campaign shares agents, and a fifth of its debtors, with the first. */
  readonly campaigns: 1 | 2;
  readonly leads: number;
  /** Whether attempts earlier on the same date already fill some of the caps. */
  readonly history: boolean;
  readonly pacing: DayPacing;
  readonly ringTimeoutMs: DurationMs;
  readonly wrapUpMs: DurationMs;
  /** Whether, and when, the campaigns listen for answering machines. */
  readonly amd: AmdMode;
  readonly screening: ScreeningSettings;
  readonly network: NetworkSettings;
  readonly people: PeopleSettings;
  readonly floor: FloorSettings;
  readonly faults: FaultSettings;
  /** Whether a supervisor keeps changing the running campaigns. */
  readonly supervisor: boolean;
  /** Events, each of which happens once at its minute. */
  readonly events: readonly DayEvent[];
};

export type DayPacing =
  | { readonly mode: 'predictive' | 'progressive' }
  | { readonly mode: 'ratio'; readonly ratio: number };

/**
 * The behaviour of the carriers. Shares are of placed calls; all other calls reach a ringing
 * telephone.
 */
export type NetworkSettings = {
  /** Time from placing to ringing: minimum and mean. */
  readonly postDialMinMs: DurationMs;
  readonly postDialMeanMs: DurationMs;
  /** Share of numbers that do not exist, and never will. */
  readonly invalidShare: number;
  readonly busyShare: number;
  readonly rejectedShare: number;
  readonly congestionShare: number;
  /** Share of calls that get nothing but a 100. */
  readonly silenceShare: number;
  /** Share of the second trunk's calls; 0 without a second trunk. */
  readonly secondTrunkFailsShare: number;
};

/** Shares are of placed calls, averaged over the hours of the curve. */
export type PeopleSettings = {
  readonly answerRate: number;
  readonly machineRate: number;
  readonly curve: 'flat' | 'by-hour';
  /** Time from the first ring to the answer: minimum and mean. */
  readonly pickUpMinMs: DurationMs;
  readonly pickUpMeanMs: DurationMs;
  /** Mean time, exponential, for which a person waits on the line until somebody speaks. */
  readonly patienceMeanMs: DurationMs;
  /** A conversation with the wrong party lasts seconds, with the right one minutes. */
  readonly wrongPartyShare: number;
  readonly wrongPartyMeanMs: DurationMs;
  readonly talkMeanMs: DurationMs;
  /** Share of conversations that the debtor leaves to the agent to end. */
  readonly staysShare: number;
};

/** How well screening tells machines from people. */
export type ScreeningSettings = {
  readonly afterMinMs: DurationMs;
  readonly afterMeanMs: DurationMs;
  /** Share of people taken for machines. */
  readonly falseMachineShare: number;
  /** Share of machines taken for people. */
  readonly missedShare: number;
  /** Share of all verdicts in which the detector does not know. */
  readonly unsureShare: number;
};

export type FloorSettings = {
  /** Agents arrive within this time, each at a moment of their own. */
  readonly arriveWithinMs: DurationMs;
  readonly wrapUpMeanMs: DurationMs;
  /** About when an agent ends a conversation that the debtor does not end. */
  readonly endsTalksAfterMs: DurationMs;
  /** Share of dispositions forgotten until the time runs out. */
  readonly forgetsShare: number;
  /** Mean time between two short unplanned pauses; 0 for none. */
  readonly pauseEveryMs: DurationMs;
  readonly pauseMeanMs: DurationMs;
  /** Whether agents take two rests of ten minutes and a meal of twenty, at their hours. */
  readonly planned: boolean;
  /**
   * Mean time between two mishaps (page reloaded, headset lost, screen lost, gone home early); 0
   * for none.
   */
  readonly mishapEveryMs: DurationMs;
  /** Share of the talks in which the agent types before the disposition. */
  readonly typesShare: number;
};

export type FaultSettings = {
  /** Shares of the PBX's signals. */
  readonly dropped: number;
  readonly doubled: number;
  readonly delayed: number;
  readonly delayMaxMs: DurationMs;
  /** Counts from here on; each fault happens at a moment of its own. */
  readonly disconnects: number;
  readonly silentDisconnects: number;
  readonly pbxRestarts: number;
  readonly kills: number;
  readonly commitFailures: number;
  readonly clockJumps: number;
  /**
   * How often another process holds the store, or the disk is full, for up to a quarter of a
   * minute.
   */
  readonly storeHeldUps: number;
  /** Decisions that throw at their end. */
  readonly throws: number;
  /** Calls lost to a quicker engine between their decision and its commit. */
  readonly claimsLost: number;
};

export type DayEvent = { readonly atMinute: number } & (
  | { readonly kind: 'answer-rate'; readonly answerRate: number; readonly overMinutes: number }
  /** This share of the agents present takes a break together. */
  | { readonly kind: 'agents-leave'; readonly share: number; readonly forMinutes: number }
  /** Every call fails within a moment. */
  | { readonly kind: 'carrier-fails'; readonly forMinutes: number }
  | { readonly kind: 'clock-jumps'; readonly bySeconds: number }
  | { readonly kind: 'connection-lost'; readonly forSeconds: number; readonly silent: boolean }
  | { readonly kind: 'pbx-restarts' }
  | { readonly kind: 'commit-fails'; readonly awaySeconds: number }
  | {
      readonly kind: 'store-held-up';
      readonly because: 'busy' | 'full';
      readonly forSeconds: number;
    }
  /** The next decision of this kind makes a mistake. */
  | { readonly kind: 'decision-throws'; readonly what: Deciding['what'] }
  /** Another engine is quicker for this many of the next calls. */
  | { readonly kind: 'claims-lost'; readonly calls: number }
  /** The server dies. For `deafMs` before that, its requests to the PBX are lost. */
  | { readonly kind: 'kill'; readonly deafMs: DurationMs; readonly awaySeconds: number }
);

const NO_FAULTS = {
  dropped: 0,
  doubled: 0,
  delayed: 0,
  delayMaxMs: 0,
  disconnects: 0,
  silentDisconnects: 0,
  pbxRestarts: 0,
  kills: 0,
  commitFailures: 0,
  clockJumps: 0,
  storeHeldUps: 0,
  throws: 0,
  claimsLost: 0,
};

export const FAULTS = {
  none: NO_FAULTS,
  /** Faults within the server only: the network does what it is asked and reports what it does. */
  inside: { ...NO_FAULTS, storeHeldUps: 6, throws: 24 },
  some: {
    dropped: 0.005,
    doubled: 0.02,
    delayed: 0.1,
    delayMaxMs: 3 * SECOND_MS,
    disconnects: 2,
    silentDisconnects: 1,
    pbxRestarts: 1,
    kills: 3,
    commitFailures: 1,
    clockJumps: 1,
    storeHeldUps: 2,
    throws: 8,
    claimsLost: 0,
  },
  many: {
    dropped: 0.03,
    doubled: 0.08,
    delayed: 0.3,
    delayMaxMs: 8 * SECOND_MS,
    disconnects: 5,
    silentDisconnects: 3,
    pbxRestarts: 3,
    kills: 8,
    commitFailures: 3,
    clockJumps: 4,
    storeHeldUps: 4,
    throws: 24,
    claimsLost: 0,
  },
} as const satisfies Record<string, FaultSettings>;

export type FaultLevel = keyof typeof FAULTS;

/**
 * From the day of comparison: answers took 14 s, and a conversation with its wrap-up about 141 s.
 */
const NETWORK: NetworkSettings = {
  postDialMinMs: 600,
  postDialMeanMs: 2_200,
  invalidShare: 0.08,
  busyShare: 0.08,
  rejectedShare: 0.04,
  congestionShare: 0.02,
  silenceShare: 0.02,
  secondTrunkFailsShare: 0,
};

const PEOPLE: PeopleSettings = {
  answerRate: 0.15,
  machineRate: 0,
  curve: 'by-hour',
  pickUpMinMs: 1_500,
  pickUpMeanMs: 12_000,
  patienceMeanMs: 3_000,
  wrongPartyShare: 0.35,
  wrongPartyMeanMs: 20_000,
  talkMeanMs: 170_000,
  staysShare: 0.05,
};

const SCREENING: ScreeningSettings = {
  afterMinMs: 600,
  afterMeanMs: 1_800,
  falseMachineShare: 0.04,
  missedShare: 0.15,
  unsureShare: 0.05,
};

const FLOOR: FloorSettings = {
  arriveWithinMs: 5 * MINUTE_MS,
  wrapUpMeanMs: 24_000,
  endsTalksAfterMs: 12 * MINUTE_MS,
  forgetsShare: 0.005,
  pauseEveryMs: 2 * HOUR_MS,
  pauseMeanMs: 3 * MINUTE_MS,
  planned: true,
  mishapEveryMs: 4 * HOUR_MS,
  typesShare: 0,
};

/** Calls that one lead takes in a day, under the caps for persons and numbers. */
const CALLS_PER_LEAD = 1.8;
const CONVERSATIONS_PER_AGENT_HOUR = 23;
const LEADS_MIN = 500;
export const LEADS_MAX = 200_000;

/** Enough leads for that many agents and minutes, so that the day does not run out of them. */
export function leadsFor(agents: number, minutes: number, answerRate: number): number {
  const calls = (agents * (minutes / 60) * CONVERSATIONS_PER_AGENT_HOUR) / answerRate;
  return Math.min(LEADS_MAX, Math.max(LEADS_MIN, Math.round(calls / CALLS_PER_LEAD)));
}

/** A day on which nothing unusual happens; `given` replaces the usual settings. */
export function usualDay(given: Partial<DaySettings> & { readonly seed: number }): DaySettings {
  const { agents = 50, minutes = 480 } = given;
  const people = given.people ?? PEOPLE;
  return {
    scenario: 'usual-day',
    startsAt: '2026-11-23T09:00:00-03:00',
    campaigns: 1,
    leads: leadsFor(agents, minutes, people.answerRate),
    history: false,
    pacing: { mode: 'predictive' },
    ringTimeoutMs: 25 * SECOND_MS,
    wrapUpMs: MINUTE_MS,
    amd: 'off',
    screening: SCREENING,
    network: NETWORK,
    people,
    floor: FLOOR,
    faults: FAULTS.none,
    supervisor: false,
    events: [],
    ...given,
    agents,
    minutes,
  };
}

export const USUAL = { network: NETWORK, people: PEOPLE, floor: FLOOR } as const;

/** Whether the network does what it is asked at once, and reports everything it does. */
export function isNetworkSound({ faults, events }: DaySettings): boolean {
  const { storeHeldUps: _held, throws: _throws, claimsLost: _lost, ...others } = faults;
  const isCalm = Object.values(others).every((fault) => fault === 0);
  return isCalm && events.every(({ kind }) => SOUND_EVENTS.has(kind));
}

const SOUND_EVENTS: ReadonlySet<DayEvent['kind']> = new Set([
  'answer-rate',
  'agents-leave',
  'store-held-up',
  'decision-throws',
  'claims-lost',
]);

/** The profile's limit for connecting somebody who answered, written again as its file says. */
const CONNECT_WITHIN_MS = 2 * SECOND_MS;
const LATE_SIGNALS_MAX = 0.05;

/**
 * Whether the network tells of answers in time. A person whose answer is heard after the limit is
 * abandoned even when each call waits for an agent of its own: such days abandon a tenth of all at
 * one call an agent, so they say nothing about pacing.
 */
export function areAnswersHeardInTime({ faults: { delayed, delayMaxMs } }: DaySettings): boolean {
  const tooLate = Math.max(0, 1 - CONNECT_WITHIN_MS / Math.max(delayMaxMs, 1));
  return delayed * tooLate <= LATE_SIGNALS_MAX;
}

/** Whether nothing goes wrong except by a person's own doing. */
export function isQuiet({ faults, events }: DaySettings): boolean {
  const isCalm = Object.values(faults).every((fault) => fault === 0);
  return isCalm && events.every(({ kind }) => kind === 'answer-rate' || kind === 'agents-leave');
}

export function startOf({ startsAt }: DaySettings): number {
  return Date.parse(startsAt);
}

export function lengthOf({ minutes }: DaySettings): DurationMs {
  return Math.min(minutes * MINUTE_MS, DAY_MS);
}
