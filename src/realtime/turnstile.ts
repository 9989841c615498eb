/**
 * Lets a few in at a time and the rest of the house work in between. After a restart every page of a
 * floor knocks within the same second; a ring or an answer must not wait behind all of them.
 */
export type Turnstile = {
  /** Resolves when it is one's turn; undefined where too many wait already. */
  pass(): Promise<void> | undefined;
};

export function createTurnstile(limits: {
  /** In one turn of the event loop: some milliseconds of work. */
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
