import { say } from '../words/say.ts';
import { ProblemError } from './errors.ts';

export type Slots = {
  /** Runs the work. Throws a problem when all slots, or all slots of this owner, are taken. */
  use<T>(owner: string, work: () => Promise<T>): Promise<T>;
};

/**
 * Bounds heavy work running at once, in total and per owner; further requests are refused and come
 * again.
 */
export function createSlots(limits: {
  readonly slotsMax: number;
  readonly perOwnerMax: number;
  readonly retryAfterSeconds: number;
}): Slots {
  const { slotsMax, perOwnerMax, retryAfterSeconds } = limits;
  const used = new Map<string, number>();
  const usedByAll = () => [...used.values()].reduce((sum, some) => sum + some, 0);
  return {
    async use(owner, work) {
      const own = used.get(owner) ?? 0;
      if (own >= perOwnerMax || usedByAll() >= slotsMax) {
        const detail = say('others-import', { seconds: retryAfterSeconds });
        throw new ProblemError('too-many-requests', detail, { retryAfterSeconds });
      }
      used.set(owner, own + 1);
      try {
        return await work();
      } finally {
        const left = (used.get(owner) ?? 1) - 1;
        if (left > 0) used.set(owner, left);
        else used.delete(owner);
      }
    },
  };
}

export type Turns = {
  /** Waits for a turn in the order of asking; the returned function gives it back. */
  take(): Promise<() => void>;
};

/** Lets `atOnceMax` work at once; the others wait. */
export function createTurns(atOnceMax: number): Turns {
  let taken = 0;
  const waiting: (() => void)[] = [];
  const giveBack = () => {
    const next = waiting.shift();
    if (next) next();
    else taken -= 1;
  };
  return {
    async take() {
      if (taken < atOnceMax) taken += 1;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      return giveBack;
    },
  };
}
