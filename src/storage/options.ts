import type { Logger } from 'pino';
import type { KeyRing } from '../keys/key-ring.ts';
import type { EpochMs } from '../lib/time.ts';
import type { Durability } from './sqlite.ts';

export type StorageOptions = {
  /** The path of a SQLite file, or `postgres://user:password@host:port/name` of a PostgreSQL server. */
  readonly database: string;
  readonly log?: Logger;
  readonly now: () => EpochMs;
  /** Numbers in [0, 1), for new ids. */
  readonly random: () => number;
  /** Absent when nothing sealed is read or written; doing so throws StoreError('no-key-ring'). */
  readonly keys?: KeyRing;
  /** Whether imports are to be refused because their rows would take the room that calls need. */
  readonly isDiskFull?: () => boolean;
  /** Called when a transaction found no room; it may make some before the next try. */
  readonly onDiskFull?: () => void;
  /** Refuses every write, for reports. */
  readonly readOnly?: boolean;
  /** `none` is only for throw-away files. */
  readonly durability?: Durability;
  /**
   * Connections for reads. With 0, reads take turns with the writes, and none may be asked for
   * inside a transaction. For a single engine that is quicker: each commit makes every other
   * connection forget the pages it knew.
   */
  readonly readers?: number;
};
