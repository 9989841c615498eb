import { describe, expect, it } from 'vitest';
import { present } from '../../src/lib/assert.ts';
import { aRow, aRowOf, importAll, NOON, stored } from '../support/store.ts';
import { type Current, candidates, place, settled } from '../support/store-records.ts';

const LEADS = {
  kind: 'candidates',
  now: NOON,
  limit: 9,
  exceptDebtors: [],
  since: 0,
} as const;

export function needs(current: Current): void {
  describe('what decisions need', () => {
    it('gets answers in the order of the needs', async () => {
      const { results } = await importAll(current().lists, [aRow()]);
      const { leadId } = stored(results[0]);
      const [lead, people, nobody] = await current().store.prepare([
        { kind: 'lead', leadId },
        { kind: 'people' },
        { kind: 'lead', leadId: 'lead_unknown' },
      ]);
      expect(lead).toMatchObject({ ok: true, answer: { lead: { id: leadId } } });
      expect(people).toMatchObject({ ok: true, answer: expect.any(Array) });
      expect(nobody).toEqual({ ok: true, answer: undefined });
    });

    it('includes due leads with everything that the gate is told about them', async () => {
      const { results } = await importAll(current().lists, [aRow(), aRowOf(2)]);
      const [one] = await candidates(current(), [stored(results[0]).leadId]);
      const { lead, debtor, phones } = present(one, 'stored');
      const phoneId = present(phones[0], 'the row had a phone').id;
      await current().setUp(async (tx) => {
        await tx.settleAttempt(settled(await place(tx, present(one, 'stored'), 1)));
      });
      const { campaignId } = lead;
      const [found] = await current().store.prepare([{ ...LEADS, campaignId }]);
      if (!found.ok) throw found.error;
      const { answer } = found;
      expect(answer.candidates).toHaveLength(2);
      expect(answer.history?.attempts).toMatchObject([{ debtorId: debtor.id, counts: true }]);
      expect([...(answer.history?.attemptsByPhone ?? [])]).toEqual([
        [lead.id, { [phoneId]: { 'no-answer': 1 } }],
      ]);
      const of = await current().store.read((view) => view.attemptsByPhone(lead.id));
      expect(answer.history?.attemptsByPhone.get(lead.id)).toEqual(of);
    });

    it('tells when the next lead is due when none is due now', async () => {
      const { results } = await importAll(current().lists, [aRow()]);
      const [one] = await candidates(current(), [stored(results[0]).leadId]);
      const lead = { ...present(one, 'stored').lead, notBeforeAt: NOON + 5_000 };
      await current().setUp((tx) => tx.saveLead(lead));
      const { campaignId } = lead;
      const [found] = await current().store.prepare([{ ...LEADS, campaignId }]);
      expect(found).toEqual({
        ok: true,
        answer: { candidates: [], unread: [], nextDueAt: NOON + 5_000 },
      });
    });
  });
}
