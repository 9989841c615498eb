/**
 * A floor that collects for two creditors: Sol and Lua have a campaign each, and one of both. Each
 * campaign has a debtor who stays on the line and one whose telephone refuses us.
 */
import type { Call } from '../../src/domain/calls/call.ts';
import type { Campaign } from '../../src/domain/campaigns/campaign.ts';
import { importRow } from '../../src/domain/leads/import-row.ts';
import type { Scope } from '../../src/engine/ports/scope.ts';
import { present } from '../../src/lib/assert.ts';
import type { CampaignId, CreditorId } from '../../src/lib/ids.ts';
import { PERSON_STAYS, UNWANTED } from '../../src/simulator/behaviours.ts';
import { FIRST_CAMPAIGN } from '../../src/simulator/operation.ts';
import { MONDAY_10H, type World } from '../../src/simulator/world.ts';
import type { Storage } from '../../src/storage/store.ts';
import type { WorldOptions } from './world.ts';

export const SOL: CreditorId = 'creditor_loja';
export const LUA: CreditorId = 'creditor_lua';
export const OF_SOL: Scope = { kind: 'creditors', creditorIds: [SOL] };

export const SOL_CAMPAIGN = FIRST_CAMPAIGN;
export const LUA_CAMPAIGN: CampaignId = 'campaign_lua';
export const JOINT_CAMPAIGN: CampaignId = 'campaign_eclipse';

/** The campaigns in which each agent works, by the agent's number. */
const AGENTS: readonly (readonly CampaignId[])[] = [
  [SOL_CAMPAIGN],
  [LUA_CAMPAIGN],
  [JOINT_CAMPAIGN],
  [],
  [SOL_CAMPAIGN, LUA_CAMPAIGN],
];

type Debtor = { readonly name: string; readonly document: string; readonly phone: string };

/** In each campaign the one who refuses us first, so that both are dialed. */
const DEBTORS: readonly {
  readonly campaignId: CampaignId;
  readonly debtors: readonly [Debtor, ...Debtor[]];
}[] = [
  {
    campaignId: SOL_CAMPAIGN,
    debtors: [
      { name: 'Iracema Dourado', document: '52998224725', phone: '+5511987650001' },
      { name: 'Jacira Dourado', document: '11144477735', phone: '+5511987650002' },
    ],
  },
  {
    campaignId: LUA_CAMPAIGN,
    debtors: [
      { name: 'Benedito Prateado', document: '39053344705', phone: '+5521976541003' },
      { name: 'Zulmira Prateado', document: '16899535009', phone: '+5521976541004' },
      { name: 'Zenaide Prateado', document: '71428793860', phone: '+5521976541007' },
    ],
  },
  {
    campaignId: JOINT_CAMPAIGN,
    debtors: [
      { name: 'Ubirajara Penumbra', document: '12345678909', phone: '+5531965432105' },
      { name: 'Eulália Penumbra', document: '98765432100', phone: '+5531965432106' },
    ],
  },
];

const REFUSING: readonly string[] = DEBTORS.map(({ debtors: [refusing] }) => refusing.phone);

/** Texts by which one would know a person or campaign of Lua, or of the joint campaign. */
export function wordsOfOthers(): RegExp {
  const people = DEBTORS.filter(({ campaignId }) => campaignId !== SOL_CAMPAIGN).flatMap(
    ({ debtors }) => debtors,
  );
  const words = people.flatMap(({ name, document, phone }) => [
    ...name.split(' '),
    document,
    phone.slice(3),
    // As they are masked.
    `${document.slice(3, 6)}\\.${document.slice(6, 9)}`,
    `\\*-${phone.slice(-4)}`,
  ]);
  return new RegExp(
    [...words, 'Lunar', 'Conjunta', 'lista dos outros', LUA_CAMPAIGN, JOINT_CAMPAIGN].join('|'),
    'gu',
  );
}

export function floorOfTwo(more: WorldOptions = {}): WorldOptions {
  return {
    agents: AGENTS.length,
    debtors: 0,
    // Campaigns that dial by forecast and share an agent are planned together.
    campaign: { pacing: { mode: 'predictive', linesMax: 200 } },
    // One for each area that is called: refusals make a number rest.
    callerIds: [
      { id: 'callerid_rio', number: '+552133334444', areaCode: '21' },
      { id: 'callerid_minas', number: '+553133334444', areaCode: '31' },
    ],
    isAssigned: (n, campaignId) => AGENTS[n - 1]?.includes(campaignId) ?? false,
    behaviour: ({ phone }) => (REFUSING.includes(phone) ? UNWANTED : PERSON_STAYS),
    ...more,
    async prepare(storage) {
      await setUp(storage);
      await more.prepare?.(storage);
    },
  };
}

