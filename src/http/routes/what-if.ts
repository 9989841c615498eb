import { z } from 'zod';
import { HOUSE, isTheirs, type Scope } from '../../engine/ports/scope.ts';
import type {
  WhatIfCampaign,
  WhatIfEstimate,
  WhatIfQuestion,
  WhatIfScreened,
} from '../../engine/ports/what-if.ts';
import { type CampaignId, isId } from '../../lib/ids.ts';
import { DAY_MS, HOUR_MS } from '../../lib/time.ts';
import { type WhatIfView, whatIfRequest, whatIfView } from '../../protocol/what-if.ts';
import { scopeOf } from '../caller.ts';
import { ProblemError } from '../errors.ts';
import type { RouteParts } from '../parts.ts';
import { type Route, route } from '../route.ts';
import { campaignOf } from './campaigns.ts';
import { STEERING } from './roles.ts';

/** Window for the share of machines and the times of verdicts; both vary from hour to hour. */
const LATELY_MS = HOUR_MS;
/** Window for the agents' judgement of verdicts; disagreements are rare enough to need a day. */
const JUDGED_MS = DAY_MS;

/** Simulates a change before it is made. It changes nothing and leaves no audit row. */
export function whatIfRoutes(parts: RouteParts): Route[] {
  const { queries, whatIf } = parts;
  return [
    route({
      method: 'POST',
      path: '/api/campaigns/:id/what-if',
      summary: 'Estimates what a change of pacing would do; simulated, with its spread.',
      access: { roles: STEERING },
      reach: 'campaign',
      params: z.object({ id: z.string() }),
      body: whatIfRequest,
      answer: whatIfView,
      async handle({ params, body, caller }) {
        const campaign = campaignOf(queries, params.id);
        const asked = queries.whatIf(campaign.id, body);
        if (!asked.ok) {
          if (asked.because === 'refused') throw new ProblemError('form-invalid', asked.detail);
          return asked;
        }
        const question = await withScreening(parts, scopeOf(caller), campaign.id, asked.question);
        const answer = await whatIf.estimate(question);
        if (!answer.ok) return answer;
        return presented({ ...parts, scope: scopeOf(caller) }, question, answer.estimate);
      },
    }),
  ];
}

type ScopedParts = RouteParts & { readonly scope: Scope };

/**
 * Adds the measurements of screening for each campaign that screens. Those of campaigns that share
 * agents are asked for the house, no matter who asks: the simulation needs them, and the answer leaves out
 * what is not theirs.
 */
async function withScreening(
  parts: RouteParts,
  scope: Scope,
  campaignId: CampaignId,
  question: WhatIfQuestion,
): Promise<WhatIfQuestion> {
  const screened = await screenedOf({ ...parts, scope }, campaignId, question);
  const ofHouse = { ...parts, scope: HOUSE };
  const others: WhatIfCampaign[] = [];
  for (const other of question.others ?? []) {
    const ofOther = isId('campaign', other.id) && (await screenedOf(ofHouse, other.id, other));
    others.push({ ...other, ...(ofOther ? { screened: ofOther } : {}) });
  }
  return {
    ...question,
    ...(screened ? { screened } : {}),
    ...(question.others ? { others } : {}),
  };
}

async function screenedOf(
  { store, now, scope }: ScopedParts,
  id: CampaignId,
  { now: { amd } }: Pick<WhatIfCampaign, 'now'>,
): Promise<WhatIfScreened | undefined> {
  if (amd === undefined) return undefined;
  return store.read(scope, async (view) => ({
    lately: await view.screeningTimes(id, now() - LATELY_MS),
    judged: await view.screeningCounts(id, now() - JUDGED_MS),
  }));
}

function presented(
  { queries, scope }: ScopedParts,
  { agents, now, changed, crew = [] }: WhatIfQuestion,
  { others, machines, ...estimate }: WhatIfEstimate,
): WhatIfView {
  const campaignOfId = (id: string) => (isId('campaign', id) ? queries.campaign(id) : undefined);
  const isShown = (id: string) =>
    scope.kind === 'house' || isTheirs(scope, campaignOfId(id)?.creditorIds ?? []);
  return {
    ok: true,
    agents,
    ...estimate,
    others: others
      .filter(({ campaignId }) => isShown(campaignId))
      .map((other) => ({
        ...other,
        name: campaignOfId(other.campaignId)?.name ?? other.campaignId,
      })),
    basis: {
      machines,
      amd: now.amd && changed.amd ? { now: now.amd, changed: changed.amd } : null,
      restBetweenCallsMs: {
        now: now.restBetweenCallsMs ?? 0,
        changed: changed.restBetweenCallsMs ?? 0,
      },
      restsAhead: crew.filter(({ rest }) => rest && rest.inMs < estimate.spanMs).length,
    },
  };
}
