import type { Clock } from '../engine/ports/clock.ts';
import type { DurationMs, EpochMs } from '../lib/time.ts';

export type VirtualClock = Clock & {
  /** Something of the simulated world happens at this moment. */
  at(moment: EpochMs, happen: () => void): void;
  /** Lets time pass, moment by moment; after each, `settle` waits until everybody has reacted. */
  advanceTo(moment: EpochMs, settle: () => Promise<void>): Promise<void>;
  /** Somebody sets the wall clock forward (or, negative, back). What was to happen happens as late as before. */
  jump(byMs: DurationMs): void;
};

type Happening = { readonly atMs: number; readonly happen: () => void };

/** Moments that may follow one another without time passing; more is a world that runs in circles. */
const STANDSTILL_MAX = 100_000;

/** Time that passes only when told to, in the order of what is to happen. */
export function createVirtualClock(start: EpochMs): VirtualClock {
  let elapsedMs = 0;
  let wallAtStart = start;
  let alarm: { readonly atMs: number; readonly ring: () => void } | undefined;
  const happenings: Happening[] = [];

  const next = (): (() => void) | undefined => {
    const first = happenings[0];
    if (alarm && (!first || alarm.atMs <= first.atMs)) {
      const { atMs, ring } = alarm;
      alarm = undefined;
      elapsedMs = Math.max(elapsedMs, atMs);
      return ring;
    }
    if (!first) return undefined;
    happenings.shift();
    elapsedMs = Math.max(elapsedMs, first.atMs);
    return first.happen;
  };
  const nextAtMs = (): number =>
    Math.min(
      alarm?.atMs ?? Number.POSITIVE_INFINITY,
      happenings[0]?.atMs ?? Number.POSITIVE_INFINITY,
    );

  return {
    now: () => wallAtStart + elapsedMs,
    monotonicMs: () => elapsedMs,
    setAlarm(at, ring) {
      alarm = at === undefined ? undefined : { atMs: at - wallAtStart, ring };
    },
    breathe: async () => {},
    at(moment, happen) {
      const entry = { atMs: Math.max(moment - wallAtStart, elapsedMs), happen };
      happenings.splice(placeOf(entry, happenings), 0, entry);
    },
    async advanceTo(moment, settle) {
      const untilMs = moment - wallAtStart;
      await settle();
      for (let standstill = 0; nextAtMs() <= untilMs; ) {
        const before = elapsedMs;
        next()?.();
        await settle();
        standstill = elapsedMs > before ? 0 : standstill + 1;
        if (standstill > STANDSTILL_MAX) throw new Error(`time stands still at ${elapsedMs} ms`);
      }
      elapsedMs = Math.max(elapsedMs, untilMs);
    },
    jump(byMs) {
      wallAtStart += byMs;
    },
  };
}

/** After everything that happens at the same moment or before: what was said first happens first. */
function placeOf({ atMs }: Happening, sorted: readonly Happening[]): number {
  let from = 0;
  let to = sorted.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((sorted[middle] as Happening).atMs <= atMs) from = middle + 1;
    else to = middle;
  }
  return from;
}
