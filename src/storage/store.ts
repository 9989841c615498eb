/**
 * Opens the database of one operation, brings it to this version's schema and gives out its doors.
 * Within a process there is one writer, which everybody takes in turn, and a few readers, which see
 * the newest commit without waiting for it. Other processes may read and write at the same time.
 */
import { CompiledQuery } from 'kysely';
import type { Accounts } from '../engine/ports/accounts.ts';
import type { CommitResult } from '../engine/ports/commit.ts';
import type { Jobs } from '../engine/ports/jobs.ts';
import type { Lists } from '../engine/ports/lists.ts';
import type { Need, Prepared } from '../engine/ports/needs.ts';
import type { ScopedReads } from '../engine/ports/scope.ts';
import { type Store, StoreError, StoreHeldUpError, type StoreView } from '../engine/ports/store.ts';
import type { KeyRing } from '../keys/key-ring.ts';
import { abandonmentReads, abandonmentWrites } from './abandonment.ts';
import { createAccounts } from './accounts.ts';
import { approvalReads, approvalWrites } from './approvals.ts';
import { attemptReads, attemptWrites } from './attempts.ts';
import { auditReads, auditWrites } from './audit.ts';
import { callerIdHealthReads, callerIdHealthWrites } from './caller-id-health.ts';
import { callReads, callWrites } from './calls.ts';
import { campaignReads, campaignWrites } from './campaigns.ts';
import type { CheckpointFailure } from './checkpointer.ts';
import { claimWrites } from './claims.ts';
import { applyChanges, applyCommit, ClaimsLost } from './commit.ts';
import { complianceReads, complianceWrites } from './compliance.ts';
import { contactWrites } from './contacts.ts';
import type { DatabaseMeasures, OpenedDatabase } from './database.ts';
import { debtorReads, debtorWrites, type HistoryWrites, historyWrites } from './debtors.ts';
import { CommitUnsettled, type Dialect } from './dialect.ts';
import { factReads, factWrites } from './facts.ts';
import { createJobs, jobWrites } from './jobs.ts';
import { leadReads, leadWrites } from './leads.ts';
import { takeLease } from './lease.ts';
import { createLists } from './lists.ts';
import { negotiationDraftWrites } from './negotiation-drafts.ts';
import { isServer, openPostgres } from './open-postgres.ts';
import { openSqlite } from './open-sqlite.ts';
import { openingProblem } from './opening-problem.ts';
import type { StorageOptions } from './options.ts';
import { pacerStateReads, pacerStateWrites } from './pacer-states.ts';
import { answerNeeds } from './prepare.ts';
import { recordWrites } from './records.ts';
import { type ReferenceWrites, referenceReads, referenceWrites } from './reference.ts';
import { reportReads } from './reports.ts';
import { rightPartyReads, rightPartyWrites } from './right-party.ts';
import { createScopedReads } from './scoped-view.ts';
import { createSealing, type Sealing } from './sealing.ts';
import { settingVersionReads, settingVersionWrites } from './setting-versions.ts';
import { shiftReads, shiftWrites } from './shifts.ts';
import type { Database } from './tables.ts';
import {
  ENGINE_WAITS,
  LONG_WAITS,
  RETRY_WAITS,
  type Transactions,
  USUAL_WAITS,
  type Waits,
} from './transactions.ts';
import { trunkReads, trunkWrites } from './trunks.ts';
import { undisposedReads, undisposedWrites } from './undisposed-calls.ts';
import type { StoreWrites } from './writes.ts';

export type { StorageOptions } from './options.ts';

/** Reads that may run at once; each sees one state of the database. */
const READERS = 3;

export type SetUpTransaction = StoreView & StoreWrites & ReferenceWrites & HistoryWrites;

export type Storage = {
  readonly store: Store;
  /** For doors, which give the scope for which they ask. */
  readonly scoped: ScopedReads;
  readonly accounts: Accounts;
  readonly lists: Lists;
  readonly jobs: Jobs;
  readonly sealing: Sealing;
  /** One transaction beside the engine, for setting up an operation. */
  setUp<T>(write: (transaction: SetUpTransaction) => Promise<T>): Promise<T>;
  /**
   * Makes this process the writer of a stream. Returns the epoch that its commits must name. Epochs
   * only grow, so a process that was replaced cannot commit and must end.
   */
  takeLease(stream: string, holder: string): Promise<number>;
  stats(): StorageStats;
  /** Why the log cannot be copied into the file, so that it grows; undefined while it can. */
  checkpointFailure(): CheckpointFailure | undefined;
  close(): Promise<void>;
};

