import { beforeEach, describe, expect, it } from 'vitest';
import type { AuditWanted } from '../../src/engine/ports/audit.ts';
import {
  type DoorView,
  HOUSE,
  REACH,
  type Scope,
  ScopeRefused,
} from '../../src/engine/ports/scope.ts';
import { present } from '../../src/lib/assert.ts';
import { aRowOf, BANK, importAll, NOON, RETAIL_CAMPAIGN, SHOP, stored } from '../support/store.ts';
import { aCall, type Current, place, settled } from '../support/store-records.ts';

const OF_BANK: Scope = { kind: 'creditors', creditorIds: [BANK.id] };
const OF_SHOP: Scope = { kind: 'creditors', creditorIds: [SHOP.id] };
const OF_BOTH: Scope = { kind: 'creditors', creditorIds: [BANK.id, SHOP.id] };
const OF_NOBODY: Scope = { kind: 'creditors', creditorIds: [] };
const OWN: Scope = { kind: 'own', agentId: 'user_1' };

/** Every query that a door may ask, about the bank's campaign where it needs one. */
const ASKED: { readonly [Query in keyof DoorView]: (view: DoorView) => Promise<unknown> } = {
  auditEntries: (view) => view.auditEntries(10),
  screeningCounts: (view) => view.screeningCounts('campaign_1', NOON),
  screeningTimes: (view) => view.screeningTimes('campaign_1', NOON),
  settingVersions: (view) => view.settingVersions('campaign', 'campaign_1', 10),
  undisposedCalls: (view) => view.undisposedCalls(10),
  unwantedPhones: (view) => view.unwantedPhones(NOON),
};

