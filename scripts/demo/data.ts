/**
 * A believable collections operation for a first look at the product: an office, two creditors with
 * a campaign each, a simulated carrier and some six hundred invented debtors with debts and
 * history. It is loaded once; later starts only update the trunk's address.
 */

import { CAMPAIGN_DEFAULTS, type Campaign } from '../../src/domain/campaigns/campaign.ts';
import type { Creditor, Portfolio } from '../../src/domain/debtors/debt.ts';
import { importRow } from '../../src/domain/leads/import-row.ts';
import type { Lead } from '../../src/domain/leads/lead.ts';
import { DEFAULT_RETRY_RULES, type RetryRules } from '../../src/domain/leads/next-attempt.ts';
import type { CallerId } from '../../src/domain/trunks/caller-id.ts';
import type { Trunk } from '../../src/domain/trunks/trunk.ts';
import type { Accounts, Role } from '../../src/engine/ports/accounts.ts';
import { IMPORT_CHUNK_ROWS_MAX, type ParsedRow } from '../../src/engine/ports/lists.ts';
import type { LegalEntity } from '../../src/engine/ports/records.ts';
import { formatPostalCode } from '../../src/lib/br-postal-code.ts';
import { given } from '../../src/lib/given.ts';
import {
  type CampaignId,
  type LeadId,
  type ListId,
  newId,
  type UserId,
} from '../../src/lib/ids.ts';
import { areaCodeOf, type E164 } from '../../src/lib/phone-number.ts';
import {
  addDays,
  type EpochMs,
  HOUR_MS,
  type IsoDate,
  localTime,
  MINUTE_MS,
  momentOf,
} from '../../src/lib/time.ts';
import type { SetUpTransaction, Storage } from '../../src/storage/store.ts';
import {
  type Business,
  inventContacts,
  inventContracts,
  inventPromise,
  type PromiseKind,
} from './debts.ts';
import {
  between,
  inventEmail,
  inventPerson,
  inventPhone,
  type Person,
  pick,
  type Random,
  type RawRow,
  writtenDocument,
} from './people.ts';

// ── Who works there ─────────────────────────────────────────────────────────────────────────────

export type DemoUser = { readonly login: string; readonly name: string; readonly role: Role };

/** Users of the demonstration; their passwords are random for each installation. */
export const demoUsers: readonly DemoUser[] = [
  { login: 'admin', name: 'Renata Moura Prado', role: 'admin' },
  { login: 'supervisora', name: 'Sônia Regina Batista', role: 'supervisor' },
  { login: 'ana', name: 'Ana Lúcia Ferreira', role: 'agent' },
  { login: 'bruno', name: 'Bruno Teixeira', role: 'agent' },
  { login: 'carla', name: 'Carla Nogueira', role: 'agent' },
  { login: 'diego', name: 'Diego Amorim', role: 'agent' },
];

/** Adds missing users; existing ones keep their passwords. */
export async function insertDemoUsers(
  accounts: Accounts,
  passwordHashOf: (login: string) => string | Promise<string>,
): Promise<void> {
  for (const { login, name, role } of demoUsers) {
    if (await accounts.userByLogin(login)) continue;
    const id = userId(login);
    const now = Date.now();
    const passwordHash = await passwordHashOf(login);
    await accounts.insertUser(
      {
        id,
        login,
        name,
        role,
        enabled: true,
        mustChangePassword: false,
        language: null,
        createdAt: now,
      },
      passwordHash,
      { at: now, subject: 'user', subjectId: id, change: 'created' },
    );
  }
}

function userId(login: string): UserId {
  return `user_demo-${login}`;
}

// ── Creditors, trunks and numbers ───────────────────────────────────────────────────────────────

const OFFICE: LegalEntity = {
  id: 'entity_demo',
  name: 'Andrade & Sampaio Assessoria de Cobrança Ltda.',
  cnpj: '41837205000103',
};

const BANK: Creditor = {
  id: 'creditor_demo-bank',
  name: 'Banco Aroeira S.A.',
  cnpj: '27904316000164',
};
const SHOP: Creditor = { id: 'creditor_demo-shop', name: 'Lojas Guaçu', cnpj: '33651842000162' };

