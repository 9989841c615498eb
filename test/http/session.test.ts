import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDoors, PASSWORD, type TestDoors } from '../support/doors.ts';

let doors: TestDoors;

beforeAll(async () => {
  doors = await openDoors();
});
afterAll(() => doors.stop());

test('signs in with a cookie that no script and no other site can use', async () => {
  const answer = await doors.signIn('ana');
  expect(answer.status).toBe(200);
  expect(answer.json).toEqual({
    user: {
      ...{ id: 'user_ana', login: 'ana', name: 'Ana', role: 'agent', enabled: true },
      ...{ mustChangePassword: false, language: null, limitedTo: null },
    },
    features: { debtorPhone: false },
  });
  const [cookie, device] = answer.headers['set-cookie'] ?? [];
  expect(cookie).toMatch(/^cadencia=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/);
  expect(device).toMatch(
    /^cadencia-device=[\w~-]+; Path=\/api\/session; Max-Age=15552000; HttpOnly; SameSite=Strict$/,
  );
  const session = await doors.ask('GET', '/api/session', { as: 'ana' });
  expect(session.json.user.login).toBe('ana');
});

test('keeps only a hash of the token', async () => {
  await doors.signIn('ana');
  const token = doors.cookieOf('ana').split('=')[1] ?? '';
  const found = await doors.storage.accounts.sessionByTokenHash(token, Date.now());
  expect(found).toBeUndefined();
});

test('takes logins in any case and gives the same answer for a wrong login and a wrong password', async () => {
  expect((await doors.signIn('  ANA ')).status).toBe(200);
  const wrongPassword = await doors.signIn('bruno', 'wrong-password');
  const wrongLogin = await doors.signIn('nobody-here', 'wrong-password');
  expect(wrongPassword.status).toBe(401);
  expect(wrongPassword.json).toEqual(wrongLogin.json);
  expect(wrongPassword.json).toMatchObject({ code: 'wrong-credentials', status: 401 });
  expect(wrongPassword.headers['content-type']).toContain('application/problem+json');
});

test('takes about as long for an unknown user as for a known one', async () => {
  const time = async (login: string) => {
    const startedAt = performance.now();
    await doors.signIn(login, 'wrong-password');
    return performance.now() - startedAt;
  };
  await time('somebody-0');
  // The least of several, turn about: on a busy machine any one of them may take long.
  let [known, unknown] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let turn = 1; turn <= 4; turn += 1) {
    known = Math.min(known, await time('admin'));
    unknown = Math.min(unknown, await time(`somebody-${turn}`));
  }
  // A missing hash would answer in a millisecond or two; the hash alone takes tens.
  expect(unknown).toBeGreaterThan(known / 3);
});

test('signs out: the cookie opens nothing any more', async () => {
  await doors.signIn('bruno');
  const answer = await doors.ask('DELETE', '/api/session', { as: 'bruno' });
  expect(answer.status).toBe(204);
  expect(String(answer.headers['set-cookie'])).toContain('Max-Age=0');
  const after = await doors.ask('GET', '/api/session', { as: 'bruno' });
  expect(after.json).toMatchObject({ status: 401, code: 'not-signed-in' });
});

test('ends an unused session, and one that is too old even if it is used', async () => {
  const short = await openDoors({ idleMs: 600_000, lifetimeMs: 1_500_000 });
  const isIn = async () => (await short.ask('GET', '/api/session', { as: 'ana' })).status === 200;
  try {
    await short.signIn('ana');
    short.clock.skipMs += 599_000;
    expect(await isIn()).toBe(true);
    short.clock.skipMs += 599_000;
    expect(await isIn()).toBe(true);
    short.clock.skipMs += 305_000;
    expect(await isIn()).toBe(false);
    await short.signIn('ana');
    short.clock.skipMs += 601_000;
    expect(await isIn()).toBe(false);
  } finally {
    await short.stop();
  }
});

test('makes a user with a reset password choose a new one first', async () => {
  await doors.signIn('admin');
  const reset = await doors.ask('POST', '/api/users/user_supervisora/password-reset', {
    as: 'admin',
  });
  const { password } = reset.json;
  expect((await doors.signIn('supervisora', PASSWORD)).status).toBe(401);
  expect((await doors.signIn('supervisora', password)).json.user.mustChangePassword).toBe(true);
  const barred = await doors.ask('GET', '/api/campaigns', { as: 'supervisora' });
  expect(barred.json).toMatchObject({ status: 403, code: 'password-change-needed' });
  const change = (body: object) =>
    doors.ask('PUT', '/api/session/password', { as: 'supervisora', body });
  const wrong = await change({ currentPassword: 'guess', newPassword: 'uma-senha-nova' });
  expect(wrong.json.code).toBe('wrong-password');
  const short = await change({ currentPassword: password, newPassword: 'curta' });
  expect(short.json).toMatchObject({ code: 'password-too-short', status: 422 });
  const common = await change({ currentPassword: password, newPassword: 'Senha@12345' });
  expect(common.json).toMatchObject({ code: 'password-common', status: 422 });
  const own = await change({ currentPassword: password, newPassword: 'supervisora2026' });
  expect(own.status).toBe(422);
  const same = await change({ currentPassword: password, newPassword: password });
  expect(same.json.code).toBe('password-unchanged');
  const done = await change({ currentPassword: password, newPassword: 'uma-senha-nova' });
  expect(done.status).toBe(204);
  expect((await doors.ask('GET', '/api/campaigns', { as: 'supervisora' })).status).toBe(200);
});

test('keeps the language', async () => {
  await doors.signIn('ana');
  await doors.ask('PUT', '/api/session/language', { as: 'ana', body: { language: 'en' } });
  const session = await doors.ask('GET', '/api/session', { as: 'ana' });
  expect(session.json.user.language).toBe('en');
});

test('makes the cookie Secure and bound to the host when pages come by https', async () => {
  const secure = await openDoors({ publicOrigins: ['https://discador.example.com'] });
  try {
    const answer = await secure.signIn('ana');
    const [cookie, device] = answer.headers['set-cookie'] ?? [];
    expect(device).toMatch(/^__Secure-cadencia-device=.*; HttpOnly; SameSite=Strict; Secure$/);
    expect(cookie).toMatch(
      /^__Host-cadencia=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Secure$/,
    );
    expect(answer.headers['strict-transport-security']).toBeDefined();
  } finally {
    await secure.stop();
  }
});
