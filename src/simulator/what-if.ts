/**
 * What a change of pacing would do: the floor model with what the campaign and those that share its
 * agents have learned, each stretch of time played twice with the same luck, as it is paced now and as
 * it would be.
 */
import {
  type Estimate,
  NOTABLE_CHANGE,
  type WhatIfEstimate,
  type WhatIfFigures,
  type WhatIfOther,
  type WhatIfPacing,
  type WhatIfQuestion,
} from '../engine/ports/what-if.ts';
import { HOUR_MS } from '../lib/time.ts';
import type { FloorScenario } from './floor-scenario.ts';
import { runFloor } from './pacing-floor.ts';
import type { FloorTally } from './pacing-tally.ts';
import type { FloorPolicy } from './rivals/rival.ts';
import { campaignsOf, type PlayedCampaign, playOf, scenarioOf } from './what-if-floor.ts';
import { machinesOf } from './what-if-machines.ts';
import { lonePolicy, sharedPolicy } from './what-if-pacers.ts';

export type WhatIfEffort = {
  /** Stretches of time simulated at least, and at most. */
  readonly spansMin: number;
  readonly spansMax: number;
  /** Asked after each one beyond the least: whether there is no time for another. */
  readonly isOver: () => boolean;
};

/** Same question and as many stretches, same estimate. */
export function estimateWhatIf(question: WhatIfQuestion, effort: WhatIfEffort): WhatIfEstimate {
  const now: FloorTally[] = [];
  const changed: FloorTally[] = [];
  const playNow = playerOf(question, question.now);
  const playChanged = playerOf(question, question.changed);
  for (let seed = 1; seed <= effort.spansMax; seed += 1) {
    now.push(playNow(seed));
    changed.push(playChanged(seed));
    if (seed >= effort.spansMin && effort.isOver()) break;
  }
  const counts = question.now.settings.abandonment.earlyHangUpCounts;
  return {
    spans: now.length,
    spanMs: playOf(question).spanMs,
    now: figuresOf(now, counts),
    changed: figuresOf(changed, counts),
    others: (question.others ?? []).map((other, index) =>
      otherOf(other, index + 1, { now, changed }),
    ),
    machines: whereMachinesAreFrom(question),
  };
}

function whereMachinesAreFrom({ now, screened }: WhatIfQuestion): WhatIfEstimate['machines'] {
  if (now.amd === undefined) return 'left-out';
  return machinesOf(screened).isMeasured ? 'measured' : 'assumed';
}

/** Plays one stretch with the luck of a seed. */
function playerOf(question: WhatIfQuestion, pacing: WhatIfPacing): (seed: number) => FloorTally {
  const campaigns = campaignsOf(question, pacing);
  const scenario: FloorScenario = scenarioOf(question, pacing);
  const { clockStart } = pacing.settings.abandonment;
  return (seed) => runFloor({ scenario, policy: policyOf(question, campaigns), seed, clockStart });
}

function policyOf(question: WhatIfQuestion, campaigns: readonly PlayedCampaign[]): FloorPolicy {
  const [alone] = campaigns as [PlayedCampaign, ...PlayedCampaign[]];
  const play = playOf(question);
  return campaigns.length === 1
    ? lonePolicy(alone, play)
    : sharedPolicy(campaigns, question.crew, play);
}

// ── what came of it ─────────────────────────────────────────────────────────────────────────────

function figuresOf(spans: readonly FloorTally[], earlyHangUpCounts: boolean): WhatIfFigures {
  const each = (part: (span: FloorTally) => number, whole: (span: FloorTally) => number) =>
    estimateOf(spans.map((span) => shareOf(part(span), whole(span))));
  return {
    utilisation: each(
      (span) => span.busyMs,
      (span) => span.presentMs,
    ),
    abandonment: abandonmentEstimate(spans, 0, earlyHangUpCounts),
    waitMs: each(
      (span) => span.waitSumMs,
      (span) => span.conversations,
    ),
    conversationsPerHour: each(
      (span) => span.conversations,
      (span) => span.presentMs / HOUR_MS,
    ),
  };
}

const shareOf = (part: number, whole: number): number => (whole > 0 ? part / whole : 0);

type Lost = { readonly answers: number; readonly lost: number };

/** Of the campaign at this place. */
function lostOf(span: FloorTally, campaign: number, earlyHangUpCounts: boolean): Lost {
  const { answers, lost, lostAtLimit } = span.campaigns[campaign] as FloorTally['campaigns'][0];
  return { answers, lost: earlyHangUpCounts ? lost : lostAtLimit };
}

/**
 * In one stretch a campaign has few answers, and often nobody is lost: the middle is that of all
 * stretches together.
 */
function abandonmentEstimate(
  spans: readonly FloorTally[],
  campaign: number,
  earlyHangUpCounts: boolean,
): Estimate {
  const counts = spans.map((span) => lostOf(span, campaign, earlyHangUpCounts));
  const { low, high } = estimateOf(counts.map(({ lost, answers }) => shareOf(lost, answers)));
  const middle = pooled(counts);
  return { middle, low: Math.min(low, middle), high: Math.max(high, middle) };
}

function pooled(counts: readonly Lost[]): number {
  return shareOf(
    counts.reduce((sum, { lost }) => sum + lost, 0),
    counts.reduce((sum, { answers }) => sum + answers, 0),
  );
}

type BothWays = { readonly now: readonly FloorTally[]; readonly changed: readonly FloorTally[] };

function otherOf(
  { id, now: { settings } }: NonNullable<WhatIfQuestion['others']>[number],
  place: number,
  spans: BothWays,
): WhatIfOther {
  const { earlyHangUpCounts } = settings.abandonment;
  const estimate = (played: readonly FloorTally[]): Estimate =>
    abandonmentEstimate(played, place, earlyHangUpCounts);
  const rates = (played: readonly FloorTally[]): number[] =>
    played.map((span) => pooled([lostOf(span, place, earlyHangUpCounts)]));
  const now = estimate(spans.now);
  const changed = estimate(spans.changed);
  const before = rates(spans.now);
  const moves = rates(spans.changed).map((rate, index) => rate - (before[index] ?? 0));
  return {
    campaignId: id,
    abandonment: { now, changed },
    isNotable: Math.abs(changed.middle - now.middle) >= NOTABLE_CHANGE && isBeyondChance(moves),
  };
}

/** The mean of these differs from nothing by more than twice its own standard error. */
function isBeyondChance(moves: readonly number[]): boolean {
  const count = moves.length;
  if (count < 2) return false;
  const mean = moves.reduce((sum, move) => sum + move, 0) / count;
  const squares = moves.reduce((sum, move) => sum + (move - mean) ** 2, 0);
  return Math.abs(mean) > 2 * Math.sqrt(squares / (count * (count - 1)));
}

/** The middle, and what eight in ten lie between. */
function estimateOf(values: readonly number[]): Estimate {
  const sorted = [...values].sort((left, right) => left - right);
  const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))] ?? 0;
  return { middle: at(0.5), low: at(0.1), high: at(0.9) };
}
