import { type ZodType, z } from 'zod';
import type { AmdMode } from '../domain/calls/screening.ts';
import type { AbandonmentMessage } from '../domain/campaigns/abandonment-message.ts';
import type { Campaign, CampaignPacing, CampaignState } from '../domain/campaigns/campaign.ts';
import type { AttemptOutcome } from '../domain/leads/lead.ts';
import {
  DEFAULT_RETRY_RULES,
  type RetryRule,
  type RetryRules,
} from '../domain/leads/next-attempt.ts';
import type { StoreView } from '../engine/ports/store.ts';
import type { CampaignId, CreditorId } from '../lib/ids.ts';
import { CALL_OUTCOMES, idOf } from './parts.ts';
import { defined, type Members, Row, toFlag } from './row.ts';
import type { CampaignTable, Database } from './tables.ts';
import type { StoreWrites } from './writes.ts';

export function campaignReads(db: Database): Pick<StoreView, 'campaigns' | 'assignments'> {
  return {
    async campaigns() {
      const rows = await db.selectFrom('campaign').selectAll().orderBy('id').execute();
      const creditors = await creditorIdsByCampaign(db);
      return rows.map((row) => readCampaign(row, creditors.get(row.id) ?? []));
    },

    async assignments() {
      const rows = await db
        .selectFrom('assignment')
        .selectAll()
        .orderBy('campaign_id')
        .orderBy('agent_id')
        .execute();
      return rows.map((columns) => {
        const row = new Row('assignment', columns, 'campaign_id');
        return {
          campaignId: row.id('campaign', 'campaign_id'),
          agentId: row.id('user', 'agent_id'),
        };
      });
    },
  };
}

export function campaignWrites(db: Database): Pick<StoreWrites, 'saveCampaign' | 'saveAssignment'> {
  return {
    async saveCampaign(campaign) {
      const { id, ...changing } = campaignColumns(campaign);
      await db
        .insertInto('campaign')
        .values({ id, ...changing })
        .onConflict((conflict) => conflict.column('id').doUpdateSet(changing))
        .execute();
      await db.deleteFrom('campaign_creditor').where('campaign_id', '=', id).execute();
      for (const [position, creditorId] of campaign.creditorIds.entries()) {
        await db
          .insertInto('campaign_creditor')
          .values({ campaign_id: id, creditor_id: creditorId, position })
          .execute();
      }
    },

    async saveAssignment({ campaignId, agentId }, assigned) {
      if (assigned) {
        await db
          .insertInto('assignment')
          .values({ campaign_id: campaignId, agent_id: agentId })
          .onConflict((conflict) => conflict.columns(['campaign_id', 'agent_id']).doNothing())
          .execute();
        return;
      }
      await db
        .deleteFrom('assignment')
        .where('campaign_id', '=', campaignId)
        .where('agent_id', '=', agentId)
        .execute();
    },
  };
}

/** One campaign, for those who write beside the engine. */
export async function campaignById(db: Database, id: CampaignId): Promise<Campaign | undefined> {
  const row = await db.selectFrom('campaign').selectAll().where('id', '=', id).executeTakeFirst();
  const creditors = await creditorIdsByCampaign(db, id);
  return row && readCampaign(row, creditors.get(id) ?? []);
}

async function creditorIdsByCampaign(
  db: Database,
  only?: CampaignId,
): Promise<ReadonlyMap<string, readonly CreditorId[]>> {
  let query = db.selectFrom('campaign_creditor').selectAll().orderBy('position');
  if (only !== undefined) query = query.where('campaign_id', '=', only);
  const byCampaign = new Map<string, CreditorId[]>();
  for (const columns of await query.execute()) {
    const row = new Row('campaign_creditor', columns, 'campaign_id');
    const known = byCampaign.get(columns.campaign_id) ?? [];
    byCampaign.set(columns.campaign_id, [...known, row.id('creditor', 'creditor_id')]);
  }
  return byCampaign;
}

