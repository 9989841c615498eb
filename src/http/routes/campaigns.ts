import { z } from 'zod';
import type { Campaign } from '../../domain/campaigns/campaign.ts';
import { isTheirs, ScopeRefused } from '../../engine/ports/scope.ts';
import type { Queries } from '../../engine/queries.ts';
import { given } from '../../lib/given.ts';
import { type CampaignId, isId } from '../../lib/ids.ts';
import { DAY_MS } from '../../lib/time.ts';
import { campaignsView } from '../../protocol/admin.ts';
import {
  changeCampaignRequest,
  screeningReport,
  settingVersionsView,
} from '../../protocol/supervisor.ts';
import { say } from '../../words/say.ts';
import { steererOf } from '../auth.ts';
import { type Caller, scopeOf } from '../caller.ts';
import { ProblemError } from '../errors.ts';
import type { RouteParts } from '../parts.ts';
import { type Route, route } from '../route.ts';
import { runCommand } from '../run-command.ts';
import { actorOf } from './audit.ts';
import { STEERING } from './roles.ts';

const assignmentParams = z.object({ id: z.string(), agentId: z.string() });

/** Sampled verdicts are few, so a day of them would say nothing. */
const VERSIONS_MAX = 200;

const SCREENING_WINDOW_MS = 30 * DAY_MS;

export function campaignRoutes({ commands, queries, store, now }: RouteParts): Route[] {
  const assign = (method: 'PUT' | 'DELETE', assigned: boolean) =>
    route({
      method,
      path: '/api/campaigns/:id/agents/:agentId',
      summary: assigned ? 'Puts an agent into a campaign.' : 'Takes an agent out of a campaign.',
      access: { roles: STEERING },
      reach: 'command',
      params: assignmentParams,
      async handle({ params, caller, address }) {
        const campaignId = campaignOf(queries, params.id).id;
        const { agentId } = params;
        if (!isId('user', agentId)) {
          throw new ProblemError('unknown-agent', say('read-board-again'));
        }
        await runCommand(commands, {
          kind: 'assign-agent',
          ...steererOf(caller, address),
          campaignId,
          agentId,
          assigned,
        });
      },
    });
  return [
    route({
      method: 'GET',
      path: '/api/campaigns',
      summary: 'Campaigns, for choosing one.',
      access: { roles: STEERING, scope: 'campaigns:read' },
      reach: 'creditors',
      answer: campaignsView,
      handle: ({ caller }) => ({
        campaigns: queries.board(scopeOf(caller)).campaigns.map(({ campaign }) => ({
          id: campaign.id,
          name: campaign.name,
          state: campaign.state,
          creditors: campaign.creditorIds.map((id) => queries.creditor(id)?.name ?? id),
        })),
      }),
    }),
    route({
      method: 'GET',
      path: '/api/campaigns/:id/screening',
      summary:
        'Verdicts on answering machines in the last 30 days, and how often agents disagreed.',
      access: { roles: STEERING, scope: 'campaigns:read' },
      reach: 'campaign',
      params: z.object({ id: z.string() }),
      answer: screeningReport,
      async handle({ params, caller }) {
        const campaignId = campaignOf(queries, params.id).id;
        const since = now() - SCREENING_WINDOW_MS;
        const counts = await store.read(scopeOf(caller), (view) =>
          view.screeningCounts(campaignId, since),
        );
        return { since, ...counts };
      },
    }),
    route({
      method: 'PATCH',
      path: '/api/campaigns/:id',
      summary: 'Starts, pauses, stops or tunes a campaign; takes effect at once and is audited.',
      access: { roles: STEERING },
      reach: 'command',
      params: z.object({ id: z.string() }),
      body: changeCampaignRequest,
      async handle({ params, body, caller, address }) {
        const campaignId = campaignOf(queries, params.id).id;
        const { madeOn, because, ...change } = body;
        await runCommand(commands, {
          kind: 'change-campaign',
          ...steererOf(caller, address),
          campaignId,
          change,
          ...given({ madeOn, because }),
        });
      },
    }),
    versionsRoute(queries, store),
    assign('PUT', true),
    assign('DELETE', false),
  ];
}

function versionsRoute(queries: Queries, store: RouteParts['store']): Route {
  return route({
    method: 'GET',
    path: '/api/campaigns/:id/versions',
    summary: 'What a campaign was set to, who set it and why; the newest first.',
    access: { roles: STEERING, scope: 'campaigns:read' },
    reach: 'campaign',
    params: z.object({ id: z.string() }),
    answer: settingVersionsView,
    async handle({ params, caller }) {
      const { id } = campaignOf(queries, params.id);
      const versions = await store.read(scopeOf(caller), (view) =>
        view.settingVersions('campaign', id, VERSIONS_MAX),
      );
      return {
        versions: versions.map(({ version, at, because, settings, ...by }) => ({
          ...{ version, at, because: because ?? null, settings },
          by: actorOf(by),
        })),
      };
    },
  });
}

/** Throws a problem when there is no such campaign. */
export function campaignOf(queries: Queries, id: string): Campaign {
  const campaign = isId('campaign', id) ? queries.campaign(id) : undefined;
  if (campaign) return campaign;
  throw new ProblemError('unknown-campaign', say('read-campaigns-again'));
}

/** Throws ScopeRefused where the campaign is not the caller's, and where nobody knows it any more. */
export function requireTheirs(queries: Queries, caller: Caller, id: CampaignId): void {
  const scope = scopeOf(caller);
  if (isTheirs(scope, queries.campaign(id)?.creditorIds ?? [])) return;
  throw new ScopeRefused(id, scope);
}
