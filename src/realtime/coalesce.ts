/** Many changes, few messages. */
export type Coalesced = {
  /** Something changed: sends soon, or at once when nothing was sent for a while. */
  soon(): void;
  stop(): void;
};

/**
 * Sends at most once in `everyMs`. With `atLeastEveryMs` it also sends when nothing changed, so
 * that the other side can tell a quiet server from a dead one.
 */
export function coalesce(options: {
  readonly everyMs: number;
  readonly atLeastEveryMs?: number;
  readonly send: () => void;
}): Coalesced {
  const { everyMs, atLeastEveryMs, send } = options;
  let sentAt = Number.NEGATIVE_INFINITY;
  let dueAt = Number.POSITIVE_INFINITY;
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  const arm = (at: number) => {
    if (stopped || at >= dueAt) return;
    clearTimeout(timer);
    dueAt = at;
    timer = setTimeout(fire, Math.max(0, at - performance.now()));
  };
  const fire = () => {
    sentAt = performance.now();
    dueAt = Number.POSITIVE_INFINITY;
    send();
    if (atLeastEveryMs !== undefined) arm(sentAt + atLeastEveryMs);
  };
  if (atLeastEveryMs !== undefined) arm(performance.now() + atLeastEveryMs);
  return {
    soon: () => arm(Math.max(performance.now(), sentAt + everyMs)),
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
