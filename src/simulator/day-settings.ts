/**
 * What a simulated day is made of. All of it is plain data, printed as one line before anything
 * happens: a day that went wrong is played again from that line, or from its seed.
 */
import type { AmdMode } from '../domain/calls/screening.ts';
import type { Deciding } from '../engine/draft.ts';
import { DAY_MS, type DurationMs, HOUR_MS, MINUTE_MS, SECOND_MS } from '../lib/time.ts';

export type DaySettings = {
  readonly seed: number;
  /** Which of the named days this is; the rest says what that means. */
  readonly scenario: string;
  /** With its offset, so that it is one moment. */
  readonly startsAt: string;
  readonly minutes: number;
  readonly agents: number;
  /** The second one shares agents and a fifth of its debtors with the first. */
  readonly campaigns: 1 | 2;
  readonly leads: number;
  /** Whether earlier attempts of the same night fill some of the caps. */
  readonly history: boolean;
  readonly pacing: DayPacing;
  readonly ringTimeoutMs: DurationMs;
  readonly wrapUpMs: DurationMs;
  /** Whether, and when, it is listened for answering machines. */
  readonly amd: AmdMode;
  readonly screening: ScreeningSettings;
  readonly network: NetworkSettings;
  readonly people: PeopleSettings;
  readonly floor: FloorSettings;
  readonly faults: FaultSettings;
  /** A supervisor who cannot leave a running campaign alone. */
  readonly supervisor: boolean;
  /** What happens at its minute, once. */
  readonly events: readonly DayEvent[];
};

export type DayPacing =
  | { readonly mode: 'predictive' | 'progressive' }
  | { readonly mode: 'ratio'; readonly ratio: number };

/** What the carriers do. Shares are of placed calls; what is left reaches a telephone that rings. */
export type NetworkSettings = {
  /** From placing to the ringing: at least, and on average. */
  readonly postDialMinMs: DurationMs;
  readonly postDialMeanMs: DurationMs;
  /** Numbers that do not exist, and never will. */
  readonly invalidShare: number;
  readonly busyShare: number;
  readonly rejectedShare: number;
  readonly congestionShare: number;
  /** Nothing comes back but a 100. */
  readonly silenceShare: number;
  /** Of the second trunk's calls; 0 where there is none. */
  readonly secondTrunkFailsShare: number;
};

/** Shares are of placed calls, on average over the hours of the curve. */
export type PeopleSettings = {
  readonly answerRate: number;
  readonly machineRate: number;
  readonly curve: 'flat' | 'by-hour';
  /** From the first ring to the answer: at least, and on average. */
  readonly pickUpMinMs: DurationMs;
  readonly pickUpMeanMs: DurationMs;
  /** How long somebody waits on the line for anybody to speak; exponential. */
  readonly patienceMeanMs: DurationMs;
  /** A talk is over in seconds with the wrong party, in minutes with the right one. */
  readonly wrongPartyShare: number;
  readonly wrongPartyMeanMs: DurationMs;
  readonly talkMeanMs: DurationMs;
  /** Of those who talk, they leave the hanging up to the agent. */
  readonly staysShare: number;
};

/** How well machines are told from people. */
export type ScreeningSettings = {
  readonly afterMinMs: DurationMs;
  readonly afterMeanMs: DurationMs;
  /** Of people, they are taken for machines. */
  readonly falseMachineShare: number;
  /** Of machines, they are taken for people. */
  readonly missedShare: number;
  /** Of all verdicts: the detector does not know. */
  readonly unsureShare: number;
};

export type FloorSettings = {
  /** Agents come within this time, each at a moment of their own. */
  readonly arriveWithinMs: DurationMs;
  readonly wrapUpMeanMs: DurationMs;
  /** About when an agent ends a talk that the other side does not end. */
  readonly endsTalksAfterMs: DurationMs;
  /** Of dispositions, they are forgotten until the time runs out. */
  readonly forgetsShare: number;
  /** Between two short pauses nobody planned, on average; 0: none. */
  readonly pauseEveryMs: DurationMs;
  readonly pauseMeanMs: DurationMs;
  /** Two rests of ten minutes and a meal of twenty, at their hours. */
  readonly planned: boolean;
  /** Between two of: page loaded anew, headset lost, screen lost, gone home early. On average; 0: none. */
  readonly mishapEveryMs: DurationMs;
};

export type FaultSettings = {
  /** Shares of the PBX's signals. */
  readonly dropped: number;
  readonly doubled: number;
  readonly delayed: number;
  readonly delayMaxMs: DurationMs;
  /** Each at a moment of its own. */
  readonly disconnects: number;
  readonly silentDisconnects: number;
  readonly pbxRestarts: number;
  readonly kills: number;
  readonly commitFailures: number;
  readonly clockJumps: number;
  /** Another process holds the store, or there is no room; for up to a quarter of a minute. */
  readonly storeHeldUps: number;
  /** Decisions that throw at their end. */
  readonly throws: number;
  /** Calls for which another engine was quicker, between their decision and its commit. */
  readonly claimsLost: number;
};

export type DayEvent = { readonly atMinute: number } & (
  | { readonly kind: 'answer-rate'; readonly answerRate: number; readonly overMinutes: number }
  /** So many of the floor take a break together. */
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
  /** The next decision of this kind is a mistake. */
  | { readonly kind: 'decision-throws'; readonly what: Deciding['what'] }
  /** Another engine is quicker with the next so many calls. */
  | { readonly kind: 'claims-lost'; readonly calls: number }
  /** The server dies; `deafMs` before it, what it asks of the PBX begins to be lost. */
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
  /** Only what goes wrong within the server: the network does what it is asked, and says what it does. */
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

/** Of answers that took 14 s and talk with wrap-up of about 141 s, the day of the comparison. */
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
};

/** Calls that one lead takes in a day, under the caps on persons and numbers. */
const CALLS_PER_LEAD = 1.8;
const CONVERSATIONS_PER_AGENT_HOUR = 23;
const LEADS_MIN = 500;
export const LEADS_MAX = 200_000;

/** A whole list for that many agents and hours, so that the day does not end for want of leads. */
export function leadsFor(agents: number, minutes: number, answerRate: number): number {
  const calls = (agents * (minutes / 60) * CONVERSATIONS_PER_AGENT_HOUR) / answerRate;
  return Math.min(LEADS_MAX, Math.max(LEADS_MIN, Math.round(calls / CALLS_PER_LEAD)));
}

/** A day on which nothing is out of the ordinary; what is given takes the place of the usual. */
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

/** The network does what it is asked at once, and tells all of what it does. */
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

/** Nothing goes wrong that is not a person's own doing. */
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
