import { ProblemError } from './errors.ts';

export type Slots = { use<T>(work: () => Promise<T>): Promise<T> };

/** Lets so many pieces of heavy work run at once; the next is told to come again. */
export function createSlots(slotsMax: number, retryAfterSeconds: number): Slots {
  let used = 0;
  return {
    async use(work) {
      if (used >= slotsMax) {
        const detail = `Others are being imported now. Try again in ${retryAfterSeconds} s.`;
        throw new ProblemError('too-many-requests', detail, { retryAfterSeconds });
      }
      used += 1;
      try {
        return await work();
      } finally {
        used -= 1;
      }
    },
  };
}
