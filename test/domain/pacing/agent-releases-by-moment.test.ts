import { describe, expect, it } from 'vitest';
import { AgentReleases } from '../../../src/domain/pacing/agent-releases.ts';
import { Curve } from '../../../src/domain/pacing/curve.ts';
import { RISK_MOMENTS, SHOWN_MOMENTS } from '../../../src/domain/pacing/moments.ts';
import type { PacingAgent } from '../../../src/domain/pacing/pacing-interface.ts';
import { seededRandom } from '../../../src/lib/random.ts';
import { PLACED_AT } from '../../support/builders.ts';

const by = (seconds: number): number => [...RISK_MOMENTS].indexOf(seconds);
const shownBy = (seconds: number): number =>
  RISK_MOMENTS.length + [...SHOWN_MOMENTS].indexOf(seconds);

/** Talks of 20 to 120 s with wrap-ups of 5 to 15 s. */
function taught(laterS: number): AgentReleases {
  const releases = new AgentReleases();
  const random = seededRandom(9);
  for (let talk = 0; talk < 300; talk += 1) {
    releases.talkEnded(0, 20_000 + random() * 100_000);
    releases.wrapUpEnded(0, 5_000 + random() * 10_000);
  }
  releases.prepare(laterS);
  return releases;
}

function unknown(laterS = 0): AgentReleases {
  const releases = new AgentReleases();
  releases.prepare(laterS);
  return releases;
}

describe('the moments at which agents are looked at', () => {
  it('are read later by the wait that an answered person may have', () => {
    const now = taught(0);
    const later = taught(2);
    for (const [moment, twoLater] of [
      [2, 4],
      [4, 6],
      [6, 8],
      [8, 10],
    ] as const) {
      for (const ageS of [0, 25, 90]) {
        expect(later.talkingFreeBy(ageS, by(moment))).toBeCloseTo(
          now.talkingFreeBy(ageS, by(twoLater)),
          9,
        );
      }
      expect(later.wrappingUpFreeBy(4, by(moment))).toBeCloseTo(
        now.wrappingUpFreeBy(4, by(twoLater)),
        9,
      );
    }
  });

  it('are not read later where they are shown to people', () => {
    for (const seconds of SHOWN_MOMENTS) {
      expect(taught(2).talkingFreeBy(30, shownBy(seconds))).toBeCloseTo(
        taught(0).talkingFreeBy(30, shownBy(seconds)),
        9,
      );
      expect(taught(2).wrappingUpFreeBy(3, shownBy(seconds))).toBe(
        taught(0).wrappingUpFreeBy(3, shownBy(seconds)),
      );
    }
  });

  it('give the same whether they are the risk’s or the shown ones', () => {
    const releases = taught(0);
    for (const seconds of [10, 30]) {
      expect(releases.talkingFreeBy(40, shownBy(seconds))).toBe(
        releases.talkingFreeBy(40, by(seconds)),
      );
    }
  });

  it('may lie within a second: in proportion between the whole ones', () => {
    const releases = taught(0);
    const half = taught(0.5);
    for (const ageS of [0, 40]) {
      // 12.5 read half a second later is 13.
      const at13 = half.talkingFreeBy(ageS, by(12.5));
      const at12 = taught(2).talkingFreeBy(ageS, by(10));
      expect(releases.talkingFreeBy(ageS, by(12.5))).toBeCloseTo((at12 + at13) / 2, 9);
    }
  });

  it('are read anew when the wait is another, and when something was learned', () => {
    const releases = taught(0);
    const before = releases.talkingFreeBy(30, by(10));
    releases.prepare(2);
    expect(releases.talkingFreeBy(30, by(10))).toBeGreaterThan(before);
    releases.prepare(0);
    expect(releases.talkingFreeBy(30, by(10))).toBeCloseTo(before, 12);
    for (let talk = 0; talk < 200; talk += 1) releases.talkEnded(0, 31_000);
    releases.prepare(0);
    expect(releases.talkingFreeBy(30, by(10))).toBeGreaterThan(before);
  });
});

describe('the age of a talk', () => {
  it.each([
    [3, 2, 4],
    [59, 58, 60],
    [65, 60, 70],
    [295, 290, 300],
    [330, 300, 360],
    [1_170, 1_140, 1_200],
  ])('of %d s is read half way between %d and %d', (ageS, low, high) => {
    const releases = taught(0);
    const at = (seconds: number) => releases.talkingFreeBy(seconds, by(15.5));
    expect(at(ageS)).toBeCloseTo((at(low) + at(high)) / 2, 9);
  });

  it('is looked at up to twenty minutes; an older talk is like one of that age', () => {
    const releases = taught(0);
    const oldest = releases.talkingFreeBy(1_200, by(30));
    expect(releases.talkingFreeBy(1_201, by(30))).toBe(oldest);
    expect(releases.talkingFreeBy(90_000, by(30))).toBe(oldest);
  });

  it('below nothing is that of a talk that begins now', () => {
    const releases = taught(0);
    expect(releases.talkingFreeBy(-60, by(30))).toBe(releases.talkingFreeBy(0, by(30)));
  });
});

