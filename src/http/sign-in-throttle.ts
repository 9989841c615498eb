/**
 * Slows down the guessing of passwords. Wrong passwords lock a login for the address they came
 * from, and an address for all logins. They never lock a login for everybody, or a stranger could
 * keep people from work. A device on which the login was used before has its own count, so that no
 * one else can lock it out. Guesses at one login from many networks must take turns, but only with
 * each other. A network that has hardly failed at this login today needs no turn, so the login's
 * owner gets in on a new device however busily others guess. The first few failures are free; then
 * every failure doubles the wait up to a bound. The counts are kept in memory within a limit and
 * lost at a restart.
 */

import { given } from '../lib/given.ts';
import { DAY_MS, type DurationMs, type EpochMs, MINUTE_MS, SECOND_MS } from '../lib/time.ts';
import { networkOf } from './addresses.ts';

export type Guesser = {
  readonly login: string;
  readonly address: string;
  /** Id of a device on which the login was used before; absent for an unknown device. */
  readonly knownDevice?: string;
};

export type SignInThrottle = {
  /**
   * Counts an attempt as failed before it is made, so that simultaneous attempts count too.
   * `waitMs` is above zero when the attempt is refused; refused attempts do not count. `locks` is
   * what will be locked if this attempt fails.
   */
  begin(guesser: Guesser, now: EpochMs): { waitMs: number; locks?: Lock };
  /** Takes back the count of an attempt that succeeded. */
  succeeded(guesser: Guesser): void;
};

/**
 * What is locked. `login`: this login at this address or device. `address`: every login on an
 * unknown device at this address. `turns`: this login for the networks that guessed at it, which
 * take turns.
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
 * The limit for one login over all networks that guessed at it: twelve guesses an hour from each of
 * many addresses would be too many. It is short, because the login's owner may be in one of those
 * networks.
 */
const TURNS_LIMIT: Limit = {
  failuresFree: 20,
  waitFirstMs: SECOND_MS,
  waitMaxMs: 20 * SECOND_MS,
};
/**
 * Failures of a network at a login before it has to take turns; a person may mistype this often.
 */
const WITHOUT_TURNS = 3;
/** Failures are forgotten after this time without a new one. */
const FORGET_AFTER_MS = 30 * MINUTE_MS;
/**
 * That a network guessed at a login is remembered longer, so that waiting does not make it fresh
 * again.
 */
const GUESSED_FORGET_AFTER_MS = DAY_MS;
const REMEMBERED_MAX = 10_000;

type Failures = { count: number; newestAt: EpochMs; newestBeforeAt?: EpochMs };

export function createSignInThrottle(): SignInThrottle {
  const logins = new Map<string, Failures>();
  const addresses = new Map<string, Failures>();
  const turns = new Map<string, Failures>();
  const guessed = new Map<string, Failures>();
  /**
   * The wait of an unknown device whose network failed at the login before: it takes turns with the
   * others.
   */
  const turnMs = (login: string, place: string, now: EpochMs): number => {
    const before = guessed.get(place);
    const isFresh = !before || isForgotten(before, now, GUESSED_FORGET_AFTER_MS);
    const takesTurns = !isFresh && before.count >= WITHOUT_TURNS;
    return takesTurns ? waitOf(turns.get(login), TURNS_LIMIT, now) : 0;
  };
  return {
    begin(guesser, now) {
      const place = placeOf(guesser);
      const { login, address, knownDevice } = guesser;
      const network = knownDevice === undefined ? networkOf(address) : undefined;
      const ofStrangerMs = () =>
        network === undefined
          ? 0
          : Math.max(waitOf(addresses.get(network), ADDRESS_LIMIT, now), turnMs(login, place, now));
      const waitMs = Math.max(waitOf(logins.get(place), LOGIN_LIMIT, now), ofStrangerMs());
      if (waitMs > 0) return { waitMs };
      const ofLogin = fail(logins, place, now);
      const ofAddress = network === undefined ? 0 : fail(addresses, network, now);
      const ofTurns = network === undefined ? 0 : fail(turns, login, now);
      if (network !== undefined) fail(guessed, place, now, GUESSED_FORGET_AFTER_MS);
      // Reported once, when the free failures are used up: later failures only prolong the same
      // lock.
      if (ofLogin === LOGIN_LIMIT.failuresFree) return { waitMs: 0, locks: 'login' };
      if (ofAddress === ADDRESS_LIMIT.failuresFree) return { waitMs: 0, locks: 'address' };
      if (ofTurns === TURNS_LIMIT.failuresFree) return { waitMs: 0, locks: 'turns' };
      return { waitMs: 0 };
    },
    succeeded(guesser) {
      logins.delete(placeOf(guesser));
      guessed.delete(placeOf(guesser));
      if (guesser.knownDevice !== undefined) return;
      // A right password takes back its own attempt, not the guesses of others at the same address.
      const network = networkOf(guesser.address);
      forgive(addresses, network);
      forgive(turns, guesser.login);
    },
  };
}

/**
 * The place where a login's failures are counted: its known device, or all unknown devices of an
 * address.
 */
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

/** Takes back the count of one successful attempt. */
function forgive(all: Map<string, Failures>, key: string): void {
  const failures = all.get(key);
  if (!failures) return;
  const { count, newestAt, newestBeforeAt = newestAt } = failures;
  all.set(key, { count: Math.max(0, count - 1), newestAt: newestBeforeAt });
}

/** Counts one more failure and returns their number. */
function fail(
  all: Map<string, Failures>,
  key: string,
  now: EpochMs,
  forgetAfterMs: DurationMs = FORGET_AFTER_MS,
): number {
  const known = all.get(key);
  const goesOn = known !== undefined && !isForgotten(known, now, forgetAfterMs);
  const count = goesOn ? known.count + 1 : 1;
  // Deleted first, so that the map's insertion order puts the oldest entry first for dropping.
  all.delete(key);
  const before = given({ newestBeforeAt: known?.newestAt });
  all.set(key, { count, newestAt: now, ...before });
  if (all.size <= REMEMBERED_MAX) return count;
  const oldest = all.keys().next();
  if (!oldest.done) all.delete(oldest.value);
  return count;
}

function isForgotten(
  failures: Failures,
  now: EpochMs,
  forgetAfterMs: DurationMs = FORGET_AFTER_MS,
): boolean {
  return now - failures.newestAt > forgetAfterMs;
}
