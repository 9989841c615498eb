/** What goes wrong on a simulated day: signals, connections, the PBX and the server itself. */
import { type Random, randomStream } from '../../src/lib/random.ts';
import { SECOND_MS } from '../../src/lib/time.ts';
import type { World } from '../support/world.ts';
import { between } from './people.ts';
import type { DaySettings } from './settings.ts';
import { lengthOf } from './settings.ts';

/** A death of the server; `deafMs` before it, effects begin to be lost. */
export type Kill = { readonly at: number; readonly deafMs: number; readonly awayMs: number };

/** Arms everything but the kills, which the day itself carries out. */
export function armFaults(world: World, settings: DaySettings): readonly Kill[] {
  const { seed, faults } = settings;
  const random = randomStream(seed, 'faults');
  const signals = randomStream(seed, 'signals');
  world.network.tamper = (signal, deliver) => {
    const lot = signals();
    const { dropped, doubled, delayed, delayMaxMs } = faults;
    const late = (): void => {
      const { clock } = world;
      clock.at(clock.now() + between(signals, 1, delayMaxMs), () => deliver(signal));
    };
    if (lot < dropped) return;
    if (lot < dropped + doubled) {
      deliver(signal);
      late();
    } else if (lot < dropped + doubled + delayed) late();
    else deliver(signal);
  };
  const { network } = world;
  for (const at of moments(random, settings, faults.disconnects)) {
    world.clock.at(at, () => network.disconnect('no echo'));
    world.clock.at(at + between(random, 1_000, 12_000), () => backUp(world));
  }
  for (const at of moments(random, settings, faults.silentDisconnects)) {
    world.clock.at(at, () => network.loseEvents());
    world.clock.at(at + between(random, 1_000, 12_000), () => backUp(world));
  }
  for (const at of moments(random, settings, faults.pbxRestarts)) {
    world.clock.at(at, () => network.restart());
  }
  return moments(random, settings, faults.kills)
    .sort((left, right) => left - right)
    .map((at) => ({
      at,
      deafMs: random() < 0.5 ? between(random, 1, 9_000) : 0,
      awayMs: between(random, 100, 20 * SECOND_MS),
    }));
}

/** The adapter connects only while there is a process. */
function backUp(world: World): void {
  if (world.isRunning) world.network.reconnect();
}

function moments(random: Random, settings: DaySettings, count: number): number[] {
  const start = Date.parse(`2026-11-23T${settings.startsAt}-03:00`);
  const lengthMs = lengthOf(settings);
  return Array.from({ length: count }, () =>
    Math.round(start + lengthMs * (0.05 + 0.9 * random())),
  );
}
