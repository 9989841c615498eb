import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { given } from '../src/lib/given.ts';
import { ENDED, EXIT_CODES } from '../src/start-problem.ts';
import { ROOT } from './run-command-line.ts';
import type { End, Run } from './supervise.ts';

export type ChildOptions = {
  readonly command: string;
  readonly parameters: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Time to end after it was asked to. */
  readonly graceMs: number;
};

const LAST_WORDS_MAX_MS = 1_000;

/** Runs a program under supervision. It shares our output, and its last words say why it ended. */
export function runChild({ command, parameters, environment, graceMs }: ChildOptions): Run & {
  readonly pid: number | undefined;
} {
  const child = spawn(command, parameters, {
    cwd: ROOT,
    stdio: ['ignore', 'inherit', 'pipe'],
    env: { ...process.env, ...environment },
  });
  const words = lastWordsOf(child);
  const ended = endOf(child, words);
  return {
    pid: child.pid,
    ended,
    async stop() {
      child.kill('SIGTERM');
      const killer = setTimeout(() => child.kill('SIGKILL'), graceMs);
      await ended;
      clearTimeout(killer);
    },
  };
}

/** Why it ended, by its standard error: our own sentence, otherwise the last line of an error. */
function lastWordsOf(child: ChildProcess): () => string | undefined {
  let said: string | undefined;
  let error: string | undefined;
  if (child.stderr) {
    createInterface({ input: child.stderr }).on('line', (line) => {
      process.stderr.write(`${line}\n`);
      if (line.startsWith(ENDED)) said = line.slice(ENDED.length);
      else if (/^\w*(?:Error|Exception)\b|^FATAL ERROR/.test(line)) error = line;
    });
  }
  return () => said ?? error;
}

function endOf(child: ChildProcess, why: () => string | undefined): Promise<End> {
  return new Promise((resolve) => {
    child.once('error', (error) => {
      resolve({ how: 'cannot be run', why: error.message, needsPerson: true });
    });
    child.once('exit', (code, signal) => {
      const told = () => {
        const how = signal ? `was killed (${signal})` : `ended with code ${code}`;
        const said = signal ? undefined : why();
        const needsPerson = code === EXIT_CODES.configuration;
        resolve({ how, needsPerson, ...given({ why: said }) });
      };
      // At `close` all output has been read; the program's own children may delay it.
      child.once('close', told);
      setTimeout(told, LAST_WORDS_MAX_MS).unref();
    });
  });
}
