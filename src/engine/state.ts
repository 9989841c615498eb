import type { BankWatch } from '../domain/abandonment/alarm.ts';
import type { AbandonmentLedger } from '../domain/abandonment/ledger.ts';
import type { AgentShift } from '../domain/agents/agent-shift.ts';
import type { Headset } from '../domain/agents/headset.ts';
import type { Approval } from '../domain/approvals/approval.ts';
import type { Call } from '../domain/calls/call.ts';
import type { Campaign } from '../domain/campaigns/campaign.ts';
import type { ComplianceProfile } from '../domain/compliance/profile.ts';
import type { Creditor } from '../domain/debtors/debt.ts';
import type { DebtorFile } from '../domain/debtors/history.ts';
import type { Lead } from '../domain/leads/lead.ts';
import type { AttemptsByPhone } from '../domain/leads/next-attempt.ts';
import type { Negotiation } from '../domain/negotiations/negotiation.ts';
import type { Pacer } from '../domain/pacing/pacer.ts';
import type { CallerId } from '../domain/trunks/caller-id.ts';
import type { CallerIdHealth } from '../domain/trunks/caller-id-health.ts';
import type { Trunk } from '../domain/trunks/trunk.ts';
import type {
  AgentId,
  ApprovalId,
  CallId,
  CampaignId,
  CreditorId,
  HeadsetId,
  LegalEntityId,
  LegId,
  TrunkId,
  UserId,
} from '../lib/ids.ts';
import type { E164 } from '../lib/phone-number.ts';
import type { EpochMs } from '../lib/time.ts';
import type {
  AgentTotals,
  CampaignCounts,
  LeadCandidate,
  LeadFunnel,
  LegalEntity,
  Person,
} from './ports/records.ts';
import type { StorageRoom } from './ports/store.ts';
import type { HeldUp, PlanShown } from './queries.ts';

/** What the engine holds in memory. The disk never knows less than the newest commit of it. */
export type EngineState = {
  readonly campaigns: ReadonlyMap<CampaignId, CampaignRuntime>;
  readonly agents: ReadonlyMap<AgentId, AgentAtWork>;
  readonly headsets: ReadonlyMap<HeadsetId, AgentId>;
  /** Live calls, and ended ones that are still on an agent's screen. */
  readonly calls: ReadonlyMap<CallId, LiveCall>;
  readonly legs: ReadonlyMap<LegId, CallId>;
  /** Calls in doubt (suspects.ts), and how often the PBX was asked about each. */
  readonly suspects: ReadonlyMap<CallId, number>;
  readonly trunks: ReadonlyMap<TrunkId, TrunkRuntime>;
  readonly callerIds: readonly CallerId[];
  /** By the number that was shown. */
  readonly callerIdHealth: ReadonlyMap<E164, CallerIdHealth>;
  readonly creditors: ReadonlyMap<CreditorId, Creditor>;
  readonly legalEntities: ReadonlyMap<LegalEntityId, LegalEntity>;
  readonly people: ReadonlyMap<UserId, Person>;
  /** Requests that wait for the decision of a second person. */
  readonly approvals: ReadonlyMap<ApprovalId, Approval>;
  readonly profiles: ReadonlyMap<string, ComplianceProfile>;
  readonly telephony: TelephonyState;
  readonly storageRoom: StorageRoomState;
  /** What was decided waits to be stored. Absent: nothing does. */
  readonly heldUp?: HeldUp;
  /** The store does not answer what decisions ask. Absent: it does. */
  readonly unanswered?: HeldUp;
  readonly draining: boolean;
  /** The last that is known to have happened before this process began; absent: by another clock. */
  readonly knownUntil?: EpochMs;
  /** Sequence of the newest committed fact. */
  readonly upTo: number;
};

export type TelephonyState = {
  readonly up: boolean;
  readonly since: EpochMs;
  readonly because?: string;
  /** Of the PBX; another one means that every channel of before is gone. */
  readonly instance?: string;
  /**
   * What was found when it came back, while that could not be decided; it is tried again. Strangers are
   * legs that belong to no call.
   */
  readonly backWith?: { readonly instance: string; readonly strangers: readonly LegId[] };
};

/** As it was last measured; the free bytes are absent before that. */
export type StorageRoomState = {
  readonly room: StorageRoom;
  readonly since: EpochMs;
  readonly freeBytes?: number;
};

