import { describe, expect, it } from 'vitest';
import { isPerson, STANDINGS, standingOf } from '../../../src/domain/calls/standing.ts';

describe('what an answered call stands for', () => {
  const talking = { kind: 'talking', since: 0, agentId: 'user_1', bridgeId: 'bridge_1' } as const;
  const ended = (outcome: 'person' | 'machine' | 'busy') =>
    ({ kind: 'ended', at: 9, outcome, hungUpBy: 'us' }) as const;

  it.each([
    ['nothing before an answer', {}, undefined],
    ['nothing without one', { state: ended('busy') }, undefined],
    ['a person who waits', { answeredAt: 1 }, 'waiting'],
    ['a person with an agent', { answeredAt: 1, connectedAt: 2, state: talking }, 'connected'],
    [
      'the same after the talk',
      { answeredAt: 1, connectedAt: 2, state: ended('person') },
      'connected',
    ],
    ['one left at the limit', { answeredAt: 1, abandonment: 'limit' }, 'abandoned'],
    ['one found unattended', { answeredAt: 1, abandonment: 'unattended' }, 'abandoned'],
    ['one we hung up on', { answeredAt: 1, abandonment: 'cut-off' }, 'abandoned'],
    [
      'one with an agent after the limit',
      { answeredAt: 1, connectedAt: 9, abandonment: 'late', state: talking },
      'abandoned',
    ],
    ['one who hung up', { answeredAt: 1, abandonment: 'hung-up-waiting' }, 'hung-up-waiting'],
    ['a machine', { answeredAt: 1, state: ended('machine') }, 'machine'],
    [
      'a machine that an agent heard first',
      { answeredAt: 1, connectedAt: 2, state: ended('machine') },
      'machine',
    ],
    [
      'a machine that had waited beyond the limit',
      { answeredAt: 1, abandonment: 'limit', state: ended('machine') },
      'machine',
    ],
  ] as const)('%s', (_name, given, standing) => {
    expect(standingOf({ state: { kind: 'ringing', since: 0 }, ...given })).toBe(standing);
  });

  it('is a person for everything but a machine', () => {
    expect(STANDINGS.filter(isPerson)).toEqual([
      'waiting',
      'connected',
      'abandoned',
      'hung-up-waiting',
    ]);
    expect(isPerson(undefined)).toBe(false);
  });
});
