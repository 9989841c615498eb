/**
 * Tells the engine whether an agent's screen is connected. Changes are told in order. A message
 * that the engine did not accept is repeated with the latest state. Without a shift the engine
 * accepts it too, and nothing follows.
 */
import type { Logger } from 'pino';
import type { Commands } from '../engine/commands.ts';
import type { AgentId } from '../lib/ids.ts';

export type Presence = { is(connected: boolean): void };

const TRY_AGAIN_AFTER_MS = 200;
/** About ten seconds; after that the engine's own absence timer takes over. */
const TRIES_MAX = 50;

export function createPresence(agentId: AgentId, commands: Commands, log: Logger): Presence {
  let wanted = false;
  /** The last state told to the engine; its answer may still be pending. */
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
        log.error({ err: error, agentId }, 'presence could not be reported');
        tellLater(connected);
      },
    );
  }

  function tellLater(connected: boolean): void {
    // A later message told another state; it has its own answer.
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
      // Does not wait for the previous answer, which comes after a commit: with a store that is
      // held up, the engine would take a screen that came back within a second for lost.
      tell();
    },
  };
}