const CARDS: Portfolio = {
  id: 'portfolio_demo-cards',
  creditorId: BANK.id,
  name: 'Cartões e crédito pessoal',
};
const RETAIL: Portfolio = {
  id: 'portfolio_demo-retail',
  creditorId: SHOP.id,
  name: 'Crediário das lojas',
};

const TRUNK_ID = 'trunk_demo';

/** The office's numbers at the simulated carrier, by area. */
const OWN_NUMBERS: readonly E164[] = [
  '+551132301001',
  '+551132301002',
  '+551132301003',
  '+552135122001',
  '+552135122002',
  '+553132823001',
  '+554132204001',
  '+555132115001',
  '+556132616001',
  '+557132327001',
  '+558132228001',
  '+558532128501',
];

/** A debtor whose telephone is the visitor's browser; the visitor is shown these fields. */
export type DemoVisitor = {
  readonly name: string;
  readonly phone: E164;
  /** CPF, digits. */
  readonly document: string;
  readonly birthDate: IsoDate;
  /** CEP, digits. */
  readonly postalCode: string;
};

export const demoVisitors: readonly [DemoVisitor, DemoVisitor] = [
  {
    name: 'Marina Telles (telefone do visitante)',
    phone: '+5511999990099',
    document: '31972608487',
    birthDate: '1986-05-14',
    postalCode: '05416010',
  },
  {
    name: 'Otávio Telles (telefone do visitante)',
    phone: '+5521999990099',
    document: '58240617930',
    birthDate: '1979-11-02',
    postalCode: '22451030',
  },
];

/**
 * The usual rules let a number rest for hours. In a demonstration the same few hundred numbers come
 * around within minutes, and the visitor's telephone rings soon after it was switched on.
 */
const RETRY_RULES: RetryRules = {
  attemptsMax: 200,
  byOutcome: {
    ...DEFAULT_RETRY_RULES.byOutcome,
    busy: { afterMs: 2 * MINUTE_MS, samePhoneMax: 50, next: 'same-phone' },
    'no-answer': {
      afterMs: 3 * MINUTE_MS,
      otherPhoneAfterMs: 2 * MINUTE_MS,
      samePhoneMax: 50,
      next: 'next-phone',
    },
    machine: {
      afterMs: 10 * MINUTE_MS,
      otherPhoneAfterMs: 5 * MINUTE_MS,
      samePhoneMax: 50,
      next: 'next-phone',
    },
    rejected: { afterMs: 20 * MINUTE_MS, samePhoneMax: 20, next: 'same-phone' },
    person: { afterMs: 30 * MINUTE_MS, samePhoneMax: 20, next: 'same-phone' },
    cancelled: { afterMs: MINUTE_MS, samePhoneMax: 50, next: 'same-phone' },
    lost: { afterMs: 2 * MINUTE_MS, samePhoneMax: 20, next: 'same-phone' },
  },
};

const SCRIPT_CARDS = `1. Abertura
“{Saudacao}! Meu nome é {agente}, da Andrade & Sampaio. Por favor, eu falo com {devedor}?”
Se for outra pessoa, não diga do que se trata: peça o melhor horário e agradeça.

2. Confirmação
“Para sua segurança, o senhor ou a senhora pode me dizer {confirmacao}?”
Não leia nada. F4 e digite o que ouvir.

3. Assunto (só com o titular)
“Falo em nome do Banco Aroeira, sobre o contrato em aberto. O valor atualizado hoje é o que aparece na sua tela. O senhor ou a senhora tem previsão de pagamento?”

4. Negociação
À vista: ofereça primeiro. Parcelado: entrada e até seis vezes.
Nunca ameace, não fale em prisão nem em visita e não insista depois de um não.

5. Fechamento
Repita valor e data, agradeça e registre a promessa antes de encerrar.`;

const SCRIPT_RETAIL = `1. Abertura
“{Saudacao}! Aqui é {agente}, da Andrade & Sampaio. Posso falar com {devedor}?”
Com terceiros, deixe apenas nome e telefone para retorno.

2. Confirmação
Peça {confirmacao}. F4 e digite o que ouvir.

3. Assunto (só com o titular)
“É sobre as parcelas do crediário das Lojas Guaçu. Consigo enviar o boleto ou o Pix agora mesmo. Para qual dia fica melhor?”

4. Fechamento
Confirme o canal de envio (WhatsApp ou e-mail), valor e vencimento.`;

