/**
 * Copies the write-ahead log into the database file, in a thread of its own: done by a commit it
 * would hold that commit up for tens of milliseconds. A passive checkpoint waits for nobody and
 * makes nobody wait; when all of the log is copied and no reader is in it, the next commit starts it
 * over from the beginning, which keeps it short.
 */
import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import type { Logger } from 'pino';

const CHECKPOINT_EVERY_MS = 1_000;
/** Restarts of a thread that died; after them the commits checkpoint by themselves, at a longer log. */
const RESTARTS_MAX = 5;

export type Checkpointer = {
  /** Times that the whole log was copied. */
  completed(): number;
  stop(): Promise<void>;
};

/**
 * Plain JavaScript given as text: a thread does not get the loader that reads our TypeScript, and a
 * file of its own would have to be found from the source and from a bundle.
 */
const THREAD = `
const { parentPort, workerData } = require('node:worker_threads');
const Sqlite = require(workerData.sqlite);
const connection = new Sqlite(workerData.file, { fileMustExist: true, timeout: 0 });
connection.pragma('synchronous = ' + workerData.synchronous);
connection.pragma('wal_autocheckpoint = 0');
const timer = setInterval(() => {
  const [result] = connection.pragma('wal_checkpoint(PASSIVE)');
  if (result && result.log > 0 && result.log === result.checkpointed) parentPort.postMessage('done');
}, workerData.everyMs);
parentPort.on('message', () => {
  clearInterval(timer);
  connection.close();
  parentPort.close();
});
`;

export function startCheckpointer(
  file: string,
  synchronous: 'FULL' | 'OFF',
  log?: Logger,
): Checkpointer {
  const sqlite = createRequire(import.meta.url).resolve('better-sqlite3');
  let completed = 0;
  let restarts = 0;
  let stopping = false;
  let thread = start();

  function start(): Worker {
    const worker = new Worker(THREAD, {
      eval: true,
      // The thread runs plain JavaScript: no loader of ours, no test runner's.
      execArgv: [],
      env: {},
      workerData: { sqlite, file, synchronous, everyMs: CHECKPOINT_EVERY_MS },
    });
    worker.unref();
    worker.on('message', () => {
      completed += 1;
    });
    worker.on('error', (error) => {
      log?.warn({ err: error, restarts }, 'checkpoint thread failed');
      if (stopping || restarts >= RESTARTS_MAX) return;
      restarts += 1;
      thread = start();
    });
    return worker;
  }

  return {
    completed: () => completed,
    async stop() {
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