function campaignColumns(campaign: Campaign): CampaignTable {
  return {
    id: campaign.id,
    name: campaign.name,
    portfolio_id: campaign.portfolioId,
    legal_entity_id: campaign.legalEntityId,
    profile_id: campaign.profileId,
    state: campaign.state,
    pacing: JSON.stringify(campaign.pacing),
    ring_timeout_ms: campaign.ringTimeoutMs,
    amd: campaign.amd,
    amd_sample_share: campaign.amdSampleShare,
    retry_rules: JSON.stringify(campaign.retryRules),
    fallback_caller_id_id: campaign.fallbackCallerIdId ?? null,
    script: campaign.script,
    wrap_up_ms: campaign.wrapUpMs,
    disposition_required: toFlag(campaign.dispositionRequired),
    disposition_wait_ms: campaign.dispositionWaitMs,
    promise_days_max: campaign.promiseDaysMax,
    rest_between_calls_ms: campaign.restBetweenCallsMs,
    disposition_ids: JSON.stringify(campaign.dispositionIds),
    weight: campaign.weight,
    abandonment_message: JSON.stringify(campaign.abandonmentMessage),
    known_voice_allowed: toFlag(campaign.knownVoiceAllowed),
  };
}

const CAMPAIGN_STATES: Members<CampaignState> = { running: true, paused: true, stopped: true };

const AMD_MODES: Members<AmdMode> = { off: true, before: true, parallel: true };

const PACING: ZodType<CampaignPacing> = z.discriminatedUnion('mode', [
  z.object({
    mode: z.literal('predictive'),
    linesMax: z.number(),
    linesPerAgentMax: z.number().exactOptional(),
    linesPerAgentMin: z.number().exactOptional(),
    cancelAfterRingingMs: z.number().exactOptional(),
  }),
  z.object({
    mode: z.literal('ratio'),
    ratio: z.number(),
    linesMax: z.number(),
    linesPerAgentMax: z.number().exactOptional(),
  }),
  z.object({ mode: z.literal('progressive'), linesMax: z.number() }),
  z.object({ mode: z.literal('preview'), linesMax: z.number() }),
]);

const delay = z.union([z.number(), z.literal('next-day')]);

const RETRY_RULE: ZodType<RetryRule> = z.object({
  afterMs: delay,
  otherPhoneAfterMs: delay.exactOptional(),
  samePhoneMax: z.number(),
  next: z.enum(['next-phone', 'same-phone', 'finish']),
  agentFirst: z.literal(true).exactOptional(),
});

const OUTCOME_NAMES = Object.keys({ ...CALL_OUTCOMES, abandoned: true }) as AttemptOutcome[];

const RETRY_RULES: ZodType<RetryRules> = z.object({
  // An outcome that is newer than the campaign has the rule that new campaigns begin with.
  byOutcome: z
    .partialRecord(z.enum(OUTCOME_NAMES), RETRY_RULE)
    .transform((rules) => ({ ...DEFAULT_RETRY_RULES.byOutcome, ...rules })),
  attemptsMax: z.number(),
});

const ABANDONMENT_MESSAGE: ZodType<AbandonmentMessage> = z.object({
  text: z.string(),
  soundFile: z.string().exactOptional(),
});

function readCampaign(columns: object, creditorIds: readonly CreditorId[]): Campaign {
  const row = new Row('campaign', columns);
  return defined({
    id: row.id('campaign', 'id'),
    name: row.text('name'),
    portfolioId: row.id('portfolio', 'portfolio_id'),
    creditorIds,
    legalEntityId: row.id('entity', 'legal_entity_id'),
    profileId: row.text('profile_id'),
    state: row.oneOf('state', CAMPAIGN_STATES),
    pacing: row.json('pacing', PACING),
    ringTimeoutMs: row.integer('ring_timeout_ms'),
    amd: row.oneOf('amd', AMD_MODES),
    amdSampleShare: row.number('amd_sample_share'),
    retryRules: row.json('retry_rules', RETRY_RULES),
    fallbackCallerIdId: row.maybe('fallback_caller_id_id', (it) =>
      it.id('callerid', 'fallback_caller_id_id'),
    ),
    abandonmentMessage: row.json('abandonment_message', ABANDONMENT_MESSAGE),
    knownVoiceAllowed: row.flag('known_voice_allowed'),
    script: row.text('script'),
    wrapUpMs: row.integer('wrap_up_ms'),
    dispositionRequired: row.flag('disposition_required'),
    dispositionWaitMs: row.integer('disposition_wait_ms'),
    promiseDaysMax: row.integer('promise_days_max'),
    restBetweenCallsMs: row.integer('rest_between_calls_ms'),
    dispositionIds: row.json('disposition_ids', z.array(idOf('disposition'))),
    weight: row.number('weight'),
  });
}
