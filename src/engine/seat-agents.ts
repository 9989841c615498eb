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
import { dispositionOf, isDispositionMissing } from '../domain/negotiations/negotiation.ts';
import { present, unreachable } from '../lib/assert.ts';
import type { AgentId, HeadsetId } from '../lib/ids.ts';
import type { EpochMs } from '../lib/time.ts';
import { forgetIfUnseen } from './follow-call.ts';
import type { Memory } from './memory.ts';
import { campaignOf, giveUpDisposition } from './settle-call.ts';
import {
  type AgentAtWork,
  hasGuaranteedAgent,
  isLive,
  isOnAScreen,
  type LiveCall,
} from './state.ts';
import type { Turn } from './turn.ts';

/** Moves one agent's shift by one signal, and queues what that means for the headset and the call. */
export function moveShift(turn: Turn, agentId: AgentId, signal: ShiftSignal): void {
  const agent = turn.state.agents.get(agentId);
  if (!agent) return;
  const before = agent.shift;
  const step = stepShift(before, signal, turn.batch.now);
  if (step.shift !== before) {
    turn.draft.change(agent, { shift: step.shift });
    turn.batch.shiftChanged(agent);
    if (isFree(before) !== isFree(step.shift)) turn.batch.paceSoon();
  }
  for (const fact of step.facts) onFact(turn, agent, fact);
  for (const effect of step.effects) onEffect(turn, agent, before, effect);
  presenceOfCall(turn, agent, signal);
  closeCard(turn, agent);
}

/**
 * The debtor's card closes with the call's wrap-up: nobody reads on in a pause or while free. Which call
 * it was is kept where something is still to be said of it: a missing disposition, or, of a call taken
 * back as a machine's, that a person was there.
 */
function closeCard(turn: Turn, agent: AgentAtWork): void {
  const { callId, shift } = agent;
  if (callId === undefined || callOf(shift) === callId) return;
  const live = turn.state.calls.get(callId);
  if (live && isOpenQuestion(live)) return;
  turn.draft.change(agent, { callId: undefined, callConnectedAt: undefined });
  turn.batch.showAgent(shift.agentId);
  // What happened to it in this turn is still to be told.
  if (live && !isLive(live) && !isOnAScreen(turn.state, callId)) turn.batch.callOver(callId);
}

function isOpenQuestion({ call, negotiation }: LiveCall): boolean {
  if (dispositionOf(negotiation) !== undefined) return false;
  return (
    isDispositionMissing(negotiation) ||
    (call.state.kind === 'ended' && call.state.outcome === 'machine')
  );
}

function onFact(turn: Turn, agent: AgentAtWork, fact: ShiftFact): void {
  const callId = fact.kind === 'activity-changed' ? fact.callId : undefined;
  const campaignId = callId && turn.state.calls.get(callId)?.call.campaignId;
  turn.batch.fact(fact, {
    agentId: agent.shift.agentId,
    shiftId: agent.shift.id,
    ...(callId ? { callId } : {}),
    ...(campaignId ? { campaignId } : {}),
  });
}

function onEffect(turn: Turn, agent: AgentAtWork, before: AgentShift, effect: ShiftEffect): void {
  const { agentId } = agent.shift;
  switch (effect.kind) {
    case 'set-timer':
      turn.timers.set({ of: 'shift', agentId, timer: effect.timer }, effect.at);
      return;
    case 'clear-timer':
      turn.timers.clear({ of: 'shift', agentId, timer: effect.timer });
      return;
    case 'agent-free':
      turn.seat();
      return;
    case 'disposition-missing': {
      const live = turn.state.calls.get(effect.callId);
      if (live) giveUpDisposition(turn, live, campaignOf(turn, live));
      return;
    }
    case 'shift-over':
      shiftOver(turn, agent, before);
      return;
    default:
      unreachable(effect);
  }
}

/** Nobody who has signed out keeps a call, a headset or a place in a plan. */
function shiftOver(turn: Turn, agent: AgentAtWork, before: AgentShift): void {
  const { agentId } = agent.shift;
  const callId = callOf(before);
  const live = callId && turn.state.calls.get(callId);
  // The agent who has the call by now is not left by the one who gave it up.
  if (live && isWith(live, agentId)) leaveForGood(turn, live, agentId);
  turn.tellHeadset(agent.headset.id, { kind: 'headset-closed' });
  turn.timers.clear({ of: 'screen', agentId });
  const shownId = agent.callId;
  turn.draft.change(agent, { callId: undefined });
  if (shownId) forgetIfUnseen(turn, shownId);
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
  turn.tellCall(callId, { kind: 'timer', timer: 'grace' });
}

