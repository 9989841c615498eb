/** Calls whose disposition was waited for in vain: a supervisor records it, or gives the call back. */
import { callOf, mayBeGivenBack } from '../domain/agents/agent-shift.ts';
import type { CallId } from '../lib/ids.ts';
import { askedBy, type CommandResult, type SupervisorCommand } from './commands.ts';
import { applyDisposition, isDialedAgain, judge, recordDisposition } from './dispose-call.ts';
import { forgetIfUnseen } from './follow-call.ts';
import { loadCall } from './load-call.ts';
import { campaignOf } from './settle-call.ts';
import type { AgentAtWork, LiveCall } from './state.ts';
import type { House, Turn } from './work.ts';

type CorrectCommand = Extract<SupervisorCommand, { kind: 'correct-disposition' }>;
type GiveBackCommand = Extract<SupervisorCommand, { kind: 'give-back-call' }>;
type Refused = Extract<CommandResult, { ok: false }>;

const NOT_LISTED: Refused = {
  ok: false,
  code: 'nothing-to-change',
  detail: 'This call lacks no disposition.',
};

/** Records what came of the call in the agent's place, as a correction with the supervisor's name. */
export async function correctDisposition(
  house: House,
  turn: Turn,
  command: CorrectCommand,
): Promise<CommandResult> {
  const { callId, byUserId, address } = command;
  const found = await undisposed(house, turn, callId);
  if (!found) return NOT_LISTED;
  const { live, leadMovedOn } = found;
  if (holderOf(house, callId)) return notNow('The agent has it to dispose now.');
  if (isDialedAgain(house, live)) return notNow('This person is being called again.');
  const judged = judge(house, turn, live, command);
  if (!judged.ok) return judged;
  const { disposition, effects } = judged;
  if (!house.state.calls.has(callId)) {
    // In memory for as long as it takes to tell of it.
    house.draft.set(house.state.calls, callId, live);
    turn.batch.callOver(callId);
  }
  const agentId = live.call.agentId ?? byUserId;
  const from = address === undefined ? {} : { address };
  const by = { agentId, byUserId, leadMovedOn, ...from };
  recordDisposition(house, turn, by, live, disposition, command);
  applyDisposition(house, turn, by, live, disposition, effects);
  turn.work.push({ kind: 'shift', agentId, signal: { kind: 'corrected', callId } });
  audit(turn, command, disposition.code);
  return { ok: true };
}

/** The agent of the call, who does nothing else now, is to say what came of it. */
export async function giveBackCall(
  house: House,
  turn: Turn,
  command: GiveBackCommand,
): Promise<CommandResult> {
  const { callId } = command;
  const live = (await undisposed(house, turn, callId))?.live;
  if (!live) return NOT_LISTED;
  const agentId = live.call.agentId;
  const agent = agentId && house.state.agents.get(agentId);
  if (!agent || agent.shift.activity.kind === 'ended') {
    return { ok: false, code: 'no-shift', detail: 'The agent of this call is not signed in.' };
  }
  if (!mayBeGivenBack(agent.shift)) return notNow('The agent is in a call or at a break.');
  show(house, turn, agent, live);
  const { dispositionWaitMs } = campaignOf(house, live).campaign;
  const signal = { kind: 'given-back', callId, dispositionWaitMs } as const;
  turn.work.push({ kind: 'shift', agentId: agent.shift.agentId, signal });
  audit(turn, command);
  return { ok: true };
}

type Found = {
  readonly live: LiveCall;
  /** The lead was called again since: what is said now of this call does not move it. */
  readonly leadMovedOn: boolean;
};

/** The call, from memory or the store, while it lacks its disposition. */
async function undisposed(house: House, { batch }: Turn, id: CallId): Promise<Found | undefined> {
  const known = house.state.calls.get(id);
  if (known && !known.dispositionMissing) return undefined;
  return house.store.read(async (view) => {
    if (known) {
      const stored = (await view.lead(known.call.leadId))?.lead.lastAttemptAt ?? 0;
      return { live: known, leadMovedOn: stored > (known.lead.lastAttemptAt ?? 0) };
    }
    const missingAt = await view.undisposedSince(id);
    const call = missingAt === undefined ? undefined : await view.call(id);
    if (!call || missingAt === undefined) return undefined;
    const live = await loadCall(house.state, view, call, batch.now);
    const { leadAtPlacing } = live;
    // Its lead was planned when the disposition was given up: this call is among the attempts already.
    const attempts = Math.max(0, leadAtPlacing.attempts - 1);
    return {
      live: { ...live, dispositionMissing: true, leadAtPlacing: { ...leadAtPlacing, attempts } },
      leadMovedOn: (live.lead.lastAttemptAt ?? 0) > missingAt,
    };
  });
}

/** Who has the call to dispose. */
function holderOf(house: House, callId: CallId): AgentAtWork | undefined {
  return [...house.state.agents.values()].find(({ shift }) => callOf(shift) === callId);
}

/** Back on the agent's screen, in the place of the last one. */
function show(house: House, { batch }: Turn, agent: AgentAtWork, live: LiveCall): void {
  const { id, connectedAt } = live.call;
  const before = agent.callId;
  if (!house.state.calls.has(id)) house.draft.set(house.state.calls, id, live);
  house.draft.change(agent, {
    callId: id,
    ...(connectedAt === undefined ? {} : { callConnectedAt: connectedAt }),
  });
  if (before && before !== id) forgetIfUnseen(house, batch, before);
}

function notNow(detail: string): Refused {
  return { ok: false, code: 'not-now', detail };
}

function audit({ batch }: Turn, command: CorrectCommand | GiveBackCommand, to?: string): void {
  const entry = {
    at: batch.now,
    ...askedBy(command),
    subject: 'call' as const,
    subjectId: command.callId,
    change: command.kind,
    ...(to === undefined ? {} : { to }),
  };
  batch.change({ kind: 'insert-audit', entry });
}
