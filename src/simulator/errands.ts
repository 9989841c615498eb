/**
 * Jobs during a simulated day: they are added, taken, ended, given back and forgotten by processes
 * that die. A book outside the database knows which jobs must exist.
 */
import type { TakenJob } from '../engine/ports/jobs.ts';
import type { NewJob } from '../engine/ports/new-job.ts';
import type { JobId } from '../lib/ids.ts';
import { type Random, randomStream } from '../lib/random.ts';
import { MINUTE_MS } from '../lib/time.ts';
import type { World } from './world.ts';

const KIND = 'errand';
const TRIES_MAX = 3;
const LEASE_MS = 2 * MINUTE_MS;
const PAUSE_MS = MINUTE_MS;

export class Errands {
  /** How often each added job has ended, done or dead. */
  readonly ended = new Map<JobId, number>();
  readonly #world: World;
  readonly #random: Random;
  /** Jobs taken and not ended yet; the store decides whether their lease still holds. */
  #inHand: TakenJob[] = [];
  #process = 0;

  constructor(world: World) {
    this.#world = world;
    this.#random = randomStream(world.options.seed ?? 1, 'errands');
  }

  /** Makes one more thing happen to the jobs. May be called only while the store can commit. */
  async step(): Promise<void> {
    const { clock, storage, processes } = this.#world;
    // What a process had in hand died with it.
    if (processes !== this.#process) this.#inHand = [];
    this.#process = processes;
    const now = clock.now();
    for (const { id } of await storage.jobs.bury(now)) this.#over(id);
    await this.#add();
    const job = await storage.jobs.take({
      ...{ kinds: [KIND], holder: `${processes} ${this.ended.size}`, now },
      leaseUntil: now + LEASE_MS,
    });
    if (job) this.#inHand.push(job);
    const ending = this.#inHand[Math.floor(this.#random() * 2 * this.#inHand.length)];
    if (ending) await this.#end(ending);
  }

  async #add(): Promise<void> {
    const { clock, storage } = this.#world;
    const now = clock.now();
    const id: JobId = `job_errand${this.ended.size}`;
    const job: NewJob = {
      ...{ id, kind: KIND, body: null, causedBy: 'start', createdAt: now, dueAt: now },
      triesMax: TRIES_MAX,
    };
    await storage.store.commit({
      ...{ stream: 'errands', releases: [], claims: [], facts: [] },
      changes: [{ kind: 'add-job', job }],
    });
    this.ended.set(id, 0);
  }

  /** Ends a try, perhaps one whose lease ran out long ago; then nothing is stored. */
  async #end(job: TakenJob): Promise<void> {
    const { clock, storage } = this.#world;
    const now = clock.now();
    const isDone = this.#random() < 0.7;
    const isLast = job.tries >= job.triesMax;
    const because = 'failed';
    const isStored = await storage.jobs.end(
      job,
      isDone
        ? { kind: 'done' }
        : isLast
          ? { kind: 'dead', because }
          : { kind: 'again', dueAt: now + PAUSE_MS, because, counts: true },
      [],
      now,
    );
    if (isStored && (isDone || isLast)) this.#over(job.id);
    // Sometimes a done job stays in hand and is ended again, as by a process that was told late or
    // twice.
    if (this.#random() < 0.8) this.#inHand = this.#inHand.filter((one) => one !== job);
  }

  #over(id: JobId): void {
    this.ended.set(id, (this.ended.get(id) ?? 0) + 1);
  }
}