describe('a row of moments', () => {
  it('is the chance at each of them, for as many as are asked for', () => {
    const releases = taught(1.4);
    for (const ageS of [0, 33, 61, 500, 2_000]) {
      const row = new Curve(RISK_MOMENTS.length);
      releases.talkingFree(ageS, row);
      expect([...row]).toEqual(
        Array.from(RISK_MOMENTS, (_, moment) => releases.talkingFreeBy(ageS, moment)),
      );
    }
  });
});

describe('an agent who begins to talk now', () => {
  it('is free again as one who has talked for no time', () => {
    const releases = taught(0);
    expect(releases.freshFreeWithin(0)).toBe(0);
    for (const seconds of [2, 10, 30, 52]) {
      expect(releases.freshFreeWithin(seconds)).toBeCloseTo(
        releases.talkingFreeBy(0, by(seconds)),
        12,
      );
    }
  });

  it('is not looked at for longer than the farthest moment, nor before now', () => {
    const releases = taught(0);
    expect(releases.freshFreeWithin(-5)).toBe(0);
    expect(releases.freshFreeWithin(400)).toBe(releases.freshFreeWithin(60));
  });
});

describe('before anything is known', () => {
  it('a talk of 110 s and a wrap-up of 20 s are assumed, both exponential', () => {
    const releases = unknown();
    const [talks, wraps] = [1 / 110, 1 / 20];
    for (const seconds of [4, 10, 30, 52]) {
      const free =
        1 -
        (wraps * Math.exp(-talks * seconds) - talks * Math.exp(-wraps * seconds)) / (wraps - talks);
      expect(Math.abs(releases.talkingFreeBy(0, by(seconds)) - free)).toBeLessThan(
        0.0005 + 0.004 * free,
      );
      // Such a talk does not age.
      expect(releases.talkingFreeBy(200, by(seconds))).toBeCloseTo(
        releases.talkingFreeBy(0, by(seconds)),
        2,
      );
      expect(releases.wrappingUpFreeBy(0, by(seconds))).toBeCloseTo(1 - Math.exp(-seconds / 20), 9);
    }
  });

  it('a wrap-up that has outlasted all that can be foretold ends by the first guess', () => {
    expect(unknown().wrappingUpFreeBy(3_600, by(10))).toBeCloseTo(1 - Math.exp(-0.5), 12);
  });
});

describe('a clock that was set back in a talk', () => {
  it('makes it a talk, or a wrap-up, of no time', () => {
    const back = new AgentReleases();
    back.talkEnded(90_000, 30_000);
    back.wrapUpEnded(90_000, 30_000);
    const none = new AgentReleases();
    none.talkEnded(30_000, 30_000);
    none.wrapUpEnded(30_000, 30_000);
    expect(back.toJSON()).toEqual(none.toJSON());
  });
});

describe('talks that go on', () => {
  const NOW = PLACED_AT;
  const talking = (count: number, seconds: number): PacingAgent[] =>
    Array.from({ length: count }, () => ({ state: 'talking', since: NOW - seconds * 1_000 }));

  /** Short talks have ended; then the agents are looked at, each look as long after the first. */
  function free(
    ended: number,
    ...looks: readonly (readonly [afterMs: number, agents: readonly PacingAgent[]])[]
  ): number {
    const releases = new AgentReleases();
    for (let talk = 0; talk < ended; talk += 1) releases.talkEnded(0, 9_000);
    for (const [afterMs, agents] of looks) releases.watch(agents, NOW + afterMs);
    releases.prepare(0);
    return releases.talkingFreeBy(8, by(30));
  }

  it('are looked at until four talks for each agent have ended', () => {
    // Each end weighs a little less than one by the next, so it is the ninth that makes eight.
    expect(free(8, [0, talking(2, 60)])).toBeLessThan(free(8));
    expect(free(9, [0, talking(2, 60)])).toBe(free(9));
  });

  it('are looked at once in two seconds, whichever way the clock went', () => {
    const [few, many] = [talking(20, 20), talking(40, 60)];
    const first = free(5, [0, few]);
    const second = free(5, [0, many]);
    expect(second).toBeLessThan(first);
    expect(free(5, [0, few], [1_999, many])).toBe(first);
    expect(free(5, [0, few], [-1_999, many])).toBe(first);
    // Two seconds later each of them is two seconds older.
    expect(free(5, [0, few], [2_000, many])).toBeLessThan(first);
    expect(free(5, [0, few], [-2_000, many])).toBeLessThan(first);
  });

  it('are those of agents who talk, and not of others who are busy', () => {
    const others = talking(20, 60).map(
      (agent): PacingAgent => ({ ...agent, state: 'wrapping-up' }),
    );
    const kept = talking(20, 60).map((agent): PacingAgent => ({ ...agent, state: 'reserved' }));
    expect(free(5, [0, [...others, ...kept]])).toBe(free(5));
  });

  it('are forgotten once enough is known, at the next look', () => {
    const releases = new AgentReleases();
    for (let talk = 0; talk < 5; talk += 1) releases.talkEnded(0, 9_000);
    releases.watch(talking(2, 60), NOW);
    for (let talk = 0; talk < 5; talk += 1) releases.talkEnded(0, 9_000);
    releases.watch(talking(2, 60), NOW + 10);
    releases.prepare(0);
    expect(releases.talkingFreeBy(8, by(30))).toBe(free(10));
  });

  it('of the future have lasted no time', () => {
    expect(free(5, [0, talking(20, -60)])).toBe(free(5));
  });
});
