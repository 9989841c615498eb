/** The operation of a simulated world: who calls, on whose behalf, by which trunk, and whom. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Campaign } from '../domain/campaigns/campaign.ts';
import { CAMPAIGN_DEFAULTS } from '../domain/campaigns/campaign.ts';
import { type ComplianceProfile, parseProfile } from '../domain/compliance/profile.ts';
import { importRow } from '../domain/leads/import-row.ts';
import type { CallerId } from '../domain/trunks/caller-id.ts';
import type { Trunk } from '../domain/trunks/trunk.ts';
import type { AgentId, CampaignId, ListId } from '../lib/ids.ts';
import type { EpochMs } from '../lib/time.ts';
import type { Storage } from '../storage/store.ts';

const ROOT = join(import.meta.dirname, '../..');
/** Rows that storage takes in one transaction. */
const CHUNK_ROWS = 200;

export type OperationOptions = {
  readonly agents?: number;
  readonly debtors?: number;
  /** Phone numbers of debtor `n`, in the order of dialing; absent for one mobile number each. */
  readonly phonesOf?: (n: number) => readonly string[];
  readonly campaign?: Partial<Campaign>;
  /**
   * Campaigns besides the first one; they have the same debtors unless `leadsOf` says otherwise.
   */
  readonly moreCampaigns?: readonly (Partial<Campaign> & { readonly id: CampaignId })[];
  /** The debtors in a campaign's list, by number from 1; absent for all. */
  readonly leadsOf?: (campaignId: CampaignId) => readonly number[];
  /** Whether agent `n` works for a campaign; absent when everybody works for all. */
  readonly isAssigned?: (n: number, campaignId: CampaignId) => boolean;
  readonly trunk?: Partial<Trunk>;
  readonly moreTrunks?: readonly (Partial<Trunk> & { readonly id: Trunk['id'] })[];
  readonly callerIds?: readonly (Partial<CallerId> & Pick<CallerId, 'id' | 'number'>)[];
  readonly profileId?: string;
};

export const FIRST_CAMPAIGN: CampaignId = 'campaign_varejo';
/** The zone of the operation and of most debtors. */
export const ZONE = 'America/Sao_Paulo';

export function agentIdOf(n: number): AgentId {
  return `user_agent${n}`;
}

/** `+5511980000001` and so on: the first number of debtor `n` when the test gives none. */
export function mobileOf(n: number): string {
  return `+55119${80_000_000 + n}`;
}

export async function setUpOperation(
  storage: Storage,
  options: OperationOptions,
  now: EpochMs,
): Promise<void> {
  const { agents = 1, debtors = 10 } = options;
  const trunks = [aTrunk(options.trunk), ...(options.moreTrunks ?? []).map((one) => aTrunk(one))];
  const campaigns = [options.campaign, ...(options.moreCampaigns ?? [])].map((one) =>
    aCampaign({ profileId: options.profileId ?? 'br-cobranca', ...one }),
  );
  await storage.setUp(async (tx) => {
    await tx.saveLegalEntity({ id: 'entity_us', name: 'Assessoria', cnpj: '11222333000181' });
    await tx.saveCreditor({ id: 'creditor_loja', name: 'Lojas Sol', cnpj: '11444777000161' });
    await tx.savePortfolio({ id: 'portfolio_varejo', creditorId: 'creditor_loja', name: 'Varejo' });
    for (const trunk of trunks) await tx.saveTrunk(trunk);
    const trunkIds = trunks.map(({ id }) => id);
    await tx.saveCallerId(aCallerId({ trunkIds }));
    for (const one of options.callerIds ?? []) {
      await tx.saveCallerId(aCallerId({ trunkIds, ...one }));
    }
    for (const campaign of campaigns) await tx.saveCampaign(campaign);
  });
  for (let n = 1; n <= agents; n += 1) {
    await addAgent(storage, n, now);
    await storage.setUp(async (tx) => {
      for (const { id } of campaigns) {
        const assigned = options.isAssigned?.(n, id) ?? true;
        if (assigned) await tx.saveAssignment({ campaignId: id, agentId: agentIdOf(n) }, true);
      }
    });
  }
  const everybody = Array.from({ length: debtors }, (_, index) => index + 1);
  for (const { id } of campaigns) {
    const numbers = options.leadsOf?.(id) ?? everybody;
    await importDebtors(storage, id, numbers, options.phonesOf, now);
  }
}

