import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { ROOT } from './run-command-line.ts';

/**
 * Keeps one program running: a death is told in words and answered with a new start, within a second
 * at first, later more slowly, and not for ever.
 */
export type Supervised = {
  /** Asks it to end, waits so long, then ends it. */
  stop(graceMs: number): Promise<void>;
  /** Resolves when it was given up, with the reason in words. */
  readonly gaveUp: Promise<string>;
};

export type SuperviseOptions = {
  readonly name: string;
  readonly command: string;
  readonly parameters: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  report(line: string): void;
};

const RESTART_FIRST_MS = 200;
const RESTART_LONGEST_MS = 10_000;
/** Deaths within the window after which it is given up. */
const DEATHS_MAX = 8;
const WINDOW_MS = 120_000;
/** Exit code of a program that cannot start at all: another start would end the same way. */
const EXIT_CANNOT_START = 1;

export function supervise(options: SuperviseOptions): Supervised {
  let child: ChildProcess | undefined;
  let stopping = false;
  let deaths: number[] = [];
  const gaveUp = (async () => {
    while (!stopping) {
      const bornAt = Date.now();
      child = spawn(options.command, options.parameters, {
        cwd: ROOT,
        stdio: 'inherit',
        env: { ...process.env, ...options.environment },
      });
      const { code, signal } = await endOf(child);
      if (stopping) return 'stopped';
      const how = signal ? `was killed (${signal})` : `ended with code ${code}`;
      const now = Date.now();
      deaths = [...deaths.filter((at) => now - at < WINDOW_MS), now];
      if (code === EXIT_CANNOT_START && now - bornAt < 5_000 && deaths.length > 1) {
        return `${options.name} cannot start; the lines above say why`;
      }
      if (deaths.length > DEATHS_MAX) {
        return `${options.name} died ${deaths.length} times in ${WINDOW_MS / 1_000} seconds`;
      }
      const waitMs = Math.min(RESTART_LONGEST_MS, RESTART_FIRST_MS * 2 ** (deaths.length - 1));
      options.report(`${options.name} ${how}; starting it again in ${waitMs} ms`);
      await sleep(waitMs);
    }
    return 'stopped';
  })();
  return {
    gaveUp,
    async stop(graceMs) {
      stopping = true;
      const last = child;
      if (!last || last.exitCode !== null || last.signalCode !== null) return;
      const ended = endOf(last);
      last.kill('SIGTERM');
      const killer = setTimeout(() => last.kill('SIGKILL'), graceMs);
      await ended;
      clearTimeout(killer);
    },
  };
}

function endOf(
  child: ChildProcess,
): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
  if (child.exitCode !== null || child.signalCode !== null) {
    return Promise.resolve({ code: child.exitCode, signal: child.signalCode });
  }
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
    child.once('error', () => resolve({ code: EXIT_CANNOT_START, signal: null }));
  });
}
