import { assert, present } from '../lib/assert.ts';
import type { DurationMs, EpochMs } from '../lib/time.ts';
import type { Answered, Answers, Need, Prepared } from './ports/needs.ts';
import { type Store, StoreHeldUpError } from './ports/store.ts';
import type { HeldUp } from './queries.ts';

/** What the decisions of a turn may know of the store: what was asked for before they began. */
export class PreparedAnswers {
  private readonly answers = new Map<string, Answered>();

  keep(need: Need, answered: Answered): void {
    this.answers.set(keyOf(need), answered);
  }

  has(need: Need): boolean {
    return this.answers.has(keyOf(need));
  }

  /** Undefined where it cannot be read. */
  found<N extends Need>(need: N): Answers[N['kind']] | undefined {
    const answered = this.answers.get(keyOf(need)) as Answered<N> | undefined;
    return answered?.ok ? answered.answer : undefined;
  }

  /** Throws what kept it from being read. */
  of<N extends Need>(need: N): Answers[N['kind']] {
    const answered = this.answers.get(keyOf(need)) as Answered<N> | undefined;
    assert(answered, `a decision asked beforehand for ${need.kind}`);
    if (!answered.ok) throw answered.error;
    return answered.answer;
  }
}

/** The same whatever the order in which the need's fields were written. */
function keyOf(need: Need): string {
  return JSON.stringify(Object.entries(need).sort(([left], [right]) => (left < right ? -1 : 1)));
}

/** Asks the store between two decisions. */
export type Ask = <const Needs extends readonly Need[]>(needs: Needs) => Promise<Prepared<Needs>>;

/** Asks, and keeps each answer by its need. */
export async function keepAnswers(
  ask: Ask,
  prepared: PreparedAnswers,
  needs: readonly Need[],
): Promise<void> {
  const answers = await ask(needs);
  for (const [index, need] of needs.entries()) {
    prepared.keep(need, present(answers[index], 'each need is answered'));
  }
}

/** A store that cannot be asked answers nothing, each need with the reason; it does not throw. */
export function askingOf(store: Pick<Store, 'prepare'>): Ask {
  return async <const Needs extends readonly Need[]>(needs: Needs) => {
    try {
      return await store.prepare(needs);
    } catch (error) {
      return refused(needs, error);
    }
  };
}

const PROBE_FIRST_MS = 250;
const PROBE_MAX_MS = 1_000;

/**
 * Asks a store that may stop answering. From then on each need is refused at once, so that no decision
 * waits, and what was asked in vain is asked again from time to time.
 */
export class WatchedAsking {
  private readonly store: Pick<Store, 'prepare'>;
  private readonly now: () => EpochMs;
  private readonly onChange: (unanswered: HeldUp | undefined) => void;
  private vain:
    | {
        readonly needs: readonly Need[];
        readonly error: StoreHeldUpError;
        readonly since: EpochMs;
        probeAt: EpochMs;
        pauseMs: DurationMs;
      }
    | undefined;

  /** `onChange` is told when the store stops to answer, and when it answers again. */
  constructor(
    store: Pick<Store, 'prepare'>,
    now: () => EpochMs,
    onChange: (unanswered: HeldUp | undefined) => void,
  ) {
    this.store = store;
    this.now = now;
    this.onChange = onChange;
  }

  readonly ask: Ask = async <const Needs extends readonly Need[]>(needs: Needs) => {
    if (this.vain) return refused(needs, this.vain.error);
    try {
      return await this.store.prepare(needs);
    } catch (error) {
      if (error instanceof StoreHeldUpError) this.askedInVain(needs, error);
      return refused(needs, error);
    }
  };

  /** Whether it answers now; one that did not is asked again once its pause is over. */
  async answers(): Promise<boolean> {
    const { vain } = this;
    if (!vain) return true;
    // A clock that was set back does not make the pause longer.
    if (this.now() < vain.probeAt && this.now() >= vain.since) return false;
    try {
      await this.store.prepare(vain.needs);
    } catch (error) {
      if (error instanceof StoreHeldUpError) {
        vain.pauseMs = Math.min(2 * vain.pauseMs, PROBE_MAX_MS);
        vain.probeAt = this.now() + vain.pauseMs;
        return false;
      }
    }
    this.vain = undefined;
    this.onChange(undefined);
    return true;
  }

  private askedInVain(needs: readonly Need[], error: StoreHeldUpError): void {
    const since = this.now();
    this.vain = { needs, error, since, probeAt: since + PROBE_FIRST_MS, pauseMs: PROBE_FIRST_MS };
    this.onChange({ cause: error.cause, since });
  }
}

function refused<const Needs extends readonly Need[]>(
  needs: Needs,
  error: unknown,
): Prepared<Needs> {
  return needs.map(() => ({ ok: false, error })) as unknown as Prepared<Needs>;
}
