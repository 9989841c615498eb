/** A worker for tests, which does what its job says. */
import { appendFileSync } from 'node:fs';
import { workerData } from 'node:worker_threads';
import { answerWith } from '../../../src/jobs/in-worker.ts';

const { does, log } = workerData as { does: string; log: string };
appendFileSync(log, `${does}\n`);
if (does === 'dies') process.exit(3);
if (does === 'hangs') for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
answerWith(() => {
  if (does === 'throws') throw new Error('this worker throws');
  return does === 'nonsense' ? { nothing: 'known' } : { said: does };
});
