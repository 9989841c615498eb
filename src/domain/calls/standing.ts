/**
 * What an answered call stands for in the counts of abandonment, and the moment at which a person who
 * waits is abandoned. The counting itself is `domain/abandonment`.
 */
import { unreachable } from '../../lib/assert.ts';
import type { DurationMs, EpochMs } from '../../lib/time.ts';
import type { Call } from './call.ts';

/**
 * What an answered call counts as.
 * - `waiting`: a person answered, and the result is open.
 * - `connected`: they had an agent within the limit.
 * - `abandoned`: they had none within it, no matter who ended the call and whatever came later.
 * - `hung-up-waiting`: they hung up within it.
 * - `machine`: no person answered. Only false verdicts count, where the terms estimate them.
 */
export type Standing = 'waiting' | 'connected' | 'abandoned' | 'hung-up-waiting' | 'machine';

/** What the call counts as, by what is known now; undefined before an answer. */
export function standingOf(
  call: Pick<Call, 'answeredAt' | 'connectedAt' | 'abandonment' | 'state'>,
): Standing | undefined {
  if (call.answeredAt === undefined) return undefined;
  if (call.state.kind === 'ended' && call.state.outcome === 'machine') return 'machine';
  switch (call.abandonment) {
    case 'limit':
    case 'late':
    case 'unattended':
    case 'cut-off':
      return 'abandoned';
    case 'hung-up-waiting':
      return 'hung-up-waiting';
    case undefined:
      return call.connectedAt === undefined ? 'waiting' : 'connected';
    default:
      return unreachable(call.abandonment);
  }
}

export const STANDINGS: readonly Standing[] = [
  'waiting',
  'connected',
  'abandoned',
  'hung-up-waiting',
  'machine',
];

/** Whether a person answered, as far as is known. */
export function isPerson(standing: Standing | undefined): boolean {
  return standing !== undefined && standing !== 'machine';
}

/**
 * The moment at which a person still waiting is abandoned: the limit after the clock's start.
 * Undefined before an answer.
 */
export function limitAt(
  call: Pick<Call, 'answeredAt' | 'greetingEndedAt' | 'waitMaxMs'>,
): EpochMs | undefined {
  const from = call.greetingEndedAt ?? call.answeredAt;
  return from === undefined ? undefined : from + call.waitMaxMs;
}

/**
 * The message must be heard within the limit, not only requested: the PBX takes some milliseconds
 * to play it, and so does a turn of the engine on a busy day.
 */
export const MESSAGE_LEAD_MS: DurationMs = 100;

/** From this moment on no agent is sought for the person, because the message begins. */
export function messageAt(call: Parameters<typeof limitAt>[0]): EpochMs | undefined {
  const at = limitAt(call);
  return at === undefined ? undefined : at - Math.min(MESSAGE_LEAD_MS, call.waitMaxMs);
}

/** Whether a person still waiting is abandoned by now. */
export function isPastLimit(call: Parameters<typeof limitAt>[0], now: EpochMs): boolean {
  return now >= (limitAt(call) ?? Number.POSITIVE_INFINITY);
}
