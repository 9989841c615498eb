import type { DurationMs, EpochMs } from '../lib/time.ts';
import type { Draft } from './draft.ts';

/** Timers are data: what is due is moved into the inbox at the start of a turn, in order of time. */
export type Timers = {
  /** A timer with the same key is replaced. */
  set(key: string, at: EpochMs): void;
  clear(key: string): void;
  /** Moves all of them, when the clock was set. */
  shift(byMs: DurationMs): void;
  nextAt(): EpochMs | undefined;
  /** Takes out the keys due at or before the moment, earliest first. */
  takeDue(now: EpochMs): string[];
};

type Entry = { readonly key: string; readonly at: EpochMs };

export function createTimers(draft: Draft): Timers {
  const current = new Map<string, EpochMs>();
  const heap: Entry[] = [];

  const put = (key: string, at: EpochMs | undefined): void => {
    const before = current.get(key);
    if (before === at) return;
    draft.note(() => put(key, before));
    if (at === undefined) current.delete(key);
    else {
      current.set(key, at);
      push(heap, { key, at });
    }
  };
  const moveAll = (byMs: DurationMs): void => {
    draft.note(() => moveAll(-byMs));
    const moved = [...current].map(([key, at]) => ({ key, at: at + byMs }));
    heap.length = 0;
    for (const entry of moved) {
      current.set(entry.key, entry.at);
      push(heap, entry);
    }
  };

  // A cleared or replaced timer stays in the heap until it surfaces; `current` says which one counts.
  const dropStale = (): void => {
    for (let top = heap[0]; top && current.get(top.key) !== top.at; top = heap[0]) popTop(heap);
  };

  return {
    set: put,
    clear: (key) => put(key, undefined),
    shift: moveAll,
    nextAt() {
      dropStale();
      return heap[0]?.at;
    },
    takeDue(now) {
      const due: string[] = [];
      for (dropStale(); heap[0] && heap[0].at <= now; dropStale()) {
        const { key } = popTop(heap);
        put(key, undefined);
        due.push(key);
      }
      return due;
    },
  };
}

function push(heap: Entry[], entry: Entry): void {
  heap.push(entry);
  for (let at = heap.length - 1; at > 0; ) {
    const parent = (at - 1) >> 1;
    if (!swapIfLater(heap, parent, at)) return;
    at = parent;
  }
}

function popTop(heap: Entry[]): Entry {
  const top = heap[0] as Entry;
  const last = heap.pop() as Entry;
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

function swapIfLater(heap: Entry[], upper: number, lower: number): boolean {
  const above = heap[upper] as Entry;
  const below = heap[lower] as Entry;
  if (above.at <= below.at) return false;
  heap[upper] = below;
  heap[lower] = above;
  return true;
}

function isLater(left: Entry | undefined, right: Entry | undefined): boolean {
  return left !== undefined && right !== undefined && left.at > right.at;
}