const CARDS_CAMPAIGN: Campaign = {
  ...CAMPAIGN_DEFAULTS,
  id: 'campaign_demo-cards',
  name: 'Aroeira · Cartões em atraso',
  portfolioId: CARDS.id,
  creditorIds: [BANK.id],
  legalEntityId: OFFICE.id,
  profileId: 'demonstration',
  state: 'running',
  pacing: { mode: 'predictive', linesMax: 30 },
  retryRules: RETRY_RULES,
  fallbackCallerIdId: 'callerid_demo-1',
  script: SCRIPT_CARDS,
};

const RETAIL_CAMPAIGN: Campaign = {
  ...CARDS_CAMPAIGN,
  id: 'campaign_demo-retail',
  name: 'Guaçu · Crediário',
  portfolioId: RETAIL.id,
  creditorIds: [SHOP.id],
  state: 'paused',
  pacing: { mode: 'ratio', ratio: 1.5, linesMax: 20 },
  script: SCRIPT_RETAIL,
};

/** ana and bruno work in both, carla in the first, diego in the second. */
const ASSIGNED: Readonly<Record<CampaignId, readonly string[]>> = {
  [CARDS_CAMPAIGN.id]: ['ana', 'bruno', 'carla'],
  [RETAIL_CAMPAIGN.id]: ['ana', 'bruno', 'diego'],
};

// ── Loading ─────────────────────────────────────────────────────────────────────────────────────

export type DemoOptions = {
  readonly now: EpochMs;
  readonly random: Random;
  /** Address at which the simulated carrier takes calls. */
  readonly carrier: { readonly host: string; readonly port: number };
  /** Port at which the PBX takes calls from the carrier; no data depends on it. */
  readonly dialerSipPort: number;
};

export type DemoResult = {
  /** Whether data was loaded; false when it was there already. */
  readonly loaded: boolean;
  readonly debtors: number;
  readonly rejectedRows: number;
};

const CARD_DEBTORS = 350;
const RETAIL_DEBTORS = 250;
/** Card debtors who also owe the shop. */
const SHARED_DEBTORS = 50;

export async function loadDemoData(storage: Storage, options: DemoOptions): Promise<DemoResult> {
  const isLoaded = await wasLoaded(storage);
  await saveTrunk(storage, options);
  if (isLoaded) return { loaded: false, debtors: 0, rejectedRows: 0 };
  await storage.setUp((tx) => saveOperation(tx, options.now));
  const { random } = options;
  const people = Array.from({ length: CARD_DEBTORS + RETAIL_DEBTORS }, (_, index) =>
    inventPerson(random, index),
  );
  const cards = await loadList(storage, options, {
    campaign: CARDS_CAMPAIGN,
    business: CARD_BUSINESS,
    people: people.slice(0, CARD_DEBTORS),
    visitor: visitorRow(demoVisitors[0]),
  });
  const retail = await loadList(storage, options, {
    campaign: RETAIL_CAMPAIGN,
    business: RETAIL_BUSINESS,
    people: people.slice(CARD_DEBTORS - SHARED_DEBTORS),
    visitor: visitorRow(demoVisitors[1]),
  });
  // Marked at the end, so that an interrupted loading begins again.
  for (const { listId } of [cards, retail]) await storage.lists.finish(listId, options.now);
  return {
    loaded: true,
    debtors: people.length + demoVisitors.length,
    rejectedRows: cards.rejectedRows + retail.rejectedRows,
  };
}

async function wasLoaded({ lists }: Storage): Promise<boolean> {
  const known = await lists.lists(RETAIL_CAMPAIGN.id);
  return known.some((list) => list.origin === 'demo' && list.finishedAt !== undefined);
}

/**
 * Updates only the trunk's port, which differs at each start; other fields may have been changed
 * and stay.
 */
