/**
 * Lets a few pages in at a time, so that other work runs in between. After a restart all pages of a
 * floor connect within the same second; a ring or an answer must not wait behind them.
 */
export type Turnstile = {
  /** Resolves at the caller's turn; undefined when too many wait already. */
  pass(): Promise<void> | undefined;
};

export function createTurnstile(limits: {
  /** Pages let in per turn of the event loop: some milliseconds of work. */
  readonly perTurnMax: number;
  readonly waitingMax: number;
}): Turnstile {
  const waiting: (() => void)[] = [];
  let isTurning = false;
  const turn = () => {
    for (const next of waiting.splice(0, limits.perTurnMax)) next();
    isTurning = waiting.length > 0;
    if (isTurning) setImmediate(turn);
  };
  return {
    pass() {
      if (waiting.length >= limits.waitingMax) return undefined;
      const passed = new Promise<void>((resolve) => waiting.push(resolve));
      if (!isTurning) setImmediate(turn);
      isTurning = true;
      return passed;
    },
  };
}
