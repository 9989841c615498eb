import { channelOf } from '../domain/agents/headset.ts';
import type { Call, CallSignal } from '../domain/calls/call.ts';
import { messageAt } from '../domain/calls/standing.ts';
import { dispositionOf, isConfirmed } from '../domain/negotiations/negotiation.ts';
import { unreachable } from '../lib/assert.ts';
import { given } from '../lib/given.ts';
import type { AgentId, CallId, LegId } from '../lib/ids.ts';
import { type EpochMs, SECOND_MS } from '../lib/time.ts';
import type { Memory } from './memory.ts';
import type { FoundLeg, TelephonySignal, TelephonySurvey } from './ports/telephony.ts';
import { isLive, type LiveCall } from './state.ts';
import type { Turn, Work } from './turn.ts';

type LegSignal = Exclude<Extract<TelephonySignal, { legId: LegId }>, { kind: 'leg-looked-at' }>;

/** A part of what a signal means, decided by itself: the call is in doubt where it throws. */
export type Hearing = {
  readonly callId?: CallId;
  readonly decide: () => void;
  /** What is to be done where it threw. */
  readonly onMistake?: () => void;
};

const TRIED_AGAIN_AFTER_MS = SECOND_MS;

/** What is to be decided at a signal: one thing mostly, and after a (re)connect each call by itself. */
export function hearingsOf(turn: Turn, signal: TelephonySignal): Hearing[] {
  if (signal.kind === 'telephony-up') return hearingsOfSurvey(turn, signal.survey);
  const callId = 'legId' in signal ? turn.state.legs.get(signal.legId) : undefined;
  return [
    {
      decide: () => hearTelephony(turn, signal),
      ...given({ callId }),
    },
  ];
}

/** Turns what the PBX says into signals for the machines it concerns. Strangers are counted as nothing. */
function hearTelephony(
  turn: Turn,
  signal: Exclude<TelephonySignal, { kind: 'telephony-up' }>,
): void {
  switch (signal.kind) {
    case 'leg-ringing':
    case 'leg-early-media':
    case 'leg-answered':
    case 'leg-bridged':
    case 'leg-bridge-failed':
    case 'announcement-replaced':
    case 'announcement-ended':
    case 'leg-ended':
    case 'leg-screened':
    case 'leg-refused':
    case 'leg-lost': {
      const callId = turn.state.legs.get(signal.legId);
      if (callId) hearLeg(turn, callId, signal);
      else adoptNothing(turn, signal);
      return;
    }
    case 'headset-arrived':
    case 'headset-pinned':
    case 'headset-ended':
      turn.tellHeadset(signal.headsetId, signal);
      return;
    case 'inbound-arrived':
      // Inbound campaigns come later; until then nobody is left listening to silence.
      turn.batch.effect({ kind: 'refuse-inbound', channelId: signal.channelId });
      return;
    case 'leg-looked-at': {
      const callId = turn.state.legs.get(signal.legId);
      const live = callId && turn.state.calls.get(callId);
      if (live) agreeOnLeg(turn, live, signal.found);
      return;
    }
    case 'telephony-down':
      telephonyDown(turn, signal.because);
      return;
    default:
      unreachable(signal);
  }
}

function hearLeg(turn: Turn, callId: CallId, signal: LegSignal): void {
  const { batch } = turn;
  if (signal.kind === 'announcement-replaced') {
    const live = turn.state.calls.get(callId);
    if (live?.call.state.kind === 'announcing') batch.callFact(live, { kind: 'message-replaced' });
    return;
  }
  // What took it for a person heard the greeting end: the clock is set before an agent is sought.
  if (signal.kind === 'leg-screened' && signal.silentMs !== undefined) {
    const { silentMs } = signal;
    turn.tellCall(callId, { kind: 'greeting-ended', silentMs });
  }
  turn.tellCall(callId, forCall(turn, callId, signal));
}

/** A verdict is worth less than the word of an agent who spoke with the person who answered. */
function forCall(
  memory: Memory,
  callId: CallId,
  signal: Exclude<LegSignal, { kind: 'announcement-replaced' }>,
): CallSignal {
  if (signal.kind !== 'leg-screened') return signal;
  const live = memory.state.calls.get(callId);
  const negotiation = live?.negotiation;
  const agentKnows =
    negotiation !== undefined &&
    (isConfirmed(negotiation) || dispositionOf(negotiation) !== undefined);
  return { ...signal, agentKnows };
}