/** Stores debtors by their numbers, through the same door as an import. */
export async function importDebtors(
  storage: Storage,
  campaignId: CampaignId,
  numbers: readonly number[],
  phonesOf: (n: number) => readonly string[] = (n) => [mobileOf(n)],
  now: EpochMs,
): Promise<void> {
  const listId: ListId = `list_${campaignId.slice('campaign_'.length)}-${numbers[0] ?? 0}`;
  const source = { listId, campaignId, name: 'lista', origin: 'api', startedAt: now } as const;
  await storage.lists.begin(source);
  const rows = numbers.map((n, index) => ({
    index,
    ok: true as const,
    row: rowOf(n, phonesOf(n)),
  }));
  for (let at = 0; at < rows.length; at += CHUNK_ROWS) {
    const chunk = rows.slice(at, at + CHUNK_ROWS);
    const results = await storage.lists.importRows(listId, chunk, now);
    const bad = results.find((result) => result.status === 'rejected');
    if (bad) throw new Error(JSON.stringify(bad));
  }
  await storage.lists.finish(listId, now);
}

export function profiles(): ReadonlyMap<string, ComplianceProfile> {
  const found = new Map<string, ComplianceProfile>();
  for (const name of ['br-cobranca', 'demonstration']) {
    const file = join(ROOT, 'config/compliance', `${name}.json`);
    const parsed = parseProfile(JSON.parse(readFileSync(file, 'utf8')));
    if (!parsed.ok) throw new Error(parsed.problems.join('; '));
    found.set(parsed.profile.id, parsed.profile);
  }
  return found;
}

export async function addAgent(storage: Storage, n: number, now: EpochMs): Promise<void> {
  const id = agentIdOf(n);
  await storage.accounts.insertUser(
    {
      id,
      login: `agent${n}`,
      name: `Agente ${n}`,
      role: 'agent',
      enabled: true,
      mustChangePassword: false,
      language: null,
      createdAt: now,
    },
    'hash',
    { at: now, subject: 'user', subjectId: id, change: 'created' },
  );
}

function aTrunk(given: Partial<Trunk> = {}): Trunk {
  return {
    id: 'trunk_one',
    name: 'Operadora Um',
    carrier: 'Um',
    legalEntityId: 'entity_us',
    simulated: true,
    enabled: true,
    host: '127.0.0.2',
    port: 5060,
    matchAddresses: ['127.0.0.2'],
    registers: false,
    numberFormat: { kind: 'e164' },
    callerIdHeader: 'from',
    channelsMax: 500,
    callsPerSecondMax: 100,
    causeOverrides: {},
    readsReason: true,
    ...given,
  };
}

function aCallerId(given: Partial<CallerId> = {}): CallerId {
  return {
    id: 'callerid_one',
    number: '+551133334444',
    holderEntityId: 'entity_us',
    kind: 'fixed',
    areaCode: '11',
    trunkIds: ['trunk_one'],
    stationBound: false,
    validFrom: 0,
    status: 'active',
    ...given,
  };
}

function aCampaign(given: Partial<Campaign>): Campaign {
  return {
    ...CAMPAIGN_DEFAULTS,
    id: FIRST_CAMPAIGN,
    name: 'Varejo 31–60',
    portfolioId: 'portfolio_varejo',
    creditorIds: ['creditor_loja'],
    legalEntityId: 'entity_us',
    profileId: 'br-cobranca',
    state: 'running',
    pacing: { mode: 'progressive', linesMax: 200 },
    // Off, because telephones report no machines except in worlds about screening.
    amd: 'off',
    fallbackCallerIdId: 'callerid_one',
    script: '{Saudacao}, falo com {devedor}?',
    ...given,
  };
}

function rowOf(n: number, phones: readonly string[]) {
  const raw: Record<string, string> = {
    id: `CRM-${n}`,
    nome: `Devedor ${n}`,
    nascimento: `19${String(50 + (n % 50))}-03-${String(1 + (n % 28)).padStart(2, '0')}`,
    cep: String(1_000_000 + (n % 8_000_000)).padStart(8, '0'),
    contrato: `A-${n}`,
    parcela: '1',
    vencimento: '10/10/2026',
    valor: '150,00',
  };
  phones.forEach((phone, at) => {
    raw[`fone${at + 1}`] = phone;
  });
  const parsed = importRow(raw);
  if (!parsed.ok) throw new Error(`${parsed.code} ${parsed.reason} ${parsed.field}`);
  return parsed.row;
}
