/**
 * Each message and each due timer is one decision, with all the work that it causes. It is made in a
 * draft: where it throws, nothing of it is left, and it alone is answered for. A command is answered
 * `mistake`; the call of a signal or a timer is in doubt, and the PBX is asked about it (suspects.ts);
 * a timer of a shift is tried again.
 */
import type { ShiftTimer } from '../domain/agents/agent-shift.ts';
import type { CallTimer } from '../domain/calls/call.ts';
import { assert, unreachable } from '../lib/assert.ts';
import type { AgentId, CallId } from '../lib/ids.ts';
import type { Command, CommandResult } from './commands.ts';
import type { Deciding } from './draft.ts';
import { followCall } from './follow-call.ts';
import { hearingsOf, telephonyIsBack } from './hear-telephony.ts';
import { StoreHeldUpError } from './ports/store.ts';
import type { TelephonySignal } from './ports/telephony.ts';
import { readForAgent } from './read-for-agent.ts';
import { runCommand } from './run-command.ts';
import { moveHeadset, moveShift, screenStayedAway, seat } from './seat-agents.ts';
import {
  giveUp,
  isSuspectTimer,
  lastParts,
  lookAtSuspect,
  lookWasDecided,
  suspect,
} from './suspects.ts';
import type { House, Turn } from './work.ts';

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
  detail: 'It was written to the log, and nothing of it was done.',
};

export const HELD_UP: CommandResult = {
  ok: false,
  code: 'store-held-up',
  detail: 'Nothing can be stored at the moment, and nothing of it was done. Try again soon.',
};

export async function decideMessage(house: House, turn: Turn, message: Message): Promise<void> {
  switch (message.kind) {
    case 'signal':
      return decideSignal(house, turn, message.signal);
    case 'command':
      return decideCommand(house, turn, message);
    default:
      unreachable(message);
  }
}

async function decideCommand(
  house: House,
  turn: Turn,
  { command, resolve }: Extract<Message, { kind: 'command' }>,
): Promise<void> {
  const decided = await house.draft.decide(async () => {
    const result = await runCommand(house, turn, command);
    turn.batch.answer(resolve, result);
    workOff(house, turn);
  }, decidingOf(command));
  if (decided.ok) return;
  house.mistakes.note(`command ${command.kind}`, decided.error, idsOf(command));
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

async function decideSignal(house: House, turn: Turn, signal: TelephonySignal): Promise<void> {
  if (signal.kind === 'leg-answered') await readFile(house, turn, signal);
  for (const { callId, decide, onMistake } of hearingsOf(house, turn, signal)) {
    const decided = await house.draft.decide(
      () => {
        decide();
        workOff(house, turn);
      },
      { what: 'signal', ...(callId ? { about: callId } : {}) },
    );
    if (decided.ok) {
      if (callId && signal.kind === 'leg-looked-at') lookWasDecided(house, callId);
      continue;
    }
    house.mistakes.note(`signal ${signal.kind}`, decided.error, callId ? { callId } : {});
    if (callId) suspect(house, callId, turn.batch.now);
    onMistake?.();
  }
}

/** What the screen will show cannot be read: the call goes on all the same. */
async function readFile(
  house: House,
  { batch }: Turn,
  { legId }: Extract<TelephonySignal, { kind: 'leg-answered' }>,
): Promise<void> {
  const read = await house.draft.decide(() => readForAgent(house, legId, batch.now));
  if (!read.ok) house.mistakes.note('reading for the agent', read.error, { legId });
}

export async function decideTimer(house: House, turn: Turn, key: string): Promise<void> {
  const [what, id] = key.split(' ');
  if (isSuspectTimer(what)) return decideSuspect(house, turn, id as CallId);
  const decided = await house.draft.decide(
    () => {
      timerDue(house, turn, key);
      workOff(house, turn);
    },
    { what: 'timer', ...(id ? { about: id } : {}) },
  );
  if (decided.ok) {
    if (what !== 'call') house.mistakes.worked(key);
    return;
  }
  house.mistakes.note(`timer ${kindOf(key)}`, decided.error, { id });
  if (what === 'call') {
    suspect(house, id as CallId, turn.batch.now);
    return;
  }
  const pauseMs = house.mistakes.pauseBeforeNext(key);
  if (pauseMs !== undefined) house.timers.set(key, turn.batch.now + pauseMs);
}

/** Without the id that stands in the middle. */
function kindOf(key: string): string {
  const [what, , timer] = key.split(' ');
  return timer === undefined ? `${what}` : `${what} ${timer}`;
}

function timerDue(house: House, turn: Turn, key: string): void {
  const [what, id, timer] = key.split(' ');
  switch (what) {
    case 'call':
      turn.work.push({
        kind: 'call',
        callId: id as CallId,
        signal: { kind: 'timer', timer: timer as CallTimer },
      });
      return;
    case 'shift':
      turn.work.push({
        kind: 'shift',
        agentId: id as AgentId,
        signal: { kind: 'timer', timer: timer as ShiftTimer },
      });
      return;
    case 'telephony':
      telephonyIsBack(house, turn);
      return;
    default:
      assert(what === 'screen', 'a timer belongs to a call, a shift or a screen');
      screenStayedAway(house, turn, id as AgentId);
  }
}

async function decideSuspect(house: House, turn: Turn, callId: CallId): Promise<void> {
  if (lookAtSuspect(house, turn, callId) === 'looked') return;
  const live = house.state.calls.get(callId);
  if (!live) return;
  // Where its campaign's bank is what cannot be decided, it ends uncounted.
  for (const counted of [true, false]) {
    const decided = await house.draft.decide(
      () => {
        giveUp(house, turn, live, counted);
        workOff(house, turn);
      },
      { what: 'giving-up', about: callId },
    );
    if (decided.ok) return;
    house.mistakes.note('giving a call up', decided.error, { callId });
  }
  for (const part of lastParts(house, turn, live)) {
    const decided = await house.draft.decide(() => {
      part();
      workOff(house, turn);
    });
    if (!decided.ok) house.mistakes.note('giving a call up in parts', decided.error, { callId });
  }
}

export function workOff(house: House, turn: Turn): void {
  for (let done = 0, work = turn.work.take(); work; done += 1, work = turn.work.take()) {
    assert(done < WORK_MAX, 'signals between machines come to an end');
    switch (work.kind) {
      case 'call':
        followCall(house, turn, work.callId, work.signal);
        break;
      case 'shift':
        moveShift(house, turn, work.agentId, work.signal);
        break;
      case 'headset':
        moveHeadset(house, turn, work.headsetId, work.signal);
        break;
      case 'seat':
        seat(house, turn);
        break;
      default:
        unreachable(work);
    }
  }
}
