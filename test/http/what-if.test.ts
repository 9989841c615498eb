import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Estimate, WhatIfQuestion } from '../../src/engine/ports/what-if.ts';
import { whatIfView } from '../../src/protocol/what-if.ts';
import { openDoors, type TestDoors } from '../support/doors.ts';

let doors: TestDoors;

beforeAll(async () => {
  doors = await openDoors();
  await doors.signIn('supervisora');
  await doors.signIn('ana');
});
afterAll(() => doors.stop());

const PATH = '/api/campaigns/campaign_1/what-if';
const ask = (body: unknown, as = 'supervisora') => doors.ask('POST', PATH, { as, body });

const near = (middle: number): Estimate => ({ middle, low: 0.9 * middle, high: 1.1 * middle });
const FIGURES = { utilisation: near(0.8), abandonment: near(0.02), waitMs: near(20_000) };
const SETTINGS = {
  mode: 'predictive',
  abandonment: {
    rateMax: 0.03,
    waitMaxMs: 2_000,
    clockStart: 'answered',
    earlyHangUpCounts: true,
  },
  ringTimeoutMs: 25_000,
} as const;
const QUESTION: WhatIfQuestion = {
  agents: 12,
  answerRate: 0.15,
  learned: {},
  bank: { answers: 100, abandoned: 1 },
  now: { settings: SETTINGS, linesMax: 60 },
  changed: { settings: SETTINGS, linesMax: 40 },
};

test('answers with both ways, their spread and what they rest on', async () => {
  doors.engine.asked = { ok: true, question: QUESTION };
  doors.engine.estimated = {
    ok: true,
    estimate: { spans: 6, spanMs: 3_600_000, now: FIGURES, changed: FIGURES },
  };
  const answer = await ask({ linesMax: 40 });
  expect(answer.status).toBe(200);
  expect(whatIfView.parse(answer.json)).toEqual({
    ...{ ok: true, spans: 6, spanMs: 3_600_000, agents: 12 },
    ...{ now: FIGURES, changed: FIGURES },
  });
  expect(doors.engine.whatIfs.at(-1)).toEqual({
    campaignId: 'campaign_1',
    change: { linesMax: 40 },
  });
  expect(doors.engine.ran).toEqual([]);
});

test('says why there is no estimate', async () => {
  doors.engine.asked = { ok: false, because: 'learning' };
  expect((await ask({ linesMax: 40 })).json).toEqual({ ok: false, because: 'learning' });
  doors.engine.asked = { ok: true, question: QUESTION };
  doors.engine.estimated = { ok: false, because: 'busy' };
  expect((await ask({ linesMax: 40 })).json).toEqual({ ok: false, because: 'busy' });
});

test('refuses what the change would be refused for, what it cannot simulate, and agents', async () => {
  doors.engine.asked = { ok: false, because: 'refused', detail: 'Between 20 and 30 seconds.' };
  expect((await ask({ ringTimeoutMs: 12_000 })).json).toMatchObject({ code: 'form-invalid' });
  expect((await ask({ state: 'stopped' })).status).toBe(400);
  expect((await ask({ linesMax: 40 }, 'ana')).status).toBe(403);
  const unknown = await doors.ask('POST', '/api/campaigns/campaign_x/what-if', {
    ...{ as: 'supervisora', body: {} },
  });
  expect(unknown.json).toMatchObject({ code: 'unknown-campaign' });
});
