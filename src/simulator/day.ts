/** Plays one simulated day on the real engine, rules and SQLite, and checks it while it runs. */

import { createHash } from 'node:crypto';
import type { DialPermit } from '../domain/compliance/gate.ts';
import { HOUSE } from '../engine/ports/scope.ts';
import { type DurationMs, MINUTE_MS, SECOND_MS } from '../lib/time.ts';
import { openFloor } from './agents.ts';
import type { Property } from './checkers/checks.ts';
import { Watch, watchSettingsOf } from './checkers/watch.ts';
import { DayGauge, type DayMeasures } from './day-measures.ts';
import { type DaySettings, lengthOf, startOf } from './day-settings.ts';
import { armFaults, type Ending, endFaults } from './faults.ts';
import { writeHistory } from './history.ts';
import type { Behaviour } from './network.ts';
import { type Conditions, operationOf, setCampaigns, telephonesOf } from './people.ts';
import { beginSteering, stopDialing } from './supervisor.ts';
import { makeTemplate, World } from './world.ts';
import { SQLITE_WORLDS, type WorldDatabases } from './world-database.ts';

const CHECK_EVERY_MIN_MS = 30 * SECOND_MS;
/** About how many moments of a long day are checked. */
const MOMENTS_MAX = 100;
/** The longest conversation, hang-up and wrap-up after the last call was placed. */
const GOING_HOME_MAX_MS = 20 * MINUTE_MS;

export type DayOptions = {
  /**
   * A database to begin with, made by {@link makeDayTemplate} for settings with the same people;
   * absent to make one.
   */
  readonly template?: string;
  /** Where the day is stored; absent for throw-away files of SQLite. */
  readonly databases?: WorldDatabases;
  /** Called once before anything happens, with the whole configuration as one line of JSON. */
  readonly print?: (line: string) => void;
};

export type DayResult = {
  /** Hash of all facts; the same settings give the same hash. */
  readonly hash: string;
  readonly facts: number;
  readonly measures: DayMeasures;
  readonly checks: Readonly<Partial<Record<Property, number>>>;
  readonly checksMade: number;
  /** How often the server died, by itself or killed. */
  readonly endings: number;
  readonly simulatedMs: DurationMs;
};

/** A property did not hold; the message says which one, at what moment of which day. */
export class DayFailed extends Error {
  override readonly name = 'DayFailed';
}

/** Plays a day to its end. Throws DayFailed. */
export async function playDay(settings: DaySettings, options: DayOptions = {}): Promise<DayResult> {
  options.print?.(JSON.stringify(settings));
  const { databases = SQLITE_WORLDS } = options;
  if (options.template !== undefined) return playFrom(settings, options.template, databases);
  // A single day also begins with a template, so that it is the same by itself as among many.
  const template = await databases.make();
  try {
    await makeDayTemplate(template.database, settings);
    return await playFrom(settings, template.database, databases);
  } finally {
    await template.remove();
  }
}

async function playFrom(
  settings: DaySettings,
  template: string,
  databases: WorldDatabases,
): Promise<DayResult> {
  let world: World | undefined;
  try {
    const day = await beginDay(settings, template, databases);
    world = day.world;
    const result = await day.play();
    await world.end();
    return result;
  } catch (error) {
    const at = world ? new Date(world.clock.now()).toISOString() : 'its beginning';
    if (world) {
      world.fatal = undefined;
      await world.end().catch(() => {});
    }
    const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    const about = `${settings.scenario}, seed ${settings.seed}, at ${at}`;
    throw new DayFailed(`${about}: ${what}`, { cause: error });
  }
}

/**
 * Stores the operation of these settings with its lists; any number of days can begin with a copy.
 */
export async function makeDayTemplate(database: string, settings: DaySettings): Promise<void> {
  const more = settings.history ? writeHistory : async (): Promise<void> => {};
  await makeTemplate(database, operationOf(settings), more);
}

