import {
  type AgentShift,
  callOf,
  isFree,
  isPresent,
  leavesAt,
  type ShiftEffect,
  type ShiftFact,
  type ShiftSignal,
  stepShift,
} from '../domain/agents/agent-shift.ts';
import { chooseAgent, type FreeAgent } from '../domain/agents/choose-agent.ts';
import { type HeadsetSignal, stepHeadset } from '../domain/agents/headset.ts';
import { present, unreachable } from '../lib/assert.ts';
import type { AgentId, HeadsetId } from '../lib/ids.ts';
import type { EpochMs } from '../lib/time.ts';
import { forgetIfUnseen } from './follow-call.ts';
import { campaignOf, dispositionMissing } from './settle-call.ts';
import { type AgentAtWork, isGuaranteed, isLive, isOnAScreen, type LiveCall } from './state.ts';
import type { House, Turn } from './work.ts';

/** Moves one agent's shift by one signal, and queues what that means for the headset and the call. */
export function moveShift(house: House, turn: Turn, agentId: AgentId, signal: ShiftSignal): void {
  const agent = house.state.agents.get(agentId);
  if (!agent) return;
  const before = agent.shift;
  const step = stepShift(before, signal, turn.batch.now);
  if (step.shift !== before) {
    house.draft.change(agent, { shift: step.shift });
    turn.batch.shiftChanged(agent);
    if (isFree(before) !== isFree(step.shift)) turn.batch.paceSoon();
  }
  for (const fact of step.facts) onFact(house, turn, agent, fact);
  for (const effect of step.effects) onEffect(house, turn, agent, before, effect);
  presenceOfCall(house, turn, agent, signal);
  closeCard(house, turn, agent);
}

/**
 * The debtor's card closes with the call's wrap-up: nobody reads on in a pause or while free. Which call
 * it was is kept where something is still to be said of it: a missing disposition, or, of a call taken
 * back as a machine's, that a person was there.
 */
function closeCard(house: House, turn: Turn, agent: AgentAtWork): void {
  const { callId, shift } = agent;
  if (callId === undefined || callOf(shift) === callId) return;
  const live = house.state.calls.get(callId);
  if (live && isOpenQuestion(live)) return;
  house.draft.change(agent, { callId: undefined, callConnectedAt: undefined });
  turn.batch.showAgent(shift.agentId);
  // What happened to it in this turn is still to be told.
  if (live && !isLive(live) && !isOnAScreen(house.state, callId)) turn.batch.callOver(callId);
}

function isOpenQuestion({ call, disposition, dispositionMissing }: LiveCall): boolean {
  if (disposition !== undefined) return false;
  return dispositionMissing || (call.state.kind === 'ended' && call.state.outcome === 'machine');
}

export function shiftTimerKey(agentId: AgentId, timer: string): string {
  return `shift ${agentId} ${timer}`;
}

/** Fires when a lost screen did not come back soon enough for the call in progress. */
export function screenTimerKey(agentId: AgentId): string {
  return `screen ${agentId}`;
}

function onFact(house: House, turn: Turn, agent: AgentAtWork, fact: ShiftFact): void {
  const callId = fact.kind === 'activity-changed' ? fact.callId : undefined;
  const campaignId = callId && house.state.calls.get(callId)?.call.campaignId;
  turn.batch.fact(fact, {
    agentId: agent.shift.agentId,
    shiftId: agent.shift.id,
    ...(callId ? { callId } : {}),
    ...(campaignId ? { campaignId } : {}),
  });
}

function onEffect(
  house: House,
  turn: Turn,
  agent: AgentAtWork,
  before: AgentShift,
  effect: ShiftEffect,
): void {
  const { agentId } = agent.shift;
  switch (effect.kind) {
    case 'set-timer':
      house.timers.set(shiftTimerKey(agentId, effect.timer), effect.at);
      return;
    case 'clear-timer':
      house.timers.clear(shiftTimerKey(agentId, effect.timer));
      return;
    case 'agent-free':
      turn.work.push({ kind: 'seat' });
      return;
    case 'disposition-missing': {
      const live = house.state.calls.get(effect.callId);
      if (live) dispositionMissing(house, turn.batch, live, campaignOf(house, live));
      return;
    }
    case 'shift-over':
      shiftOver(house, turn, agent, before);
      return;
    default:
      unreachable(effect);
  }
}

