/**
 * What the floor asks of the store all day, on SQLite and on a private PostgreSQL, on the same data in
 * the same run: `npm run bench -- storage`. SQLite is the peer: it is in the process, so PostgreSQL pays
 * for its round trips. What counts is that no reading grows with the number of leads.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { randomStream } from '../../src/lib/random.ts';
import { HOUR_MS, MINUTE_MS } from '../../src/lib/time.ts';
import { FIRST_CAMPAIGN, importDebtors, setUpOperation } from '../../src/simulator/operation.ts';
import { openStorage, type Storage } from '../../src/storage/store.ts';
import { obtainPostgres } from '../postgres/obtain.ts';
import { startPostgres } from '../postgres/run.ts';
import { ROOT } from '../run-command-line.ts';
import { quantileOf } from './floor-measures.ts';

export type BenchStorageOptions = {
  readonly leads: number;
  readonly rounds: number;
  report(line: string): void;
};

const NOW = Date.UTC(2026, 10, 23, 13);
/** Share of the leads that wait for a later moment, as most do on the second day of a list. */
const WAITING_SHARE = 0.9;
const LEADS_AT_ONCE = 20;
const ROWS_IMPORTED = 400;
/** Beyond every lead that the bench set up. */
const FIRST_NEW_DEBTOR = 5_000_000;

type Measured = { readonly name: string; readonly ms: readonly number[] };

export async function runBenchStorage(options: BenchStorageOptions): Promise<void> {
  const { report, leads, rounds } = options;
  report(`${leads} leads, ${rounds} rounds; load ${loadavg()[0]?.toFixed(1)}`);
  const folder = await mkdtemp(join(tmpdir(), 'cadencia-bench-'));
  const directory = join(ROOT, '.cadencia', 'postgres');
  const server = await startPostgres({ installation: await obtainPostgres({ directory, report }) });
  try {
    const stores = [join(folder, 'floor.db'), server.urlOf('postgres')];
    const [sqlite, postgres] = [
      await measure(stores[0] ?? '', options),
      await measure(stores[1] ?? '', options),
    ];
    report(
      `${''.padEnd(34)} ${'SQLite'.padStart(10)} ${'PostgreSQL'.padStart(11)} ${'×'.padStart(6)}`,
    );
    for (const [index, { name, ms }] of sqlite.entries()) {
      const [ours, theirs] = [medianOf(ms), medianOf(postgres[index]?.ms ?? [])];
      report(
        `${name.padEnd(34)} ${inMs(ours)} ${inMs(theirs).padStart(11)} ${(theirs / ours).toFixed(1).padStart(6)}`,
      );
    }
  } finally {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

const medianOf = (ms: readonly number[]): number =>
  quantileOf(
    [...ms].sort((a, b) => a - b),
    0.5,
  );
const inMs = (ms: number): string => `${ms.toFixed(2)} ms`.padStart(10);

/** Sets up a store and times its questions, each for itself; the first round warms it up. */
async function measure(
  database: string,
  { leads, rounds, report }: BenchStorageOptions,
): Promise<Measured[]> {
  const random = randomStream(1, 'bench');
  const storage = await openStorage({ database, now: () => NOW, random });
  try {
    const startedAt = performance.now();
    await setUpOperation(storage, { debtors: leads }, NOW - HOUR_MS);
    report(`set up in ${((performance.now() - startedAt) / 1_000).toFixed(1)} s`);
    await letMostWait(storage, leads);
    const measured: Measured[] = [];
    for (const [name, question] of Object.entries(questionsOf(storage))) {
      const ms: number[] = [];
      for (let round = 0; round <= rounds; round += 1) {
        const askedAt = performance.now();
        await question(round);
        if (round > 0) ms.push(performance.now() - askedAt);
      }
      measured.push({ name, ms });
    }
    return measured;
  } finally {
    await storage.close();
  }
}

/** Most leads were called already and wait for a moment of the next days, as plans of the engine say. */
async function letMostWait(storage: Storage, leads: number): Promise<void> {
  const random = randomStream(2, 'bench');
  for (let from = 0; from < WAITING_SHARE * leads; from += 500) {
    const found = await storage.store.read((view) =>
      view.dialableLeads({ campaignId: FIRST_CAMPAIGN, now: NOW, limit: 500, exceptDebtors: [] }),
    );
    const changes = found.map(({ lead }) => ({
      kind: 'save-lead' as const,
      lead: {
        ...lead,
        state: 'waiting' as const,
        holdReason: 'retry-delay' as const,
        notBeforeAt: NOW + MINUTE_MS + Math.floor(random() * 48 * HOUR_MS),
      },
    }));
    await storage.store.commit({ stream: 'bench', facts: [], changes, claims: [], releases: [] });
  }
}

function questionsOf({ store, lists, ...storage }: Storage) {
  const due = { campaignId: FIRST_CAMPAIGN, now: NOW };
  return {
    [`${LEADS_AT_ONCE} due leads with phones`]: () =>
      store.read((view) => view.dialableLeads({ ...due, limit: LEADS_AT_ONCE, exceptDebtors: [] })),
    'when the next lead is due': () =>
      store.read((view) => view.nextLeadDueAt(FIRST_CAMPAIGN, NOW)),
    'the funnel of a campaign': () => store.read((view) => view.leadFunnel(FIRST_CAMPAIGN, NOW)),
    [`an import of ${ROWS_IMPORTED} rows`]: (round: number) =>
      importDebtors(
        { store, lists, ...storage } as Storage,
        FIRST_CAMPAIGN,
        Array.from(
          { length: ROWS_IMPORTED },
          (_, n) => FIRST_NEW_DEBTOR + round * ROWS_IMPORTED + n,
        ),
        undefined,
        NOW,
      ),
  };
}
