import { describe, expect, it } from 'vitest';
import { AgentReleases } from '../../../src/domain/pacing/agent-releases.ts';
import { RISK_MOMENTS } from '../../../src/domain/pacing/moments.ts';
import { seededRandom } from '../../../src/lib/random.ts';

/** Half of the talks last 10 s, half 200 s; wrap-up always 5 s. */
function taught(): AgentReleases {
  const releases = new AgentReleases();
  const random = seededRandom(3);
  for (let talk = 0; talk < 600; talk += 1) {
    const talkMs = random() < 0.5 ? 9_000 + random() * 2_000 : 180_000 + random() * 40_000;
    releases.talkEnded(0, talkMs);
    releases.wrapUpEnded(0, 5_000);
  }
  releases.prepare(0);
  return releases;
}

const by = (seconds: number): number => [...RISK_MOMENTS].indexOf(seconds);

describe('when a busy agent becomes free', () => {
  it('is learned as a mixture: after the short talks are over hardly anybody ends for minutes', () => {
    const releases = taught();
    expect(releases.talkingFreeBy(4, by(15.5))).toBeGreaterThan(0.35);
    expect(releases.talkingFreeBy(30, by(15.5))).toBeLessThan(0.03);
    expect(releases.talkingFreeBy(200, by(30))).toBeGreaterThan(0.6);
  });

  it('counts the wrap-up after the talk', () => {
    const releases = taught();
    expect(releases.talkingFreeBy(8, by(4))).toBeLessThan(0.15);
    expect(releases.wrappingUpFreeBy(3, by(4))).toBeGreaterThan(0.85);
  });

  it('never falls with time, and is a chance', () => {
    const releases = taught();
    for (let ageS = 0; ageS < 2_000; ageS += 3) {
      let before = 0;
      for (let moment = 0; moment < RISK_MOMENTS.length; moment += 1) {
        const chance = releases.talkingFreeBy(ageS, moment);
        expect(chance).toBeGreaterThanOrEqual(before - 1e-9);
        expect(chance).toBeLessThanOrEqual(1);
        before = chance;
      }
    }
  });

  it('has a cautious first guess before anything is known', () => {
    const releases = new AgentReleases();
    releases.prepare(1.4);
    const chance = releases.talkingFreeBy(60, by(10));
    expect(chance).toBeGreaterThan(0.001);
    expect(chance).toBeLessThan(0.15);
  });

  it('outlives the process', () => {
    const releases = taught();
    const again = new AgentReleases(JSON.parse(JSON.stringify(releases.toJSON())));
    again.prepare(0);
    expect(again.talkingFreeBy(5, by(10))).toBeCloseTo(releases.talkingFreeBy(5, by(10)), 2);
  });

  it('is not read from short talks alone while the long ones of the first minutes go on', () => {
    const now = 60_000;
    const talking = Array.from({ length: 40 }, () => ({ state: 'talking' as const, since: 0 }));
    const chance = (isWatching: boolean): number => {
      const releases = new AgentReleases();
      for (let talk = 0; talk < 10; talk += 1) {
        releases.talkEnded(0, 8_000 + talk * 2_000);
        releases.wrapUpEnded(0, 5_000);
      }
      if (isWatching) releases.watch(talking, now);
      releases.prepare(0);
      return releases.talkingFreeBy(8, by(30));
    };
    // Ten of fifty talks ended within half a minute.
    expect(chance(false)).toBeGreaterThan(0.5);
    expect(chance(true)).toBeLessThan(0.35);
  });
});
