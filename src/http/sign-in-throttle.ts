/**
 * Slows guessing of passwords down. Wrong passwords lock a login for the address they came from, and
 * an address for all logins: never a login for everybody, or a stranger could keep people from work. A
 * device on which the login was used before has a count of its own, so that nobody else can lock it
 * out either. Guesses at one login from many addresses only have to take turns: whoever comes from a
 * device that is unknown waits for the next turn, a few seconds at the most. The first few failures are
 * free, then every failure doubles the wait up to a bound.
 * Kept in memory with a limit; a restart forgives everybody.
 */
import { type EpochMs, MINUTE_MS, SECOND_MS } from '../lib/time.ts';
import { networkOf } from './addresses.ts';

export type Guesser = {
  readonly login: string;
  readonly address: string;
  /** Where the login was used before on this device: the device's id. */
  readonly knownDevice?: string;
};

export type SignInThrottle = {
  /**
   * Counts an attempt as failed before it is made, so that many at once count too. Answers how long to
   * wait where it is refused; refused attempts do not count. `locks`: what waits from now on, should
   * this attempt fail.
   */
  begin(guesser: Guesser, now: EpochMs): { waitMs: number; locks?: Lock };
  /** The attempt was right after all. */
  succeeded(guesser: Guesser, now: EpochMs): void;
};

/**
 * This login here; every login that was never used on the device it is typed at; or, by turns, this
 * login wherever the device is unknown.
 */
export type Lock = 'login' | 'address' | 'turns';

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
/**
 * For one login, of all unknown devices together: twelve guesses an hour for each address would be many
 * from many addresses. Short, because the login's own person may be at a new device meanwhile.
 */
const TURNS_LIMIT: Limit = {
  failuresFree: 20,
  waitFirstMs: SECOND_MS,
  waitMaxMs: 20 * SECOND_MS,
};
/** Without a failure for this long everything is forgiven. */
const FORGET_AFTER_MS = 30 * MINUTE_MS;
const REMEMBERED_MAX = 10_000;

type Failures = { count: number; newestAt: EpochMs };

export function createSignInThrottle(): SignInThrottle {
  const logins = new Map<string, Failures>();
  const addresses = new Map<string, Failures>();
  const turns = new Map<string, Failures>();
  return {
    begin(guesser, now) {
      const place = placeOf(guesser);
      const { login, address, knownDevice } = guesser;
      const network = knownDevice === undefined ? networkOf(address) : undefined;
      const ofStrangerMs = () =>
        network === undefined
          ? 0
          : Math.max(
              waitOf(addresses.get(network), ADDRESS_LIMIT, now),
              waitOf(turns.get(login), TURNS_LIMIT, now),
            );
      const waitMs = Math.max(waitOf(logins.get(place), LOGIN_LIMIT, now), ofStrangerMs());
      if (waitMs > 0) return { waitMs };
      const ofLogin = fail(logins, place, now);
      const ofAddress = network === undefined ? 0 : fail(addresses, network, now);
      const ofTurns = network === undefined ? 0 : fail(turns, login, now);
      // Told once, where the free failures are used up: what follows is the same lock, only longer.
      if (ofLogin === LOGIN_LIMIT.failuresFree) return { waitMs: 0, locks: 'login' };
      if (ofAddress === ADDRESS_LIMIT.failuresFree) return { waitMs: 0, locks: 'address' };
      if (ofTurns === TURNS_LIMIT.failuresFree) return { waitMs: 0, locks: 'turns' };
      return { waitMs: 0 };
    },
    succeeded(guesser, now) {
      logins.delete(placeOf(guesser));
      if (guesser.knownDevice !== undefined) return;
      // One right password behind an address forgives its own attempt, not the guesses of others there.
      const network = networkOf(guesser.address);
      forgive(addresses, network, now);
      forgive(turns, guesser.login, now);
    },
  };
}

/** Where a login's failures are counted: its own device, or all unknown devices of an address. */
function placeOf({ login, address, knownDevice }: Guesser): string {
  return knownDevice === undefined
    ? `${networkOf(address)} ${login}`
    : `device ${knownDevice} ${login}`;
}

function waitOf(failures: Failures | undefined, limit: Limit, now: EpochMs): number {
  if (!failures || isForgotten(failures, now)) return 0;
  const beyond = failures.count - limit.failuresFree;
  if (beyond < 0) return 0;
  const waitMs = Math.min(limit.waitFirstMs * 2 ** Math.min(beyond, 20), limit.waitMaxMs);
  return Math.max(0, failures.newestAt + waitMs - now);
}

/** Takes back the one attempt that was right after all. */
function forgive(all: Map<string, Failures>, key: string, now: EpochMs): void {
  const failures = all.get(key);
  if (failures) all.set(key, { count: Math.max(0, failures.count - 1), newestAt: now });
}

/** Counts one more, and gives how many there are. */
function fail(all: Map<string, Failures>, key: string, now: EpochMs): number {
  const known = all.get(key);
  const count = known && !isForgotten(known, now) ? known.count + 1 : 1;
  // Deleted first: the map keeps the order of insertion, and the oldest is the first to be dropped.
  all.delete(key);
  all.set(key, { count, newestAt: now });
  if (all.size <= REMEMBERED_MAX) return count;
  const oldest = all.keys().next();
  if (!oldest.done) all.delete(oldest.value);
  return count;
}

function isForgotten(failures: Failures, now: EpochMs): boolean {
  return now - failures.newestAt > FORGET_AFTER_MS;
}
