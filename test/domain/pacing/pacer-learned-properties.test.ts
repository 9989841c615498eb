import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createPacer,
  type PacingObservation,
  type PacingSnapshot,
} from '../../../src/domain/pacing/pacer.ts';
import {
  copyOf,
  floor,
  IDLE,
  NOW,
  numbersIn,
  past,
  planned,
  SETTINGS,
  taught,
} from './pacer-floors.ts';

describe('campaigns that share agents', () => {
  const IDS = ['poor', 'good'] as const;
  const named = (id: string, observations: readonly PacingObservation[]) =>
    observations.map((one) => ({ ...one, campaignId: id }));
  const KNOWN_OF_BOTH = copyOf(
    taught([
      ...named('poor', past(29, 0.08, 1_500)),
      ...named('good', past(31, 0.4, 1_500)),
    ]).toJSON(),
  );

  function shared(snapshot: PacingSnapshot, weights: readonly number[]): PacingSnapshot {
    return {
      ...snapshot,
      calls: snapshot.calls.map((one, index) => ({ ...one, campaignId: IDS[index % 2] ?? '' })),
      waiting: snapshot.waiting.map((one) => ({ ...one, campaignId: 'good' })),
      campaigns: IDS.map((id, index) => ({
        id,
        weight: weights[index] ?? 1,
        bank: snapshot.bank,
        leadsLeft: 50_000,
      })),
    };
  }

  it('get plans of their own whose sum is the whole, and none beyond its leads', () => {
    fc.assert(
      fc.property(floor, fc.nat(3), (snapshot, leadsLeft) => {
        const group = shared(snapshot, [1, 3]);
        const [poor, good] = group.campaigns ?? [];
        if (!poor || !good) throw new Error('two campaigns');
        const plan = planned(KNOWN_OF_BOTH, {
          ...group,
          campaigns: [poor, { ...good, leadsLeft }],
        });
        const places = plan.byCampaign?.map(({ place }) => place) ?? [];
        expect(places).toHaveLength(2);
        expect(places.reduce((sum, count) => sum + count, 0)).toBe(plan.place);
        expect(places[1]).toBeLessThanOrEqual(leadsLeft);
        expect(numbersIn(plan).filter((number) => !Number.isFinite(number))).toEqual([]);
      }),
    );
  });

  it('are held apart: the empty bank of one does not stop the other', () => {
    const idle = shared(IDLE, [1, 1]);
    const [poor, good] = idle.campaigns ?? [];
    if (!poor || !good) throw new Error('two campaigns');
    const empty = { answers: 100, abandoned: 30 };
    const plan = planned(KNOWN_OF_BOTH, { ...idle, campaigns: [poor, { ...good, bank: empty }] });
    const [ofPoor, ofGood] = plan.byCampaign ?? [];
    expect(ofPoor?.place).toBeGreaterThan(10);
    expect(ofGood?.place).toBeLessThanOrEqual(10);
  });

  it('take turns: one that joins late does not get every call until it has caught up', () => {
    const pacer = createPacer(SETTINGS, copyOf(KNOWN_OF_BOTH));
    const [poor] = shared(IDLE, [1, 1]).campaigns ?? [];
    if (!poor) throw new Error('a campaign');
    for (let plans = 0; plans < 60; plans += 1) {
      pacer.plan({ ...IDLE, now: NOW + plans * 1_000, campaigns: [poor] });
    }
    let [ofPoor, ofGood] = [0, 0];
    for (let plans = 0; plans < 6; plans += 1) {
      const now = NOW + 61_000 + plans * 1_000;
      const plan = pacer.plan({ ...shared(IDLE, [1, 1]), now });
      ofPoor += plan.byCampaign?.[0]?.place ?? 0;
      ofGood += plan.byCampaign?.[1]?.place ?? 0;
    }
    expect(ofGood).toBeGreaterThan(0);
    expect(ofPoor).toBeGreaterThan(0.5 * ofGood);
  });
});

describe('what was learned', () => {
  it('plans the same after it was written down and read again', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(0.05, 0.15, 0.5),
        fc.integer({ min: 20, max: 600 }),
        fc.array(floor, { minLength: 1, maxLength: 4 }),
        (rate, length, snapshots) => {
          const kept = taught(past(11, rate, length));
          // Leaves it with nothing to wait for, as one that was just read.
          kept.plan(IDLE);
          const read = createPacer(SETTINGS, copyOf(kept.toJSON()));
          const later = past(13, rate, 40).map((one) => ({ ...one, at: one.at + 60_000 }));
          for (const snapshot of snapshots) {
            const before = kept.plan(snapshot);
            const after = read.plan(snapshot);
            // Six digits are stored; where one call more is at the limit, the seventh decides on it.
            expect(Math.abs(after.place - before.place)).toBeLessThanOrEqual(1);
            if (after.place === before.place) expect(after.because.kind).toBe(before.because.kind);
            for (const observation of later) {
              kept.observe(observation);
              read.observe(observation);
            }
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('is the same for the same past, number by number', () => {
    const observations = past(17, 0.2, 800);
    expect(taught(observations).toJSON()).toEqual(taught(observations).toJSON());
  });

  it('stays under two hundred kilobytes, however long the day', () => {
    const pacer = taught(past(19, 0.3, 30_000));
    const longest: PacingObservation[] = Array.from({ length: 5_000 }, (_, index) => ({
      kind: 'talk-ended',
      startedAt: NOW - index * 60_000,
      at: NOW,
    }));
    for (const observation of longest) pacer.observe(observation);
    expect(JSON.stringify(pacer.toJSON()).length).toBeLessThan(200_000);
  });

  it('places more where fewer people answer', () => {
    const places = [0.8, 0.35, 0.15, 0.06].map((rate) => taught(past(23, rate, 2_500)).plan(IDLE));
    const counts = places.map(({ place }) => place);
    expect(counts).toEqual(counts.toSorted((a, b) => a - b));
    expect(new Set(counts).size).toBe(4);
  });
});
