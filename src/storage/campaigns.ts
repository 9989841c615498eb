import { type ZodType, z } from 'zod';
import type { AbandonmentMessage } from '../domain/campaigns/abandonment-message.ts';
import type { Campaign } from '../domain/campaigns/campaign.ts';
import {
  type CampaignPacing,
  type CampaignSettings,
  isInMode,
  PACING_MODES,
  type PacingMode,
  SETTING_NAMES,
  settingOf,
} from '../domain/campaigns/settings.ts';
import type { AttemptOutcome } from '../domain/leads/lead.ts';
import {
  DEFAULT_RETRY_RULES,
  type RetryRule,
  type RetryRules,
} from '../domain/leads/next-attempt.ts';
import type { StoreView } from '../engine/ports/store.ts';
import { unreachable } from '../lib/assert.ts';
import type { CampaignId, CreditorId } from '../lib/ids.ts';
import type { CampaignSettingColumns, CampaignTable } from './campaign-table.ts';
import { CALL_OUTCOMES, idOf } from './parts.ts';
import { defined, Row, toFlag } from './row.ts';
import type { Database } from './tables.ts';
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

/** One campaign, for imports and doors, which work beside the engine. */
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
    pacing: JSON.stringify(campaign.pacing),
    retry_rules: JSON.stringify(campaign.retryRules),
    fallback_caller_id_id: campaign.fallbackCallerIdId ?? null,
    script: campaign.script,
    wrap_up_ms: campaign.wrapUpMs,
    disposition_ids: JSON.stringify(campaign.dispositionIds),
    weight: campaign.weight,
    ...settingColumns(campaign),
  };
}

/** The columns of the settings that are fields of the campaign itself. */
function settingColumns(campaign: Campaign): CampaignSettingColumns {
  const columns = COLUMN_SETTINGS.map((name) => {
    const value = campaign[name];
    if (typeof value === 'boolean') return [columnOf(name), toFlag(value)];
    return [columnOf(name), typeof value === 'object' ? JSON.stringify(value) : value];
  });
  return Object.fromEntries(columns) as CampaignSettingColumns;
}

function readSettings(row: Row): CampaignSettings {
  const settings = COLUMN_SETTINGS.map((name) => [name, readSetting(row, name)]);
  return Object.fromEntries(settings) as CampaignSettings;
}

function readSetting(row: Row, name: keyof CampaignSettings): unknown {
  const column = columnOf(name);
  const entry = settingOf(name);
  switch (entry.kind) {
    case 'number':
      return entry.isWhole ? row.integer(column) : row.number(column);
    case 'flag':
      return row.flag(column);
    case 'choice':
      return row.oneOf(column, Object.fromEntries(entry.of.map((one) => [one, true])));
    case 'message':
      return row.json(column, ABANDONMENT_MESSAGE);
    default:
      return unreachable(entry);
  }
}

const COLUMN_SETTINGS = SETTING_NAMES.filter(
  (name): name is keyof CampaignSettings => settingOf(name).in === 'campaign',
);

/** The column of a setting: `ring_timeout_ms` for `ringTimeoutMs`. */
function columnOf(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

const PACING = z.union(
  PACING_MODES.map((mode) => z.object(pacingShape(mode))),
) as unknown as ZodType<CampaignPacing>;

function pacingShape(mode: PacingMode): Readonly<Record<string, ZodType>> {
  const names = SETTING_NAMES.filter(
    (name) => name !== 'mode' && settingOf(name).in === 'pacing' && isInMode(name, mode),
  );
  const fields = names.map((name) => [
    name,
    settingOf(name).default === undefined ? z.number().exactOptional() : z.number(),
  ]);
  return { mode: z.literal(mode), ...Object.fromEntries(fields) };
}

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
  // An outcome that is newer than the campaign gets the rule that new campaigns begin with.
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
    pacing: row.json('pacing', PACING),
    retryRules: row.json('retry_rules', RETRY_RULES),
    fallbackCallerIdId: row.maybe('fallback_caller_id_id', (it) =>
      it.id('callerid', 'fallback_caller_id_id'),
    ),
    script: row.text('script'),
    wrapUpMs: row.integer('wrap_up_ms'),
    dispositionIds: row.json('disposition_ids', z.array(idOf('disposition'))),
    weight: row.number('weight'),
    ...readSettings(row),
  });
}
