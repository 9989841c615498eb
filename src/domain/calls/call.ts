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
 * - placing: the permit is spent, the PBX was asked; nothing is known of the telephone yet.
 * - ringing: the telephone rings. Our own ring time-out runs from the placing on.
 * - screening: answered, and whether by a machine is being listened for before an agent is sought.
 * - waiting: a person is on the line and no agent is. The clock of abandonment runs.
 * - connecting: an agent is chosen and the bridge was asked for; milliseconds, normally.
 * - talking: person and agent are in one bridge.
 * - stranded: the agent's headset or screen was lost in the talk; the person hears music. First the
 *   agent has a grace time to come back, then any other agent may take the call.
 * - announcing: the person hears why nobody speaks, then the call is ended.
 * - ended: the leg is gone. Nothing revives it.
 *
 * A signal that means nothing in a state leaves the call as it is: signals come doubled, late and out
 * of order, and the machine only moves forward (an answer implies the ringing that was never seen).
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
 * What the clock of the limit runs from. `greeting-ended`: from the end of what the person says first,
 * where that was heard before the limit; otherwise, and so long as nothing listens for it, from the
 * answer, which is the stricter of the two.
 */
export type ClockStart = 'answered' | 'greeting-ended';

/** What is fixed when the call is placed. */
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
  /** How long an answered person may wait for an agent; from the compliance profile. */
  readonly waitMaxMs: number;
  /** The moment from which that runs; absent when it is the answer. */
  readonly clockStart?: ClockStart;
  /** How long a lost agent has to come back before another one is sought. */
  readonly graceMs: number;
  /** How it is screened; absent when everybody who answers is taken for a person. */
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
      /** The grace time is over: any free agent may take it. */
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
      /** Nobody saw when it ended: after this, when it was last known to live. */
      readonly notBefore?: EpochMs;
    };

export type Call = CallOrder & {
  readonly state: CallState;
  /** A 18x was seen, or implied by an answer. */
  readonly rang: boolean;
  /** The network spoke before the answer. */
  readonly earlyMedia: boolean;
  /** The original `placedAt`, as stored with the attempt; absent unless the clock was set during the call. */
  readonly attemptPlacedAt?: EpochMs;
  readonly answeredAt?: EpochMs;
  /** The end of the person's greeting; absent unless the clock runs from there. */
  readonly greetingEndedAt?: EpochMs;
  /** When an agent first heard the person. */
  readonly connectedAt?: EpochMs;
  /** The agent who first spoke with the person. */
  readonly agentId?: AgentId;
  /** `late`: connected, but after the limit. `unattended`: answered while no process was there to see it. */
  readonly abandonment?: 'limit' | 'late' | 'unattended' | 'cut-off' | 'hung-up-waiting';
  /** The verdict on who answered, once there is one. */
  readonly screened?: Screened;
  readonly hangUpIntent?: HangUpIntent;
  /** Grows by one with each change; the order of a call's messages on a screen. */
  readonly version: number;
};

