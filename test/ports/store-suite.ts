import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPacer, type PacingSettings } from '../../src/domain/pacing/pacer.ts';
import type { AuditWanted } from '../../src/engine/ports/audit.ts';
import type { NewSettingVersion } from '../../src/engine/ports/records.ts';
import { StoreError } from '../../src/engine/ports/store.ts';
import type { CampaignId } from '../../src/lib/ids.ts';
import {
  aCallerId,
  aCampaign,
  aTrunk,
  BANK,
  CARDS,
  ENTITY,
  insertOperation,
  NOON,
  RETAIL,
  RETAIL_CAMPAIGN,
  SHOP,
  type TestStorage,
} from '../support/store.ts';
import { aCall, aContact, aFact, aShiftRecord, type Current } from '../support/store-records.ts';
import { approvals } from './store-suite-approvals.ts';
import { capsHistory } from './store-suite-caps.ts';
import { commits } from './store-suite-commits.ts';
import { drafts } from './store-suite-drafts.ts';
import { leadsToDial } from './store-suite-leads.ts';
import { needs } from './store-suite-needs.ts';
import { scopes } from './store-suite-scope.ts';
import { screens } from './store-suite-screens.ts';
import { sealing } from './store-suite-sealing.ts';

const PREDICTIVE: PacingSettings = {
  mode: 'predictive',
  abandonment: {
    rateMax: 0.03,
    waitMaxMs: 2_000,
    clockStart: 'answered',
    earlyHangUpCounts: false,
  },
  ringTimeoutMs: 30_000,
};

export function storeSuite(name: string, open: () => Promise<TestStorage>): void {
  describe(`the store (${name})`, () => {
    let storage: TestStorage;

    beforeEach(async () => {
      storage = await open();
      await insertOperation(storage);
    });

    afterEach(async () => {
      await storage.dispose();
    });

    transactions(
      () => storage,
      (next) => {
        storage = next;
      },
    );
    commits(() => storage);
    needs(() => storage);
    whatTheEngineRemembers(() => storage);
    leadsToDial(() => storage);
    capsHistory(() => storage);
    screens(() => storage);
    sealing(() => storage);
    drafts(() => storage);
    approvals(() => storage);
    scopes(() => storage);
  });
}

function transactions(current: Current, replace: (storage: TestStorage) => void): void {
  describe('transactions', () => {
    it('leave nothing behind when they throw, and pass the error on', async () => {
      const thrown = new Error('changed my mind');
      const transaction = current().setUp(async (tx) => {
        await tx.appendFacts('engine', [aFact(1)]);
        await tx.saveCall(aCall());
        throw thrown;
      });
      await expect(transaction).rejects.toBe(thrown);
      const left = await current().store.read(async (view) => [
        await view.lastFactSequence('engine'),
        await view.liveCalls(),
      ]);
      expect(left).toEqual([0, []]);
    });

    it('leave nothing behind when the database refuses one of their writes', async () => {
      await current().setUp((tx) => tx.appendFacts('engine', [aFact(1)]));
      const transaction = current().setUp(async (tx) => {
        await tx.saveCall(aCall());
        await tx.appendFacts('engine', [aFact(1)]);
      });
      await expect(transaction).rejects.toMatchObject({
        name: 'StoreError',
        code: 'commit-failed',
      });
      expect(await current().store.read((view) => view.liveCalls())).toEqual([]);
    });

    it('refuse at the commit a reference to something that is not stored', async () => {
      const transaction = current().setUp((tx) => tx.saveContact(aContact('debtor_unknown')));
      await expect(transaction).rejects.toBeInstanceOf(StoreError);
      await current().setUp((tx) => tx.appendFacts('engine', [aFact(1)]));
      expect(await current().store.read((view) => view.lastFactSequence('engine'))).toBe(1);
    });

    it('survive closing and opening the store', async () => {
      await current().setUp((tx) => tx.appendFacts('engine', [aFact(1), aFact(2)]));
      const reopened = await current().reopen();
      replace(reopened);
      expect(await reopened.store.read((view) => view.lastFactSequence('engine'))).toBe(2);
    });

    it('commit one after another in the order in which they were asked for', async () => {
      await Promise.all(
        Array.from({ length: 30 }, (_, place) =>
          current().setUp(async (tx) => {
            const last = await tx.lastFactSequence('engine');
            await Promise.resolve();
            await tx.appendFacts('engine', [aFact(last + 1, { at: place })]);
          }),
        ),
      );
      const facts = await current().store.read((view) =>
        view.facts({ stream: 'engine', after: 0, limit: 100 }),
      );
      expect(facts.map((fact) => fact.at)).toEqual(Array.from({ length: 30 }, (_, at) => at));
    });

    it('do not show in a read that began before their commit', async () => {
      const seen = await current().store.read(async (view) => {
        const before = await view.lastFactSequence('engine');
        await current().setUp((tx) => tx.appendFacts('engine', [aFact(1)]));
        return [before, await view.lastFactSequence('engine')];
      });
      expect(seen).toEqual([0, 0]);
      expect(await current().store.read((view) => view.lastFactSequence('engine'))).toBe(1);
    });

    it('do not keep a read waiting while they are open', async () => {
      const seen = await current().setUp(async (tx) => {
        await tx.appendFacts('engine', [aFact(1)]);
        const outside = await current().store.read((view) => view.lastFactSequence('engine'));
        return [outside, await tx.lastFactSequence('engine')];
      });
      expect(seen).toEqual([0, 1]);
    });
  });
}

