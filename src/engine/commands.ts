import type { ChosenPause } from '../domain/agents/pauses.ts';
import type { Approvable, ApprovalRefusal } from '../domain/approvals/approval.ts';
import type { CampaignChange } from '../domain/campaigns/settings.ts';
import type { TypedDraft } from '../domain/negotiations/negotiation.ts';
import type {
  EvidenceRefusal,
  MomentRefusal,
  TypedEvidence,
} from '../domain/negotiations/right-party.ts';
import { given } from '../lib/given.ts';
import type { AgentId, ApprovalId, BlockId, CallId, CampaignId, UserId } from '../lib/ids.ts';
import type { EpochMs, IsoDate } from '../lib/time.ts';
import type { Said } from '../words/say.ts';
import type { AuditEntry } from './ports/audit.ts';
import type { Scope } from './ports/scope.ts';
import type { StorageRoom } from './ports/store.ts';
import type { HeadsetCredentials } from './ports/telephony.ts';

/**
 * What a person or the CRM asks of the engine. Doors parse, check who asks, and call `run`; nothing is
 * decided in a door. `run` resolves after the commit, so an answer of `ok` is durable.
 */
export interface Commands {
  run(command: Command): Promise<CommandResult>;
}

export type Command = AgentCommand | SupervisorCommand | HouseCommand;

/** Asked by an agent about their own work. */
export type AgentCommand = { readonly agentId: AgentId } & (
  | { readonly kind: 'open-shift'; readonly pageId: string }
  | { readonly kind: 'go-available' }
  | { readonly kind: 'pause'; readonly reason: ChosenPause }
  | { readonly kind: 'take-pause-back' }
  /** The agent rests from then on, or after the call that is under way by then; null: no longer. */
  | { readonly kind: 'plan-rest'; readonly at: EpochMs | null }
  | { readonly kind: 'hang-up'; readonly callId: CallId }
  /** What the person on the line said, or how the agent knows the voice. */
  | {
      readonly kind: 'confirm-right-party';
      readonly callId: CallId;
      readonly evidence: TypedEvidence;
    }
  | {
      readonly kind: 'dispose';
      readonly callId: CallId;
      readonly code: string;
      readonly note?: string;
      readonly form?: {
        readonly promise?: {
          readonly valueCentavos: number;
          readonly dueDate: IsoDate;
          /** More than is due is meant. */
          readonly aboveDueConfirmed?: boolean;
        };
        readonly callbackAt?: EpochMs;
      };
      /** The right party was confirmed in this call by mistake: it was somebody else. */
      readonly withdrawsRightParty?: true;
      /** IP address of the page, for the audit trail. */
      readonly address?: string;
    }
  /** What the agent has typed of it so far. */
  | { readonly kind: 'keep-draft'; readonly callId: CallId; readonly draft: TypedDraft }
  | { readonly kind: 'extend-wrap-up' }
  | { readonly kind: 'headset-lost' }
  /** After the call in hand, where there is one. */
  | { readonly kind: 'sign-out' }
  | { readonly kind: 'take-sign-out-back' }
  /** The agent's socket came or went; said by the realtime gateway. */
  | { readonly kind: 'screen-connected' }
  | { readonly kind: 'screen-lost' }
);

