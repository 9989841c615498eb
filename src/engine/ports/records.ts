/** The rows of the store's port: what is written and what is read. */
import type { AgentShift } from '../../domain/agents/agent-shift.ts';
import type { Headset } from '../../domain/agents/headset.ts';
import type { Approval } from '../../domain/approvals/approval.ts';
import type { CallOutcome } from '../../domain/calls/outcome.ts';
import type { Screened } from '../../domain/calls/screening.ts';
import type { Debtor } from '../../domain/debtors/debtor.ts';
import type { Phone } from '../../domain/debtors/phone.ts';
import type { Lead } from '../../domain/leads/lead.ts';
import type { ConfirmedBy, NegotiationDraft } from '../../domain/negotiations/negotiation.ts';
import type { CampaignLearned } from '../../domain/pacing/pacer.ts';
import type {
  AgentId,
  AttemptId,
  BlockId,
  CallId,
  CampaignId,
  CreditorId,
  DebtorId,
  DecisionId,
  LeadId,
  LegalEntityId,
  LegId,
  PhoneId,
  TrunkId,
  UserId,
} from '../../lib/ids.ts';
import type { E164 } from '../../lib/phone-number.ts';
import type { DurationMs, EpochMs } from '../../lib/time.ts';

/** A shift with the headset that was issued for it; the password dies with the process, not stored. */
export type ShiftRecord = { readonly shift: AgentShift; readonly headset: Headset };

export type Assignment = { readonly campaignId: CampaignId; readonly agentId: AgentId };

/** What a campaign's pacer learned of the facts up to a sequence. */
export type PacerRecord = {
  readonly campaignId: CampaignId;
  /** Of `learned`, which nobody but the pacer reads. */
  readonly schemaVersion: number;
  readonly factSequence: number;
  readonly learned: CampaignLearned;
};

export type LegalEntity = {
  readonly id: LegalEntityId;
  readonly name: string;
  readonly cnpj: string;
};

/** What the engine must know of a user. */
export type Person = {
  readonly id: UserId;
  readonly name: string;
  readonly role: 'agent' | 'supervisor' | 'admin';
  readonly enabled: boolean;
  /** Creditors whose campaigns they see and steer; absent when they are not limited. */
  readonly limitedTo?: readonly CreditorId[];
};

export type LeadCandidate = {
  readonly lead: Lead;
  readonly creditorId: CreditorId;
  readonly debtor: Debtor;
  readonly phones: readonly Phone[];
};

/** Every decision is a row, the allowing ones too (compliance evidence). */
export type DecisionRow = {
  readonly id: DecisionId;
  readonly at: EpochMs;
  readonly campaignId: CampaignId;
  readonly leadId: LeadId;
  readonly debtorId: DebtorId;
  readonly phoneId: PhoneId;
  readonly profileId: string;
  readonly profileVersion: string;
  readonly allowed: boolean;
  readonly reason?: string;
  readonly clause?: string;
  readonly retryAt?: EpochMs;
  /** The results of every rule, as JSON. */
  readonly rules: string;
};

export type AttemptRow = {
  readonly id: AttemptId;
  readonly callId: CallId;
  readonly legId: LegId;
  readonly decisionId: DecisionId;
  readonly campaignId: CampaignId;
  readonly leadId: LeadId;
  readonly debtorId: DebtorId;
  readonly phoneId: PhoneId;
  readonly phone: E164;
  readonly trunkId: TrunkId;
  readonly callerId: E164;
  readonly placedAt: EpochMs;
};

export type SettledAttempt = {
  readonly id: AttemptId;
  readonly endedAt: EpochMs;
  readonly outcome: CallOutcome;
  /** Whether it reached a telephone and keeps its place in the caps. */
  readonly counts: boolean;
  readonly abandoned: boolean;
  readonly cause?: number;
  readonly techCause?: number;
  readonly answeredAt?: EpochMs;
  readonly connectedAt?: EpochMs;
  readonly agentId?: AgentId;
  /** What screening said of the person who answered. */
  readonly screened?: Screened;
  /** A machine by the verdict, and connected all the same to see whether that is right. */
  readonly sampled?: boolean;
};

