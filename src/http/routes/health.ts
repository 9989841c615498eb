import { healthView } from '../../protocol/admin.ts';
import type { LoopMonitor } from '../loop-delay.ts';
import type { RouteParts } from '../parts.ts';
import { presentHealth } from '../present/health.ts';
import { type Route, route } from '../route.ts';

export function healthRoutes(
  { queries, version, isCheckpointFailing, jobCounts, noBackUpSince }: RouteParts,
  loop: LoopMonitor,
): Route[] {
  const startedAt = performance.now();
  return [
    route({
      method: 'GET',
      path: '/health',
      summary: '200 while calls can be made, 503 otherwise; holds nothing personal.',
      access: 'public',
      reach: 'none',
      answer: healthView,
      handle({ reply }) {
        const health = presentHealth({
          engine: queries.health(),
          loop: loop.read(),
          isCheckpointFailing: isCheckpointFailing?.() ?? false,
          noBackUpSince: noBackUpSince?.(),
          jobs: jobCounts?.() ?? { waiting: 0, taken: 0, dead: 0 },
          lastFactSequence: queries.upTo(),
          version,
          upSeconds: Math.floor((performance.now() - startedAt) / 1_000),
        });
        reply.code(health.ok ? 200 : 503);
        return health;
      },
    }),
  ];
}
