/** What every implementation of the port `Lists` must do. */
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LeadRow, RowPhone } from '../../src/domain/leads/import-row.ts';
import type { ImportTotals, ParsedRow } from '../../src/engine/ports/lists.ts';
import { present } from '../../src/lib/assert.ts';
import type { CreditorId, DebtorId, LeadId, ListId } from '../../src/lib/ids.ts';
import { DAY_MS, HOUR_MS } from '../../src/lib/time.ts';
import {
  aCampaign,
  aRow,
  aRowOf,
  BANK,
  importAll,
  insertOperation,
  mobileOf,
  NOON,
  RETAIL_CAMPAIGN,
  SHOP,
  stored,
  type TestStorage,
} from '../support/store.ts';
import { candidates, place } from '../support/store-records.ts';
import { importCounts, interruptions } from './lists-suite-imports.ts';

export function listsSuite(name: string, open: () => Promise<TestStorage>): void {
  describe(`lists (${name})`, () => {
    let storage: TestStorage;
    const current = () => storage;

    beforeEach(async () => {
      storage = await open();
      await insertOperation(storage);
    });

    afterEach(async () => {
      await storage.dispose();
    });

    accounting(current);
    importCounts(current);
    interruptions(current);
    people(current);
    debts(current);
    leads(current);
  });
}

type Current = () => TestStorage;

/** Rows of a few people, some of which the store must refuse. */
const parsedRow = fc
  .record({
    person: fc.integer({ min: 1, max: 6 }),
    refused: fc.boolean(),
    creditorKey: fc.constantFrom(undefined, BANK.name, 'Banco Nenhum'),
    score: fc.constantFrom(10, 50),
    centavos: fc.constantFrom(18_990, 21_350, 0.5),
  })
  .map(({ person, refused, creditorKey, score, centavos }) => (index: number): ParsedRow => {
    if (refused)
      return { index, ok: false, code: 'no-valid-phone', reason: 'empty', field: 'fone' };
    const contracts = [
      {
        number: 'A-1',
        instalments: [{ number: '1', dueDate: '2026-08-10', originalValue: { centavos } } as const],
      },
    ];
    const phones: RowPhone[] = [{ number: mobileOf(person), kind: 'mobile', score }];
    const row = aRowOf(person, { phones, contracts });
    return { index, ok: true, row: creditorKey === undefined ? row : { ...row, creditorKey } };
  });

