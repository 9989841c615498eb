import { parentPort, workerData } from 'node:worker_threads';

/**
 * Called in a worker: does the work with the job's input and answers. An error is reported as a
 * failure.
 */
export function answerWith(work: (input: unknown) => unknown): void {
  try {
    parentPort?.postMessage({ kind: 'answer', answer: work(workerData) });
  } catch (error) {
    parentPort?.postMessage({ kind: 'failed', error });
  }
}
