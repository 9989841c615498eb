import {
  beginShift,
  callOf,
  isFree,
  isKept,
  mayTakeBack,
  type ShiftSignal,
  signOutAskedBy,
} from '../domain/agents/agent-shift.ts';
import { beginHeadset } from '../domain/agents/headset.ts';
import { unreachable } from '../lib/assert.ts';
import { type AgentId, newId } from '../lib/ids.ts';
import { type EpochMs, HOUR_MS, startOfLocalDay } from '../lib/time.ts';
import { type Said, say } from '../words/say.ts';
import { askApproval, decideApproval, withdrawApproval } from './approvals.ts';
import { assignAgent, changeCampaign } from './change-campaign.ts';
import {
  type AgentCommand,
  askedBy,
  type Command,
  type CommandResult,
  type HouseCommand,
  type SupervisorCommand,
} from './commands.ts';
import { confirmRightParty } from './confirm-right-party.ts';
import { correctDisposition, giveBackCall } from './correct-call.ts';
import { disposeCall } from './dispose-call.ts';
import { keepDraft } from './keep-draft.ts';
import type { Memory } from './memory.ts';
import type { HeadsetCredentials } from './ports/telephony.ts';
import { reviewUnwanted } from './review-unwanted.ts';
import type { AgentAtWork, LiveCall } from './state.ts';
import type { Turn } from './turn.ts';

/** Decides one command. Its answer is given after the commit, by the engine. */
export function runCommand(turn: Turn, command: Command): CommandResult {
  switch (command.kind) {
    case 'change-campaign':
      return changeCampaign(turn, command);
    case 'assign-agent':
      return assignAgent(turn, command);
    case 'pause-agent':
    case 'plan-agent-rest':
    case 'sign-out-agent':
    case 'take-back-from-agent':
      return superviseAgent(turn, command);
    case 'review-unwanted':
      return reviewOrRefuse(turn, command);
    case 'ask-approval':
      return askApproval(turn, command);
    case 'decide-approval':
      return decideApproval(turn, command);
    case 'withdraw-approval':
      return withdrawApproval(turn, command);
    case 'correct-disposition':
      return correctDisposition(turn, command);
    case 'give-back-call':
      return giveBackCall(turn, command);
    case 'leads-changed':
      return leadsChanged(turn, command.campaignId);
    case 'people-changed':
      return peopleChanged(turn);
    case 'storage-room-changed':
      return storageRoomChanged(turn, command);
    case 'open-shift':
      return openShift(turn, command);
    default:
      return ofAgent(turn, command);
  }
}

const OK: CommandResult = { ok: true };

function refuse(code: Extract<CommandResult, { ok: false }>['code'], detail: Said): CommandResult {
  return { ok: false, code, detail };
}

// ── the agent's own ─────────────────────────────────────────────────────────────────────────────

/** Begins a shift, or takes the open one up again: after a reload, a lost network or a restart of ours. */
function openShift(
  turn: Turn,
  command: Extract<AgentCommand, { kind: 'open-shift' }>,
): CommandResult {
  const { agentId, pageId } = command;
  // Whom memory does not know yet, the store may: somebody was added or enabled a moment ago.
  if (!isAgent(turn, agentId)) peopleChanged(turn);
  if (!isAgent(turn, agentId)) {
    return refuse('unknown-agent', say('only-enabled-agent'));
  }
  const open = turn.state.agents.get(agentId);
  if (open && open.shift.activity.kind !== 'ended') {
    const isOtherPage = open.pageId !== undefined && open.pageId !== pageId;
    if (isOtherPage) {
      turn.tellHeadset(open.headset.id, { kind: 'headset-given-up' });
    }
    turn.draft.change(open, { pageId });
    turn.tellShift(agentId, { kind: 'screen-connected' });
    turn.batch.showAgent(agentId);
    return { ok: true, headset: credentialsOf(turn, open) };
  }
  const { batch } = turn;
  const dayFrom = startOfLocalDay(batch.now, turn.zone);
  const totals = turn.prepared.of({ kind: 'agent-totals', agentId, since: dayFrom });
  const headset = beginHeadset(
    newId('headset', batch.now, turn.random),
    newId('bridge', batch.now, turn.random),
  );
  const shift = beginShift(newId('shift', batch.now, turn.random), agentId, batch.now);
  const agent: AgentAtWork = { shift, headset, pageId, totals };
  turn.draft.set(turn.state.agents, agentId, agent);
  turn.draft.set(turn.state.headsets, headset.id, agentId);
  batch.shiftChanged(agent);
  batch.fact({ kind: 'shift-began' }, { agentId, shiftId: shift.id });
  const credentials = credentialsOf(turn, agent);
  batch.effect({ kind: 'open-headset', credentials });
  return { ok: true, headset: credentials };
}