/** A talk without the agent's headset, or for longer than a blip without the screen, is stranded. */
function presenceOfCall(turn: Turn, agent: AgentAtWork, signal: ShiftSignal): void {
  const { agentId } = agent.shift;
  const callId = callOf(agent.shift);
  const live = callId === undefined ? undefined : turn.state.calls.get(callId);
  switch (signal.kind) {
    case 'headset-lost':
      if (live) loseAgent(turn, live, agentId);
      return;
    case 'screen-lost':
      if (live) {
        turn.timers.set({ of: 'screen', agentId }, turn.batch.now + turn.limits.screenBlipMs);
      }
      return;
    case 'screen-connected':
    case 'headset-pinned':
      turn.timers.clear({ of: 'screen', agentId });
      if (live && isPresent(agent.shift)) {
        turn.tellCall(live.call.id, {
          kind: 'agent-back',
          agentId,
          bridgeId: agent.headset.bridgeId,
        });
      }
      return;
    default:
      return;
  }
}

/** The blip is over and the screen is still away. */
export function screenStayedAway(turn: Turn, agentId: AgentId): void {
  const agent = turn.state.agents.get(agentId);
  if (!agent || agent.shift.screen.connected) return;
  const callId = callOf(agent.shift);
  const live = callId === undefined ? undefined : turn.state.calls.get(callId);
  if (live) loseAgent(turn, live, agentId);
}

function loseAgent(turn: Turn, live: LiveCall, agentId: AgentId): void {
  turn.tellCall(live.call.id, { kind: 'agent-lost', agentId });
}

/** Moves one headset by one signal; its owner's shift follows. */
export function moveHeadset(turn: Turn, headsetId: HeadsetId, signal: HeadsetSignal): void {
  const agentId = turn.state.headsets.get(headsetId);
  const agent = agentId && turn.state.agents.get(agentId);
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
  turn.draft.change(agent, { headset: step.headset });
  turn.batch.shiftChanged(agent);
  const wasPinned = before.state.kind === 'pinned';
  const isPinned = step.headset.state.kind === 'pinned';
  if (wasPinned !== isPinned) {
    turn.tellShift(agent.shift.agentId, { kind: isPinned ? 'headset-pinned' : 'headset-lost' });
  }
  if (step.headset.state.kind === 'closed') turn.draft.delete(turn.state.headsets, headsetId);
}

// ── bringing people and agents together ─────────────────────────────────────────────────────────

/**
 * Gives one person on the line an agent and comes back for the next: those for whom one is kept, those
 * cut off in a talk, then the person who has waited longest.
 */
export function seat(turn: Turn): void {
  // No bridge leaves before the store takes it: who waits is told in time, or seated after it.
  if (turn.state.heldUp) return;
  const { now } = turn.batch;
  const guaranteed = guaranteedAgents(turn, now);
  for (const live of inOrderOfNeed(turn)) {
    const free = freeAgentsFor(turn, live, now);
    const choice = chooseAgent(
      hasGuaranteedAgent(live) ? free : free.filter(({ agentId }) => !guaranteed.has(agentId)),
    );
    if (!choice) continue;
    const agent = present(turn.state.agents.get(choice.agentId), 'a free agent is at work');
    const { agentId } = choice;
    const callId = live.call.id;
    turn.tellShift(agentId, { kind: 'reserved', callId });
    turn.tellCall(callId, { kind: 'agent-assigned', agentId, bridgeId: agent.headset.bridgeId });
    turn.seat();
    return;
  }
}

function inOrderOfNeed(memory: Memory): LiveCall[] {
  const waiting = [...memory.state.calls.values()].filter(needsAgent);
  return waiting.sort((left, right) => need(right) - need(left) || sinceOf(left) - sinceOf(right));
}

function needsAgent({ call }: LiveCall): boolean {
  if (call.hangUpIntent) return false;
  return call.state.kind === 'waiting' || (call.state.kind === 'stranded' && call.state.seeking);
}

function need(live: LiveCall): number {
  if (hasGuaranteedAgent(live)) return 2;
  return live.call.state.kind === 'stranded' ? 1 : 0;
}

/** One free agent for each call on the way that was promised one. */
function guaranteedAgents(memory: Memory, now: EpochMs): ReadonlySet<AgentId> {
  const guaranteed = new Set<AgentId>();
  for (const live of memory.state.calls.values()) {
    if (!hasGuaranteedAgent(live) || live.call.hangUpIntent) continue;
    const choice = chooseAgent(
      freeAgentsFor(memory, live, now).filter(({ agentId }) => !guaranteed.has(agentId)),
    );
    if (choice) guaranteed.add(choice.agentId);
  }
  return guaranteed;
}

function sinceOf({ call }: LiveCall): number {
  return call.answeredAt ?? call.placedAt;
}

/** Nobody whose planned rest is near is among them: the call would take minutes of it. */
function freeAgentsFor(memory: Memory, live: LiveCall, now: EpochMs): FreeAgent[] {
  const { agentIds } = campaignOf(memory, live);
  const free: FreeAgent[] = [];
  for (const agentId of agentIds) {
    const shift = memory.state.agents.get(agentId)?.shift;
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
