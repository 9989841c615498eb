/**
 * A process that takes jobs until it is killed; its worker reports that it has begun, and never
 * ends.
 */
import { hostname } from 'node:os';
import pino from 'pino';
import { createJobRunner } from '../../src/jobs/run-jobs.ts';
import { openStorage } from '../../src/storage/store.ts';

const [, , database, log] = process.argv;

if (database !== undefined && log !== undefined) {
  const storage = await openStorage({ database, now: Date.now, random: Math.random });
  const runner = createJobRunner({
    ...{ jobs: storage.jobs, store: storage.store, now: Date.now, lookEveryMs: 20 },
    ...{ log: pino({ level: 'silent' }), holder: `${hostname()} ${process.pid}` },
    kinds: [
      {
        name: 'says',
        worker: {
          module: new URL('./workers/says.ts', import.meta.url),
          timeoutMs: 60_000,
        },
        prepare: async () => ({ kind: 'begin', input: { does: 'hangs', log } }),
        done: () => undefined,
        died: () => [],
      },
    ],
  });
  await runner.start();
  setInterval(() => {}, 1_000);
}
