import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type DemoResult,
  demoUsers,
  demoVisitors,
  insertDemoUsers,
  loadDemoData,
} from '../../scripts/demo/data.ts';
import { scriptProblemSentence } from '../../src/domain/campaigns/script.ts';
import type { LeadCandidate } from '../../src/engine/ports/records.ts';
import { parseDocument } from '../../src/lib/br-document.ts';
import { parsePhone } from '../../src/lib/phone-number.ts';
import { randomStream } from '../../src/lib/random.ts';
import { DAY_MS } from '../../src/lib/time.ts';
import { NOON, openTestStorage, type TestStorage } from '../support/store.ts';

const CARDS = 'campaign_demo-cards';
const RETAIL = 'campaign_demo-retail';

describe('the demonstration', () => {
  let storage: TestStorage;
  let result: DemoResult;

  const load = (port: number) =>
    loadDemoData(storage, {
      now: NOON,
      random: randomStream(7, 'demo'),
      carrier: { host: '127.0.0.2', port },
      dialerSipPort: 5060,
    });

  beforeAll(async () => {
    storage = await openTestStorage();
    result = await load(5070);
  });

  afterAll(async () => {
    await storage.dispose();
  });

  it('is loaded once, and follows the carrier to another port', async () => {
    expect(result).toMatchObject({ loaded: true, debtors: 602 });
    expect(await load(5999)).toMatchObject({ loaded: false });
    expect(await storage.lists.lists(CARDS)).toHaveLength(1);
    expect(await storage.store.read((view) => view.trunks())).toMatchObject([
      { host: '127.0.0.2', port: 5999, simulated: true, channelsMax: 60, callsPerSecondMax: 20 },
    ]);
  });

  it('has scripts that the server can fill', async () => {
    for (const { script } of await storage.store.read((view) => view.campaigns())) {
      expect(scriptProblemSentence(script)).toBeUndefined();
      expect(script).toContain('{devedor}');
    }
  });

  it('accounts for every row of its lists, including the faulty ones', async () => {
    const records = [...(await storage.lists.lists(CARDS)), ...(await storage.lists.lists(RETAIL))];
    for (const { totals } of records) {
      const { read, created, updated, unchanged, rejected } = totals;
      expect(created + updated + unchanged + rejected).toBe(read);
      expect(rejected).toBe(4);
    }
    const codes = records.flatMap((record) => record.rejections.map((it) => it.code));
    expect(new Set(codes)).toEqual(new Set(['document-invalid', 'no-valid-phone']));
  });

  it('has debtors with valid documents, and only two with a number of the simulated carrier', async () => {
    const everybody = await candidates();
    const debtors = new Map(everybody.map(({ debtor }) => [debtor.id, debtor]));
    const funnels = await storage.store.read(async (view) => [
      await view.leadFunnel(CARDS, NOON),
      await view.leadFunnel(RETAIL, NOON),
    ]);
    const suppressed = funnels.reduce((sum, funnel) => sum + funnel.suppressed, 0);
    // Fifty debtors owe both creditors.
    expect(everybody.length + suppressed).toBe(652);
    expect(everybody.length - debtors.size).toBeGreaterThan(40);
    for (const { document, birthDate, addresses } of debtors.values()) {
      const read = parseDocument(document ?? '');
      expect(read).toMatchObject({ ok: true });
      // Each person can be asked on the telephone who they are.
      expect(birthDate !== undefined).toBe(read.ok && read.kind === 'cpf');
      expect(addresses[0]?.postalCode).toMatch(/^\d{8}$/);
    }
    expect(
      [...debtors.values()].filter(({ document }) => document?.length === 14).length,
    ).toBeGreaterThan(20);
    const names = [...debtors.values()].map(({ name }) => name);
    expect(Math.max(...names.map((name) => name.length))).toBeGreaterThan(100);
    const numbers = everybody.flatMap(({ phones }) => phones.map((phone) => phone.number));
    expect(new Set(numbers.filter((number) => /00\d\d$/.test(number)))).toEqual(
      new Set(demoVisitors.map(({ phone }) => phone)),
    );
    expect(new Set(numbers.map((number) => number.slice(3, 5))).size).toBeGreaterThan(12);
  });

  it('shows caller IDs that are valid numbers held by the company that calls', async () => {
    await storage.store.read(async (view) => {
      const [office] = await view.legalEntities();
      const own = await view.callerIds();
      expect(own).toHaveLength(12);
      for (const { number, holderEntityId, areaCode, trunkIds } of own) {
        expect(parsePhone(number)).toMatchObject({ ok: true, kind: 'fixed', areaCode });
        expect(holderEntityId).toBe(office?.id);
        expect(trunkIds).toEqual(['trunk_demo']);
      }
      for (const { cnpj } of [...(await view.creditors()), ...(await view.legalEntities())]) {
        expect(parseDocument(cnpj)).toMatchObject({ ok: true, kind: 'cnpj', digits: cnpj });
      }
    });
  });

  it('has one campaign that runs, agents in both, and leads that are held for a reason', async () => {
    await storage.store.read(async (view) => {
      const campaigns = await view.campaigns();
      expect(campaigns.map(({ state, pacing }) => [state, pacing.mode])).toEqual([
        ['running', 'predictive'],
        ['paused', 'ratio'],
      ]);
      const assignments = await view.assignments();
      const loginsOf = (id: string) =>
        assignments
          .filter(({ campaignId }) => campaignId === id)
          .map(({ agentId }) => agentId.replace('user_demo-', ''));
      expect(loginsOf(CARDS)).toEqual(['ana', 'bruno', 'carla']);
      expect(loginsOf(RETAIL)).toEqual(['ana', 'bruno', 'diego']);
      const funnel = await view.leadFunnel(CARDS, NOON);
      expect(funnel.held.map(({ reason }) => reason).sort()).toEqual(['callback', 'promise']);
      expect(funnel.suppressed).toBeGreaterThan(0);
      expect(funnel.due).toBeGreaterThan(300);
    });
  });

  it("dials the visitor's telephone first", async () => {
    const [first] = await storage.store.read((view) =>
      view.dialableLeads({ campaignId: CARDS, now: NOON, limit: 1, exceptDebtors: [] }),
    );
    expect(first?.phones.map((phone) => phone.number)).toEqual([demoVisitors[0].phone]);
  });

  it('gives debtors a past on every channel, with promises kept, broken and open', async () => {
    const everybody = await candidates();
    const channels = new Set<string>();
    const promises = new Set<string>();
    await storage.store.read(async (view) => {
      const creditorIds = (await view.creditors()).map((creditor) => creditor.id);
      for (const { debtor } of everybody) {
        const file = await view.debtorFile(debtor.id, creditorIds, NOON);
        for (const contact of file?.contacts ?? []) {
          channels.add(contact.channel);
          expect(contact.at).toBeLessThan(NOON);
        }
        for (const promise of file?.promises ?? []) promises.add(promise.state);
        expect(file?.contracts.length).toBeGreaterThan(0);
        for (const contract of file?.contracts ?? []) {
          expect(contract.instalments.length).toBeGreaterThan(0);
        }
      }
    });
    expect(channels).toEqual(new Set(['voice', 'sms', 'email', 'whatsapp', 'letter', 'bureau']));
    expect(promises).toEqual(new Set(['kept', 'broken', 'open']));
  });

  it('adds its users once, each with a password of their own', async () => {
    const hashOf = (login: string) => `hash-of-${login}`;
    await insertDemoUsers(storage.accounts, hashOf);
    await insertDemoUsers(storage.accounts, () => 'another');
    const users = await storage.accounts.users();
    expect(users.map(({ login }) => login).sort()).toEqual(
      demoUsers.map(({ login }) => login).sort(),
    );
    expect(await storage.accounts.userByLogin('diego')).toMatchObject({
      role: 'agent',
      passwordHash: 'hash-of-diego',
    });
  });

  /** All leads except the few that are suppressed. */
  async function candidates(): Promise<readonly LeadCandidate[]> {
    return storage.store.read(async (view) => {
      const query = { now: NOON + 30 * DAY_MS, limit: 10_000, exceptDebtors: [] };
      const cards = await view.dialableLeads({ ...query, campaignId: CARDS });
      const retail = await view.dialableLeads({ ...query, campaignId: RETAIL });
      return [...cards, ...retail];
    });
  }
});
