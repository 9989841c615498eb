/**
 * VICIdial's pacing as a policy of the floor: the launcher runs every two and a half seconds plus
 * the time its launching takes; the controller samples every second, sets its level every fifteen,
 * and updates its drop figures every sixty.
 *
 * Where the model differs from a real VICIdial, the difference favours the rival. Simulated: both
 * loops and their cadence, serial launching, counts frozen while it launches, lines counted for
 * their whole life, agents writing a disposition, whom the launcher ignores and the controller
 * counts, the denominator that waits for dispositions, and figures of drops up to a minute old.
 * Left out, each in its favour: the 50 to 300 ms from launch to trunk; the 0.1 to 0.3 s from answer
 * to routing, its machine detection, and the answers that take longer or never get there; the
 * search for an agent in steps of 250 ms to 1 s; the browser's poll of up to 1 s before the agent
 * notices; unanswered lines that stay counted until a sweep some twelve seconds later; agents whose
 * person has hung up and who have not clicked yet (here everybody clicks at once); several servers,
 * whose goals are rounded and counted apart; work that makes a pass longer than its sleep. People
 * are lost at the comparison's limit, the same for every policy, not at its own of five seconds.
 * Inbound blending, dialing shared between campaigns and lines lent between servers have no
 * counterpart in the comparison.
 */
import { assert } from '../../lib/assert.ts';
import {
  type DurationMs,
  type EpochMs,
  localTime,
  MINUTE_MS,
  SECOND_MS,
  type ZoneName,
} from '../../lib/time.ts';
import type { FloorPlan, FloorPolicy, FloorSnapshot } from './rival.ts';
import { callsToPlace } from './vicidial-launcher.ts';
import { nextLevel, type VicidialDrops } from './vicidial-level.ts';
import {
  VICIDIAL_UNSTARVED,
  type VicidialMethod,
  type VicidialSettings,
} from './vicidial-settings.ts';

const LAUNCHER_SLEEP_MS: DurationMs = 2_500;
const SAMPLE_EVERY_MS: DurationMs = SECOND_MS;
const SAMPLES_MAX = 15;
const LEVEL_EVERY_MS: DurationMs = 15 * SECOND_MS;
const DROPS_EVERY_MS: DurationMs = MINUTE_MS;
/** Passes and calls due within a tick happen at its start, which costs the rival no time. */
const TICK_MS: DurationMs = 250;
/** Rates of calls outside 1 to this are not honoured; a call then takes 25 ms. */
const CALLS_PER_SECOND_MAX = 200;
const UNHONOURED_GAP_MS = 25;

export type VicidialOptions = {
  readonly name?: string;
  readonly settings?: VicidialSettings;
  /** Time zone of the server; only tapering reads it. */
  readonly zone?: ZoneName;
};

/** An adaptive method at its defaults, not starved of trunks. */
export function vicidialAdaptive(
  method: Exclude<VicidialMethod, 'ratio'>,
  options: VicidialOptions = {},
): FloorPolicy {
  const settings = { ...(options.settings ?? VICIDIAL_UNSTARVED), method };
  return vicidialPolicy({ ...options, settings, name: options.name ?? `vicidial-${method}` });
}

/**
 * VICIdial at a fixed level, at least 1: what a supervisor who knew the day beforehand would set.
 */
export function vicidialFixed(level: number, options: VicidialOptions = {}): FloorPolicy {
  assert(level >= 1, 'a level is at least 1');
  const settings: VicidialSettings = {
    ...(options.settings ?? VICIDIAL_UNSTARVED),
    method: 'ratio',
    level,
  };
  return vicidialPolicy({ ...options, settings, name: options.name ?? `vicidial-level-${level}` });
}

/** Both loops with the given settings. One policy serves one run. */
export function vicidialPolicy(options: VicidialOptions = {}): FloorPolicy {
  const settings = options.settings ?? VICIDIAL_UNSTARVED;
  const controller = createController(settings, options.zone ?? 'America/Sao_Paulo');
  const launcher = createLauncher(settings);
  return {
    name: options.name ?? `vicidial-${settings.method}`,
    planEveryMs: TICK_MS,
    planOnEvents: false,
    observe: () => undefined,
    plan(snapshot): FloorPlan {
      const level = controller.levelAt(snapshot);
      return { place: launcher.dueAt(snapshot, level), cancel: [] };
    },
  };
}

type Counts = {
  readonly ready: number;
  readonly reservedOrTalking: number;
  readonly wrappingUp: number;
};

function countAgents(snapshot: FloorSnapshot): Counts {
  let ready = 0;
  let reservedOrTalking = 0;
  let wrappingUp = 0;
  for (const agent of snapshot.agents) {
    if (agent.state === 'available') ready += 1;
    else if (agent.state === 'wrapping-up') wrappingUp += 1;
    else reservedOrTalking += 1;
  }
  return { ready, reservedOrTalking, wrappingUp };
}