export function credentialsOf(memory: Memory, { headset }: AgentAtWork): HeadsetCredentials {
  return {
    headsetId: headset.id,
    username: headset.id,
    password: memory.headsetPassword(headset.id),
  };
}

type OwnCommand = Exclude<AgentCommand, { kind: 'open-shift' }>;

function ofAgent(turn: Turn, command: OwnCommand): CommandResult {
  const { agentId } = command;
  const agent = turn.state.agents.get(agentId);
  if (!agent || agent.shift.activity.kind === 'ended') {
    // A socket that comes or goes before a shift began is nobody's loss.
    if (command.kind === 'screen-connected' || command.kind === 'screen-lost') return OK;
    return refuse('no-shift', say('begin-shift-first'));
  }
  switch (command.kind) {
    case 'screen-connected':
    case 'screen-lost':
      turn.tellShift(agentId, { kind: command.kind });
      return OK;
    case 'headset-lost':
      turn.tellHeadset(agent.headset.id, { kind: 'headset-given-up' });
      return OK;
    case 'go-available':
      return goAvailable(turn, agent);
    case 'pause':
      turn.tellShift(agentId, { kind: 'pause', reason: command.reason });
      return OK;
    case 'take-pause-back':
    case 'take-sign-out-back':
      return takeBack(turn, agent, command.kind);
    case 'plan-rest':
      return planRest(turn, agent, command.at);
    case 'extend-wrap-up':
      turn.tellShift(agentId, { kind: 'extend-wrap-up', byMs: WRAP_UP_EXTENSION_MS });
      return OK;
    case 'hang-up':
      if (callOf(agent.shift) !== command.callId) {
        return refuse('not-your-call', say('call-not-yours'));
      }
      turn.tellCall(command.callId, { kind: 'hang-up-asked', intent: 'agent' });
      return OK;
    case 'confirm-right-party':
      return confirmRightParty(turn, agent, command);
    case 'dispose':
      return disposeCall(turn, agent, command);
    case 'keep-draft':
      return keepDraft(turn, agent, command);
    case 'sign-out':
      turn.tellShift(agentId, { kind: 'sign-out', because: 'signed-out' });
      return OK;
    default:
      return unreachable(command);
  }
}

const ASKED_BY_SUPERVISOR = refuse('asked-by-supervisor', say('supervisor-takes-back'));

/** A pause or an end of shift that was asked for, and has not begun, is not wanted any more. */
function takeBack(
  turn: Turn,
  { shift }: AgentAtWork,
  kind: 'take-pause-back' | 'take-sign-out-back',
): CommandResult {
  const asked = kind === 'take-pause-back' ? shift.pauseAskedBy : signOutAskedBy(shift);
  if (!mayTakeBack(asked, undefined)) return ASKED_BY_SUPERVISOR;
  turn.tellShift(shift.agentId, { kind });
  return OK;
}

/** A rest further ahead belongs to another shift. */
const REST_AHEAD_MAX_MS = 12 * HOUR_MS;

function planRest(
  turn: Turn,
  { shift }: AgentAtWork,
  at: EpochMs | null,
  by?: 'supervisor',
): CommandResult {
  const { agentId } = shift;
  if (!mayTakeBack(shift.restAskedBy, by)) return ASKED_BY_SUPERVISOR;
  const asker = by ? { by } : {};
  if (at === null) {
    if (shift.restsAt === undefined) return refuse('nothing-to-change', say('no-rest-planned'));
    turn.tellShift(agentId, { kind: 'take-rest-back', ...asker });
    return OK;
  }
  const aheadMs = at - turn.batch.now;
  if (!(Number.isSafeInteger(at) && aheadMs > 0 && aheadMs <= REST_AHEAD_MAX_MS)) {
    return refuse('rest-out-of-reach', say('rest-within-twelve-hours'));
  }
  turn.tellShift(agentId, { kind: 'plan-rest', at, ...asker });
  return OK;
}

/** More time for the notes, once a call. */
const WRAP_UP_EXTENSION_MS = 30_000;

function goAvailable(turn: Turn, { shift }: AgentAtWork): CommandResult {
  const { activity } = shift;
  if (isFree(shift)) return OK;
  const may =
    activity.kind === 'preparing' ||
    activity.kind === 'paused' ||
    (activity.kind === 'wrapping-up' && activity.disposed);
  if (!may) {
    return activity.kind === 'wrapping-up'
      ? refuse('not-now', say('disposition-first'))
      : refuse('not-now', say('call-in-hand'));
  }
  if (isKept(shift, turn.batch.now)) return ASKED_BY_SUPERVISOR;
  if (!shift.headset.pinned) {
    return refuse('headset-not-ready', say('audio-not-connected'));
  }
  turn.tellShift(shift.agentId, { kind: 'go-available' });
  return OK;
}

// ── the supervisor's and the house's ────────────────────────────────────────────────────────────

