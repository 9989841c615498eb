import { beforeEach, describe, expect, it } from 'vitest';
import type { NegotiationDraft } from '../../src/domain/negotiations/negotiation.ts';
import type { Change } from '../../src/engine/ports/commit.ts';
import type { CallId, DebtorId } from '../../src/lib/ids.ts';
import { DAY_MS } from '../../src/lib/time.ts';
import { aRowOf, importAll, NOON, stored } from '../support/store.ts';
import { aCall, aCommit, type Current } from '../support/store-records.ts';

export function drafts(current: Current): void {
  describe('what an agent has typed of a call', () => {
    const debtorIds: DebtorId[] = [];

    beforeEach(async () => {
      const { results } = await importAll(current().lists, [aRowOf(1), aRowOf(2)]);
      debtorIds.length = 0;
      await current().setUp(async (tx) => {
        for (const [index, result] of results.entries()) {
          const { debtorId, leadId } = stored(result);
          const id = `call_${index}` as const;
          debtorIds.push(debtorId);
          await tx.saveCall(aCall({ id, debtorId, leadId }));
          await tx.listUndisposedCall({ callId: id, campaignId: 'campaign_1', at: NOON + index });
        }
      });
    });

    function aDraft(given: Partial<NegotiationDraft> = {}): NegotiationDraft {
      return {
        ...{ agentId: 'user_1', revision: 1, at: NOON, note: 'pede 3 vezes, “sem juros” 📞' },
        form: {
          ...{ promiseValue: '120,5', confirmedValue: '', promiseDate: '2/1' },
          ...{ callbackDate: '', callbackHour: '18:0' },
        },
        ...given,
      };
    }

    const change = (one: Change) => current().store.commit(aCommit({ changes: [one] }));
    const save = (index: number, draft: NegotiationDraft) => {
      const debtorId = debtorIds[index] as DebtorId;
      const row = { callId: `call_${index}` as CallId, debtorId, draft };
      return change({ kind: 'save-negotiation-draft', row });
    };
    const draftOf = async (callId: CallId) =>
      (await current().store.read((view) => view.talkRecord(callId))).draft;

    it('comes back as it was typed, the newest alone', async () => {
      await save(0, aDraft());
      expect(await draftOf('call_0')).toEqual(aDraft());
      const newer = aDraft({ revision: 2, code: 'promise', note: '', at: NOON + 1_000 });
      await save(0, newer);
      expect(await draftOf('call_0')).toEqual(newer);
      await save(0, aDraft({ revision: 3 }));
      expect(await draftOf('call_0')).not.toHaveProperty('code');
      expect(await draftOf('call_1')).toBeUndefined();
    });

    it('is with its call on the list of those that lack a disposition', async () => {
      await save(1, aDraft({ note: 'do segundo' }));
      const listed = await current().store.read((view) => view.undisposedCalls(10));
      expect(listed.map(({ callId, draft }) => [callId, draft?.note])).toEqual([
        ['call_1', 'do segundo'],
        ['call_0', undefined],
      ]);
    });

    it('is gone when it is removed', async () => {
      await save(0, aDraft());
      await save(1, aDraft());
      await change({ kind: 'remove-negotiation-draft', callId: 'call_0' });
      expect(await draftOf('call_0')).toBeUndefined();
      expect(await draftOf('call_1')).toEqual(aDraft());
    });

    it('is purged when nobody has typed in it since a moment', async () => {
      await save(0, aDraft({ at: NOON - DAY_MS - 1 }));
      await save(1, aDraft({ at: NOON - DAY_MS }));
      await change({ kind: 'purge-negotiation-drafts', before: NOON - DAY_MS });
      expect(await draftOf('call_0')).toBeUndefined();
      expect(await draftOf('call_1')).toBeDefined();
    });

    it('cannot be read once the key of its debtor is erased', async () => {
      await save(0, aDraft());
      await save(1, aDraft());
      await current().sealing.eraseDebtor(debtorIds[0] as DebtorId, NOON);
      expect(await draftOf('call_0')).toBeUndefined();
      expect(await draftOf('call_1')).toEqual(aDraft());
    });
  });
}
