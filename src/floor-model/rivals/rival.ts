/**
 * What a floor shows to whoever paces it. A superset of what our pacer sees: rules of other dialers
 * need facts ours does without (paused agents, lines in conversation, the drops of the day).
 */
import type { PacingObservation, PacingSnapshot } from '../../domain/pacing/pacing-interface.ts';
import type { DurationMs, EpochMs } from '../../lib/time.ts';

/** Read it within `plan`; the floor writes the next moment into the same object. */
export type FloorSnapshot = PacingSnapshot & {
  /** Signed in and resting; not among `agents`. */
  readonly pausedAgents: number;
  /** Calls in which a person speaks with an agent. */
  readonly linesInConversation: number;
  /** Agents whose person has hung up and who are not free yet. */
  readonly deadLines: number;
  /** Since the day began. */
  readonly callsToday: number;
  /** People who answered, in time for an agent or not. */
  readonly answersToday: number;
  /** Of these, people who were lost: at the limit or because they lost patience before it. */
  readonly dropsToday: number;
  /** People who reached an agent today and of whose conversation the agent has made a note. */
  readonly connectedAnswersDisposedToday: number;
  /** Within the last sixty seconds. */
  readonly callsLastMinute: number;
  readonly answersLastMinute: number;
  readonly dropsLastMinute: number;
  /** Only where the scenario grants clairvoyance: what nobody can know. */
  readonly oracle?: FloorOracle;
};

export type FloorOracle = {
  /**
   * What becomes of the call that would be placed `ahead` calls from now (0: the next one): when a
   * person would answer, counted from its placing, or that nobody will.
   */
  fateOfNextCall(ahead: number): DurationMs | 'nobody';
  /** When a person answers this call on the way, or that nobody will. */
  callAnswersAt(callId: string): EpochMs | 'nobody';
  /** When the agent at this place of `agents` is free next; infinity: not again. */
  agentFreeAt(index: number): EpochMs;
};

export type FloorPlan = {
  /** Calls to place now; the floor places no more than lines, carrier and list allow. */
  readonly place: number;
  /** Ids of calls on the way to be hung up. */
  readonly cancel: readonly string[];
  /** Where campaigns share the agents: whose calls they are. Their sum is `place`. */
  readonly byCampaign?: readonly { readonly campaignId: string; readonly place: number }[];
};

/** Whoever decides how many calls are placed: our pacer, another dialer's rule, or a bound. */
export interface FloorPolicy {
  readonly name: string;
  /** How often it is asked, 250 ms for ours. */
  readonly planEveryMs: DurationMs;
  /** Whether it is asked as well when an agent becomes free or a call ends, at most every 100 ms. */
  readonly planOnEvents: boolean;
  /** Gets `oracle` in its snapshots. */
  readonly clairvoyant?: boolean;
  observe(observation: PacingObservation): void;
  plan(snapshot: FloorSnapshot): FloorPlan;
}
