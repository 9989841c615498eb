import { afterAll, beforeAll, expect, test } from 'vitest';
import { createSignInThrottle } from '../../src/http/sign-in-throttle.ts';
import { given } from '../../src/lib/given.ts';
import { openDoors, PASSWORD, type TestDoors } from '../support/doors.ts';

let doors: TestDoors;

beforeAll(async () => {
  doors = await openDoors();
});
afterAll(() => doors.stop());

test('makes a login wait after five wrong passwords, and says for how long', async () => {
  for (let tries = 0; tries < 5; tries += 1) {
    expect((await doors.signIn('ana', 'wrong-password')).status).toBe(401);
  }
  // Even the right password has to wait now, or a guesser would learn it.
  const refused = await doors.signIn('ana');
  expect(refused.json).toMatchObject({ status: 429, code: 'too-many-requests' });
  expect(refused.json.retryAfterSeconds).toBeGreaterThan(0);
  expect(refused.headers['retry-after']).toBe(String(refused.json.retryAfterSeconds));
  expect((await doors.signIn('bruno')).status).toBe(200);
  doors.clock.skipMs += refused.json.retryAfterSeconds * 1_000;
  expect((await doors.signIn('ana')).status).toBe(200);
});

test('counts guesses that come all at once', async () => {
  const answers = await Promise.all(
    Array.from({ length: 12 }, () => doors.signIn('supervisora', 'wrong-password')),
  );
  const statuses = answers.map((one) => one.status);
  expect(statuses.filter((status) => status === 401)).toHaveLength(5);
  expect(statuses.filter((status) => status === 429)).toHaveLength(7);
});

test('counts wrong current passwords of a session like those of a sign-in', async () => {
  doors.clock.skipMs += 3_600_000;
  await doors.signIn('admin');
  const body = { currentPassword: 'wrong-password', newPassword: 'uma-senha-nova' };
  const statuses: number[] = [];
  for (let tries = 0; tries < 6; tries += 1) {
    statuses.push((await doors.ask('PUT', '/api/session/password', { as: 'admin', body })).status);
  }
  expect(statuses).toEqual([403, 403, 403, 403, 403, 429]);
});

const at = (login: string, address: string, knownDevice?: string) => ({
  ...{ login, address },
  ...given({ knownDevice }),
});

test('doubles the wait with each failure, up to five minutes', () => {
  const throttle = createSignInThrottle();
  let now = 0;
  const waits: number[] = [];
  for (let tries = 0; tries < 30; tries += 1) {
    const { waitMs } = throttle.begin(at('ana', '10.0.0.1'), now);
    if (waitMs > 0) waits.push(waitMs);
    now += waitMs;
  }
  expect(waits.slice(0, 4)).toEqual([2_000, 4_000, 8_000, 16_000]);
  expect(Math.max(...waits)).toBe(300_000);
});

test('locks a login for the address that guessed, not for everybody', () => {
  const throttle = createSignInThrottle();
  const tries = [1, 2, 3, 4, 5].map(() => throttle.begin(at('ana', '10.0.0.1'), 0));
  expect(tries.map(({ locks }) => locks)).toEqual([
    ...[undefined, undefined, undefined, undefined, 'login'],
  ]);
  expect(throttle.begin(at('ana', '10.0.0.1'), 0).waitMs).toBeGreaterThan(0);
  expect(throttle.begin(at('ana', '10.0.0.2'), 0).waitMs).toBe(0);
  expect(throttle.begin(at('bruno', '10.0.0.1'), 0).waitMs).toBe(0);
});

test('an IPv6 network has one count, not one for each of its addresses', () => {
  const throttle = createSignInThrottle();
  for (let tries = 0; tries < 5; tries += 1) {
    throttle.begin(at('ana', `2001:db8:0:7::${tries}`), 0);
  }
  expect(throttle.begin(at('ana', '2001:0db8::7:1:2:3:4'), 0).waitMs).toBeGreaterThan(0);
  expect(throttle.begin(at('ana', '2001:db8:0:8::1'), 0).waitMs).toBe(0);
});

test('a device on which the login was used before is locked by its own mistakes only', () => {
  const throttle = createSignInThrottle();
  for (let tries = 0; tries < 40; tries += 1) throttle.begin(at(`l${tries}`, '10.0.0.1'), 0);
  for (let tries = 0; tries < 5; tries += 1) throttle.begin(at('ana', '10.0.0.1'), 0);
  const known = at('ana', '10.0.0.1', 'device-1');
  for (let tries = 0; tries < 5; tries += 1) {
    expect(throttle.begin(known, 0).waitMs).toBe(0);
  }
  expect(throttle.begin(known, 0).waitMs).toBeGreaterThan(0);
});

test('makes an address that tries many logins wait, and a right password there forgives no other guesses', () => {
  const throttle = createSignInThrottle();
  for (let tries = 0; tries < 29; tries += 1) {
    expect(throttle.begin(at(`login-${tries}`, '10.0.0.1'), 0).waitMs).toBe(0);
  }
  expect(throttle.begin(at('own-account', '10.0.0.1'), 0)).toEqual({ waitMs: 0, locks: 'address' });
  throttle.succeeded(at('own-account', '10.0.0.1'));
  expect(throttle.begin(at('login-30', '10.0.0.1'), 0).waitMs).toBe(0);
  expect(throttle.begin(at('login-31', '10.0.0.1'), 0).waitMs).toBeGreaterThan(0);
  expect(throttle.begin(at('login-31', '10.0.0.2'), 0).waitMs).toBe(0);
});