function createController(settings: VicidialSettings, zone: ZoneName) {
  const samples: { readonly difference: number; readonly agents: number }[] = [];
  let level = settings.level;
  let sampledAt: EpochMs | undefined;
  let sinceDropsMs = DROPS_EVERY_MS + SECOND_MS;
  let sinceLevelMs = 0;
  let drops: VicidialDrops = {
    callsLastMinute: 0,
    percentageLastMinute: 0,
    callsToday: 0,
    percentageToday: 0,
  };

  function pass(snapshot: FloorSnapshot): void {
    const { ready, reservedOrTalking, wrappingUp } = countAgents(snapshot);
    const agents = ready + reservedOrTalking + wrappingUp + snapshot.pausedAgents;
    samples.push({ difference: ready - snapshot.waiting.length, agents });
    if (samples.length > SAMPLES_MAX) samples.shift();
    const agentsMean = mean(samples.map((sample) => sample.agents));
    if (agentsMean === 0) return;
    if (sinceDropsMs >= DROPS_EVERY_MS) {
      sinceDropsMs = 0;
      drops = dropsOf(snapshot);
    }
    if (sinceLevelMs < LEVEL_EVERY_MS) return;
    sinceLevelMs = 0;
    level = nextLevel(settings, {
      level,
      difference: mean(samples.map((sample) => sample.difference)),
      agents: agentsMean,
      drops,
      serverTime: settings.method === 'adapt-tapered' ? hoursAndMinutes(snapshot.now, zone) : 0,
      counts: { loggedIn: agents, nonPaused: ready + reservedOrTalking, ready },
    });
  }

  return {
    levelAt(snapshot: FloorSnapshot): number {
      const { now } = snapshot;
      if (sampledAt !== undefined && now >= sampledAt && now - sampledAt < SAMPLE_EVERY_MS) {
        return level;
      }
      const elapsed = sampledAt === undefined ? 0 : Math.max(0, now - sampledAt);
      sampledAt = now;
      sinceDropsMs += elapsed;
      sinceLevelMs += elapsed;
      pass(snapshot);
      return level;
    },
  };
}

function createLauncher(settings: VicidialSettings) {
  const rate = settings.callsPerSecond;
  const gapMs = rate >= 1 && rate <= CALLS_PER_SECOND_MAX ? SECOND_MS / rate : UNHONOURED_GAP_MS;
  let launchedFrom: EpochMs = 0;
  let toLaunch = 0;
  let launched = 0;
  let nextPassAt: EpochMs | undefined;

  function pass(snapshot: FloorSnapshot, level: number): void {
    const make = Math.min(
      snapshot.leadsLeft,
      Math.max(0, callsToPlace(settings, launcherInput(settings, snapshot, level))),
    );
    launchedFrom = snapshot.now;
    toLaunch = make;
    launched = 0;
    nextPassAt = snapshot.now + make * gapMs + LAUNCHER_SLEEP_MS;
  }

  return {
    dueAt(snapshot: FloorSnapshot, level: number): number {
      const { now } = snapshot;
      const clockWentBack = nextPassAt !== undefined && now < launchedFrom;
      if (nextPassAt === undefined || now + TICK_MS > nextPassAt || clockWentBack) {
        pass(snapshot, level);
      }
      const due = Math.min(toLaunch, Math.ceil((now + TICK_MS - launchedFrom) / gapMs));
      const place = due - launched;
      launched = due;
      return place;
    },
  };
}

function launcherInput(settings: VicidialSettings, snapshot: FloorSnapshot, level: number) {
  const { ready, reservedOrTalking } = countAgents(snapshot);
  const existing = snapshot.calls.length + snapshot.waiting.length + snapshot.linesInConversation;
  const countedMs = settings.inCallCountedSeconds * SECOND_MS;
  const young = snapshot.agents.filter(
    (agent) =>
      (agent.state === 'talking' || agent.state === 'reserved') &&
      snapshot.now - agent.since <= countedMs,
  );
  return {
    level,
    activeAgents: ready + reservedOrTalking,
    ready,
    live: reservedOrTalking,
    ...(countedMs > 0 ? { liveCounted: young.length } : {}),
    dead: 0,
    existing,
    inConversation: snapshot.linesInConversation,
    linesOnServer: existing,
  };
}

function dropsOf(snapshot: FloorSnapshot): VicidialDrops {
  const { callsLastMinute, dropsLastMinute, callsToday, dropsToday } = snapshot;
  const answers = snapshot.connectedAnswersDisposedToday + dropsToday;
  const today = dropsToday === 0 ? 0 : (100 * dropsToday) / Math.max(1, answers);
  return {
    callsLastMinute,
    percentageLastMinute: callsLastMinute === 0 ? 0 : (100 * dropsLastMinute) / callsLastMinute,
    callsToday,
    percentageToday: Math.round(today * 100) / 100,
  };
}

function hoursAndMinutes(now: EpochMs, zone: ZoneName): number {
  const { secondOfDay } = localTime(now, zone);
  return Math.floor(secondOfDay / 3_600) * 100 + Math.floor((secondOfDay % 3_600) / 60);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}
