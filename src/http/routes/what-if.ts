import { z } from 'zod';
import { whatIfRequest, whatIfView } from '../../protocol/what-if.ts';
import { ProblemError } from '../errors.ts';
import type { RouteParts } from '../parts.ts';
import { type Route, route } from '../route.ts';
import { campaignOf } from './campaigns.ts';
import { STEERING } from './roles.ts';

/** Asked before a change is made; changes nothing, and is not in the audit trail. */
export function whatIfRoutes(parts: RouteParts): Route[] {
  const { queries, whatIf } = parts;
  return [
    route({
      method: 'POST',
      path: '/api/campaigns/:id/what-if',
      summary: 'Estimates what a change of pacing would do; simulated, with its spread.',
      access: { roles: STEERING },
      params: z.object({ id: z.string() }),
      body: whatIfRequest,
      answer: whatIfView,
      async handle({ params, body }) {
        const campaign = campaignOf(queries, params.id);
        const asked = queries.whatIf(campaign.id, body);
        if (!asked.ok) {
          if (asked.because === 'refused') throw new ProblemError('form-invalid', asked.detail);
          return asked;
        }
        const { question } = asked;
        const answer = await whatIf.estimate(question);
        return answer.ok
          ? { ok: true as const, agents: question.agents, ...answer.estimate }
          : answer;
      },
    }),
  ];
}
