import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PacingAgent } from '../../../src/domain/pacing/pacing-interface.ts';
import {
  type AgentShare,
  afterPlacing,
  type ClaimingCampaign,
  type ClaimingGroup,
  inTurnForLines,
  losesTurn,
  shareAgents,
  weightOf,
} from '../../../src/domain/pacing/share-agents.ts';
import { PLACED_AT } from '../../support/builders.ts';

const NOW = PLACED_AT;

function aCampaign(id: string, overrides: Partial<ClaimingCampaign> = {}): ClaimingCampaign {
  return {
    id,
    mode: 'progressive',
    weight: 1,
    dials: true,
    hasLeads: true,
    onTheWay: 0,
    ...overrides,
  };
}

/** A group of one, unless more campaigns are named. */
function aGroup(...campaigns: readonly ClaimingCampaign[]): ClaimingGroup {
  return { campaigns, served: 0 };
}

const free = (...campaignIds: readonly string[]): PacingAgent => ({
  state: 'available',
  since: NOW,
  ...(campaignIds.length > 0 ? { campaignIds } : {}),
});

const talking = (campaignId: string, ...campaignIds: readonly string[]): PacingAgent => ({
  ...free(...campaignIds),
  state: 'talking',
  campaignId,
});

const many = (count: number, agent: PacingAgent): PacingAgent[] => Array(count).fill(agent);
const counts = (shares: readonly AgentShare[]): number[] =>
  shares.map(({ agents }) => agents.length);

describe('a busy agent', () => {
  it('belongs to the group of their call, whatever else they work for', () => {
    const groups = [aGroup(aCampaign('a')), aGroup(aCampaign('b'))];
    const [first, second] = shareAgents(groups, [talking('b', 'a', 'b')], NOW);
    expect(first?.agents).toEqual([]);
    expect(second?.agents).toEqual([{ state: 'talking', since: NOW, campaignId: 'b' }]);
  });

  it('who talks for a campaign that nobody plans for is told to a group they work for, without it', () => {
    const groups = [aGroup(aCampaign('a')), aGroup(aCampaign('gone', { dials: false }))];
    const [first, second] = shareAgents(groups, [talking('gone', 'a', 'gone')], NOW);
    expect(first?.agents).toEqual([{ state: 'talking', since: NOW }]);
    expect(second?.agents).toEqual([]);
  });

  it('who works for nothing that dials is told to no group', () => {
    const groups = [aGroup(aCampaign('a')), aGroup(aCampaign('gone', { dials: false }))];
    expect(counts(shareAgents(groups, [talking('gone', 'gone')], NOW))).toEqual([0, 0]);
  });
});