/** How good screening is, as far as agents told. */
export type ScreeningCounts = {
  /** Verdicts. */
  readonly person: number;
  readonly unsure: number;
  readonly machine: number;
  /** Machine verdicts that were connected all the same, to be judged by an agent. */
  readonly sampled: number;
  /** Of the sampled, those an agent called a machine or a person; silence and dropped lines are neither. */
  readonly judged: number;
  /** Of the judged, those who were people: the false machine verdicts. */
  readonly people: number;
  /** Calls whose verdict was not machine and which an agent called one. */
  readonly missed: number;
};

/** Verdicts by kind, doubt with the people, and how long they took in the mean. */
export type ScreeningTimes = {
  readonly people: number;
  readonly machines: number;
  /** From the request to the verdict; 0 without one. */
  readonly peopleMeanMs: DurationMs;
  readonly machinesMeanMs: DurationMs;
};

export type DispositionRecord = {
  readonly callId: CallId;
  readonly campaignId: CampaignId;
  readonly debtorId: DebtorId;
  readonly leadId: LeadId;
  readonly agentId: AgentId;
  readonly code: string;
  readonly note?: string;
  readonly at: EpochMs;
  readonly correction: boolean;
  /** The form's values, as JSON. */
  readonly form?: string;
  /** Who said it in the agent's place. */
  readonly byUserId?: UserId;
};

export type RightPartyContact = {
  readonly debtorId: DebtorId;
  readonly callId: CallId;
  readonly agentId: AgentId;
  readonly at: EpochMs;
  readonly evidence: ConfirmedBy;
};

export type NegotiationDraftRow = {
  readonly callId: CallId;
  readonly debtorId: DebtorId;
  readonly draft: NegotiationDraft;
};

export type UndisposedRow = {
  readonly callId: CallId;
  readonly campaignId: CampaignId;
  readonly agentId?: AgentId;
  /** Since when it is a supervisor's to correct. */
  readonly at: EpochMs;
};

/** What a supervisor must know of it, without a debt. */
export type UndisposedCall = UndisposedRow & {
  readonly debtorName: string;
  readonly document?: string;
  readonly phone: E164;
  readonly connectedAt?: EpochMs;
  readonly endedAt?: EpochMs;
  readonly rightPartyConfirmed: boolean;
  /** What its agent had typed; absent when nothing was, or when it cannot be read any more. */
  readonly draft?: NegotiationDraft;
};

export type CampaignCounts = {
  readonly attempts: number;
  /** By people. */
  readonly answered: number;
  readonly connected: number;
  readonly abandoned: number;
  /** Not among the abandoned. */
  readonly hungUpWaiting: number;
  readonly busy: number;
  readonly noAnswer: number;
  readonly invalid: number;
  readonly rejected: number;
  readonly failed: number;
  readonly rightParty: number;
  readonly promises: number;
};

export type AgentTotals = {
  readonly calls: number;
  readonly rightParty: number;
  readonly promises: number;
  readonly promisedCentavos: number;
  readonly talkMs: number;
};

export type LeadFunnel = {
  readonly total: number;
  readonly finished: number;
  readonly suppressed: number;
  readonly dialing: number;
  readonly due: number;
  /** Ready but not before a moment, by the reason of the hold. */
  readonly held: readonly {
    readonly reason: string;
    readonly leads: number;
    readonly nextAt: EpochMs;
  }[];
};

/** A block for a telephone that said our calls are unwanted. */
export type UnwantedPhone = {
  readonly blockId: BlockId;
  readonly phone: E164;
  readonly at: EpochMs;
  /** The call that was refused. */
  readonly refused?: {
    readonly debtorName: string;
    readonly campaignId: CampaignId;
    readonly campaignName: string;
    readonly creditorName: string;
    readonly sipStatus?: number;
  };
  /** Who decided that it stays blocked; absent: nobody has looked at it. */
  readonly keptByUserId?: UserId;
  /** To release it; absent: nobody ever asked a second person. */
  readonly newestRequest?: Approval;
};

/** What a thing was set to from a moment on, who set it, and why. */
export type NewSettingVersion = {
  readonly subject: 'campaign';
  readonly subjectId: string;
  readonly at: EpochMs;
  /** Absent where nobody is known to have set it: as it was before versions were kept. */
  readonly byUserId?: UserId;
  /** In their words; absent when they gave none. */
  readonly because?: string;
  readonly settings: Readonly<Record<string, unknown>>;
};

export type SettingVersion = NewSettingVersion & {
  /** Counts from 1 for each subject. */
  readonly version: number;
  /** Absent where they are no user any more. */
  readonly byName?: string;
};
