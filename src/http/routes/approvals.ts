import { z } from 'zod';
import { type ApprovalId, isId } from '../../lib/ids.ts';
import { decideApprovalRequest } from '../../protocol/supervisor.ts';
import { say } from '../../words/say.ts';
import { steererOf } from '../auth.ts';
import { ProblemError } from '../errors.ts';
import type { RouteParts } from '../parts.ts';
import { type Route, route } from '../route.ts';
import { runCommand } from '../run-command.ts';
import { STEERING } from './roles.ts';

/** Routes for requests that wait for the approval of a second person, whatever they are about. */
export function approvalRoutes({ commands }: RouteParts): Route[] {
  const params = z.object({ approvalId: z.string() });
  const decide = (action: 'approve' | 'refuse', summary: string) =>
    route({
      method: 'POST',
      path: `/api/approvals/:approvalId/${action}`,
      summary,
      access: { roles: STEERING },
      reach: 'command',
      params,
      body: decideApprovalRequest,
      async handle({ params, body, caller, address }) {
        await runCommand(commands, {
          kind: 'decide-approval',
          ...steererOf(caller, address),
          approvalId: approvalIdOf(params.approvalId),
          approves: action === 'approve',
          because: body.because,
        });
      },
    });
  return [
    decide('approve', 'Approves what another person asked for, which is done at once; audited.'),
    decide('refuse', 'Refuses what another person asked for; audited.'),
    route({
      method: 'POST',
      path: '/api/approvals/:approvalId/withdraw',
      summary: 'Withdraws a request of one’s own; audited.',
      access: { roles: STEERING },
      reach: 'command',
      params,
      async handle({ params, caller, address }) {
        await runCommand(commands, {
          kind: 'withdraw-approval',
          ...steererOf(caller, address),
          approvalId: approvalIdOf(params.approvalId),
        });
      },
    }),
  ];
}

function approvalIdOf(id: string): ApprovalId {
  if (isId('approval', id)) return id;
  throw new ProblemError('approval-over', say('approval-is-over'));
}
