import { type ZodType, z } from 'zod';
import type { AgentShift } from '../domain/agents/agent-shift.ts';
import type { Headset } from '../domain/agents/headset.ts';
import type { PauseReason } from '../domain/agents/pauses.ts';
import type { ShiftRecord } from '../engine/ports/records.ts';
import type { StoreView } from '../engine/ports/store.ts';
import { atMost } from './dialect.ts';
import { kept } from './kept.ts';
import { idOf, moment } from './parts.ts';
import { type Members, Row } from './row.ts';
import type { Database, ShiftTable } from './tables.ts';
import type { StoreWrites } from './writes.ts';

const OPEN_SHIFTS_MAX = 10_000;

const upsertShift = kept((db, columns: ShiftTable) =>
  db
    .insertInto('shift')
    .values(columns)
    .onConflict((conflict) =>
      conflict.column('id').doUpdateSet((excluded) => ({
        activity: excluded.ref('excluded.activity'),
        ended_at: excluded.ref('excluded.ended_at'),
        version: excluded.ref('excluded.version'),
        body: excluded.ref('excluded.body'),
      })),
    ),
);

/** Until its end, which an index holds, a shift changes many times an hour. */
const upsertOpenShift = kept((db, columns: ShiftTable) =>
  db
    .insertInto('shift')
    .values(columns)
    .onConflict((conflict) =>
      conflict.column('id').doUpdateSet((excluded) => ({
        activity: excluded.ref('excluded.activity'),
        version: excluded.ref('excluded.version'),
        body: excluded.ref('excluded.body'),
      })),
    ),
);

export function shiftReads(db: Database): Pick<StoreView, 'openShifts'> {
  return {
    async openShifts() {
      const rows = await db
        .selectFrom('shift')
        .select(['id', 'body'])
        .where('ended_at', 'is', null)
        .orderBy('id')
        .limit(atMost(OPEN_SHIFTS_MAX))
        .execute();
      return rows.map((row) => new Row('shift', row).json('body', RECORD));
    },
  };
}

export function shiftWrites(db: Database): Pick<StoreWrites, 'saveShift'> {
  return {
    async saveShift({ shift, headset }) {
      const { activity } = shift;
      await (activity.kind === 'ended' ? upsertShift : upsertOpenShift)(db, {
        id: shift.id,
        agent_id: shift.agentId,
        activity: activity.kind,
        started_at: shift.startedAt,
        ended_at: activity.kind === 'ended' ? activity.at : null,
        version: shift.version,
        body: JSON.stringify({ shift, headset }),
      });
    },
  };
}

const PAUSE_REASONS: Members<PauseReason> = {
  rest: true,
  meal: true,
  restroom: true,
  training: true,
  feedback: true,
  'system-problem': true,
  'disposition-missing': true,
  'by-supervisor': true,
};

const pauseReason = z.custom<PauseReason>(
  (value) => typeof value === 'string' && Object.hasOwn(PAUSE_REASONS, value),
);

const SHIFT: ZodType<AgentShift> = z.object({
  id: idOf('shift'),
  agentId: idOf('user'),
  startedAt: moment,
  activity: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('preparing'), since: moment }),
    z.object({
      kind: z.literal('available'),
      since: moment,
      freeAt: moment.exactOptional(),
    }),
    z.object({ kind: z.literal('reserved'), since: moment, callId: idOf('call') }),
    z.object({
      kind: z.literal('talking'),
      since: moment,
      callId: idOf('call'),
      disposedWrapUpMs: z.number().exactOptional(),
    }),
    z.object({
      kind: z.literal('wrapping-up'),
      since: moment,
      callId: idOf('call'),
      until: moment,
      disposed: z.boolean(),
      extended: z.boolean(),
      talkedSince: moment.exactOptional(),
      restMs: z.number().exactOptional(),
      dispositionWaitMs: z.number().exactOptional(),
    }),
    z.object({
      kind: z.literal('undisposed'),
      since: moment,
      callId: idOf('call'),
      until: moment,
      restMs: z.number().exactOptional(),
    }),
    z.object({
      kind: z.literal('paused'),
      since: moment,
      reason: pauseReason,
      undisposedCallId: idOf('call').exactOptional(),
      by: z.literal('supervisor').exactOptional(),
      keptUntil: moment.exactOptional(),
    }),
    z.object({
      kind: z.literal('ended'),
      at: moment,
      because: z.enum(['signed-out', 'absent', 'signed-out-by-supervisor', 'disabled']),
    }),
  ]),
  screen: z.object({ connected: z.boolean(), since: moment }),
  headset: z.object({ pinned: z.boolean(), since: moment }),
  pauseAsked: pauseReason.exactOptional(),
  pauseAskedBy: z.literal('supervisor').exactOptional(),
  pauseUntilReleased: z.literal(true).exactOptional(),
  restsAt: moment.exactOptional(),
  restAskedBy: z.literal('supervisor').exactOptional(),
  signOutAsked: z.enum(['signed-out', 'signed-out-by-supervisor']).exactOptional(),
  version: z.number(),
});

const HEADSET: ZodType<Headset> = z.object({
  id: idOf('headset'),
  bridgeId: idOf('bridge'),
  state: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('issued') }),
    z.object({ kind: z.literal('arriving'), channelId: z.string(), since: moment }),
    z.object({ kind: z.literal('pinned'), channelId: z.string(), since: moment }),
    z.object({ kind: z.literal('lost'), since: moment }),
    z.object({ kind: z.literal('closed') }),
  ]),
});

const RECORD: ZodType<ShiftRecord> = z.object({ shift: SHIFT, headset: HEADSET });
