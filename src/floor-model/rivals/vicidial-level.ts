/**
 * VICIdial's level controller: every fifteen seconds the lines per agent change with the share of
 * idle agents, and fall while the day's drops are over the limit.
 */
import { unreachable } from '../../lib/assert.ts';
import type { VicidialSettings, VicidialThreshold } from './vicidial-settings.ts';

/** Figures of drops, up to a minute old when they are used. */
export type VicidialDrops = {
  readonly callsLastMinute: number;
  /** Drops ÷ all calls of the last minute, in per cent. */
  readonly percentageLastMinute: number;
  readonly callsToday: number;
  /** Drops ÷ the day's answers with a disposition (including drops), in per cent. */
  readonly percentageToday: number;
};

export type VicidialLevelInput = {
  readonly level: number;
  /** Mean of the last samples: ready agents less people waiting. */
  readonly difference: number;
  /** Mean of the last samples: agents in any state, paused ones too. */
  readonly agents: number;
  readonly drops: VicidialDrops;
  /** The server's local time, written HHMM as one number. */
  readonly serverTime: number;
  /** Counts at this moment, for the thresholds. */
  readonly counts: {
    readonly loggedIn: number;
    readonly nonPaused: number;
    readonly ready: number;
  };
};

/** The level is kept as text of this many characters. */
const LEVEL_CHARACTERS = 6;
const HALVED_OVER_CALLS = 20;
const HALVED_OVER_PERCENTAGE = 50;
const LIMIT_OVER_CALLS = 50;
/** Difference from which nothing is tapered; HHMM figures are subtracted as plain numbers. */
const TAPER_FROM = 1_000;

/** The level after one pass of the controller. `ratio` never moves. */
export function nextLevel(settings: VicidialSettings, input: VicidialLevelInput): number {
  if (settings.method === 'ratio') return input.level;
  let level = stepped(settings, input);
  const { drops } = input;
  if (
    drops.callsLastMinute > HALVED_OVER_CALLS &&
    drops.percentageLastMinute > HALVED_OVER_PERCENTAGE
  ) {
    level /= 2;
  }
  if (
    drops.callsToday > LIMIT_OVER_CALLS &&
    drops.percentageToday > settings.droppedPercentageMax
  ) {
    level = overLimit(settings, level, input.serverTime);
  }
  if (belowThreshold(settings.levelOneBelow, input.counts)) level = 1;
  return asStored(Math.max(level, 1));
}

/** Whether fewer agents are there than the threshold asks for. */
export function belowThreshold(
  threshold: VicidialThreshold | undefined,
  counts: VicidialLevelInput['counts'],
): boolean {
  if (threshold === undefined) return false;
  switch (threshold.count) {
    case 'logged-in':
      return threshold.agents > counts.loggedIn;
    case 'non-paused':
      return threshold.agents > counts.nonPaused;
    case 'waiting':
      return threshold.agents > counts.ready;
    default:
      return unreachable(threshold.count);
  }
}

function stepped(settings: VicidialSettings, input: VicidialLevelInput): number {
  const wanted = input.difference + settings.differenceTarget;
  const percentage = wanted === 0 || input.agents === 0 ? 0 : (100 * wanted) / input.agents;
  const intensity = settings.intensity / 100;
  const step = percentage < 0 ? percentage * Math.abs(intensity - 1) : percentage * (intensity + 1);
  const level = Math.round(input.level * (1 + step / 100) * 1_000) / 1_000;
  return Math.max(Math.min(level, settings.levelMax), 1);
}

function overLimit(settings: VicidialSettings, level: number, serverTime: number): number {
  switch (settings.method) {
    case 'ratio':
      return level;
    case 'adapt-hard-limit':
      return 1;
    case 'adapt-average':
      return level / 2;
    case 'adapt-tapered': {
      const left = settings.latestServerTime - serverTime;
      if (left < 0) return 1;
      return level * (left > TAPER_FROM ? 1 : left / TAPER_FROM);
    }
    default:
      return unreachable(settings.method);
  }
}

function asStored(level: number): number {
  return Number(String(Number(level.toPrecision(15))).slice(0, LEVEL_CHARACTERS));
}
