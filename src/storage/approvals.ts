/** Requests for a second person's approval, open and ended; none is ever deleted. */
import { sql } from 'kysely';
import { type ZodType, z } from 'zod';
import {
  type Approvable,
  type Approval,
  type ApprovalState,
  subjectOf,
} from '../domain/approvals/approval.ts';
import type { StoreView } from '../engine/ports/store.ts';
import { unreachable } from '../lib/assert.ts';
import { isAmong } from './dialect.ts';
import { idOf } from './parts.ts';
import { defined, Row } from './row.ts';
import type { Database } from './tables.ts';
import type { StoreWrites } from './writes.ts';

const ASKS: ZodType<Approvable> = z.object({
  kind: z.literal('release-unwanted'),
  blockId: idOf('block'),
});

export function approvalReads(db: Database): Pick<StoreView, 'openApprovals'> {
  return {
    async openApprovals() {
      const rows = await db
        .selectFrom('approval')
        .selectAll()
        // The value stands in the statement itself, because SQLite uses no partial index for a
        // bound value.
        .where(sql<boolean>`state = 'asked'`)
        .orderBy('id')
        .execute();
      return rows.map(readApproval);
    },
  };
}

/**
 * The newest request about each of these things, keyed by the thing's id; a thing without a request
 * is missing.
 */
export async function newestApprovals(
  db: Database,
  kind: Approvable['kind'],
  subjectIds: readonly string[],
): Promise<ReadonlyMap<string, Approval>> {
  const newest = db
    .selectFrom('approval')
    .select((select) => select.fn.max('id').as('id'))
    .where('kind', '=', kind)
    .where(isAmong(db, 'subject_id', subjectIds))
    .groupBy('subject_id');
  const rows = await db.selectFrom('approval').selectAll().where('id', 'in', newest).execute();
  return new Map(rows.map((row) => [row.subject_id, readApproval(row)]));
}

export function approvalWrites(db: Database): Pick<StoreWrites, 'saveApproval'> {
  return {
    async saveApproval({ state, asks, ...approval }) {
      const moving = stateColumns(state);
      await db
        .insertInto('approval')
        .values({
          id: approval.id,
          kind: asks.kind,
          subject_id: subjectOf(asks),
          asks: JSON.stringify(asks),
          ground: approval.ground,
          asked_by: approval.askedBy,
          asked_from: approval.askedFrom ?? null,
          because: approval.because,
          asked_at: approval.askedAt,
          expires_at: approval.expiresAt,
          ...moving,
        })
        .onConflict((conflict) => conflict.column('id').doUpdateSet(moving))
        .execute();
    },
  };
}

function stateColumns(state: ApprovalState) {
  const isDecided = state.kind === 'approved' || state.kind === 'refused';
  return {
    state: state.kind,
    decided_by: isDecided ? state.byUserId : null,
    decided_because: isDecided ? state.because : null,
    ended_at: state.kind === 'asked' ? null : state.at,
  };
}

function readApproval(columns: object): Approval {
  const row = new Row('approval', columns);
  return defined({
    id: row.id('approval', 'id'),
    asks: row.json('asks', ASKS),
    ground: row.text('ground'),
    askedBy: row.id('user', 'asked_by'),
    askedFrom: row.maybe('asked_from', (it) => it.text('asked_from')),
    because: row.text('because'),
    askedAt: row.integer('asked_at'),
    expiresAt: row.integer('expires_at'),
    state: readState(row),
  });
}

function readState(row: Row): ApprovalState {
  const kind = row.oneOf<ApprovalState['kind']>('state', {
    asked: true,
    approved: true,
    refused: true,
    withdrawn: true,
    expired: true,
  });
  switch (kind) {
    case 'asked':
      return { kind };
    case 'approved':
    case 'refused': {
      const byUserId = row.id('user', 'decided_by');
      return { kind, byUserId, because: row.text('decided_because'), at: row.integer('ended_at') };
    }
    case 'withdrawn':
    case 'expired':
      return { kind, at: row.integer('ended_at') };
    default:
      return unreachable(kind);
  }
}
