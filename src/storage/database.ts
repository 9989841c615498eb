/** An open database of either kind; store.ts builds its doors upon it. */
import type { CheckpointFailure } from './checkpointer.ts';
import type { Dialect } from './dialect.ts';
import type { Transactions } from './transactions.ts';

export type OpenedDatabase = {
  readonly dialect: Dialect;
  readonly schemaVersion: number;
  /** A single connection, so that this process's writers are served in order. */
  readonly writer: Transactions;
  readonly reader: Transactions;
  /** For what the engine asks before it decides. */
  readonly asker: Pick<Transactions, 'run'>;
  measured(): DatabaseMeasures;
  /**
   * Why the log cannot be copied into the file; undefined while it can, and for a database without
   * such a log.
   */
  checkpointFailure(): CheckpointFailure | undefined;
  close(): Promise<void>;
};

export type DatabaseMeasures = {
  readonly databaseBytes: number;
  /**
   * Size of the log that is copied into the file from time to time; 0 on a server, which keeps its
   * own.
   */
  readonly logBytes: number;
  /** How often a transaction waited for another process. */
  readonly busyWaits: number;
  /** How often the whole log was copied into the file. */
  readonly checkpoints: number;
};
