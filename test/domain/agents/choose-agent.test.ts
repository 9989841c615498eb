import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseAgent, type FreeAgent } from '../../../src/domain/agents/choose-agent.ts';
import { PLACED_AT } from '../../support/builders.ts';

function aFreeAgent(name: string, freeForMs: number, knowsDebtor = false): FreeAgent {
  return { agentId: `user_${name}`, freeSince: PLACED_AT - freeForMs, knowsDebtor };
}

const FREE_AGENTS = fc.uniqueArray(
  fc.record({
    agentId: fc.integer({ min: 1, max: 40 }).map((number) => `user_${number}` as const),
    freeSince: fc.integer({ min: PLACED_AT - 5, max: PLACED_AT }),
    knowsDebtor: fc.boolean(),
  }),
  { selector: (agent) => agent.agentId, minLength: 1, maxLength: 12 },
);

describe('an answered call', () => {
  it('goes to nobody when nobody is free', () => {
    expect(chooseAgent([])).toBeUndefined();
  });

  it('goes to the only one who is free, who may know the debtor or not', () => {
    for (const knows of [true, false]) {
      const choice = chooseAgent([aFreeAgent('ana', 10, knows)]);
      expect(choice).toEqual({ agentId: 'user_ana', because: 'only-one-free' });
    }
  });

  it('goes to the one who has been free for longest', () => {
    const choice = chooseAgent([
      aFreeAgent('ana', 10),
      aFreeAgent('bia', 30),
      aFreeAgent('caio', 20),
    ]);
    expect(choice).toEqual({ agentId: 'user_bia', because: 'longest-free' });
  });

  it('goes to the agent who spoke with the debtor before, also when others waited longer', () => {
    const choice = chooseAgent([aFreeAgent('ana', 90), aFreeAgent('bia', 1, true)]);
    expect(choice).toEqual({ agentId: 'user_bia', because: 'knows-debtor' });
  });

  it('goes to the longest free of those who know the debtor', () => {
    const choice = chooseAgent([
      aFreeAgent('ana', 5, true),
      aFreeAgent('bia', 50, true),
      aFreeAgent('caio', 99),
    ]);
    expect(choice).toEqual({ agentId: 'user_bia', because: 'knows-debtor' });
  });

  it.each([
    ['user_b', 'user_a', 'user_a'],
    ['user_a', 'user_b', 'user_a'],
    ['user_2', 'user_10', 'user_10'],
  ] as const)('goes, of %s and %s who became free together, to %s', (one, other, chosen) => {
    for (const knowsDebtor of [true, false]) {
      const free = [one, other].map((agentId) => ({ agentId, freeSince: PLACED_AT, knowsDebtor }));
      const because = knowsDebtor ? 'knows-debtor' : 'longest-free';
      expect(chooseAgent(free)).toEqual({ agentId: chosen, because });
    }
  });

  it('goes by a millisecond where that is all the difference', () => {
    const choice = chooseAgent([aFreeAgent('ana', 10), aFreeAgent('bia', 11)]);
    expect(choice?.agentId).toBe('user_bia');
  });

  it('leaves the list of free agents in its order', () => {
    const free = [aFreeAgent('ana', 1), aFreeAgent('bia', 9), aFreeAgent('caio', 5, true)];
    const before = structuredClone(free);
    chooseAgent(free);
    expect(free).toEqual(before);
  });

  it('goes to the same agent in whatever order they are listed', () => {
    fc.assert(
      fc.property(FREE_AGENTS, fc.infiniteStream(fc.nat()), (agents, keys) => {
        const shuffled = agents
          .map((agent) => ({ agent, key: keys.next().value as number }))
          .sort((left, right) => left.key - right.key)
          .map(({ agent }) => agent);
        expect(chooseAgent(shuffled)).toEqual(chooseAgent(agents));
      }),
    );
  });

  it('never passes over a better claim', () => {
    fc.assert(
      fc.property(FREE_AGENTS, (agents) => {
        const chosen = agents.find((agent) => agent.agentId === chooseAgent(agents)?.agentId);
        for (const other of agents) {
          if (other.knowsDebtor && !chosen?.knowsDebtor)
            throw new Error('passed over an acquaintance');
          if (other.knowsDebtor !== chosen?.knowsDebtor) continue;
          expect(chosen.freeSince).toBeLessThanOrEqual(other.freeSince);
        }
      }),
    );
  });
});
