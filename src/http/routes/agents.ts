import { z } from 'zod';
import { type AgentId, isId } from '../../lib/ids.ts';
import { planRestRequest, takeBackRequest } from '../../protocol/supervisor.ts';
import { say } from '../../words/say.ts';
import { steererOf } from '../auth.ts';
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
      reach: 'command',
      params: z.object({ id: z.string() }),
      async handle({ params, caller, address }) {
        const agentId = agentOf(params.id);
        await runCommand(commands, { kind, ...steererOf(caller, address), agentId });
      },
    });
  const rest = route({
    method: 'POST',
    path: '/api/agents/:id/rest',
    summary: 'Plans a rest of an agent, or takes it back.',
    access: { roles: STEERING },
    reach: 'command',
    params: z.object({ id: z.string() }),
    body: planRestRequest,
    async handle({ params, body, caller, address }) {
      const by = steererOf(caller, address);
      const agentId = agentOf(params.id);
      await runCommand(commands, { kind: 'plan-agent-rest', ...by, agentId, at: body.at });
    },
  });
  const takeBack = route({
    method: 'POST',
    path: '/api/agents/:id/take-back',
    summary: 'Takes back a pause or an end of shift, and ends a pause that a supervisor asked for.',
    access: { roles: STEERING },
    reach: 'command',
    params: z.object({ id: z.string() }),
    body: takeBackRequest,
    async handle({ params, body, caller, address }) {
      const by = steererOf(caller, address);
      const agentId = agentOf(params.id);
      await runCommand(commands, { kind: 'take-back-from-agent', ...by, agentId, ...body });
    },
  });
  return [
    supervise('pause', 'pause-agent'),
    supervise('sign-out', 'sign-out-agent'),
    rest,
    takeBack,
  ];
}

/** Throws a problem when it is no user's id. */
function agentOf(id: string): AgentId {
  if (isId('user', id)) return id;
  throw new ProblemError('unknown-agent', say('read-board-again'));
}
