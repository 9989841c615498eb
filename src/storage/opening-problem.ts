/**
 * Why a database cannot be opened, in words. SQLite says "unable to open database file" for a
 * folder, a missing right and a missing disk alike, and names no file.
 */
import { existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { StoreError, StoreHeldUpError } from '../engine/ports/store.ts';
import { codeOf, SQLITE } from './dialect.ts';

/**
 * Our error, naming the file, for an error of SQLite or the file system; any other error unchanged.
 */
export function openingProblem(file: string, error: unknown): unknown {
  if (error instanceof StoreError || error instanceof StoreHeldUpError) return error;
  const code = codeOf(error);
  const kind = SQLITE.meaningOf(error)?.kind;
  const sentence = (words: string) => `the database ${file} cannot be opened: ${words}`;
  const heldUp = (cause: 'busy' | 'full', words: string) =>
    new StoreHeldUpError(cause, sentence(words));
  const cannot = (words: string) =>
    new StoreError('cannot-open', sentence(words), { cause: error });
  if (kind === 'held-up') return heldUp('busy', 'another process holds it');
  // The file system itself reports this when a folder is made.
  if (kind === 'full' || code === 'ENOSPC' || code === 'EDQUOT')
    return heldUp('full', 'its disk is full');
  if (code.startsWith('SQLITE_IOERR')) {
    const words = sentence(`its disk answers with errors (${code}); see the log of the machine`);
    return new StoreError('disk-broken', words, { cause: error });
  }
  if (code === 'SQLITE_NOTADB') return cannot('the file is no database');
  if (code.startsWith('SQLITE_CORRUPT')) {
    return cannot('the file is damaged; put a backup in its place');
  }
  if (/^(?:SQLITE_CANTOPEN|SQLITE_READONLY|SQLITE_AUTH|SQLITE_PERM|E[A-Z]+$)/.test(code)) {
    return cannot(whatIsThere(file, code));
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
