/**
 * What goes wrong on a simulated day: signals, connections, the PBX, the clock and the server
 * itself. Faults of the world happen by its clock. Faults that end the process are returned for the
 * day to carry out, because a process cannot kill itself from within.
 */
import { unreachable } from '../lib/assert.ts';
import { type Random, randomStream } from '../lib/random.ts';
import { DAY_MS, type DurationMs, HOUR_MS, MINUTE_MS, SECOND_MS } from '../lib/time.ts';
import type { Floor } from './agents.ts';
import { between } from './chances.ts';
import type { DayEvent, DaySettings } from './day-settings.ts';
import type { Conditions } from './people.ts';
import type { World } from './world.ts';

/** Times in milliseconds of the day, which no change of the wall clock can move. */
export type Ending = { readonly atMs: DurationMs; readonly awayMs: DurationMs } & (
  | { readonly kind: 'kill'; readonly deafMs: DurationMs }
  | { readonly kind: 'commit-fails' }
);

/** Length of the steps in which the answer rate changes. */
const RATE_STEP_MS = 5 * SECOND_MS;
const CLOCK_JUMPS: readonly DurationMs[] = [
  -2 * SECOND_MS,
  5 * SECOND_MS,
  -MINUTE_MS,
  3 * MINUTE_MS,
  HOUR_MS,
  DAY_MS,
  -DAY_MS,
];
const HELD_UP_MAX_MS = 15 * SECOND_MS;
const THROWING = ['command', 'signal', 'signal', 'timer', 'lead'] as const;
/** A clock that shows another day is corrected after this many minutes. */
const WRONG_DAY_MINUTES = [1, 4] as const;

/** Arms all faults; returns those that end the process, in order of time. */
export function armFaults(
  world: World,
  settings: DaySettings,
  floor: Floor,
  conditions: Conditions,
): readonly Ending[] {
  tamperWithSignals(world, settings);
  const arm = new Armoury(world, floor, conditions);
  for (const event of [...drawnEvents(settings), ...drawnWithin(settings), ...settings.events])
    arm.add(event);
  return arm.endings.sort((left, right) => left.atMs - right.atMs);
}

function tamperWithSignals(world: World, { seed, faults }: DaySettings): void {
  const random = randomStream(seed, 'signals');
  const { dropped, doubled, delayed, delayMaxMs } = faults;
  if (dropped + doubled + delayed === 0) return;
  world.network.tamper = (signal, deliver) => {
    const lot = random();
    const late = (): void => {
      const { clock } = world;
      clock.at(clock.now() + between(random, 1, delayMaxMs), () => deliver(signal));
    };
    if (lot < dropped) return;
    if (lot < dropped + doubled) {
      deliver(signal);
      late();
    } else if (lot < dropped + doubled + delayed) late();
    else deliver(signal);
  };
}

function drawnEvents(settings: DaySettings): DayEvent[] {
  const { seed, faults } = settings;
  const random = randomStream(seed, 'faults');
  const moments = (count: number): number[] =>
    Array.from({ length: count }, () => settings.minutes * (0.05 + 0.9 * random()));
  const lost = (silent: boolean) => (atMinute: number) =>
    ({
      kind: 'connection-lost',
      atMinute,
      silent,
      forSeconds: between(random, 1, 12),
    }) as const;
  return [
    ...moments(faults.disconnects).map(lost(false)),
    ...moments(faults.silentDisconnects).map(lost(true)),
    ...moments(faults.pbxRestarts).map((atMinute) => ({ kind: 'pbx-restarts', atMinute }) as const),
    ...moments(faults.kills).map((atMinute) => killAt(random, atMinute)),
    ...moments(faults.commitFailures).map(
      (atMinute) =>
        ({ kind: 'commit-fails', atMinute, awaySeconds: between(random, 1, 20) }) as const,
    ),
    ...moments(faults.clockJumps).flatMap((atMinute) => jumpsAt(random, atMinute)),
  ];
}

/** Drawn from a stream of their own, so that one more of these moves none of the other faults. */
function drawnWithin({ seed, minutes, faults }: DaySettings): DayEvent[] {
  const random = randomStream(seed, 'faults within');
  const moments = (count: number): number[] =>
    Array.from({ length: count }, () => minutes * (0.05 + 0.9 * random()));
  return [
    ...moments(faults.storeHeldUps).map(
      (atMinute) =>
        ({
          kind: 'store-held-up',
          atMinute,
          because: random() < 0.7 ? 'busy' : 'full',
          forSeconds: between(random, 200, HELD_UP_MAX_MS) / SECOND_MS,
        }) as const,
    ),
    ...moments(faults.throws).map(
      (atMinute) => ({ kind: 'decision-throws', atMinute, what: pick(random, THROWING) }) as const,
    ),
    ...moments(faults.claimsLost).map(
      (atMinute) => ({ kind: 'claims-lost', atMinute, calls: 1 }) as const,
    ),
  ];
}