/** `scope`: for whom they ask. `address`: IP address of who asks, for the audit trail. */
export type SupervisorCommand = {
  readonly byUserId: UserId;
  readonly scope: Scope;
  readonly address?: string;
} & (
  | {
      readonly kind: 'change-campaign';
      readonly campaignId: CampaignId;
      readonly change: CampaignChange;
      /** The version of the settings it was made on; absent: whichever stands. */
      readonly madeOn?: number;
      /** Why, in the supervisor's words. */
      readonly because?: string;
    }
  | {
      readonly kind: 'assign-agent';
      readonly campaignId: CampaignId;
      readonly agentId: AgentId;
      readonly assigned: boolean;
    }
  | { readonly kind: 'pause-agent'; readonly agentId: AgentId }
  | {
      readonly kind: 'plan-agent-rest';
      readonly agentId: AgentId;
      readonly at: EpochMs | null;
    }
  | { readonly kind: 'sign-out-agent'; readonly agentId: AgentId }
  /** A person has looked at a telephone that refused us: it may be called again, or stays blocked. */
  | {
      readonly kind: 'review-unwanted';
      readonly blockId: BlockId;
      readonly callAgain: boolean;
      /** Why, in their words. */
      readonly because: string;
    }
  /** It needs the approval of a second person, and `because` is for their eyes. */
  | { readonly kind: 'ask-approval'; readonly asks: Approvable; readonly because: string }
  /** What is approved is done at once, in the name of who asked. */
  | {
      readonly kind: 'decide-approval';
      readonly approvalId: ApprovalId;
      readonly approves: boolean;
      /** Why, in their words. */
      readonly because: string;
    }
  | { readonly kind: 'withdraw-approval'; readonly approvalId: ApprovalId }
  /** What came of a call whose disposition was waited for in vain. */
  | ({ readonly kind: 'correct-disposition'; readonly callId: CallId } & Pick<
      Extract<AgentCommand, { kind: 'dispose' }>,
      'code' | 'note' | 'form' | 'withdrawsRightParty'
    >)
  /** Its agent is to say it after all. */
  | { readonly kind: 'give-back-call'; readonly callId: CallId }
  /** What was asked for and has not begun, no matter who asked. */
  | {
      readonly kind: 'take-back-from-agent';
      readonly agentId: AgentId;
      readonly what: 'pause' | 'sign-out';
    }
);

/** Who asked for it and from where, as a row of the audit trail has it. */
export function askedBy({
  byUserId,
  address,
}: Pick<SupervisorCommand, 'byUserId' | 'address'>): Pick<AuditEntry, 'byUserId' | 'address'> {
  return { byUserId, ...given({ address }) };
}

/** Said by the house itself. */
export type HouseCommand =
  /** New or changed leads were committed: look again now. */
  | { readonly kind: 'leads-changed'; readonly campaignId: CampaignId }
  /** A user was added, renamed, disabled: read the people again. A disabled agent is signed out. */
  | { readonly kind: 'people-changed' }
  /** The room on the disk of the database was measured, and this is news. */
  | {
      readonly kind: 'storage-room-changed';
      readonly room: StorageRoom;
      readonly freeBytes: number;
    };

export type CommandRefusal =
  /** It is about a campaign, an agent or a call outside of the scope (`command-reach.ts`). */
  | 'not-yours'
  | 'unknown-campaign'
  | 'unknown-block'
  | 'unknown-agent'
  | 'no-shift'
  | 'not-now'
  | 'asked-by-supervisor'
  | 'not-your-call'
  | 'headset-not-ready'
  | 'unknown-disposition'
  | 'right-party-needed'
  /** The disposition says that it was somebody else: asked for again with the withdrawal. */
  | 'right-party-confirmed'
  | MomentRefusal
  | EvidenceRefusal
  | 'evidence-wrong'
  /** A newer draft of the same call is kept. */
  | 'draft-stale'
  | 'form-needed'
  | 'form-invalid'
  /** It is past, or further ahead than a shift is long. */
  | 'rest-out-of-reach'
  | 'nothing-to-change'
  | ApprovalRefusal
  /** A second person has to approve it: it is asked for. */
  | 'approval-needed'
  /** The operation does not want a second person for it. */
  | 'approval-not-needed'
  /** Somebody asked for the same, and nobody has decided. */
  | 'approval-asked-already'
  /** Somebody changed the settings since the version that the change was made on. */
  | 'settings-stale'
  | 'server-busy'
  /** The store takes nothing at the moment; nothing of it was done. */
  | 'store-held-up'
  /** It could not be decided, which is ours to mend; nothing of it was done. */
  | 'mistake'
  | 'server-draining';

export type CommandResult =
  | { readonly ok: true; readonly headset?: HeadsetCredentials }
  | { readonly ok: false; readonly code: CommandRefusal; readonly detail: Said };
