/**
 * Slows guessing of passwords down. Wrong passwords lock a login for the address they came from, and
 * an address for all logins: never a login for everybody, or a stranger could keep people from work. A
 * device on which the login was used before has a count of its own, so that nobody else can lock it
 * out either. Guesses at one login from many networks have to take turns, but only with each other: a
 * network that has hardly failed at this login today needs none, so that its own person gets in at a new
 * device however busily others guess. The first few failures are free, then every failure doubles the
 * wait up to a bound.
 * Kept in memory with a limit; a restart forgives everybody.
 */
import { DAY_MS, type DurationMs, type EpochMs, MINUTE_MS, SECOND_MS } from '../lib/time.ts';
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
  succeeded(guesser: Guesser): void;
};

/**
 * This login here; every login that was never used on the device it is typed at; or, by turns, this
 * login for the networks that guessed at it.
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
 * For one login, of all networks together that guessed at it: twelve guesses an hour for each address
 * would be many from many addresses. Short, because the login's own person may be behind one of them.
 */
const TURNS_LIMIT: Limit = {
  failuresFree: 20,
  waitFirstMs: SECOND_MS,
  waitMaxMs: 20 * SECOND_MS,
};
/** A person mistypes so often; a network that failed more often at the login takes turns with the others. */
const WITHOUT_TURNS = 3;
/** Without a failure for this long everything is forgiven. */
const FORGET_AFTER_MS = 30 * MINUTE_MS;
/** Only that a network guessed at a login is remembered for longer: fresh ones are not to be had by waiting. */
const GUESSED_FORGET_AFTER_MS = DAY_MS;
const REMEMBERED_MAX = 10_000;

type Failures = { count: number; newestAt: EpochMs; newestBeforeAt?: EpochMs };

export function createSignInThrottle(): SignInThrottle {
  const logins = new Map<string, Failures>();
  const addresses = new Map<string, Failures>();
  const turns = new Map<string, Failures>();
  const guessed = new Map<string, Failures>();
  /** For an unknown device: where its network failed at the login before, it takes turns with its like. */
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
      // Told once, where the free failures are used up: what follows is the same lock, only longer.
      if (ofLogin === LOGIN_LIMIT.failuresFree) return { waitMs: 0, locks: 'login' };
      if (ofAddress === ADDRESS_LIMIT.failuresFree) return { waitMs: 0, locks: 'address' };
      if (ofTurns === TURNS_LIMIT.failuresFree) return { waitMs: 0, locks: 'turns' };
      return { waitMs: 0 };
    },
    succeeded(guesser) {
      logins.delete(placeOf(guesser));
      guessed.delete(placeOf(guesser));
      if (guesser.knownDevice !== undefined) return;
      // One right password behind an address forgives its own attempt, not the guesses of others there.
      const network = networkOf(guesser.address);
      forgive(addresses, network);
      forgive(turns, guesser.login);
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

/** Takes back the one attempt that was right after all: nobody waits for longer because of it. */
function forgive(all: Map<string, Failures>, key: string): void {
  const failures = all.get(key);
  if (!failures) return;
  const { count, newestAt, newestBeforeAt = newestAt } = failures;
  all.set(key, { count: Math.max(0, count - 1), newestAt: newestBeforeAt });
}

/** Counts one more, and gives how many there are. */
function fail(
  all: Map<string, Failures>,
  key: string,
  now: EpochMs,
  forgetAfterMs: DurationMs = FORGET_AFTER_MS,
): number {
  const known = all.get(key);
  const goesOn = known !== undefined && !isForgotten(known, now, forgetAfterMs);
  const count = goesOn ? known.count + 1 : 1;
  // Deleted first: the map keeps the order of insertion, and the oldest is the first to be dropped.
  all.delete(key);
  const before = known === undefined ? {} : { newestBeforeAt: known.newestAt };
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
