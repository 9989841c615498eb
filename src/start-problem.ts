/**
 * What the process reports when it cannot start or continue: one sentence that names the file or
 * the port, and an exit code that tells its supervisor whether another try can help.
 */
import { ConfigError } from './config.ts';
import { StoreError, StoreHeldUpError } from './engine/ports/store.ts';
import { KeyRingError } from './keys/key-ring-error.ts';

export const EXIT_CODES = {
  /** Memory may be ahead of the disk, or a mistake was found. The next process recovers. */
  restart: 70,
  /** An outside obstacle that may pass by itself: a locked database, a full disk. */
  'held-up': 75,
  /** A person must change something first: a setting, a file, a port. */
  configuration: 78,
} as const;

export type StartProblem = {
  readonly kind: keyof typeof EXIT_CODES;
  readonly sentence: string;
};

/** Prefix by which a supervisor finds the sentence among other lines of standard error. */
export const ENDED = 'Cadência ended: ';

/** What the errors of files, disks and sockets mean for the operator. */
const OF_SYSTEM: Readonly<Record<string, Omit<StartProblem, 'sentence'> & { words: string }>> = {
  EACCES: { kind: 'configuration', words: 'this user may not open it' },
  EPERM: { kind: 'configuration', words: 'this user may not open it' },
  ENOENT: { kind: 'configuration', words: 'there is no such file' },
  EISDIR: { kind: 'configuration', words: 'it is a folder' },
  ENOTDIR: { kind: 'configuration', words: 'a part of its path is no folder' },
  EEXIST: { kind: 'configuration', words: 'a file of this name is in the way' },
  EROFS: { kind: 'configuration', words: 'its disk may only be read' },
  ENOSPC: { kind: 'held-up', words: 'its disk is full' },
  EDQUOT: { kind: 'held-up', words: 'its disk is full for this user' },
  EMFILE: { kind: 'held-up', words: 'too many files are open' },
};

export function startProblem(error: unknown): StartProblem {
  if (error instanceof ConfigError) return { kind: 'configuration', sentence: error.message };
  if (error instanceof KeyRingError) return { kind: 'configuration', sentence: error.message };
  if (error instanceof StoreHeldUpError) return { kind: 'held-up', sentence: error.message };
  if (error instanceof StoreError) return ofStore(error);
  return ofSocket(error) ?? ofFile(error) ?? { kind: 'restart', sentence: messageOf(error) };
}

function ofStore({ code, message }: StoreError): StartProblem {
  const isFixedByHand = code === 'cannot-open' || code === 'newer-schema';
  return { kind: isFixedByHand ? 'configuration' : 'restart', sentence: message };
}

function ofSocket(error: unknown): StartProblem | undefined {
  const { code, address, port, syscall } = error as NodeJS.ErrnoException & {
    readonly address?: string;
    readonly port?: number;
  };
  if (syscall !== 'listen' && syscall !== 'bind') return undefined;
  const words: Readonly<Record<string, string>> = {
    EADDRINUSE: `port ${port} of ${address} is taken by another process`,
    EADDRNOTAVAIL: `this machine has no address ${address}`,
    EACCES: `this user may not listen on port ${port}`,
  };
  const said = words[code ?? ''];
  return said === undefined ? undefined : { kind: 'configuration', sentence: said };
}

function ofFile(error: unknown): StartProblem | undefined {
  const { code = '', path } = error as NodeJS.ErrnoException;
  const known = Object.hasOwn(OF_SYSTEM, code) ? OF_SYSTEM[code] : undefined;
  if (!known || path === undefined) return undefined;
  return { kind: known.kind, sentence: `${path} cannot be opened: ${known.words}` };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
