import type { Socket } from 'socket.io-client';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import {
  boardMessage,
  type LogMessage,
  logMessage,
  supervisorSnapshot,
} from '../../src/protocol/supervisor.ts';
import { aCall, aShift } from '../support/builders.ts';
import { next, openDoors, type TestDoors, until } from '../support/doors.ts';

let doors: TestDoors;
let screen: Socket;

beforeAll(async () => {
  doors = await openDoors();
  await doors.signIn('supervisora');
  const { engine } = doors;
  const call = aCall({ state: 'talking' });
  engine.calls.set(call.id, call);
  const [ana] = engine.people.filter((one) => one.id === 'user_ana');
  if (!ana) throw new Error('ana is among the people');
  engine.boardState = {
    ...engine.boardState,
    agents: [
      {
        ...{ person: ana, shift: aShift({ activity: 'talking' }), call },
        ...{ callsToday: 3, campaignIds: ['campaign_1'] },
      },
    ],
  };
  screen = await doors.connect('/supervisor', 'supervisora');
});
afterAll(() => doors.stop());
beforeEach(() => {
  screen.removeAllListeners();
});

const ask = async () =>
  supervisorSnapshot.parse(await screen.timeout(2_000).emitWithAck('snapshot'));

const aLine = { kind: 'call-abandoned', because: 'limit', waitMs: 2_000 } as const;
const ofTheCall = { callId: 'call_1', campaignId: 'campaign_1', agentId: 'user_ana' } as const;

function collect(name: 'board' | 'log'): unknown[] {
  const messages: unknown[] = [];
  screen.on(name, (message: unknown) => messages.push(message));
  return messages;
}

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

test('shows the board with names, and numbers with their last four digits only', async () => {
  const { board } = await ask();
  expect(board.agents[0]).toMatchObject({
    name: 'Ana',
    campaignIds: ['campaign_1'],
    shift: { callPhone: '(11) ****-4321', campaignName: 'Cartões até 60 dias', callsToday: 3 },
  });
  expect(JSON.stringify(board)).not.toContain('98765');
});

test('sends two boards a second at most, and one every two seconds at least', async () => {
  await sleep(600);
  const boards = collect('board');
  const end = Date.now() + 2_000;
  while (Date.now() < end) {
    doors.engine.publish([aLine], ofTheCall);
    await sleep(5);
  }
  expect(boards.length).toBeGreaterThanOrEqual(3);
  expect(boards.length).toBeLessThanOrEqual(6);
  boardMessage.parse(boards[0]);
  await sleep(700);
  boards.length = 0;
  await sleep(2_300);
  expect(boards.length).toBeGreaterThanOrEqual(1);
});

test('shows a change at once when nothing was sent for a while', async () => {
  await sleep(600);
  const startedAt = performance.now();
  const coming = next(screen, 'board');
  doors.engine.publish([aLine], ofTheCall);
  await coming;
  expect(performance.now() - startedAt).toBeLessThan(300);
});

test('turns a fact into a line without a debtor’s name or whole number', async () => {
  await sleep(300);
  const coming = next(screen, 'log');
  doors.engine.publish([aLine, { kind: 'call-ringing' }], ofTheCall);
  const { lines } = logMessage.parse(await coming);
  expect(lines).toEqual([
    {
      sequence: doors.engine.upTo() - 1,
      at: expect.any(Number),
      kind: 'call-abandoned',
      campaignName: 'Cartões até 60 dias',
      agentName: 'Ana',
      byName: null,
      phone: '(11) ****-4321',
      callId: 'call_1',
      values: { because: 'limit', waitMs: 2_000 },
    },
  ]);
});

test('numbers its messages so that each continues the last one', async () => {
  const { upTo } = await ask();
  const logs = collect('log') as LogMessage[];
  for (let turn = 0; turn < 8; turn += 1) {
    doors.engine.publish([aLine], ofTheCall);
    await sleep(100);
  }
  await until(() => logs.at(-1)?.upTo === doors.engine.upTo());
  expect(logs.length).toBeGreaterThan(1);
  expect(logs[0]?.after).toBe(upTo);
  for (const [place, message] of logs.entries()) {
    if (place > 0) expect(message.after).toBe(logs[place - 1]?.upTo);
  }
});

test('sends twenty lines a second at most and says how many it left out', async () => {
  await sleep(1_100);
  const logs = collect('log') as LogMessage[];
  const from = performance.now();
  for (let turn = 0; turn < 100; turn += 1) {
    doors.engine.publish([aLine, aLine, aLine], ofTheCall);
    await sleep(9);
  }
  await until(() => logs.at(-1)?.upTo === doors.engine.upTo());
  const lines = logs.flatMap((one) => one.lines).length;
  const omitted = logs.reduce((sum, one) => sum + one.omitted, 0);
  expect(lines + omitted).toBe(300);
  // A busy machine takes longer over it, and each second more lets twenty more lines out.
  const seconds = (performance.now() - from) / 1_000;
  expect(lines).toBeLessThanOrEqual(20 * (seconds + 1) + 5);
  // What is told is the newest.
  expect(logs.at(-1)?.lines.at(-1)?.sequence).toBe(doors.engine.upTo());
});

test('a screen that missed a message notices the gap, and a snapshot closes it', async () => {
  await ask();
  await sleep(1_100);
  const logs = collect('log') as LogMessage[];
  doors.engine.publish([aLine], ofTheCall);
  await until(() => logs.length === 1);
  const seen = logs[0]?.upTo;
  // The second message is lost on the way.
  doors.engine.publish([aLine], ofTheCall);
  await until(() => logs.length === 2);
  doors.engine.publish([aLine], ofTheCall);
  await until(() => logs.length === 3);
  expect(logs[2]?.after).not.toBe(seen);
  const snapshot = await ask();
  expect(snapshot).toMatchObject({ epoch: 'epoch-1', upTo: logs[2]?.upTo });
  const sequences = snapshot.log.map((line) => line.sequence);
  expect(sequences).toContain(logs[1]?.lines[0]?.sequence);
  doors.engine.publish([aLine], ofTheCall);
  await until(() => logs.length === 4);
  expect(logs[3]?.after).toBe(snapshot.upTo);
});

test('answers a snapshot that is asked for without end with a refusal', async () => {
  await sleep(1_100);
  const answers = await Promise.all(
    Array.from({ length: 10 }, () => screen.timeout(2_000).emitWithAck('snapshot')),
  );
  const refused = answers.filter((one) => one.ok === false);
  expect(refused.length).toBeGreaterThanOrEqual(7);
  screen.emit('snapshot');
  screen.emit('snapshot', 'no function');
});

test('signs the screen out when its session ends', async () => {
  const told = next(screen, 'signed-out');
  await doors.ask('DELETE', '/api/session', { as: 'supervisora' });
  await told;
  await until(() => !screen.connected);
});

test('says on every board since when there is no backup', async () => {
  const since = Date.now() - 3 * 86_400_000;
  for (const noBackUpSince of [since, undefined]) {
    const floor = await openDoors({ noBackUpSince: () => noBackUpSince });
    try {
      await floor.signIn('supervisora');
      const page = await floor.connect('/supervisor', 'supervisora');
      const { board } = await page.emitWithAck('snapshot');
      expect(board.noBackUpSince).toBe(noBackUpSince ?? null);
    } finally {
      await floor.stop();
    }
  }
});
