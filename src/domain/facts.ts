import type { AgentId, BlockId, CallId, CampaignId, LeadId, ShiftId, UserId } from '../lib/ids.ts';
import type { EpochMs } from '../lib/time.ts';
import type { BankFact } from './abandonment/alarm.ts';
import type { ShiftFact } from './agents/agent-shift.ts';
import type { ApprovalFact } from './approvals/approval.ts';
import type { CallFact } from './calls/call.ts';
import type { Standing } from './calls/standing.ts';
import type { NegotiationFact } from './negotiations/negotiation.ts';

/**
 * What happened, in the past tense; stored once, in order, never changed. `sequence` is given in the
 * commit and never reused: it is the order of the stream that the fact is written in.
 */
export type Fact = {
  readonly sequence: number;
  readonly at: EpochMs;
  readonly campaignId?: CampaignId;
  readonly callId?: CallId;
  readonly leadId?: LeadId;
  readonly agentId?: AgentId;
  readonly shiftId?: ShiftId;
  /** Who asked for it, where a person did. */
  readonly byUserId?: UserId;
  readonly body: FactBody;
};

export type FactBody =
  | CallFact
  | ShiftFact
  | NegotiationFact
  | BankFact
  | ApprovalFact
  | OperationFact;

/** Facts that belong to no machine. */
export type OperationFact =
  | { readonly kind: 'call-placed'; readonly because: string; readonly route: string }
  /** Given up while it rang, for the sake of those who answer. */
  | {
      readonly kind: 'call-cancelled';
      readonly because: 'too-many-answers';
      readonly ringMs: number;
    }
  /** A person is to hear why nobody speaks: the campaign's own recording; without one, ours. */
  | {
      readonly kind: 'message-asked';
      readonly message: 'abandonment' | 'agent-lost';
      readonly soundFile?: string;
    }
  /** The PBX could not play the campaign's own recording: the person hears ours in its place. */
  | { readonly kind: 'message-replaced' }
  | { readonly kind: 'shift-began' }
  | { readonly kind: 'shift-ended'; readonly because: string }
  /** The agent says, when the line is gone, that nobody but a machine was there. */
  | {
      readonly kind: 'call-proved-machine';
      /** What the call had counted as until then. */
      readonly was: Standing;
    }
  | { readonly kind: 'lead-planned'; readonly because: string; readonly notBeforeAt?: EpochMs }
  | {
      readonly kind: 'phone-status-changed';
      readonly from: string;
      readonly to: string;
      readonly because: string;
    }
  | {
      readonly kind: 'campaign-changed';
      readonly change: string;
      readonly from: string;
      readonly to: string;
    }
  | { readonly kind: 'campaign-assigned'; readonly agentId: AgentId; readonly assigned: boolean }
  | { readonly kind: 'telephony-lost'; readonly because: string }
  | {
      readonly kind: 'telephony-back';
      readonly restarted: boolean;
      readonly lost: number;
      readonly adopted: number;
    }
  | {
      readonly kind: 'trunk-suspended';
      readonly trunk: string;
      readonly because: string;
      readonly until: EpochMs;
    }
  /** A number of ours rests, because the network or the people called refuse it. */
  | {
      readonly kind: 'caller-id-rests';
      readonly number: string;
      readonly refused: number;
      readonly of: number;
      readonly until: EpochMs;
    }
  /** The called telephone refuses our calls: the number is blocked until somebody has looked into it. */
  | { readonly kind: 'phone-unwanted'; readonly blockId: BlockId }
  | { readonly kind: 'server-started'; readonly recoveredCalls: number };

/** A fact before the commit gave it its place in the order. */
export type NewFact = Omit<Fact, 'sequence'>;
