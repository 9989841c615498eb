import { afterAll, beforeAll, expect, test } from 'vitest';
import { createSignInThrottle } from '../../src/http/sign-in-throttle.ts';
import { openDoors, type TestDoors } from '../support/doors.ts';

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

test('doubles the wait with each failure, up to five minutes', () => {
  const throttle = createSignInThrottle();
  let now = 0;
  const waits: number[] = [];
  for (let tries = 0; tries < 16; tries += 1) {
    const { waitMs } = throttle.begin('ana', `10.0.0.${tries}`, now);
    if (waitMs > 0) {
      waits.push(waitMs);
      now += waitMs;
      throttle.begin('ana', `10.0.1.${tries}`, now);
    }
  }
  expect(waits.slice(0, 4)).toEqual([2_000, 4_000, 8_000, 16_000]);
  expect(Math.max(...waits)).toBe(300_000);
});

test('makes an address wait that tries many logins, but a right password there is no amnesty', () => {
  const throttle = createSignInThrottle();
  for (let tries = 0; tries < 29; tries += 1) {
    expect(throttle.begin(`login-${tries}`, '10.0.0.1', 0).waitMs).toBe(0);
  }
  expect(throttle.begin('own-account', '10.0.0.1', 0).waitMs).toBe(0);
  throttle.succeeded('own-account', '10.0.0.1', 0);
  expect(throttle.begin('login-30', '10.0.0.1', 0).waitMs).toBe(0);
  expect(throttle.begin('login-31', '10.0.0.1', 0).waitMs).toBeGreaterThan(0);
  expect(throttle.begin('login-31', '10.0.0.2', 0).waitMs).toBe(0);
});

test('forgets after half an hour, and keeps no more than it may', () => {
  const throttle = createSignInThrottle();
  for (let tries = 0; tries < 5; tries += 1) throttle.begin('ana', '10.0.0.1', 0);
  expect(throttle.begin('ana', '10.0.0.9', 1_000).waitMs).toBeGreaterThan(0);
  expect(throttle.begin('ana', '10.0.0.9', 1_800_001).waitMs).toBe(0);
  for (let tries = 0; tries < 5; tries += 1) throttle.begin('bruno', `10.1.0.${tries}`, 2_000_000);
  for (let other = 0; other < 10_000; other += 1) {
    throttle.begin(`other-${other}`, `address-${other}`, 2_000_000);
  }
  expect(throttle.begin('bruno', '10.2.0.1', 2_000_000).waitMs).toBe(0);
});
