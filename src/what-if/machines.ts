/**
 * Answering machines in a what-if: how many answer, how soon and how reliably they are recognized,
 * and the correction of the figures that the pacer learned with machines included.
 */
import {
  AMD_SAMPLE_SHARE_DEFAULT,
  type AmdMode,
  SCREENING_RESERVE_MS,
} from '../domain/calls/screening.ts';
import { MESSAGE_LEAD_MS } from '../domain/calls/standing.ts';
import type { WhatIfPacing, WhatIfScreened } from '../engine/ports/what-if.ts';
import { MACHINE_TALK_MS, MACHINE_WRAP_UP_MS } from '../floor-model/agents.ts';
import type { Screening } from '../floor-model/fates.ts';
import { unreachable } from '../lib/assert.ts';
import { type DurationMs, SECOND_MS } from '../lib/time.ts';

export type Machines = {
  /** Share of machines among all answers, whatever the verdicts. */
  readonly share: number;
  /** Share of people taken for machines, and share of machines not recognized. */
  readonly falsePositives: number;
  readonly missed: number;
  /** Mean time from the answer to the verdict. */
  readonly personMs: DurationMs;
  readonly machineMs: DurationMs;
  /** Whether share and times come from the campaign's recent verdicts rather than assumptions. */
  readonly isMeasured: boolean;
};

/** Assumed when too few calls were screened. The times were measured on the real PBX. */
const ASSUMED: Machines = {
  share: 0.3,
  falsePositives: 0.01,
  missed: 0.05,
  personMs: 1_550,
  machineMs: 2_400,
  isMeasured: false,
};
/** Assumed share of people among the machine verdicts, until agents judged enough of them. */
const FALSE_VERDICTS_ASSUMED = 0.02;
const VERDICTS_NEEDED = 50;
/** Verdicts of a kind needed for its mean time. */
const TIMES_NEEDED = 10;
/** Machine verdicts needed that agents heard themselves. */
const JUDGED_NEEDED = 20;
const SHARE_MAX = 0.95;
/**
 * Relative spread of verdict times around their means; a verdict on a person depends more on the
 * greeting.
 */
const PERSON_SPREAD = 0.15;
const MACHINE_SPREAD = 0.05;

/** Estimates from the campaign's verdicts, as far as there are enough. */
export function machinesOf(screened: WhatIfScreened | undefined): Machines {
  if (!screened) return ASSUMED;
  const { lately, judged } = screened;
  const verdicts = lately.people + lately.machines;
  if (verdicts < VERDICTS_NEEDED) return ASSUMED;
  const falseShare =
    judged.judged >= JUDGED_NEEDED ? judged.people / judged.judged : FALSE_VERDICTS_ASSUMED;
  const known = judged.machine + judged.missed;
  const missed =
    known >= VERDICTS_NEEDED ? Math.min(SHARE_MAX, judged.missed / known) : ASSUMED.missed;
  const byVerdict = lately.machines / verdicts;
  const share = Math.min(SHARE_MAX, (byVerdict * (1 - falseShare)) / (1 - missed));
  return {
    share,
    missed,
    falsePositives: Math.min(1, (byVerdict * falseShare) / (1 - share)),
    personMs: lately.people >= TIMES_NEEDED ? lately.peopleMeanMs : ASSUMED.personMs,
    machineMs: lately.machines >= TIMES_NEEDED ? lately.machinesMeanMs : ASSUMED.machineMs,
    isMeasured: true,
  };
}

