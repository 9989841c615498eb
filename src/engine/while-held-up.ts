/**
 * What becomes of messages while the store takes nothing. What ends a call, and what the world says, is
 * decided; what people ask is refused; what the engine tells itself waits.
 *
 * All that is decided waits in memory, so it has a bound. What concerns a call is decided beyond it too:
 * calls end, and no new ones begin. The rest, screens and headsets that come and go, waits as the newest
 * of its kind, which is all that counts when the store is free again.
 */
import { callOf } from '../domain/agents/agent-shift.ts';
import { channelOf } from '../domain/agents/headset.ts';
import { assert } from '../lib/assert.ts';
import type { AgentId } from '../lib/ids.ts';
import { HELD_UP, type Message } from './decisions.ts';
import { liveCalls } from './hear-telephony.ts';
import type { Memory } from './memory.ts';
import type { TelephonySignal } from './ports/telephony.ts';
import type { Turn } from './turn.ts';

/** Whether anything of the inbox would be decided or answered now. */
export function isAnyDue(turn: Turn, inbox: readonly Message[]): boolean {
  const { batch } = turn;
  const isFull = batch.facts.length >= turn.limits.factsHeldMax;
  return inbox.some((message) => fateOf(turn, message, isFull) !== 'wait');
}

/** Takes out what is decided, refuses what is refused, and leaves what waits. */
export function takeWhileHeldUp(turn: Turn, inbox: Message[]): Message[] {
  const { batch } = turn;
  const isFull = batch.facts.length >= turn.limits.factsHeldMax;
  const decided: Message[] = [];
  const waiting: Message[] = [];
  for (const message of inbox.splice(0)) {
    const fate = fateOf(turn, message, isFull);
    if (fate === 'decide') decided.push(message);
    else if (fate === 'wait') waiting.push(message);
    else refuse(message);
  }
  inbox.push(...(isFull ? newestOf(turn, waiting) : waiting));
  return decided;
}

function fateOf(memory: Memory, message: Message, isFull: boolean): 'decide' | 'refuse' | 'wait' {
  if (message.kind === 'signal') {
    return isFull && !concernsCall(memory, message.signal) ? 'wait' : 'decide';
  }
  const { command } = message;
  switch (command.kind) {
    case 'hang-up':
      return 'decide';
    case 'screen-connected':
    case 'screen-lost':
    case 'headset-lost':
      return isFull && !isInCall(memory, command.agentId) ? 'wait' : 'decide';
    case 'storage-room-changed':
      return isFull ? 'wait' : 'decide';
    case 'leads-changed':
    case 'people-changed':
      return 'wait';
    default:
      return 'refuse';
  }
}

function concernsCall(memory: Memory, signal: TelephonySignal): boolean {
  switch (signal.kind) {
    case 'headset-arrived':
    case 'headset-pinned':
    case 'headset-ended':
      return isInCall(memory, memory.state.headsets.get(signal.headsetId));
    case 'telephony-up':
    case 'telephony-down':
      return liveCalls(memory).length > 0;
    default:
      return true;
  }
}

function isInCall({ state }: Memory, agentId: AgentId | undefined): boolean {
  const agent = agentId && state.agents.get(agentId);
  return agent !== undefined && callOf(agent.shift) !== undefined;
}

/** Of what says the same of the same thing the newest, in order; anyone who asked the others is refused. */
function newestOf(memory: Memory, messages: readonly Message[]): readonly Message[] {
  const newest = new Map<string, Message>();
  for (const [index, message] of messages.entries()) {
    const about = aboutOf(memory, message) ?? `message ${index}`;
    const before = newest.get(about);
    if (before) refuse(before);
    newest.delete(about);
    newest.set(about, message);
  }
  return [...newest.values()];
}

/** Undefined: nothing takes its place. */
function aboutOf(memory: Memory, message: Message): string | undefined {
  if (message.kind === 'signal') return aboutOfSignal(memory, message.signal);
  const { command } = message;
  switch (command.kind) {
    case 'screen-connected':
    case 'screen-lost':
      return `screen ${command.agentId}`;
    case 'headset-lost':
      return `headset lost ${command.agentId}`;
    case 'storage-room-changed':
      return command.kind;
    default:
      return undefined;
  }
}

/** Of the channels that came and went between the one that is known and the newest, nothing is missed. */
function aboutOfSignal({ state }: Memory, signal: TelephonySignal): string {
  switch (signal.kind) {
    case 'headset-arrived':
    case 'headset-pinned':
      return `${signal.kind} ${signal.headsetId}`;
    case 'headset-ended': {
      const agentId = state.headsets.get(signal.headsetId);
      const headset = agentId && state.agents.get(agentId)?.headset;
      const isKnown = headset && channelOf(headset) === signal.channelId;
      return `${signal.kind} ${signal.headsetId} ${isKnown ? 'known' : 'newer'}`;
    }
    default:
      assert(
        signal.kind === 'telephony-up' || signal.kind === 'telephony-down',
        'others are decided',
      );
      return 'telephony';
  }
}

function refuse(message: Message): void {
  if (message.kind === 'command') message.resolve(HELD_UP);
}
