import { randomInt } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';

/**
 * Argon2id (the package's default) with the minimum cost of OWASP's Password Storage Cheat Sheet:
 * 19 MiB, two passes, one lane. About 30 ms on a server core.
 */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** Simultaneous hashes. Each holds 19 MiB, and they share libuv's four threads with disk access. */
const AT_ONCE_MAX = 2;
const WAITING_MAX = 50;

let running = 0;
const waiting: (() => void)[] = [];

export class PasswordsBusyError extends Error {
  override readonly name = 'PasswordsBusyError';
}

/** Throws {@link PasswordsBusyError} when too many wait already. */
export function hashPassword(password: string): Promise<string> {
  return oneOfFew(() => hash(normal(password), COST));
}

/**
 * Whether the password has this hash. Without a hash (an unknown login) it takes equally long and
 * returns false. Throws {@link PasswordsBusyError} when too many wait already.
 */
export async function isPassword(
  password: string,
  passwordHash: string | undefined,
): Promise<boolean> {
  const against = passwordHash ?? (await nobodysHash());
  const fits = await oneOfFew(() => verify(against, normal(password)));
  return fits && passwordHash !== undefined;
}

/** Four groups of four characters, none of which look alike: 79 bits. */
export function randomPassword(): string {
  const group = () =>
    Array.from({ length: 4 }, () => SYMBOLS.charAt(randomInt(SYMBOLS.length))).join('');
  return [group(), group(), group(), group()].join('-');
}

const SYMBOLS = 'abcdefghjkmnpqrstuvwxyz23456789';

let nobody: Promise<string> | undefined;

function nobodysHash(): Promise<string> {
  nobody ??= oneOfFew(() => hash(randomPassword(), COST));
  return nobody;
}

/** Another keyboard may send the same password as other code points (é as one or as two). */
function normal(password: string): string {
  return password.normalize('NFKC');
}

async function oneOfFew<T>(work: () => Promise<T>): Promise<T> {
  if (running >= AT_ONCE_MAX) {
    if (waiting.length >= WAITING_MAX) throw new PasswordsBusyError('too many passwords to check');
    await new Promise<void>((resolve) => waiting.push(resolve));
  }
  running += 1;
  try {
    return await work();
  } finally {
    running -= 1;
    waiting.shift()?.();
  }
}
