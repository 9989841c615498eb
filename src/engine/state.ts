import type { AgentShift } from '../domain/agents/agent-shift.ts';
import type { Headset } from '../domain/agents/headset.ts';
import type { Call } from '../domain/calls/call.ts';
import type { CallerId } from '../domain/campaigns/caller-id.ts';
import type { Campaign } from '../domain/campaigns/campaign.ts';
import type { ComplianceProfile } from '../domain/compliance/profile.ts';
import type { Creditor } from '../domain/debtors/debt.ts';
import type { DebtorFile } from '../domain/debtors/history.ts';
import type { Lead } from '../domain/leads/lead.ts';
import type { AttemptsByPhone } from '../domain/leads/next-attempt.ts';
import type { AbandonmentLedger, BankWatch } from '../domain/pacing/abandonment.ts';
import type { Pacer } from '../domain/pacing/pacer.ts';
import type { Trunk } from '../domain/trunks/trunk.ts';
import type {
  AgentId,
  CallId,
  CampaignId,
  CreditorId,
  HeadsetId,
  LegalEntityId,
  LegId,
  TrunkId,
  UserId,
} from '../lib/ids.ts';
import type { EpochMs } from '../lib/time.ts';
import type { StorageRoom } from './commands.ts';
import type {
  AgentTotals,
  CampaignCounts,
  LeadCandidate,
  LeadFunnel,
  LegalEntity,
  Person,
} from './ports/store.ts';
import type { PlanShown } from './queries.ts';

/** What the engine holds in memory. The disk never knows less than the newest commit of it. */
export type EngineState = {
  readonly campaigns: Map<CampaignId, CampaignRuntime>;
  readonly agents: Map<AgentId, AgentAtWork>;
  readonly headsets: Map<HeadsetId, AgentId>;
  /** Live calls, and ended ones that are still on an agent's screen. */
  readonly calls: Map<CallId, LiveCall>;
  readonly legs: Map<LegId, CallId>;
  readonly trunks: Map<TrunkId, TrunkRuntime>;
  callerIds: readonly CallerId[];
  readonly creditors: Map<CreditorId, Creditor>;
  readonly legalEntities: Map<LegalEntityId, LegalEntity>;
  readonly people: Map<UserId, Person>;
  readonly profiles: ReadonlyMap<string, ComplianceProfile>;
  telephony: TelephonyState;
  storageRoom: StorageRoomState;
  draining: boolean;
  /** Sequence of the newest committed fact. */
  upTo: number;
};

export type TelephonyState = {
  readonly up: boolean;
  readonly since: EpochMs;
  readonly because?: string;
  /** Of the PBX; another one means that every channel of before is gone. */
  readonly instance?: string;
};

/** As it was last measured; the free bytes are absent before that. */
export type StorageRoomState = {
  readonly room: StorageRoom;
  readonly since: EpochMs;
  readonly freeBytes?: number;
};

export type CampaignRuntime = {
  campaign: Campaign;
  /** With whom it is planned; made anew by `dialing-groups.ts` when that changes. */
  group: DialingGroup;
  /** Whether its pacer learned since it was saved, and with which facts it was saved. */
  readonly learning: { isChanged: boolean; savedUpTo: number };
  readonly agentIds: Set<AgentId>;
  plan?: PlanShown;
  /** When screens were last told of its plan. */
  shownAt: EpochMs;
  /** It had calls to place and placed none: its group's others have its share before this. */
  passesBefore: EpochMs;
  /** Nothing was due when last asked: not asked again before this, or before leads change. */
  noLeadsBefore: EpochMs;
  /** The earliest moment of a lead that is not due yet; infinite where there is none. */
  nextLeadAt: EpochMs;
  /** Counts since `todayFrom`, kept by the facts. */
  today: CampaignCounts;
  todayFrom: EpochMs;
  /** Its answered calls by what they stand for, and what was last seen of the bank they make. */
  abandonment: { readonly ledger: AbandonmentLedger; readonly watch: BankWatch };
  leads: LeadFunnel;
};

/** Campaigns that are planned together; mostly one. */
export type DialingGroup = {
  /** In the order of the house. */
  readonly members: readonly CampaignRuntime[];
  /** The members as they were when the pacer was made: another one of them needs another pacer. */
  readonly campaigns: readonly Campaign[];
  readonly pacer: Pacer;
  plannedAt: EpochMs;
  /** Calls it was given of agents shared with others, by its weight: who has had least comes next. */
  served: number;
};

export type AgentAtWork = {
  shift: AgentShift;
  headset: Headset;
  /** Random for each load of his page; another one means that the old page's audio is gone. */
  pageId?: string;
  /** The call on his screen. */
  callId?: CallId;
  callConnectedAt?: EpochMs;
  totals: AgentTotals;
};

export type LiveCall = {
  call: Call;
  /** As it was when the call was placed: plans are made from it, however often. */
  readonly leadAtPlacing: Lead;
  /** An agent is kept for it while it is on the way: it makes an abandoned call good. */
  readonly agentKept: boolean;
  lead: Lead;
  candidate: LeadCandidate;
  /** Read when somebody answered (read-for-agent.ts), as are those who know him. */
  file?: DebtorFile;
  agentsWhoKnow: readonly AgentId[];
  readonly attemptsByPhone: AttemptsByPhone;
  rightPartyConfirmed: boolean;
  disposition?: string;
  dispositionMissing: boolean;
};

/** Of a trunk, beside what is stored: how full it is and how it behaves. */
export type TrunkRuntime = {
  trunk: Trunk;
  callsNow: number;
  /** When its newest calls left us, oldest first: as many as it may have in a second. */
  readonly placedAt: EpochMs[];
  /** Since a telephone last rang through it. */
  failuresInRow: number;
  suspendedUntil?: EpochMs;
  suspendedBecause?: string;
  /** Newest ends of calls, `true` where the number was said not to exist. */
  readonly recentInvalids: boolean[];
  usualAttempts: number;
  usualInvalids: number;
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
 * On the way, and an agent is kept for it: who was abandoned is called again that day only so. Others
 * neither count on that agent nor get him.
 */
export function isGuaranteed({ call, agentKept }: LiveCall): boolean {
  const { kind } = call.state;
  const isOnTheWay =
    kind === 'placing' || kind === 'ringing' || kind === 'screening' || kind === 'waiting';
  return agentKept && isOnTheWay;
}

export function isLive(live: LiveCall): boolean {
  return live.call.state.kind !== 'ended';
}
