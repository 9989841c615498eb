/** A real database in its own directory, and a small operation for it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CAMPAIGN_DEFAULTS, type Campaign } from '../../src/domain/campaigns/campaign.ts';
import type { Creditor, Portfolio } from '../../src/domain/debtors/debt.ts';
import type { LeadRow } from '../../src/domain/leads/import-row.ts';
import type { CallerId } from '../../src/domain/trunks/caller-id.ts';
import type { Trunk } from '../../src/domain/trunks/trunk.ts';
import type { Lists, ParsedRow, RowResult } from '../../src/engine/ports/lists.ts';
import type { LegalEntity } from '../../src/engine/ports/records.ts';
import { KeyRing } from '../../src/keys/key-ring.ts';
import type { CampaignId, DebtorId, LeadId, ListId } from '../../src/lib/ids.ts';
import { randomStream } from '../../src/lib/random.ts';
import type { EpochMs } from '../../src/lib/time.ts';
import { openStorage, type Storage, type StorageOptions } from '../../src/storage/store.ts';
import { makePostgresDatabase } from './shared-postgres.ts';

/** Monday, 2 November 2026, 12:00 in São Paulo. */
export const NOON: EpochMs = Date.UTC(2026, 10, 2, 15);

/** The text of {@link testKeys}. */
export const TEST_KEY =
  'b1efe1dc29cc 2026-11-22 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f';

/** A ring with one key, always the same. */
export function testKeys(): KeyRing {
  return new KeyRing(() => TEST_KEY);
}

export type TestStorage = Storage & {
  /** What `openStorage` takes to open it beside. */
  readonly database: string;
  /** Closes it and opens the same database again. */
  reopen(): Promise<TestStorage>;
  /** Closes it and removes its database. */
  dispose(): Promise<void>;
};

/** Opens a new SQLite file. `durability: 'none'` is quicker where nothing is killed. */
export async function openTestStorage(options: Partial<StorageOptions> = {}): Promise<TestStorage> {
  const directory = mkdtempSync(join(tmpdir(), 'cadencia-store-'));
  return open(join(directory, 'cadencia.db'), options, async () =>
    rmSync(directory, { recursive: true, force: true }),
  );
}

/** Opens a new database of a real PostgreSQL server, which all tests of a run share. */
export async function openPostgresStorage(
  options: Partial<StorageOptions> = {},
): Promise<TestStorage> {
  const { url, remove } = await makePostgresDatabase();
  return open(url, options, remove);
}

async function open(
  database: string,
  options: Partial<StorageOptions>,
  remove: () => Promise<void>,
): Promise<TestStorage> {
  const storage = await openStorage({
    now: () => NOON,
    random: randomStream(1, 'ids'),
    durability: 'none',
    keys: testKeys(),
    ...options,
    database,
  });
  return {
    ...storage,
    database,
    async reopen() {
      await storage.close();
      return open(database, { ...options, random: randomStream(2, 'ids') }, remove);
    },
    async dispose() {
      await storage.close();
      await remove();
    },
  };
}

export const ENTITY: LegalEntity = {
  id: 'entity_1',
  name: 'Andrade Assessoria de Cobrança Ltda.',
  cnpj: '11222333000181',
};

export const BANK: Creditor = { id: 'creditor_1', name: 'Banco Aroeira', cnpj: '11444777000161' };
export const SHOP: Creditor = { id: 'creditor_2', name: 'Lojas Guaçu', cnpj: '11555666000100' };

export const CARDS: Portfolio = { id: 'portfolio_1', creditorId: BANK.id, name: 'Cartões' };
export const RETAIL: Portfolio = { id: 'portfolio_2', creditorId: SHOP.id, name: 'Crediário' };

export function aTrunk(given: Partial<Trunk> = {}): Trunk {
  return {
    id: 'trunk_1',
    name: 'Simulated carrier',
    carrier: 'Simulada',
    legalEntityId: ENTITY.id,
    simulated: true,
    enabled: true,
    host: '127.0.0.1',
    port: 5070,
    matchAddresses: ['127.0.0.1'],
    registers: false,
    numberFormat: { kind: 'e164' },
    callerIdHeader: 'both',
    channelsMax: 60,
    callsPerSecondMax: 20,
    causeOverrides: {},
    readsReason: true,
    ...given,
  };
}

