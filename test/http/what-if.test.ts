import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Estimate, WhatIfQuestion } from '../../src/engine/ports/what-if.ts';
import { present } from '../../src/lib/assert.ts';
import { whatIfView } from '../../src/protocol/what-if.ts';
import { say } from '../../src/words/say.ts';
import { openDoors, type TestDoors } from '../support/doors.ts';
import { BANK, SHOP } from '../support/store.ts';

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
const FIGURES = {
  ...{ utilisation: near(0.8), abandonment: near(0.02), waitMs: near(20_000) },
  conversationsPerHour: near(21),
};
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

test('answers with both ways, their spread and their basis', async () => {
  doors.engine.asked = { ok: true, question: QUESTION };
  doors.engine.estimated = {
    ok: true,
    estimate: {
      ...{ spans: 6, spanMs: 3_600_000, now: FIGURES, changed: FIGURES },
      ...{ others: [], machines: 'left-out' },
    },
  };
  const answer = await ask({ linesMax: 40 });
  expect(answer.status).toBe(200);
  expect(whatIfView.parse(answer.json)).toEqual({
    ...{ ok: true, spans: 6, spanMs: 3_600_000, agents: 12 },
    ...{ now: FIGURES, changed: FIGURES, others: [] },
    basis: {
      ...{ amd: null, machines: 'left-out', restsAhead: 0 },
      restBetweenCallsMs: { now: 0, changed: 0 },
    },
  });
  expect(doors.engine.whatIfs.at(-1)).toEqual({
    campaignId: 'campaign_1',
    change: { linesMax: 40 },
  });
  expect(doors.engine.ran).toEqual([]);
});

test('simulates with the measurements of screening, and says what else was taken into account', async () => {
  const now = { ...QUESTION.now, amd: 'parallel', restBetweenCallsMs: 5_000 } as const;
  const other = { ...QUESTION, id: 'campaign_2', weight: 1, now };
  const soon = { inMs: 600_000, forMs: 600_000 };
  doors.engine.asked = {
    ok: true,
    question: {
      ...{ ...QUESTION, id: 'campaign_1', weight: 1, now, others: [other] },
      changed: { ...now, amd: 'off' },
      crew: [{ rest: soon }, { rest: { ...soon, inMs: 3_600_000 } }, {}],
    },
  };
  const abandonment = { now: near(0.01), changed: near(0.02) };
  doors.engine.estimated = {
    ok: true,
    estimate: {
      ...{ spans: 6, spanMs: 1_800_000, now: FIGURES, changed: FIGURES, machines: 'assumed' },
      others: [{ campaignId: 'campaign_2', abandonment, isNotable: true }],
    },
  };
  const answer = whatIfView.parse((await ask({ amd: 'off' })).json);
  const [name] = doors.engine.campaigns.flatMap((one) => (one.id === 'campaign_2' ? one.name : []));
  expect(answer).toMatchObject({
    others: [{ name: name ?? 'campaign_2', abandonment, isNotable: true }],
    basis: {
      ...{ amd: { now: 'parallel', changed: 'off' }, machines: 'assumed', restsAhead: 1 },
      restBetweenCallsMs: { now: 5_000, changed: 5_000 },
    },
  });
  const none = { people: 0, machines: 0, peopleMeanMs: 0, machinesMeanMs: 0 };
  const question = doors.engine.questions.at(-1);
  expect(question?.screened?.lately).toEqual(none);
  expect(question?.others?.[0]?.screened?.lately).toEqual(none);
});

test('leaves out what the change does to campaigns of other creditors, and asks for them all the same', async () => {
  const supervisora = await doors.storage.accounts.user('user_supervisora');
  const audit = { at: 1, subject: 'user', subjectId: 'user_supervisora', change: 'x' } as const;
  const limit = (limitedTo?: [`creditor_${string}`]) =>
    doors.storage.accounts.saveUser(
      { ...present(supervisora, 'she is a user'), ...(limitedTo ? { limitedTo } : {}) },
      audit,
    );
  await limit([BANK.id]);
  const answer = await ask({ amd: 'off' });
  expect(whatIfView.parse(answer.json)).toMatchObject({ ok: true, others: [] });
  expect(answer.text).not.toContain('campaign_2');
  expect(doors.engine.questions.at(-1)?.others?.[0]?.screened?.lately).toBeDefined();
  await limit([SHOP.id]);
  expect((await ask({ amd: 'off' })).json).toMatchObject({ status: 403, code: 'not-yours' });
  await limit();
});

test('says why there is no estimate', async () => {
  doors.engine.asked = { ok: false, because: 'learning' };
  expect((await ask({ linesMax: 40 })).json).toEqual({ ok: false, because: 'learning' });
  doors.engine.asked = { ok: true, question: QUESTION };
  doors.engine.estimated = { ok: false, because: 'busy' };
  expect((await ask({ linesMax: 40 })).json).toEqual({ ok: false, because: 'busy' });
});

test('refuses changes that would be refused, changes it cannot simulate, and agents', async () => {
  doors.engine.asked = { ok: false, because: 'refused', detail: say('setting-least-above-most') };
  expect((await ask({ ringTimeoutMs: 12_000 })).json).toMatchObject({ code: 'form-invalid' });
  expect((await ask({ state: 'stopped' })).status).toBe(400);
  expect((await ask({ linesMax: 40 }, 'ana')).status).toBe(403);
  const unknown = await doors.ask('POST', '/api/campaigns/campaign_x/what-if', {
    ...{ as: 'supervisora', body: {} },
  });
  expect(unknown.json).toMatchObject({ code: 'unknown-campaign' });
});
