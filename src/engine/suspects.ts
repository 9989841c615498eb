/**
 * Calls in doubt. Where a signal or a timer of a call could not be decided, memory and the PBX may no
 * longer agree about it: the PBX is asked where its leg is, with growing pauses, and a call that cannot
 * be decided then either is given up, so that nobody is left on a line that nobody steers.
 */
import { callOf } from '../domain/agents/agent-shift.ts';
import { givenUp } from '../domain/calls/end-call.ts';
import type { CallId } from '../lib/ids.ts';
import { HOUR_MS, SECOND_MS } from '../lib/time.ts';
import { noteStanding } from './keep-bank.ts';
import { campaignOf, settleAttempt } from './settle-call.ts';
import { isLive, type LiveCall } from './state.ts';
import { legEndedOnTrunk } from './watch-trunk.ts';
import type { House, Turn } from './work.ts';

/** The first look comes within the five seconds that a person may be left in doubt; then 2 s, 4 s. */
const FIRST_LOOK_MS = SECOND_MS;
/** A call is looked at so often in its whole life; then it is given up. */
const LOOKS_MAX = 3;
/** The lead of a call that was given up rests so long. */
const REST_MS = HOUR_MS;

const PREFIX = 'suspect';

/** The call is in doubt from here on; a look at its leg is planned. */
export function suspect(house: House, callId: CallId, now: number): void {
  const live = house.state.calls.get(callId);
  if (!live || !isLive(live)) return;
  const looks = house.state.suspects.get(callId) ?? 0;
  house.draft.set(house.state.suspects, callId, looks);
  house.timers.set(`${PREFIX} ${callId}`, now + FIRST_LOOK_MS * 2 ** looks);
}

export function isSuspectTimer(what: string | undefined): boolean {
  return what === PREFIX;
}

/**
 * The time for the next look. `give-up`: it was looked at often enough. While the PBX cannot be asked it
 * is asked later: its survey says where the leg is when it is back.
 */
export function lookAtSuspect(house: House, turn: Turn, callId: CallId): 'looked' | 'give-up' {
  const live = house.state.calls.get(callId);
  const looks = house.state.suspects.get(callId);
  if (!live || !isLive(live) || looks === undefined) {
    house.draft.delete(house.state.suspects, callId);
    return 'looked';
  }
  if (house.state.telephony.up) {
    if (looks >= LOOKS_MAX) return 'give-up';
    turn.batch.effect({ kind: 'look-at-leg', legId: live.call.legId });
    house.draft.set(house.state.suspects, callId, looks + 1);
    // No answer, or one that cannot be decided either.
    house.timers.set(`${PREFIX} ${callId}`, turn.batch.now + FIRST_LOOK_MS * 2 ** (looks + 1));
    return 'looked';
  }
  house.timers.set(`${PREFIX} ${callId}`, turn.batch.now + FIRST_LOOK_MS);
  return 'looked';
}

/** The call goes on from what the look found. How often it was in doubt stays known. */
export function lookWasDecided(house: House, callId: CallId): void {
  house.timers.clear(`${PREFIX} ${callId}`);
}

/**
 * Ends a call past all rules that could not decide it: its leg is hung up, its attempt is lost, its
 * agent is free and its lead rests.
 */
export function giveUp(house: House, turn: Turn, live: LiveCall, counted: boolean): void {
  const { batch, work } = turn;
  const { call: before } = live;
  const callId = before.id;
  const { call, effects, facts } = givenUp(before, batch.now);
  house.draft.change(live, { call });
  house.draft.delete(house.state.legs, call.legId);
  house.draft.delete(house.state.suspects, callId);
  batch.effect({ kind: 'hang-up', legId: call.legId, intent: 'orphaned' });
  batch.callChanged(live);
  for (const effect of effects) {
    if (effect.kind === 'clear-timer') house.timers.clear(`call ${callId} ${effect.timer}`);
  }
  if (counted) noteStanding(house, campaignOf(house, live), before, call, batch.now);
  const trunk = house.state.trunks.get(call.trunkId);
  for (const fact of facts) {
    batch.callFact(live, fact);
    if (fact.kind !== 'call-ended') continue;
    settleAttempt(batch, live, fact);
    if (trunk) legEndedOnTrunk(house, trunk, fact, batch);
  }
  // What came of the call was said already: the plan that followed from it stands.
  if (live.disposition === undefined) {
    batch.leadChanged({
      ...live.leadAtPlacing,
      state: 'waiting',
      notBeforeAt: batch.now + REST_MS,
      holdReason: 'mistake',
    });
  }
  batch.callOver(callId);
  for (const [agentId, agent] of house.state.agents) {
    if (callOf(agent.shift) !== callId) continue;
    work.push({ kind: 'shift', agentId, signal: { kind: 'call-over', callId, wrapUpMaxMs: 0 } });
  }
}

/** Not even that could be decided: memory forgets it, and the next process finds it in the store. */
export function forgetCall(house: House, { call }: LiveCall): void {
  house.draft.delete(house.state.suspects, call.id);
  house.draft.delete(house.state.legs, call.legId);
  house.draft.delete(house.state.calls, call.id);
}
