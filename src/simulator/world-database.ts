import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SQLITE } from '../storage/dialect.ts';
import { openConnection } from '../storage/sqlite.ts';

/** The database of a world, and a way to read it without the product's doors. */
export type WorldDatabase = {
  /** For `openStorage`. */
  readonly database: string;
  /** Runs at once. The query uses words that both databases know, and `?` for each value. */
  query<Row>(sql: string, values: readonly (string | number)[]): Row[];
  /** Removes the database with everything in it. */
  remove(): Promise<void>;
};

export type WorldDatabases = {
  /** Makes a new database: empty, or a copy of `template`, which nobody may have open. */
  make(template?: string): Promise<WorldDatabase>;
};

const MEMORY_DISK = '/dev/shm';

/**
 * Throw-away files live in memory where the system has such a place, so that no disk is waited for.
 */
export function makeDirectory(prefix: string): string {
  return mkdtempSync(join(existsSync(MEMORY_DISK) ? MEMORY_DISK : tmpdir(), prefix));
}

export const SQLITE_WORLDS: WorldDatabases = {
  async make(template) {
    const directory = makeDirectory('cadencia-world-');
    const database = join(directory, 'cadencia.db');
    if (template !== undefined) copyFileSync(template, database);
    return new WorldFile(directory, database);
  },
};

type Connection = ReturnType<typeof openConnection>;

class WorldFile implements WorldDatabase {
  readonly database: string;
  readonly #directory: string;
  readonly #questions = new Map<string, ReturnType<Connection['prepare']>>();
  #reader: Connection | undefined;

  constructor(directory: string, database: string) {
    this.#directory = directory;
    this.database = database;
  }

  query<Row>(sql: string, values: readonly (string | number)[]): Row[] {
    let question = this.#questions.get(sql);
    if (!question) {
      this.#reader ??= openConnection(this.database, 'reader');
      const kinds = values.map((value) => (typeof value === 'number' ? 'number' : 'text'));
      question = this.#reader.prepare(SQLITE.plannedOnce(sql.trim(), kinds));
      this.#questions.set(sql, question);
    }
    return question.all(values) as Row[];
  }

  async remove(): Promise<void> {
    this.#reader?.close();
    rmSync(this.#directory, { recursive: true, force: true });
  }
}
