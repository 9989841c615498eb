/** Opens a database file, with one connection for writing and a few for reading. */
import { statSync } from 'node:fs';
import { startCheckpointer } from './checkpointer.ts';
import type { OpenedDatabase } from './database.ts';
import { SQLITE } from './dialect.ts';
import type { MigrateResult } from './migrate.ts';
import { appliedVersion, migrateFile, requireSchema } from './migrate-sqlite.ts';
import type { StorageOptions } from './options.ts';
import { takeOthersRights } from './private-files.ts';
import { openConnection, startWork } from './sqlite.ts';
import { sqliteSession } from './sqlite-driver.ts';
import { type Transactions, transactionsOn } from './transactions.ts';

/** Throws errors of SQLite and the file system, and StoreError('newer-schema' | 'not-found'). */
export function openSqlite(options: StorageOptions, readersMax: number): OpenedDatabase {
  const { database: file, log, readOnly = false, durability = 'full' } = options;
  const writer = openConnection(file, readOnly ? 'read-only' : 'writer', durability);
  try {
    if (readOnly) requireSchema(writer);
    else reportMigration(migrateFile(writer, options.now()), log);
  } catch (error) {
    writer.close();
    throw error;
  }
  const opened = readOnly ? [] : takeOthersRights(file);
  if (opened.length > 0) {
    log?.warn({ files: opened }, 'files of the database were open to others; now they are not');
  }
  const version = appliedVersion(writer);
  const readers = Array.from({ length: readersMax }, () => openConnection(file, 'reader'));
  for (const connection of [writer, ...readers]) startWork(connection);
  let busyWaits = 0;
  const onBusy = () => {
    busyWaits += 1;
  };
  const writing = transactionsOn([sqliteSession({ connection: writer, readOnly, onBusy })]);
  const reading =
    readers.length === 0
      ? writing
      : transactionsOn(readers.map((connection) => sqliteSession({ connection, onBusy })));
  // A throw-away file is gone before its log would matter, and a thread would cost more than it
  // saves.
  const checkpointer =
    readOnly || durability === 'none' ? undefined : startCheckpointer(file, 'FULL', log);
  return {
    dialect: SQLITE,
    schemaVersion: version,
    writer: writing,
    reader: reading,
    asker: preferring(writing, reading),
    measured: () => ({
      databaseBytes: bytesOf(file),
      logBytes: bytesOf(`${file}-wal`),
      busyWaits,
      checkpoints: checkpointer?.completed() ?? 0,
    }),
    checkpointFailure: () => checkpointer?.failing(),
    async close() {
      await checkpointer?.stop();
      // The last connection to close copies the rest of the log into the file.
      for (const connection of [...readers, writer]) connection.close();
    },
  };
}

/**
 * What the engine asks is asked on its own connection while nobody else writes there. Any other
 * connection forgets all pages that it holds at each commit, and reads them again from the file.
 */
function preferring(first: Transactions, second: Transactions): Pick<Transactions, 'run'> {
  return {
    run: (work, begin, waits) => (first.isFree() ? first : second).run(work, begin, waits),
  };
}

function reportMigration({ from, to, copy }: MigrateResult, log: StorageOptions['log']): void {
  if (from === to) return;
  log?.info({ from, to, copy }, 'database schema was brought up to date');
}

function bytesOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}