export type CampaignRuntime = {
  readonly campaign: Campaign;
  /** Of its settings, as stored; 0: none is. */
  readonly settingVersion: number;
  /** With whom it is planned; made anew by `dialing-groups.ts` when that changes. */
  readonly group: DialingGroup;
  /** Whether its pacer learned since it was saved, and with which facts it was saved. */
  readonly learning: { readonly isChanged: boolean; readonly savedUpTo: number };
  readonly agentIds: ReadonlySet<AgentId>;
  readonly plan?: PlanShown;
  /** When screens were last told of its plan. */
  readonly shownAt: EpochMs;
  /** Until this moment its group may use its share: it had quota and placed nothing. */
  readonly passesBefore: EpochMs;
  /** Nothing was due when last asked: not asked again before this, or before leads change. */
  readonly noLeadsBefore: EpochMs;
  /** The earliest moment of a lead that is not due yet; infinite where there is none. */
  readonly nextLeadAt: EpochMs;
  /** Counts since `todayFrom`, kept by the facts. */
  readonly today: CampaignCounts;
  readonly todayFrom: EpochMs;
  /** Its answered calls by what they stand for, and what was last seen of the bank they make. */
  readonly abandonment: { readonly ledger: AbandonmentLedger; readonly watch: BankWatch };
  readonly leads: LeadFunnel;
};

/** Campaigns that are planned together; mostly one. */
export type DialingGroup = {
  /** In the order of the house. */
  readonly members: readonly CampaignRuntime[];
  /** The members as they were when the pacer was made: another one of them needs another pacer. */
  readonly campaigns: readonly Campaign[];
  readonly pacer: Pacer;
  readonly plannedAt: EpochMs;
  /** Calls it was given of agents shared with others, by its weight: who has had least comes next. */
  readonly served: number;
  /** Calls it placed, by its weight: where trunks have not enough for all, the same holds. */
  readonly linesServed: number;
};

export type AgentAtWork = {
  readonly shift: AgentShift;
  readonly headset: Headset;
  /** Random for each load of the agent's page; another one means that the old page's audio is gone. */
  readonly pageId?: string;
  /** The call on the agent's screen. */
  readonly callId?: CallId;
  readonly callConnectedAt?: EpochMs;
  readonly totals: AgentTotals;
};

export type LiveCall = {
  readonly call: Call;
  /** As it was when the call was placed: plans are made from it, however often. */
  readonly leadAtPlacing: Lead;
  /** An agent is guaranteed to it while it is on the way: it makes an abandoned call good. */
  readonly agentGuaranteed: boolean;
  readonly lead: Lead;
  readonly candidate: LeadCandidate;
  /** Read when somebody answered (read-for-agent.ts), as are those who know the debtor. */
  readonly file?: DebtorFile;
  readonly agentsWhoKnow: readonly AgentId[];
  readonly attemptsByPhone: AttemptsByPhone;
  /** What is said with the debtor: who they are, and what came of it. */
  readonly negotiation: Negotiation;
};

/** Of a trunk, beside what is stored: how full it is and how it behaves. */
export type TrunkRuntime = {
  readonly trunk: Trunk;
  readonly callsNow: number;
  /** When its newest calls left us, oldest first: as many as it may have in a second. */
  readonly placedAt: readonly EpochMs[];
  /** Since a telephone last rang through it. */
  readonly failuresInRow: number;
  readonly suspendedUntil?: EpochMs;
  readonly suspendedBecause?: string;
  /** Newest ends of calls, `true` where the number was said not to exist. */
  readonly recentInvalids: readonly boolean[];
  readonly usualAttempts: number;
  readonly usualInvalids: number;
};

export const EMPTY_COUNTS: CampaignCounts = {
  attempts: 0,
  answered: 0,
  connected: 0,
  abandoned: 0,
  hungUpWaiting: 0,
  busy: 0,
  noAnswer: 0,
  invalid: 0,
  rejected: 0,
  failed: 0,
  rightParty: 0,
  promises: 0,
};

export const EMPTY_TOTALS: AgentTotals = {
  calls: 0,
  rightParty: 0,
  promises: 0,
  promisedCentavos: 0,
  talkMs: 0,
};

/**
 * On the way, with an agent guaranteed to it. A person who was abandoned is called again on the same day
 * only so. No other call counts on that agent or gets them.
 */
export function hasGuaranteedAgent({ call, agentGuaranteed }: LiveCall): boolean {
  const { kind } = call.state;
  const isOnTheWay =
    kind === 'placing' || kind === 'ringing' || kind === 'screening' || kind === 'waiting';
  return agentGuaranteed && isOnTheWay;
}

export function isLive(live: LiveCall): boolean {
  return live.call.state.kind !== 'ended';
}

/** Whether some agent's screen has the call, in hand or as the last one. */
export function isOnAScreen({ agents }: Pick<EngineState, 'agents'>, callId: CallId): boolean {
  return [...agents.values()].some((agent) => agent.callId === callId);
}
