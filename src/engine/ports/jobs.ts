/**
 * Work to be done after what caused it was stored: outbox and queue in one. A job is added in the same
 * commit as its cause (`add-job`), so that neither is there without the other.
 *
 *   waiting ──take──▶ taken ──end: done──▶ gone
 *      ▲  ▲             │ │
 *      │  └─end: again──┘ └─end: dead, or the lease of the last try ran out──▶ dead (kept, with why)
 *      └─────the lease ran out─┘
 *
 * Taking is a lease: who dies with it loses it, and somebody else takes the job again. So a job is done
 * at least once, and ended exactly once; a kind of job is written so that doing it twice does no harm.
 */
import type { EpochMs } from '../../lib/time.ts';
import type { Change } from './commit.ts';
import type { NewJob } from './new-job.ts';

/** A try that holds the job until its lease runs out. */
export type TakenJob = NewJob & {
  readonly holder: string;
  /** This one included. */
  readonly tries: number;
  readonly leaseUntil: EpochMs;
};

export type DeadJob = NewJob & {
  readonly tries: number;
  readonly deadAt: EpochMs;
  readonly deadBecause: string;
};

export type JobEnd =
  | { readonly kind: 'done' }
  | {
      readonly kind: 'again';
      readonly dueAt: EpochMs;
      readonly because: string;
      /** False where it was not tried at all, as there was no room on the disk. */
      readonly counts: boolean;
    }
  | { readonly kind: 'dead'; readonly because: string };

export type JobCounts = {
  /** Due or not, and not taken. */
  readonly waiting: number;
  readonly taken: number;
  readonly dead: number;
};

/** Throws StoreHeldUpError like every writer. */
export interface Jobs {
  /** When there is something to take next; undefined when there is nothing. Reads only. */
  nextDueAt(kinds: readonly string[]): Promise<EpochMs | undefined>;
  /**
   * Takes the job that is due for longest, until `leaseUntil`. Two holders never get the same one, and
   * neither waits for the other.
   */
  take(wanted: {
    readonly kinds: readonly string[];
    /** Of this try; never the same twice. */
    readonly holder: string;
    readonly now: EpochMs;
    readonly leaseUntil: EpochMs;
  }): Promise<TakenJob | undefined>;
  /**
   * Ends a try together with the changes that came of it, in one commit. False where its lease ran out
   * and the job was taken again or is dead: then nothing is stored.
   */
  end(taken: TakenJob, end: JobEnd, changes: readonly Change[], now: EpochMs): Promise<boolean>;
  /** Buries those whose last try let its lease run out; gives them. */
  bury(now: EpochMs): Promise<readonly DeadJob[]>;
  /** Removes dead ones that died before; gives how many. */
  forgetDead(before: EpochMs): Promise<number>;
  counts(): Promise<JobCounts>;
  /** The newest dead ones first. */
  dead(limit: number): Promise<readonly DeadJob[]>;
}
