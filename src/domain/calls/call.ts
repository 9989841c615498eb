/**
 * The life of one call to a debtor. `step-call.ts` moves it.
 *
 *                              screening ──────────┐ person, or in doubt
 *                                  ▲  │ machine     ▼
 *   placing ──ringing──▶ ringing ──answered──▶ waiting ──assigned──▶ connecting ──bridged──▶ talking
 *      │                    │                   │   ▲                  │   │                  │   ▲
 *      │                    │          deadline │   └──bridge failed───┘   │       agent lost │   │ agent back
 *      │                    │                   ▼                          │                  ▼   │
 *      │                    │               announcing ◀──grace is over────┼────────────── stranded
 *      └────────────────────┴───────────────────┴──────── leg gone ────────┴──────────────────┘
 *                                               ▼
 *                                             ended
 *
 * - placing: the permit is spent and the PBX was asked; nothing is known about the telephone yet.
 * - ringing: the telephone rings. Our own ring time-out runs from the placing on.
 * - screening: answered; before an agent is sought, screening listens for a machine.
 * - waiting: a person is on the line without an agent. The clock of abandonment runs.
 * - connecting: an agent is chosen and the bridge was asked for; this normally takes milliseconds.
 * - talking: person and agent are in one bridge.
 * - stranded: the agent's headset or screen was lost in the conversation; the person hears music. The
 *   agent has a grace time to come back; then any other agent may take the call.
 * - announcing: the person hears why nobody speaks, then the call is ended.
 * - ended: the leg is gone. Nothing revives it.
 *
 * A signal that means nothing in a state leaves the call as it is. Signals come doubled, late and out of
 * order, and the machine only moves forward (an answer implies a ringing that was never seen).
 */
import type {
  AgentId,
  AttemptId,
  BridgeId,
  CallId,
  CampaignId,
  DebtorId,
  LeadId,
  LegId,
  PhoneId,
  TrunkId,
} from '../../lib/ids.ts';
import type { DurationMs, EpochMs } from '../../lib/time.ts';
import type { CallOutcome, HangUpIntent } from './outcome.ts';
import type { Screened, ScreeningOrder } from './screening.ts';

/**
 * The start of the limit's clock. `greeting-ended`: the end of what the person says first, if it
 * was heard before the limit. Otherwise, and while nothing listens for it, the clock starts at the
 * answer, which is the stricter of the two.
 */
export type ClockStart = 'answered' | 'greeting-ended';

/** Everything that is fixed when the call is placed. */
export type CallOrder = {
  readonly id: CallId;
  readonly legId: LegId;
  readonly attemptId: AttemptId;
  readonly campaignId: CampaignId;
  readonly leadId: LeadId;
  readonly debtorId: DebtorId;
  readonly phoneId: PhoneId;
  readonly phone: `+${string}`;
  readonly trunkId: TrunkId;
  readonly callerId: `+${string}`;
  readonly ringTimeoutMs: number;
  /** How long an answered person may wait for an agent, by the compliance profile. */
  readonly waitMaxMs: number;
  /** The start of that time; absent when it is the answer. */
  readonly clockStart?: ClockStart;
  /** How long a lost agent has to come back before another one is sought. */
  readonly graceMs: number;
  /** How the call is screened; absent when everybody who answers counts as a person. */
  readonly screening?: ScreeningOrder;
  readonly causeOverrides: Readonly<Record<number, CallOutcome>>;
  readonly placedAt: EpochMs;
};

/** Who ended the call, as far as can be known. */
export type HungUpBy = 'debtor' | 'agent' | 'us' | 'network';

export type CallState =
  | { readonly kind: 'placing' }
  | { readonly kind: 'ringing'; readonly since: EpochMs }
  | { readonly kind: 'screening'; readonly since: EpochMs }
  | { readonly kind: 'waiting'; readonly since: EpochMs }
  | {
      readonly kind: 'connecting';
      readonly since: EpochMs;
      readonly agentId: AgentId;
      readonly bridgeId: BridgeId;
    }
  | {
      readonly kind: 'talking';
      readonly since: EpochMs;
      readonly agentId: AgentId;
      readonly bridgeId: BridgeId;
    }
  | {
      readonly kind: 'stranded';
      readonly since: EpochMs;
      readonly agentId: AgentId;
      readonly bridgeId: BridgeId;
      /** Whether the grace time is over, so that any free agent may take the call. */
      readonly seeking: boolean;
    }
  | {
      readonly kind: 'announcing';
      readonly since: EpochMs;
      readonly because: 'nobody-free' | 'agent-lost';
    }
  | {
      readonly kind: 'ended';
      readonly at: EpochMs;
      readonly outcome: CallOutcome;
      readonly hungUpBy: HungUpBy;
      /** When the call was last known to live; absent unless nobody saw its end. */
      readonly notBefore?: EpochMs;
    };

