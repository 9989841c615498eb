/** A database that was opened, of either kind: what store.ts builds its doors upon. */
import type { CheckpointFailure } from './checkpointer.ts';
import type { Dialect } from './dialect.ts';
import type { Transactions } from './transactions.ts';

export type OpenedDatabase = {
  readonly dialect: Dialect;
  readonly schemaVersion: number;
  /** One connection, so that writers of this process are served in order. */
  readonly writer: Transactions;
  readonly reader: Transactions;
  measured(): DatabaseMeasures;
  /** Why the log cannot be copied into the file; undefined while it can, and where nothing has to be. */
  checkpointFailure(): CheckpointFailure | undefined;
  close(): Promise<void>;
};

export type DatabaseMeasures = {
  readonly databaseBytes: number;
  /** The log that is copied into the file from time to time; 0 where the server keeps it. */
  readonly logBytes: number;
  /** Times that a transaction waited for another process. */
  readonly busyWaits: number;
  /** Times that the whole log was copied into the file. */
  readonly checkpoints: number;
};