test('guesses at a login from many networks take turns, and keep nobody from a known device', () => {
  const throttle = createSignInThrottle();
  const guesses = Array.from({ length: 20 }, (_one, place) =>
    throttle.begin(at('ana', `10.1.${place}.1`), 0),
  );
  expect(guesses.every(({ waitMs }) => waitMs === 0)).toBe(true);
  expect(guesses.map(({ locks }) => locks).filter((lock) => lock !== undefined)).toEqual(['turns']);
  // A day from a thousand networks, each knocking every second.
  let tried = 0;
  let longestMs = 0;
  for (let second = 1; second <= 86_400; second += 1) {
    const { waitMs } = throttle.begin(at('ana', `10.2.${second % 1_000}.1`), second * 1_000);
    if (waitMs === 0) tried += 1;
    longestMs = Math.max(longestMs, waitMs);
  }
  // Three of each network, and one in twenty seconds of all of them together.
  expect(tried).toBeLessThan(3 * 1_000 + 86_400 / 20 + 20);
  expect(longestMs).toBeLessThanOrEqual(20_000);
  const now = 86_400_000;
  expect(throttle.begin(at('ana', '10.2.7.1'), now).waitMs).toBeGreaterThan(0);
  expect(throttle.begin(at('ana', '10.2.7.1', 'device-1'), now).waitMs).toBe(0);
  expect(throttle.begin(at('bruno', '10.2.7.1'), now).waitMs).toBe(0);
});

test('a person gets in at a new device at once, however busily others guess at the login', () => {
  const throttle = createSignInThrottle();
  // An hour of sixty networks that knock four times a second, so that no turn is ever left over.
  const guess = (now: number) =>
    throttle.begin(at('ana', `10.1.${(now / 250) % 60}.1`), now).waitMs;
  let guesses = 0;
  for (let now = 0; now < 3_600_000; now += 250) if (guess(now) === 0) guesses += 1;
  expect(guesses).toBeLessThan(60 * 3 + 3_600 / 20 + 20);
  // Twice mistyped, then right.
  for (let tries = 0; tries < 3; tries += 1) {
    expect(throttle.begin(at('ana', '10.9.0.1'), 3_600_000 + tries).waitMs).toBe(0);
  }
  throttle.succeeded(at('ana', '10.9.0.1'));
  expect(throttle.begin(at('ana', '10.9.0.1'), 3_600_010).waitMs).toBe(0);
});

test('a right password makes no one else wait longer', () => {
  const throttle = createSignInThrottle();
  for (let n = 0; n < 30; n += 1) throttle.begin(at(`guess-${n}`, '10.0.0.1'), 0);
  expect(throttle.begin(at('ana', '10.0.0.1'), 1_999).waitMs).toBe(1);
  expect(throttle.begin(at('ana', '10.0.0.1'), 2_000).waitMs).toBe(0);
  throttle.succeeded(at('ana', '10.0.0.1'));
  expect(throttle.begin(at('carla', '10.0.0.1'), 2_000).waitMs).toBe(0);
});

test('forgets after half an hour, and keeps no more than it may', () => {
  const throttle = createSignInThrottle();
  const guess = (login: string, address: string, now: number) =>
    throttle.begin(at(login, address), now).waitMs;
  for (let tries = 0; tries < 5; tries += 1) guess('ana', '10.0.0.1', 0);
  expect(guess('ana', '10.0.0.1', 1_000)).toBeGreaterThan(0);
  expect(guess('ana', '10.0.0.1', 1_800_001)).toBe(0);
  for (let tries = 0; tries < 5; tries += 1) guess('bruno', '10.1.0.1', 2_000_000);
  for (let other = 0; other < 10_000; other += 1) {
    guess(`other-${other}`, `address-${other}`, 2_000_000);
  }
  expect(guess('bruno', '10.1.0.1', 2_000_000)).toBe(0);
});

test('a stranger at the same address keeps nobody from a device they signed in on before', async () => {
  const floor = await openDoors();
  try {
    const first = await floor.signIn('ana');
    const device = first.headers['set-cookie']?.[1]?.split(';')[0] ?? '';
    const body = (password: string) => ({ login: 'ana', password });
    const signIn = (password: string, cookie?: string) =>
      floor.ask('POST', '/api/session', {
        ...{ body: body(password), ...(cookie ? { headers: { cookie } } : {}) },
      });
    for (let tries = 0; tries < 5; tries += 1) await signIn('guessed-by-a-stranger');
    expect((await signIn(PASSWORD)).status).toBe(429);
    expect((await signIn(PASSWORD, device)).status).toBe(200);
    // A made-up cookie and another user's are worth nothing.
    expect((await signIn(PASSWORD, `${device}x`)).status).toBe(429);
    const others = (await floor.signIn('bruno')).headers['set-cookie']?.[1]?.split(';')[0] ?? '';
    expect((await signIn(PASSWORD, others)).status).toBe(429);
    floor.clock.skipMs += 181 * 86_400_000;
    for (let tries = 0; tries < 5; tries += 1) await signIn('guessed-by-a-stranger');
    expect((await signIn(PASSWORD, device)).status).toBe(429);
  } finally {
    await floor.stop();
  }
});
