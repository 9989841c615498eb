import { type ZodType, z } from 'zod';
import type { Call } from '../domain/calls/call.ts';
import { standingOf } from '../domain/calls/standing.ts';
import type { StoreView } from '../engine/ports/store.ts';
import type { CampaignId, DebtorId } from '../lib/ids.ts';
import { atMost } from './dialect.ts';
import { kept } from './kept.ts';
import { idOf, moment, OUTCOMES, phoneText } from './parts.ts';
import { Row } from './row.ts';
import type { CallTable, Database } from './tables.ts';
import type { StoreWrites } from './writes.ts';

/** Calls that may be live at once; with more in the database something is wrong with it. */
const LIVE_CALLS_MAX = 10_000;

const agentsConnected = kept((db, one: { debtorId: DebtorId; campaignId: CampaignId }) =>
  db
    .selectFrom('call')
    .select(['agent_id', (select) => select.fn.max('connected_at').as('newest_at')])
    .where('debtor_id', '=', one.debtorId)
    .where('campaign_id', '=', one.campaignId)
    .where('connected_at', 'is not', null)
    .where('agent_id', 'is not', null)
    .groupBy('agent_id')
    .orderBy('newest_at', 'desc')
    .orderBy('agent_id'),
);

const upsertCall = kept((db, columns: CallTable) =>
  db
    .insertInto('call')
    .values(columns)
    .onConflict((conflict) =>
      conflict.column('id').doUpdateSet((excluded) => ({
        agent_id: excluded.ref('excluded.agent_id'),
        state: excluded.ref('excluded.state'),
        answered_at: excluded.ref('excluded.answered_at'),
        connected_at: excluded.ref('excluded.connected_at'),
        ended_at: excluded.ref('excluded.ended_at'),
        abandonment: excluded.ref('excluded.abandonment'),
        standing: excluded.ref('excluded.standing'),
        version: excluded.ref('excluded.version'),
        body: excluded.ref('excluded.body'),
      })),
    ),
);

/** Of a call that nobody has answered these are all that its steps change, and no index holds them. */
const upsertUnanswered = kept((db, columns: CallTable) =>
  db
    .insertInto('call')
    .values(columns)
    .onConflict((conflict) =>
      conflict.column('id').doUpdateSet((excluded) => ({
        state: excluded.ref('excluded.state'),
        version: excluded.ref('excluded.version'),
        body: excluded.ref('excluded.body'),
      })),
    ),
);

export function callReads(db: Database): Pick<StoreView, 'liveCalls' | 'call' | 'agentsWhoKnow'> {
  return {
    async liveCalls() {
      const rows = await db
        .selectFrom('call')
        .select(['id', 'body'])
        .where('ended_at', 'is', null)
        .orderBy('id')
        .limit(atMost(LIVE_CALLS_MAX))
        .execute();
      return rows.map(readCall);
    },

    async call(id) {
      const row = await db
        .selectFrom('call')
        .select(['id', 'body'])
        .where('id', '=', id)
        .executeTakeFirst();
      return row && readCall(row);
    },

    async agentsWhoKnow(debtorId, campaignId) {
      const { rows } = await agentsConnected(db, { debtorId, campaignId });
      return rows.map((row) => new Row('call', row, 'agent_id').id('user', 'agent_id'));
    },
  };
}

export function callWrites(db: Database): Pick<StoreWrites, 'saveCall'> {
  return {
    async saveCall(call) {
      const isUnanswered = call.answeredAt === undefined && call.state.kind !== 'ended';
      await (isUnanswered ? upsertUnanswered : upsertCall)(db, toColumns(call));
    },
  };
}

function toColumns(call: Call): CallTable {
  return {
    id: call.id,
    campaign_id: call.campaignId,
    lead_id: call.leadId,
    debtor_id: call.debtorId,
    agent_id: call.agentId ?? null,
    state: call.state.kind,
    placed_at: call.placedAt,
    answered_at: call.answeredAt ?? null,
    connected_at: call.connectedAt ?? null,
    ended_at: call.state.kind === 'ended' ? call.state.at : null,
    abandonment: call.abandonment ?? null,
    standing: standingOf(call) ?? null,
    version: call.version,
    body: JSON.stringify(call),
  };
}

export function readCall(columns: object): Call {
  return new Row('call', columns).json('body', CALL);
}

const bridged = {
  since: moment,
  agentId: idOf('user'),
  bridgeId: idOf('bridge'),
};

const CALL: ZodType<Call> = z.object({
  id: idOf('call'),
  legId: idOf('leg'),
  attemptId: idOf('attempt'),
  campaignId: idOf('campaign'),
  leadId: idOf('lead'),
  debtorId: idOf('debtor'),
  phoneId: idOf('phone'),
  phone: phoneText,
  trunkId: idOf('trunk'),
  callerId: phoneText,
  ringTimeoutMs: z.number(),
  waitMaxMs: z.number(),
  clockStart: z.enum(['answered', 'greeting-ended']).exactOptional(),
  graceMs: z.number(),
  screening: z
    .object({ mode: z.enum(['before', 'parallel']), sampled: z.boolean() })
    .exactOptional(),
  causeOverrides: z.record(z.string(), OUTCOMES),
  placedAt: moment,
  state: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('placing') }),
    z.object({ kind: z.literal('ringing'), since: moment }),
    z.object({ kind: z.literal('screening'), since: moment }),
    z.object({ kind: z.literal('waiting'), since: moment }),
    z.object({ kind: z.literal('connecting'), ...bridged }),
    z.object({ kind: z.literal('talking'), ...bridged }),
    z.object({ kind: z.literal('stranded'), ...bridged, seeking: z.boolean() }),
    z.object({
      kind: z.literal('announcing'),
      since: moment,
      because: z.enum(['nobody-free', 'agent-lost']),
    }),
    z.object({
      kind: z.literal('ended'),
      at: moment,
      outcome: OUTCOMES,
      hungUpBy: z.enum(['debtor', 'agent', 'us', 'network']),
      notBefore: moment.exactOptional(),
    }),
  ]),
  rang: z.boolean(),
  earlyMedia: z.boolean(),
  answeredAt: moment.exactOptional(),
  attemptPlacedAt: moment.exactOptional(),
  greetingEndedAt: moment.exactOptional(),
  connectedAt: moment.exactOptional(),
  agentId: idOf('user').exactOptional(),
  abandonment: z
    .enum(['limit', 'late', 'unattended', 'cut-off', 'hung-up-waiting'])
    .exactOptional(),
  screened: z
    .object({
      verdict: z.enum(['person', 'machine', 'unsure']),
      cause: z.string(),
      screenedMs: z.number(),
    })
    .exactOptional(),
  hangUpIntent: z
    .enum(['ring-timeout', 'cancelled', 'agent', 'after-announcement', 'machine', 'orphaned'])
    .exactOptional(),
  version: z.number(),
});
