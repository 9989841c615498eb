/**
 * Slows guessing of passwords down, for each login and for each address. The first few failures are
 * free, then every failure doubles the wait up to a bound: nobody can be locked out for longer than
 * that. Kept in memory with a limit; a restart forgives everybody.
 */
import { type EpochMs, MINUTE_MS, SECOND_MS } from '../lib/time.ts';

export type SignInThrottle = {
  /**
   * Counts an attempt as failed before it is made, so that many at once count too. Answers how long to
   * wait where it is refused; refused attempts do not count.
   */
  begin(login: string, address: string, now: EpochMs): { waitMs: number };
  /** The attempt was right after all. */
  succeeded(login: string, address: string, now: EpochMs): void;
};

type Limit = {
  readonly failuresFree: number;
  readonly waitFirstMs: number;
  readonly waitMaxMs: number;
};

const LOGIN_LIMIT: Limit = {
  failuresFree: 5,
  waitFirstMs: 2 * SECOND_MS,
  waitMaxMs: 5 * MINUTE_MS,
};
/** A whole floor may stand behind one address, so it gets more. */
const ADDRESS_LIMIT: Limit = {
  failuresFree: 30,
  waitFirstMs: 2 * SECOND_MS,
  waitMaxMs: 15 * MINUTE_MS,
};
/** Without a failure for this long everything is forgiven. */
const FORGET_AFTER_MS = 30 * MINUTE_MS;
const REMEMBERED_MAX = 10_000;

type Failures = { count: number; newestAt: EpochMs };

export function createSignInThrottle(): SignInThrottle {
  const logins = new Map<string, Failures>();
  const addresses = new Map<string, Failures>();
  return {
    begin(login, address, now) {
      const waitMs = Math.max(
        waitOf(logins.get(login), LOGIN_LIMIT, now),
        waitOf(addresses.get(address), ADDRESS_LIMIT, now),
      );
      if (waitMs > 0) return { waitMs };
      fail(logins, login, now);
      fail(addresses, address, now);
      return { waitMs: 0 };
    },
    succeeded(login, address, now) {
      logins.delete(login);
      // One right password behind an address forgives its own attempt, not the guesses of others there.
      const failures = addresses.get(address);
      if (failures)
        addresses.set(address, { count: Math.max(0, failures.count - 1), newestAt: now });
    },
  };
}

function waitOf(failures: Failures | undefined, limit: Limit, now: EpochMs): number {
  if (!failures || isForgotten(failures, now)) return 0;
  const beyond = failures.count - limit.failuresFree;
  if (beyond < 0) return 0;
  const waitMs = Math.min(limit.waitFirstMs * 2 ** Math.min(beyond, 20), limit.waitMaxMs);
  return Math.max(0, failures.newestAt + waitMs - now);
}

function fail(all: Map<string, Failures>, key: string, now: EpochMs): void {
  const known = all.get(key);
  const count = known && !isForgotten(known, now) ? known.count + 1 : 1;
  // Deleted first: the map keeps the order of insertion, and the oldest is the first to be dropped.
  all.delete(key);
  all.set(key, { count, newestAt: now });
  if (all.size <= REMEMBERED_MAX) return;
  const oldest = all.keys().next();
  if (!oldest.done) all.delete(oldest.value);
}

function isForgotten(failures: Failures, now: EpochMs): boolean {
  return now - failures.newestAt > FORGET_AFTER_MS;
}
