/**
 * Imports themselves, part of the suite of the port `Lists`: what they count, and how they end when
 * their process dies.
 */
import { describe, expect, it } from 'vitest';
import {
  IMPORT_SILENT_MS_MAX,
  type ParsedRow,
  REJECTIONS_KEPT_MAX,
} from '../../src/engine/ports/lists.ts';
import { present } from '../../src/lib/assert.ts';
import type { ListId } from '../../src/lib/ids.ts';
import { DAY_MS } from '../../src/lib/time.ts';
import { aRowOf, BANK, importAll, NOON, type TestStorage } from '../support/store.ts';

type Current = () => TestStorage;

export function interruptions(current: Current): void {
  describe('an import whose process died', () => {
    const begun = async (listId: ListId, origin: 'csv-upload' | 'command-line', at = NOON) => {
      const { lists } = current();
      await lists.begin({
        ...{ listId, campaignId: 'campaign_1', name: 'Remessa', origin, startedAt: at },
      });
      await lists.importRows(listId, [{ index: 0, ok: true, row: aRowOf(1) }], at);
    };

    it('is closed by the next server as interrupted, and keeps what was stored', async () => {
      const { lists } = current();
      await begun('list_killed', 'csv-upload');
      await importAll(lists, [aRowOf(2)]);
      expect(await lists.closeInterrupted(NOON + 1, 'of-server')).toEqual(['list_killed']);
      expect(await lists.list('list_killed')).toMatchObject({
        ...{ finishedAt: NOON + 1, brokenOffBecause: 'interrupted' },
        totals: { read: 1, created: 1 },
      });
      expect(await lists.closeInterrupted(NOON + 2, 'of-server')).toEqual([]);
    });

    it('is recognized by its silence when another process ran it', async () => {
      const { lists } = current();
      await begun('list_atwork', 'command-line');
      expect(await lists.closeInterrupted(NOON + 1, 'of-server')).toEqual([]);
      const silentAt = NOON + IMPORT_SILENT_MS_MAX;
      await lists.touch('list_atwork', silentAt);
      expect(await lists.closeInterrupted(silentAt + 1, 'silent')).toEqual([]);
      const lastAt = silentAt + IMPORT_SILENT_MS_MAX + 1;
      expect(await lists.closeInterrupted(lastAt, 'silent')).toEqual(['list_atwork']);
    });

    it('is still finished by a process that had only stood still', async () => {
      const { lists } = current();
      await begun('list_stood', 'command-line');
      await lists.closeInterrupted(NOON + DAY_MS, 'silent');
      await lists.importRows('list_stood', [{ index: 1, ok: true, row: aRowOf(3) }], NOON + DAY_MS);
      const record = await lists.finish('list_stood', NOON + DAY_MS + 1);
      expect(record).toMatchObject({ finishedAt: NOON + DAY_MS + 1, totals: { read: 2 } });
      expect(record.brokenOffBecause).toBeUndefined();
    });
  });
}

export function importCounts(current: Current): void {
  describe('what an import reports about itself', () => {
    it('keeps a bounded number of refused rows, and counts all of them by reason', async () => {
      const { lists } = current();
      const { listId } = await importAll(lists, []);
      const refused = (index: number): ParsedRow => ({
        ...{ index, ok: false, code: 'no-valid-phone', field: 'fone' },
        reason: index % 4 === 0 ? 'empty' : 'wrong-length',
      });
      const all = REJECTIONS_KEPT_MAX + 400;
      for (let from = 0; from < all; from += 200) {
        const rows = Array.from({ length: 200 }, (_, place) => refused(from + place));
        await lists.importRows(listId, rows, NOON);
      }
      const record = present(await lists.list(listId), 'the list is stored');
      expect(record.totals).toMatchObject({ read: all, rejected: all });
      expect(record.rejections).toHaveLength(REJECTIONS_KEPT_MAX);
      expect(record.rejections.at(-1)?.index).toBe(REJECTIONS_KEPT_MAX - 1);
      expect(record.counts).toEqual([
        { kind: 'refused', code: 'no-valid-phone', reason: 'wrong-length', rows: (all * 3) / 4 },
        { kind: 'refused', code: 'no-valid-phone', reason: 'empty', rows: all / 4 },
      ]);
    });

    it('counts what was repaired or left out, and the unused columns', async () => {
      const { lists } = current();
      const listId: ListId = 'list_counted';
      await lists.begin(
        {
          ...{ listId, campaignId: 'campaign_1', name: 'x', origin: 'csv-upload' },
          startedAt: NOON,
        },
        [
          { name: 'loja', looksLikePhones: false },
          { name: 'fone do avalista', looksLikePhones: true },
          { name: 'vazia', looksLikePhones: false },
        ],
      );
      const extras = ['loja', 'fone do avalista'];
      const rows = [
        aRowOf(1, {
          extras,
          warnings: [
            { code: 'ninth-digit-inserted', column: 'fone' },
            { code: 'extension-cut', column: 'fone' },
          ],
        }),
        aRowOf(2, {
          extras: ['loja'],
          warnings: [{ code: 'ninth-digit-inserted', column: 'tel: res' }],
        }),
      ];
      const parsed = rows.map((row, index): ParsedRow => ({ index, ok: true, row }));
      await lists.importRows(listId, parsed, NOON);
      const { counts } = await lists.finish(listId, NOON);
      const of = (kind: string) =>
        counts.filter((one) => one.kind === kind).map((one) => [one.code, one.rows]);
      expect(of('noted')).toEqual([
        ['ninth-digit-inserted', 2],
        ['extension-cut', 1],
      ]);
      expect(of('unused-column')).toEqual([
        ['loja', 2],
        ['vazia', 0],
      ]);
      expect(of('unused-phone-column')).toEqual([['fone do avalista', 1]]);
    });

    it("refuses a row whose document is the creditor's own", async () => {
      const document = BANK.cnpj;
      const { results } = await importAll(current().lists, [
        aRowOf(1, { document, documentKind: 'cnpj' }),
        aRowOf(2),
      ]);
      expect(results).toMatchObject([
        { status: 'rejected', code: 'document-of-creditor' },
        { status: 'created' },
      ]);
    });
  });
}
