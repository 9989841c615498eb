/**
 * Around a whole run of vitest: a folder in which its processes find what they share, as the PostgreSQL
 * server that the first test in need of one starts.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endSharedPostgres, RUN_FOLDER, RUN_PROCESS } from './shared-postgres.ts';

export function setup(): () => Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'cadencia-tests-'));
  // Its workers have the environment that it has.
  process.env[RUN_FOLDER] = folder;
  process.env[RUN_PROCESS] = `${process.pid}`;
  return async () => {
    await endSharedPostgres(folder);
    rmSync(folder, { recursive: true, force: true });
  };
}
