/**
 * Calls in doubt. Where a signal or a timer of a call could not be decided, memory and the PBX may no
 * longer agree about it: the PBX is asked where its leg is, with growing pauses, and a call that cannot
 * be decided then either is given up, so that nobody is left on a line that nobody steers.
 */
import { callOf, stepShift } from '../domain/agents/agent-shift.ts';
import type { CallFact } from '../domain/calls/call.ts';
import { givenUp } from '../domain/calls/end-call.ts';
import type { CallId } from '../lib/ids.ts';
import { SECOND_MS } from '../lib/time.ts';
import { countCall, countStanding } from './count-day.ts';
import { noteStanding } from './keep-bank.ts';
import type { Memory } from './memory.ts';
import { campaignOf, countTalk, partsOfGivingUp, settleGivenUp } from './settle-call.ts';
import { type AgentAtWork, isLive, type LiveCall } from './state.ts';
import type { Turn } from './turn.ts';

/** The first look comes within the five seconds that a person may be left in doubt; then 2 s, 4 s. */
const FIRST_LOOK_MS = SECOND_MS;
/** A call is looked at so often in its whole life; then it is given up. */
const LOOKS_MAX = 3;

/** The call is in doubt from here on; a look at its leg is planned. */
export function suspect(memory: Memory, callId: CallId, now: number): void {
  const live = memory.state.calls.get(callId);
  if (!live || !isLive(live)) return;
  const looks = memory.state.suspects.get(callId) ?? 0;
  memory.draft.set(memory.state.suspects, callId, looks);
  memory.timers.set({ of: 'suspect', callId }, now + FIRST_LOOK_MS * 2 ** looks);
}

/**
 * The time for the next look. `give-up`: it was looked at often enough. While the PBX cannot be asked it
 * is asked later: its survey says where the leg is when it is back.
 */
export function lookAtSuspect(turn: Turn, callId: CallId): 'looked' | 'give-up' {
  const live = turn.state.calls.get(callId);
  const looks = turn.state.suspects.get(callId);
  if (!live || !isLive(live) || looks === undefined) {
    turn.draft.delete(turn.state.suspects, callId);
    return 'looked';
  }
  if (turn.state.telephony.up) {
    if (looks >= LOOKS_MAX) return 'give-up';
    turn.batch.effect({ kind: 'look-at-leg', legId: live.call.legId });
    turn.draft.set(turn.state.suspects, callId, looks + 1);
    // No answer, or one that cannot be decided either.
    turn.timers.set({ of: 'suspect', callId }, turn.batch.now + FIRST_LOOK_MS * 2 ** (looks + 1));
    return 'looked';
  }
  turn.timers.set({ of: 'suspect', callId }, turn.batch.now + FIRST_LOOK_MS);
  return 'looked';
}

/** The call goes on from what the look found. How often it was in doubt stays known. */
export function lookWasDecided(memory: Memory, callId: CallId): void {
  memory.timers.clear({ of: 'suspect', callId });
}

/**
 * Ends a call past all rules that could not decide it: its leg is hung up, its attempt is lost, its
 * agent is free and its lead rests. `counted`: also in its campaign's bank and counts.
 */
export function giveUp(turn: Turn, live: LiveCall, counted: boolean): void {
  const { batch } = turn;
  const { call: before } = live;
  const campaign = campaignOf(turn, live);
  endLeg(turn, live);
  const facts = endCall(turn, live);
  if (counted) {
    noteStanding(turn, campaign, before, live.call, batch.now);
    countStanding(turn, campaign, before, live.call, batch.now);
  }
  for (const fact of facts) {
    batch.callFact(live, fact);
    if (counted) countCall(turn, campaign, live.call, fact, batch.now);
    if (fact.kind === 'call-ended') settleGivenUp(turn, live, fact, campaign);
  }
  batch.callOver(live.call.id);
  for (const agent of agentsIn(turn, live)) letGo(turn, agent, live);
}

/**
 * Not even that could be decided as one: part by part, each of which costs itself alone where it
 * throws. Memory forgets the call whatever comes of it, and where its end could not be written the next
 * process finds it in the store.
 */
export function lastParts(turn: Turn, live: LiveCall): readonly (() => void)[] {
  const { batch } = turn;
  const agents = agentsIn(turn, live);
  return [
    () => endLeg(turn, live),
    () => {
      for (const fact of endCall(turn, live)) batch.callFact(live, fact);
    },
    ...partsOfGivingUp(turn, live, {
      kind: 'call-ended',
      outcome: 'lost',
      hungUpBy: 'us',
      talkMs: 0,
      lastedMs: 0,
      counts: true,
      because: 'given-up',
    }),
    ...agents.map((agent) => () => letGo(turn, agent, live)),
    ...agents.map((agent) => () => letGoAlone(turn, agent, live)),
    () => batch.callOver(live.call.id),
    () => {
      turn.draft.delete(turn.state.suspects, live.call.id);
      turn.draft.delete(turn.state.legs, live.call.legId);
    },
  ];
}

function endLeg(turn: Turn, { call }: LiveCall): void {
  const { draft, state, batch } = turn;
  draft.delete(state.legs, call.legId);
  draft.delete(state.suspects, call.id);
  batch.effect({ kind: 'hang-up', legId: call.legId, intent: 'orphaned' });
}

function endCall(turn: Turn, live: LiveCall): readonly CallFact[] {
  const { batch } = turn;
  const { call, effects, facts } = givenUp(live.call, batch.now);
  turn.draft.change(live, { call });
  batch.callChanged(live);
  for (const effect of effects) {
    if (effect.kind === 'clear-timer')
      turn.timers.clear({ of: 'call', callId: call.id, timer: effect.timer });
  }
  return facts;
}

function agentsIn({ state }: Memory, { call }: LiveCall): readonly AgentAtWork[] {
  return [...state.agents.values()].filter(({ shift }) => callOf(shift) === call.id);
}

function letGo(turn: Turn, agent: AgentAtWork, { call }: LiveCall): void {
  if (agent.callId === call.id) {
    countTalk(turn, agent, turn.batch.now);
    turn.draft.change(agent, { callId: undefined, callConnectedAt: undefined });
  }
  const signal = { kind: 'call-over', callId: call.id, wrapUpMaxMs: 0 } as const;
  turn.tellShift(agent.shift.agentId, signal);
}

/** The agent is free of the call, and nothing follows from it: no seat, no card. */
function letGoAlone(turn: Turn, agent: AgentAtWork, { call }: LiveCall): void {
  const { draft, batch } = turn;
  if (callOf(agent.shift) !== call.id) return;
  const signal = { kind: 'call-over', callId: call.id, wrapUpMaxMs: 0 } as const;
  const { shift, facts } = stepShift(agent.shift, signal, batch.now);
  draft.change(agent, { shift, callId: undefined, callConnectedAt: undefined });
  batch.shiftChanged(agent);
  for (const fact of facts) batch.fact(fact, { agentId: shift.agentId, shiftId: shift.id });
}
