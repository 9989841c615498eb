/** Added jobs that have not ended are in the store, ended ones are not, and none ended twice. */
import type { Watched } from './watched.ts';

export function jobsAreWhole({ world, checks, errands }: Watched): void {
  const rows = world.query<{ id: string }>('select id from job where dead_at is null');
  const alive = new Set(rows.map(({ id }) => id));
  for (const [id, times] of errands.ended) {
    checks.must('jobs-end-once', times <= 1 && alive.has(id) === (times === 0), () => {
      return `${id} ended ${times} times and is ${alive.has(id) ? '' : 'not '}to be taken`;
    });
  }
}