function accounting(current: Current): void {
  describe('accounting', () => {
    it('accounts for every row read, whatever becomes of it', async () => {
      let number = 0;
      await fc.assert(
        fc.asyncProperty(fc.array(parsedRow, { maxLength: 120 }), async (makers) => {
          number += 1;
          const listId: ListId = `list_p${number}`;
          const rows = makers.map((make, index) => make(index));
          await current().lists.begin({
            listId,
            campaignId: 'campaign_1',
            name: 'Remessa',
            origin: 'csv-upload',
            startedAt: NOON,
          });
          const results = await current().lists.importRows(listId, rows, NOON);
          const { totals, rejections } = await current().lists.finish(listId, NOON + 1);
          expect(totals.read).toBe(rows.length);
          expect(sumOf(totals)).toBe(totals.read);
          expect(results.map((result) => result.index)).toEqual(rows.map((row) => row.index));
          for (const status of ['created', 'updated', 'unchanged', 'rejected'] as const) {
            const counted = results.filter((result) => result.status === status).length;
            expect(counted).toBe(totals[status]);
          }
          const rejected = results.filter((result) => result.status === 'rejected');
          expect(rejections.map((it) => [it.index, it.code])).toEqual(
            rejected.map((it) => [it.index, it.code]),
          );
        }),
        { numRuns: 25 },
      );
    });

    it('rejects with a reason a row that the database refuses, and stores the others', async () => {
      const half = {
        number: '1',
        dueDate: '2026-08-10',
        originalValue: { centavos: 0.5 },
      } as const;
      const { listId, results } = await importAll(current().lists, [
        aRowOf(1),
        aRowOf(2, { contracts: [{ number: 'A', instalments: [half] }] }),
        aRowOf(3),
        aRowOf(2),
      ]);
      expect(results.map((result) => result.status)).toEqual([
        'created',
        'rejected',
        'created',
        'created',
      ]);
      const record = await current().lists.list(listId);
      expect(record?.rejections).toMatchObject([
        { index: 1, externalId: 'CRM-2', code: 'storage-refused' },
      ]);
      const [, , , again] = results;
      // Nothing of the refused row is stored, not even its valid contract.
      const theirs = await contracts(current(), stored(again).debtorId, BANK.id);
      expect(theirs.map((contract) => contract.number)).toEqual(['A-77']);
    });

    it('keeps rows that were refused before storing', async () => {
      const refused = {
        index: 0,
        ok: false,
        code: 'document-invalid',
        reason: 'check-digits',
        field: 'CPF',
        externalId: 'CRM-9',
      } as const;
      const { listId } = await importAll(current().lists, []);
      const results = await current().lists.importRows(listId, [refused], NOON);
      const { ok: _, ...rejection } = refused;
      expect(results).toEqual([{ ...rejection, status: 'rejected' }]);
      const record = await current().lists.list(listId);
      expect(record?.rejections).toEqual([rejection]);
    });

    it('reports the same rows as unchanged the second time, and writes none twice', async () => {
      const rows = Array.from({ length: 90 }, (_, index) => aRowOf(index));
      const first = await importAll(current().lists, rows);
      const second = await importAll(current().lists, rows, { now: NOON + DAY_MS });
      expect(new Set(first.results.map((result) => result.status))).toEqual(new Set(['created']));
      expect(new Set(second.results.map((result) => result.status))).toEqual(
        new Set(['unchanged']),
      );
      expect(second.results.map((result) => stored(result).leadId)).toEqual(
        first.results.map((result) => stored(result).leadId),
      );
      const funnel = await current().store.read((view) => view.leadFunnel('campaign_1', NOON));
      expect(funnel.total).toBe(90);
    });

    it("returns a campaign's lists, newest first, and no others", async () => {
      const one = await importAll(current().lists, [aRow()]);
      const two = await importAll(current().lists, [aRow()], { now: NOON + 1 });
      await importAll(current().lists, [aRow()], { campaignId: RETAIL_CAMPAIGN.id });
      const records = await current().lists.lists('campaign_1');
      expect(records.map((record) => record.listId)).toEqual([two.listId, one.listId]);
      expect(await current().lists.list('list_unknown')).toBeUndefined();
    });

    it('refuses a list of a campaign that is not stored', async () => {
      await expect(
        importAll(current().lists, [], { campaignId: 'campaign_9' }),
      ).rejects.toMatchObject({ code: 'not-found' });
    });
  });
}

