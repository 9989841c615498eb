/** Decisions that throw because they are told to, as one does that holds a mistake of ours. */
import type { Deciding } from '../engine/draft.ts';

export class MadeMistakes {
  /** By the process that runs. */
  made = 0;
  /** Told of each, before it throws; must not throw at once. */
  readonly onMade: ((deciding: Deciding) => void)[] = [];
  private readonly armed: Deciding['what'][] = [];

  /** The next decision of this kind throws at its end. */
  arm(what: Deciding['what']): void {
    this.armed.push(what);
  }

  disarm(): void {
    this.armed.length = 0;
  }

  /** Another process begins to decide. */
  beginAnew(): void {
    this.made = 0;
  }

  /** For the engine to tell at the end of a decision. */
  decided(deciding: Deciding): void {
    const index = this.armed.indexOf(deciding.what);
    if (index < 0) return;
    this.armed.splice(index, 1);
    this.made += 1;
    for (const tell of this.onMade) tell(deciding);
    throw new Error('a mistake that was made on purpose');
  }
}
