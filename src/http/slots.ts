import { ProblemError } from './errors.ts';

export type Slots = {
  /** Runs the work, or throws a problem where all slots are taken, or all that one owner may have. */
  use<T>(owner: string, work: () => Promise<T>): Promise<T>;
};

/** Lets so many pieces of heavy work run at once, of which few are one owner's; the next comes again. */
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
        const detail = `Others are being imported now. Try again in ${retryAfterSeconds} s.`;
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
  /** Waits for a turn, in the order of asking; the answer gives it back. */
  take(): Promise<() => void>;
};

/** So many at work at once; the others wait. */
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
