/**
 * Each message and each due timer is one decision, with all the work that it causes. It is made in a
 * draft: where it throws, nothing of it is left, and it alone is answered for. A command is answered
 * `mistake`; the call of a signal or a timer is in doubt, and the PBX is asked about it (suspects.ts);
 * a timer of a shift is tried again.
 */
import { assert, unreachable } from '../lib/assert.ts';
import { given } from '../lib/given.ts';
import type { CallId } from '../lib/ids.ts';
import { say } from '../words/say.ts';
import { approvalTimeCame } from './approvals.ts';
import { refusalOfReach } from './command-reach.ts';
import type { Command, CommandResult } from './commands.ts';
import type { Deciding } from './draft.ts';
import { followCall } from './follow-call.ts';
import { hearingsOf, telephonyIsBack } from './hear-telephony.ts';
import { StoreHeldUpError } from './ports/store.ts';
import type { TelephonySignal } from './ports/telephony.ts';
import { showFile } from './read-for-agent.ts';
import { runCommand } from './run-command.ts';
import { moveHeadset, moveShift, screenStayedAway, seat } from './seat-agents.ts';
import { giveUp, lastParts, lookAtSuspect, lookWasDecided, suspect } from './suspects.ts';
import { aboutOfTimer, keyOfTimer, kindOfTimer, type Timer } from './timer.ts';
import type { Turn } from './turn.ts';

export type Message =
  | { readonly kind: 'signal'; readonly signal: TelephonySignal }
  | {
      readonly kind: 'command';
      readonly command: Command;
      readonly resolve: (result: CommandResult) => void;
    };

/** Signals that one message may cause in machines; a chain longer than this is a mistake of ours. */
const WORK_MAX = 10_000;

export const MISTAKEN: CommandResult = {
  ok: false,
  code: 'mistake',
  detail: say('logged-not-done'),
};

export const HELD_UP: CommandResult = {
  ok: false,
  code: 'store-held-up',
  detail: say('not-stored-now'),
};

export function decideMessage(turn: Turn, message: Message): void {
  switch (message.kind) {
    case 'signal':
      decideSignal(turn, message.signal);
      return;
    case 'command':
      decideCommand(turn, message);
      return;
    default:
      unreachable(message);
  }
}

function decideCommand(
  turn: Turn,
  { command, resolve }: Extract<Message, { kind: 'command' }>,
): void {
  const decided = turn.draft.decide(() => {
    const result = refusalOfReach(turn, command) ?? runCommand(turn, command);
    turn.batch.answer(resolve, result);
    workOff(turn);
  }, decidingOf(command));
  if (decided.ok) return;
  turn.mistakes.note(`command ${command.kind}`, decided.error, idsOf(command));
  const isHeldUp = decided.error instanceof StoreHeldUpError;
  turn.batch.answer(resolve, isHeldUp ? HELD_UP : MISTAKEN);
}

function decidingOf(command: Command): Deciding {
  return { what: 'command', ...('agentId' in command ? { about: command.agentId } : {}) };
}

function idsOf(command: Command): object {
  return {
    ...('agentId' in command ? { agentId: command.agentId } : {}),
    ...('campaignId' in command ? { campaignId: command.campaignId } : {}),
    ...('callId' in command ? { callId: command.callId } : {}),
  };
}

function decideSignal(turn: Turn, signal: TelephonySignal): void {
  if (signal.kind === 'leg-answered') readFile(turn, signal);
  for (const { callId, decide, onMistake } of hearingsOf(turn, signal)) {
    const decided = turn.draft.decide(
      () => {
        decide();
        workOff(turn);
      },
      { what: 'signal', ...(callId ? { about: callId } : {}) },
    );
    if (decided.ok) {
      if (callId && signal.kind === 'leg-looked-at') lookWasDecided(turn, callId);
      continue;
    }
    turn.mistakes.note(`signal ${signal.kind}`, decided.error, callId ? { callId } : {});
    if (callId) suspect(turn, callId, turn.batch.now);
    onMistake?.();
  }
}

/** What the screen will show cannot be read: the call goes on all the same. */
function readFile(turn: Turn, { legId }: Extract<TelephonySignal, { kind: 'leg-answered' }>): void {
  const read = turn.draft.decide(() => showFile(turn, legId));
  if (!read.ok) turn.mistakes.note('reading for the agent', read.error, { legId });
}

export function decideTimer(turn: Turn, timer: Timer): void {
  if (timer.of === 'suspect') {
    decideSuspect(turn, timer.callId);
    return;
  }
  const about = aboutOfTimer(timer);
  const decided = turn.draft.decide(
    () => {
      timerDue(turn, timer);
      workOff(turn);
    },
    { what: 'timer', ...given({ about }) },
  );
  const key = keyOfTimer(timer);
  if (decided.ok) {
    if (timer.of !== 'call') turn.mistakes.worked(key);
    return;
  }
  turn.mistakes.note(`timer ${kindOfTimer(timer)}`, decided.error, { id: about });
  if (timer.of === 'call') {
    suspect(turn, timer.callId, turn.now);
    return;
  }
  const pauseMs = turn.mistakes.pauseBeforeNext(key);
  if (pauseMs !== undefined) turn.timers.set(timer, turn.now + pauseMs);
}

function timerDue(turn: Turn, timer: Exclude<Timer, { of: 'suspect' }>): void {
  switch (timer.of) {
    case 'call':
      turn.tellCall(timer.callId, { kind: 'timer', timer: timer.timer });
      return;
    case 'shift':
      turn.tellShift(timer.agentId, { kind: 'timer', timer: timer.timer });
      return;
    case 'screen':
      screenStayedAway(turn, timer.agentId);
      return;
    case 'approval':
      approvalTimeCame(turn, timer.approvalId);
      return;
    case 'telephony':
      telephonyIsBack(turn);
      return;
    default:
      unreachable(timer);
  }
}

function decideSuspect(turn: Turn, callId: CallId): void {
  if (lookAtSuspect(turn, callId) === 'looked') return;
  const live = turn.state.calls.get(callId);
  if (!live) return;
  // Where its campaign's bank is what cannot be decided, it ends uncounted.
  for (const counted of [true, false]) {
    const decided = turn.draft.decide(
      () => {
        giveUp(turn, live, counted);
        workOff(turn);
      },
      { what: 'giving-up', about: callId },
    );
    if (decided.ok) return;
    turn.mistakes.note('giving a call up', decided.error, { callId });
  }
  for (const part of lastParts(turn, live)) {
    const decided = turn.draft.decide(() => {
      part();
      workOff(turn);
    });
    if (!decided.ok) turn.mistakes.note('giving a call up in parts', decided.error, { callId });
  }
}

export function workOff(turn: Turn): void {
  for (let done = 0, work = turn.nextWork(); work; done += 1, work = turn.nextWork()) {
    assert(done < WORK_MAX, 'signals between machines come to an end');
    switch (work.kind) {
      case 'call':
        followCall(turn, work.callId, work.signal);
        break;
      case 'shift':
        moveShift(turn, work.agentId, work.signal);
        break;
      case 'headset':
        moveHeadset(turn, work.headsetId, work.signal);
        break;
      case 'seat':
        seat(turn);
        break;
      default:
        unreachable(work);
    }
  }
}
