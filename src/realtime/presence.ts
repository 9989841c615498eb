/**
 * Tells the engine whether an agent's screen is connected, until it has taken it. What comes and goes is
 * told in its order, and where the engine did not take it, as it is at last. Where there is no shift the
 * engine takes it too, and nothing follows.
 */
import type { Logger } from 'pino';
import type { Commands } from '../engine/commands.ts';
import type { AgentId } from '../lib/ids.ts';

export type Presence = { is(connected: boolean): void };

const TRY_AGAIN_AFTER_MS = 200;
/** Ten seconds: then the engine has larger troubles, and its own absence timer. */
const TRIES_MAX = 50;

export function createPresence(agentId: AgentId, commands: Commands, log: Logger): Presence {
  let wanted = false;
  /** As the engine was last told; its answer may still be to come. */
  let told = false;
  let tries = 0;

  function tell(): void {
    if (told === wanted) return;
    const connected = wanted;
    told = connected;
    commands.run({ agentId, kind: connected ? 'screen-connected' : 'screen-lost' }).then(
      (result) => {
        if (result.ok) tries = 0;
        else tellLater(connected);
      },
      (error: unknown) => {
        log.error({ err: error, agentId }, 'presence could not be told');
        tellLater(connected);
      },
    );
  }

  function tellLater(connected: boolean): void {
    // Told otherwise since: that message has an answer of its own.
    if (told !== connected) return;
    told = !connected;
    tries += 1;
    if (tries >= TRIES_MAX) {
      log.error({ agentId }, 'engine did not take the state of a screen');
      tries = 0;
      return;
    }
    setTimeout(tell, TRY_AGAIN_AFTER_MS).unref();
  }

  return {
    is(connected) {
      wanted = connected;
      // Never waits for the answer to the one before: it comes after a commit, and a store that is held
      // up would let the engine take a screen that came back within a second for lost.
      tell();
    },
  };
}
