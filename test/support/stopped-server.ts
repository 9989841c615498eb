/** Stops the processes of a private PostgreSQL server, which then says nothing and loses nothing. */
import { readdirSync, readFileSync } from 'node:fs';
import type { PostgresServer } from '../../scripts/postgres/run.ts';

/** Returns what lets it go on. */
export function stopServer({ pid }: Pick<PostgresServer, 'pid'>): () => void {
  // The parent first, so that it begins no more of them.
  process.kill(pid, 'SIGSTOP');
  const stopped = [pid, ...childrenOf(pid)];
  for (const one of stopped) signal(one, 'SIGSTOP');
  return () => {
    for (const one of stopped) signal(one, 'SIGCONT');
  };
}

function childrenOf(parent: number): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => parentOf(pid) === parent);
}

function parentOf(pid: number): number | undefined {
  try {
    // Its name, in brackets, may hold anything.
    return Number(
      readFileSync(`/proc/${pid}/stat`, 'utf8')
        .replace(/^.*\) \S /s, '')
        .split(' ')[0],
    );
  } catch {
    return undefined;
  }
}

/** It may have ended meanwhile. */
function signal(pid: number, name: 'SIGSTOP' | 'SIGCONT'): void {
  try {
    process.kill(pid, name);
  } catch {}
}