/** The campaign's screening as the floor simulates it. */
export function screeningOf(machines: Machines, amd: AmdMode, pacing: WhatIfPacing): Screening {
  if (amd === 'off') {
    return { minMs: 0, maxMs: 0, seekAfterMs: 0, falsePositives: 0, machinesMissed: 1 };
  }
  const { amdSampleShare = AMD_SAMPLE_SHARE_DEFAULT } = pacing;
  const { personMs, machineMs, falsePositives, missed } = machines;
  return {
    minMs: (1 - PERSON_SPREAD) * personMs,
    maxMs: (1 + PERSON_SPREAD) * personMs,
    ofMachines: {
      minMs: (1 - MACHINE_SPREAD) * machineMs,
      maxMs: (1 + MACHINE_SPREAD) * machineMs,
    },
    seekAfterMs: seekAfterMs(amd, pacing),
    falsePositives: falsePositives * (1 - amdSampleShare),
    machinesMissed: missed + (1 - missed) * amdSampleShare,
  };
}

function seekAfterMs(amd: Exclude<AmdMode, 'off'>, { settings }: WhatIfPacing): DurationMs {
  switch (amd) {
    case 'parallel':
      return 0;
    case 'before': {
      // The pacer's limit is the beginning of the message, a little before the profile's limit.
      const limitMs = settings.abandonment.waitMaxMs + MESSAGE_LEAD_MS;
      return Math.max(0, limitMs - SCREENING_RESERVE_MS);
    }
    default:
      return unreachable(amd);
  }
}

/** Shares of all answers, by what becomes of them. Their sum is 1. */
export type Answered = {
  /** Put through to an agent who talks with a person. */
  readonly people: number;
  /** Machines put through and taken back from the agent after `takenBackMs`. */
  readonly takenBack: number;
  readonly takenBackMs: DurationMs;
  /** Machines put through and noticed by the agent. */
  readonly foundOut: number;
  /** Screened out before an agent was sought. */
  readonly screenedOut: number;
};

export function answeredUnder({ share }: Machines, screening: Screening): Answered {
  const { falsePositives, machinesMissed, seekAfterMs = Number.POSITIVE_INFINITY } = screening;
  const ofMachines = screening.ofMachines ?? screening;
  const falselyMachines = (1 - share) * falsePositives;
  const rightlyMachines = share * (1 - machinesMissed);
  const soon =
    falselyMachines * shareWithin(screening, seekAfterMs) +
    rightlyMachines * shareWithin(ofMachines, seekAfterMs);
  const foundOut = share * machinesMissed;
  const middleMs = (ofMachines.minMs + ofMachines.maxMs) / 2;
  return {
    people: (1 - share) * (1 - falsePositives),
    takenBack: falselyMachines + rightlyMachines - soon,
    takenBackMs: Math.max(0, middleMs - Math.min(middleMs, seekAfterMs)),
    foundOut,
    screenedOut: soon,
  };
}

/** Share of verdicts that arrive within this time, that is before an agent is sought. */
function shareWithin(
  { minMs, maxMs }: { readonly minMs: DurationMs; readonly maxMs: DurationMs },
  withinMs: DurationMs,
): number {
  if (withinMs <= 0) return 0;
  if (maxMs <= minMs) return minMs <= withinMs ? 1 : 0;
  return Math.min(1, Math.max(0, (withinMs - minMs) / (maxMs - minMs)));
}

/** Mean length of conversations with people, from the mean of all conversations. */
export function talkWithPeopleMs(allMs: DurationMs, answered: Answered): DurationMs {
  const { takenBack, takenBackMs, foundOut } = answered;
  return withoutMachines(allMs, takenBack * takenBackMs + foundOut * MACHINE_TALK_MS, answered);
}

/** The same for wrap-ups; a call that was taken back has none. */
export function wrapUpWithPeopleMs(allMs: DurationMs, answered: Answered): DurationMs {
  return withoutMachines(allMs, answered.foundOut * MACHINE_WRAP_UP_MS, answered);
}

function withoutMachines(allMs: DurationMs, machinesMs: number, answered: Answered): DurationMs {
  const { people, takenBack, foundOut } = answered;
  if (people <= 0) return allMs;
  const mean = (allMs * (people + takenBack + foundOut) - machinesMs) / people;
  return Math.max(SECOND_MS, mean);
}
