/**
 * What placed calls hold. Each held person and each held number is a row. The table's key keeps two
 * engines from holding the same one: the second waits for the first one's commit and then finds the
 * row. A lead is read and locked until the commit, because imports and supervisors change leads
 * too. Caps are counted after the rows of person and number are taken: every other call that counts
 * in the same cap needs one of those rows.
 */
import { sql } from 'kysely';
import type { Claim, Held } from '../engine/ports/commit.ts';
import type { LegId } from '../lib/ids.ts';
import { dialectOf } from './dialect.ts';
import { kept } from './kept.ts';
import type { ClaimTable, Database } from './tables.ts';
import type { StoreWrites } from './writes.ts';

const insertClaim = kept((db, row: ClaimTable) =>
  db
    .insertInto('claim')
    .values(row)
    .onConflict((conflict) => conflict.columns(['kind', 'value']).doNothing()),
);

const deleteClaims = kept((db, { legId }: { legId: LegId }) =>
  db.deleteFrom('claim').where('leg_id', '=', legId),
);

type LeadClaim = Extract<Claim, { kind: 'lead' }>['lead'];

const unchangedLead = kept((db, { id, state, notBeforeAt, cycle, attempts }: LeadClaim) =>
  dialectOf(db).untilCommit(
    db
      .selectFrom('lead')
      .select('id')
      .where('id', '=', id)
      .where('state', '=', state)
      .where('not_before_at', '=', notBeforeAt)
      .where('cycle', '=', cycle)
      .where('attempts', '=', attempts),
  ),
);

const attemptsOfPerson = kept((db, one: { debtorId: string; since: number }) =>
  db
    .selectFrom('attempt')
    .select((select) => select.fn.countAll<number>().as('attempts'))
    .where('debtor_id', '=', one.debtorId)
    .where('placed_at', '>=', one.since)
    .where(sql<boolean>`counts = 1`),
);

const attemptsOfPhone = kept((db, one: { phone: string; since: number }) =>
  db
    .selectFrom('attempt')
    .select((select) => select.fn.countAll<number>().as('attempts'))
    .where('phone', '=', one.phone)
    .where('placed_at', '>=', one.since)
    .where(sql<boolean>`counts = 1`),
);

/** Takes the claims of a commit; returns those that cannot be had. */
export async function takeClaims(
  db: Database,
  stream: string,
  claims: readonly Claim[],
): Promise<readonly Claim[]> {
  const lost: Claim[] = [];
  for (const claim of inOrder(claims)) {
    if (!(await isHad(db, stream, claim))) lost.push(claim);
  }
  return lost;
}

export async function releaseClaims(db: Database, legIds: readonly LegId[]): Promise<void> {
  for (const legId of legIds) await deleteClaims(db, { legId });
}

export function claimWrites(db: Database): Pick<StoreWrites, 'reconcileClaims'> {
  return {
    async reconcileClaims(stream, held) {
      await db.deleteFrom('claim').where('stream', '=', stream).execute();
      for (const one of held) {
        for (const row of rowsOf(stream, one)) await insertClaim(db, row);
      }
    },
  };
}

/**
 * The claims that are rows come first, in the order of their key, so that two commits never wait
 * for each other.
 */
function inOrder(claims: readonly Claim[]): readonly Claim[] {
  const key = (claim: Claim): string => {
    if (claim.kind === 'person') return `1 ${claim.debtorId}`;
    return claim.kind === 'number' ? `2 ${claim.phone}` : '3';
  };
  return claims.toSorted((left, right) => (key(left) < key(right) ? -1 : 1));
}

async function isHad(db: Database, stream: string, claim: Claim): Promise<boolean> {
  const { legId } = claim;
  switch (claim.kind) {
    case 'person':
      return isInserted(db, { kind: 'person', value: claim.debtorId, stream, leg_id: legId });
    case 'number':
      return isInserted(db, { kind: 'number', value: claim.phone, stream, leg_id: legId });
    case 'lead':
      return (await unchangedLead(db, claim.lead)).rows.length === 1;
    default: {
      const { of, since, max } = claim;
      const { rows } =
        'debtorId' in of
          ? await attemptsOfPerson(db, { debtorId: of.debtorId, since })
          : await attemptsOfPhone(db, { phone: of.phone, since });
      return (rows[0]?.attempts ?? 0) < max;
    }
  }
}

async function isInserted(db: Database, row: ClaimTable): Promise<boolean> {
  return ((await insertClaim(db, row)).numAffectedRows ?? 0n) > 0n;
}

function rowsOf(stream: string, { legId, debtorId, phone }: Held): readonly ClaimTable[] {
  return [
    { kind: 'person', value: debtorId, stream, leg_id: legId },
    { kind: 'number', value: phone, stream, leg_id: legId },
  ];
}
