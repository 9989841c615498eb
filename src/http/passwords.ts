import { randomInt } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';

/**
 * Argon2id (the package's default algorithm) with the least cost OWASP's Password Storage Cheat Sheet
 * recommends: 19 MiB, two passes, one lane. About 30 ms on a server core.
 */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** Hashes at the same time. Each holds 19 MiB, and they share libuv's four threads with the disk. */
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
 * Whether the password has this hash. Without a hash (nobody has that login) it takes as long as with
 * one and says no. Throws {@link PasswordsBusyError} when too many wait already.
 */
export async function isPassword(
  password: string,
  passwordHash: string | undefined,
): Promise<boolean> {
  const against = passwordHash ?? (await nobodysHash());
  const fits = await oneOfFew(() => verify(against, normal(password)));
  return fits && passwordHash !== undefined;
}

/** Four groups of four without letters and digits that look alike: 79 bits. */
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

/** The same password typed on another keyboard may come as other code points (é as one or as two). */
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