export function scopes(current: Current): void {
  describe('what a door reads', () => {
    // A call without a disposition, and a telephone that marked us as unwanted, for each of two
    // creditors.
    beforeEach(async () => {
      for (const [index, campaignId] of (['campaign_1', 'campaign_2'] as const).entries()) {
        const { results } = await importAll(current().lists, [aRowOf(index + 1)], { campaignId });
        const { leadId, debtorId } = stored(results[0]);
        const callId = `call_${index}` as const;
        await current().setUp(async (tx) => {
          const attempt = await place(tx, present(await tx.lead(leadId), 'stored'), index);
          await tx.settleAttempt(settled(attempt, { outcome: 'unwanted' }));
          await tx.saveCall(aCall({ id: callId, campaignId, leadId, debtorId }));
          await tx.listUndisposedCall({ callId, campaignId, at: NOON });
          const form = { promiseValue: '', confirmedValue: '', promiseDate: '' };
          const draft = {
            ...{ agentId: 'user_1' as const, revision: 1, at: NOON, note: `em ${campaignId}` },
            form: { ...form, callbackDate: '', callbackHour: '' },
          };
          await tx.saveNegotiationDraft({ callId, debtorId, draft });
          await tx.insertBlock({
            id: `block_${index}`,
            scope: 'phone',
            phone: attempt.phone,
            reason: 'unwanted',
            effectiveFrom: NOON,
            callId,
            at: NOON,
          });
        });
      }
    });

    const read = <T>(scope: Scope, query: (view: DoorView) => Promise<T>) =>
      current().scoped.read(scope, query);
    const undisposed = async (scope: Scope) =>
      (await read(scope, (view) => view.undisposedCalls(10))).map(({ callId }) => callId).sort();
    const unwanted = async (scope: Scope) =>
      (await read(scope, (view) => view.unwantedPhones(NOON))).map(({ blockId }) => blockId).sort();

    it('covers all creditors for the house, and only their own for users with creditors', async () => {
      expect(await undisposed(HOUSE)).toEqual(['call_0', 'call_1']);
      expect(await undisposed(OF_BOTH)).toEqual(['call_0', 'call_1']);
      expect(await undisposed(OF_BANK)).toEqual(['call_0']);
      expect(await undisposed(OF_SHOP)).toEqual(['call_1']);
      expect(await undisposed(OF_NOBODY)).toEqual([]);
      expect(await unwanted(HOUSE)).toEqual(['block_0', 'block_1']);
      expect(await unwanted(OF_BANK)).toEqual(['block_0']);
      expect(await unwanted(OF_SHOP)).toEqual(['block_1']);
      expect(await unwanted(OF_NOBODY)).toEqual([]);
    });

    it('names nothing of another creditor', async () => {
      const all = await read(OF_BANK, async (view) => [
        await view.undisposedCalls(10),
        await view.unwantedPhones(NOON),
      ]);
      expect(JSON.stringify(all)).toContain('em campaign_1');
      expect(JSON.stringify(all)).not.toMatch(/campaign_2|Guaçu|Crediário|Devedor 2/);
    });

    it('is refused for a campaign that collects for another creditor, or that does not exist', async () => {
      const counts = (scope: Scope, id: `campaign_${string}`) =>
        read(scope, (view) => view.screeningCounts(id, NOON));
      expect(await counts(OF_BANK, 'campaign_1')).toMatchObject({ machine: 0 });
      await expect(counts(OF_BANK, 'campaign_2')).rejects.toBeInstanceOf(ScopeRefused);
      await expect(counts(OF_BANK, 'campaign_9')).rejects.toBeInstanceOf(ScopeRefused);
      const times = read(OF_SHOP, (view) => view.screeningTimes('campaign_1', NOON));
      await expect(times).rejects.toMatchObject({ what: 'screeningTimes' });
    });

    it('has a declared reach for every query, and doors have no other query', async () => {
      const queries = await current().store.read(async (view) => Object.keys(view));
      expect(Object.keys(REACH).sort()).toEqual(queries.sort());
      const forDoors = Object.entries(REACH).flatMap(([query, reach]) =>
        reach === 'engine' ? [] : [query],
      );
      const ofDoors = await read(HOUSE, async (view) => Object.keys(view));
      expect(ofDoors.sort()).toEqual(forDoors.sort());
      expect(Object.keys(ASKED).sort()).toEqual(forDoors.sort());
    });

    it.each(Object.entries(ASKED))(
      '%s is answered to the house, never to an agent',
      async (...of) => {
        const [query, ask] = of;
        await read(HOUSE, ask);
        await expect(read(OWN, ask)).rejects.toMatchObject({ name: 'ScopeRefused', what: query });
      },
    );

    it('includes a joint campaign only for users with all of its creditors', async () => {
      await current().setUp((tx) =>
        tx.saveCampaign({ ...RETAIL_CAMPAIGN, creditorIds: [SHOP.id, BANK.id] }),
      );
      // Although the debtor of the call is also one of the shop's.
      expect(await undisposed(OF_SHOP)).toEqual([]);
      expect(await unwanted(OF_SHOP)).toEqual([]);
      expect(await undisposed(OF_BOTH)).toEqual(['call_0', 'call_1']);
      expect(await unwanted(OF_BOTH)).toEqual(['block_0', 'block_1']);
      const counts = (scope: Scope) =>
        read(scope, (view) => view.screeningCounts('campaign_2', NOON));
      await expect(counts(OF_SHOP)).rejects.toBeInstanceOf(ScopeRefused);
      expect(await counts(OF_BOTH)).toMatchObject({ machine: 0 });
    });

    it('includes the audit trail of their campaigns, with lists, calls, telephones and requests', async () => {
      const rows = [
        ['campaign', 'campaign_1'],
        ['campaign', 'campaign_2'],
        ['call', 'call_0'],
        ['call', 'call_1'],
        ['block', 'block_0'],
        ['block', 'block_1'],
        ['approval', 'block_0'],
        ['approval', 'block_1'],
        ['agent', 'user_1'],
        ['debtor', 'debtor_1'],
        ['user', 'user_1'],
      ] as const;
      await current().setUp(async (tx) => {
        for (const [subject, subjectId] of rows) {
          await tx.insertAudit({ at: NOON, subject, subjectId, change: 'x' });
        }
      });
      const found = async (scope: Scope, wanted: AuditWanted = {}) => {
        const entries = await read(scope, (view) => view.auditEntries(50, wanted));
        return entries
          .filter(({ change }) => change === 'x')
          .map(({ subject, subjectId }) => `${subject} ${subjectId}`)
          .reverse();
      };
      expect(await found(HOUSE)).toHaveLength(rows.length);
      const ofBank = ['campaign campaign_1', 'call call_0', 'block block_0', 'approval block_0'];
      expect(await found(OF_BANK)).toEqual(ofBank);
      expect(await found(OF_NOBODY)).toEqual([]);
      expect(await found(OF_BANK, { subjects: ['agent', 'call'] })).toEqual(['call call_0']);
      const imports = await read(OF_BANK, (view) => view.auditEntries(50, { subjects: ['list'] }));
      const all = await read(HOUSE, (view) => view.auditEntries(50, { subjects: ['list'] }));
      expect(imports).toHaveLength(all.length / 2);
      for (const subjects of [['user'], ['session', 'token'], ['debtor']] as const) {
        await expect(found(OF_BOTH, { subjects })).rejects.toMatchObject({ what: 'auditEntries' });
      }
    });
  });
}
