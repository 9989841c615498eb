/**
 * What a change of pacing would do. The floor model runs with what the campaign, and those that
 * share its agents, have learned. Each span is played twice with the same chance: with the present
 * pacing and with the changed one.
 */
import type { WhatIfEstimate, WhatIfPacing, WhatIfQuestion } from '../engine/ports/what-if.ts';
import { runFloor } from '../floor-model/floor.ts';
import type { FloorPolicy } from '../floor-model/rivals/rival.ts';
import type { FloorScenario } from '../floor-model/scenario.ts';
import type { FloorTally } from '../floor-model/tally.ts';
import { figuresOf, otherOf } from './figures.ts';
import { campaignsOf, type PlayedCampaign, playOf, scenarioOf } from './floor.ts';
import { machinesOf } from './machines.ts';
import { lonePolicy, sharedPolicy } from './pacers.ts';

export type WhatIfEffort = {
  /** Smallest and largest number of simulated spans. */
  readonly spansMin: number;
  readonly spansMax: number;
  /** Whether there is no time for another span; asked after each one beyond `spansMin`. */
  readonly isOver: () => boolean;
};

/** The same question with the same number of spans gives the same estimate. */
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

/** Returns a function that plays one span with the chance of a seed. */
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
