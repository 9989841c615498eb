/** When agents become free, beside the two learned durations summed the long way. */
import { describe, expect, it } from 'vitest';
import { AgentReleases } from '../../../src/domain/pacing/agent-releases.ts';
import { Durations } from '../../../src/domain/pacing/durations.ts';
import { RISK_MOMENTS, SHOWN_MOMENTS } from '../../../src/domain/pacing/moments.ts';
import type { PacingAgent } from '../../../src/domain/pacing/pacing-interface.ts';
import { seededRandom } from '../../../src/lib/random.ts';
import { PLACED_AT } from '../../support/builders.ts';

const LATER_S = 1.4;
const TALK = { prior: { meanS: 110, weight: 12 }, memory: 1_500 } as const;
const WRAP_UP = { prior: { meanS: 20, weight: 12 }, memory: 1_500 } as const;

/** Short talks with somebody else, long ones with the debtor, each with notes after it. */
function aMorning(talks: number) {
  const random = seededRandom(21);
  return Array.from({ length: talks }, () => ({
    talkS: random() < 0.4 ? 5 + 30 * random() : 90 + 240 * random(),
    wrapUpS: 4 + 30 * random(),
  }));
}

function learned(talks: number) {
  const releases = new AgentReleases();
  const talk = new Durations(TALK.prior, TALK.memory);
  const wrapUp = new Durations(WRAP_UP.prior, WRAP_UP.memory);
  for (const { talkS, wrapUpS } of aMorning(talks)) {
    releases.talkEnded(PLACED_AT, PLACED_AT + 1_000 * talkS);
    releases.wrapUpEnded(PLACED_AT, PLACED_AT + 1_000 * wrapUpS);
    talk.learn(talkS);
    wrapUp.learn(wrapUpS);
  }
  releases.prepare(LATER_S);
  return { releases, talk, wrapUp };
}

type Learned = ReturnType<typeof learned>;

const wrappedWithin = ({ wrapUp }: Learned, ageS: number, seconds: number): number =>
  1 - wrapUp.survivalAt(ageS + seconds) / wrapUp.survivalAt(ageS);

/** The talk ends in one of the seconds, in its middle, and the wrap-up within what is left. */
function freeByModel(learning: Learned, ageS: number, seconds: number): number {
  const { talk } = learning;
  let free = 0;
  for (let second = 0; second < seconds; second += 1) {
    const ends = talk.survivalAt(ageS + second) - talk.survivalAt(ageS + second + 1);
    free += ends * wrappedWithin(learning, 0, seconds - second - 0.5);
  }
  return Math.min(1, free / talk.survivalAt(ageS));
}

const between = (low: number, high: number, part: number): number => low + (high - low) * part;

function atMoment(learning: Learned, ageS: number, momentS: number): number {
  const second = Math.floor(momentS);
  const low = freeByModel(learning, ageS, second);
  return between(low, freeByModel(learning, ageS, second + 1), momentS - second);
}

describe.each([[40], [400]])('an agent of whom %d talks are known', (talks) => {
  const learning = learned(talks);
  const { releases } = learning;

  it.each([0, 2, 14, 58, 60, 150, 290, 300, 900])(
    'who talks for %d s is free by each moment as often as talk and wrap-up together say',
    (ageS) => {
      for (const [index, moment] of [...RISK_MOMENTS].entries()) {
        const expected = atMoment(learning, ageS, moment + LATER_S);
        expect(releases.talkingFreeBy(ageS, index)).toBeCloseTo(expected, 6);
      }
    },
  );

  it.each([
    [1, 0, 2],
    [65, 60, 70],
    [330, 300, 360],
  ])(
    'who talks for %d s is halfway between the ages of %d and %d s, or as far',
    (ageS, low, high) => {
      const part = (ageS - low) / (high - low);
      for (const index of [0, 4, RISK_MOMENTS.length - 1]) {
        const expected = between(
          releases.talkingFreeBy(low, index),
          releases.talkingFreeBy(high, index),
          part,
        );
        expect(releases.talkingFreeBy(ageS, index)).toBeCloseTo(expected, 9);
      }
    },
  );

  it('who talks for longer than anything is looked at counts as one of the oldest', () => {
    expect(releases.talkingFreeBy(5_000, 3)).toBe(releases.talkingFreeBy(1_200, 3));
  });

  it.each([0, 3, 25, 60])('who writes notes for %d s is free as the wrap-up alone says', (ageS) => {
    for (const [index, moment] of [...RISK_MOMENTS].entries()) {
      const expected = wrappedWithin(learning, ageS, moment + LATER_S);
      expect(releases.wrappingUpFreeBy(ageS, index)).toBeCloseTo(expected, 6);
    }
  });

  it('who begins to talk now is free again within so many seconds', () => {
    for (const seconds of [0, 5, 12.5, 40]) {
      const second = Math.floor(seconds);
      const expected = between(
        freeByModel(learning, 0, second),
        freeByModel(learning, 0, second + 1),
        seconds - second,
      );
      expect(releases.freshFreeWithin(seconds)).toBeCloseTo(expected, 6);
    }
  });

  it('is shown for the moments of the forecast, which are not read later', () => {
    for (const [place, moment] of [...SHOWN_MOMENTS].entries()) {
      const index = RISK_MOMENTS.length + place;
      expect(releases.talkingFreeBy(20, index)).toBeCloseTo(atMoment(learning, 20, moment), 6);
    }
  });
});

