import { describe, expect, it } from 'vitest';
import { Setups } from '../../../src/domain/pacing/setups.ts';
import { type Random, seededRandom } from '../../../src/lib/random.ts';
import { PLACED_AT } from '../../support/builders.ts';

const RING_TIMEOUT_MS = 30_000;

type Fate = { readonly afterMs: number; readonly outcome: 'person' | 'busy' | 'no-answer' };

/** A share fails within two seconds, a share is answered between 4 and 24 s, the rest rings out. */
function fate(random: Random, answerRate: number): Fate {
  const lot = random();
  if (lot < answerRate) return { afterMs: 4_000 + random() * 20_000, outcome: 'person' };
  if (lot < answerRate + 0.3) return { afterMs: 500 + random() * 1_500, outcome: 'busy' };
  return { afterMs: RING_TIMEOUT_MS, outcome: 'no-answer' };
}

/** Places a call each half second and tells what became of them, in the order in which it happens. */
class List {
  now = PLACED_AT;
  private readonly random = seededRandom(7);
  private readonly setups: Setups;
  private alive: { placedAt: number; endsAt: number; outcome: Fate['outcome'] }[] = [];

  constructor(setups: Setups) {
    this.setups = setups;
  }

  dial(calls: number, answerRate: number): void {
    for (let call = 0; call < calls; call += 1) this.step(answerRate, 1);
  }

  /** Half a second passes. */
  step(answerRate: number, calls: number): void {
    for (let call = 0; call < calls; call += 1) {
      const { afterMs, outcome } = fate(this.random, answerRate);
      this.alive.push({ placedAt: this.now, endsAt: this.now + afterMs, outcome });
    }
    this.now += 500;
    const over = this.alive.filter(({ endsAt }) => endsAt <= this.now);
    this.alive = this.alive.filter(({ endsAt }) => endsAt > this.now);
    for (const { placedAt, endsAt, outcome } of over.sort((a, b) => a.endsAt - b.endsAt)) {
      this.setups.observe(placedAt, endsAt, outcome);
    }
    this.setups.follow(this.alive, this.now);
    this.setups.prepare();
  }
}

function taught(calls: number, answerRate: number): { setups: Setups; list: List } {
  const setups = new Setups(RING_TIMEOUT_MS);
  const list = new List(setups);
  list.dial(calls, answerRate);
  return { setups, list };
}

describe('what becomes of a placed call', () => {
  it('is learned from a thousand calls: how many are answered, and when', () => {
    const { setups } = taught(1_500, 0.15);
    expect(setups.answerRate()).toBeGreaterThan(0.125);
    expect(setups.answerRate()).toBeLessThan(0.175);
    expect(setups.answerAgeS(0.5)).toBeGreaterThan(11);
    expect(setups.answerAgeS(0.5)).toBeLessThan(17);
  });

  it('depends on its age: higher when it has outlived the fast failures, nil after the ring time', () => {
    const { setups } = taught(1_500, 0.15);
    expect(setups.answerWithin(3, 60)).toBeGreaterThan(1.25 * setups.answerWithin(0, 60));
    expect(setups.answerWithin(25, 60)).toBeLessThan(0.03);
    expect(setups.answerWithin(40, 60)).toBe(0);
    expect(setups.answerWithin(0, 3)).toBeLessThan(0.02);
  });

  it('is not believed to be worse because the fast failures of a burst end first', () => {
    const { setups, list } = taught(2_000, 0.15);
    const before = setups.answerRate();
    list.step(0.15, 150);
    for (let half = 0; half < 8; half += 1) {
      list.step(0.15, 0);
      expect(setups.answerRate()).toBeGreaterThan(0.8 * before);
    }
  });

  it('follows within a minute when the list becomes four times as good', () => {
    const { setups, list } = taught(2_500, 0.1);
    for (let half = 0; half < 120; half += 1) list.step(0.4, 2);
    expect(setups.answerRate()).toBeGreaterThan(0.3);
  });

  it('stays within a tenth or so on a steady list, most of the time', () => {
    const { setups, list } = taught(2_500, 0.2);
    let far = 0;
    for (let call = 0; call < 2_000; call += 1) {
      list.step(0.2, 1);
      if (Math.abs(setups.answerRate() / 0.2 - 1) > 0.2) far += 1;
    }
    expect(far).toBeLessThan(400);
  });

  it('is not read from calls that we cancelled: they say that nobody answered until then', () => {
    const { setups } = taught(1_500, 0.15);
    const before = setups.answerRate();
    for (let call = 0; call < 200; call += 1) {
      setups.observe(PLACED_AT, PLACED_AT + 15_000, 'cancelled');
    }
    setups.prepare();
    expect(setups.answerRate()).toBeGreaterThan(0.6 * before);
  });

  it('forgets how calls ran out when the ring time is another, and nothing else', () => {
    const { setups } = taught(1_500, 0.15);
    const longer = new Setups(40_000, JSON.parse(JSON.stringify(setups.toJSON())));
    longer.prepare();
    expect(longer.answerRate()).toBeGreaterThan(setups.answerRate());
    expect(longer.answerWithin(10, 5)).toBeCloseTo(setups.answerWithin(10, 5), 1);
  });

  it('survives a clock that is set back', () => {
    const { setups, list } = taught(500, 0.15);
    list.now -= 3_600_000;
    list.dial(200, 0.15);
    expect(setups.answerRate()).toBeGreaterThan(0.05);
    expect(setups.answerRate()).toBeLessThan(0.4);
  });

  it('does not learn from fast failures before the slow answers beside them', () => {
    const setups = new Setups(RING_TIMEOUT_MS);
    const list = new List(setups);
    // The first seconds' calls are just ripe, those of the later ones are not: but their failures are in.
    for (let step = 0; step < 24; step += 1) list.step(0.15, 50);
    while (list.now < PLACED_AT + RING_TIMEOUT_MS + 8_000) list.step(0.15, 0);
    expect(setups.answersKnown).toBeGreaterThan(20);
    expect(setups.answerRate()).toBeGreaterThan(0.1);
    expect(setups.answerRate()).toBeLessThan(0.2);
  });

  it('is the more uncertain the fewer answers it was learned from', () => {
    const few = taught(100, 0.15).setups.uncertainty();
    const many = taught(1_500, 0.15).setups.uncertainty();
    expect(few).toBeGreaterThan(1.3 * many);
    expect(new Setups(RING_TIMEOUT_MS).uncertainty()).toBeGreaterThan(1);
  });
});
