import { sql } from 'kysely';
import type { BankState } from '../domain/abandonment/bank.ts';
import { TALLY_MS, type Tally, tallyFrom } from '../domain/abandonment/ledger.ts';
import type { Standing } from '../domain/calls/standing.ts';
import type { StoreView } from '../engine/ports/store.ts';
import { type Members, Row } from './row.ts';
import type { Database } from './tables.ts';
import type { StoreWrites } from './writes.ts';

export const STANDING_NAMES: Members<Standing> = {
  waiting: true,
  connected: true,
  abandoned: true,
  'hung-up-waiting': true,
  machine: true,
};

const BANK_STATES: Members<BankState> = { ok: true, alarm: true, empty: true };

export function abandonmentReads(
  db: Database,
): Pick<StoreView, 'abandonmentLedger' | 'bankWatches'> {
  return {
    async abandonmentLedger(campaignId, from) {
      const rows = await db
        .selectFrom('call')
        .select([
          sql<number>`answered_at / ${sql.lit(TALLY_MS)} * ${sql.lit(TALLY_MS)}`.as('tally_from'),
          'standing',
          (select) => select.fn.countAll<number>().as('calls'),
        ])
        .where('campaign_id', '=', campaignId)
        .where('answered_at', '>=', tallyFrom(from))
        .groupBy(['tally_from', 'standing'])
        .orderBy('tally_from')
        .execute();
      const ledger: Tally[] = [];
      for (const columns of rows) {
        const row = new Row('call', columns, 'tally_from');
        const at = row.integer('tally_from');
        const calls = { [row.oneOf('standing', STANDING_NAMES)]: row.integer('calls') };
        const last = ledger.at(-1);
        if (last?.from !== at) ledger.push({ from: at, calls });
        else ledger[ledger.length - 1] = { from: at, calls: { ...last.calls, ...calls } };
      }
      return ledger;
    },

    async bankWatches() {
      const rows = await db.selectFrom('bank_watch').selectAll().execute();
      return new Map(
        rows.map((columns) => {
          const row = new Row('bank_watch', columns, 'campaign_id');
          const watch = { state: row.oneOf('state', BANK_STATES), since: row.integer('since') };
          return [row.id('campaign', 'campaign_id'), watch];
        }),
      );
    },
  };
}

export function abandonmentWrites(db: Database): Pick<StoreWrites, 'saveBankWatch'> {
  return {
    async saveBankWatch(campaignId, { state, since }) {
      await db
        .insertInto('bank_watch')
        .values({ campaign_id: campaignId, state, since })
        .onConflict((conflict) => conflict.column('campaign_id').doUpdateSet({ state, since }))
        .execute();
    },
  };
}
