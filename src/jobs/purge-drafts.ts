/** What agents typed and nobody recorded is removed once nobody can need it any more. */
import { newId } from '../lib/ids.ts';
import { DAY_MS, type DurationMs } from '../lib/time.ts';
import type { JobKind } from './job-kind.ts';

const KIND = 'purge-drafts';
const TRIES_MAX = 5;
const EVERY_MS: DurationMs = DAY_MS;
/** A call without a disposition is corrected within days; a month is enough to look into a complaint. */
export const DRAFTS_KEPT_MS: DurationMs = 30 * DAY_MS;

export function purgeDrafts({ random }: { readonly random: () => number }): JobKind {
  return {
    name: KIND,
    prepare: async () => ({ kind: 'begin', input: null }),
    done: (_answer, _job, now) => [
      { kind: 'purge-negotiation-drafts', before: now - DRAFTS_KEPT_MS },
    ],
    died: () => [],
    next: (now, causedBy) => ({
      id: newId('job', now, random),
      kind: KIND,
      body: null,
      ...{ causedBy, createdAt: now, dueAt: now + EVERY_MS, triesMax: TRIES_MAX, key: KIND },
    }),
  };
}
