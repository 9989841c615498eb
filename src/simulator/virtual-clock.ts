import type { Clock } from '../engine/ports/clock.ts';
import type { DurationMs, EpochMs } from '../lib/time.ts';

export type VirtualClock = Clock & {
  /** Makes something of the simulated world happen at this moment. */
  at(moment: EpochMs, happen: () => void): void;
  /** Lets time pass, moment by moment; after each, `settle` waits until everybody has reacted. */
  advanceTo(moment: EpochMs, settle: () => Promise<void>): Promise<void>;
  /**
   * Work that takes time: the process does nothing else, and what was due meanwhile happens after
   * it.
   */
  pass(ms: DurationMs): void;
  /**
   * Somebody sets the wall clock forward or, if negative, back. The time until everything planned
   * stays the same.
   */
  jump(byMs: DurationMs): void;
};

/** `order` keeps happenings of the same moment in the order in which they were planned. */
type Happening = { readonly atMs: number; readonly order: number; readonly happen: () => void };

/**
 * Happenings that may follow one another without time passing; more means that the world runs in
 * circles.
 */
const STANDSTILL_MAX = 100_000;

/** A clock whose time passes only when told to, in the order of what is planned. */
export function createVirtualClock(start: EpochMs): VirtualClock {
  let elapsedMs = 0;
  let wallAtStart = start;
  let alarm: { readonly atMs: number; readonly ring: () => void } | undefined;
  const happenings: Happening[] = [];
  let said = 0;

  const next = (): (() => void) | undefined => {
    const first = happenings[0];
    if (alarm && (!first || alarm.atMs <= first.atMs)) {
      const { atMs, ring } = alarm;
      alarm = undefined;
      elapsedMs = Math.max(elapsedMs, atMs);
      return ring;
    }
    if (!first) return undefined;
    popFirst(happenings);
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
      said += 1;
      push(happenings, {
        atMs: Math.max(moment - wallAtStart, elapsedMs),
        order: said,
        happen,
      });
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
    pass(ms) {
      elapsedMs += ms;
    },
    jump(byMs) {
      wallAtStart += byMs;
    },
  };
}

// A binary heap: the earliest is at 0, the children of `at` are at 2·at + 1 and 2·at + 2.

function push(heap: Happening[], entry: Happening): void {
  let at = heap.length;
  heap.push(entry);
  while (at > 0) {
    const parent = (at - 1) >> 1;
    const above = heap[parent] as Happening;
    if (isBefore(above, entry)) break;
    heap[at] = above;
    at = parent;
  }
  heap[at] = entry;
}

function popFirst(heap: Happening[]): void {
  const last = heap.pop();
  if (!last || heap.length === 0) return;
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= heap.length) break;
    const right = heap[child + 1];
    if (right && isBefore(right, heap[child] as Happening)) child += 1;
    const smallest = heap[child] as Happening;
    if (isBefore(last, smallest)) break;
    heap[at] = smallest;
    at = child;
  }
  heap[at] = last;
}

function isBefore(left: Happening, right: Happening): boolean {
  return left.atMs < right.atMs || (left.atMs === right.atMs && left.order < right.order);
}