/** A leg of a call that is over for us, and yet it answers: nobody may be left on it. */
function adoptNothing(turn: Turn, signal: LegSignal): void {
  if (signal.kind === 'leg-answered' || signal.kind === 'leg-ringing') {
    turn.batch.effect({ kind: 'hang-up', legId: signal.legId, intent: 'orphaned' });
  }
}

function telephonyDown(turn: Turn, because: string): void {
  const { batch } = turn;
  turn.timers.clear({ of: 'telephony' });
  if (!turn.state.telephony.up) return;
  const { instance } = turn.state.telephony;
  turn.draft.change(turn.state, {
    telephony: {
      up: false,
      since: batch.now,
      because,
      ...given({ instance }),
    },
  });
  batch.fact({ kind: 'telephony-lost', because });
  everybody(turn);
  batch.paceSoon();
}

/**
 * Events flow again: memory is made to agree with what was found in the PBX, the calls one by one, so
 * that none can keep the others from it.
 */
function hearingsOfSurvey(turn: Turn, survey: TelephonySurvey): Hearing[] {
  const found = new Map(survey.legs.map((leg) => [leg.legId, leg]));
  const placing = new Set(survey.placing);
  const isPlacing = ({ call }: LiveCall): boolean =>
    placing.has(call.legId) && !found.has(call.legId);
  const livedSince = pbxLivedSince(turn, survey);
  const live = [...turn.state.calls.values()].filter(isLive);
  const calls = live.filter((one) => !isPlacing(one));
  const legs = calls.map(({ call }): Hearing => {
    const leg = found.get(call.legId);
    return {
      callId: call.id,
      decide() {
        const current = turn.state.calls.get(call.id);
        if (current && isLive(current)) agreeOnLeg(turn, current, leg, livedSince);
      },
    };
  });
  const ours = new Set(live.map(({ call }) => call.legId));
  const strangers = survey.legs.map(({ legId }) => legId).filter((legId) => !ours.has(legId));
  const lost = calls.filter(({ call }) => !found.has(call.legId)).length;
  return [
    {
      decide() {
        const counts = { lost, adopted: calls.length - lost };
        telephonyUp(turn, survey.instance, strangers, counts);
      },
      // Nothing would say it again, and nothing would be dialed any more.
      onMistake() {
        const telephony = {
          ...turn.state.telephony,
          backWith: { instance: survey.instance, strangers },
        };
        turn.draft.change(turn.state, { telephony });
        turn.timers.set({ of: 'telephony' }, turn.batch.now + TRIED_AGAIN_AFTER_MS);
      },
    },
    ...legs,
    { decide: () => reconcileHeadsets(turn, survey) },
  ];
}

/** The PBX is back since a while, and that could not be decided then. */
export function telephonyIsBack(turn: Turn): void {
  const { up, backWith } = turn.state.telephony;
  if (up || backWith === undefined) return;
  telephonyUp(turn, backWith.instance, backWith.strangers, { lost: 0, adopted: 0 });
}

/** Dialing may go on; legs that belong to no call of ours are hung up. */
function telephonyUp(
  turn: Turn,
  instance: string,
  strangers: readonly LegId[],
  counts: { readonly lost: number; readonly adopted: number },
): void {
  const { batch } = turn;
  const before = turn.state.telephony;
  const restarted = before.instance !== undefined && before.instance !== instance;
  turn.draft.change(turn.state, { telephony: { up: true, since: batch.now, instance } });
  batch.fact({ kind: 'telephony-back', restarted, ...counts });
  for (const legId of strangers) batch.effect({ kind: 'hang-up', legId, intent: 'orphaned' });
  everybody(turn);
  batch.paceSoon();
}

/** The call goes on from where its leg is; without one it is over. */
function agreeOnLeg(
  turn: Turn,
  live: LiveCall,
  leg: FoundLeg | undefined,
  livedSince?: EpochMs,
): void {
  if (leg) {
    reconcileLeg(turn, live, leg);
    return;
  }
  const lived = livedSince === undefined ? {} : { pbxLivedSince: livedSince };
  const signal = { kind: 'leg-lost', ...lived } as const;
  turn.tellCall(live.call.id, signal);
}

/**
 * Since when nothing was heard of a PBX that is known to have lived on. It does where its instance is the
 * same; a process that has just begun knows it by a headset of before that is still there, since no
 * channel outlives its PBX.
 */
