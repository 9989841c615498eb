/**
 * What keeps a database from being opened, in words: SQLite says "unable to open database file" of a
 * folder, a missing right and a missing disk alike, and names no file.
 */
import { existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { StoreError } from '../engine/ports/store.ts';

/** The error of the file system or of SQLite as ours, naming the file; what is no such error as it is. */
export function openingProblem(file: string, error: unknown): unknown {
  if (error instanceof StoreError) return error;
  const code = String((error as { code?: unknown } | undefined)?.code);
  const said = (kind: 'busy' | 'full' | 'cannot-open', words: string) =>
    new StoreError(kind, `the database ${file} cannot be opened: ${words}`, { cause: error });
  if (/^SQLITE_(?:BUSY|LOCKED)/.test(code)) return said('busy', 'another process holds it');
  if (/^(?:SQLITE_FULL|ENOSPC|EDQUOT)$/.test(code)) return said('full', 'its disk is full');
  if (code.startsWith('SQLITE_IOERR')) {
    return said('busy', `its disk answers with errors (${code})`);
  }
  if (code === 'SQLITE_NOTADB') return said('cannot-open', 'the file is no database');
  if (code.startsWith('SQLITE_CORRUPT')) {
    return said('cannot-open', 'the file is damaged; put a backup in its place');
  }
  if (/^(?:SQLITE_CANTOPEN|SQLITE_READONLY|SQLITE_AUTH|SQLITE_PERM|E[A-Z]+$)/.test(code)) {
    return said('cannot-open', whatIsThere(file, code));
  }
  return error;
}

function whatIsThere(file: string, code: string): string {
  if (isFolder(file)) return 'it is a folder';
  const folder = dirname(file);
  if (!existsSync(folder)) return `the folder ${folder} is not there and cannot be made (${code})`;
  if (!isFolder(folder)) return `${folder} is no folder`;
  if (code === 'EROFS') return 'its disk may only be read';
  return `this user may not read and write it and the folder around it (${code})`;
}

function isFolder(path: string): boolean {
  return existsSync(path) && statSync(path).isDirectory();
}
