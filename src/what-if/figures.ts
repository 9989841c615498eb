/** The figures of a what-if, from the simulated spans. */

import { MEASURES, measured } from '../domain/reports/measures.ts';
import {
  type Estimate,
  NOTABLE_CHANGE,
  type WhatIfCampaign,
  type WhatIfFigures,
  type WhatIfOther,
} from '../engine/ports/what-if.ts';
import type { FloorTally } from '../floor-model/tally.ts';
import { HOUR_MS } from '../lib/time.ts';

export function figuresOf(spans: readonly FloorTally[], earlyHangUpCounts: boolean): WhatIfFigures {
  const each = (part: (span: FloorTally) => number, whole: (span: FloorTally) => number) =>
    estimateOf(spans.map((span) => shareOf(part(span), whole(span))));
  return {
    utilisation: each(MEASURES.occupancy.numerator, MEASURES.occupancy.denominator),
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

function lostShareOf({ answers, lost }: Lost): number {
  return measured(MEASURES.abandonment, { answers, abandoned: lost }) ?? 0;
}

export type Lost = { readonly answers: number; readonly lost: number };

/** People lost of the campaign at this index. */
function lostOf(span: FloorTally, campaign: number, earlyHangUpCounts: boolean): Lost {
  const { answers, lost, lostAtLimit } = span.campaigns[campaign] as FloorTally['campaigns'][0];
  return { answers, lost: earlyHangUpCounts ? lost : lostAtLimit };
}

/**
 * A single span has few answers and often no one lost, so the middle value is the rate of all spans
 * together.
 */
function abandonmentEstimate(
  spans: readonly FloorTally[],
  campaign: number,
  earlyHangUpCounts: boolean,
): Estimate {
  const counts = spans.map((span) => lostOf(span, campaign, earlyHangUpCounts));
  const { low, high } = estimateOf(
    counts.map(({ lost, answers }) => lostShareOf({ lost, answers })),
  );
  const middle = pooled(counts);
  return { middle, low: Math.min(low, middle), high: Math.max(high, middle) };
}

function pooled(counts: readonly Lost[]): number {
  return lostShareOf({
    lost: counts.reduce((sum, { lost }) => sum + lost, 0),
    answers: counts.reduce((sum, { answers }) => sum + answers, 0),
  });
}

/** The effect on an unchanged campaign, at this index among the simulated ones. */
export function otherOf(
  { id, now: { settings } }: WhatIfCampaign,
  place: number,
  spans: { readonly now: readonly FloorTally[]; readonly changed: readonly FloorTally[] },
): WhatIfOther {
  const { earlyHangUpCounts } = settings.abandonment;
  const countsOf = (played: readonly FloorTally[]): Lost[] =>
    played.map((span) => lostOf(span, place, earlyHangUpCounts));
  return {
    campaignId: id,
    abandonment: {
      now: abandonmentEstimate(spans.now, place, earlyHangUpCounts),
      changed: abandonmentEstimate(spans.changed, place, earlyHangUpCounts),
    },
    isNotable: movesNotably(countsOf(spans.now), countsOf(spans.changed)),
  };
}

/** Whether abandonment moves enough to be shown, judged by spans played with the same chance. */
export function movesNotably(now: readonly Lost[], changed: readonly Lost[]): boolean {
  if (Math.abs(pooled(changed) - pooled(now)) < NOTABLE_CHANGE) return false;
  const rates = now.map((counts) => pooled([counts]));
  return isBeyondChance(changed.map((counts, index) => pooled([counts]) - (rates[index] ?? 0)));
}

/** Whether the mean differs from zero by more than twice its standard error. */
function isBeyondChance(moves: readonly number[]): boolean {
  const count = moves.length;
  if (count < 2) return false;
  const mean = moves.reduce((sum, move) => sum + move, 0) / count;
  const squares = moves.reduce((sum, move) => sum + (move - mean) ** 2, 0);
  return Math.abs(mean) > 2 * Math.sqrt(squares / (count * (count - 1)));
}

/** The median, and the bounds between which eight in ten values lie. */
function estimateOf(values: readonly number[]): Estimate {
  const sorted = [...values].sort((left, right) => left - right);
  const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))] ?? 0;
  return { middle: at(0.5), low: at(0.1), high: at(0.9) };
}