async function saveTrunk(storage: Storage, { carrier }: DemoOptions): Promise<void> {
  await storage.setUp(async (tx) => {
    await tx.saveLegalEntity(OFFICE);
    const known = (await tx.trunks()).find((trunk) => trunk.id === TRUNK_ID);
    const trunk: Trunk = known ?? {
      id: TRUNK_ID,
      name: 'Operadora simulada',
      carrier: 'Simulada',
      legalEntityId: OFFICE.id,
      simulated: true,
      enabled: true,
      host: carrier.host,
      port: carrier.port,
      matchAddresses: [],
      registers: false,
      numberFormat: { kind: 'e164' },
      callerIdHeader: 'both',
      channelsMax: 60,
      callsPerSecondMax: 20,
      causeOverrides: {},
      readsReason: true,
    };
    await tx.saveTrunk({ ...trunk, ...carrier, matchAddresses: [carrier.host] });
  });
}

async function saveOperation(tx: SetUpTransaction, now: EpochMs): Promise<void> {
  for (const creditor of [BANK, SHOP]) await tx.saveCreditor(creditor);
  for (const portfolio of [CARDS, RETAIL]) await tx.savePortfolio(portfolio);
  for (const [index, number] of OWN_NUMBERS.entries()) {
    const callerId: CallerId = {
      id: `callerid_demo-${index + 1}`,
      number,
      holderEntityId: OFFICE.id,
      kind: 'fixed',
      areaCode: areaCodeOf(number),
      trunkIds: [TRUNK_ID],
      stationBound: false,
      validFrom: now,
      status: 'active',
    };
    await tx.saveCallerId(callerId);
  }
  for (const campaign of [CARDS_CAMPAIGN, RETAIL_CAMPAIGN]) {
    await tx.saveCampaign(campaign);
    for (const login of ASSIGNED[campaign.id] ?? []) {
      await tx.saveAssignment({ campaignId: campaign.id, agentId: userId(login) }, true);
    }
  }
}

const CARD_BUSINESS: Business = {
  creditorId: BANK.id,
  prefix: 'CC',
  products: ['Cartão Aroeira Gold', 'Cartão Aroeira Fácil', 'Crédito pessoal', 'Cheque especial'],
  valueMin: 18_000,
  valueMax: 240_000,
  instalmentsMax: 6,
};

const RETAIL_BUSINESS: Business = {
  creditorId: SHOP.id,
  prefix: 'LG',
  products: ['Crediário – móveis', 'Crediário – eletrodomésticos', 'Cartão Guaçu', 'Celulares'],
  valueMin: 4_900,
  valueMax: 38_000,
  instalmentsMax: 10,
};

type DemoList = {
  readonly campaign: Campaign;
  readonly business: Business;
  readonly people: readonly Person[];
  readonly visitor: RawRow;
};

async function loadList(
  storage: Storage,
  options: DemoOptions,
  { campaign, business, people, visitor }: DemoList,
): Promise<{ readonly listId: ListId; readonly rejectedRows: number }> {
  const { now, random } = options;
  const today = localTime(now, 'America/Sao_Paulo').date;
  const listId = newId('list', now, random);
  await storage.lists.begin({
    listId,
    campaignId: campaign.id,
    name: `Remessa de ${today.split('-').reverse().join('/')}`,
    origin: 'demo',
    startedAt: now,
  });
  const contracts = () => inventContracts(random, business, today);
  const rows = people.map((person, index) => rowOf(random, person, index, contracts()));
  const raw = [{ ...visitor, contratos: contracts() }, ...rows, ...faultyRows(random, contracts)];
  const parsed = raw.map((row, index): ParsedRow => ({ index, ...importRow(row, { today }) }));
  const leadIds: LeadId[] = [];
  let rejectedRows = 0;
  for (let from = 0; from < parsed.length; from += IMPORT_CHUNK_ROWS_MAX) {
    const chunk = parsed.slice(from, from + IMPORT_CHUNK_ROWS_MAX);
    for (const result of await storage.lists.importRows(listId, chunk, now)) {
      if (result.status === 'rejected') rejectedRows += 1;
      else leadIds.push(result.leadId);
    }
  }
  // The visitor's debtor is new and has no history.
  await loadHistory(storage, options, business, leadIds.slice(1));
  return { listId, rejectedRows };
}

