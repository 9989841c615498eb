/** Applies what a turn decided: each kind of change is a write in the file of its subject. */
import type { Change, Claim, Commit } from '../engine/ports/commit.ts';
import { releaseClaims, takeClaims } from './claims.ts';
import { requireLease } from './lease.ts';
import type { Database } from './tables.ts';
import type { StoreWrites } from './writes.ts';

type Apply = {
  readonly [Kind in Change['kind']]: (
    writes: StoreWrites,
    change: Extract<Change, { kind: Kind }>,
  ) => Promise<void>;
};

const APPLY: Apply = {
  'save-call': (writes, { call }) => writes.saveCall(call),
  'save-shift': (writes, { record }) => writes.saveShift(record),
  'save-lead': (writes, { lead }) => writes.saveLead(lead),
  'hold-unread-lead': (writes, { leadId, until }) => writes.holdUnreadLead(leadId, until),
  'insert-decision': (writes, { decision }) => writes.insertDecision(decision),
  'insert-attempt': (writes, { attempt }) => writes.insertAttempt(attempt),
  'settle-attempt': (writes, { settled }) => writes.settleAttempt(settled),
  'attempt-was-machine': (writes, { attemptId }) => writes.attemptWasMachine(attemptId),
  'save-phone': (writes, { phone }) => writes.savePhone(phone),
  'save-contact': (writes, { contact }) => writes.saveContact(contact),
  'insert-disposition': (writes, { record }) => writes.insertDisposition(record),
  'list-undisposed-call': (writes, { row }) => writes.listUndisposedCall(row),
  'insert-promise': (writes, { promise }) => writes.insertPromise(promise),
  'insert-block': (writes, { block }) => writes.insertBlock(block),
  'keep-block': (writes, { blockId, byUserId }) => writes.keepBlock(blockId, byUserId),
  'lift-block': (writes, { blockId, at }) => writes.liftBlock(blockId, at),
  'insert-right-party-contact': (writes, { contact }) => writes.insertRightPartyContact(contact),
  'withdraw-right-party-contact': (writes, { callId, because, at }) =>
    writes.withdrawRightPartyContact(callId, because, at),
  'save-negotiation-draft': (writes, { row }) => writes.saveNegotiationDraft(row),
  'remove-negotiation-draft': (writes, { callId }) => writes.removeNegotiationDraft(callId),
  'purge-negotiation-drafts': (writes, { before }) => writes.purgeNegotiationDrafts(before),
  'save-campaign': (writes, { campaign }) => writes.saveCampaign(campaign),
  'add-setting-version': (writes, { version }) => writes.addSettingVersion(version),
  'save-assignment': (writes, { assignment, assigned }) =>
    writes.saveAssignment(assignment, assigned),
  'save-bank-watch': (writes, { campaignId, watch }) => writes.saveBankWatch(campaignId, watch),
  'insert-audit': (writes, { entry }) => writes.insertAudit(entry),
  'save-caller-id-health': (writes, { number, health }) =>
    writes.saveCallerIdHealth(number, health),
  'reconcile-claims': (writes, { stream, held }) => writes.reconcileClaims(stream, held),
  'save-pacer-state': (writes, { record, at }) => writes.savePacerState(record, at),
  'add-job': (writes, { job }) => writes.addJob(job),
  'save-approval': (writes, { approval }) => writes.saveApproval(approval),
};

/** Rolls a transaction back because some of its claims cannot be had. */
export class ClaimsLost extends Error {
  override readonly name = 'ClaimsLost';
  readonly lost: readonly Claim[];

  constructor(lost: readonly Claim[]) {
    super('claims of the commit are lost');
    this.lost = lost;
  }
}

/**
 * Runs inside a transaction. Throws ClaimsLost, and StoreError('commit-failed') when another
 * process now has the lease.
 */
export async function applyCommit(
  db: Database,
  writes: StoreWrites,
  { stream, epoch, releases, claims, changes, facts }: Commit,
): Promise<void> {
  if (epoch !== undefined) await requireLease(db, { stream, epoch });
  await releaseClaims(db, releases);
  const lost = await takeClaims(db, stream, claims);
  if (lost.length > 0) throw new ClaimsLost(lost);
  await applyChanges(writes, changes);
  await writes.appendFacts(stream, facts);
}

/** Applies the changes in the order given. */
export async function applyChanges(writes: StoreWrites, changes: readonly Change[]): Promise<void> {
  for (const change of changes) await apply(writes, change);
}

function apply<Kind extends Change['kind']>(
  writes: StoreWrites,
  change: Extract<Change, { kind: Kind }>,
): Promise<void> {
  const write: Apply[Kind] = APPLY[change.kind as Kind];
  return write(writes, change);
}