describe('a free agent', () => {
  it('goes first to where calls are on the way that nobody is there for', () => {
    const groups = [aGroup(aCampaign('a')), aGroup(aCampaign('b', { onTheWay: 2 }))];
    expect(counts(shareAgents(groups, many(2, free()), NOW))).toEqual([0, 2]);
    expect(counts(shareAgents(groups, many(3, free()), NOW))).toEqual([1, 2]);
  });

  it('is wanted by as many calls as the ratio dials for one agent', () => {
    const ratio = aCampaign('b', { mode: 'ratio', ratio: 3, onTheWay: 4 });
    const groups = [
      { ...aGroup(aCampaign('a')), served: 0 },
      { ...aGroup(ratio), served: 100 },
    ];
    expect(counts(shareAgents(groups, many(5, free()), NOW))).toEqual([3, 2]);
  });

  it('is kept for calls dialed one to one before calls that were dialed by forecast', () => {
    const groups = [
      aGroup(aCampaign('forecast', { mode: 'predictive', onTheWay: 30 })),
      aGroup(aCampaign('single', { onTheWay: 1 })),
    ];
    expect(counts(shareAgents(groups, [free()], NOW))).toEqual([0, 1]);
  });

  it('goes otherwise to where least was given, by weight', () => {
    const groups = [aGroup(aCampaign('a')), aGroup(aCampaign('b', { weight: 3 }))];
    expect(counts(shareAgents(groups, many(8, free()), NOW))).toEqual([2, 6]);
    const [a, b] = groups;
    const behind = [{ ...a, served: 4 }, b] as readonly ClaimingGroup[];
    expect(counts(shareAgents(behind, many(8, free()), NOW))).toEqual([0, 8]);
  });

  it('goes to no group without leads or calls while another has a use for them', () => {
    const idle = aCampaign('idle', { hasLeads: false });
    const groups = [aGroup(idle), aGroup(aCampaign('b'))];
    expect(counts(shareAgents(groups, many(3, free()), NOW))).toEqual([0, 3]);
    const nowhere = [aGroup(idle), aGroup({ ...idle, id: 'idle too' })];
    expect(counts(shareAgents(nowhere, many(3, free()), NOW))).toEqual([3, 0]);
  });

  it('who works for one group only is left to it, whatever the others were given', () => {
    const groups = [aGroup(aCampaign('a')), aGroup(aCampaign('b'))];
    const agents = [free(), free(), free('b')];
    const [first, second] = shareAgents(groups, agents, NOW);
    expect(first?.agents).toHaveLength(2);
    expect(second?.agents).toHaveLength(1);
  });

  it('who still rests is counted by a group but covers no call of it', () => {
    const resting: PacingAgent = { ...free(), freeAt: NOW + 5_000 };
    const groups = [aGroup(aCampaign('a', { onTheWay: 1 })), aGroup(aCampaign('b'))];
    expect(counts(shareAgents(groups, [resting, free()], NOW))).toEqual([2, 0]);
    expect(counts(shareAgents(groups, [free(), free()], NOW))).toEqual([1, 1]);
  });
});

describe('the calls of a group that dials no more', () => {
  const groups = [aGroup(aCampaign('a')), aGroup(aCampaign('gone', { dials: false, onTheWay: 1 }))];
  const states = (agents: readonly PacingAgent[]): string[] =>
    shareAgents(groups, agents, NOW).flatMap((share) => share.agents.map(({ state }) => state));

  it('take an agent who serves them: others count the agent as reserved', () => {
    expect(states(many(3, free()))).toEqual(['reserved', 'available', 'available']);
  });

  it('take none of those who do not serve them, and none who still rests', () => {
    expect(states([free('a'), { ...free(), freeAt: NOW + 1 }])).toEqual(['available', 'available']);
  });
});

describe('which campaigns an agent is told to work for', () => {
  it('is said only where it tells something: some of the campaigns of the group, not all', () => {
    const groups = [aGroup(aCampaign('a'), aCampaign('b')), aGroup(aCampaign('c'))];
    const share = (agent: PacingAgent): readonly PacingAgent[] =>
      shareAgents(groups, [agent], NOW)[0]?.agents ?? [];
    expect(share(free('a'))).toEqual([{ state: 'available', since: NOW, campaignIds: ['a'] }]);
    expect(share(free('a', 'b'))).toEqual([{ state: 'available', since: NOW }]);
    expect(share(free())).toEqual([{ state: 'available', since: NOW }]);
  });
});

describe('what a group has been served', () => {
  const turns = { served: 5, linesServed: 1, weight: 2 };
  const other = { served: 9, linesServed: 3, weight: 1 };

  it('grows by the calls placed, over its weight, for agents and for lines', () => {
    expect(afterPlacing(turns, 6, [turns, other])).toEqual({ served: 8, linesServed: 4 });
  });

  it('is one turn beyond everybody where it was to place and placed nothing; lines cost nothing', () => {
    expect(afterPlacing(turns, 0, [turns, other])).toEqual({ served: 9.5, linesServed: 1 });
  });

  it('puts who took least of the lines, by weight, before the others', () => {
    const groups = [other, turns];
    expect(inTurnForLines(groups, (one) => one)).toEqual([turns, other]);
  });

  it('begins where the others have got to, after a time without a use for agents', () => {
    const idle = { ...aGroup(aCampaign('idle', { hasLeads: false })), served: 2 };
    const busy = { ...aGroup(aCampaign('b')), served: 7 };
    expect(shareAgents([idle, busy], [free()], NOW).map(({ served }) => served)).toEqual([7, 7]);
    const ahead = { ...idle, served: 20 };
    expect(shareAgents([ahead, busy], [free()], NOW).map(({ served }) => served)).toEqual([20, 7]);
  });

  it('weighs the campaigns that dial, and one where none does', () => {
    expect(weightOf([aCampaign('a', { weight: 2 }), aCampaign('b', { weight: 0.5 })])).toBe(2.5);
    expect(weightOf([aCampaign('a', { weight: 2 }), aCampaign('b', { dials: false })])).toBe(2);
    expect(weightOf([aCampaign('a', { weight: 2, dials: false })])).toBe(1);
  });
});

