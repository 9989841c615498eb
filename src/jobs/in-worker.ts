import { parentPort, workerData } from 'node:worker_threads';

/** In a worker: does the work with what the job gave, and answers. What is thrown is told as a failure. */
export function answerWith(work: (input: unknown) => unknown): void {
  try {
    parentPort?.postMessage({ kind: 'answer', answer: work(workerData) });
  } catch (error) {
    parentPort?.postMessage({ kind: 'failed', error });
  }
}
