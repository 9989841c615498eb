/** Builders of whole valid records for the store's port; each takes only what matters. */
import { beginShift } from '../../src/domain/agents/agent-shift.ts';
import { beginHeadset } from '../../src/domain/agents/headset.ts';
import type { Call } from '../../src/domain/calls/call.ts';
import type { HistoryEntry } from '../../src/domain/debtors/history.ts';
import type { Fact } from '../../src/domain/facts.ts';
import type { Lead } from '../../src/domain/leads/lead.ts';
import { type Commit, ENGINE_STREAM } from '../../src/engine/ports/commit.ts';
import type {
  AttemptRow,
  DecisionRow,
  DispositionRecord,
  LeadCandidate,
  SettledAttempt,
  ShiftRecord,
} from '../../src/engine/ports/records.ts';
import { present } from '../../src/lib/assert.ts';
import type { DebtorId, LeadId } from '../../src/lib/ids.ts';
import type { StoreWrites } from '../../src/storage/writes.ts';
import { NOON, type TestStorage } from './store.ts';

/** Returns the storage of the running test, for parts of a suite. */
export type Current = () => TestStorage;

export function aFact(sequence: number, given: Partial<Fact> = {}): Fact {
  return { sequence, at: NOON, body: { kind: 'server-started', recoveredCalls: 0 }, ...given };
}

export function aCommit(given: Partial<Commit> = {}): Commit {
  return { stream: ENGINE_STREAM, releases: [], claims: [], changes: [], facts: [], ...given };
}

export function aCall(given: Partial<Call> = {}): Call {
  return {
    id: 'call_1',
    legId: 'leg_1',
    attemptId: 'attempt_1',
    campaignId: 'campaign_1',
    leadId: 'lead_1',
    debtorId: 'debtor_1',
    phoneId: 'phone_1',
    phone: '+5511987654321',
    trunkId: 'trunk_1',
    callerId: '+551131001001',
    ringTimeoutMs: 25_000,
    waitMaxMs: 2_000,
    graceMs: 10_000,
    causeOverrides: { 480: 'busy' },
    placedAt: NOON,
    state: { kind: 'placing' },
    rang: false,
    earlyMedia: false,
    version: 1,
    ...given,
  };
}

export function aShiftRecord(given: Partial<ShiftRecord['shift']> = {}): ShiftRecord {
  return {
    shift: { ...beginShift('shift_1', 'user_1', NOON), ...given },
    headset: beginHeadset('headset_1', 'bridge_1'),
  };
}

export function aLead(given: Partial<Lead> = {}): Lead {
  return {
    id: 'lead_1',
    campaignId: 'campaign_1',
    listId: 'list_1',
    debtorId: 'debtor_1',
    state: 'ready',
    priority: 50,
    notBeforeAt: 0,
    agentGuaranteed: false,
    cycle: 1,
    attempts: 0,
    ...given,
  };
}

export function aDecision(given: Partial<DecisionRow> = {}): DecisionRow {
  return {
    id: 'decision_1',
    at: NOON,
    campaignId: 'campaign_1',
    leadId: 'lead_1',
    debtorId: 'debtor_1',
    phoneId: 'phone_1',
    profileId: 'demonstration',
    profileVersion: '1',
    allowed: true,
    rules: '[]',
    ...given,
  };
}

/** Stores decision and attempt `number` on a candidate's first phone. */
export async function place(
  tx: StoreWrites,
  candidate: LeadCandidate,
  number: number,
  given: Partial<AttemptRow> = {},
): Promise<AttemptRow> {
  const [phone] = candidate.phones;
  if (!phone) throw new Error('a candidate that is dialed has a phone');
  const attempt: AttemptRow = {
    id: `attempt_${number}`,
    callId: `call_${number}`,
    legId: `leg_${number}`,
    decisionId: `decision_${number}`,
    campaignId: candidate.lead.campaignId,
    leadId: candidate.lead.id,
    debtorId: candidate.debtor.id,
    phoneId: phone.id,
    phone: phone.number,
    trunkId: 'trunk_1',
    callerId: '+551131001001',
    placedAt: NOON,
    ...given,
  };
  const { leadId, debtorId, phoneId, campaignId } = attempt;
  // The attempt comes first because writes of one transaction may come in any order.
  await tx.insertAttempt(attempt);
  await tx.insertDecision(
    aDecision({ id: attempt.decisionId, leadId, debtorId, phoneId, campaignId }),
  );
  return attempt;
}

export function settled(
  attempt: Pick<AttemptRow, 'id' | 'placedAt'>,
  given: Partial<SettledAttempt> = {},
): SettledAttempt {
  return {
    id: attempt.id,
    endedAt: attempt.placedAt + 30_000,
    outcome: 'no-answer',
    counts: true,
    abandoned: false,
    ...given,
  };
}

export function aContact(
  debtorId: DebtorId,
  given: Partial<HistoryEntry> = {},
): HistoryEntry & { readonly debtorId: DebtorId } {
  return {
    id: 'contact_1',
    debtorId,
    at: NOON,
    channel: 'voice',
    direction: 'outbound',
    creditorId: 'creditor_1',
    source: 'dialer',
    result: 'no-answer',
    ...given,
  };
}

export function aDisposition(
  debtorId: DebtorId,
  given: Partial<DispositionRecord> = {},
): DispositionRecord {
  return {
    callId: 'call_1',
    campaignId: 'campaign_1',
    debtorId,
    leadId: 'lead_1',
    agentId: 'user_1',
    code: 'promise',
    at: NOON,
    correction: false,
    ...given,
  };
}

/** The stored leads with these ids, in this order. */
export async function candidates(
  storage: TestStorage,
  ids: readonly LeadId[],
): Promise<readonly LeadCandidate[]> {
  return storage.store.read(async (view) => {
    const found: LeadCandidate[] = [];
    for (const id of ids) found.push(present(await view.lead(id), 'an imported lead is stored'));
    return found;
  });
}
