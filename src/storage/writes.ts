import type { BankWatch } from '../domain/abandonment/alarm.ts';
import type { Approval } from '../domain/approvals/approval.ts';
import type { Call } from '../domain/calls/call.ts';
import type { Campaign } from '../domain/campaigns/campaign.ts';
import type { HistoryEntry } from '../domain/debtors/history.ts';
import type { Phone } from '../domain/debtors/phone.ts';
import type { Fact } from '../domain/facts.ts';
import type { Lead } from '../domain/leads/lead.ts';
import type { CallerId } from '../domain/trunks/caller-id.ts';
import type { CallerIdHealth } from '../domain/trunks/caller-id-health.ts';
import type { Trunk } from '../domain/trunks/trunk.ts';
import type { AuditEntry } from '../engine/ports/audit.ts';
import type { Held, StoredBlock, StoredPromise } from '../engine/ports/commit.ts';
import type { NewJob } from '../engine/ports/new-job.ts';
import type {
  Assignment,
  AttemptRow,
  DecisionRow,
  DispositionRecord,
  NegotiationDraftRow,
  NewSettingVersion,
  PacerRecord,
  RightPartyContact,
  SettledAttempt,
  ShiftRecord,
  UndisposedRow,
} from '../engine/ports/records.ts';
import type { AttemptId, BlockId, CallId, CampaignId, DebtorId, UserId } from '../lib/ids.ts';
import type { E164 } from '../lib/phone-number.ts';
import type { EpochMs } from '../lib/time.ts';

/** The writes of a transaction; each subject's file implements its own. */
export interface StoreWrites {
  appendFacts(stream: string, facts: readonly Fact[]): Promise<void>;
  saveCall(call: Call): Promise<void>;
  saveShift(record: ShiftRecord): Promise<void>;
  insertDecision(decision: DecisionRow): Promise<void>;
  /** The committed row is the reservation of its place in every cap. */
  insertAttempt(attempt: AttemptRow): Promise<void>;
  settleAttempt(settled: SettledAttempt): Promise<void>;
  /** Marks a settled attempt that later proved to be a machine, and so abandoned nobody. */
  attemptWasMachine(attemptId: AttemptId): Promise<void>;
  saveLead(lead: Lead): Promise<void>;
  /** Makes a lead that cannot be read wait until then, with a mistake as the reason. */
  holdUnreadLead(leadId: string, until: EpochMs): Promise<void>;
  savePhone(phone: Phone): Promise<void>;
  /** Replaces the one with the same id: a call's entry gets its disposition later. */
  saveContact(contact: HistoryEntry & { debtorId: DebtorId }): Promise<void>;
  /** A correction replaces the meaning of the call's earlier record, which stays in the history. */
  insertDisposition(record: DispositionRecord): Promise<void>;
  /** Lists a call without a disposition; it leaves the list when it gets one. */
  listUndisposedCall(row: UndisposedRow): Promise<void>;
  /** Replaces the draft of the same call. */
  saveNegotiationDraft(row: NegotiationDraftRow): Promise<void>;
  removeNegotiationDraft(callId: CallId): Promise<void>;
  /** Removes drafts that nobody has typed in since this moment, a thousand at most. */
  purgeNegotiationDrafts(before: EpochMs): Promise<void>;
  insertPromise(promise: StoredPromise): Promise<void>;
  insertBlock(block: StoredBlock): Promise<void>;
  /** The block stays, in the name of the user who has looked at it. */
  keepBlock(id: BlockId, byUserId: UserId): Promise<void>;
  /** Ends the block at this moment; the row stays. */
  liftBlock(id: BlockId, at: EpochMs): Promise<void>;
  insertRightPartyContact(contact: RightPartyContact): Promise<void>;
  /** The person was somebody else: the contact is kept but no longer counts anywhere. */
  withdrawRightPartyContact(callId: CallId, because: string, at: EpochMs): Promise<void>;
  saveCampaign(campaign: Campaign): Promise<void>;
  /** Adds the next version of its subject. */
  addSettingVersion(version: NewSettingVersion): Promise<void>;
  saveAssignment(assignment: Assignment, assigned: boolean): Promise<void>;
  saveBankWatch(campaignId: CampaignId, watch: BankWatch): Promise<void>;
  saveTrunk(trunk: Trunk): Promise<void>;
  saveCallerId(callerId: CallerId): Promise<void>;
  insertAudit(entry: AuditEntry): Promise<void>;
  saveCallerIdHealth(number: E164, health: CallerIdHealth): Promise<void>;
  reconcileClaims(stream: string, held: readonly Held[]): Promise<void>;
  /** Replaces the campaign's record. */
  savePacerState(record: PacerRecord, now: EpochMs): Promise<void>;
  /** Does nothing when another job with its key waits or is taken. */
  addJob(job: NewJob): Promise<void>;
  /** Replaces the state of the approval with the same id. */
  saveApproval(approval: Approval): Promise<void>;
}
