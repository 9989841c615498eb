/**
 * What a start has started and so has to end: all of it when somebody asks, and what is its own when
 * the start fails. Parts end in the reverse order of their start, those that are still starting too.
 */
type Stoppable = { stop(): Promise<void> };

type Owned = {
  /** Settles when it has started, or failed to. */
  readonly stop: () => Promise<void>;
  /** It was there before, perhaps with people in talks: a start that fails leaves it as it was. */
  readonly staysOnFailure: () => boolean;
};

export class StartedParts {
  readonly #owned: Owned[] = [];
  readonly #report: (line: string) => void;
  readonly #release: () => void;
  #isOver = false;

  constructor(report: (line: string) => void, release: () => void) {
    this.#report = report;
    this.#release = release;
  }

  /** Whether everything is ending; nothing new is started then. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Waits for a part that is starting; does not come back when everything is ending by then. */
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

  /** Comes back unless everything is ending: whoever does that also ends the process. */
  async goOn(): Promise<void> {
    if (this.#isOver) await new Promise<never>(() => {});
  }

  /** From now on Ctrl+C, SIGTERM and a terminal that is closed end everything. */
  endWhenAsked(): void {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        if (this.#isOver) return;
        console.log('');
        this.#report('Stopping…');
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
