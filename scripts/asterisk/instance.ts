/**
 * One Asterisk process in one directory: starts it, remembers it in `instance.json`, finds it again
 * and stops it.
 */
import { spawn } from 'node:child_process';
import { open, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { commandLineOf, isAlive, processIds, run, waitUntil } from './process.ts';

type Folder = 'etc' | 'var' | 'data' | 'spool' | 'log' | 'run';

export type Instance = {
  readonly kind: 'dialer' | 'carrier';
  readonly directory: string;
  readonly command: readonly [string, ...string[]];
  readonly folders: Readonly<Record<Folder, string>>;
};

export type Exit = { readonly code: number | null; readonly signal: NodeJS.Signals | null };

export type InstanceProcess = {
  readonly pid: number;
  /** Hangs up every call and ends the process, by force after 9 s. */
  stop(): Promise<void>;
  /** Ends the process at once, as a crash would. */
  kill(): void;
  /** Resolves when the process has ended. Code and signal are null for a process we attached to. */
  readonly exited: Promise<Exit>;
  /** Runs one command of Asterisk's console (`asterisk -rx`) and returns its output. */
  command(line: string): Promise<string>;
};

const START_TIMEOUT_MS = 30_000;
/** Time for the console to hang up and for the far ends to answer our BYEs. */
const HANGUP_TIMEOUT_MS = 3_000;
const STOP_TIMEOUT_MS = 6_000;
const EXIT_TIMEOUT_MS = 1_000;
const COMMAND_TIMEOUT_MS = 10_000;
const INSTANCE_FILE = 'instance.json';
const LOG_LINES_SHOWN = 20;
const REQUIRED_MODULE_FAILED = '*** Failed to load module';
/**
 * Each leg needs two file descriptors, and HTTP more; the usual 1024 are used up at about 200 calls
 * a second.
 */
const FILES_MAX = 65_536;

/**
 * Starts the process, stores it with `facts` for a later {@link attachInstance}, and waits until
 * `answers` returns true and Asterisk has booted.
 *
 * @throws Error with the log lines that say why; no process is left running.
 */
export async function startInstance(
  instance: Instance,
  facts: object,
  answers: () => Promise<boolean>,
): Promise<InstanceProcess> {
  const logFile = join(instance.folders.log, 'asterisk.log');
  await rm(logFile, { force: true });
  await rm(consoleOf(instance), { force: true });
  const child = await spawnAsterisk(instance);
  await save(instance, child.pid, facts);
  const problem = await waitForStart(instance, child, answers);
  if (!problem) return child;
  // A separate thread writes the log: killing the process at once would lose the reason.
  await waitForExit(child.exited);
  child.kill();
  await waitForExit(child.exited);
  throw new Error(await explainFailure(instance, logFile, problem));
}

/** The problem, or undefined when Asterisk is up. */
async function waitForStart(
  instance: Instance,
  child: InstanceProcess,
  answers: () => Promise<boolean>,
): Promise<string | undefined> {
  let problem: string | undefined;
  void child.exited.then(() => {
    problem = 'the process ended';
  });
  const isSettled = async (): Promise<boolean> => {
    // After a required module fails, 22.10.1 sometimes hangs instead of ending.
    if ((await readConsole(instance)).includes(REQUIRED_MODULE_FAILED))
      problem ??= 'a module is missing';
    return problem !== undefined || (await answers());
  };
  try {
    const settled = await waitUntil(isSettled, START_TIMEOUT_MS, 100);
    if (!settled) return `no answer within ${START_TIMEOUT_MS / 1000} s`;
    if (!problem) await child.command('core waitfullybooted');
  } catch (error) {
    problem ??= error instanceof Error ? error.message : String(error);
  }
  return problem;
}

/** The running process that was started in `directory`, with the facts stored about it. */
export async function attachInstance(
  kind: Instance['kind'],
  directory: string,
): Promise<(InstanceProcess & object) | undefined> {
  const text = await readFile(join(resolve(directory), INSTANCE_FILE), 'utf8').catch(
    () => undefined,
  );
  const saved = text === undefined ? undefined : savedIn(text);
  if (saved?.instance.kind !== kind || !isOurs(saved.instance, saved.pid)) return undefined;
  return {
    ...saved.facts,
    ...control(saved.instance, saved.pid, waitForEnd(saved.instance, saved.pid)),
  };
}

type Saved = { readonly pid: number; readonly instance: Instance; readonly facts: object };

/**
 * Undefined when the file is broken, because the disk was full or the machine crashed during
 * writing.
 */
function savedIn(text: string): Saved | undefined {
  try {
    return JSON.parse(text) as Saved;
  } catch {
    return undefined;
  }
}

/**
 * Ends every Asterisk that uses the configuration in `directory`, remembered or not, so that two
 * never share one.
 */
export async function endInstances(kind: Instance['kind'], directory: string): Promise<void> {
  const known = (await attachInstance(kind, directory)) as InstanceProcess | undefined;
  await known?.stop();
  const configuration = join(resolve(directory), 'etc', 'asterisk.conf');
  const isRunning = () => serversOn(configuration).length > 0;
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    for (const pid of serversOn(configuration)) process.kill(pid, signal);
    await waitUntil(() => !isRunning(), STOP_TIMEOUT_MS);
  }
}

/**
 * Process ids of the servers on a configuration. A console names the configuration too, but is not
 * counted.
 */
