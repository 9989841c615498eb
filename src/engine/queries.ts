import type { AbandonmentBank, HalfHour } from '../domain/abandonment/bank.ts';
import type { AgentShift } from '../domain/agents/agent-shift.ts';
import type { Approvable } from '../domain/approvals/approval.ts';
import type { Call } from '../domain/calls/call.ts';
import type { AlarmDoing, Blocker } from '../domain/campaigns/blockers.ts';
import type { Campaign } from '../domain/campaigns/campaign.ts';
import type { profileBoundsOf } from '../domain/campaigns/change-settings.ts';
import type { CampaignChange } from '../domain/campaigns/settings.ts';
import type { Creditor } from '../domain/debtors/debt.ts';
import type { DebtorFile } from '../domain/debtors/history.ts';
import type { Fact } from '../domain/facts.ts';
import type { NegotiationDraft } from '../domain/negotiations/negotiation.ts';
import type { Challenge, MayConfirm } from '../domain/negotiations/right-party.ts';
import type { CampaignLearned, PacingForecast } from '../domain/pacing/pacer.ts';
import type { Trunk } from '../domain/trunks/trunk.ts';
import type { AgentId, CallId, CampaignId, UserId } from '../lib/ids.ts';
import type { EpochMs } from '../lib/time.ts';
import type { Said } from '../words/say.ts';
import type { AgentTotals, CampaignCounts, LeadFunnel, Person } from './ports/records.ts';
import type { Scope } from './ports/scope.ts';
import type { StorageRoom } from './ports/store.ts';
import type { TelephonyHealth } from './ports/telephony.ts';
import type { WhatIfQuestion } from './ports/what-if.ts';

/** What screens may ask of the engine. All of it is committed, and read from memory. */
export interface Queries {
  /** Changes when the process starts: sequences of another epoch cannot be compared. */
  readonly epoch: string;
  /** Sequence of the newest committed fact. */
  upTo(): number;
  now(): EpochMs;
  desk(agentId: AgentId): DeskState;
  /** What is theirs: their campaigns, and the agents they see. */
  board(scope: Scope): BoardState;
  /** Whether a fact is about what is theirs: for its line of the log. */
  seesFact(scope: Scope, fact: Fact): boolean;
  health(): EngineHealth;
  /** The call with this id while it lives or is the last of an agent. */
  call(callId: CallId): Call | undefined;
  campaign(campaignId: CampaignId): Campaign | undefined;
  /** What its pacer learned; undefined before anything. */
  learned(campaignId: CampaignId): CampaignLearned | undefined;
  /** What is to be simulated to say what this change of pacing would do. */
  whatIf(campaignId: CampaignId, change: CampaignChange): WhatIfAsked;
  person(userId: UserId): Person | undefined;
  creditor(id: string): Creditor | undefined;
  /** Theirs, by name. */
  creditors(scope: Scope): readonly Creditor[];
  /** Whether the operation wants a second person for it. */
  needsApproval(kind: Approvable['kind']): boolean;
}

export type WhatIfAsked =
  | { readonly ok: true; readonly question: WhatIfQuestion }
  /** The change itself is refused, as it would be when it is made. */
  | { readonly ok: false; readonly because: 'refused'; readonly detail: Said }
  /** There is nothing to simulate from. */
  | { readonly ok: false; readonly because: 'not-dialing' | 'learning' | 'no-agents' };

/** Everything one agent's screen is made of. */
export type DeskState = {
  readonly shift?: AgentShift;
  /** Those the agent is assigned to. */
  readonly campaigns: readonly Campaign[];
  /** The call in hand, or the last one of this shift until the next is connected. */
  readonly call?: DeskCallState;
  readonly today: AgentTotals;
  readonly telephonyUp: boolean;
};

export type DeskCallState = {
  readonly call: Call;
  /** The agent's own times of it; they may have taken it over from another. */
  readonly connectedAt?: EpochMs;
  /** Read when the person answered, of the campaign's creditors only. */
  readonly file?: DebtorFile;
  /** And stored: the debts may be shown. */
  readonly rightPartyConfirmed: boolean;
  /** The debtor's card is open: in the call and in its wrap-up. */
  readonly isCardOpen: boolean;
  /** Whether and by what the right party may be confirmed; absent once the card is closed. */
  readonly rightParty?: RightPartyState;
  readonly disposition?: string;
  readonly dispositionMissing: boolean;
  /** What this agent typed of it and has not recorded; absent without anything. */
  readonly draft?: NegotiationDraft;
};

export type RightPartyState = Challenge &
  MayConfirm & { readonly knownVoiceAllowed: boolean; readonly misses: number };

