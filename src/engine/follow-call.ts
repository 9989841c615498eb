import type { ShiftSignal } from '../domain/agents/agent-shift.ts';
import type { CallEffect, CallFact, CallSignal } from '../domain/calls/call.ts';
import { stepCall } from '../domain/calls/step-call.ts';
import { unreachable } from '../lib/assert.ts';
import type { AgentId, CallId } from '../lib/ids.ts';
import type { Batch } from './batch.ts';
import { countCall, countStanding } from './count-day.ts';
import { noteStanding } from './keep-bank.ts';
import { campaignOf, countTalk, settleCall } from './settle-call.ts';
import { type AgentAtWork, isGuaranteed, isOnAScreen, type LiveCall } from './state.ts';
import { legRangOnTrunk } from './watch-trunk.ts';
import type { House, Turn } from './work.ts';

/** Moves one call by one signal, and queues what that means for agents, leads and counts. */
export function followCall(house: House, turn: Turn, callId: CallId, signal: CallSignal): void {
  const live = house.state.calls.get(callId);
  if (!live) return;
  const step = stepCall(live.call, signal, turn.batch.now);
  if (step.call === live.call && step.effects.length === 0 && step.facts.length === 0) return;
  if (step.call !== live.call) {
    const before = live.call;
    const keptAnAgent = isGuaranteed(live) && !before.hangUpIntent;
    house.draft.change(live, { call: step.call });
    if (step.call.rang && !before.rang) rang(house, live);
    turn.batch.callChanged(live);
    const campaign = campaignOf(house, live);
    noteStanding(house, campaign, before, step.call, turn.batch.now);
    countStanding(house, campaign, before, step.call, turn.batch.now);
    // Whoever waits meanwhile may have the agent who was kept for this one.
    if (keptAnAgent && (!isGuaranteed(live) || live.call.hangUpIntent)) {
      turn.work.push({ kind: 'seat' });
    }
  }
  for (const fact of step.facts) onFact(house, turn, live, fact);
  for (const effect of step.effects) onEffect(house, turn, live, effect);
}

function rang(house: House, { call }: LiveCall): void {
  const trunk = house.state.trunks.get(call.trunkId);
  if (trunk) legRangOnTrunk(house, trunk);
}

export function callTimerKey(callId: CallId, timer: string): string {
  return `call ${callId} ${timer}`;
}

function onEffect(house: House, turn: Turn, live: LiveCall, effect: CallEffect): void {
  switch (effect.kind) {
    case 'set-timer':
      house.timers.set(callTimerKey(live.call.id, effect.timer), effect.at);
      return;
    case 'clear-timer':
      house.timers.clear(callTimerKey(live.call.id, effect.timer));
      return;
    case 'seek-agent':
      turn.work.push({ kind: 'seat' });
      return;
    case 'announce': {
      const { soundFile } = campaignOf(house, live).campaign.abandonmentMessage;
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

function onFact(house: House, turn: Turn, live: LiveCall, fact: CallFact): void {
  const { batch, work } = turn;
  const campaign = campaignOf(house, live);
  batch.callFact(live, fact, agentOfFact(live, fact));
  countCall(house, campaign, live.call, fact, batch.now);
  switch (fact.kind) {
    case 'call-answered':
      house.draft.change(live, { lead: { ...live.lead, state: 'in-call' } });
      batch.leadChanged(live.lead);
      batch.paceSoon();
      return;
    case 'call-unassigned':
      work.push({
        kind: 'shift',
        agentId: fact.agentId,
        signal: { kind: 'released', callId: live.call.id },
      });
      return;
    case 'call-connected':
      connected(house, turn, live, fact.agentId);
      return;
    case 'call-ended':
      settleCall(house, turn, live, fact, campaign);
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
function connected(house: House, { batch, work }: Turn, live: LiveCall, agentId: AgentId): void {
  const callId = live.call.id;
  const tell = (toId: AgentId, signal: ShiftSignal): void => {
    work.push({ kind: 'shift', agentId: toId, signal });
  };
  for (const [otherId, other] of house.state.agents) {
    if (otherId === agentId || other.callId !== callId) continue;
    // What came of the call is asked of the one who has it now, and of nobody else.
    countTalk(house, other, batch.now);
    house.draft.change(other, { callId: undefined });
    tell(otherId, { kind: 'disposed', callId, wrapUpMs: 0 });
    tell(otherId, { kind: 'call-over', callId, wrapUpMaxMs: 0 });
  }
  const agent = house.state.agents.get(agentId);
  if (!agent) return;
  if (agent.callId !== callId) showCall(house, batch, agent, live);
  tell(agentId, { kind: 'connected', callId });
  if (live.disposition === undefined) return;
  tell(agentId, { kind: 'disposed', callId, wrapUpMs: campaignOf(house, live).campaign.wrapUpMs });
}

/** The call replaces the last one on the agent's screen. */
function showCall(house: House, batch: Batch, agent: AgentAtWork, live: LiveCall): void {
  const before = agent.callId;
  house.draft.change(agent, {
    callId: live.call.id,
    callConnectedAt: batch.now,
    totals: { ...agent.totals, calls: agent.totals.calls + 1 },
  });
  if (before) forgetIfUnseen(house, batch, before);
}

/**
 * An ended call stays in memory while it is on somebody's screen, and until what happened to it in this
 * turn is told.
 */
export function forgetIfUnseen(house: House, batch: Batch, callId: CallId): void {
  const live = house.state.calls.get(callId);
  if (live?.call.state.kind !== 'ended') return;
  if (!isOnAScreen(house.state, callId)) batch.callOver(callId);
}