export type StorageStats = DatabaseMeasures & {
  readonly schemaVersion: number;
  readonly commits: number;
  readonly commitsFailed: number;
  /**
   * Time from asking for the writer to the commit: of the newest commit, and of the slowest since
   * the last look.
   */
  readonly commitMs: number;
  readonly commitMsMax: number;
};

/**
 * Throws StoreError('newer-schema' | 'not-found' | 'cannot-open' | 'disk-broken') and
 * StoreHeldUpError, which name the database.
 */
export async function openStorage(options: StorageOptions): Promise<Storage> {
  const { database, readers = READERS } = options;
  if (isServer(database)) return assemble(options, await openPostgres(options, readers));
  try {
    return assemble(options, openSqlite(options, readers));
  } catch (error) {
    throw openingProblem(database, error);
  }
}

function assemble(options: StorageOptions, opened: OpenedDatabase): Storage {
  const { keys } = options;
  const { read, ask, write, usually, meter } = accessTo(options, opened);
  let closing: Promise<void> | undefined;

  const views = new WeakMap<Database, StoreView>();
  const viewFor = (db: Database) => once(views, db, (one) => viewOf(one, keys));
  const written = new WeakMap<Database, StoreWrites>();
  const writesFor = (db: Database) => once(written, db, (one) => writesOf(one, keys));
  const store: Store = {
    read: (query) => read((db) => query(viewFor(db))),
    prepare: <const Needs extends readonly Need[]>(needs: Needs) =>
      ask((db) => answerNeeds(viewFor(db), needs)) as unknown as Promise<Prepared<Needs>>,
    commit: (commit, patience) =>
      unlessClaimsLost(
        write(
          (db) => applyCommit(db, writesFor(db), commit),
          patience === 'at-once' ? RETRY_WAITS : ENGINE_WAITS,
        ),
      ),
    close: () => (closing ??= opened.close()),
  };
  return {
    store,
    scoped: createScopedReads(read, viewFor),
    accounts: createAccounts({ read, write: usually }),
    lists: createLists({ read, write: usually }, options),
    jobs: createJobs({
      ...{ read, write: usually },
      apply: (db, changes) => applyChanges(writesFor(db), changes),
    }),
    sealing: createSealing({ read, write: usually }, keys, options.now),
    setUp: (change) =>
      write(
        (db) =>
          change({
            ...viewOf(db, keys),
            ...writesOf(db, keys),
            ...referenceWrites(db),
            ...historyWrites(db),
          }),
        LONG_WAITS,
      ),
    takeLease: (stream, holder) => write((db) => takeLease(db, stream, holder, options.now())),
    stats() {
      const stats: StorageStats = {
        schemaVersion: opened.schemaVersion,
        ...opened.measured(),
        ...meter,
      };
      meter.commitMsMax = 0;
      return stats;
    },
    checkpointFailure: () => opened.checkpointFailure(),
    close: () => store.close(),
  };
}

/** Reads and writes whose errors are ours, and the measures of the writes. */
function accessTo(options: StorageOptions, { dialect, writer, reader, asker }: OpenedDatabase) {
  const meter = { commits: 0, commitsFailed: 0, commitMs: 0, commitMsMax: 0 };

  async function readOn<T>(
    connections: Pick<Transactions, 'run'>,
    query: (db: Database) => Promise<T>,
    waits: Waits,
  ): Promise<T> {
    try {
      return await connections.run(query, 'to-read', waits);
    } catch (error) {
      const kind = dialect.meaningOf(error)?.kind;
      const isHeldUp = kind === 'held-up' || kind === 'silent' || kind === 'full';
      throw isHeldUp ? explained(error, dialect) : error;
    }
  }

  /** Throws StoreHeldUpError while the server does not say. */
  async function isStored(transaction: string): Promise<boolean> {
    const status = await readOn(writer, (db) => statusOf(db, transaction), RETRY_WAITS);
    if (status === 'committed' || status === 'aborted') return status === 'committed';
    throw new StoreHeldUpError('silent', 'the server has not ended a commit yet');
  }

  async function write<T>(
    change: (db: Database) => Promise<T>,
    waits: Waits = USUAL_WAITS,
  ): Promise<T> {
    const startedAt = performance.now();
    try {
      const result = await writer.run(change, 'to-write', waits);
      meter.commits += 1;
      return result;
    } catch (error) {
      if (error instanceof ClaimsLost) throw error;
      meter.commitsFailed += 1;
      if (dialect.meaningOf(error)?.kind === 'full') options.onDiskFull?.();
      if (error instanceof CommitUnsettled) {
        throw new StoreHeldUpError('silent', error.message, () => isStored(error.transaction));
      }
      throw explained(error, dialect);
    } finally {
      meter.commitMs = performance.now() - startedAt;
      meter.commitMsMax = Math.max(meter.commitMsMax, meter.commitMs);
    }
  }

  const usually = <T>(
    change: (db: Database) => Promise<T>,
    writersMs = USUAL_WAITS.writersMs,
  ): Promise<T> => write(change, { ...USUAL_WAITS, writersMs });

  return {
    /** For doors. */
    read: <T>(query: (db: Database) => Promise<T>) => readOn(reader, query, USUAL_WAITS),
    /** For the engine's decisions. */
    ask: <T>(query: (db: Database) => Promise<T>) => readOn(asker, query, ENGINE_WAITS),
    ...{ write, usually, meter },
  };
}

