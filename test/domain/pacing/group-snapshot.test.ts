import { describe, expect, it } from 'vitest';
import {
  type GroupMember,
  groupSnapshot,
  onTheWay,
} from '../../../src/domain/pacing/group-snapshot.ts';
import type { PacingAgent, PacingCall } from '../../../src/domain/pacing/pacing-interface.ts';
import { PLACED_AT } from '../../support/builders.ts';

const NOW = PLACED_AT;
const ROOM = { linesFree: 50, callsAllowedNow: 8 };

function aMember(id: string, overrides: Partial<GroupMember> = {}): GroupMember {
  return {
    id,
    weight: 1,
    bank: { answers: 100, abandoned: 1 },
    leadsLeft: 10,
    linesMax: 30,
    live: 4,
    calls: [],
    waiting: [],
    guaranteed: 0,
    abandonment: {
      rateMax: 0.03,
      waitMaxMs: 2_000,
      clockStart: 'answered',
      earlyHangUpCounts: true,
    },
    ...overrides,
  };
}

const agent = (...campaignIds: readonly string[]): PacingAgent => ({
  state: 'available',
  since: NOW,
  ...(campaignIds.length > 0 ? { campaignIds } : {}),
});
const call = (id: string): PacingCall => ({ id, state: 'ringing', placedAt: NOW, since: NOW });
const linesOf = (members: readonly GroupMember[], agents: readonly PacingAgent[]) =>
  groupSnapshot(members, agents, ROOM, NOW).campaigns?.map(({ linesFree }) => linesFree);

describe('the snapshot of a dialing group', () => {
  it('has the calls, people and leads of all, and the banks of each beside their sum', () => {
    const waiting = [{ answeredAt: NOW, deadlineAt: NOW + 2_000 }];
    const snapshot = groupSnapshot(
      [
        aMember('a', { calls: [call('1')], waiting }),
        aMember('b', { calls: [call('2')], leadsLeft: 5, bank: { answers: 40, abandoned: 2 } }),
      ],
      [agent()],
      ROOM,
      NOW,
    );
    expect(snapshot.calls.map(({ id }) => id)).toEqual(['1', '2']);
    expect(snapshot.waiting).toEqual(waiting);
    expect(snapshot.leadsLeft).toBe(15);
    expect(snapshot.bank).toEqual({ answers: 140, abandoned: 3 });
    expect(snapshot.campaigns?.map(({ bank }) => bank)).toEqual([
      { answers: 100, abandoned: 1 },
      { answers: 40, abandoned: 2 },
    ]);
    expect(snapshot).toMatchObject({ now: NOW, ...ROOM });
  });

  it('of one campaign has no more lines than the campaign may have', () => {
    expect(groupSnapshot([aMember('a')], [], ROOM, NOW).linesFree).toBe(26);
    expect(groupSnapshot([aMember('a', { linesMax: 90 })], [], ROOM, NOW).linesFree).toBe(50);
    expect(groupSnapshot([aMember('a'), aMember('b')], [], ROOM, NOW).linesFree).toBe(50);
  });
});

describe('the lines of a campaign', () => {
  it('are those it may have beside the calls it has, and never below none', () => {
    expect(linesOf([aMember('a'), aMember('b', { live: 31 })], [])).toEqual([26, 0]);
  });

  it('are limited by its agents where it shares them: its clamp, less what is on the way', () => {
    const clamped = aMember('a', {
      linesPerAgentMax: 1.5,
      calls: [call('1')],
      waiting: [{ answeredAt: NOW, deadlineAt: NOW }],
      guaranteed: 1,
    });
    // Three of the four agents work for it: 4 lines, of which 3 are on the way.
    const agents = [agent(), agent('a'), agent('a', 'b'), agent('b')];
    expect(linesOf([clamped, aMember('b')], agents)).toEqual([1, 26]);
    // Alone the pacer holds the clamp itself.
    expect(linesOf([clamped], agents)).toEqual([26]);
  });

  it('come with the least lines for each agent only where there are such', () => {
    const members = [aMember('a', { linesPerAgentMin: 2 }), aMember('b')];
    const [first, second] = groupSnapshot(members, [], ROOM, NOW).campaigns ?? [];
    expect(first?.linesPerAgentMin).toBe(2);
    expect(second && 'linesPerAgentMin' in second).toBe(false);
  });
});

describe('what is on the way of a campaign', () => {
  it('is its calls, the people who wait, and those for whom an agent is kept', () => {
    const waiting = [{ answeredAt: NOW, deadlineAt: NOW + 1 }];
    expect(onTheWay({ calls: [call('1'), call('2')], waiting, guaranteed: 3 })).toBe(6);
  });
});

describe('an agent who is kept for a call', () => {
  const states = (agents: readonly PacingAgent[], ...members: readonly GroupMember[]) =>
    groupSnapshot(members, agents, ROOM, NOW).agents.map(({ state }) => state);

  it('is told as reserved, one for each such call and no more than there are', () => {
    expect(states([agent(), agent()], aMember('a', { guaranteed: 1 }))).toEqual([
      'reserved',
      'available',
    ]);
    expect(states([agent()], aMember('a', { guaranteed: 5 }))).toEqual(['reserved']);
  });

  it('works for the campaign of the call, and for as few others as can be', () => {
    const agents = [agent(), agent('a', 'b'), agent('b'), agent('a')];
    expect(states(agents, aMember('a', { guaranteed: 1 }), aMember('b'))).toEqual([
      'available',
      'available',
      'available',
      'reserved',
    ]);
    expect(
      states(agents, aMember('a', { guaranteed: 2 }), aMember('b', { guaranteed: 1 })),
    ).toEqual(['available', 'reserved', 'reserved', 'reserved']);
  });

  it('is none who talks, wraps up or still rests between two calls', () => {
    const resting: PacingAgent = { ...agent(), freeAt: NOW + 1_000 };
    const talking: PacingAgent = { ...agent(), state: 'talking' };
    expect(states([resting, talking], aMember('a', { guaranteed: 2 }))).toEqual([
      'available',
      'talking',
    ]);
  });
});
