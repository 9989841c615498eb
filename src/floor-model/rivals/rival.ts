/**
 * What a floor shows to its policy. It is a superset of what our pacer sees: other dialers' rules
 * need facts ours does not (paused agents, lines in conversation, the day's drops).
 */
import type { PacingObservation, PacingSnapshot } from '../../domain/pacing/pacing-interface.ts';
import type { DurationMs, EpochMs } from '../../lib/time.ts';

/** Read it only within `plan`: the floor reuses the object. */
export type FloorSnapshot = PacingSnapshot & {
  /** Agents signed in and resting; not among `agents`. */
  readonly pausedAgents: number;
  /** Calls in which a person speaks with an agent. */
  readonly linesInConversation: number;
  /** Agents who are not free yet after their person hung up. */
  readonly deadLines: number;
  /** Calls since the day began. */
  readonly callsToday: number;
  /** People who answered, in time for an agent or not. */
  readonly answersToday: number;
  /** Of these, people lost at the limit or because they hung up before it. */
  readonly dropsToday: number;
  /** People who reached an agent today and whose conversation has a disposition. */
  readonly connectedAnswersDisposedToday: number;
  /** Calls within the last sixty seconds. */
  readonly callsLastMinute: number;
  readonly answersLastMinute: number;
  readonly dropsLastMinute: number;
  /** The future; absent unless the policy is clairvoyant. */
  readonly oracle?: FloorOracle;
};

export type FloorOracle = {
  /**
   * Fate of the call placed `ahead` calls from now (0 for the next): the time from its placing to a
   * person's answer, or `nobody`.
   */
  fateOfNextCall(ahead: number): DurationMs | 'nobody';
  /** When a person will answer this call on the way, or `nobody`. */
  callAnswersAt(callId: string): EpochMs | 'nobody';
  /** When the agent at this index of `agents` is free next; infinity for never. */
  agentFreeAt(index: number): EpochMs;
};

export type FloorPlan = {
  /** Calls to place now; the floor places no more than lines, carrier and list allow. */
  readonly place: number;
  /** Ids of calls on the way to be hung up. */
  readonly cancel: readonly string[];
  /**
   * The split by campaign, whose sum is `place`; absent when one campaign has the agents to itself.
   */
  readonly byCampaign?: readonly { readonly campaignId: string; readonly place: number }[];
};

/** Decides how many calls are placed: our pacer, another dialer's rule, or a bound. */
export interface FloorPolicy {
  readonly name: string;
  /** How often it is asked; 250 ms for ours. */
  readonly planEveryMs: DurationMs;
  /** Whether it is also asked when an agent becomes free or a call ends, at most every 100 ms. */
  readonly planOnEvents: boolean;
  /** Whether its snapshots have an `oracle`. */
  readonly clairvoyant?: boolean;
  observe(observation: PacingObservation): void;
  plan(snapshot: FloorSnapshot): FloorPlan;
}
