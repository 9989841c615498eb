import { afterAll, beforeAll, expect, test } from 'vitest';
import { healthView } from '../../src/protocol/admin.ts';
import { openDoors, type TestDoors } from '../support/doors.ts';

let doors: TestDoors;
let isCheckpointFailing = false;
let noBackUpSince: number | undefined;

beforeAll(async () => {
  doors = await openDoors({
    isCheckpointFailing: () => isCheckpointFailing,
    noBackUpSince: () => noBackUpSince,
  });
});
afterAll(() => doors.stop());

test('is 200 while calls can be made', async () => {
  const answer = await doors.ask('GET', '/health');
  expect(answer.status).toBe(200);
  const health = healthView.parse(answer.json);
  expect(health).toMatchObject({
    ...{ ok: true, version: '0.0.0-test', inbox: { depth: 3, max: 10_000 }, problems: [] },
    telephony: { connected: true, lagMs: 4 },
  });
  expect(health.eventLoopDelayMs.p99).toBeGreaterThanOrEqual(0);
});

test.each([
  ['telephony-disconnected', { telephony: { connected: false } }],
  ['telephony-slow', { telephony: { connected: true, lagMs: 5_000 } }],
  ['telephony-silent', { telephony: { connected: true, silentForMs: 60_000 } }],
  ['inbox-nearly-full', { inboxDepth: 9_000 }],
  ['draining', { draining: true }],
  ['disk-full', { storage: { room: 'full' as const, since: 1, freeBytes: 40_000_000 } }],
  [
    'store-held-up',
    { storage: { room: 'ok' as const, since: 1, heldUp: { cause: 'busy' as const, since: 1 } } },
  ],
])('is 503 and says %s', async (problem, change) => {
  const { engine } = doors;
  const usual = engine.healthState;
  engine.healthState = {
    ...usual,
    ...change,
    telephony: { ...usual.telephony, ...('telephony' in change ? change.telephony : {}) },
  };
  const answer = await doors.ask('GET', '/health');
  engine.healthState = usual;
  expect(answer.status).toBe(503);
  expect(answer.json).toMatchObject({ ok: false, problems: [problem] });
});

test('says that the log of the database cannot be copied, and goes on', async () => {
  isCheckpointFailing = true;
  const answer = await doors.ask('GET', '/health');
  isCheckpointFailing = false;
  expect([answer.status, answer.json.problems]).toEqual([200, ['checkpoint-failing']]);
});

test('says that a night has passed without a backup, and goes on', async () => {
  noBackUpSince = 1_795_000_000_000;
  const answer = await doors.ask('GET', '/health');
  noBackUpSince = undefined;
  expect([answer.status, answer.json.problems]).toEqual([200, ['backup-late']]);
  expect(answer.json.noBackUpSince).toBe(1_795_000_000_000);
});

test('says that the clock drifted, and goes on', async () => {
  const { engine } = doors;
  engine.healthState = { ...engine.healthState, clockDriftMs: -60_000, clockJumps: 1 };
  const answer = await doors.ask('GET', '/health');
  expect(answer.status).toBe(200);
  expect(answer.json).toMatchObject({ problems: ['clock-drifted'], clock: { jumps: 1 } });
});

test('counts campaigns by their abandonment, names none, and warns before the cap is reached', async () => {
  const { engine } = doors;
  const usual = engine.healthState;
  const quiet = {
    campaignId: 'campaign_quiet',
    windowFrom: 1,
    abandoned: 1,
    answers: 400,
    rateMax: 0.03,
    state: 'ok',
  } as const;
  const alarmed = { ...quiet, campaignId: 'campaign_busy', abandoned: 11, state: 'alarm' } as const;
  engine.healthState = { ...usual, clockDriftMs: 0, abandonment: [quiet] };
  expect((await doors.ask('GET', '/health')).json).toMatchObject({
    ...{ ok: true, problems: [], abandonment: { ok: 1, alarm: 0, empty: 0 } },
  });
  engine.healthState = { ...usual, clockDriftMs: 0, abandonment: [quiet, alarmed] };
  const answer = await doors.ask('GET', '/health');
  engine.healthState = usual;
  expect(answer.status).toBe(200);
  expect(answer.text).not.toContain('campaign_');
  expect(healthView.parse(answer.json)).toMatchObject({
    ...{ ok: true, problems: ['abandonment-alarm'], abandonment: { ok: 1, alarm: 1, empty: 0 } },
  });
});
