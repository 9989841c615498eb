import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dialingGroupsOf, groupSettings } from '../../../src/domain/pacing/dialing-groups.ts';
import type { PacingSettings } from '../../../src/domain/pacing/pacing-interface.ts';

type Campaign = {
  readonly id: string;
  readonly joins: boolean;
  readonly agents: readonly string[];
};

const aCampaign = (id: string, agents: string, joins = true): Campaign => ({
  id,
  joins,
  agents: [...agents],
});

function idsOf(...campaigns: readonly Campaign[]): string[] {
  const groups = dialingGroupsOf(
    campaigns,
    ({ joins }) => joins,
    ({ agents }) => agents,
  );
  return groups.map((group) => group.map(({ id }) => id).join('+'));
}

describe('who is planned with whom', () => {
  it('joins two campaigns that share one agent, and leaves the third alone', () => {
    const found = idsOf(aCampaign('a', 'xy'), aCampaign('b', 'z'), aCampaign('c', 'yw'));
    expect(found).toEqual(['a+c', 'b']);
  });

  it('joins campaigns without a common agent over one that shares an agent with each', () => {
    expect(idsOf(aCampaign('a', 'x'), aCampaign('b', 'y'), aCampaign('c', 'xy'))).toEqual([
      'a+b+c',
    ]);
  });

  it('joins nobody with a campaign that does not dial by forecast, though they share agents', () => {
    expect(idsOf(aCampaign('a', 'x'), aCampaign('b', 'x', false), aCampaign('c', 'x'))).toEqual([
      'a+c',
      'b',
    ]);
    expect(idsOf(aCampaign('a', 'x'), aCampaign('b', 'x', false))).toEqual(['a', 'b']);
  });

  it('leaves campaigns without agents alone', () => {
    expect(idsOf(aCampaign('a', ''), aCampaign('b', ''))).toEqual(['a', 'b']);
  });

  it('is a partition, in the order of the campaigns, by nothing but shared agents', () => {
    const campaigns = fc
      .array(fc.tuple(fc.boolean(), fc.subarray([...'uvwxyz'])), { maxLength: 8 })
      .map((drawn) => drawn.map(([joins, agents], at) => ({ id: `${at}`, joins, agents })));
    fc.assert(
      fc.property(campaigns, (all) => {
        const groups = dialingGroupsOf(
          all,
          ({ joins }) => joins,
          ({ agents }) => agents,
        );
        expect(groups.flat().length).toBe(all.length);
        expect(new Set(groups.flat())).toEqual(new Set(all));
        const firsts = groups.map(([first]) => all.indexOf(first));
        expect(firsts).toEqual(firsts.toSorted((one, other) => one - other));
        for (const one of all) {
          const group = groups.find((members) => members.includes(one)) ?? [];
          const shares = (other: Campaign): boolean =>
            other !== one &&
            other.joins &&
            other.agents.some((agent) => one.agents.includes(agent));
          // Everybody it shares an agent with is in its group; and it is not there without any.
          if (one.joins) for (const other of all.filter(shares)) expect(group).toContain(other);
          if (group.length > 1) expect(one.joins && group.some(shares)).toBe(true);
        }
      }),
      { seed: 1_606, numRuns: 400 },
    );
  });
});

describe('the settings of a group', () => {
  const settings = (overrides: Partial<PacingSettings> = {}): PacingSettings => ({
    mode: 'predictive',
    abandonment: {
      rateMax: 0.03,
      waitMaxMs: 2_000,
      clockStart: 'answered',
      earlyHangUpCounts: true,
    },
    ringTimeoutMs: 25_000,
    ...overrides,
  });

  it('of one campaign are its own, limits on lines included', () => {
    const own = settings({ linesPerAgentMax: 3, cancelAfterRingingMs: 15_000 });
    expect(groupSettings([own])).toBe(own);
  });

  it('of several have the longest ring time and the soonest cancelling, and no limits on lines', () => {
    const found = groupSettings([
      settings({ linesPerAgentMax: 3, cancelAfterRingingMs: 20_000 }),
      settings({ linesPerAgentMin: 1, ringTimeoutMs: 30_000, cancelAfterRingingMs: 15_000 }),
    ]);
    expect(found).toEqual(settings({ ringTimeoutMs: 30_000, cancelAfterRingingMs: 15_000 }));
  });

  it('of several cancel where one of them may, and never where none may', () => {
    const cancelling = settings({ cancelAfterRingingMs: 18_000 });
    expect(groupSettings([settings(), cancelling]).cancelAfterRingingMs).toBe(18_000);
    expect('cancelAfterRingingMs' in groupSettings([settings(), settings()])).toBe(false);
  });
});
