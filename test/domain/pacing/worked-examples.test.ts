/** The examples in the head comments of pacing, with the numbers they give. */
import { describe, expect, it } from 'vitest';
import { CampaignLearning } from '../../../src/domain/pacing/campaign-learning.ts';
import { CarrierBreaker } from '../../../src/domain/pacing/carrier-breaker.ts';
import { NewCall, Outlook, usedMoments } from '../../../src/domain/pacing/outlook.ts';
import {
  createPacer,
  type PacingAgent,
  type PacingCall,
  type PacingObservation,
  type PacingOutcome,
  type PacingSettings,
  type PacingSnapshot,
} from '../../../src/domain/pacing/pacer.ts';
import { Setups } from '../../../src/domain/pacing/setups.ts';
import { seededRandom } from '../../../src/lib/random.ts';
import { PLACED_AT } from '../../support/builders.ts';

const RING_TIMEOUT_MS = 30_000;
const SETTINGS: PacingSettings = {
  mode: 'predictive',
  abandonment: {
    rateMax: 0.03,
    waitMaxMs: 2_000,
    clockStart: 'answered',
    earlyHangUpCounts: true,
  },
  ringTimeoutMs: RING_TIMEOUT_MS,
};

type Ended = { readonly placedAt: number; readonly at: number; readonly outcome: PacingOutcome };

type Kind = {
  readonly share: number;
  readonly fromMs: number;
  readonly toMs: number;
  readonly outcome: PacingOutcome;
};

const RINGS_OUT = { fromMs: RING_TIMEOUT_MS, toMs: RING_TIMEOUT_MS, outcome: 'no-answer' } as const;

function kindAt(kinds: readonly Kind[], lot: number): Omit<Kind, 'share'> {
  let upTo = 0;
  for (const kind of kinds) {
    upTo += kind.share;
    if (lot < upTo) return kind;
  }
  return RINGS_OUT;
}

/** One call a second; each kind has its share of them, and its ends are spread over its time. */
function ends(calls: number, kinds: readonly Kind[]): Ended[] {
  const random = seededRandom(11);
  return Array.from({ length: calls }, (_, call) => {
    const kind = kindAt(kinds, (call * 0.6180339887) % 1);
    const placedAt = PLACED_AT + call * 1_000;
    const at = placedAt + kind.fromMs + Math.round(random() * (kind.toMs - kind.fromMs));
    return { placedAt, at, outcome: kind.outcome };
  }).sort((one, other) => one.at - other.at);
}

const NOW = PLACED_AT + 5_000_000;

/** What is learned of some thousand calls comes so near to the example, as a share of it. */
function expectNear(value: number, example: number, share = 0.12): void {
  expect(Math.abs(value - example)).toBeLessThan(Math.max(0.005, share * example));
}

describe('the example of setups.ts', () => {
  it('a call has 15 %, after five seconds of ringing 25 %, and after fifteen hardly any', () => {
    const setups = new Setups(RING_TIMEOUT_MS);
    const list = ends(4_000, [
      { share: 0.4, fromMs: 500, toMs: 2_500, outcome: 'busy' },
      { share: 0.15, fromMs: 8_000, toMs: 12_000, outcome: 'person' },
    ]);
    for (const { placedAt, at, outcome } of list) setups.observe(placedAt, at, outcome);
    setups.follow([], NOW);
    setups.prepare();
    expectNear(setups.answerRate(), 0.15);
    expectNear(setups.answerWithin(5, 60), 0.25);
    expectNear(setups.answerWithin(5, 2), 0);
    expectNear(setups.answerWithin(15, 60), 0);
  });
});

