/**
 * Half an hour in which anything may happen, drawn from a seed; the soak plays hundreds of them.
 */
import type { AmdMode } from '../domain/calls/screening.ts';
import { randomStream } from '../lib/random.ts';
import { MINUTE_MS, SECOND_MS } from '../lib/time.ts';
import {
  type DayPacing,
  type DaySettings,
  FAULTS,
  type FaultSettings,
  USUAL,
  usualDay,
} from './day-settings.ts';

const AMD: readonly AmdMode[] = ['off', 'before', 'parallel', 'parallel'];

/** Every drawn day has the same people and agents, so that their database is made only once. */
export const DRAWN_AGENTS = 12;
export const DRAWN_LEADS = 3_000;
export const DRAWN_MINUTES = 30;
const CLAIMS_LOST = 12;
const TYPES_SHARE = 0.6;

/**
 * A drawn day. On every fifth seed nothing goes wrong, which must hold too; on the seed after it
 * faults are only within the server. Some days begin before the law's window opens in Rio de
 * Janeiro, some end after it has closed. People answer more than real people do, and agents are
 * clumsier, so that half an hour is full.
 */
export function drawnDay(seed: number, minutes = DRAWN_MINUTES): DaySettings {
  const random = randomStream(seed, 'settings');
  const time = random() < 0.25 ? '19:35:00' : random() < 0.3 ? '08:50:00' : '10:00:00';
  return usualDay({
    seed,
    scenario: 'drawn',
    startsAt: `2026-11-23T${time}-03:00`,
    minutes,
    agents: DRAWN_AGENTS,
    campaigns: 2,
    leads: DRAWN_LEADS,
    history: true,
    pacing: drawnPacing(random()),
    wrapUpMs: 30 * SECOND_MS,
    amd: AMD[Math.floor(random() * AMD.length)] ?? 'off',
    network: { ...USUAL.network, secondTrunkFailsShare: 0.3 },
    people: {
      ...USUAL.people,
      answerRate: 0.15 + 0.25 * random(),
      machineRate: 0.05,
      curve: 'flat',
      pickUpMeanMs: 8_000,
      talkMeanMs: 55_000,
    },
    floor: {
      arriveWithinMs: MINUTE_MS,
      wrapUpMeanMs: 10_000,
      endsTalksAfterMs: 2 * MINUTE_MS,
      forgetsShare: 0.05,
      pauseEveryMs: 10 * MINUTE_MS,
      pauseMeanMs: 25 * SECOND_MS,
      planned: false,
      mishapEveryMs: 6 * MINUTE_MS,
      typesShare: typesShareOf(seed),
    },
    faults: { ...faultsOf(seed), claimsLost: claimsLostOf(seed) },
    supervisor: true,
  });
}

function faultsOf(seed: number): FaultSettings {
  if (seed % 5 === 0) return FAULTS.none;
  if (seed % 7 === 0) return FAULTS.many;
  return seed % 5 === 1 ? FAULTS.inside : FAULTS.some;
}

/** Zero for the first ten seeds: their facts are compared with those of versions without claims. */
function claimsLostOf(seed: number): number {
  return seed > 10 && seed % 3 === 0 && seed % 5 !== 0 ? CLAIMS_LOST : 0;
}

/** Zero for the first ten seeds, for the same reason. */
function typesShareOf(seed: number): number {
  return seed > 10 ? TYPES_SHARE : 0;
}

function drawnPacing(lot: number): DayPacing {
  if (lot < 0.6) return { mode: 'predictive' };
  if (lot < 0.75) return { mode: 'progressive' };
  return { mode: 'ratio', ratio: 1.2 + Math.round((lot - 0.75) * 80) / 10 };
}
