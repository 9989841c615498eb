/** Helpers about processes on this machine. */
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** Our own environment, passed on to the programs we start. */
export const environment: Readonly<NodeJS.ProcessEnv> = process.env;

/** Whether a process with this id runs. A zombie, which only waits for its parent, does not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  return !isZombie(pid);
}

/** A process's command line; empty when it has ended or the system does not tell. */
export function commandLineOf(pid: number): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return [];
  }
}

/** Ids of all running processes; empty when the system does not tell. */
export function processIds(): readonly number[] {
  try {
    return readdirSync('/proc').map(Number).filter(Number.isInteger);
  } catch {
    return [];
  }
}

/**
 * Start of a process in ticks since the machine's start. Ids are reused, but an id and its start
 * identify one process for good. Undefined when it has ended or the system does not tell.
 */
export function startTicksOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name before may contain anything; the start time is the twentieth field after it.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}

/** Waits until `condition` holds; false when `timeoutMs` passed first. */
export async function waitUntil(
  condition: () => boolean | Promise<boolean>,
  timeoutMs: number,
  pauseMs = 50,
): Promise<boolean> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    if (await condition()) return true;
    if (Date.now() >= deadline) return false;
    await sleep(pauseMs);
  }
}

export type RunResult = { readonly code: number; readonly output: string };

/** Bound on a program's output; more is a mistake of ours. */
const OUTPUT_BYTES_MAX = 16 * 1024 * 1024;

/** Runs a program to its end. Never throws: a missing program gives code 127. */
export function run(
  program: string,
  words: readonly string[],
  timeoutMs: number,
): Promise<RunResult> {
  return new Promise((resolve) => {
    const options = {
      timeout: timeoutMs,
      maxBuffer: OUTPUT_BYTES_MAX,
      env: { ...environment, LC_ALL: 'C' },
    };
    execFile(program, [...words], options, (error, stdout, stderr) => {
      if (!error) resolve({ code: 0, output: stdout });
      else if (error.code === 'ENOENT') resolve({ code: 127, output: `${program}: not found` });
      else resolve({ code: Number(error.code ?? 1) || 1, output: `${stdout}${stderr}` });
    });
  });
}

function isZombie(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3) === 'Z';
  } catch {
    return false;
  }
}
