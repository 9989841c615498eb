/**
 * The parts a start must end: all of them when asked, and only its own when the start fails. Parts
 * end in reverse order of their start, including those still starting.
 */
type Stoppable = { stop(): Promise<void> };

type Owned = {
  /** Settles when the part has started or failed to. */
  readonly stop: () => Promise<void>;
  /** Whether it ran before this start, perhaps with calls: a failed start leaves it running. */
  readonly staysOnFailure: () => boolean;
};

export class StartedParts {
  readonly #owned: Owned[] = [];
  readonly #report: (line: string) => void;
  readonly #release: () => void;
  /** Said when everything is asked to end. */
  readonly #stopping: string;
  #isOver = false;

  constructor(report: (line: string) => void, release: () => void, stopping: string) {
    this.#report = report;
    this.#release = release;
    this.#stopping = stopping;
  }

  /** Whether everything is ending, so that nothing new may start. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Waits for a starting part. Never resolves once everything is ending. */
  async own<Part extends Stoppable>(starting: Promise<Part>): Promise<Part>;
  async own<Part>(
    starting: Promise<Part>,
    stop: ((part: Part) => Promise<void>) | undefined,
    stays: (part: Part) => boolean,
  ): Promise<Part>;
  async own<Part>(
    starting: Promise<Part>,
    stop = (part: Part): Promise<void> => (part as Stoppable).stop(),
    stays: (part: Part) => boolean = () => false,
  ): Promise<Part> {
    let staysOnFailure = false;
    this.#owned.push({
      stop: () => starting.then(stop, () => {}),
      staysOnFailure: () => staysOnFailure,
    });
    const part = await starting;
    staysOnFailure = stays(part);
    await this.goOn();
    return part;
  }

  /** Resolves unless everything is ending; then the process ends instead. */
  async goOn(): Promise<void> {
    if (this.#isOver) await new Promise<never>(() => {});
  }

  /** From now on Ctrl+C, SIGTERM and a closed terminal end everything. */
  endWhenAsked(): void {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        if (this.#isOver) return;
        console.log('');
        this.#report(this.#stopping);
        void this.#end(() => false).then(() => {
          this.#report('Everything is stopped.');
          process.exit(0);
        });
      });
    }
  }

  /** Ends what this start started, and the process. */
  async fail(sentence: string): Promise<never> {
    await this.goOn();
    console.error(sentence);
    await this.#end((one) => one.staysOnFailure());
    process.exit(1);
  }

  async #end(stays: (one: Owned) => boolean): Promise<void> {
    this.#isOver = true;
    let left = 0;
    for (const one of this.#owned.toReversed()) {
      if (stays(one)) left += 1;
      else await one.stop().catch((error: unknown) => this.#report(String(error)));
    }
    if (left > 0) this.#report('The PBX of the last start goes on, with its calls.');
    this.#release();
  }
}