function whatTheEngineRemembers(current: Current): void {
  describe('what the engine remembers', () => {
    it('returns every live call in its saved state, and no ended one', async () => {
      const since = NOON;
      const bridged = { since, agentId: 'user_1', bridgeId: 'bridge_1' } as const;
      const live = [
        aCall({ id: 'call_a' }),
        aCall({ id: 'call_b', state: { kind: 'ringing', since }, rang: true }),
        aCall({ id: 'call_c', state: { kind: 'waiting', since }, answeredAt: since }),
        aCall({ id: 'call_d', state: { kind: 'connecting', ...bridged }, version: 7 }),
        aCall({ id: 'call_e', state: { kind: 'talking', ...bridged }, agentId: 'user_1' }),
        aCall({ id: 'call_f', state: { kind: 'stranded', ...bridged, seeking: true } }),
        aCall({
          id: 'call_g',
          state: { kind: 'announcing', since, because: 'nobody-free' },
          abandonment: 'limit',
          hangUpIntent: 'after-announcement',
        }),
      ];
      const ended = aCall({
        id: 'call_h',
        state: { kind: 'ended', at: NOON, outcome: 'busy', hungUpBy: 'network' },
      });
      await current().setUp(async (tx) => {
        for (const call of [...live, ended]) await tx.saveCall(call);
      });
      expect(await current().store.read((view) => view.liveCalls())).toEqual(live);
      expect(await current().store.read((view) => view.call('call_h'))).toEqual(ended);
      expect(await current().store.read((view) => view.call('call_z'))).toBeUndefined();
    });

    it('keeps only the newest state of a call that is saved again', async () => {
      const ended = aCall({
        state: { kind: 'ended', at: NOON + 9, outcome: 'person', hungUpBy: 'debtor' },
        version: 5,
      });
      await current().setUp((tx) => tx.saveCall(aCall()));
      await current().setUp((tx) => tx.saveCall(ended));
      const seen = await current().store.read(async (view) => [
        await view.liveCalls(),
        await view.call('call_1'),
      ]);
      expect(seen).toEqual([[], ended]);
    });

    it('keeps the newest of what each campaign learned, with the fact it reaches up to', async () => {
      const pacer = createPacer(PREDICTIVE);
      const learnedAt = (factSequence: number, campaignId: CampaignId, schemaVersion = 2) => {
        const [callId, placedAt, at] = [`call_${factSequence}`, NOON, NOON + 9_500];
        const seen = { kind: 'setup-ended', callId, placedAt, at, outcome: 'person' } as const;
        pacer.observe({ ...seen, campaignId });
        const learned = pacer.toJSON().campaigns[campaignId] ?? {};
        return { campaignId, schemaVersion, factSequence, learned };
      };
      const cards = aCampaign({ id: 'campaign_cards', name: 'Cards' });
      await current().setUp((tx) => tx.saveCampaign(cards));
      const [first, second, third] = [
        learnedAt(7, RETAIL_CAMPAIGN.id),
        learnedAt(9, cards.id, 3),
        learnedAt(12, RETAIL_CAMPAIGN.id),
      ];
      expect(await current().store.read((view) => view.pacerStates())).toEqual([]);
      await current().setUp(async (tx) => {
        await tx.savePacerState(first, NOON);
        await tx.savePacerState(second, NOON);
      });
      await current().setUp((tx) => tx.savePacerState(third, NOON + 10_000));
      const found = await current().store.read((view) => view.pacerStates());
      const byId = new Map(found.map((one) => [one.campaignId, one]));
      expect(found).toHaveLength(2);
      expect(byId.get(cards.id)).toEqual(JSON.parse(JSON.stringify(second)));
      expect(byId.get(RETAIL_CAMPAIGN.id)).toEqual(JSON.parse(JSON.stringify(third)));
    });

    it('returns open shifts with their headsets, and no ended one', async () => {
      const open = aShiftRecord({
        activity: {
          kind: 'wrapping-up',
          since: NOON,
          callId: 'call_1',
          until: NOON + 1,
          disposed: false,
          extended: true,
        },
        pauseAsked: 'meal',
      });
      const over = aShiftRecord({ id: 'shift_2' });
      await current().setUp(async (tx) => {
        await tx.saveShift(open);
        await tx.saveShift(over);
        await tx.saveShift({
          ...over,
          shift: {
            ...over.shift,
            activity: { kind: 'ended', at: NOON, because: 'signed-out' },
          },
        });
      });
      expect(await current().store.read((view) => view.openShifts())).toEqual([open]);
    });

    it('returns campaigns, trunks and numbers as they were saved', async () => {
      const campaign = aCampaign({
        creditorIds: [SHOP.id, BANK.id],
        fallbackCallerIdId: 'callerid_1',
        pacing: { mode: 'ratio', ratio: 1.5, linesMax: 12 },
        abandonmentMessage: { text: 'Olá. Ligaremos de novo.', soundFile: 'mensagem-a' },
        script: '{Saudacao}.\nFalo com a senhora {devedor}?',
        weight: 0.5,
      });
      const trunk = aTrunk({
        authentication: { username: 'u', password: 'p' },
        numberFormat: { kind: 'zero-carrier', carrierCode: '15' },
        causeOverrides: { 480: 'invalid-number' },
        fromDomain: 'sip.example',
        callsPerSecondMax: 0.5,
      });
      const national = aCallerId({
        id: 'callerid_2',
        number: '+558007771234',
        kind: 'national',
        validTo: NOON,
      });
      const { areaCode: _, ...callerId } = national;
      await current().setUp(async (tx) => {
        await tx.saveCampaign(campaign);
        await tx.saveTrunk(trunk);
        await tx.saveCallerId(callerId);
        await tx.saveCallerId(aCallerId({ trunkIds: [], status: 'suspended' }));
      });
      await current().store.read(async (view) => {
        expect(await view.campaigns()).toEqual([campaign, RETAIL_CAMPAIGN]);
        expect(await view.trunks()).toEqual([trunk]);
        expect(await view.callerIds()).toEqual([
          aCallerId({ trunkIds: [], status: 'suspended' }),
          callerId,
        ]);
        expect(await view.legalEntities()).toEqual([ENTITY]);
        expect(await view.creditors()).toEqual([BANK, SHOP]);
        expect(await view.portfolios()).toEqual([CARDS, RETAIL]);
      });
    });

    it('keeps an assignment once, until it is taken back', async () => {
      const both = [
        { campaignId: 'campaign_1', agentId: 'user_1' },
        { campaignId: 'campaign_1', agentId: 'user_2' },
      ] as const;
      await current().setUp(async (tx) => {
        for (const one of [...both, both[0]]) await tx.saveAssignment(one, true);
      });
      expect(await current().store.read((view) => view.assignments())).toEqual(both);
      await current().setUp((tx) => tx.saveAssignment(both[0], false));
      expect(await current().store.read((view) => view.assignments())).toEqual([both[1]]);
    });

    it('returns facts in their order, from any point on', async () => {
      const facts = [1, 2, 3, 4].map((sequence) =>
        aFact(sequence, {
          callId: 'call_1',
          campaignId: 'campaign_1',
          agentId: 'user_1',
          body: { kind: 'call-answered', ringMs: sequence * 1_000 },
        }),
      );
      await current().setUp((tx) => tx.appendFacts('engine', facts));
      const page = await current().store.read((view) =>
        view.facts({ stream: 'engine', after: 1, limit: 2 }),
      );
      expect(page).toEqual(facts.slice(1, 3));
    });

    it('returns the newest audit entries first', async () => {
      await current().setUp(async (tx) => {
        for (const change of ['state', 'ratio', 'lines']) {
          await tx.insertAudit({
            at: NOON,
            byUserId: 'user_1',
            subject: 'campaign',
            subjectId: 'campaign_1',
            change,
            from: 'a',
          });
        }
      });
      const entries = await current().store.read((view) => view.auditEntries(2));
      expect(entries.map((entry) => entry.change)).toEqual(['lines', 'ratio']);
    });

    it("keeps a campaign's settings version by version", async () => {
      const of = { subject: 'campaign', subjectId: 'campaign_1', at: NOON } as const;
      const second = {
        ...of,
        byUserId: 'user_1',
        because: 'Fila longa',
        settings: { linesMax: 9 },
      };
      await current().setUp(async (tx) => {
        await tx.addSettingVersion({ ...of, settings: { linesMax: 5 } });
        await tx.addSettingVersion({ ...of, subjectId: 'campaign_2', settings: {} });
        await tx.addSettingVersion(second as NewSettingVersion);
      });
      const { versions, newest } = await current().store.read(async (view) => ({
        versions: await view.settingVersions('campaign', 'campaign_1', 9),
        newest: await view.newestSettingVersions('campaign'),
      }));
      expect(versions).toMatchObject([
        { ...second, version: 2 },
        { ...of, version: 1, settings: { linesMax: 5 } },
      ]);
      expect([...newest]).toEqual([
        ['campaign_1', 2],
        ['campaign_2', 1],
      ]);
    });

    it('returns audit entries of a kind, a person or a day, page by page', async () => {
      const rows = [
        { at: NOON, byUserId: 'user_1', subject: 'session', subjectId: 'user_1', change: 'a' },
        { at: NOON + 10, subject: 'session', subjectId: 'user_1', change: 'b' },
        { at: NOON + 20, byUserId: 'user_2', subject: 'campaign', subjectId: 'x', change: 'c' },
        { at: NOON + 30, byUserId: 'user_2', subject: 'list', subjectId: 'x', change: 'd' },
      ] as const;
      await current().setUp(async (tx) => {
        for (const row of rows) await tx.insertAudit(row);
      });
      const changes = async (limit: number, wanted: AuditWanted) => {
        const found = await current().store.read((view) => view.auditEntries(limit, wanted));
        return found.map(({ change }) => change).join('');
      };
      expect(await changes(9, { subjects: ['session', 'list'] })).toBe('dba');
      expect(await changes(9, { userId: 'user_1' })).toBe('ba');
      expect(await changes(9, { from: NOON + 10, before: NOON + 30 })).toBe('cb');
      const [, second] = await current().store.read((view) => view.auditEntries(2));
      expect(await changes(9, { olderThanId: second?.id ?? 0 })).toBe('ba');
    });
  });
}
