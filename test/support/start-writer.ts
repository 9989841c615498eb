import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** A process that writes to a database until it is killed; its lines are the sequences it knows of. */
export function startWriter(
  database: string,
  mode: 'forever' | 'stay-open',
): { readonly child: ChildProcess; readonly lines: AsyncIterable<string> } {
  const script = fileURLToPath(new URL('../storage/writer-process.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', script, database, mode], {
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return { child, lines: linesOf(child) };
}

/** Ends when the process is gone and all it said was read. */
async function* linesOf(child: ChildProcess): AsyncIterable<string> {
  const ended = once(child, 'exit');
  if (child.stdout) yield* createInterface({ input: child.stdout });
  await ended;
}