async function beginDay(
  settings: DaySettings,
  template: string,
  databases: WorldDatabases,
): Promise<Day> {
  const conditions: Conditions = {
    answerRate: settings.people.answerRate,
    carrierFails: false,
  };
  let day: Day | undefined;
  let telephones: ((permit: DialPermit) => Behaviour) | undefined;
  const world = await World.begin({
    ...operationOf(settings),
    seed: settings.seed,
    start: startOf(settings),
    keepsFacts: false,
    template,
    databases,
    prepare: (storage) => setCampaigns(storage, settings),
    behaviour: (permit) => {
      day?.watch.dial(permit);
      return telephones?.(permit) ?? {};
    },
  });
  telephones = telephonesOf(settings, conditions, () => world.clock.now());
  day = new Day(world, settings, conditions);
  return day;
}

class Day {
  readonly world: World;
  readonly watch: Watch;
  private readonly settings: DaySettings;
  private readonly conditions: Conditions;
  private readonly hash = createHash('sha256');
  private readonly gauge: DayGauge;

  constructor(world: World, settings: DaySettings, conditions: Conditions) {
    this.world = world;
    this.settings = settings;
    this.conditions = conditions;
    this.watch = new Watch(world, watchSettingsOf(settings));
    this.gauge = new DayGauge(world);
    world.onPublished.push(({ facts }) => {
      for (const fact of facts) this.hash.update(JSON.stringify(fact));
    });
  }

  async play(): Promise<DayResult> {
    const { world, watch, settings, conditions } = this;
    const floor = openFloor(world, settings);
    const endings = armFaults(world, settings, floor, conditions);
    const supervisor = settings.supervisor ? beginSteering(world, settings) : undefined;
    await this.work(endings);
    this.gauge.stop();
    supervisor?.stop();
    endFaults(world, conditions);
    stopDialing(world, settings);
    await world.pass(settings.ringTimeoutMs);
    floor.goHome();
    await this.empty();
    await watch.end();
    return {
      hash: this.hash.digest('hex'),
      facts: watch.book.last,
      measures: this.gauge.measures(),
      checks: Object.fromEntries(watch.checks.made),
      checksMade: watch.checks.total,
      endings: endings.length,
      simulatedMs: world.clock.monotonicMs(),
    };
  }

  private async work(endings: readonly Ending[]): Promise<void> {
    const lengthMs = lengthOf(this.settings);
    const everyMs = Math.max(CHECK_EVERY_MIN_MS, lengthMs / MOMENTS_MAX);
    const left = [...endings];
    for (let checkMs = everyMs; checkMs <= lengthMs; checkMs += everyMs) {
      for (let next = left[0]; next && next.atMs <= checkMs; next = left[0]) {
        left.shift();
        await this.carryOut(next);
      }
      await this.passUntil(checkMs);
      await this.watch.moment();
    }
  }

  private async carryOut(ending: Ending): Promise<void> {
    const { world } = this;
    switch (ending.kind) {
      case 'kill':
        await this.passUntil(ending.atMs - ending.deafMs);
        world.network.listens = ending.deafMs === 0;
        await this.passUntil(ending.atMs);
        await world.restart(ending.awayMs);
        break;
      default:
        await this.passUntil(ending.atMs);
        await world.failCommit(ending.awayMs);
    }
    await this.watch.moment();
  }

  /** Lets time pass up to this moment of the day, in ms; returns at once when it is over. */
  private async passUntil(atMs: DurationMs): Promise<void> {
    await this.world.pass(Math.max(0, Math.round(atMs) - this.world.clock.monotonicMs()));
  }

  /** Lets the conversations end and everybody sign out. */
  private async empty(): Promise<void> {
    const { world } = this;
    const lastMs = world.clock.monotonicMs() + GOING_HOME_MAX_MS;
    while (world.clock.monotonicMs() < lastMs) {
      await world.pass(5 * SECOND_MS);
      const isSomebody = world.engine.board(HOUSE).agents.some(({ shift }) => shift);
      const isCall = world.network.legs.size > 0 || this.watch.book.live.size > 0;
      if (!isSomebody && !isCall) return;
    }
  }
}
