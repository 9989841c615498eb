import type { ShiftSignal } from '../domain/agents/agent-shift.ts';
import type { CallEffect, CallFact, CallSignal } from '../domain/calls/call.ts';
import { stepCall } from '../domain/calls/step-call.ts';
import { dispositionOf } from '../domain/negotiations/negotiation.ts';
import { unreachable } from '../lib/assert.ts';
import type { AgentId, CallId } from '../lib/ids.ts';
import { countCall, countStanding } from './count-day.ts';
import { noteStanding } from './keep-bank.ts';
import type { Memory } from './memory.ts';
import { moveNegotiation } from './move-negotiation.ts';
import { campaignOf, countTalk, settleCall } from './settle-call.ts';
import { type AgentAtWork, hasGuaranteedAgent, isOnAScreen, type LiveCall } from './state.ts';
import type { Turn } from './turn.ts';
import { legRangOnTrunk } from './watch-trunk.ts';

/** Moves one call by one signal, and queues what that means for agents, leads and counts. */
export function followCall(turn: Turn, callId: CallId, signal: CallSignal): void {
  const live = turn.state.calls.get(callId);
  if (!live) return;
  const step = stepCall(live.call, signal, turn.batch.now);
  if (step.call === live.call && step.effects.length === 0 && step.facts.length === 0) return;
  if (step.call !== live.call) {
    const before = live.call;
    const hadGuaranteedAgent = hasGuaranteedAgent(live) && !before.hangUpIntent;
    turn.draft.change(live, { call: step.call });
    if (step.call.rang && !before.rang) rang(turn, live);
    turn.batch.callChanged(live);
    const campaign = campaignOf(turn, live);
    noteStanding(turn, campaign, before, step.call, turn.batch.now);
    countStanding(turn, campaign, before, step.call, turn.batch.now);
    // Anyone who waits meanwhile may have the agent who was kept for this one.
    if (hadGuaranteedAgent && (!hasGuaranteedAgent(live) || live.call.hangUpIntent)) {
      turn.seat();
    }
  }
  for (const fact of step.facts) onFact(turn, live, fact);
  for (const effect of step.effects) onEffect(turn, live, effect);
}

function rang(memory: Memory, { call }: LiveCall): void {
  const trunk = memory.state.trunks.get(call.trunkId);
  if (trunk) legRangOnTrunk(memory, trunk);
}

function onEffect(turn: Turn, live: LiveCall, effect: CallEffect): void {
  switch (effect.kind) {
    case 'set-timer':
      turn.timers.set({ of: 'call', callId: live.call.id, timer: effect.timer }, effect.at);
      return;
    case 'clear-timer':
      turn.timers.clear({ of: 'call', callId: live.call.id, timer: effect.timer });
      return;
    case 'seek-agent':
      turn.seat();
      return;
    case 'announce': {
      const { soundFile } = campaignOf(turn, live).campaign.abandonmentMessage;
      const own =
        effect.announcement === 'abandonment' && soundFile !== undefined ? { soundFile } : {};
      turn.batch.effect({ ...effect, ...own });
      turn.batch.callFact(live, { kind: 'message-asked', message: effect.announcement, ...own });
      return;
    }
    case 'hang-up':
    case 'bridge':
    case 'hold':
    case 'screen':
      turn.batch.effect(effect);
      return;
    default:
      unreachable(effect);
  }
}

function onFact(turn: Turn, live: LiveCall, fact: CallFact): void {
  const { batch } = turn;
  const campaign = campaignOf(turn, live);
  batch.callFact(live, fact, agentOfFact(live, fact));
  countCall(turn, campaign, live.call, fact, batch.now);
  switch (fact.kind) {
    case 'call-answered':
      turn.draft.change(live, { lead: { ...live.lead, state: 'in-call' } });
      batch.leadChanged(live.lead);
      batch.paceSoon();
      return;
    case 'call-unassigned':
      turn.tellShift(fact.agentId, { kind: 'released', callId: live.call.id });
      return;
    case 'call-connected':
      connected(turn, live, fact.agentId);
      return;
    case 'call-ended':
      settleCall(turn, live, fact, campaign);
      batch.paceSoon();
      return;
    case 'call-screened':
    case 'screening-over':
      batch.paceSoon();
      return;
    case 'call-ringing':
    case 'call-early-media':
    case 'call-greeting-ended':
    case 'call-assigned':
    case 'call-stranded':
    case 'call-abandoned':
    case 'call-hung-up-waiting':
      return;
    default:
      unreachable(fact);
  }
}

function agentOfFact(live: LiveCall, fact: CallFact): AgentId | undefined {
  if ('agentId' in fact) return fact.agentId;
  return fact.kind === 'call-ended' ? live.call.agentId : undefined;
}

/** The agent talks; who had the call before is done with it. */
function connected(turn: Turn, live: LiveCall, agentId: AgentId): void {
  const { batch } = turn;
  const callId = live.call.id;
  const tell = (toId: AgentId, signal: ShiftSignal): void => {
    turn.tellShift(toId, signal);
  };
  for (const [otherId, other] of turn.state.agents) {
    if (otherId === agentId || other.callId !== callId) continue;
    // What came of the call is asked of the one who has it now, and of nobody else.
    countTalk(turn, other, batch.now);
    turn.draft.change(other, { callId: undefined });
    tell(otherId, { kind: 'disposed', callId, wrapUpMs: 0 });
    tell(otherId, { kind: 'call-over', callId, wrapUpMaxMs: 0 });
  }
  moveNegotiation(turn, live, { kind: 'passed-on', toAgentId: agentId });
  const agent = turn.state.agents.get(agentId);
  if (!agent) return;
  if (agent.callId !== callId) showCall(turn, agent, live);
  tell(agentId, { kind: 'connected', callId });
  if (dispositionOf(live.negotiation) === undefined) return;
  tell(agentId, { kind: 'disposed', callId, wrapUpMs: campaignOf(turn, live).campaign.wrapUpMs });
}

/** The call replaces the last one on the agent's screen. */
function showCall(turn: Turn, agent: AgentAtWork, live: LiveCall): void {
  const { batch } = turn;
  const before = agent.callId;
  turn.draft.change(agent, {
    callId: live.call.id,
    callConnectedAt: batch.now,
    totals: { ...agent.totals, calls: agent.totals.calls + 1 },
  });
  if (before) forgetIfUnseen(turn, before);
}

/**
 * An ended call stays in memory while it is on somebody's screen, and until what happened to it in this
 * turn is told.
 */
export function forgetIfUnseen(turn: Turn, callId: CallId): void {
  const { batch } = turn;
  const live = turn.state.calls.get(callId);
  if (live?.call.state.kind !== 'ended') return;
  if (!isOnAScreen(turn.state, callId)) batch.callOver(callId);
}
