import { describe, expect, it } from 'vitest';
import type { LogLine, LogMessage, SupervisorSnapshot } from '../../../src/protocol/supervisor.ts';
import {
  FIRST_SUPERVISOR_SCREEN,
  floorTotals,
  LOG_LINES_MAX,
  reduceSupervisor,
  type SupervisorAction,
  waterfall,
} from '../../../src/web/supervisor/board.ts';
import { disturbed, everyWalk } from '../../support/walks.ts';
import { fakeBoard } from '../fake-floor.ts';

const NOW = 1_800_000_000_000;

const aLine = (sequence: number): LogLine => ({
  sequence,
  at: NOW,
  kind: 'shift-began',
  campaignName: null,
  agentName: null,
  byName: null,
  phone: null,
  callId: null,
  values: {},
});
const lines = (after: number, upTo: number) =>
  Array.from({ length: upTo - after }, (_, place) => aLine(after + place + 1));
const log = (after: number, upTo: number, change: Partial<LogMessage> = {}): SupervisorAction => ({
  kind: 'log',
  message: { epoch: 'one', after, upTo, lines: lines(after, upTo), omitted: 0, ...change },
});
const snapshot = (upTo: number, epoch = 'one'): SupervisorAction => {
  const board = fakeBoard(NOW);
  const body: SupervisorSnapshot = { epoch, upTo, board, log: lines(0, upTo) };
  return { kind: 'snapshot', snapshot: body, at: NOW };
};
const screenAfter = (...actions: readonly SupervisorAction[]) =>
  actions.reduce(reduceSupervisor, FIRST_SUPERVISOR_SCREEN);
const sequences = (screen: ReturnType<typeof screenAfter>) =>
  screen.log.map((line) => line.sequence);

describe('the live log', () => {
  it('begins with a gap, and takes what follows a snapshot', () => {
    expect(FIRST_SUPERVISOR_SCREEN.gap).toBe(true);
    const screen = screenAfter(snapshot(3), log(3, 5));
    expect(screen.gap).toBe(false);
    expect(sequences(screen)).toEqual([1, 2, 3, 4, 5]);
  });

  it('notices a gap after a jump, in another epoch and after a lost connection', () => {
    expect(screenAfter(snapshot(3), log(4, 5)).gap).toBe(true);
    expect(screenAfter(snapshot(3), log(3, 5, { epoch: 'two' })).gap).toBe(true);
    expect(screenAfter(snapshot(3), { kind: 'link', link: 'down' }).gap).toBe(true);
  });

  it('adds only the new lines of an overlapping message, and none of an old one', () => {
    expect(sequences(screenAfter(snapshot(3), log(1, 5)))).toEqual([1, 2, 3, 4, 5]);
    const screen = screenAfter(snapshot(3));
    expect(reduceSupervisor(screen, log(0, 3))).toBe(screen);
  });

  it('counts what was left out and keeps a bounded number of lines', () => {
    const screen = screenAfter(snapshot(3), log(3, 700, { omitted: 37 }));
    expect(screen.omitted).toBe(37);
    expect(screen.log).toHaveLength(LOG_LINES_MAX);
  });

  it('never shows a line twice, out of order or without knowing of a gap', () => {
    everyWalk((random, note) => {
      const story = [1, 2, 3, 4, 5, 6].map((place) => log(3 * place, 3 * place + 3));
      const heard = disturbed(story, random, () => log(100, 103));
      let screen = screenAfter(snapshot(3));
      for (const action of heard) {
        screen = reduceSupervisor(screen, action);
        note(`upTo ${screen.logUpTo}, gap ${screen.gap}`);
      }
      const shown = sequences(screen);
      const whole = Array.from({ length: shown.length }, (_, place) => place + 1);
      if (shown.join() !== whole.join()) throw new Error(`it shows ${shown.join()}`);
    });
  });
});

describe('the waterfall', () => {
  const board = fakeBoard(NOW);
  const campaign = board.campaigns[0]!;

  it('adds up from all leads to those that are due', () => {
    const { steps, unexplained } = waterfall(campaign);
    expect(unexplained).toBe(0);
    const taken = steps.slice(1, -1).reduce((sum, step) => sum + step.leads, 0);
    expect(campaign.leads.total - taken).toBe(campaign.leads.due);
    expect(steps.at(-1)).toEqual({ kind: 'due', leads: campaign.leads.due });
  });

  it('tells how many leads it cannot explain', () => {
    const leads = { ...campaign.leads, due: campaign.leads.due - 7 };
    expect(waterfall({ ...campaign, leads }).unexplained).toBe(7);
  });
});

it('counts each agent of the floor in one place', () => {
  const totals = floorTotals(fakeBoard(NOW));
  const { talking, free, wrappingUp, undisposed, paused, absent } = totals;
  expect(undisposed).toBe(1);
  expect(talking + free + wrappingUp + undisposed + paused + absent).toBe(totals.signedIn);
  expect(totals).toMatchObject({ signedIn: 10, free: 1, absent: 1, linesNow: 27, linesMax: 120 });
});
