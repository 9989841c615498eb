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
import type { Command, CommandResult } from './commands.ts';
import type { Deciding } from './draft.ts';
import { followCall } from './follow-call.ts';
import { hearingsOf, telephonyIsBack } from './hear-telephony.ts';
import { StoreHeldUpError } from './ports/store.ts';
import type { TelephonySignal } from './ports/telephony.ts';
import { readForAgent } from './read-for-agent.ts';
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

export async function decideMessage(turn: Turn, message: Message): Promise<void> {
  switch (message.kind) {
    case 'signal':
      return decideSignal(turn, message.signal);
    case 'command':
      return decideCommand(turn, message);
    default:
      unreachable(message);
  }
}

async function decideCommand(
  turn: Turn,
  { command, resolve }: Extract<Message, { kind: 'command' }>,
): Promise<void> {
  const decided = await turn.draft.decide(async () => {
    const result = await runCommand(turn, command);
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

async function decideSignal(turn: Turn, signal: TelephonySignal): Promise<void> {
  if (signal.kind === 'leg-answered') await readFile(turn, signal);
  for (const { callId, decide, onMistake } of hearingsOf(turn, signal)) {
    const decided = await turn.draft.decide(
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
async function readFile(
  turn: Turn,
  { legId }: Extract<TelephonySignal, { kind: 'leg-answered' }>,
): Promise<void> {
  const { batch } = turn;
  const read = await turn.draft.decide(() => readForAgent(turn, legId, batch.now));
  if (!read.ok) turn.mistakes.note('reading for the agent', read.error, { legId });
}

export async function decideTimer(turn: Turn, timer: Timer): Promise<void> {
  if (timer.of === 'suspect') return decideSuspect(turn, timer.callId);
  const about = aboutOfTimer(timer);
  const decided = await turn.draft.decide(
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
    case 'telephony':
      telephonyIsBack(turn);
      return;
    default:
      unreachable(timer);
  }
}

async function decideSuspect(turn: Turn, callId: CallId): Promise<void> {
  if (lookAtSuspect(turn, callId) === 'looked') return;
  const live = turn.state.calls.get(callId);
  if (!live) return;
  // Where its campaign's bank is what cannot be decided, it ends uncounted.
  for (const counted of [true, false]) {
    const decided = await turn.draft.decide(
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
    const decided = await turn.draft.decide(() => {
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
