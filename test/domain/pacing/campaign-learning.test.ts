import { describe, expect, it } from 'vitest';
import { CampaignLearning } from '../../../src/domain/pacing/campaign-learning.ts';
import type {
  PacingAbandonment,
  PacingObservation,
  PacingOutcome,
} from '../../../src/domain/pacing/pacing-interface.ts';
import { NOW, past, SETTINGS } from './pacer-floors.ts';

const { abandonment } = SETTINGS;
const RING_TIMEOUT_MS = SETTINGS.ringTimeoutMs;

const learning = (): CampaignLearning => new CampaignLearning(RING_TIMEOUT_MS);

function observed(
  observations: readonly PacingObservation[],
  terms: PacingAbandonment = abandonment,
): CampaignLearning {
  const found = learning();
  for (const observation of observations) found.observe(observation, terms);
  return found;
}

const ended = (placedAt: number, at: number, outcome: PacingOutcome): PacingObservation => ({
  kind: 'setup-ended',
  callId: 'call_1',
  placedAt,
  at,
  outcome,
});
const about = (kind: 'connected' | 'abandoned' | 'hung-up-waiting'): PacingObservation => ({
  kind,
  callId: 'call_1',
  answeredAt: NOW,
  at: NOW + 1_000,
});

/** So many people answered, long enough ago for all of them to have been learned from. */
function answered(people: number): CampaignLearning {
  const found = learning();
  for (let call = 0; call < people; call += 1) {
    found.observe(ended(NOW, NOW + 9_000, 'person'), abandonment);
  }
  found.setups.follow([], NOW + 60_000);
  return found;
}

const riskOf = ({ risk }: CampaignLearning): number => risk.toJSON().logRisk;

describe('a campaign of which little is known', () => {
  it.each([
    [0, true],
    [49, true],
    [50, false],
    [51, false],
  ])('with %d answers still learns: %s', (people, isLearning) => {
    expect(answered(people).isLearning).toBe(isLearning);
  });

  it('does not know an answer until no call placed with it can still be on the way', () => {
    const found = learning();
    for (let call = 0; call < 50; call += 1) {
      found.observe(ended(NOW, NOW + 9_000, 'person'), abandonment);
    }
    found.setups.follow([], NOW + RING_TIMEOUT_MS + 5_999);
    expect(found.isLearning).toBe(true);
    found.setups.follow([], NOW + RING_TIMEOUT_MS + 6_000);
    expect(found.isLearning).toBe(false);
  });
});

describe('the accepted risk', () => {
  const first = riskOf(learning());

  it('rises by a person who was connected, and falls by one who was lost', () => {
    expect(riskOf(observed([about('connected')]))).toBeGreaterThan(first);
    expect(riskOf(observed([about('abandoned')]))).toBeLessThan(first);
  });

  it('takes a person who hung up early as lost only where the terms count them', () => {
    const counted = observed([about('hung-up-waiting')]);
    expect(riskOf(counted)).toBe(riskOf(observed([about('abandoned')])));
    const apart = { ...abandonment, earlyHangUpCounts: false };
    expect(riskOf(observed([about('hung-up-waiting')], apart))).toBe(
      riskOf(observed([about('connected')])),
    );
  });

  it('is steered by the cap of the terms', () => {
    const strict = { ...abandonment, rateMax: 0.01 };
    const steps = [strict, abandonment].map((terms) =>
      riskOf(observed([about('connected')], terms)),
    );
    expect((steps[1] ?? 0) - first).toBeCloseTo(3 * ((steps[0] ?? 0) - first), 4);
  });

  it('is not moved by what says nothing of people', () => {
    const found = observed([
      ended(NOW, NOW + 1_000, 'busy'),
      ended(NOW, NOW + 9_000, 'person'),
      { kind: 'talk-ended', startedAt: NOW, at: NOW + 60_000 },
      { kind: 'wrap-up-ended', startedAt: NOW, at: NOW + 9_000 },
    ]);
    expect(riskOf(found)).toBe(first);
  });
});

