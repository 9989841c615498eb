import { assert, present } from '../lib/assert.ts';
import type { Answered, Answers, Need, Prepared } from './ports/needs.ts';
import type { Store } from './ports/store.ts';

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
      return needs.map(() => ({ ok: false, error })) as unknown as Prepared<Needs>;
    }
  };
}
