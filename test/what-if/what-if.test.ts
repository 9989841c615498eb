import { describe, expect, it } from 'vitest';
import { createPacer, type PacingSettings } from '../../src/domain/pacing/pacer.ts';
import type { WhatIfQuestion } from '../../src/engine/ports/what-if.ts';
import { runFloor } from '../../src/floor-model/floor.ts';
import { plainScenario } from '../../src/floor-model/scenario.ts';
import { createWhatIf } from '../../src/what-if/fork.ts';
import { estimateWhatIf } from '../../src/what-if/what-if.ts';
import { SETTINGS } from '../domain/pacing/pacer-floors.ts';

const AGENTS = 10;

/** What a pacer has learned after an hour of such a floor. */
function learnedOn(answerRate: number) {
  const pacer = createPacer(SETTINGS);
  const scenario = plainScenario(AGENTS, answerRate, { warmUpMs: 0, countedMs: 3_600_000 });
  runFloor({
    scenario,
    seed: 7,
    clockStart: 'answered',
    policy: {
      ...{ name: 'learner', planEveryMs: 250, planOnEvents: true },
      observe: (observation) => pacer.observe(observation),
      plan: (snapshot) => pacer.plan(snapshot),
    },
  });
  return pacer.toJSON().campaigns[''] ?? {};
}

const LEARNED = learnedOn(0.15);
const EFFORT = { spansMin: 3, spansMax: 3, isOver: () => true };

function asked(
  changes: Partial<PacingSettings>,
  change: Partial<WhatIfQuestion> = {},
): WhatIfQuestion {
  return {
    ...{ agents: AGENTS, answerRate: 0.15, learned: LEARNED },
    bank: { answers: 400, abandoned: 8 },
    now: { settings: SETTINGS, linesMax: 200 },
    changed: { settings: { ...SETTINGS, ...changes }, linesMax: 200 },
    ...change,
  };
}

describe('the estimate of a change', () => {
  it('shows no difference without a change: both ways are played with the same chance', () => {
    const { now, changed, spans, spanMs } = estimateWhatIf(asked({}), EFFORT);
    expect({ spans, spanMs }).toEqual({ spans: 3, spanMs: 3_600_000 });
    expect(changed).toEqual(now);
    expect(now.utilisation.low).toBeLessThanOrEqual(now.utilisation.middle);
    expect(now.utilisation.middle).toBeLessThanOrEqual(now.utilisation.high);
    expect(now.utilisation.middle).toBeGreaterThan(0.65);
  });

  it('says that one to one leaves agents waiting and abandons hardly anyone', () => {
    const { now, changed } = estimateWhatIf(asked({ mode: 'progressive' }), EFFORT);
    expect(changed.utilisation.high).toBeLessThan(now.utilisation.low);
    expect(changed.waitMs.middle).toBeGreaterThan(1.5 * now.waitMs.middle);
    expect(changed.abandonment.middle).toBeLessThanOrEqual(now.abandonment.middle);
    expect(changed.abandonment.middle).toBeLessThan(0.005);
  });

  it('knows that few lines starve a floor', () => {
    const question = asked({});
    const few = { ...question, changed: { ...question.changed, linesMax: AGENTS } };
    const { now, changed } = estimateWhatIf(few, EFFORT);
    expect(changed.utilisation.high).toBeLessThan(now.utilisation.low);
  });

  it('begins with the present window: an empty bank is dialed one to one', () => {
    const full = estimateWhatIf(asked({}), EFFORT).now;
    const empty = estimateWhatIf(asked({}, { bank: { answers: 400, abandoned: 40 } }), EFFORT).now;
    expect(empty.utilisation.middle).toBeLessThan(full.utilisation.middle - 0.05);
  });
});

describe('a question in a process of its own', () => {
  it('is answered, while a second question is refused', async () => {
    // It has low priority: beside other tests it may wait for long.
    const whatIf = createWhatIf(45_000);
    const first = whatIf.estimate(asked({ mode: 'progressive' }, { agents: 3 }));
    expect(await whatIf.estimate(asked({}))).toEqual({ ok: false, because: 'busy' });
    const answer = await first;
    if (!answer.ok) throw new Error('there is an estimate');
    expect(answer.estimate.spans).toBeGreaterThanOrEqual(3);
    expect(answer.estimate.changed.utilisation.middle).toBeGreaterThan(0.2);
  });

  it('is given up when it takes too long, and when we stop', async () => {
    expect(await createWhatIf(10).estimate(asked({}))).toEqual({ ok: false, because: 'failed' });
    const whatIf = createWhatIf();
    const pending = whatIf.estimate(asked({}));
    whatIf.stop();
    expect(await pending).toEqual({ ok: false, because: 'failed' });
  });
});
