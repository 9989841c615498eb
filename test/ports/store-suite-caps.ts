import { describe, expect, it } from 'vitest';
import type { DispositionRecord } from '../../src/engine/ports/records.ts';
import { present } from '../../src/lib/assert.ts';
import { DAY_MS, HOUR_MS } from '../../src/lib/time.ts';
import { aRow, aRowOf, BANK, importAll, mobileOf, NOON, stored } from '../support/store.ts';
import { type Current, candidates, place, settled } from '../support/store-records.ts';

export function capsHistory(current: Current): void {
  describe('the history for caps', () => {
    it("finds the person's attempts on any number and the number's for anybody, each once", async () => {
      const shared = { number: mobileOf(9), kind: 'mobile', score: 50 } as const;
      const { results } = await importAll(current().lists, [
        aRowOf(1, { phones: [shared] }),
        aRowOf(2, { phones: [shared] }),
        aRowOf(3),
      ]);
      const [one, two, three] = await candidates(
        current(),
        results.map((result) => stored(result).leadId),
      );
      await current().setUp(async (tx) => {
        await place(tx, present(one, 'stored'), 1);
        await place(tx, present(two, 'stored'), 2);
        await place(tx, present(three, 'stored'), 3);
        const old = await place(tx, present(one, 'stored'), 4, { placedAt: NOON - 40 * DAY_MS });
        await tx.settleAttempt(settled(old));
      });
      const found = await current().store.read((view) =>
        view.pastAttempts({
          debtorIds: [present(one, 'stored').debtor.id],
          phones: [shared.number],
          since: NOON - 31 * DAY_MS,
        }),
      );
      expect(found).toHaveLength(2);
      expect(found.map((it) => it.debtorId).sort()).toEqual(
        [present(one, 'stored').debtor.id, present(two, 'stored').debtor.id].sort(),
      );
      expect(found.every((it) => it.counts && it.endedAt === undefined)).toBe(true);
    });

    it('counts an attempt from its placing, unless it is settled as not having rung', async () => {
      const { results } = await importAll(current().lists, [aRow()]);
      const [it] = await candidates(current(), [stored(results[0]).leadId]);
      const candidate = present(it, 'stored');
      const query = { debtorIds: [candidate.debtor.id], phones: [], since: 0 };
      const attempt = await current().setUp((tx) => place(tx, candidate, 1));
      const [inFlight] = await current().store.read((view) => view.pastAttempts(query));
      const to = { channel: 'voice', address: attempt.phone };
      expect(inFlight).toMatchObject({ to, counts: true, abandoned: false, at: NOON });
      await current().setUp((tx) =>
        tx.settleAttempt(settled(attempt, { outcome: 'congestion', counts: false })),
      );
      const [over] = await current().store.read((view) => view.pastAttempts(query));
      expect(over).toMatchObject({ counts: false, outcome: 'congestion', endedAt: NOON + 30_000 });
    });

    it('counts settled outcomes by number, in the present cycle only', async () => {
      const { results } = await importAll(current().lists, [aRow()]);
      const [it] = await candidates(current(), [stored(results[0]).leadId]);
      const candidate = present(it, 'stored');
      const phoneId = present(candidate.phones[0], 'the row had a phone').id;
      await current().setUp(async (tx) => {
        await tx.settleAttempt(settled(await place(tx, candidate, 1)));
        await tx.saveLead({ ...candidate.lead, cycle: 2 });
        await tx.settleAttempt(settled(await place(tx, candidate, 2)));
        await tx.settleAttempt(settled(await place(tx, candidate, 3)));
        const abandoned = settled(await place(tx, candidate, 4), {
          outcome: 'person',
          abandoned: true,
        });
        await tx.settleAttempt(abandoned);
        await place(tx, candidate, 5);
      });
      expect(await current().store.read((view) => view.attemptsByPhone(candidate.lead.id))).toEqual(
        { [phoneId]: { 'no-answer': 2, abandoned: 1 } },
      );
    });

    it('refuses to settle an attempt that was never placed', async () => {
      const ghost = { id: 'attempt_9', placedAt: NOON } as const;
      await expect(current().setUp((tx) => tx.settleAttempt(settled(ghost)))).rejects.toMatchObject(
        { code: 'not-found' },
      );
    });

    it('finds blocks on the person or the number until they expire', async () => {
      const { results } = await importAll(current().lists, [aRow(), aRowOf(2)]);
      const [debtorId, otherId] = results.map((result) => stored(result).debtorId);
      const block = { reason: 'opt-out', effectiveFrom: NOON, at: NOON } as const;
      await current().setUp(async (tx) => {
        await tx.insertBlock({
          ...block,
          id: 'block_1',
          scope: 'person',
          debtorId: present(debtorId, 'stored'),
          creditorId: BANK.id,
          expiresAt: NOON + 10,
        });
        await tx.insertBlock({ ...block, id: 'block_2', scope: 'phone', phone: mobileOf(7) });
        await tx.insertBlock({
          ...block,
          id: 'block_3',
          scope: 'person',
          debtorId: present(otherId, 'stored'),
        });
      });
      const query = { debtorIds: [present(debtorId, 'stored')], phones: [mobileOf(7)] };
      const ids = async (now: number) =>
        (await current().store.read((view) => view.blocks({ ...query, now }))).map((it) => it.id);
      expect(await ids(NOON)).toEqual(['block_1', 'block_2']);
      expect(await ids(NOON + 10)).toEqual(['block_2']);
    });

    it('returns the newest right-party contact of each person', async () => {
      const { results } = await importAll(current().lists, [aRow(), aRowOf(2)]);
      const ids = results.map((result) => stored(result).debtorId);
      await current().setUp(async (tx) => {
        for (const [place, at] of [NOON - DAY_MS, NOON, NOON - HOUR_MS].entries()) {
          await tx.insertRightPartyContact({
            debtorId: present(ids[0], 'stored'),
            callId: `call_${place}`,
            agentId: 'user_1',
            at,
            evidence: { by: 'answers', items: ['document', 'birth-day'] },
          });
        }
      });
      const contacts = (since: number) =>
        current().store.read((view) => view.rightPartyContacts(ids, since));
      expect(await contacts(0)).toEqual(new Map([[ids[0], NOON]]));
      expect(await contacts(NOON + 1)).toEqual(new Map());
    });

    it('does not count a withdrawn contact, but keeps it', async () => {
      const { results } = await importAll(current().lists, [aRow()]);
      const { debtorId } = stored(results[0]);
      const evidence = { by: 'answers', items: ['document', 'birth-day'] } as const;
      await current().setUp(async (tx) => {
        for (const [place, at] of [NOON, NOON + HOUR_MS].entries()) {
          const contact = { debtorId, callId: `call_${place}`, agentId: 'user_1' } as const;
          await tx.insertRightPartyContact({ ...contact, at, evidence });
        }
        await tx.withdrawRightPartyContact('call_1', 'third-party', NOON + 2 * HOUR_MS);
      });
      await current().store.read(async (view) => {
        expect(await view.rightPartyContacts([debtorId], 0)).toEqual(new Map([[debtorId, NOON]]));
        expect((await view.agentTotals('user_1', NOON)).rightParty).toBe(1);
        expect((await view.talkRecord('call_0')).rightPartyConfirmed).toBe(true);
        expect((await view.talkRecord('call_1')).rightPartyConfirmed).toBe(false);
      });
    });

    it('knows how many answers in a conversation were wrong, and which disposition stands', async () => {
      const { results } = await importAll(current().lists, [aRow()]);
      const { debtorId, leadId } = stored(results[0]);
      const said = (result: 'right' | 'wrong', attempt: number) =>
        ({ kind: 'right-party-asked', items: ['document'], result, attempt }) as const;
      const disposition = {
        ...{ callId: 'call_1', campaignId: 'campaign_1', debtorId, leadId, agentId: 'user_1' },
        ...{ code: 'third-party', at: NOON, correction: false },
      } satisfies DispositionRecord;
      await current().setUp(async (tx) => {
        await tx.appendFacts('engine', [
          { sequence: 1, at: NOON, callId: 'call_1', body: said('wrong', 1) },
          { sequence: 2, at: NOON, callId: 'call_1', body: said('wrong', 2) },
          { sequence: 3, at: NOON, callId: 'call_1', body: said('right', 3) },
          { sequence: 4, at: NOON, callId: 'call_2', body: said('wrong', 1) },
        ]);
        await tx.insertDisposition(disposition);
        await tx.insertDisposition({ ...disposition, code: 'deceased', correction: true });
      });
      const record = (callId: `call_${string}`) =>
        current().store.read((view) => view.talkRecord(callId));
      expect(await record('call_1')).toEqual({
        rightPartyConfirmed: false,
        evidenceMisses: 2,
        disposition: 'deceased',
      });
      expect(await record('call_3')).toEqual({ rightPartyConfirmed: false, evidenceMisses: 0 });
    });
  });
}
