/**
 * What one decision changes, and how to take it back. The state of the engine can be changed through a
 * draft only (its types are readonly), so whatever throws half-way costs the one thing that was being
 * decided: nothing of it stays in memory, and nothing of it is stored or sent.
 *
 * It is a journal and no copy: each change notes how to undo itself and is then made. A decision that
 * is kept forgets its notes. Between decisions changes are for good.
 */
import { assert } from '../lib/assert.ts';
import type { Random } from '../lib/random.ts';

/** The fields of a thing that change. `undefined` takes an optional one away. */
export type Changes<T extends object> = {
  readonly [K in keyof T]?: object extends Pick<T, K> ? T[K] | undefined : T[K];
};

/** What is decided, for anyone who watches decisions. `about`: the call, the lead or the agent. */
export type Deciding = {
  readonly what: 'command' | 'signal' | 'timer' | 'lead' | 'giving-up';
  readonly about?: string;
};

export type Decided<T> =
  | { readonly ok: true; readonly value: T }
  /** It threw, and nothing of it is left. */
  | { readonly ok: false; readonly error: unknown };

export class Draft {
  private readonly undos: (() => void)[] = [];
  /** A decision may have parts that are taken back by themselves. */
  private depth = 0;
  private isUndoing = false;
  private readonly onDecided: (deciding: Deciding) => void;

  /** `onDecided` is told at the end of a decision, while it is taken back where that throws. */
  constructor(onDecided: (deciding: Deciding) => void = () => {}) {
    this.onDecided = onDecided;
  }

  /** Makes one decision, and takes it back where it throws. */
  decide<T>(decision: () => T, deciding?: Deciding): Decided<T> {
    const mark = this.undos.length;
    this.depth += 1;
    try {
      const value = decision();
      assert(!(value instanceof Promise), 'a decision waits for nothing');
      if (deciding) this.onDecided(deciding);
      return { ok: true, value };
    } catch (error) {
      this.undoTo(mark);
      return { ok: false, error };
    } finally {
      this.depth -= 1;
      if (this.depth === 0) this.undos.length = 0;
    }
  }

  /** A decision that is a part of something larger, which cannot go on where it throws. */
  decideOrThrow<T>(decision: () => T): T {
    const decided = this.decide(decision);
    if (!decided.ok) throw decided.error;
    return decided.value;
  }

  /** How to undo what is done next. */
  note(undo: () => void): void {
    if (this.depth > 0 && !this.isUndoing) this.undos.push(undo);
  }

  change<T extends object>(target: T, changes: Changes<T>): void {
    for (const key of Object.keys(changes) as (keyof T)[]) {
      const had = key in target;
      const before = target[key];
      this.note(() => put(target, key, had, before));
      put(target, key, changes[key] !== undefined, changes[key]);
    }
  }

  /** What happens outside of all decisions: none that is taken back takes this back. */
  outright<T extends object>(target: T, changes: Changes<T>): void {
    Object.assign(target, changes);
  }

  set<K, V>(map: ReadonlyMap<K, V>, key: K, value: V): void {
    const writable = map as Map<K, V>;
    const before = writable.get(key);
    if (writable.has(key)) this.note(() => writable.set(key, before as V));
    else this.note(() => writable.delete(key));
    writable.set(key, value);
  }

  /** Taken back, it stands last in the map: no decision may depend on the order of what is deleted. */
  delete<K>(map: ReadonlyMap<K, unknown>, key: K): void {
    const writable = map as Map<K, unknown>;
    if (!writable.has(key)) return;
    const before = writable.get(key);
    this.note(() => writable.set(key, before));
    writable.delete(key);
  }

  add<T>(set: ReadonlySet<T>, value: T): void {
    const writable = set as Set<T>;
    if (writable.has(value)) return;
    this.note(() => writable.delete(value));
    writable.add(value);
  }

  remove<T>(set: ReadonlySet<T>, value: T): void {
    const writable = set as Set<T>;
    if (writable.delete(value)) this.note(() => writable.add(value));
  }

  append<T>(list: readonly T[], value: T): void {
    const writable = list as T[];
    this.note(() => {
      writable.pop();
    });
    writable.push(value);
  }

  /** Takes out the first of a queue. */
  takeFirst<T>(queue: readonly T[]): T | undefined {
    const writable = queue as T[];
    if (writable.length === 0) return undefined;
    const first = writable.shift() as T;
    this.note(() => writable.unshift(first));
    return first;
  }

  /** A source whose numbers are given back by a decision that is taken back: the next one draws them. */
  chance(source: Random): Random {
    const givenBack: number[] = [];
    return () => {
      const number = givenBack.shift() ?? source();
      this.note(() => givenBack.unshift(number));
      return number;
    };
  }

  /** What was decided is kept: it may be stored and let out. */
  assertKept(): void {
    assert(this.depth === 0, 'nothing is stored while something is being decided');
  }

  private undoTo(mark: number): void {
    this.isUndoing = true;
    while (this.undos.length > mark) this.undos.pop()?.();
    this.isUndoing = false;
  }
}

function put<T extends object>(target: T, key: keyof T, has: boolean, value: unknown): void {
  if (has) target[key] = value as T[keyof T];
  else delete target[key];
}