function rowOf(random: Random, person: Person, index: number, contratos: unknown[]): RawRow {
  const phones = pick(random, [1, 1, 2, 2, 2, 3, 3, 4]);
  return {
    codCliente: `${person.isCompany ? 'PJ' : 'PF'}${String(index + 1).padStart(6, '0')}`,
    nome: person.name,
    cpfCnpj: writtenDocument(random, person.document),
    uf: person.state,
    cep: formatPostalCode(person.postalCode),
    ...given({ nascimento: person.birthDate }),
    ...(random() < 0.6 ? { email: inventEmail(random, person.name) } : {}),
    ...(random() < 0.1 ? { prioridade: pick(random, [40, 60, 70]) } : {}),
    telefones: Array.from({ length: phones }, (_, place) => ({
      // A few moved and kept a number from another area.
      numero: inventPhone(random, random() < 0.9 ? person.areaCode : '11'),
      origem: place === 0 ? 'crm' : pick(random, ['crm', 'bureau', 'enriquecimento']),
      score: Math.max(5, between(random, 60, 95) - place * 20),
    })),
    contratos,
  };
}

function visitorRow({ name, phone, document, birthDate, postalCode }: DemoVisitor): RawRow {
  return {
    codCliente: 'VISITANTE',
    nome: name,
    cpf: document,
    nascimento: birthDate,
    cep: postalCode,
    uf: 'SP',
    telefone: phone,
    prioridade: 100,
  };
}

/** Rows that cannot be dialed, as in every real list; they are refused with a reason. */
function faultyRows(random: Random, contracts: () => unknown[]): RawRow[] {
  const good = { nome: 'Cadastro incompleto', contratos: contracts() };
  return [
    { ...good, codCliente: 'ERRO-1', cpf: '123.456.789-00', telefone: inventPhone(random, '11') },
    { ...good, codCliente: 'ERRO-2', telefone: '5,51199E+12' },
    { ...good, codCliente: 'ERRO-3', telefone: '(23) 99876-5432' },
    { ...good, codCliente: 'ERRO-4', telefone: '0800 727 1234' },
  ];
}

const PROMISES: readonly PromiseKind[] = ['kept', 'broken', 'open', 'broken'];
const HISTORY_CHUNK = 50;

async function loadHistory(
  storage: Storage,
  options: DemoOptions,
  { creditorId }: Business,
  leadIds: readonly LeadId[],
): Promise<void> {
  const { now, random } = options;
  for (let from = 0; from < leadIds.length; from += HISTORY_CHUNK) {
    await storage.setUp(async (tx) => {
      for (const [place, leadId] of leadIds.slice(from, from + HISTORY_CHUNK).entries()) {
        const candidate = await tx.lead(leadId);
        if (!candidate) continue;
        const { debtor, phones, lead } = candidate;
        const [phone] = phones;
        const [email] = debtor.emails;
        const reached = { ...(phone && { phone: phone.number }), ...(email && { email }) };
        for (const contact of inventContacts(random, creditorId, reached, now)) {
          await tx.saveContact({ ...contact, debtorId: debtor.id });
        }
        const index = from + place;
        const kind =
          index % 12 === 3 ? PROMISES[Math.floor(index / 12) % PROMISES.length] : undefined;
        if (kind !== undefined) {
          const promise = inventPromise(random, creditorId, kind, now);
          await tx.saveReportedPromise({ ...promise, debtorId: debtor.id });
          if (kind === 'open') await tx.saveLead(untilPromiseIsDue(lead, promise.dueDate));
        } else if (index % 60 === 20) {
          await tx.saveLead({ ...lead, state: 'suppressed', suppressedBecause: 'paid' });
        } else if (index % 75 === 40) {
          await tx.saveLead(asksToBeCalled(lead, now));
        }
      }
    });
  }
}

function untilPromiseIsDue(lead: Lead, dueDate: Parameters<typeof addDays>[0]): Lead {
  const notBeforeAt = momentOf(addDays(dueDate, 1), 0, 'America/Sao_Paulo');
  return { ...lead, state: 'waiting', notBeforeAt, holdReason: 'promise' };
}

function asksToBeCalled(lead: Lead, now: EpochMs): Lead {
  return {
    ...lead,
    state: 'waiting',
    priority: 100,
    notBeforeAt: now + 2 * HOUR_MS,
    holdReason: 'callback',
    callbackAskedAt: now - 20 * HOUR_MS,
  };
}
