import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type GroupMember, groupSnapshot } from '../../../src/domain/pacing/group-snapshot.ts';
import type { PacingAgent, PacingCall } from '../../../src/domain/pacing/pacing-interface.ts';
import { NOW, SETTINGS } from './pacer-floors.ts';

const ROOM = { linesFree: 40, callsAllowedNow: 6 };
const IDS = ['a', 'b', 'c'] as const;

const call = (id: string): PacingCall => ({ id, state: 'ringing', placedAt: NOW, since: NOW });

/** A member by its numbers. */
const member = fc
  .record({
    weight: fc.integer({ min: 1, max: 9 }),
    answers: fc.nat(500),
    abandoned: fc.nat(20),
    leadsLeft: fc.nat(50),
    linesMax: fc.nat(60),
    live: fc.nat(60),
    ringing: fc.nat(5),
    waiting: fc.nat(2),
    guaranteed: fc.nat(3),
    linesPerAgentMax: fc.option(fc.double({ min: 0, max: 4, noNaN: true }), { nil: undefined }),
  })
  .map(({ answers, abandoned, ringing, waiting, linesPerAgentMax, ...one }) => ({
    ...one,
    id: '',
    bank: { answers, abandoned },
    calls: Array.from({ length: ringing }, (_, index) => call(`call_${index}`)),
    waiting: Array.from({ length: waiting }, () => ({ answeredAt: NOW, deadlineAt: NOW + 2_000 })),
    abandonment: SETTINGS.abandonment,
    ...(linesPerAgentMax === undefined ? {} : { linesPerAgentMax }),
  }));
const members: fc.Arbitrary<GroupMember[]> = fc
  .array(member, { minLength: 1, maxLength: 3 })
  .map((some) => some.map((one, index) => ({ ...one, id: IDS[index] ?? 'c' })));

const agent: fc.Arbitrary<PacingAgent> = fc
  .record({
    state: fc.constantFrom<PacingAgent['state']>('available', 'talking', 'wrapping-up', 'reserved'),
    campaignIds: fc.option(fc.subarray([...IDS]), { nil: undefined }),
    restsMs: fc.option(fc.integer({ min: 1, max: 9_000 }), { nil: undefined }),
  })
  .map(({ state, campaignIds, restsMs }) => ({
    state,
    since: NOW - 4_000,
    ...(campaignIds ? { campaignIds } : {}),
    ...(restsMs === undefined ? {} : { freeAt: NOW + restsMs }),
  }));
const agents = fc.array(agent, { maxLength: 8 });

const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);

describe('the snapshot of any dialing group', () => {
  it('has what its campaigns have, no more and no less', () => {
    fc.assert(
      fc.property(members, agents, (some, team) => {
        const snapshot = groupSnapshot(some, team, ROOM, NOW);
        const { campaigns = [] } = snapshot;
        expect(campaigns.map(({ id }) => id)).toEqual(some.map(({ id }) => id));
        expect(snapshot.calls).toHaveLength(sum(some.map(({ calls }) => calls.length)));
        expect(snapshot.waiting).toHaveLength(sum(some.map(({ waiting }) => waiting.length)));
        expect(snapshot.leadsLeft).toBe(sum(campaigns.map(({ leadsLeft }) => leadsLeft)));
        expect(snapshot.bank.answers).toBe(sum(campaigns.map(({ bank }) => bank.answers)));
        expect(snapshot.bank.abandoned).toBe(sum(campaigns.map(({ bank }) => bank.abandoned)));
        expect(snapshot.linesFree).toBeLessThanOrEqual(ROOM.linesFree);
      }),
      { seed: 111, numRuns: 80 },
    );
  });

  it('gives no campaign more lines than it may have, and none a number below nothing', () => {
    fc.assert(
      fc.property(members, agents, (some, team) => {
        const { campaigns = [] } = groupSnapshot(some, team, ROOM, NOW);
        for (const [index, { linesFree = -1 }] of campaigns.entries()) {
          const { linesMax = 0, live = 0 } = some[index] ?? {};
          expect(linesFree).toBeGreaterThanOrEqual(0);
          expect(linesFree).toBeLessThanOrEqual(Math.max(0, linesMax - live));
          expect(Number.isFinite(linesFree)).toBe(true);
        }
      }),
      { seed: 112, numRuns: 80 },
    );
  });

  it('keeps for calls only agents who were free, and as many as there are such calls at most', () => {
    fc.assert(
      fc.property(members, agents, (some, team) => {
        const told = groupSnapshot(some, team, ROOM, NOW).agents;
        expect(told).toHaveLength(team.length);
        let kept = 0;
        for (const [index, one] of told.entries()) {
          const before = team[index];
          if (one.state === before?.state) {
            expect(one).toEqual(before);
            continue;
          }
          kept += 1;
          expect(before).toMatchObject({ state: 'available' });
          expect(before).not.toHaveProperty('freeAt');
          expect(one).toEqual({ ...before, state: 'reserved' });
        }
        expect(kept).toBeLessThanOrEqual(sum(some.map(({ guaranteed }) => guaranteed)));
      }),
      { seed: 113, numRuns: 80 },
    );
  });

  it('leaves free no agent who could be kept for a call that has none', () => {
    fc.assert(
      fc.property(fc.nat(4), agents, (guaranteed, team) => {
        const one: GroupMember = {
          id: 'a',
          weight: 1,
          bank: { answers: 0, abandoned: 0 },
          leadsLeft: 1,
          linesMax: 9,
          live: 0,
          calls: [],
          waiting: [],
          guaranteed,
          abandonment: SETTINGS.abandonment,
        };
        const isKeepable = ({ state, freeAt, campaignIds }: PacingAgent): boolean =>
          state === 'available' && freeAt === undefined && (campaignIds?.includes('a') ?? true);
        const could = team.filter(isKeepable).length;
        const still = groupSnapshot([one], team, ROOM, NOW).agents.filter(isKeepable).length;
        expect(still).toBe(Math.max(0, could - guaranteed));
      }),
      { seed: 114, numRuns: 80 },
    );
  });

  it('of no campaign at all dials nothing', () => {
    expect(groupSnapshot([], [], ROOM, NOW)).toMatchObject({
      campaigns: [],
      calls: [],
      leadsLeft: 0,
      linesFree: 0,
      bank: { answers: 0, abandoned: 0 },
    });
  });

  it('does not change what it was made of', () => {
    fc.assert(
      fc.property(members, agents, (some, team) => {
        const before = structuredClone([some, team]);
        groupSnapshot(some, team, ROOM, NOW);
        expect([some, team]).toEqual(before);
      }),
      { seed: 115, numRuns: 40 },
    );
  });
});
