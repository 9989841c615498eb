/** Decisions that throw on purpose, like a decision with a mistake of ours in it. */
import type { Deciding } from '../engine/draft.ts';

export class MadeMistakes {
  /** Mistakes made by the running process. */
  made = 0;
  /** Called for each, before it throws; a listener must not throw at once. */
  readonly onMade: ((deciding: Deciding) => void)[] = [];
  private readonly armed: Deciding['what'][] = [];

  /** The next decision of this kind throws at its end. */
  arm(what: Deciding['what']): void {
    this.armed.push(what);
  }

  disarm(): void {
    this.armed.length = 0;
  }

  /** Called when another process begins to decide. */
  beginAnew(): void {
    this.made = 0;
  }

  /** The engine calls it at the end of a decision. */
  decided(deciding: Deciding): void {
    const index = this.armed.indexOf(deciding.what);
    if (index < 0) return;
    this.armed.splice(index, 1);
    this.made += 1;
    for (const tell of this.onMade) tell(deciding);
    throw new Error('a mistake that was made on purpose');
  }
}