function pbxLivedSince({ state }: Memory, survey: TelephonySurvey): EpochMs | undefined {
  const { telephony, knownUntil } = state;
  if (telephony.instance !== undefined) {
    return telephony.instance === survey.instance && !telephony.up ? telephony.since : undefined;
  }
  const isThere = survey.headsets.some(({ headsetId, channelId }) => {
    const agentId = state.headsets.get(headsetId);
    const headset = agentId && state.agents.get(agentId)?.headset;
    return headset && channelOf(headset) === channelId;
  });
  return isThere ? knownUntil : undefined;
}

function reconcileLeg(turn: Turn, { call }: LiveCall, leg: FoundLeg): void {
  const tell = (signal: Extract<Work, { kind: 'call' }>['signal']): void => {
    turn.tellCall(call.id, signal);
  };
  if (call.hangUpIntent) {
    turn.batch.effect({ kind: 'hang-up', legId: call.legId, intent: call.hangUpIntent });
    return;
  }
  switch (call.state.kind) {
    case 'placing':
    case 'ringing':
      turn.timers.set(
        { of: 'call', callId: call.id, timer: 'ring' },
        call.placedAt + call.ringTimeoutMs,
      );
      if (leg.state === 'ringing') tell({ kind: 'leg-ringing' });
      // It was answered while nobody listened to the PBX: nobody knows for how long.
      if (leg.state === 'up') tell({ kind: 'found-unattended' });
      return;
    case 'connecting':
      if (leg.bridgeId === call.state.bridgeId) {
        tell({ kind: 'leg-bridged', bridgeId: call.state.bridgeId });
      }
      return;
    case 'talking':
      if (leg.bridgeId !== call.state.bridgeId) {
        tell({ kind: 'agent-lost', agentId: call.state.agentId });
        backIfPresent(turn, call.id, call.state.agentId);
      }
      return;
    case 'announcing':
      // Whether the message was heard to its end is not known; it is not said twice.
      tell({ kind: 'announcement-ended' });
      return;
    case 'screening':
      // The verdict may have been missed: doubt means a person.
      tell({ kind: 'timer', timer: 'screening' });
      turn.timers.set(
        { of: 'call', callId: call.id, timer: 'deadline' },
        messageAt(call) ?? turn.batch.now,
      );
      return;
    case 'waiting':
      turn.timers.set(
        { of: 'call', callId: call.id, timer: 'deadline' },
        messageAt(call) ?? turn.batch.now,
      );
      return;
    case 'stranded':
    case 'ended':
      return;
    default:
      unreachable(call.state);
  }
}

function backIfPresent(turn: Turn, callId: CallId, agentId: AgentId): void {
  const agent = turn.state.agents.get(agentId);
  if (!agent?.shift.screen.connected || !agent.shift.headset.pinned) return;
  turn.tellCall(callId, { kind: 'agent-back', agentId, bridgeId: agent.headset.bridgeId });
}

function reconcileHeadsets(turn: Turn, survey: TelephonySurvey): void {
  const found = new Map(survey.headsets.map((one) => [one.headsetId, one]));
  for (const [headsetId, agentId] of turn.state.headsets) {
    const agent = turn.state.agents.get(agentId);
    if (!agent) continue;
    const there = found.get(headsetId);
    found.delete(headsetId);
    const { state } = agent.headset;
    const knownChannel = 'channelId' in state ? state.channelId : undefined;
    if (knownChannel !== undefined && there?.channelId !== knownChannel) {
      turn.tellHeadset(headsetId, { kind: 'headset-ended', channelId: knownChannel });
    }
    if (!there) continue;
    turn.tellHeadset(headsetId, { kind: 'headset-arrived', channelId: there.channelId });
    if (there.bridgeId === agent.headset.bridgeId) {
      turn.tellHeadset(headsetId, { kind: 'headset-pinned', channelId: there.channelId });
    }
  }
  for (const stranger of found.values()) {
    turn.batch.effect({ kind: 'refuse-headset', channelId: stranger.channelId });
  }
}

function everybody(turn: Turn): void {
  const { batch } = turn;
  for (const agentId of turn.state.agents.keys()) batch.showAgent(agentId);
}

/** Calls that a person is on or may be: what a drain waits for. */
export function liveCalls(memory: Memory): Call[] {
  return [...memory.state.calls.values()].filter(isLive).map((live) => live.call);
}
