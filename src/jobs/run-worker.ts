/** Runs one try of a job in its own thread, within a time limit. */
import { Worker } from 'node:worker_threads';
import type { JsonValue } from '../engine/ports/new-job.ts';
import type { DurationMs } from '../lib/time.ts';

export type WorkerEnd =
  | { readonly ok: true; readonly answer: unknown }
  | {
      readonly ok: false;
      /** `failed`: the worker reported an error; `died`: its thread ended without an answer. */
      readonly because: 'failed' | 'died' | 'timed-out' | 'stopped';
      /** The error that was thrown; absent when there was none. */
      readonly error?: unknown;
    };

export type RunningWorker = {
  readonly end: Promise<WorkerEnd>;
  /** Ends the try. A thread inside a call of SQLite ends only when that call does. */
  stop(): void;
};

/** A message of the worker; see in-worker.ts. */
type Said =
  | { readonly kind: 'answer'; readonly answer: unknown }
  | { readonly kind: 'failed'; readonly error: unknown };

export function runWorker(file: URL, input: JsonValue, timeoutMs: DurationMs): RunningWorker {
  // Node itself runs our TypeScript. The thread gets none of our settings, and so no secrets.
  const worker = new Worker(file, { workerData: input, execArgv: [], env: {} });
  let settle: (end: WorkerEnd) => void = () => {};
  const end = new Promise<WorkerEnd>((resolve) => {
    settle = (how) => {
      clearTimeout(timer);
      void worker.terminate();
      resolve(how);
    };
  });
  const timer = setTimeout(() => settle({ ok: false, because: 'timed-out' }), timeoutMs);
  worker.on('message', (said: Said | undefined) => {
    if (said?.kind === 'answer') settle({ ok: true, answer: said.answer });
    else settle({ ok: false, because: 'failed', error: said?.error });
  });
  worker.on('error', (error) => settle({ ok: false, because: 'died', error }));
  worker.on('exit', () => settle({ ok: false, because: 'died' }));
  return { end, stop: () => settle({ ok: false, because: 'stopped' }) };
}
