import { provedMachine } from '../domain/calls/end-call.ts';
import { standingOf } from '../domain/calls/standing.ts';
import { totalsOf } from '../domain/debtors/debt.ts';
import { phoneWithStatus } from '../domain/debtors/phone.ts';
import type { DispositionContext, DispositionInput } from '../domain/dispositions/disposition.ts';
import type { Disposed, NegotiationStep } from '../domain/negotiations/negotiation.ts';
import { present } from '../lib/assert.ts';
import { given } from '../lib/given.ts';
import { type AgentId, newId, type UserId } from '../lib/ids.ts';
import { type Money, money } from '../lib/money.ts';
import { say } from '../words/say.ts';
import type { AgentCommand, CommandResult } from './commands.ts';
import { undoConfirmation } from './confirm-right-party.ts';
import { count, countStanding } from './count-day.ts';
import { noteStanding } from './keep-bank.ts';
import type { Memory } from './memory.ts';
import { moveNegotiation, refusalOf } from './move-negotiation.ts';
import { campaignOf, planLead, recordContact } from './settle-call.ts';
import { type AgentAtWork, isLive, type LiveCall } from './state.ts';
import type { Turn } from './turn.ts';

type DisposeCommand = Extract<AgentCommand, { kind: 'dispose' }>;

/** Records what came of a call, with everything that follows: lead, number, block, promise, wrap-up. */
export function disposeCall(
  turn: Turn,
  agent: AgentAtWork,
  command: DisposeCommand,
): CommandResult {
  const live = turn.state.calls.get(command.callId);
  if (!live || agent.callId !== command.callId) {
    return { ok: false, code: 'not-your-call', detail: say('not-on-screen') };
  }
  if (isDialedAgain(turn, live)) return refusalOf('has-disposition');
  const by = { agentId: agent.shift.agentId, agent, ...given({ address: command.address }) };
  const { refused, disposed } = sayOfCall(turn, by, live, 'disposed', command);
  if (refused) return refusalOf(refused);
  const { disposition } = present(disposed, 'what is not refused is recorded');
  const wrapUpMs = disposition.wrapUpMs ?? campaignOf(turn, live).campaign.wrapUpMs;
  const signal = { kind: 'disposed', callId: live.call.id, wrapUpMs } as const;
  turn.tellShift(by.agentId, signal);
  return { ok: true };
}

/** Who says what came of a call: its agent, or a supervisor in their place. */
type DisposedBy = {
  readonly agentId: AgentId;
  /** At work, and credited with it. */
  readonly agent?: AgentAtWork;
  readonly byUserId?: UserId;
  /** IP address that it was said from, for the audit trail. */
  readonly address?: string;
  /** It was called again since: its next step follows from that call. */
  readonly leadMovedOn?: boolean;
};

/** What was said of a call, apart from who says it. */
type SaidOfCall = Pick<DisposeCommand, 'code' | 'note' | 'form' | 'withdrawsRightParty'>;

/** Records a disposition, with all that follows from it, or says why it cannot be. */
export function sayOfCall(
  turn: Turn,
  by: DisposedBy,
  live: LiveCall,
  kind: 'disposed' | 'corrected',
  said: SaidOfCall,
): NegotiationStep {
  const context = contextOf(turn, live);
  const withdraws = said.withdrawsRightParty === true;
  const signal = { kind, code: said.code, input: inputOf(said), context, withdraws };
  const step = moveNegotiation(turn, live, signal, by.agentId, by.byUserId);
  if (!step.disposed) return step;
  recordDisposition(turn, by, live, step.disposed, said);
  applyDisposition(turn, by, live, step.disposed);
  return step;
}

function contextOf(turn: Turn, live: LiveCall): DispositionContext {
  return {
    now: turn.now,
    zone: turn.zone,
    debtorId: live.call.debtorId,
    phoneId: live.call.phoneId,
    phone: live.call.phone,
    creditorId: live.candidate.creditorId,
    promiseDaysMax: campaignOf(turn, live).campaign.promiseDaysMax,
    ...owedIn(live),
  };
}

/** What the agent's screen shows as the total; absent where nothing open is known. */
function owedIn({ file }: LiveCall): { readonly owed?: Money } {
  const { openInstalments, updatedValue } = totalsOf(file?.contracts ?? []);
  return openInstalments === 0 ? {} : { owed: updatedValue };
}

/** A missing disposition may be recorded until the lead is in another call. */
export function isDialedAgain(memory: Memory, live: LiveCall): boolean {
  for (const other of memory.state.calls.values()) {
    if (other !== live && isLive(other) && other.call.leadId === live.call.leadId) return true;
  }
  return false;
}

