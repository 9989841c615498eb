/**
 * Answers a repeated request, recognized by its `Idempotency-Key`, without doing the work again.
 * Answers are kept in memory within bounds. After a restart the same rows are stored again, which
 * changes nothing, and answered as unchanged.
 */
import { createHash } from 'node:crypto';
import { DAY_MS, type EpochMs } from '../lib/time.ts';
import { say } from '../words/say.ts';
import { ProblemError } from './errors.ts';

export type Idempotency = {
  /**
   * Runs the work for a new key. For a known key it gives the same answer, also while the work
   * still runs. Throws a problem when the key came with another body. Failures are not kept.
   */
  once<T>(key: string, body: unknown, work: () => Promise<T>): Promise<T>;
};

const KEPT_MAX = 200;
const KEPT_MS = DAY_MS;

type Kept = {
  readonly fingerprint: string;
  readonly at: EpochMs;
  readonly answer: Promise<unknown>;
};

export function createIdempotency(now: () => EpochMs): Idempotency {
  const kept = new Map<string, Kept>();
  return {
    async once<T>(key: string, body: unknown, work: () => Promise<T>): Promise<T> {
      const fingerprint = createHash('sha256').update(JSON.stringify(body)).digest('hex');
      const known = kept.get(key);
      if (known && now() - known.at < KEPT_MS) {
        if (known.fingerprint === fingerprint) return known.answer as Promise<T>;
        throw new ProblemError('idempotency-conflict', say('use-new-key'));
      }
      const answer = work();
      kept.delete(key);
      kept.set(key, { fingerprint, at: now(), answer });
      const oldest = kept.keys().next();
      if (kept.size > KEPT_MAX && !oldest.done) kept.delete(oldest.value);
      answer.catch(() => kept.delete(key));
      return answer;
    },
  };
}