/** Nobody who has signed out keeps a call, a headset or a place in a plan. */
function shiftOver(house: House, turn: Turn, agent: AgentAtWork, before: AgentShift): void {
  const { agentId } = agent.shift;
  const callId = callOf(before);
  const live = callId && house.state.calls.get(callId);
  // Whoever has the call by now is not left by one who gave it up.
  if (live && isWith(live, agentId)) leaveForGood(turn, live, agentId);
  turn.work.push({
    kind: 'headset',
    headsetId: agent.headset.id,
    signal: { kind: 'headset-closed' },
  });
  house.timers.clear(screenTimerKey(agentId));
  const shownId = agent.callId;
  house.draft.change(agent, { callId: undefined });
  if (shownId) forgetIfUnseen(house, turn.batch, shownId);
  turn.batch.fact(
    {
      kind: 'shift-ended',
      because: agent.shift.activity.kind === 'ended' ? agent.shift.activity.because : '',
    },
    { agentId, shiftId: agent.shift.id },
  );
}

function isWith({ call: { state } }: LiveCall, agentId: AgentId): boolean {
  return 'agentId' in state && state.agentId === agentId;
}

/** Nobody waits for one who left: the person they spoke with is another agent's at once. */
function leaveForGood(turn: Turn, live: LiveCall, agentId: AgentId): void {
  const { state, id: callId } = live.call;
  loseAgent(turn, live, agentId);
  if (state.kind === 'stranded' && state.seeking) return;
  turn.work.push({ kind: 'call', callId, signal: { kind: 'timer', timer: 'grace' } });
}

/** A talk without the agent's headset, or for longer than a blip without the screen, is stranded. */
function presenceOfCall(house: House, turn: Turn, agent: AgentAtWork, signal: ShiftSignal): void {
  const { agentId } = agent.shift;
  const callId = callOf(agent.shift);
  const live = callId === undefined ? undefined : house.state.calls.get(callId);
  switch (signal.kind) {
    case 'headset-lost':
      if (live) loseAgent(turn, live, agentId);
      return;
    case 'screen-lost':
      if (live) {
        house.timers.set(screenTimerKey(agentId), turn.batch.now + house.limits.screenBlipMs);
      }
      return;
    case 'screen-connected':
    case 'headset-pinned':
      house.timers.clear(screenTimerKey(agentId));
      if (live && isPresent(agent.shift)) {
        turn.work.push({
          kind: 'call',
          callId: live.call.id,
          signal: { kind: 'agent-back', agentId, bridgeId: agent.headset.bridgeId },
        });
      }
      return;
    default:
      return;
  }
}

/** The blip is over and the screen is still away. */
export function screenStayedAway(house: House, turn: Turn, agentId: AgentId): void {
  const agent = house.state.agents.get(agentId);
  if (!agent || agent.shift.screen.connected) return;
  const callId = callOf(agent.shift);
  const live = callId === undefined ? undefined : house.state.calls.get(callId);
  if (live) loseAgent(turn, live, agentId);
}

function loseAgent(turn: Turn, live: LiveCall, agentId: AgentId): void {
  turn.work.push({ kind: 'call', callId: live.call.id, signal: { kind: 'agent-lost', agentId } });
}

