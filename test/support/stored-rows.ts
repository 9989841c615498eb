/** Rows stored since a moment, so that a test can check that nothing was stored. */
import Sqlite from 'better-sqlite3';

export type Onlooker = {
  /** Begins to watch. */
  begin(): void;
  /**
   * Rows that were added (`+ table row`), or removed or changed (`- table row`), since the
   * beginning.
   */
  stored(): readonly string[];
  close(): void;
};

/**
 * Rows written independently of a request's result: sign-ins, attempts, and what pacers learned.
 */
const BESIDE: Readonly<Record<string, string>> = {
  pacer_state: 'select campaign_id from pacer_state',
  session: 'select id, user_id, token_hash, created_at from session',
  audit: `select * from audit where change not in
    ('sign-in-failed', 'locked-out', 'used', 'debts-shown', 'rejections-downloaded')`,
};

/** Watches a database through its own connections, one of which keeps the old snapshot. */
export function watchRows(file: string): Onlooker {
  const then = new Sqlite(file, { readonly: true });
  const now = new Sqlite(file, { readonly: true });
  const names = now
    .prepare(`select name from sqlite_master where type = 'table' and name not like 'sqlite_%'`)
    .pluck()
    .all() as string[];
  const rowsOf = (database: Sqlite.Database, name: string): Set<string> => {
    const rows = database.prepare(BESIDE[name] ?? `select * from ${name}`).all();
    return new Set(rows.map((row) => JSON.stringify(row)));
  };
  let version: unknown;
  const versionNow = () => now.pragma('data_version', { simple: true });
  return {
    begin() {
      if (then.inTransaction) then.exec('commit');
      then.exec('begin');
      then.prepare('select count(*) from migration').get();
      version = versionNow();
    },
    stored() {
      if (versionNow() === version) return [];
      return names.flatMap((name) => {
        const [before, after] = [rowsOf(then, name), rowsOf(now, name)];
        return [
          ...[...after].filter((row) => !before.has(row)).map((row) => `+ ${name} ${row}`),
          ...[...before].filter((row) => !after.has(row)).map((row) => `- ${name} ${row}`),
        ];
      });
    },
    close() {
      then.close();
      now.close();
    },
  };
}
