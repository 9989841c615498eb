/**
 * Copies the write-ahead log into the database file, in a thread of its own: a commit that did it
 * would take tens of milliseconds longer. A passive checkpoint waits for nobody and makes nobody
 * wait. When the whole log is copied and no reader uses it, the next commit starts the log over,
 * which keeps it short.
 *
 * A full or read-only disk belongs to the outside and is no reason to die. The thread tries again
 * for as long as the process lives, less and less often, and reports meanwhile that it fails.
 */
import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import type { Logger } from 'pino';

const PACE = { everyMs: 1_000, failingEveryMaxMs: 30_000 } as const;

export type Checkpointer = {
  /** How often the whole log was copied. */
  completed(): number;
  /**
   * SQLite's code for what keeps the thread from copying, and how often in a row it failed;
   * undefined while it can copy.
   */
  failing(): CheckpointFailure | undefined;
  stop(): Promise<void>;
};

export type CheckpointFailure = { readonly code: string; readonly times: number };

/** A message of the thread, which goes on after each. */
type Said =
  | { readonly kind: 'whole-log-copied' }
  | { readonly kind: 'goes-on' }
  | { readonly kind: 'failed'; readonly code: string };

/**
 * Plain JavaScript as text: a thread does not get the loader that reads our TypeScript, and a
 * separate file would have to be found from the sources and from a bundle.
 */
const THREAD = `
const { parentPort, workerData } = require('node:worker_threads');
const Sqlite = require(workerData.sqlite);
const { file, synchronous, pace } = workerData;
let connection, timer;
let pauseMs = pace.everyMs, failures = 0;
function open() {
  const opened = new Sqlite(file, { fileMustExist: true, timeout: 0 });
  opened.pragma('synchronous = ' + synchronous);
  opened.pragma('wal_autocheckpoint = 0');
  return opened;
}
function copy() {
  try {
    connection ??= open();
    const [result] = connection.pragma('wal_checkpoint(PASSIVE)');
    if (failures > 0) parentPort.postMessage({ kind: 'goes-on' });
    failures = 0;
    pauseMs = pace.everyMs;
    if (result && result.log > 0 && result.log === result.checkpointed) {
      parentPort.postMessage({ kind: 'whole-log-copied' });
    }
  } catch (error) {
    failures += 1;
    pauseMs = Math.min(pauseMs * 2, pace.failingEveryMaxMs);
    parentPort.postMessage({ kind: 'failed', code: String(error.code ?? error.message) });
  }
  timer = setTimeout(copy, pauseMs);
}
timer = setTimeout(copy, pauseMs);
parentPort.on('message', () => {
  clearTimeout(timer);
  connection?.close();
  parentPort.close();
});
`;

export function startCheckpointer(
  file: string,
  synchronous: 'FULL' | 'OFF',
  log?: Logger,
  pace: { readonly everyMs: number; readonly failingEveryMaxMs: number } = PACE,
): Checkpointer {
  const sqlite = createRequire(import.meta.url).resolve('better-sqlite3');
  let completed = 0;
  let failure: CheckpointFailure | undefined;
  let stopping = false;
  let restarting: NodeJS.Timeout | undefined;
  let thread = start();

  function start(): Worker {
    const worker = new Worker(THREAD, {
      eval: true,
      // The thread runs plain JavaScript, so it gets no loader of ours or of a test runner.
      execArgv: [],
      env: {},
      workerData: { sqlite, file, synchronous, pace },
    });
    worker.unref();
    worker.on('message', hear);
    worker.on('error', (error) => {
      log?.warn({ err: error }, 'checkpoint thread ended and is started again');
      failed('thread-ended');
      if (stopping) return;
      restarting = setTimeout(() => {
        thread = start();
      }, pace.failingEveryMaxMs).unref();
    });
    return worker;
  }

  function hear(said: Said): void {
    if (said.kind === 'failed') {
      failed(said.code);
      return;
    }
    if (failure) log?.info('log of the database is copied into its file again');
    failure = undefined;
    if (said.kind === 'whole-log-copied') completed += 1;
  }

  function failed(code: string): void {
    const times = (failure?.times ?? 0) + 1;
    if (failure?.code !== code) {
      log?.warn({ code }, 'log of the database cannot be copied into its file');
    }
    failure = { code, times };
  }

  return {
    completed: () => completed,
    failing: () => failure,
    async stop() {
      clearTimeout(restarting);
      const isRunning = thread.threadId !== -1;
      if (stopping || !isRunning) return;
      stopping = true;
      const ended = new Promise((resolve) => thread.once('exit', resolve));
      thread.ref();
      thread.postMessage('stop');
      await ended;
    },
  };
}