function people(current: Current): void {
  describe('people', () => {
    it('keeps one debtor for each document over all creditors, with the phones of both', async () => {
      const bank = await importAll(current().lists, [aRow()]);
      const shop = await importAll(
        current().lists,
        [aRow({ externalId: 'X-9', phones: [{ number: mobileOf(5), kind: 'mobile', score: 40 }] })],
        { campaignId: RETAIL_CAMPAIGN.id },
      );
      const one = stored(bank.results[0]);
      const two = stored(shop.results[0]);
      expect(two.debtorId).toBe(one.debtorId);
      expect(two.leadId).not.toBe(one.leadId);
      const [candidate] = await candidates(current(), [two.leadId]);
      expect(candidate?.phones.map((phone) => phone.number)).toEqual([
        '+5511987654321',
        mobileOf(5),
      ]);
      expect(candidate?.creditorId).toBe(SHOP.id);
    });

    it('keeps one debtor for each creditor and external id when there is no document', async () => {
      const bank = await importAll(current().lists, [aRowOf(1)]);
      const shop = await importAll(current().lists, [aRowOf(1)], {
        campaignId: RETAIL_CAMPAIGN.id,
      });
      const again = await importAll(current().lists, [aRowOf(1)]);
      const [one, two, three] = [bank, shop, again].map((it) => stored(it.results[0]).debtorId);
      expect(two).not.toBe(one);
      expect(three).toBe(one);
    });

    it('adds the document of a debtor who had none', async () => {
      const before = await importAll(current().lists, [aRowOf(1)]);
      const after = await importAll(current().lists, [aRowOf(1, { document: '52998224725' })]);
      expect(after.results[0]?.status).toBe('updated');
      expect(stored(after.results[0]).debtorId).toBe(stored(before.results[0]).debtorId);
      const [candidate] = await candidates(current(), [stored(after.results[0]).leadId]);
      expect(candidate?.debtor.document).toBe('52998224725');
    });

    it('rejects a row whose external id and document belong to two people', async () => {
      const { results } = await importAll(current().lists, [
        aRow({ externalId: 'CRM-1' }),
        aRow({ externalId: 'CRM-1', document: '11144477735' }),
        aRow({ externalId: 'CRM-2', document: '11144477735' }),
        aRow({ externalId: 'CRM-1', document: '11144477735' }),
      ]);
      expect(results.map((result) => result.status)).toEqual([
        'created',
        'rejected',
        'created',
        'rejected',
      ]);
    });

    it('keeps a phone once for each debtor, takes the newer score, and revives an invalid one', async () => {
      const { results } = await importAll(current().lists, [aRow()]);
      const { leadId } = stored(results[0]);
      const phone = async () =>
        present((await candidates(current(), [leadId]))[0]?.phones[0], 'the row had a phone');
      const before = await phone();
      const invalid = { ...before, status: 'invalid', statusAt: NOON + 1 } as const;
      await current().setUp((tx) => tx.savePhone(invalid));
      const same: LeadRow = aRow();
      const older = await importAll(current().lists, [same], { now: NOON });
      expect(older.results[0]?.status).toBe('unchanged');
      expect((await phone()).status).toBe('invalid');
      const newer = await importAll(current().lists, [same], { now: NOON + DAY_MS });
      expect(newer.results[0]?.status).toBe('updated');
      expect(await phone()).toMatchObject({ id: before.id, status: 'unknown' });
      const scored = aRow({
        phones: [{ number: before.number, kind: 'mobile', score: 90, source: 'bureau' }],
      });
      await importAll(current().lists, [scored], { now: NOON + 2 * DAY_MS });
      expect(await phone()).toMatchObject({ id: before.id, score: 90, source: 'bureau' });
    });

    it('takes what a newer row adds to a debtor, and keeps what it does not mention', async () => {
      await importAll(current().lists, [
        aRow({ emails: ['a@exemplo.com.br'], addressState: 'SP', birthDate: '1980-02-29' }),
      ]);
      const { results } = await importAll(current().lists, [
        aRow({ name: 'Maria C. Souza', emails: ['b@exemplo.com.br'], addressState: 'AC' }),
      ]);
      expect(results[0]?.status).toBe('updated');
      const [candidate] = await candidates(current(), [stored(results[0]).leadId]);
      expect(candidate?.debtor).toMatchObject({
        name: 'Maria C. Souza',
        birthDate: '1980-02-29',
        emails: ['b@exemplo.com.br', 'a@exemplo.com.br'],
        addresses: [{ state: 'AC' }, { state: 'SP' }],
      });
    });

    it('keeps a CEP with its state, completes an address without one, and adds no address twice', async () => {
      const addressesAfter = async (...rows: Parameters<typeof aRow>[0][]) => {
        const { results } = await importAll(
          current().lists,
          rows.map((row) => aRow(row)),
        );
        const [candidate] = await candidates(current(), [stored(results.at(-1)).leadId]);
        return candidate?.debtor.addresses;
      };
      const whole = { state: 'SP', postalCode: '01234567' };
      expect(
        await addressesAfter(
          { addressState: 'SP' },
          { addressState: 'SP', postalCode: '01234567' },
        ),
      ).toEqual([whole]);
      expect(await addressesAfter({ addressState: 'SP' }, { postalCode: '01234567' })).toEqual([
        whole,
      ]);
      expect(await addressesAfter({ addressState: 'SP', postalCode: '04567000' })).toEqual([
        { state: 'SP', postalCode: '04567000' },
        whole,
      ]);
    });
  });
}