export type BoardState = {
  readonly telephony: { readonly up: boolean; readonly because?: string; readonly since: EpochMs };
  readonly storage: StorageShown;
  readonly trunks: readonly {
    readonly trunk: Trunk;
    readonly callsNow: number;
    readonly suspendedUntil?: EpochMs;
    readonly because?: string;
  }[];
  /** Numbers of ours that rest for their repute. */
  readonly callerIdsResting: readonly {
    readonly number: string;
    readonly refused: number;
    readonly of: number;
    readonly until: EpochMs;
  }[];
  readonly campaigns: readonly BoardCampaignState[];
  readonly agents: readonly BoardAgentState[];
};

/** Whether decisions can be stored. */
export type StorageShown = {
  /** Of the disk; imports are refused while it is `full`. */
  readonly room: StorageRoom;
  readonly since: EpochMs;
  /** As last measured. */
  readonly freeBytes?: number;
  /** The store takes or answers nothing: nothing is dialed until it does. Absent: it works. */
  readonly heldUp?: HeldUp;
};

/**
 * Another process holds the database, its server gives no answer, or its disk has no room for what is to
 * be stored.
 */
export type HeldUp = { readonly cause: 'busy' | 'silent' | 'full'; readonly since: EpochMs };

export type BoardCampaignState = {
  readonly campaign: Campaign;
  /** Of its settings; a change names the one it was made on. */
  readonly settingVersion: number;
  readonly plan?: PlanShown;
  readonly live: {
    readonly placing: number;
    readonly ringing: number;
    readonly waiting: number;
    readonly talking: number;
    readonly announcing: number;
  };
  readonly agents: {
    readonly free: number;
    readonly reserved: number;
    readonly talking: number;
    readonly wrappingUp: number;
    /** Their last call lacks its disposition, and they get no other one. */
    readonly undisposed: number;
    readonly paused: number;
    readonly absent: number;
  };
  readonly today: CampaignCounts;
  readonly abandonment: BoardAbandonment;
  readonly leads: LeadFunnel;
  /** Why nothing, or not more than one to one, is dialed; empty: nothing keeps it from dialing. */
  readonly blockers: readonly Blocker[];
  readonly agentIds: readonly AgentId[];
  /** What its compliance profile lets its settings be. */
  readonly bounds: ReturnType<typeof profileBoundsOf>;
};

/** The bank of the profile's window (`domain/abandonment/bank.ts`), never summed over campaigns. */
export type BoardAbandonment = AbandonmentBank & {
  /** Since when the bank is in its state. */
  readonly since: EpochMs;
  /** Share of the cap at which the supervisor is told. */
  readonly alarmShare: number;
  /** Of the calls hung up as machines, the share that its rate takes for people, by the profile. */
  readonly falseMachineShare: number;
  readonly worstHalfHour?: HalfHour;
  /** What the dialer does about its alarm; absent: there is none. */
  readonly doing?: AlarmDoing;
};

/** The newest answer to "why is it not dialing (more)?". */
export type PlanShown = {
  readonly at: EpochMs;
  readonly placed: number;
  readonly because: {
    readonly code: string;
    readonly values: Readonly<Record<string, string | number>>;
  };
  /** What the pacer expects of the next moments; absent where it was not asked. */
  readonly forecast?: PacingForecast;
  /** The campaigns planned together with this one because they share agents, itself among them. */
  readonly groupIds?: readonly CampaignId[];
};

export type BoardAgentState = {
  readonly person: Person;
  readonly shift?: AgentShift;
  readonly call?: Call;
  readonly callsToday: number;
  readonly campaignIds: readonly CampaignId[];
};

export type EngineHealth = {
  readonly inboxDepth: number;
  readonly inboxMax: number;
  readonly commitMsP99?: number;
  readonly telephony: TelephonyHealth;
  readonly storage: StorageShown;
  readonly clockDriftMs: number;
  readonly clockJumps: number;
  readonly draining: boolean;
  /** What threw while it was decided since the process began, by kind. */
  readonly mistakes: Readonly<Record<string, number>>;
  /** Calls that live and were in doubt (suspects.ts). */
  readonly callsInDoubt: number;
  /** Of every campaign, over its window. */
  readonly abandonment: readonly CampaignAbandonment[];
};

/** What somebody who watches from outside needs to know of a campaign's abandonment. */
export type CampaignAbandonment = Pick<
  AbandonmentBank,
  'abandoned' | 'answers' | 'rateMax' | 'state' | 'windowFrom'
> & { readonly campaignId: CampaignId };

/** Told after each commit: what happened and whose screens changed. Must not block or throw. */
export interface Publisher {
  published(change: Published): void;
}

export type Published = {
  readonly epoch: string;
  readonly facts: readonly Fact[];
  readonly upTo: number;
  readonly agentIds: readonly AgentId[];
  readonly campaignIds: readonly CampaignId[];
};