export type Call = CallOrder & {
  readonly state: CallState;
  /** Whether a 18x was seen, or is implied by an answer. */
  readonly rang: boolean;
  /** Whether the network sent audio before the answer. */
  readonly earlyMedia: boolean;
  /** The original `placedAt`, as stored with the attempt; absent unless the clock was set during the call. */
  readonly attemptPlacedAt?: EpochMs;
  readonly answeredAt?: EpochMs;
  /** The end of the person's greeting; absent unless the clock runs from there. */
  readonly greetingEndedAt?: EpochMs;
  /** When an agent first heard the person; absent before. */
  readonly connectedAt?: EpochMs;
  /** The agent who first spoke with the person; absent before. */
  readonly agentId?: AgentId;
  /**
   * `late`: connected, but after the limit. `unattended`: answered while no process ran. Absent
   * while not abandoned.
   */
  readonly abandonment?: 'limit' | 'late' | 'unattended' | 'cut-off' | 'hung-up-waiting';
  /** The verdict of screening; absent before it. */
  readonly screened?: Screened;
  readonly hangUpIntent?: HangUpIntent;
  /** Grows by one with each change; orders a call's messages on a screen. */
  readonly version: number;
};

/** Why a requested call was not dialed. */
export type LegRefusal =
  /** The PBX has no such route now (endpoint missing, unreachable or in maintenance). */
  | 'trunk-unavailable'
  | 'permit-expired'
  /**
   * Nothing was heard of it for so long that it was given up, and it is known never to have been
   * dialed.
   */
  | 'never-left'
  | 'vetoed'
  /** Just before it was stored, somebody else called the person, moved the lead or filled a cap. */
  | 'claim-lost'
  /** No connection to the PBX; nothing was sent. */
  | 'telephony-down'
  /** The PBX refused because of a mistake of ours; the text is in the log. */
  | 'refused-by-pbx';

export type CallSignal =
  | { readonly kind: 'leg-ringing' }
  | { readonly kind: 'leg-early-media' }
  | { readonly kind: 'leg-answered' }
  | {
      readonly kind: 'leg-ended';
      readonly cause: number;
      readonly techCause?: number;
      readonly reasonCause?: number;
      readonly intent?: HangUpIntent;
    }
  | { readonly kind: 'leg-refused'; readonly reason: LegRefusal }
  /**
   * `pbxLivedSince`: the leg was still there at that moment, in the same PBX, so the far end left
   * it.
   */
  | { readonly kind: 'leg-lost'; readonly pbxLivedSince?: EpochMs }
  | { readonly kind: 'leg-bridged'; readonly bridgeId: BridgeId }
  | { readonly kind: 'leg-bridge-failed'; readonly bridgeId: BridgeId }
  /** The person spoke their greeting, and has been silent for this long. */
  | { readonly kind: 'greeting-ended'; readonly silentMs: DurationMs }
  | { readonly kind: 'announcement-ended' }
  | ({
      readonly kind: 'leg-screened';
      /** Present when an agent has already recorded who answered, and that a person was there. */
      readonly agentKnows?: boolean;
    } & Screened)
  | { readonly kind: 'agent-assigned'; readonly agentId: AgentId; readonly bridgeId: BridgeId }
  /** The agent's headset or screen is gone, or the shift ended. */
  | { readonly kind: 'agent-lost'; readonly agentId: AgentId }
  | { readonly kind: 'agent-back'; readonly agentId: AgentId; readonly bridgeId: BridgeId }
  | { readonly kind: 'hang-up-asked'; readonly intent: HangUpIntent }
  /** Found answered after a time in which no process ran. */
  | { readonly kind: 'found-unattended' }
  | { readonly kind: 'timer'; readonly timer: CallTimer };

