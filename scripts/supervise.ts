import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Keeps one part of an installation running for ever. A part that ends or fails to start is started
 * again with growing pauses, whatever the reason, without touching other parts. It reports when the
 * part goes down and why, when the reason changes, when it is up again, and in between a reminder.
 */
export type Part = {
  /** `The dialer`, to begin sentences with. */
  readonly name: string;
  /** Starts it. Throws an Error with the reason when it does not come up. */
  start(): Promise<Run>;
  /** Whether it works, asked until it does. Absent when it works once started. */
  isUp?(): Promise<boolean>;
  /** A sentence that says what is lost while it is down; absent when nothing is. */
  readonly loss?: string;
};

/** One process, from its start to its end. */
export type Run = {
  readonly ended: Promise<End>;
  stop(): Promise<void>;
};

export type End = {
  /** `ended with code 70`, `was killed (SIGKILL)`. */
  readonly how: string;
  readonly why?: string;
  /** Whether another start would end the same way until a person changes something. */
  readonly needsPerson?: boolean;
};

export type PartState =
  | { readonly kind: 'starting' }
  | { readonly kind: 'up' }
  | { readonly kind: 'down'; readonly because: string; readonly tries: number }
  | { readonly kind: 'stopped' };

export type Supervised = {
  state(): PartState;
  /** Resolves when it is up for the first time. */
  readonly firstUp: Promise<void>;
  /** Resolves with the reason when it was never up and only a person can change that. */
  readonly cannotStart: Promise<string>;
  /** Ends it for good; waits for a start under way. */
  stop(): Promise<void>;
};

export type Pace = {
  readonly pauseFirstMs: number;
  readonly pauseLongestMs: number;
  /** Time up after which it counts as well again, and the next pause is short. */
  readonly steadyAfterMs: number;
  /** How often a lasting problem is reported again. */
  readonly remindEveryMs: number;
  readonly askEveryMs: number;
};

const PACE: Pace = {
  pauseFirstMs: 200,
  pauseLongestMs: 30_000,
  steadyAfterMs: 60_000,
  remindEveryMs: 60_000,
  askEveryMs: 200,
};

/** Starts the part, or takes over an existing run. */
export function supervise(
  part: Part,
  report: (line: string) => void,
  first?: Run,
  pace: Pace = PACE,
): Supervised {
  const one = new SupervisedPart(part, report, pace);
  void one.keep(first);
  return one;
}

class SupervisedPart implements Supervised {
  readonly firstUp: Promise<void>;
  readonly cannotStart: Promise<string>;
  readonly #part: Part;
  readonly #pace: Pace;
  readonly #report: (line: string) => void;
  readonly #stopping = new AbortController();
  #state: PartState = { kind: 'starting' };
  #run: Run | undefined;
  #starting: Promise<unknown> = Promise.resolve();
  #tellUp = (): void => {};
  #tellCannotStart = (_why: string): void => {};
  #wasUp = false;
  #upAt = 0;
  /** Ends and failed starts since it was steady. */
  #tries = 0;
  #downSince = 0;
  #toldAt = Number.NEGATIVE_INFINITY;
  #told = '';

  constructor(part: Part, report: (line: string) => void, pace: Pace) {
    this.#part = part;
    this.#report = report;
    this.#pace = pace;
    this.firstUp = new Promise((resolve) => {
      this.#tellUp = resolve;
    });
    this.cannotStart = new Promise((resolve) => {
      this.#tellCannotStart = resolve;
    });
  }

  state(): PartState {
    return this.#state;
  }

  async keep(first: Run | undefined): Promise<void> {
    let run = first ?? (await this.#start());
    while (!this.#isStopping) {
      if (run) await this.#follow(run);
      if (this.#isStopping) return;
      await this.#pause();
      if (this.#isStopping) return;
      run = await this.#start();
    }
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#starting;
    await this.#run?.stop();
    this.#state = { kind: 'stopped' };
  }

  get #isStopping(): boolean {
    return this.#stopping.signal.aborted;
  }

  async #start(): Promise<Run | undefined> {
    const started = this.#part.start().then(
      (run) => {
        this.#run = run;
        return run;
      },
      (error: unknown) => {
        this.#failed({ how: 'does not start', why: messageOf(error) });
        return undefined;
      },
    );
    this.#starting = started;
    return started;
  }

  /** Follows a run from its start to its end. */
  async #follow(run: Run): Promise<void> {
    this.#run = run;
    let hasEnded = false;
    const ended = run.ended.then((end) => {
      hasEnded = true;
      return end;
    });
    void this.#awaitUp(() => hasEnded);
    const end = await ended;
    this.#run = undefined;
    if (!this.#isStopping) this.#failed(end);
  }

  async #awaitUp(hasEnded: () => boolean): Promise<void> {
    const { isUp } = this.#part;
    const startedAt = Date.now();
    let toldAt = startedAt;
    while (isUp && !(await isUp())) {
      if (hasEnded() || this.#isStopping) return;
      if (Date.now() - toldAt >= this.#pace.remindEveryMs) {
        toldAt = Date.now();
        this.#report(`${this.#part.name} runs and does not answer, ${since(startedAt)}.`);
      }
      await sleep(this.#pace.askEveryMs);
    }
    if (hasEnded() || this.#isStopping) return;
    if (this.#state.kind === 'down') {
      this.#report(`${this.#part.name} is up again, ${since(this.#downSince)}.`);
    }
    this.#state = { kind: 'up' };
    this.#wasUp = true;
    this.#upAt = Date.now();
    this.#told = '';
    this.#tellUp();
  }

  #failed({ how, why, needsPerson }: End): void {
    const now = Date.now();
    const { name, loss } = this.#part;
    const wasUp = this.#state.kind === 'up';
    if (wasUp && now - this.#upAt >= this.#pace.steadyAfterMs) this.#tries = 0;
    if (this.#state.kind !== 'down') this.#downSince = now;
    this.#tries += 1;
    const because = why ? `${how}: ${why}` : how;
    this.#state = { kind: 'down', because, tries: this.#tries };
    if (!this.#wasUp && needsPerson) {
      this.#tellCannotStart(why ?? `${name} ${how}`);
      return;
    }
    if (wasUp || because !== this.#told) {
      const lost = wasUp && loss ? ` ${loss}` : '';
      this.#say(`${name} ${because}.${lost} It is started again${this.#inPause()}.`, because);
    } else if (now - this.#toldAt >= this.#pace.remindEveryMs) {
      const tried = `${since(this.#downSince)} and ${this.#tries} tries`;
      this.#say(`${name} is still down, ${tried}: it ${because}.${this.#next()}`, because);
    }
  }

  #say(line: string, because: string): void {
    this.#told = because;
    this.#toldAt = Date.now();
    this.#report(line);
  }

  #inPause(): string {
    return this.#pauseMs() < 1_000 ? '' : ` in ${seconds(this.#pauseMs())}`;
  }

  #next(): string {
    return ` The next try is in ${seconds(this.#pauseMs())}.`;
  }

  #pauseMs(): number {
    const { pauseFirstMs, pauseLongestMs } = this.#pace;
    return Math.min(pauseLongestMs, pauseFirstMs * 2 ** (this.#tries - 1));
  }

  async #pause(): Promise<void> {
    await sleep(this.#pauseMs(), undefined, { signal: this.#stopping.signal }).catch(() => {});
  }
}

function since(at: number): string {
  return `after ${seconds(Date.now() - at)}`;
}

function seconds(ms: number): string {
  const whole = Math.max(1, Math.round(ms / 1_000));
  return whole < 120 ? `${whole} s` : `${Math.round(whole / 60)} min`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