describe('each kind of fact', () => {
  it('teaches one thing and leaves the others as they were', () => {
    const none = learning().toJSON();
    const changedBy = (observation: PacingObservation): string[] => {
      const now = observed([observation]).toJSON();
      return Object.keys(now).filter(
        (key) => JSON.stringify(now[key]) !== JSON.stringify(none[key]),
      );
    };
    expect(changedBy(about('connected'))).toEqual(['risk']);
    expect(changedBy(about('abandoned'))).toEqual(['risk']);
    expect(changedBy(about('hung-up-waiting'))).toEqual(['risk']);
    expect(changedBy({ kind: 'talk-ended', startedAt: NOW, at: NOW + 60_000 })).toEqual([
      'releases',
    ]);
    expect(changedBy({ kind: 'wrap-up-ended', startedAt: NOW, at: NOW + 9_000 })).toEqual([
      'releases',
    ]);
    expect(changedBy(ended(NOW, NOW + 9_000, 'busy'))).toEqual(['setups']);
    expect(changedBy(ended(NOW, NOW + 1_000, 'failed'))).toEqual(['carrier']);
  });

  it('keeps talk and wrap-up apart', () => {
    const { releases } = observed([{ kind: 'talk-ended', startedAt: NOW, at: NOW + 60_000 }]);
    const { talk, wrapUp } = releases.toJSON();
    expect(talk.ends.reduce((sum, count) => sum + count, 0)).toBe(1);
    expect(wrapUp.ends.reduce((sum, count) => sum + count, 0)).toBe(0);
  });

  it('that a newer program sends teaches nothing and harms nothing', () => {
    const newer = { kind: 'asked-to-be-called-later', at: NOW } as unknown as PacingObservation;
    expect(observed([newer]).toJSON()).toEqual(learning().toJSON());
  });
});

describe('a call that failed at once', () => {
  it('is learned from when a look has found that the carrier works', () => {
    const found = observed([ended(NOW, NOW + 500, 'failed')]);
    expect(found.setups.setupsKnown).toBe(0);
    found.look([{ id: 'call_2', state: 'ringing', placedAt: NOW, since: NOW }], NOW + 6_000);
    expect(found.setups.setupsKnown).toBe(1);
  });

  it('is never learned from where it was the carrier', () => {
    const outage = Array.from({ length: 40 }, () => ended(NOW, NOW + 500, 'failed'));
    const found = observed(outage);
    found.look([], NOW + 6_000);
    found.observe(ended(NOW + 7_000, NOW + 7_500, 'rejected'), abandonment);
    found.look([], NOW + 20_000);
    expect(found.carrier.failingSince).toBe(NOW + 500);
    expect(found.setups.setupsKnown).toBe(0);
  });
});

describe('what was learned of a campaign', () => {
  it('is the same after a restart, all four parts of it', () => {
    const found = observed(past(31, 0.2, 400));
    found.look([], NOW);
    const stored = JSON.parse(JSON.stringify(found.toJSON()));
    expect(Object.keys(stored)).toEqual(['setups', 'releases', 'risk', 'carrier']);
    const again = new CampaignLearning(RING_TIMEOUT_MS, stored);
    expect(again.isLearning).toBe(found.isLearning);
    expect(again.setups.answersKnown).toBe(found.setups.answersKnown);
    for (const part of ['releases', 'risk', 'carrier'] as const) {
      expect(again[part].toJSON()).toEqual(found[part].toJSON());
    }
    for (const one of [found, again]) one.setups.prepare();
    expect(again.setups.answerRate()).toBeCloseTo(found.setups.answerRate(), 4);
  });

  it('of which a part is missing begins anew in that part alone', () => {
    const { risk, ...others } = observed(past(31, 0.2, 400)).toJSON();
    expect(risk).toBeDefined();
    const again = new CampaignLearning(RING_TIMEOUT_MS, others);
    expect(riskOf(again)).toBe(riskOf(learning()));
    expect(again.isLearning).toBe(false);
  });

  it('holds no turns: those are of the day', () => {
    const found = learning();
    found.served = 12;
    expect(new CampaignLearning(RING_TIMEOUT_MS, found.toJSON()).served).toBe(0);
  });
});