export type CallTimer =
  | 'ring'
  | 'screening'
  | 'deadline'
  | 'bridge'
  | 'grace'
  | 'announcement'
  | 'hang-up';

export type CallEffect =
  | { readonly kind: 'hang-up'; readonly legId: LegId; readonly intent: HangUpIntent }
  | { readonly kind: 'bridge'; readonly legId: LegId; readonly bridgeId: BridgeId }
  | { readonly kind: 'hold'; readonly legId: LegId }
  /** Listens to the answerer; a `leg-screened` follows. */
  | { readonly kind: 'screen'; readonly legId: LegId }
  | {
      readonly kind: 'announce';
      readonly legId: LegId;
      readonly announcement: 'abandonment' | 'agent-lost';
    }
  | { readonly kind: 'set-timer'; readonly timer: CallTimer; readonly at: EpochMs }
  | { readonly kind: 'clear-timer'; readonly timer: CallTimer }
  /** The engine seeks an agent now, and again whenever one becomes free. */
  | { readonly kind: 'seek-agent' };

export type CallFact =
  | { readonly kind: 'call-ringing' }
  | { readonly kind: 'call-early-media' }
  | {
      readonly kind: 'call-answered';
      readonly ringMs: number;
      /** Present when screening comes before an agent is sought. */
      readonly isScreenedFirst?: true;
      /**
       * Present when the profile's clock starts at the end of the greeting but nothing listens for
       * it, so it starts here.
       */
      readonly isGreetingUnheard?: true;
    }
  | { readonly kind: 'call-greeting-ended'; readonly greetingMs: number }
  | ({
      readonly kind: 'call-screened';
      /** Whether the verdict came before an agent was sought; the person waited for it. */
      readonly inTime: boolean;
      /** Time from the placing to this fact. */
      readonly setupMs: number;
      /**
       * `sampled`: judged a machine but connected nevertheless, to learn whether the verdict is
       * right.
       */
      readonly consequence: 'ended' | 'sampled' | 'none';
      /** Present when the person already had an agent in time. */
      readonly wasConnected?: true;
    } & Screened)
  /** From here on everybody on this line counts as a person. `left`: the line ended first. */
  | {
      readonly kind: 'screening-over';
      readonly because: 'verdict' | 'time-up' | 'left';
      /** Time from the placing to this fact. */
      readonly setupMs: number;
    }
  | { readonly kind: 'call-assigned'; readonly agentId: AgentId }
  | { readonly kind: 'call-unassigned'; readonly agentId: AgentId; readonly because: string }
  | {
      readonly kind: 'call-connected';
      readonly agentId: AgentId;
      /** Time from the answer to the bridge. */
      readonly waitMs: number;
      readonly again: boolean;
      /** Present when it came after the limit: the person still counts as abandoned. */
      readonly isLate?: true;
      /** Present when the answerer may still prove to be a machine. */
      readonly isUnscreened?: true;
    }
  | { readonly kind: 'call-stranded'; readonly agentId: AgentId }
  | {
      readonly kind: 'call-abandoned';
      /** `cut-off`: we hung up on the person before the limit. */
      readonly because: 'limit' | 'late' | 'unattended' | 'cut-off';
      readonly waitMs: number;
    }
  | { readonly kind: 'call-hung-up-waiting'; readonly waitMs: number }
  | {
      readonly kind: 'call-ended';
      readonly outcome: CallOutcome;
      readonly hungUpBy: HungUpBy;
      readonly cause?: number;
      readonly techCause?: number;
      /** Q.850 cause of the far end's Reason header. */
      readonly reasonCause?: number;
      /**
       * Present when the call had looked answered and was not. `told`: its set-up had already been
       * counted as ending with a person's answer. `untold`: screening was still under way.
       */
      readonly answerWithdrawn?: 'told' | 'untold';
      readonly talkMs: number;
      /** Time from the placing to this end. */
      readonly lastedMs: number;
      /**
       * Present when an agent was there in time and it was never known whether a machine had
       * answered.
       */
      readonly isUnscreened?: true;
      /** Whether it reached a telephone, and so counts in the caps on attempts. */
      readonly counts: boolean;
      readonly because?: string;
    };

export type CallStep = {
  readonly call: Call;
  readonly effects: readonly CallEffect[];
  readonly facts: readonly CallFact[];
};