/** What became of a transaction on the server: `committed`, `aborted` or `in progress`. */
async function statusOf(db: Database, transaction: string): Promise<string | null | undefined> {
  const { rows } = await db.executeQuery<{ status: string | null }>(
    CompiledQuery.raw('select pg_xact_status($1::xid8) as status', [transaction]),
  );
  return rows[0]?.status;
}

async function unlessClaimsLost(stored: Promise<void>): Promise<CommitResult> {
  try {
    await stored;
    return { ok: true };
  } catch (error) {
    if (error instanceof ClaimsLost) return { ok: false, lost: error.lost };
    throw error;
  }
}

/** Builds something upon a connection's query builder when first used, and keeps it. */
function once<Doors>(
  built: WeakMap<Database, Doors>,
  db: Database,
  build: (db: Database) => Doors,
): Doors {
  const known = built.get(db) ?? build(db);
  built.set(db, known);
  return known;
}

function viewOf(db: Database, keys: KeyRing | undefined): StoreView {
  return {
    ...factReads(db),
    ...callReads(db),
    ...shiftReads(db),
    ...campaignReads(db),
    ...trunkReads(db, keys),
    ...referenceReads(db),
    ...leadReads(db),
    ...attemptReads(db),
    ...complianceReads(db),
    ...debtorReads(db, keys),
    ...abandonmentReads(db),
    ...reportReads(db),
    ...auditReads(db),
    ...settingVersionReads(db),
    ...rightPartyReads(db, keys),
    ...undisposedReads(db, keys),
    ...pacerStateReads(db),
    ...callerIdHealthReads(db),
    ...approvalReads(db),
  };
}

function writesOf(db: Database, keys: KeyRing | undefined): StoreWrites {
  return {
    ...factWrites(db),
    ...callWrites(db),
    ...undisposedWrites(db),
    ...shiftWrites(db),
    ...campaignWrites(db),
    ...trunkWrites(db, keys),
    ...leadWrites(db),
    ...attemptWrites(db),
    ...complianceWrites(db),
    ...debtorWrites(db),
    ...contactWrites(db, keys),
    ...recordWrites(db, keys),
    ...negotiationDraftWrites(db, keys),
    ...auditWrites(db),
    ...settingVersionWrites(db),
    ...rightPartyWrites(db),
    ...pacerStateWrites(db),
    ...callerIdHealthWrites(db),
    ...claimWrites(db),
    ...abandonmentWrites(db),
    ...jobWrites(db),
    ...approvalWrites(db),
  };
}

/** An error of the database becomes ours; an error that the caller threw stays the caller's. */
function explained(error: unknown, dialect: Dialect): unknown {
  const meaning = dialect.meaningOf(error);
  if (!meaning) return error;
  const { kind, because } = meaning;
  if (kind === 'held-up') {
    return new StoreHeldUpError('busy', `another process holds the database (${because})`);
  }
  if (kind === 'silent') {
    return new StoreHeldUpError('silent', `the database does not answer (${because})`);
  }
  if (kind === 'full') {
    return new StoreHeldUpError('full', `there is no room to store anything (${because})`);
  }
  const detail = `the database refused the transaction (${because})`;
  return new StoreError('commit-failed', detail, { cause: error });
}
