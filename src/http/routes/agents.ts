import { z } from 'zod';
import { isId } from '../../lib/ids.ts';
import { personOf } from '../auth.ts';
import { ProblemError } from '../errors.ts';
import type { RouteParts } from '../parts.ts';
import { type Route, route } from '../route.ts';
import { runCommand } from '../run-command.ts';
import { STEERING } from './roles.ts';

/** What a supervisor may do with an agent's shift. */
export function agentRoutes({ commands }: RouteParts): Route[] {
  const supervise = (action: 'pause' | 'sign-out', kind: 'pause-agent' | 'sign-out-agent') =>
    route({
      method: 'POST',
      path: `/api/agents/:id/${action}`,
      summary:
        action === 'pause'
          ? 'Pauses an agent, after the call in hand.'
          : "Ends an agent's shift, after the call in hand.",
      access: { roles: STEERING },
      params: z.object({ id: z.string() }),
      async handle({ params, caller }) {
        const { id: agentId } = params;
        if (!isId('user', agentId)) {
          throw new ProblemError('unknown-agent', 'Read the board again.');
        }
        await runCommand(commands, { kind, byUserId: personOf(caller).user.id, agentId });
      },
    });
  return [supervise('pause', 'pause-agent'), supervise('sign-out', 'sign-out-agent')];
}
