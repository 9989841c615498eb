import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DRAFTS_KEPT_MS, purgeDrafts } from '../../src/jobs/purge-drafts.ts';
import { createJobRunner, type JobRunner } from '../../src/jobs/run-jobs.ts';
import type { CallId } from '../../src/lib/ids.ts';
import { DAY_MS } from '../../src/lib/time.ts';
import {
  aRowOf,
  importAll,
  insertOperation,
  NOON,
  openTestStorage,
  stored,
  type TestStorage,
} from '../support/store.ts';
import { aCall } from '../support/store-records.ts';

let storage: TestStorage;
let runner: JobRunner | undefined;
let now = NOON;

beforeEach(async () => {
  now = NOON;
  storage = await openTestStorage({ now: () => now });
  await insertOperation(storage);
  const { results } = await importAll(storage.lists, [aRowOf(1), aRowOf(2)]);
  await storage.setUp(async (tx) => {
    for (const [index, result] of results.entries()) {
      const { debtorId, leadId } = stored(result);
      const callId = `call_${index}` as const;
      await tx.saveCall(aCall({ id: callId, debtorId, leadId }));
      const form = { promiseValue: '', confirmedValue: '', promiseDate: '' };
      // The second was typed a day after the first.
      const at = NOON - DRAFTS_KEPT_MS + index * DAY_MS;
      const draft = {
        ...{ agentId: 'user_1' as const, revision: 1, at, note: 'nota' },
        form: { ...form, callbackDate: '', callbackHour: '' },
      };
      await tx.saveNegotiationDraft({ callId, debtorId, draft });
    }
  });
});
afterEach(async () => {
  await runner?.stop();
  await storage.dispose();
});

async function start(): Promise<void> {
  runner = createJobRunner({
    ...{ jobs: storage.jobs, store: storage.store, holder: 'test' },
    kinds: [purgeDrafts({ random: Math.random })],
    ...{ log: pino({ level: 'silent' }), now: () => now, lookEveryMs: 10 },
  });
  await runner.start();
}

const isKept = (callId: CallId) =>
  storage.store.read(async (view) => (await view.talkRecord(callId)).draft !== undefined);
const kept = async () => [await isKept('call_0'), await isKept('call_1')];
const nextDueAt = () => storage.jobs.nextDueAt(['purge-drafts']);

describe('what agents typed and nobody recorded', () => {
  it('is removed once a day, thirty days after the last key', async () => {
    await start();
    expect(await nextDueAt()).toBe(NOON + DAY_MS);
    expect(await kept()).toEqual([true, true]);
    now = NOON + DAY_MS;
    await expect.poll(kept).toEqual([false, true]);
    await expect.poll(nextDueAt).toBe(NOON + 2 * DAY_MS);
    now = NOON + 2 * DAY_MS;
    await expect.poll(kept).toEqual([false, false]);
  });

  it('has one job, however often the process starts', async () => {
    await start();
    await runner?.stop();
    now += 1_000;
    await start();
    expect(await storage.jobs.counts()).toEqual({ waiting: 1, taken: 0, dead: 0 });
    expect(await nextDueAt()).toBe(NOON + DAY_MS);
  });
});