async function setUp(storage: Storage): Promise<void> {
  const [first] = await storage.store.read((view) => view.campaigns());
  const like = (campaign: Partial<Campaign>): Campaign => ({
    ...present(first, 'the floor has a campaign'),
    ...campaign,
  });
  await storage.setUp(async (tx) => {
    await tx.saveCreditor({ id: LUA, name: 'Banco Lua', cnpj: '60701190000104' });
    await tx.savePortfolio({ id: 'portfolio_lua', creditorId: LUA, name: 'Cartões' });
    await tx.saveCampaign(
      like({
        ...{ id: LUA_CAMPAIGN, name: 'Lunar 90+', portfolioId: 'portfolio_lua' },
        creditorIds: [LUA],
      }),
    );
    await tx.saveCampaign(like({ id: JOINT_CAMPAIGN, name: 'Conjunta', creditorIds: [SOL, LUA] }));
    for (const [index, campaignIds] of AGENTS.entries()) {
      for (const campaignId of campaignIds) {
        await tx.saveAssignment({ campaignId, agentId: `user_agent${index + 1}` }, true);
      }
    }
  });
  for (const { campaignId, debtors } of DEBTORS) await importInto(storage, campaignId, debtors);
}

async function importInto(
  { lists }: Storage,
  campaignId: CampaignId,
  debtors: readonly Debtor[],
): Promise<void> {
  const listId = listOf(campaignId);
  const name = campaignId === SOL_CAMPAIGN ? 'lista de Sol' : 'lista dos outros';
  await lists.begin({ listId, campaignId, name, origin: 'csv-upload', startedAt: MONDAY_10H });
  const rows = debtors.map(({ name, document, phone }, index) => {
    const parsed = importRow({
      ...{ nome: name, cpf: document, nascimento: '10/03/1970', cep: '01310100' },
      ...{ contrato: `A-${document}`, parcela: '1', vencimento: '10/10/2026', valor: '150,00' },
      // The joint campaign's are debtors of Sol.
      ...(campaignId === JOINT_CAMPAIGN ? { credor: 'Lojas Sol' } : {}),
      prioridade: REFUSING.includes(phone) ? '9' : '1',
      fone1: phone,
    });
    if (!parsed.ok) throw new Error(`${parsed.code} ${parsed.reason}`);
    return { index, ok: true as const, row: parsed.row };
  });
  const refused = {
    index: rows.length,
    ok: false,
    code: 'no-name',
    reason: `${name}: sem nome`,
  } as const;
  const results = await lists.importRows(listId, [...rows, refused], MONDAY_10H);
  if (results.filter(({ status }) => status === 'rejected').length > 1) {
    throw new Error(JSON.stringify(results));
  }
  await lists.finish(listId, MONDAY_10H);
}

export function listOf(campaignId: CampaignId): `list_${string}` {
  return `list_${campaignId.slice('campaign_'.length)}`;
}

/**
 * In each campaign a telephone refuses us, and a call ends without its disposition. Then agent 5, who
 * works for both, talks with a debtor of Lua.
 */
export async function anHourOfCalls(world: World): Promise<void> {
  for (const n of [1, 2, 3]) {
    const call = await talkOf(world, n);
    world.network.debtorHangsUp(call.legId);
  }
  await world.pass(30_100 + 120_000);
  await talkOf(world, 5);
}

async function talkOf(world: World, n: number): Promise<Call> {
  const agentId = world.agentId(n);
  const opened = await world.ask(n, { kind: 'open-shift', pageId: 'page' });
  if (!opened.ok || !opened.headset) throw new Error(`agent ${n} could not begin a shift`);
  world.network.browserCallsIn(opened.headset.headsetId);
  await world.pass(10);
  await world.ask(n, { kind: 'go-available' });
  const call = () => world.engine.desk(agentId).call?.call;
  await world.until(`agent ${n} talks`, () => call()?.state.kind === 'talking', 60_000);
  return present(call(), 'they talk');
}
