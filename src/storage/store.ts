/**
 * The database of one operation: opens the file, brings it to this version's schema and gives out
 * its doors. Within a process there is one writer, which everybody takes in turn, and a few readers
 * that see the newest commit without waiting for it; other processes may read and write beside.
 */
import { statSync } from 'node:fs';
import type { Logger } from 'pino';
import type { Accounts } from '../engine/ports/accounts.ts';
import type { Lists } from '../engine/ports/lists.ts';
import {
  type Store,
  StoreError,
  StoreHeldUpError,
  type StoreTransaction,
  type StoreView,
} from '../engine/ports/store.ts';
import type { EpochMs } from '../lib/time.ts';
import { abandonmentReads, abandonmentWrites } from './abandonment.ts';
import { createAccounts } from './accounts.ts';
import { attemptReads, attemptWrites } from './attempts.ts';
import { auditReads, auditWrites } from './audit.ts';
import { callerIdHealthReads, callerIdHealthWrites } from './caller-id-health.ts';
import { callReads, callWrites } from './calls.ts';
import { campaignReads, campaignWrites } from './campaigns.ts';
import { type Checkpointer, type CheckpointFailure, startCheckpointer } from './checkpointer.ts';
import { complianceReads, complianceWrites } from './compliance.ts';
import { debtorReads, debtorWrites, type HistoryWrites, historyWrites } from './debtors.ts';
import { BUSY_RETRY_MS, isBusy, isFull } from './dialect.ts';
import { factReads, factWrites } from './facts.ts';
import { leadReads, leadWrites } from './leads.ts';
import { type Lease, requireLease, takeLease } from './lease.ts';
import { createLists } from './lists.ts';
import { appliedVersion, migrate, requireSchema } from './migrate.ts';
import { openingProblem } from './opening-problem.ts';
import { pacerStateReads, pacerStateWrites } from './pacer-states.ts';
import { takeOthersRights } from './private-files.ts';
import { recordWrites } from './records.ts';
import { type ReferenceWrites, referenceReads, referenceWrites } from './reference.ts';
import { reportReads } from './reports.ts';
import { rightPartyReads, rightPartyWrites } from './right-party.ts';
import { shiftReads, shiftWrites } from './shifts.ts';
import { type Durability, openConnection, startWork } from './sqlite.ts';
import type { Database } from './tables.ts';
import { type Transactions, transactionsOn } from './transactions.ts';
import { trunkReads, trunkWrites } from './trunks.ts';
import { undisposedReads, undisposedWrites } from './undisposed-calls.ts';

/** Reads that may be under way at once; each sees one state of the database. */
const READERS = 3;

export type StorageOptions = {
  readonly file: string;
  readonly log?: Logger;
  readonly now: () => EpochMs;
  /** Numbers in [0, 1), for new ids. */
  readonly random: () => number;
  /** Whether imports are to be refused, because their rows would take the room that calls need. */
  readonly isDiskFull?: () => boolean;
  /** Told when a transaction found no room; may make some before the next one. */
  readonly onDiskFull?: () => void;
  /** For reports: every write is refused. */
  readonly readOnly?: boolean;
  /** `none` only for throw-away files. */
  readonly durability?: Durability;
  /**
   * Connections for reads. With 0 reads take their turn with the writes, and none may be asked for
   * inside a transaction. For one engine by itself that is quicker: each commit makes every other
   * connection forget the pages it knew.
   */
  readonly readers?: number;
};

export type SetUpTransaction = StoreTransaction & ReferenceWrites & HistoryWrites;

export type Storage = {
  readonly store: Store;
  readonly accounts: Accounts;
  readonly lists: Lists;
  /** What is entered when an operation is set up, beside the engine; one transaction. */
  setUp<T>(write: (transaction: SetUpTransaction) => Promise<T>): Promise<T>;
  /**
   * Makes this process the engine of a group. From then on each of its commits checks that it still
   * is; one that was replaced cannot commit and so must end. Gives the epoch, which only grows.
   */
  takeLease(group: string, holder: string): Promise<number>;
  stats(): StorageStats;
  /** Why the log cannot be copied into the file; it grows meanwhile. Undefined while it can. */
  checkpointFailure(): CheckpointFailure | undefined;
  close(): Promise<void>;
};

