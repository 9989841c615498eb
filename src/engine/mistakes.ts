/**
 * Mistakes of ours that were found while something was decided: told to the log with where they are,
 * counted by what was being decided, and bounded where the same thing is tried again.
 */
import { MistakeError } from '../lib/assert.ts';
import type { DurationMs } from '../lib/time.ts';
import { StoreHeldUpError } from './ports/store.ts';

/** Where something is told that no person on a screen can act on. */
export type EngineLog = {
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
};

/** Tries of one thing that threw, the pause doubled after each. */
const TRIES_MAX = 5;
const FIRST_PAUSE_MS = 500;
/** Kinds counted by themselves; there are some eighty. */
const KINDS_MAX = 200;
/** So many of a kind are told one by one. */
const TOLD_EACH_MAX = 32;

export class Mistakes {
  private readonly log: EngineLog | undefined;
  private readonly counts = new Map<string, number>();
  private readonly tries = new Map<string, number>();

  constructor(log?: EngineLog) {
    this.log = log;
  }

  /** `kind`: what was being decided, such as `command dispose`. `ids`: of what, and nothing personal. */
  note(kind: string, error: unknown, ids: object = {}): void {
    if (error instanceof StoreHeldUpError) {
      this.log?.warn({ kind, cause: error.cause, ...ids }, 'the store was held up while deciding');
      return;
    }
    if (this.counts.size < KINDS_MAX || this.counts.has(kind)) {
      this.counts.set(kind, (this.counts.get(kind) ?? 0) + 1);
    }
    const count = this.counts.get(kind) ?? 0;
    // A mistake that stands repeats several times a second: its powers of two tell how often.
    if (count > TOLD_EACH_MAX && !Number.isInteger(Math.log2(count))) return;
    this.log?.error(
      { kind, count, ...ids, ...placeOf(error) },
      'a mistake: what was decided is taken back',
    );
  }

  /** How often each kind threw since the process began. */
  byKind(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.counts);
  }

  /** The pause before the next try of this; undefined where it was tried often enough. */
  pauseBeforeNext(what: string): DurationMs | undefined {
    const tries = this.tries.get(what) ?? 0;
    if (tries >= TRIES_MAX) {
      this.tries.delete(what);
      return undefined;
    }
    this.tries.set(what, tries + 1);
    return FIRST_PAUSE_MS * 2 ** tries;
  }

  /** It was decided: the next mistake about it is a first one. */
  worked(what: string): void {
    this.tries.delete(what);
  }
}

/**
 * Name and lines of the source. What others say may hold what they were given, a row or a name: of
 * their messages nothing is told.
 */
function placeOf(error: unknown): object {
  if (!(error instanceof Error)) return { thrown: typeof error };
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return {
    error: error.name,
    ...(error instanceof MistakeError ? { sentence: error.message } : {}),
    stack: frames.join('\n'),
  };
}
