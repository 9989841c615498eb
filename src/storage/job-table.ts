/** A job from the commit of its cause to its end; `engine/ports/jobs.ts` has the machine. */
export type JobTable = {
  id: string;
  kind: string;
  body: string;
  caused_by: string;
  created_at: number;
  due_at: number;
  job_key: string | null;
  tries: number;
  tries_max: number;
  holder: string | null;
  lease_until: number | null;
  last_failure: string | null;
  dead_at: number | null;
  dead_because: string | null;
};
