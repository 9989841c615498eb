/** A job as it is added, in the commit of its cause; jobs.ts says what becomes of it. */
import type { JobId } from '../../lib/ids.ts';
import type { EpochMs } from '../../lib/time.ts';

export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [name: string]: JsonValue };

/** What a job came from: a fact of a stream, the job before it, or the start of a process. */
export type JobCause = `fact ${string} ${number}` | `job ${JobId}` | 'start';

export type NewJob = {
  readonly id: JobId;
  /** Names the worker; a job of an unknown kind waits for a server that knows it. */
  readonly kind: string;
  /** What the worker needs to know; its kind checks it. */
  readonly body: JsonValue;
  readonly causedBy: JobCause;
  readonly createdAt: EpochMs;
  /** Not taken before. */
  readonly dueAt: EpochMs;
  readonly triesMax: number;
  /** Of all that wait or are taken, one has this key: another one is not added. Absent: no such limit. */
  readonly key?: string;
};
