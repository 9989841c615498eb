import type { Command, Commands } from '../engine/commands.ts';
import { ProblemError } from './errors.ts';

const BUSY_RETRY_AFTER_SECONDS = 1;
/** The same may be asked again soon. */
const LATER: ReadonlySet<string> = new Set(['server-busy', 'server-draining', 'store-held-up']);

/** Runs it to its commit. Throws the problem where the engine refuses. */
export async function runCommand(commands: Commands, command: Command): Promise<void> {
  const result = await commands.run(command);
  if (result.ok) return;
  const extra = LATER.has(result.code) ? { retryAfterSeconds: BUSY_RETRY_AFTER_SECONDS } : {};
  throw new ProblemError(result.code, result.detail, extra);
}