function inputOf({ note, form }: SaidOfCall): DispositionInput {
  return {
    ...given({ note }),
    ...(form?.promise
      ? {
          promise: {
            value: money(form.promise.valueCentavos),
            dueDate: form.promise.dueDate,
            aboveDueConfirmed: form.promise.aboveDueConfirmed === true,
          },
        }
      : {}),
    ...(form?.callbackAt === undefined
      ? {}
      : { callback: { at: form.callbackAt, personal: false } }),
  };
}

/** Its row and its entry in the debtor's history; first a confirmation that it contradicts is undone. */
function recordDisposition(
  turn: Turn,
  by: DisposedBy,
  live: LiveCall,
  { disposition, correction, withdraws }: Disposed,
  { note, form }: SaidOfCall,
): void {
  const { batch } = turn;
  const { agentId, byUserId } = by;
  if (withdraws) undoConfirmation(turn, by, live, disposition.code);
  const { call } = live;
  const row = {
    callId: call.id,
    campaignId: call.campaignId,
    debtorId: call.debtorId,
    leadId: call.leadId,
    agentId,
    code: disposition.code,
    at: batch.now,
    correction,
    ...given({ note, form: form && JSON.stringify(form), byUserId }),
  };
  batch.change({ kind: 'insert-disposition', record: row });
  const agentName = turn.state.people.get(byUserId ?? agentId)?.name;
  recordContact(batch, live, disposition.code, given({ note, agentName }));
}

function applyDisposition(
  turn: Turn,
  { agentId, agent, byUserId = agentId, leadMovedOn = false }: DisposedBy,
  live: LiveCall,
  { disposition, effects }: Disposed,
): void {
  const { batch } = turn;
  const { call } = live;
  const campaign = campaignOf(turn, live);
  if (effects.phoneStatus) markPhone(turn, live, effects.phoneStatus);
  if (effects.block) {
    const block = {
      ...effects.block,
      id: newId('block', batch.now, turn.random),
      byUserId,
      callId: call.id,
      at: batch.now,
    };
    batch.change({ kind: 'insert-block', block });
  }
  if (effects.promise) {
    const promise = {
      id: newId('promise', batch.now, turn.random),
      creditorId: live.candidate.creditorId,
      debtorId: call.debtorId,
      callId: call.id,
      madeAt: batch.now,
      dueDate: effects.promise.dueDate,
      value: effects.promise.value,
      state: 'open' as const,
      agentId,
    };
    batch.change({ kind: 'insert-promise', promise });
    if (agent) creditPromise(turn, agent, effects.promise.value);
    count(turn, campaign, 'promises', batch.now);
  }
  const isMachine = disposition.person === false;
  const outcome = isMachine ? 'machine' : 'person';
  if (isMachine) wasMachine(turn, live, agentId);
  if (!leadMovedOn) planLead(turn, live, campaign, outcome, effects.leadPlan);
}

function creditPromise(memory: Memory, agent: AgentAtWork, value: Money): void {
  const { totals } = agent;
  memory.draft.change(agent, {
    totals: {
      ...totals,
      promises: totals.promises + 1,
      promisedCentavos: totals.promisedCentavos + value.centavos,
    },
  });
}

/** There is nobody to talk to. With the agent's word the call counts as what it was, over or not. */
function wasMachine(turn: Turn, live: LiveCall, agentId: AgentId): void {
  const { call: before } = live;
  if (isLive(live)) {
    const signal = { kind: 'hang-up-asked', intent: 'machine' } as const;
    turn.tellCall(before.id, signal);
    return;
  }
  const was = standingOf(before);
  const after = provedMachine(before);
  if (after === before || was === undefined) return;
  const { batch } = turn;
  const campaign = campaignOf(turn, live);
  turn.draft.change(live, { call: after });
  batch.callChanged(live);
  noteStanding(turn, campaign, before, after, batch.now);
  countStanding(turn, campaign, before, after, batch.now);
  batch.change({ kind: 'attempt-was-machine', attemptId: after.attemptId });
  batch.callFact(live, { kind: 'call-proved-machine', was }, agentId);
}

function markPhone(
  turn: Turn,
  live: LiveCall,
  status: 'confirmed' | 'third-party' | 'wrong',
): void {
  const { batch } = turn;
  const phone = live.candidate.phones.find((one) => one.id === live.call.phoneId);
  if (!phone || phone.status === status) return;
  const marked = phoneWithStatus(phone, status, batch.now);
  const { candidate } = live;
  const phones = candidate.phones.map((one) => (one.id === phone.id ? marked : one));
  turn.draft.change(live, { candidate: { ...candidate, phones } });
  batch.change({ kind: 'save-phone', phone: marked });
  batch.callFact(live, {
    kind: 'phone-status-changed',
    from: phone.status,
    to: status,
    because: 'disposition',
  });
}
