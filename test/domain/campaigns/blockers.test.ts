import { describe, expect, it } from 'vitest';
import type { Board, BoardCampaign } from '../../../src/protocol/supervisor.ts';
import { decided, fakeBank, fakeBoard } from '../../web/fake-floor.ts';

const NOW = 1_800_000_000_000;

/** The first campaign of the floor after this change, with what is decided about it. */
function decidedFor(around: Board, change: Partial<BoardCampaign>): BoardCampaign {
  const [first, ...others] = around.campaigns;
  const [campaign] = decided({
    ...around,
    campaigns: [{ ...(first as BoardCampaign), ...change }, ...others],
  }).campaigns;
  return campaign as BoardCampaign;
}

const blockersIn = (around: Board, change: Partial<BoardCampaign>) =>
  decidedFor(around, change).blockers;

describe('why it is not dialing', () => {
  const board = fakeBoard(NOW);
  const campaign = board.campaigns[0]!;
  const kinds = (change: Partial<typeof campaign>, around = board) =>
    blockersIn(around, change).map((blocker) => blocker.kind);
  const nobody = {
    free: 0,
    reserved: 0,
    talking: 0,
    wrappingUp: 0,
    undisposed: 0,
    paused: 4,
    absent: 0,
  };

  it('names nothing while it dials', () => {
    expect(kinds({})).toEqual([]);
  });

  it('names the most basic first', () => {
    const down = { ...board, telephony: { up: false, because: null, since: NOW } };
    expect(kinds({ state: 'paused', agents: nobody }, down)).toEqual([
      'telephony',
      'paused',
      'no-agents',
    ]);
  });

  it('names what keeps decisions from being stored', () => {
    const storage = { ...board.storage, room: 'full', heldUp: { cause: 'full', since: NOW } };
    expect(kinds({}, { ...board, storage } as typeof board)).toEqual([
      'store-held-up',
      'disk-full',
    ]);
  });

  it('tells agents who are missing from agents who are there without audio', () => {
    expect(kinds({ agents: nobody })).toEqual(['no-agents']);
    expect(kinds({ agents: { ...nobody, absent: 2 } })).toEqual(['agents-absent']);
    expect(kinds({ agents: { ...nobody, talking: 2 } })).toEqual(['no-agent-free']);
  });

  it('names full lines, no lines, and when the next lead comes', () => {
    expect(kinds({ linesMax: 18 })).toEqual(['lines-full']);
    expect(kinds({ linesMax: 0 })).toEqual(['lines-zero']);
    const leads = { ...campaign.leads, due: 0 };
    expect(blockersIn(board, { leads })).toEqual([{ kind: 'no-leads', nextAt: NOW + 420_000 }]);
  });

  it('names abandonment only in the mode that falls back because of it', () => {
    const abandonment = fakeBank(NOW, 4, 101);
    expect(kinds({ abandonment })).toEqual(['abandonment']);
    expect(kinds({ abandonment, mode: 'progressive' })).toEqual([]);
  });

  it('names suspended trunks when none is left', () => {
    const trunks = board.trunks.map((trunk) => ({ ...trunk, suspendedUntil: NOW + 5_000 }));
    expect(kinds({}, { ...board, trunks })).toEqual(['trunks-suspended']);
  });
});

describe('what is done about an abandonment alarm', () => {
  const doingOf = (change: Partial<BoardCampaign>) => {
    const { doing } = decidedFor(fakeBoard(NOW), change).abandonment;
    return doing ? [doing] : [];
  };

  it('says what each mode does close to the cap', () => {
    const abandonment = fakeBank(NOW, 17, 612);
    expect(doingOf({ abandonment })).toEqual([{ kind: 'braking', left: 1 }]);
    expect(doingOf({ abandonment, mode: 'ratio', ratio: 2.4 })).toEqual([
      { kind: 'ratio-goes-on', ratio: 2.4, left: 1 },
    ]);
    expect(doingOf({ abandonment, mode: 'progressive' })).toEqual([{ kind: 'one-to-one-anyway' }]);
    expect(doingOf({ abandonment, state: 'paused' })).toEqual([{ kind: 'paused' }]);
  });

  it('counts the people who must be answered in time before more than one to one is dialed again', () => {
    const missing = (abandoned: number, answers: number) =>
      doingOf({ abandonment: fakeBank(NOW, abandoned, answers) });
    // 3 % of 633 is 18.99, of 634 it is 19.02.
    expect(missing(19, 612)).toEqual([{ kind: 'one-to-one', answersMissing: 22 }]);
    // 18 of 600 are exactly the cap: one more brings it below.
    expect(missing(18, 600)).toEqual([{ kind: 'one-to-one', answersMissing: 1 }]);
    expect(missing(1, 1)).toEqual([{ kind: 'one-to-one', answersMissing: 33 }]);
  });

  it('promises no way back when no one may be abandoned at all', () => {
    const abandonment = { ...fakeBank(NOW, 2, 50), rateMax: 0 };
    expect(doingOf({ abandonment })).toEqual([{ kind: 'one-to-one', answersMissing: 0 }]);
  });
});