function debts(current: Current): void {
  describe('debts', () => {
    it('stores every amount with the time it was computed, and the newest wins', async () => {
      const contractOf = (centavos: number) => [
        {
          number: 'a-77 ',
          product: 'Cartão Ouro',
          instalments: [
            {
              number: '1',
              dueDate: '2026-08-10',
              originalValue: { centavos: 18_990 },
              updatedValue: { centavos },
            } as const,
          ],
        },
      ];
      const first = await importAll(current().lists, [aRow()]);
      const { debtorId } = stored(first.results[0]);
      const later = NOON + 2 * HOUR_MS;
      const second = await importAll(current().lists, [aRow({ contracts: contractOf(30_000) })], {
        now: later,
      });
      expect(second.results[0]?.status).toBe('updated');
      expect(await contracts(current(), debtorId, BANK.id)).toMatchObject([
        {
          number: 'A-77',
          product: 'Cartão Ouro',
          instalments: [{ updatedValue: { centavos: 30_000 }, computedAt: later }],
        },
      ]);
      const same = await importAll(current().lists, [aRow({ contracts: contractOf(30_000) })], {
        now: later + DAY_MS,
      });
      expect(same.results[0]?.status).toBe('unchanged');
      expect(await contracts(current(), debtorId, BANK.id)).toMatchObject([
        { instalments: [{ computedAt: later + DAY_MS }] },
      ]);
    });

    it('finds the creditor of a row by name, CNPJ or id, and refuses to guess', async () => {
      await current().setUp((tx) =>
        tx.saveCampaign(aCampaign({ creditorIds: [BANK.id, SHOP.id] })),
      );
      const keys = ['lojas guacu', '11.555.666/0001-00', SHOP.id, 'Lojas Outras'];
      const { results } = await importAll(current().lists, [
        ...keys.map((creditorKey, index) => aRowOf(index, { creditorKey })),
        aRowOf(9),
      ]);
      const rejected = results.flatMap((it) => (it.status === 'rejected' ? [it.code] : []));
      expect(rejected).toEqual(['creditor-unknown', 'creditor-missing']);
      const accepted = results.slice(0, 3).map((result) => stored(result).leadId);
      const found = await candidates(current(), accepted);
      expect(found.map((it) => it.creditorId)).toEqual([SHOP.id, SHOP.id, SHOP.id]);
    });
  });
}

function leads(current: Current): void {
  describe('leads', () => {
    it('leave a debtor whom an engine dials unchanged by another import', async () => {
      const { results } = await importAll(current().lists, [aRow()]);
      const leadId: LeadId = stored(results[0]).leadId;
      const [candidate] = await candidates(current(), [leadId]);
      const { lead } = present(candidate, 'stored');
      await current().setUp(async (tx) => {
        await place(tx, present(candidate, 'stored'), 1);
        await tx.saveLead({ ...lead, state: 'dialing', attempts: 1 });
      });
      await importAll(current().lists, [aRow({ priority: 80, name: 'Maria Souza' })]);
      const [after] = await candidates(current(), [leadId]);
      expect(after?.lead).toEqual({ ...lead, state: 'dialing', attempts: 1, priority: 80 });
    });

    it('begin again only when a debtor who had no phone left gets a new one', async () => {
      const { results } = await importAll(current().lists, [aRow(), aRowOf(2)]);
      const ids = results.map((result) => stored(result).leadId);
      const found = await candidates(current(), ids);
      const [noPhone, usedUp] = found.map((it) => it.lead);
      await current().setUp(async (tx) => {
        await tx.saveLead({
          ...present(noPhone, 'stored'),
          state: 'finished',
          finishedBecause: 'no-phone-left',
        });
        await tx.saveLead({
          ...present(usedUp, 'stored'),
          state: 'suppressed',
          suppressedBecause: 'paid',
        });
      });
      const phones: RowPhone[] = [{ number: mobileOf(77), kind: 'mobile', score: 60 }];
      await importAll(current().lists, [aRow({ phones }), aRowOf(2, { phones })]);
      const states = (await candidates(current(), ids)).map((it) => it.lead.state);
      expect(states).toEqual(['ready', 'suppressed']);
    });
  });
}

function sumOf({ created, updated, unchanged, rejected }: ImportTotals): number {
  return created + updated + unchanged + rejected;
}

async function contracts(storage: TestStorage, debtorId: DebtorId, creditorId: CreditorId) {
  const file = await storage.store.read((view) => view.debtorFile(debtorId, [creditorId], NOON));
  return present(file, 'an imported debtor has a file').contracts;
}
