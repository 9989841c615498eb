/** Plays one simulated day on the real engine, rules and SQLite, and checks it as it goes. */
import { createHash } from 'node:crypto';
import type { DialPermit } from '../../src/domain/compliance/gate.ts';
import { MINUTE_MS, SECOND_MS } from '../../src/lib/time.ts';
import type { Behaviour } from '../../src/simulator/network.ts';
import { World } from '../support/world.ts';
import { checkDial, checkEnd, checkMoment, checkWaits } from './checkers.ts';
import { armFaults, type Kill } from './faults.ts';
import { openFloor } from './floor.ts';
import { LEADS, OPERATION, peopleOf, SECOND_CAMPAIGN } from './people.ts';
import { type DaySettings, isQuiet, lengthOf, startOf } from './settings.ts';
import { beginSteering } from './supervisor.ts';

const CHECK_EVERY_MS = 30 * SECOND_MS;
/** The longest wrap-up, talk and hang-up after the last call was placed. */
const GOING_HOME_MAX_MS = 15 * MINUTE_MS;

export type DayResult = {
  /** Of all facts; the same seed gives the same. */
  readonly hash: string;
  readonly placed: number;
  readonly connected: number;
  readonly abandoned: number;
  readonly kills: number;
};

/** Throws a Violation, with the command that shows it again. */
export async function playDay(settings: DaySettings, template: string): Promise<DayResult> {
  console.log(JSON.stringify(settings));
  let world: World | undefined;
  try {
    const dials: { check?: (permit: DialPermit) => void } = {};
    const people = peopleOf(settings.seed);
    const behaviour = (permit: DialPermit): Behaviour => {
      dials.check?.(permit);
      return people(permit);
    };
    world = await beginDay(settings, template, behaviour);
    const day = world;
    dials.check = (permit) => checkDial(day, permit, isQuiet(settings));
    const kills = armFaults(world, settings);
    const floor = openFloor(world, settings.seed, settings.agents);
    beginSteering(world, settings);
    await passWithKills(world, settings, kills);
    floor.goHome();
    await goHome(world);
    await checkEnd(world);
    if (isQuiet(settings)) checkWaits(world);
    const result = resultOf(world, kills.length);
    await world.end();
    return result;
  } catch (error) {
    if (world) {
      world.fatal = undefined;
      await world.end().catch(() => {});
    }
    const again = `SIMULATION_SEED=${settings.seed} npm test -- test/simulation`;
    throw new Error(`seed ${settings.seed} at ${moment(world)}: ${String(error)}\n${again}`, {
      cause: error,
    });
  }
}

function beginDay(
  settings: DaySettings,
  template: string,
  behaviour: (permit: DialPermit) => Behaviour,
): Promise<World> {
  return World.begin({
    ...OPERATION,
    seed: settings.seed,
    start: startOf(settings),
    template,
    behaviour,
  }).then(async (world) => {
    for (const campaignId of [world.campaignId, SECOND_CAMPAIGN] as const) {
      if (settings.pacing.mode === 'ratio') await world.change(settings.pacing, campaignId);
    }
    return world;
  });
}

async function passWithKills(
  world: World,
  settings: DaySettings,
  kills: readonly Kill[],
): Promise<void> {
  const end = startOf(settings) + lengthOf(settings);
  const rest = [...kills];
  for (let check = world.clock.now(); check < end; check += CHECK_EVERY_MS) {
    const kill = rest[0];
    if (kill && kill.at <= check) {
      rest.shift();
      await die(world, kill);
    }
    await world.pass(Math.max(0, check - world.clock.now()));
    await checkMoment(world, LEADS);
  }
}

async function die(world: World, { at, deafMs, awayMs }: Kill): Promise<void> {
  await world.pass(Math.max(0, at - deafMs - world.clock.now()));
  world.network.listens = deafMs === 0;
  await world.pass(Math.max(0, at - world.clock.now()));
  await world.restart(awayMs);
  await checkMoment(world, LEADS);
}

/** Nothing goes wrong any more; whoever talks ends it, and everybody signs out. */
async function goHome(world: World): Promise<void> {
  world.network.tamper = (signal, deliver) => deliver(signal);
  const last = world.clock.now() + GOING_HOME_MAX_MS;
  while (world.clock.now() < last) {
    await world.pass(5 * SECOND_MS);
    const atWork = world.engine.board().agents.some(({ shift }) => shift);
    if (!atWork && world.network.legs.size === 0 && (await world.liveCalls()).length === 0) break;
  }
  await checkMoment(world, LEADS);
}

function resultOf(world: World, kills: number): DayResult {
  const hash = createHash('sha256');
  for (const fact of world.facts) hash.update(JSON.stringify(fact));
  return {
    hash: hash.digest('hex'),
    placed: world.factsOf('call-placed').length,
    connected: world.factsOf('call-connected').length,
    abandoned: world.factsOf('call-abandoned').length,
    kills,
  };
}

function moment(world: World | undefined): string {
  return world ? new Date(world.clock.now()).toISOString() : 'its beginning';
}