export type StorageStats = {
  readonly schemaVersion: number;
  readonly databaseBytes: number;
  /** The log that is copied into the file from time to time; grows while a reader stays in it. */
  readonly logBytes: number;
  readonly commits: number;
  readonly commitsFailed: number;
  /** Times that a transaction waited for another process. */
  readonly busyWaits: number;
  /** From asking for the writer to the commit: the newest, and the slowest since the last look. */
  readonly commitMs: number;
  readonly commitMsMax: number;
  readonly checkpoints: number;
};

/** Throws StoreError('newer-schema' | 'not-found' | 'cannot-open' | 'disk-broken') and StoreHeldUpError, naming the file. */
export async function openStorage(options: StorageOptions): Promise<Storage> {
  try {
    return open(options);
  } catch (error) {
    throw openingProblem(options.file, error);
  }
}

function open(options: StorageOptions): Storage {
  const { file, log, readOnly = false, durability = 'full' } = options;
  const { readers: readersMax = READERS } = options;
  const writerConnection = openConnection(file, readOnly ? 'read-only' : 'writer', durability);
  try {
    if (readOnly) requireSchema(writerConnection);
    else reportMigration(migrate(writerConnection, options.now()), log);
  } catch (error) {
    writerConnection.close();
    throw error;
  }
  const opened = readOnly ? [] : takeOthersRights(file);
  if (opened.length > 0) {
    log?.warn({ files: opened }, 'files of the database were open to others; now they are not');
  }
  const version = appliedVersion(writerConnection);
  const readers = Array.from({ length: readersMax }, () => openConnection(file, 'reader'));
  for (const connection of [writerConnection, ...readers]) startWork(connection);
  const counts = { busyWaits: 0 };
  const onBusy = () => {
    counts.busyWaits += 1;
  };
  const writer = transactionsOn({
    connections: [writerConnection],
    begin: readOnly ? 'begin' : 'begin immediate',
    onBusy,
  });
  const reader =
    readers.length === 0
      ? writer
      : transactionsOn({ connections: readers, begin: 'begin', onBusy });
  // A throw-away file is gone before its log would matter, and a thread costs more than its day.
  const checkpointer =
    readOnly || durability === 'none' ? undefined : startCheckpointer(file, 'FULL', log);
  const closeFile = () => {
    // Kysely does not close what was never used, and one open connection keeps the log's files.
    for (const connection of [...readers, writerConnection]) connection.close();
  };
  return assemble({ options, writer, reader, checkpointer, closeFile, counts, version });
}

type Parts = {
  readonly options: StorageOptions;
  readonly writer: Transactions;
  readonly reader: Transactions;
  readonly checkpointer: Checkpointer | undefined;
  readonly closeFile: () => void;
  readonly counts: { readonly busyWaits: number };
  readonly version: number;
};