describe('talks that go on', () => {
  const talking = (count: number, forS: number): PacingAgent[] =>
    Array.from({ length: count }, () => ({ state: 'talking', since: PLACED_AT - 1_000 * forS }));
  const freeWithinTenSeconds = (releases: AgentReleases): number => {
    releases.prepare(0);
    return releases.talkingFreeBy(30, 4);
  };

  it('are looked at while fewer than four talks an agent have ended, every two seconds at most', () => {
    const releases = new AgentReleases();
    for (let talk = 0; talk < 10; talk += 1) releases.talkEnded(PLACED_AT, PLACED_AT + 20_000);
    const alone = freeWithinTenSeconds(releases);
    releases.watch(talking(5, 300), PLACED_AT);
    const watched = freeWithinTenSeconds(releases);
    expect(watched).toBeLessThan(alone);
    releases.watch(talking(5, 5), PLACED_AT + 1_999);
    expect(freeWithinTenSeconds(releases)).toBe(watched);
    releases.watch(talking(5, 5), PLACED_AT + 2_000);
    expect(freeWithinTenSeconds(releases)).toBeGreaterThan(watched);
  });

  it('are looked at no more, and forgotten, once so many have ended', () => {
    const releases = new AgentReleases();
    for (let talk = 0; talk < 19; talk += 1) releases.talkEnded(PLACED_AT, PLACED_AT + 20_000);
    releases.watch(talking(5, 300), PLACED_AT);
    const watched = freeWithinTenSeconds(releases);
    for (let talk = 0; talk < 2; talk += 1) releases.talkEnded(PLACED_AT, PLACED_AT + 20_000);
    releases.watch(talking(5, 300), PLACED_AT + 10_000);
    const forgotten = freeWithinTenSeconds(releases);
    expect(forgotten).toBeGreaterThan(watched);
    releases.watch(talking(5, 900), PLACED_AT + 20_000);
    expect(freeWithinTenSeconds(releases)).toBe(forgotten);
  });

  it('are those of agents who talk: anyone who writes notes or waits says nothing of talk', () => {
    const [without, withOthers] = [new AgentReleases(), new AgentReleases()];
    without.watch(talking(2, 100), PLACED_AT);
    const others = (['available', 'wrapping-up', 'reserved'] as const).map(
      (state): PacingAgent => ({ state, since: PLACED_AT - 400_000 }),
    );
    withOthers.watch([...talking(2, 100), ...others], PLACED_AT);
    expect(freeWithinTenSeconds(withOthers)).toBe(freeWithinTenSeconds(without));
  });

  it('of which the clock ran backwards count as begun now', () => {
    const [backwards, now] = [new AgentReleases(), new AgentReleases()];
    backwards.watch(talking(3, -50), PLACED_AT);
    now.watch(talking(3, 0), PLACED_AT);
    expect(freeWithinTenSeconds(backwards)).toBe(freeWithinTenSeconds(now));
    backwards.talkEnded(PLACED_AT + 5_000, PLACED_AT);
    now.talkEnded(PLACED_AT, PLACED_AT);
    expect(freeWithinTenSeconds(backwards)).toBe(freeWithinTenSeconds(now));
  });
});