describe('a campaign that is to place nothing', () => {
  it.each([
    ['because lines are used up', { kind: 'capped', by: 'lines', wanted: 2, allowed: 0 }, true],
    [
      'because of calls a second',
      { kind: 'capped', by: 'calls-per-second', wanted: 2, allowed: 0 },
      true,
    ],
    ['because its list has ended', { kind: 'capped', by: 'leads', wanted: 2, allowed: 0 }, false],
    ['because nobody is free', { kind: 'no-agent-free', agents: 4 }, false],
  ] as const)('%s keeps agents from others or not', (_name, because, loses) => {
    expect(losesTurn(because)).toBe(loses);
  });
});

describe('whatever the groups and agents', () => {
  const ids = ['a', 'b', 'c', 'd', 'e'];
  const campaign = (id: string): fc.Arbitrary<ClaimingCampaign> =>
    fc.record({
      id: fc.constant(id),
      mode: fc.constantFrom('predictive', 'progressive', 'ratio'),
      ratio: fc.constantFrom(1, 1.5, 3),
      weight: fc.constantFrom(0.5, 1, 4),
      dials: fc.boolean(),
      hasLeads: fc.boolean(),
      onTheWay: fc.nat(4),
    });
  const groups = fc
    .tuple(...ids.map(campaign), fc.nat(4), fc.array(fc.nat(20), { minLength: 5, maxLength: 5 }))
    .map((drawn): ClaimingGroup[] => {
      const campaigns = drawn.slice(0, 5) as ClaimingCampaign[];
      const served = drawn[6] as number[];
      // The first few are one group, each of the others is alone.
      const first = campaigns.slice(0, 1 + (drawn[5] as number));
      const alone = campaigns.slice(first.length).map((one) => [one]);
      return [first, ...alone].map((own, at) => ({ campaigns: own, served: served[at] ?? 0 }));
    });
  const agents = fc.array(
    fc.record({
      state: fc.constantFrom('available', 'reserved', 'talking', 'wrapping-up') as fc.Arbitrary<
        PacingAgent['state']
      >,
      campaignIds: fc.subarray(ids, { minLength: 1 }),
      rests: fc.boolean(),
      busyFor: fc.constantFrom(...ids),
    }),
    { maxLength: 12 },
  );

  it('every agent who works for a campaign that dials is told to one group, nobody to two', () => {
    fc.assert(
      fc.property(groups, agents, (drawn, crew) => {
        // The moment since when tells the agents apart.
        const asked = crew.map(
          ({ state, campaignIds, rests, busyFor }, since): PacingAgent => ({
            state,
            since,
            campaignIds,
            ...(state === 'available' ? {} : { campaignId: busyFor }),
            ...(rests && state === 'available' ? { freeAt: NOW + 9_000 } : {}),
          }),
        );
        const shares = shareAgents(drawn, asked, NOW);
        const told = shares.flatMap((share) => share.agents.map(({ since }) => since));
        expect(new Set(told).size).toBe(told.length);
        const dialing = drawn.flatMap(({ campaigns }) => campaigns.filter(({ dials }) => dials));
        for (const { since, campaignIds, state } of asked) {
          const works = dialing.some(({ id }) => campaignIds?.includes(id));
          if (works) expect(told).toContain(since);
          else if (state === 'available') expect(told).not.toContain(since);
        }
        for (const [at, { campaigns }] of drawn.entries()) {
          const isDialing = campaigns.some(({ dials }) => dials);
          if (!isDialing) expect(shares[at]?.agents).toEqual([]);
        }
      }),
      { seed: 1_605, numRuns: 400 },
    );
  });
});