function serversOn(configuration: string): readonly number[] {
  return processIds().filter((pid) => {
    const words = commandLineOf(pid);
    return words.includes(configuration) && !words.includes('-rx') && isAlive(pid);
  });
}

/**
 * Stores the instance, readable only by its owner because the facts hold passwords. Called at once,
 * so that a half-started process can be found too.
 */
async function save(instance: Instance, pid: number, facts: object): Promise<void> {
  const text = JSON.stringify({ pid, instance, facts }, null, 2);
  await writeFile(join(instance.directory, INSTANCE_FILE), `${text}\n`, { mode: 0o600 });
}

async function spawnAsterisk(instance: Instance): Promise<InstanceProcess> {
  const output = await open(consoleOf(instance), 'a', 0o600);
  const limits = `umask 077; ulimit -n ${FILES_MAX} 2>/dev/null || ulimit -n "$(ulimit -Hn)"; exec "$@"`;
  const words = [...instance.command, '-f', '-C', configurationOf(instance)];
  // In its own session: Ctrl+C in the terminal then reaches only the dialer, which stops the PBX
  // itself.
  const child = spawn('/bin/sh', ['-c', limits, 'asterisk', ...words], {
    cwd: instance.directory,
    detached: true,
    stdio: ['ignore', output.fd, output.fd],
  });
  const exited = new Promise<Exit>((done) => {
    child.once('error', () => done({ code: null, signal: null }));
    child.once('exit', (code, signal) => done({ code, signal }));
  });
  await output.close();
  child.unref();
  if (child.pid === undefined) throw new Error('/bin/sh could not be started');
  return control(instance, child.pid, exited);
}

function control(instance: Instance, pid: number, exited: Promise<Exit>): InstanceProcess {
  const [program, ...words] = instance.command;
  const command = async (line: string): Promise<string> => {
    const all = [...words, '-C', configurationOf(instance), '-rx', line];
    const { code, output } = await run(program, all, COMMAND_TIMEOUT_MS);
    if (code !== 0 || output.startsWith('No such command')) {
      throw new Error(`Asterisk's console refused "${line}": ${output.trim()}`);
    }
    return output;
  };
  const signal = (name: NodeJS.Signals) => {
    if (isOurs(instance, pid)) process.kill(pid, name);
  };
  const stop = async (): Promise<void> => {
    if (!isOurs(instance, pid)) return;
    const patience = sleep(HANGUP_TIMEOUT_MS, undefined, { ref: false });
    await Promise.race([hangUpAll(command), patience]);
    signal('SIGTERM');
    const hasEnded = () => !isOurs(instance, pid);
    if (!(await waitUntil(hasEnded, STOP_TIMEOUT_MS))) {
      signal('SIGKILL');
      await waitUntil(hasEnded, STOP_TIMEOUT_MS);
    }
    // A killed process's threads may write for a moment after its leader is gone.
    await waitForExit(exited);
    await rm(instance.folders.run, { recursive: true, force: true });
  };
  return { pid, stop, kill: () => signal('SIGKILL'), exited, command };
}

/** `core stop now` sends no BYE, so the far ends would keep the calls. */
async function hangUpAll(command: (line: string) => Promise<string>): Promise<void> {
  const isIdle = async () => /^0 active channels/m.test(await command('core show channels count'));
  try {
    if (await isIdle()) return;
    await command('channel request hangup all');
    await waitUntil(isIdle, HANGUP_TIMEOUT_MS, 100);
  } catch {
    // A PBX that no longer answers its console is ended by signals.
  }
}

/** Waits for the exit and keeps our own process alive, which the promise alone would not. */
async function waitForExit(exited: Promise<Exit>): Promise<void> {
  let isOver = false;
  void exited.then(() => {
    isOver = true;
  });
  await waitUntil(() => isOver, EXIT_TIMEOUT_MS);
}

/** Process ids are reused: a process is ours only if its command line names our configuration. */
function isOurs(instance: Instance, pid: number): boolean {
  return isAlive(pid) && commandLineOf(pid).includes(configurationOf(instance));
}

async function waitForEnd(instance: Instance, pid: number): Promise<Exit> {
  while (isOurs(instance, pid)) await sleep(500, undefined, { ref: false });
  return { code: null, signal: null };
}

function configurationOf(instance: Instance): string {
  return join(instance.folders.etc, 'asterisk.conf');
}

/**
 * The log lines that say why, with their numbers: the first errors, or the end of a log without
 * errors.
 */
async function explainFailure(
  instance: Instance,
  logFile: string,
  problem: string,
): Promise<string> {
  const text = await readFile(logFile, 'utf8').catch(() => '');
  const console = (await readConsole(instance)).trim();
  const lines = text.split('\n').map((line, index) => `${logFile}:${index + 1}: ${line}`);
  const errors = lines.filter((line) => /ERROR|WARNING/.test(line)).slice(0, LOG_LINES_SHOWN);
  const shown = errors.length > 0 ? errors : lines.slice(-LOG_LINES_SHOWN);
  const last = text === '' ? console.split('\n').slice(-LOG_LINES_SHOWN) : [];
  return [`Asterisk (${instance.kind}) did not start: ${problem}.`, ...shown, ...last].join('\n');
}

async function readConsole(instance: Instance): Promise<string> {
  return await readFile(consoleOf(instance), 'utf8').catch(() => '');
}

function consoleOf(instance: Instance): string {
  return join(instance.folders.log, 'console.log');
}