export function aCallerId(given: Partial<CallerId> = {}): CallerId {
  return {
    id: 'callerid_1',
    number: '+551131001001',
    holderEntityId: ENTITY.id,
    kind: 'fixed',
    areaCode: '11',
    trunkIds: ['trunk_1'],
    stationBound: false,
    validFrom: 0,
    status: 'active',
    ...given,
  };
}

export function aCampaign(given: Partial<Campaign> = {}): Campaign {
  return {
    ...CAMPAIGN_DEFAULTS,
    id: 'campaign_1',
    name: 'Cartões até 60 dias',
    portfolioId: CARDS.id,
    creditorIds: [BANK.id],
    legalEntityId: ENTITY.id,
    profileId: 'demonstration',
    state: 'running',
    ...given,
  };
}

/** The other creditor's campaign, which must show nothing of the first. */
export const RETAIL_CAMPAIGN = aCampaign({
  id: 'campaign_2',
  name: 'Crediário',
  portfolioId: RETAIL.id,
  creditorIds: [SHOP.id],
});

/** One entity, two creditors with a campaign each, a trunk and a number. */
export async function insertOperation(storage: Storage): Promise<void> {
  await storage.setUp(async (tx) => {
    await tx.saveLegalEntity(ENTITY);
    for (const creditor of [BANK, SHOP]) await tx.saveCreditor(creditor);
    for (const portfolio of [CARDS, RETAIL]) await tx.savePortfolio(portfolio);
    await tx.saveTrunk(aTrunk());
    await tx.saveCallerId(aCallerId());
    await tx.saveCampaign(aCampaign());
    await tx.saveCampaign(RETAIL_CAMPAIGN);
  });
}

export function aRow(given: Partial<LeadRow> = {}): LeadRow {
  return {
    externalId: 'CRM-1',
    name: 'Maria da Conceição Souza',
    document: '52998224725',
    documentKind: 'cpf',
    emails: [],
    phones: [{ number: '+5511987654321', kind: 'mobile', score: 50 }],
    contracts: [
      {
        number: 'A-77',
        instalments: [
          {
            number: '1',
            dueDate: '2026-08-10',
            originalValue: { centavos: 18_990 },
            updatedValue: { centavos: 21_350 },
          },
        ],
      },
    ],
    extras: [],
    warnings: [],
    ...given,
  };
}

/** A row of its own debtor: `index` determines the id and the mobile number. */
export function aRowOf(index: number, given: Partial<LeadRow> = {}): LeadRow {
  const { document: _, documentKind: __, ...row } = aRow();
  return {
    ...row,
    externalId: `CRM-${index}`,
    name: `Devedor ${index}`,
    phones: [{ number: mobileOf(index), kind: 'mobile', score: 50 }],
    ...given,
  };
}

export function mobileOf(index: number): `+${string}` {
  return `+55119${String(80_000_000 + index)}`;
}

let listsBegun = 0;

/** Begins a list, stores the rows in chunks and finishes it. */
export async function importAll(
  lists: Lists,
  rows: readonly LeadRow[],
  given: { readonly campaignId?: CampaignId; readonly now?: EpochMs } = {},
): Promise<{ readonly listId: ListId; readonly results: readonly RowResult[] }> {
  const { campaignId = 'campaign_1', now = NOON } = given;
  listsBegun += 1;
  const listId: ListId = `list_${listsBegun}`;
  await lists.begin({ listId, campaignId, name: 'Remessa', origin: 'api', startedAt: now });
  const parsed = rows.map((row, index): ParsedRow => ({ index, ok: true, row }));
  const results: RowResult[] = [];
  for (let from = 0; from < parsed.length; from += 200) {
    results.push(...(await lists.importRows(listId, parsed.slice(from, from + 200), now)));
  }
  await lists.finish(listId, now);
  return { listId, results };
}

/** The ids of one stored row's lead and debtor. */
export function stored(result: RowResult | undefined): {
  readonly leadId: LeadId;
  readonly debtorId: DebtorId;
} {
  if (!result || result.status === 'rejected') {
    throw new Error(`the row was not stored: ${JSON.stringify(result)}`);
  }
  return result;
}
