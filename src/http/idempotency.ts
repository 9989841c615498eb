/**
 * The same request twice, by its `Idempotency-Key`, gives the same answer once. Kept in memory within
 * bounds: after a restart the same rows are stored again, which changes nothing, and are then answered
 * as unchanged.
 */
import { createHash } from 'node:crypto';
import { DAY_MS, type EpochMs } from '../lib/time.ts';
import { ProblemError } from './errors.ts';

export type Idempotency = {
  /**
   * Runs the work unless the key was seen: then its answer is given again, also while it still runs.
   * Throws a problem where the key came with another body. A failure is not kept.
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
        throw new ProblemError(
          'idempotency-conflict',
          'This Idempotency-Key came with another body before. Use a new key.',
        );
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