function assemble({
  options,
  writer,
  reader,
  checkpointer,
  closeFile,
  counts,
  version,
}: Parts): Storage {
  const meter = { commits: 0, commitsFailed: 0, commitMs: 0, commitMsMax: 0 };
  let lease: Lease | undefined;
  let closing: Promise<void> | undefined;

  async function read<T>(query: (db: Database) => Promise<T>): Promise<T> {
    try {
      return await reader.run(query, 'begin');
    } catch (error) {
      throw isBusy(error) || isFull(error) ? explained(error) : error;
    }
  }

  async function write<T>(
    change: (db: Database) => Promise<T>,
    patienceMs = BUSY_RETRY_MS,
  ): Promise<T> {
    const startedAt = performance.now();
    try {
      const result = await writer.run(change, undefined, patienceMs);
      meter.commits += 1;
      return result;
    } catch (error) {
      meter.commitsFailed += 1;
      if (isFull(error)) options.onDiskFull?.();
      throw explained(error);
    } finally {
      meter.commitMs = performance.now() - startedAt;
      meter.commitMsMax = Math.max(meter.commitMsMax, meter.commitMs);
    }
  }

  async function close(): Promise<void> {
    await checkpointer?.stop();
    for (const one of new Set([reader, writer])) await one.destroy();
    // The last connection to close copies what is left of the log into the file.
    closeFile();
  }

  const views = new WeakMap<Database, StoreView>();
  const transactions = new WeakMap<Database, StoreTransaction>();
  const store: Store = {
    read: (query) => read((db) => query(once(views, db, viewOf))),
    transact: (change, patience) =>
      write(
        async (db) => {
          if (lease) await requireLease(db, lease);
          return change(once(transactions, db, transactionOf));
        },
        patience === 'at-once' ? 0 : BUSY_RETRY_MS,
      ),
    close: () => (closing ??= close()),
  };
  return {
    store,
    accounts: createAccounts({ read, write }),
    lists: createLists({ read, write }, options.random, options.isDiskFull),
    setUp: (change) =>
      write((db) => change({ ...transactionOf(db), ...referenceWrites(db), ...historyWrites(db) })),
    async takeLease(group, holder) {
      lease = await write((db) => takeLease(db, group, holder, options.now()));
      return lease.epoch;
    },
    stats() {
      const stats: StorageStats = {
        schemaVersion: version,
        databaseBytes: bytesOf(options.file),
        logBytes: bytesOf(`${options.file}-wal`),
        ...meter,
        ...counts,
        checkpoints: checkpointer?.completed() ?? 0,
      };
      meter.commitMsMax = 0;
      return stats;
    },
    checkpointFailure: () => checkpointer?.failing(),
    close: () => store.close(),
  };
}

/** Built upon a connection's query builder when it is first used. */
function once<Doors>(
  built: WeakMap<Database, Doors>,
  db: Database,
  build: (db: Database) => Doors,
): Doors {
  const known = built.get(db) ?? build(db);
  built.set(db, known);
  return known;
}

function viewOf(db: Database): StoreView {
  return {
    ...factReads(db),
    ...callReads(db),
    ...shiftReads(db),
    ...campaignReads(db),
    ...trunkReads(db),
    ...referenceReads(db),
    ...leadReads(db),
    ...attemptReads(db),
    ...complianceReads(db),
    ...debtorReads(db),
    ...abandonmentReads(db),
    ...reportReads(db),
    ...auditReads(db),
    ...rightPartyReads(db),
    ...undisposedReads(db),
    ...pacerStateReads(db),
    ...callerIdHealthReads(db),
  };
}

function transactionOf(db: Database): StoreTransaction {
  return {
    ...viewOf(db),
    ...factWrites(db),
    ...callWrites(db),
    ...undisposedWrites(db),
    ...shiftWrites(db),
    ...campaignWrites(db),
    ...trunkWrites(db),
    ...leadWrites(db),
    ...attemptWrites(db),
    ...complianceWrites(db),
    ...debtorWrites(db),
    ...recordWrites(db),
    ...auditWrites(db),
    ...rightPartyWrites(db),
    ...pacerStateWrites(db),
    ...callerIdHealthWrites(db),
    ...abandonmentWrites(db),
  };
}

/** What SQLite says becomes our error; what the caller threw is the caller's. */
function explained(error: unknown): unknown {
  const code = (error as { code?: unknown } | undefined)?.code;
  if (typeof code !== 'string' || !code.startsWith('SQLITE_')) return error;
  if (isBusy(error))
    return new StoreHeldUpError('busy', `another process holds the database (${code})`);
  if (isFull(error))
    return new StoreHeldUpError('full', `there is no room to store anything (${code})`);
  const detail = `the database refused the transaction (${code})`;
  return new StoreError('commit-failed', detail, { cause: error });
}

function reportMigration(
  { from, to, copy }: ReturnType<typeof migrate>,
  log: Logger | undefined,
): void {
  if (from === to) return;
  log?.info({ from, to, copy }, 'database schema was brought up to date');
}

function bytesOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}