function pick<T>(random: Random, among: readonly [T, ...T[]]): T {
  return among[Math.floor(random() * among.length)] ?? among[0];
}

function killAt(random: Random, atMinute: number): DayEvent {
  const deafMs = random() < 0.5 ? between(random, 1, 9_000) : 0;
  return { kind: 'kill', atMinute, deafMs, awaySeconds: between(random, 1, 20) };
}

function jumpsAt(random: Random, atMinute: number): DayEvent[] {
  const byMs = CLOCK_JUMPS[Math.floor(random() * CLOCK_JUMPS.length)] ?? 0;
  const jump = { kind: 'clock-jumps', atMinute, bySeconds: byMs / SECOND_MS } as const;
  if (Math.abs(byMs) < DAY_MS) return [jump];
  const backAtMinute = atMinute + between(random, ...WRONG_DAY_MINUTES);
  return [jump, { ...jump, atMinute: backAtMinute, bySeconds: -jump.bySeconds }];
}

class Armoury {
  readonly endings: Ending[] = [];
  private readonly world: World;
  private readonly floor: Floor;
  private readonly conditions: Conditions;

  constructor(world: World, floor: Floor, conditions: Conditions) {
    this.world = world;
    this.floor = floor;
    this.conditions = conditions;
  }

  add(event: DayEvent): void {
    const { network } = this.world;
    const atMs = Math.round(event.atMinute * MINUTE_MS);
    switch (event.kind) {
      case 'answer-rate':
        this.at(atMs, () => this.changeRate(event.answerRate, event.overMinutes * MINUTE_MS));
        return;
      case 'agents-leave':
        this.at(atMs, () => this.floor.leaveTogether(event.share, event.forMinutes * MINUTE_MS));
        return;
      case 'carrier-fails':
        this.at(atMs, () => {
          this.conditions.carrierFails = true;
        });
        this.at(atMs + event.forMinutes * MINUTE_MS, () => {
          this.conditions.carrierFails = false;
        });
        return;
      case 'clock-jumps':
        this.at(atMs, () => this.world.clock.jump(event.bySeconds * SECOND_MS));
        return;
      case 'connection-lost':
        this.at(atMs, () => (event.silent ? network.loseEvents() : network.disconnect('no echo')));
        // The adapter connects again only while a process runs.
        this.at(atMs + event.forSeconds * SECOND_MS, () => {
          if (this.world.isRunning) network.reconnect();
        });
        return;
      case 'pbx-restarts':
        this.at(atMs, () => network.restart());
        return;
      case 'store-held-up':
        this.at(atMs, () => this.world.holdStoreUp(event.because, event.forSeconds * SECOND_MS));
        return;
      case 'decision-throws':
        this.at(atMs, () => this.world.mistakes.arm(event.what));
        return;
      case 'claims-lost':
        this.at(atMs, () => {
          this.world.losesClaims += event.calls;
        });
        return;
      case 'commit-fails':
        this.endings.push({
          kind: 'commit-fails',
          atMs,
          awayMs: event.awaySeconds * SECOND_MS,
        });
        return;
      case 'kill':
        this.endings.push({
          kind: 'kill',
          atMs,
          deafMs: event.deafMs,
          awayMs: event.awaySeconds * SECOND_MS,
        });
        return;
      default:
        unreachable(event);
    }
  }

  private changeRate(to: number, overMs: DurationMs): void {
    const from = this.conditions.answerRate;
    const steps = Math.max(1, Math.round(overMs / RATE_STEP_MS));
    for (let step = 1; step <= steps; step += 1) {
      this.at((overMs * step) / steps, () => {
        this.conditions.answerRate = from + ((to - from) * step) / steps;
      });
    }
  }

  private at(afterMs: DurationMs, happen: () => void): void {
    const { clock } = this.world;
    clock.at(clock.now() + Math.round(afterMs), happen);
  }
}

/** From now on signals arrive as they are sent. */
export function endFaults(world: World, conditions: Conditions): void {
  world.network.tamper = (signal, deliver) => deliver(signal);
  conditions.carrierFails = false;
  world.releaseStore();
  world.mistakes.disarm();
  world.losesClaims = 0;
}
