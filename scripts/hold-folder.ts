import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { commandLineOf, isAlive, startTicksOf, waitUntil } from './asterisk/process.ts';

/**
 * Lets only one start at a time work in a folder. It holds a SQLite lock on its own file, which the
 * kernel releases however the process ends. Beside it, it notes its id and the dialer it started,
 * so that the next start finds a dialer left behind.
 */
export type HeldFolder = {
  /** The dialer left running by a killed start; undefined when there is none. */
  readonly orphan: DialerLeft | undefined;
  /** Remembers the dialer for the next start. */
  noteDialer(pid: number | undefined): void;
  release(): void;
};

/** Both together identify one process for good. */
export type DialerLeft = { readonly pid: number; readonly startTicks: string | undefined };

type Note = { readonly pid: number; readonly dialer?: DialerLeft };

/** Undefined when another start holds the folder; `holderOf` says which. */
export function holdFolder(folder: string): HeldFolder | undefined {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const lock = lockedFile(join(folder, 'start.lock'));
  if (!lock) return undefined;
  const dialer = noteIn(folder)?.dialer;
  const note = (one?: DialerLeft): void => {
    const text: Note = { pid: process.pid, ...(one ? { dialer: one } : {}) };
    writeFileSync(join(folder, 'start.json'), `${JSON.stringify(text)}\n`, { mode: 0o600 });
  };
  note(dialer);
  return {
    orphan: dialer && isDialer(dialer) ? dialer : undefined,
    noteDialer(pid) {
      attempt(() => note(pid === undefined ? undefined : { pid, startTicks: startTicksOf(pid) }));
    },
    release() {
      attempt(note);
      lock.close();
    },
  };
}

/** Ignores a failed write: on a full disk the note stays as it was. */
function attempt(write: () => void): void {
  try {
    write();
  } catch {
    // The next start will not find the dialer by the note, and will report the port in use.
  }
}

/** Id of the process that holds the folder, by its own note; undefined without one. */
export function holderOf(folder: string): number | undefined {
  return noteIn(folder)?.pid;
}

/**
 * Asks the dialer to end, so that it places no more calls and signs off its screens; ends it by
 * force after `graceMs`.
 */
export async function endDialer(left: DialerLeft, graceMs: number): Promise<void> {
  const hasEnded = () => !isDialer(left);
  for (const [signal, waitMs] of [
    ['SIGTERM', graceMs],
    ['SIGKILL', 2_000],
  ] as const) {
    if (hasEnded()) return;
    process.kill(left.pid, signal);
    await waitUntil(hasEnded, waitMs);
  }
}

function lockedFile(file: string): Sqlite.Database | undefined {
  const lock = new Sqlite(file, { timeout: 0 });
  try {
    lock.exec('begin exclusive');
    return lock;
  } catch (error) {
    lock.close();
    if ((error as { code?: string }).code === 'SQLITE_BUSY') return undefined;
    throw error;
  }
}

function noteIn(folder: string): Note | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, 'start.json'), 'utf8')) as Note;
  } catch {
    return undefined;
  }
}

function isDialer({ pid, startTicks }: DialerLeft): boolean {
  if (!isAlive(pid) || startTicksOf(pid) !== startTicks) return false;
  return commandLineOf(pid).some((word) => word.endsWith('main.js'));
}