function superviseAgent(
  turn: Turn,
  command: Extract<
    SupervisorCommand,
    { kind: 'pause-agent' | 'plan-agent-rest' | 'sign-out-agent' | 'take-back-from-agent' }
  >,
): CommandResult {
  const { agentId } = command;
  const agent = turn.state.agents.get(agentId);
  if (!agent || agent.shift.activity.kind === 'ended') {
    return refuse('no-shift', say('agent-not-signed-in'));
  }
  const { restsAt } = agent.shift;
  const done = superviseShift(turn, agent, command);
  if (!done.ok) return done;
  const entry = {
    at: turn.batch.now,
    ...askedBy(command),
    subject: 'agent' as const,
    subjectId: agentId,
    change: command.kind,
    ...(command.kind === 'plan-agent-rest' ? restChange(restsAt, command.at) : {}),
    ...(command.kind === 'take-back-from-agent' ? { from: command.what } : {}),
  };
  turn.batch.change({ kind: 'insert-audit', entry });
  return OK;
}

/** When the rest was to begin and when it is now, for the audit trail; absent: none was planned. */
function restChange(
  before: EpochMs | undefined,
  after: EpochMs | null,
): { readonly from?: string; readonly to?: string } {
  return {
    ...(before === undefined ? {} : { from: `${before}` }),
    ...(after === null ? {} : { to: `${after}` }),
  };
}

function superviseShift(
  turn: Turn,
  agent: AgentAtWork,
  command: Parameters<typeof superviseAgent>[1],
): CommandResult {
  const { agentId } = command;
  const tell = (signal: ShiftSignal): CommandResult => {
    turn.tellShift(agentId, signal);
    return OK;
  };
  switch (command.kind) {
    case 'plan-agent-rest':
      return planRest(turn, agent, command.at, 'supervisor');
    case 'pause-agent':
      return tell({ kind: 'pause', reason: 'by-supervisor', by: 'supervisor' });
    case 'sign-out-agent':
      return tell({ kind: 'sign-out', because: 'signed-out-by-supervisor' });
    case 'take-back-from-agent':
      return takeBackFrom(agent, command.what, tell);
    default:
      return unreachable(command);
  }
}

function takeBackFrom(
  { shift }: AgentAtWork,
  what: 'pause' | 'sign-out',
  tell: (signal: ShiftSignal) => CommandResult,
): CommandResult {
  const { activity } = shift;
  const begun = activity.kind === 'paused' ? activity.by : undefined;
  const asked = what === 'pause' ? (shift.pauseAsked ?? begun) : shift.signOutAsked;
  if (asked === undefined) return refuse('nothing-to-change', say('nothing-asked'));
  return tell({ kind: `take-${what}-back`, by: 'supervisor' });
}

/** Where the operation says so, only another person's approval releases it. */
function reviewOrRefuse(
  turn: Turn,
  command: Extract<SupervisorCommand, { kind: 'review-unwanted' }>,
): CommandResult {
  if (command.callAgain && turn.approvalNeededFor.has('release-unwanted')) {
    return refuse('approval-needed', say('ask-for-approval'));
  }
  return reviewUnwanted(turn, command);
}

function leadsChanged(turn: Turn, campaignId: LiveCall['call']['campaignId']): CommandResult {
  const runtime = turn.state.campaigns.get(campaignId);
  if (!runtime) return refuse('unknown-campaign', say('no-such-campaign'));
  const leads = turn.prepared.of({ kind: 'lead-funnel', campaignId, now: turn.now });
  turn.draft.change(runtime, { leads, noLeadsBefore: 0 });
  turn.batch.showCampaign(campaignId);
  turn.batch.paceSoon();
  return OK;
}

function peopleChanged(turn: Turn): CommandResult {
  const people = turn.prepared.of({ kind: 'people' });
  turn.draft.change(turn.state, { people: new Map(people.map((one) => [one.id, one])) });
  for (const [agentId] of turn.state.agents) {
    turn.batch.showAgent(agentId);
    if (isAgent(turn, agentId)) continue;
    turn.tellShift(agentId, { kind: 'sign-out', because: 'disabled' });
  }
  return OK;
}

function isAgent(memory: Memory, agentId: AgentId): boolean {
  const person = memory.state.people.get(agentId);
  return person?.enabled === true && person.role === 'agent';
}

/** Nothing is dialed while the disk is full, and everybody is told; it goes on by itself. */
function storageRoomChanged(
  turn: Turn,
  { room, freeBytes }: Extract<HouseCommand, { kind: 'storage-room-changed' }>,
): CommandResult {
  const { batch } = turn;
  const { storageRoom: before } = turn.state;
  const since = before.room === room ? before.since : batch.now;
  turn.draft.change(turn.state, { storageRoom: { room, since, freeBytes } });
  for (const id of turn.state.campaigns.keys()) batch.showCampaign(id);
  batch.paceSoon();
  return OK;
}
