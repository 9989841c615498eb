import type { Clock } from '../engine/ports/clock.ts';
import type { EpochMs } from '../lib/time.ts';

export type VirtualClock = Clock & {
  /** Something of the simulated world happens at this moment. */
  at(moment: EpochMs, happen: () => void): void;
  /** Lets time pass, moment by moment; after each, `settle` waits until everybody has reacted. */
  advanceTo(moment: EpochMs, settle: () => Promise<void>): Promise<void>;
};

type Happening = { readonly at: EpochMs; readonly order: number; readonly happen: () => void };

/** Moments that may follow one another without time passing; more is a world that runs in circles. */
const STANDSTILL_MAX = 100_000;

/** Time that passes only when told to, in the order of what is to happen. */
export function createVirtualClock(start: EpochMs): VirtualClock {
  let now = start;
  let order = 0;
  let alarm: { readonly at: EpochMs; readonly ring: () => void } | undefined;
  const happenings: Happening[] = [];

  const next = (): (() => void) | undefined => {
    const first = happenings[0];
    if (alarm && (!first || alarm.at <= first.at)) {
      const { at, ring } = alarm;
      alarm = undefined;
      now = Math.max(now, at);
      return ring;
    }
    if (!first) return undefined;
    happenings.shift();
    now = Math.max(now, first.at);
    return first.happen;
  };
  const nextAt = (): EpochMs =>
    Math.min(alarm?.at ?? Number.POSITIVE_INFINITY, happenings[0]?.at ?? Number.POSITIVE_INFINITY);

  return {
    now: () => now,
    monotonicMs: () => now - start,
    setAlarm(at, ring) {
      alarm = at === undefined ? undefined : { at, ring };
    },
    breathe: async () => {},
    at(moment, happen) {
      order += 1;
      const entry = { at: Math.max(moment, now), order, happen };
      const place = happenings.findIndex((one) => one.at > entry.at);
      happenings.splice(place === -1 ? happenings.length : place, 0, entry);
    },
    async advanceTo(moment, settle) {
      await settle();
      for (let standstill = 0; nextAt() <= moment; ) {
        const before = now;
        next()?.();
        await settle();
        standstill = now > before ? 0 : standstill + 1;
        if (standstill > STANDSTILL_MAX) throw new Error(`time stands still at ${now}`);
      }
      now = Math.max(now, moment);
    },
  };
}