/** Moves one headset by one signal; its owner's shift follows. */
export function moveHeadset(
  house: House,
  turn: Turn,
  headsetId: HeadsetId,
  signal: HeadsetSignal,
): void {
  const agentId = house.state.headsets.get(headsetId);
  const agent = agentId && house.state.agents.get(agentId);
  if (agent?.headset.id !== headsetId) {
    if (signal.kind === 'headset-arrived') {
      turn.batch.effect({ kind: 'refuse-headset', channelId: signal.channelId });
    }
    return;
  }
  const before = agent.headset;
  const step = stepHeadset(before, signal, turn.batch.now);
  for (const effect of step.effects) turn.batch.effect(effect);
  if (step.headset === before) return;
  house.draft.change(agent, { headset: step.headset });
  turn.batch.shiftChanged(agent);
  const wasPinned = before.state.kind === 'pinned';
  const isPinned = step.headset.state.kind === 'pinned';
  if (wasPinned !== isPinned) {
    turn.work.push({
      kind: 'shift',
      agentId: agent.shift.agentId,
      signal: { kind: isPinned ? 'headset-pinned' : 'headset-lost' },
    });
  }
  if (step.headset.state.kind === 'closed') house.draft.delete(house.state.headsets, headsetId);
}

// ── bringing people and agents together ─────────────────────────────────────────────────────────

/**
 * Gives one person on the line an agent and comes back for the next: those for whom one is kept, those
 * cut off in a talk, then whoever has waited longest.
 */
export function seat(house: House, turn: Turn): void {
  // No bridge leaves before the store takes it: who waits is told in time, or seated after it.
  if (house.state.heldUp) return;
  const { now } = turn.batch;
  const kept = keptAgents(house, now);
  for (const live of inOrderOfNeed(house)) {
    const free = freeAgentsFor(house, live, now);
    const choice = chooseAgent(
      isGuaranteed(live) ? free : free.filter(({ agentId }) => !kept.has(agentId)),
    );
    if (!choice) continue;
    const agent = present(house.state.agents.get(choice.agentId), 'a free agent is at work');
    const { agentId } = choice;
    const callId = live.call.id;
    turn.work.push(
      { kind: 'shift', agentId, signal: { kind: 'reserved', callId } },
      {
        kind: 'call',
        callId,
        signal: { kind: 'agent-assigned', agentId, bridgeId: agent.headset.bridgeId },
      },
      { kind: 'seat' },
    );
    return;
  }
}

function inOrderOfNeed(house: House): LiveCall[] {
  const waiting = [...house.state.calls.values()].filter(needsAgent);
  return waiting.sort((left, right) => need(right) - need(left) || sinceOf(left) - sinceOf(right));
}

function needsAgent({ call }: LiveCall): boolean {
  if (call.hangUpIntent) return false;
  return call.state.kind === 'waiting' || (call.state.kind === 'stranded' && call.state.seeking);
}

function need(live: LiveCall): number {
  if (isGuaranteed(live)) return 2;
  return live.call.state.kind === 'stranded' ? 1 : 0;
}

/** One free agent for each call on the way that was promised one. */
function keptAgents(house: House, now: EpochMs): ReadonlySet<AgentId> {
  const kept = new Set<AgentId>();
  for (const live of house.state.calls.values()) {
    if (!isGuaranteed(live) || live.call.hangUpIntent) continue;
    const choice = chooseAgent(
      freeAgentsFor(house, live, now).filter(({ agentId }) => !kept.has(agentId)),
    );
    if (choice) kept.add(choice.agentId);
  }
  return kept;
}

function sinceOf({ call }: LiveCall): number {
  return call.answeredAt ?? call.placedAt;
}

/** Nobody whose planned rest is near is among them: the call would take minutes of it. */
function freeAgentsFor(house: House, live: LiveCall, now: EpochMs): FreeAgent[] {
  const { agentIds } = campaignOf(house, live);
  const free: FreeAgent[] = [];
  for (const agentId of agentIds) {
    const shift = house.state.agents.get(agentId)?.shift;
    if (!shift || !isFree(shift) || shift.activity.kind !== 'available') continue;
    if ((leavesAt(shift) ?? now + 1) <= now) continue;
    free.push({
      agentId,
      freeSince: shift.activity.since,
      knowsDebtor: live.agentsWhoKnow.includes(agentId),
    });
  }
  return free;
}
