import type { Command, CommandRefusal, Commands } from '../engine/commands.ts';
import { given } from '../lib/given.ts';
import { HELD_UP_RETRY_AFTER_SECONDS, ProblemError } from './errors.ts';

/** Seconds after which a refused command may be tried again. */
const RETRY_AFTER_SECONDS: ReadonlyMap<CommandRefusal, number> = new Map([
  ['server-busy', 1],
  ['server-draining', 1],
  ['store-held-up', HELD_UP_RETRY_AFTER_SECONDS],
]);

/** Runs a command to its commit. Throws a problem when the engine refuses. */
export async function runCommand(commands: Commands, command: Command): Promise<void> {
  const result = await commands.run(command);
  if (result.ok) return;
  const retryAfterSeconds = RETRY_AFTER_SECONDS.get(result.code);
  const extra = given({ retryAfterSeconds });
  throw new ProblemError(result.code, result.detail, extra);
}
