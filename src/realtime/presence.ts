/**
 * Tells the engine whether an agent's screen is connected, until it has taken it. A screen that comes
 * and goes quickly is told as it is at last, and never in the wrong order.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Commands } from '../engine/commands.ts';
import type { AgentId } from '../lib/ids.ts';

export type Presence = { is(connected: boolean): void };

const TRY_AGAIN_AFTER_MS = 200;
/** Ten seconds: then the engine has larger troubles, and its own absence timer. */
const TRIES_MAX = 50;

export function createPresence(agentId: AgentId, commands: Commands, log: Logger): Presence {
  let wanted = false;
  let told = false;
  let telling = false;
  const tell = async () => {
    telling = true;
    let tries = 0;
    while (told !== wanted && tries < TRIES_MAX) {
      const connected = wanted;
      const kind = connected ? 'screen-connected' : 'screen-lost';
      const result = await commands.run({ agentId, kind });
      const isBusy = !result.ok && result.code === 'server-busy';
      if (isBusy) {
        tries += 1;
        await pause(TRY_AGAIN_AFTER_MS);
      } else {
        // Any other refusal says that the engine keeps no such screen (there is no shift).
        told = connected;
      }
    }
    if (told !== wanted) log.error({ agentId }, 'engine did not take the state of a screen');
  };
  return {
    is(connected) {
      wanted = connected;
      if (telling) return;
      tell()
        .catch((error: unknown) => log.error({ err: error, agentId }, 'presence could not be told'))
        .finally(() => {
          telling = false;
        });
    },
  };
}
