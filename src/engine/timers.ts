import type { DurationMs, EpochMs } from '../lib/time.ts';
import type { Draft } from './draft.ts';

/** Timers are data. A turn takes out those that are due, in order of time, and decides them first. */
export type Timers<T> = {
  /** The same timer is replaced. */
  set(timer: T, at: EpochMs): void;
  clear(timer: T): void;
  /** Moves all of them, when the clock was set. */
  shift(byMs: DurationMs): void;
  nextAt(): EpochMs | undefined;
  /** Takes out those due at or before the moment, earliest first. */
  takeDue(now: EpochMs): T[];
};

type Entry<T> = { readonly key: string; readonly timer: T; readonly at: EpochMs };

/** `keyOf`: two timers with the same key are the same one. */
export function createTimers<T>(draft: Draft, keyOf: (timer: T) => string): Timers<T> {
  const current = new Map<string, Entry<T>>();
  const heap: Entry<T>[] = [];

  const put = (key: string, entry: Entry<T> | undefined): void => {
    const before = current.get(key);
    if (before?.at === entry?.at) return;
    draft.note(() => put(key, before));
    if (entry === undefined) current.delete(key);
    else {
      current.set(key, entry);
      push(heap, entry);
    }
  };
  const moveAll = (byMs: DurationMs): void => {
    draft.note(() => moveAll(-byMs));
    const moved = [...current.values()].map((entry) => ({ ...entry, at: entry.at + byMs }));
    heap.length = 0;
    for (const entry of moved) {
      current.set(entry.key, entry);
      push(heap, entry);
    }
  };

  // A cleared or replaced timer stays in the heap until it surfaces; `current` says which one counts.
  const dropStale = (): void => {
    for (let top = heap[0]; top && current.get(top.key)?.at !== top.at; top = heap[0]) popTop(heap);
  };

  return {
    set(timer, at) {
      const key = keyOf(timer);
      put(key, { key, timer, at });
    },
    clear: (timer) => put(keyOf(timer), undefined),
    shift: moveAll,
    nextAt() {
      dropStale();
      return heap[0]?.at;
    },
    takeDue(now) {
      const due: T[] = [];
      for (dropStale(); heap[0] && heap[0].at <= now; dropStale()) {
        const { key, timer } = popTop(heap);
        put(key, undefined);
        due.push(timer);
      }
      return due;
    },
  };
}

function push<T>(heap: Entry<T>[], entry: Entry<T>): void {
  heap.push(entry);
  for (let at = heap.length - 1; at > 0; ) {
    const parent = (at - 1) >> 1;
    if (!swapIfLater(heap, parent, at)) return;
    at = parent;
  }
}

function popTop<T>(heap: Entry<T>[]): Entry<T> {
  const top = heap[0] as Entry<T>;
  const last = heap.pop() as Entry<T>;
  if (heap.length === 0) return top;
  heap[0] = last;
  for (let at = 0; ; ) {
    const left = 2 * at + 1;
    const right = left + 1;
    const smaller = isLater(heap[left], heap[right]) ? right : left;
    if (smaller >= heap.length || !swapIfLater(heap, at, smaller)) return top;
    at = smaller;
  }
}

function swapIfLater<T>(heap: Entry<T>[], upper: number, lower: number): boolean {
  const above = heap[upper] as Entry<T>;
  const below = heap[lower] as Entry<T>;
  if (above.at <= below.at) return false;
  heap[upper] = below;
  heap[lower] = above;
  return true;
}

function isLater(
  left: Pick<Entry<unknown>, 'at'> | undefined,
  right: Pick<Entry<unknown>, 'at'> | undefined,
): boolean {
  return left !== undefined && right !== undefined && left.at > right.at;
}
