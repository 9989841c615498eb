/**
 * Hanging up until it succeeds: a channel that fails to end keeps a person on the line and costs
 * money.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { AriConnection } from './ari-connection.ts';
import { AriError } from './ari-error.ts';

/** Tries of one hang-up; afterwards the sweep tries again. */
const TRIES_MAX = 4;
const TRY_AGAIN_MS = 500;

export type HangUpReason = 'normal' | 'no_answer';
/** `gone`: the PBX knows no such channel. `failed`: the PBX could not be reached. */
export type Ending = 'hung-up' | 'gone' | 'failed';

/** Asks the PBX to end a channel until it agrees or no longer knows the channel. Never rejects. */
export async function endChannel(
  connection: AriConnection,
  channelId: string,
  reason: HangUpReason,
  log: Logger,
): Promise<Ending> {
  for (let attempt = 1; attempt <= TRIES_MAX; attempt += 1) {
    try {
      await connection.request('urgent', (api) => api.channels.hangup({ channelId, reason }));
      return 'hung-up';
    } catch (problem) {
      if (problem instanceof AriError && problem.code === 'gone') return 'gone';
      log.warn({ channelId, attempt, err: problem }, 'hang-up failed');
    }
    await pause(TRY_AGAIN_MS * attempt, undefined, { ref: false });
  }
  return 'failed';
}

/** Whether the PBX still has the channel; undefined when it does not say. */
export async function isAlive(
  connection: AriConnection,
  channelId: string,
): Promise<boolean | undefined> {
  try {
    await connection.request('urgent', (api) => api.channels.get({ channelId }));
    return true;
  } catch (problem) {
    return problem instanceof AriError && problem.code === 'gone' ? false : undefined;
  }
}