describe('the example of outlook.ts', () => {
  /** Half of the calls are answered in the tenth second, the others are busy at once. */
  function learned(): CampaignLearning {
    const learning = new CampaignLearning(RING_TIMEOUT_MS);
    const list = ends(4_000, [
      { share: 0.5, fromMs: 9_000, toMs: 9_600, outcome: 'person' },
      { share: 0.5, fromMs: 500, toMs: 900, outcome: 'busy' },
    ]);
    for (const { placedAt, at, outcome } of list) {
      learning.setups.observe(placedAt, at, outcome);
    }
    // Half of the wrap-ups end after five seconds, the others last for minutes.
    for (let wrapUp = 0; wrapUp < 1_000; wrapUp += 1) {
      learning.releases.wrapUpEnded(0, wrapUp % 2 === 0 ? 5_000 : 600_000);
    }
    learning.setups.follow([], NOW);
    learning.setups.prepare();
    learning.releases.prepare(0);
    return learning;
  }

  function riskOf(agents: readonly PacingAgent[], calls: number): number {
    const learning = learned();
    const newCall = new NewCall();
    newCall.refresh(learning);
    const outlook = new Outlook();
    const onTheWay = Array.from({ length: calls }, (_, index): PacingCall => {
      return { id: `call_${index}`, state: 'ringing', placedAt: NOW, since: NOW };
    });
    const snapshot: PacingSnapshot = {
      now: NOW,
      agents,
      calls: onTheWay,
      waiting: [],
      bank: { answers: 0, abandoned: 0 },
      linesFree: 100,
      callsAllowedNow: 100,
      leadsLeft: 100,
    };
    const used = usedMoments([newCall], new Uint8Array(newCall.shares.length));
    outlook.look(agents, snapshot, [{ campaignId: '', learning, overlap: 1 }], used);
    return outlook.risk(newCall.shares);
  }

  const free: PacingAgent = { state: 'available', since: NOW };
  const wrappingUp: PacingAgent = { state: 'wrapping-up', since: NOW };

  it('one free agent and one call on the way: half; none on the way: nothing', () => {
    expectNear(riskOf([free], 1), 0.5);
    expectNear(riskOf([free], 0), 0);
  });

  it('and a second agent who is free by then with one half: a quarter', () => {
    expectNear(riskOf([free, wrappingUp], 1), 0.25);
  });
});

describe('the example of predictive.ts', () => {
  it('two free agents and 15 % of answers: three calls at 2.3 %, and no fourth at 6.1 %', () => {
    const pacer = createPacer(SETTINGS);
    const list = ends(4_000, [{ share: 0.15, fromMs: 9_000, toMs: 10_000, outcome: 'person' }]);
    for (const { placedAt, at, outcome } of list) {
      const callId = `call_${placedAt}`;
      pacer.observe({ kind: 'setup-ended', callId, placedAt, at, outcome });
    }
    const snapshot: PacingSnapshot = {
      now: NOW,
      agents: [
        { state: 'available', since: NOW },
        { state: 'available', since: NOW },
      ],
      calls: [],
      waiting: [],
      bank: { answers: 1_000, abandoned: 0 },
      linesFree: 100,
      callsAllowedNow: 100,
      leadsLeft: 100,
    };
    const plan = pacer.plan(snapshot);
    expect(plan.place).toBe(3);
    expect(plan.because).toMatchObject({ kind: 'risk-accepted', free: 2, onTheWay: 3 });
    const { risk, riskMax } = plan.because as { risk: number; riskMax: number };
    expectNear(risk, 0.0225);
    expectNear(riskMax, 0.031);
    const calls = Array.from({ length: 3 }, (_, index): PacingCall => {
      return { id: `call_${index}`, state: 'placing', placedAt: NOW, since: NOW };
    });
    const next = pacer.plan({ ...snapshot, calls });
    expect(next.place).toBe(0);
    expect(next.because.kind).toBe('risk-too-high');
    expectNear((next.because as { risk: number }).risk, 0.061);
  });
});

describe('the example of carrier-breaker.ts', () => {
  /** So many calls of one moment fail after a second; others of it ring on. All come of age together. */
  function burst(failing: number, ringing: number): CarrierBreaker {
    const breaker = new CarrierBreaker();
    breaker.look([], PLACED_AT);
    for (let call = 0; call < failing; call += 1) {
      const ended: PacingObservation = {
        kind: 'setup-ended',
        callId: `call_${call}`,
        placedAt: PLACED_AT,
        at: PLACED_AT + 1_000,
        outcome: 'failed',
      };
      breaker.pass(ended);
    }
    const calls = Array.from({ length: ringing }, (_, index): PacingCall => {
      return { id: `other_${index}`, state: 'ringing', placedAt: PLACED_AT, since: PLACED_AT };
    });
    breaker.look(calls, PLACED_AT + 6_000);
    return breaker;
  }

  it('trips at the 21st failure of a burst, and not at the twentieth', () => {
    expect(burst(20, 0).failingSince).toBeUndefined();
    expect(burst(21, 0).failingSince).toBe(PLACED_AT + 1_000);
  });

  it('wants 26 where one call of the burst rings on', () => {
    expect(burst(25, 1).failingSince).toBeUndefined();
    expect(burst(26, 1).failingSince).toBe(PLACED_AT + 1_000);
  });
});
