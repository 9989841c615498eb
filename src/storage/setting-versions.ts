/** Settings version by version; rows are only added. */
import { sql } from 'kysely';
import { z } from 'zod';
import type { StoreView } from '../engine/ports/store.ts';
import { atMost } from './dialect.ts';
import { defined, Row } from './row.ts';
import type { Database } from './tables.ts';
import type { StoreWrites } from './writes.ts';

export function settingVersionReads(
  db: Database,
): Pick<StoreView, 'settingVersions' | 'newestSettingVersions'> {
  return {
    async settingVersions(subject, subjectId, limit) {
      const rows = await db
        .selectFrom('setting_version')
        .leftJoin('user_account', 'user_account.id', 'setting_version.by_user_id')
        .selectAll('setting_version')
        .select('user_account.name as by_name')
        .where('subject', '=', subject)
        .where('subject_id', '=', subjectId)
        .orderBy('version', 'desc')
        .limit(atMost(limit))
        .execute();
      return rows.map((columns) => {
        const row = new Row('setting_version', columns, 'subject_id');
        return defined({
          subject,
          subjectId,
          version: row.integer('version'),
          at: row.integer('at'),
          byUserId: row.maybe('by_user_id', (it) => it.id('user', 'by_user_id')),
          byName: row.maybe('by_name', (it) => it.text('by_name')),
          because: row.maybe('because', (it) => it.text('because')),
          settings: row.json('settings', z.record(z.string(), z.unknown())),
        });
      });
    },

    async newestSettingVersions(subject) {
      const rows = await db
        .selectFrom('setting_version')
        .select(['subject_id', (select) => select.fn.max<number>('version').as('version')])
        .where('subject', '=', subject)
        .groupBy('subject_id')
        .execute();
      return new Map(
        rows.map((columns) => {
          const row = new Row('setting_version', columns, 'subject_id');
          return [row.text('subject_id'), row.integer('version')] as const;
        }),
      );
    },
  };
}

export function settingVersionWrites(db: Database): Pick<StoreWrites, 'addSettingVersion'> {
  return {
    async addSettingVersion({ subject, subjectId, at, byUserId, because, settings }) {
      await db
        .insertInto('setting_version')
        .values({
          subject,
          subject_id: subjectId,
          // The table gives the next number, because an operation file may be applied beside a
          // running engine.
          version: sql<number>`(select coalesce(max(version), 0) + 1 from setting_version
            where subject = ${subject} and subject_id = ${subjectId})`,
          at,
          by_user_id: byUserId ?? null,
          because: because ?? null,
          settings: JSON.stringify(settings),
        })
        .execute();
    },
  };
}