/** Why a call that was asked for was not dialed. */
export type LegRefusal =
  /** The PBX has no such route now (endpoint missing, unreachable or in maintenance). */
  | 'trunk-unavailable'
  | 'permit-expired'
  /** Nothing came of it for so long that it was given up, and it is known that it was never dialed. */
  | 'never-left'
  | 'vetoed'
  /** Somebody else called the person, moved the lead or filled a cap, just before it was stored. */
  | 'claim-lost'
  /** No connection to the PBX; nothing was sent. */
  | 'telephony-down'
  /** The PBX said no for a reason that is a mistake of ours; the text is in the log. */
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
  /** `pbxLivedSince`: the PBX is the one it was then, when the leg was still there: the far end left it. */
  | { readonly kind: 'leg-lost'; readonly pbxLivedSince?: EpochMs }
  | { readonly kind: 'leg-bridged'; readonly bridgeId: BridgeId }
  | { readonly kind: 'leg-bridge-failed'; readonly bridgeId: BridgeId }
  /** They said what people say first, and have been silent for so long since. */
  | { readonly kind: 'greeting-ended'; readonly silentMs: DurationMs }
  | { readonly kind: 'announcement-ended' }
  | ({
      readonly kind: 'leg-screened';
      /** An agent has said already who it is, and that the person was there. */
      readonly agentKnows?: boolean;
    } & Screened)
  | { readonly kind: 'agent-assigned'; readonly agentId: AgentId; readonly bridgeId: BridgeId }
  /** The agent's headset or screen is gone, or the shift ended. */
  | { readonly kind: 'agent-lost'; readonly agentId: AgentId }
  | { readonly kind: 'agent-back'; readonly agentId: AgentId; readonly bridgeId: BridgeId }
  | { readonly kind: 'hang-up-asked'; readonly intent: HangUpIntent }
  /** Found answered after a gap in which no process ran. */
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
  /** Listens to who answered; a `leg-screened` follows. */
  | { readonly kind: 'screen'; readonly legId: LegId }
  | {
      readonly kind: 'announce';
      readonly legId: LegId;
      readonly announcement: 'abandonment' | 'agent-lost';
    }
  | { readonly kind: 'set-timer'; readonly timer: CallTimer; readonly at: EpochMs }
  | { readonly kind: 'clear-timer'; readonly timer: CallTimer }
  /** The engine looks for an agent now, and again whenever one becomes free. */
  | { readonly kind: 'seek-agent' };

export type CallFact =
  | { readonly kind: 'call-ringing' }
  | { readonly kind: 'call-early-media' }
  | {
      readonly kind: 'call-answered';
      readonly ringMs: number;
      /** Whether by a person is heard before an agent is sought. */
      readonly isScreenedFirst?: true;
      /** The profile's clock runs from the end of the greeting; nothing listens for it: it runs from here. */
      readonly isGreetingUnheard?: true;
    }
  | { readonly kind: 'call-greeting-ended'; readonly greetingMs: number }
  | ({
      readonly kind: 'call-screened';
      /** An agent was not sought yet; the person waited for this. */
      readonly inTime: boolean;
      /** From the placing to here. */
      readonly setupMs: number;
      /** `sampled`: a machine by the verdict, connected all the same to learn whether that is right. */
      readonly consequence: 'ended' | 'sampled' | 'none';
      /** The person had an agent in time already. */
      readonly wasConnected?: true;
    } & Screened)
  /** From here on everybody on this line is taken for a person. `left`: the line ended first. */
  | {
      readonly kind: 'screening-over';
      readonly because: 'verdict' | 'time-up' | 'left';
      /** From the placing to here. */
      readonly setupMs: number;
    }
  | { readonly kind: 'call-assigned'; readonly agentId: AgentId }
  | { readonly kind: 'call-unassigned'; readonly agentId: AgentId; readonly because: string }
  | {
      readonly kind: 'call-connected';
      readonly agentId: AgentId;
      /** From the answer to the bridge. */
      readonly waitMs: number;
      readonly again: boolean;
      /** After the limit: the person was abandoned all the same. */
      readonly isLate?: true;
      /** It may still prove to be a machine. */
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
       * It had looked answered and was not. `told`: as the end of a set-up, that a person answered was
       * told of already.
       */
      readonly answerWithdrawn?: 'told' | 'untold';
      readonly talkMs: number;
      /** From the placing to this end. */
      readonly lastedMs: number;
      /** An agent was there in time, and whether it was a machine was never known. */
      readonly isUnscreened?: true;
      /** Whether it reached a telephone and so counts for the caps on attempts. */
      readonly counts: boolean;
      readonly because?: string;
    };

export type CallStep = {
  readonly call: Call;
  readonly effects: readonly CallEffect[];
  readonly facts: readonly CallFact[];
};
