/** Which keys of the ring the copies of a database need, read from the copies themselves. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { SQLITE } from './dialect.ts';
import { queryBuilderOn } from './query-builder.ts';
import { neededIn } from './sealing.ts';
import { SqliteConnection } from './sqlite-driver.ts';

export type CopiedKeys = {
  /** Number of copies that need a key, by the key's id. */
  readonly copies: ReadonlyMap<string, number>;
  /** Copies that cannot be read, by name; they may need any key. */
  readonly unread: readonly string[];
};

/** Of every `.db` file in a folder. Throws what the file system throws when the folder cannot be read. */
export async function keysOfCopies(folder: string): Promise<CopiedKeys> {
  const copies = new Map<string, number>();
  const unread: string[] = [];
  for (const name of readdirSync(folder).filter((one) => one.endsWith('.db'))) {
    try {
      for (const id of await keysOf(join(folder, name))) copies.set(id, (copies.get(id) ?? 0) + 1);
    } catch {
      unread.push(name);
    }
  }
  return { copies, unread };
}

async function keysOf(file: string): Promise<readonly string[]> {
  const connection = new Sqlite(file, { readonly: true, fileMustExist: true });
  try {
    return [...(await neededIn(queryBuilderOn(new SqliteConnection(connection), SQLITE))).keys()];
  } finally {
    connection.close();
  }
}
