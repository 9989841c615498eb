import { describe, expect, it } from 'vitest';
import { CHANNELS } from '../../src/domain/contacts/contact.ts';
import { present } from '../../src/lib/assert.ts';
import { MINUTE_MS } from '../../src/lib/time.ts';
import {
  aRow,
  aRowOf,
  BANK,
  importAll,
  mobileOf,
  NOON,
  RETAIL_CAMPAIGN,
  SHOP,
  stored,
} from '../support/store.ts';
import {
  aCall,
  aContact,
  aDisposition,
  type Current,
  candidates,
  place,
  settled,
} from '../support/store-records.ts';

export function screens(current: Current): void {
  describe('what screens show', () => {
    it("shows no data of another creditor in a campaign's file", async () => {
      const shop = { number: 'LG-9', instalments: [] };
      const { results } = await importAll(current().lists, [aRow()]);
      await importAll(current().lists, [aRow({ externalId: '77', contracts: [shop] })], {
        campaignId: RETAIL_CAMPAIGN.id,
      });
      const { debtorId } = stored(results[0]);
      const promise = { madeAt: NOON, dueDate: '2026-11-10', value: { centavos: 5_000 } } as const;
      await current().setUp(async (tx) => {
        await tx.saveContact(aContact(debtorId));
        await tx.saveContact(aContact(debtorId, { id: 'contact_2', creditorId: SHOP.id }));
        for (const creditorId of [BANK.id, SHOP.id]) {
          await tx.insertPromise({
            ...promise,
            id: `promise_${creditorId.slice(-1)}`,
            creditorId,
            debtorId,
            callId: 'call_1',
            state: 'open',
          });
        }
      });
      const file = await current().store.read((view) => view.debtorFile(debtorId, [BANK.id], NOON));
      expect(file).toMatchObject({
        debtor: { name: 'Maria da Conceição Souza', document: '52998224725' },
        creditors: [BANK],
        contracts: [
          {
            creditorId: BANK.id,
            number: 'A-77',
            instalments: [{ updatedValue: { centavos: 21_350 }, computedAt: NOON, state: 'open' }],
          },
        ],
        contacts: [{ id: 'contact_1', creditorId: BANK.id }],
        promises: [{ id: 'promise_1', creditorId: BANK.id }],
        readAt: NOON,
      });
      expect(file?.contracts).toHaveLength(1);
      expect(file?.contacts).toHaveLength(1);
      expect(file?.promises).toHaveLength(1);
      expect(JSON.stringify(file)).not.toMatch(/creditor_2|portfolio_2|LG-9|Guaçu/);
    });

    it('replaces a contact that is saved again, for example with its disposition', async () => {
      const { results } = await importAll(current().lists, [aRow()]);
      const { debtorId } = stored(results[0]);
      await current().setUp((tx) => tx.saveContact(aContact(debtorId)));
      await current().setUp((tx) =>
        tx.saveContact(aContact(debtorId, { result: 'promise', note: 'dia 10', agentName: 'Ana' })),
      );
      const file = await current().store.read((view) => view.debtorFile(debtorId, [BANK.id], NOON));
      expect(file?.contacts).toMatchObject([{ result: 'promise', note: 'dia 10' }]);
    });

    it.each(CHANNELS)('returns a contact by %s as it was reported', async (channel) => {
      const { results } = await importAll(current().lists, [aRow()]);
      const { debtorId } = stored(results[0]);
      const address = channel === 'email' ? 'ana@example.com' : mobileOf(7);
      await current().setUp((tx) =>
        tx.saveContact(aContact(debtorId, { channel, address, source: 'crm' })),
      );
      const file = await current().store.read((view) => view.debtorFile(debtorId, [BANK.id], NOON));
      expect(file?.contacts).toMatchObject([{ channel, address, source: 'crm' }]);
    });

    it('gives no file for a debtor that is not stored', async () => {
      expect(
        await current().store.read((view) => view.debtorFile('debtor_9', [BANK.id], NOON)),
      ).toBeUndefined();
    });

    it('saves what calls teach about a stored phone, and keeps what lists say', async () => {
      const { results } = await importAll(current().lists, [aRow()]);
      const { leadId } = stored(results[0]);
      const phone = present((await candidates(current(), [leadId]))[0]?.phones[0], 'stored');
      await current().setUp((tx) =>
        tx.savePhone({
          ...phone,
          status: 'confirmed',
          statusAt: NOON + 1,
          source: 'old',
          score: 1,
        }),
      );
      expect((await candidates(current(), [leadId]))[0]?.phones).toEqual([
        { ...phone, status: 'confirmed', statusAt: NOON + 1 },
      ]);
    });

    it("counts the results of a campaign's calls since a moment", async () => {
      const { results } = await importAll(
        current().lists,
        [1, 2, 3, 4].map((n) => aRowOf(n)),
      );
      const leads = await candidates(
        current(),
        results.map((result) => stored(result).leadId),
      );
      const ends = [
        { outcome: 'person', call: { answeredAt: NOON, connectedAt: NOON, agentId: 'user_1' } },
        { outcome: 'person', call: { answeredAt: NOON, abandonment: 'limit' } },
        { outcome: 'person', call: { answeredAt: NOON, abandonment: 'hung-up-waiting' } },
        { outcome: 'unwanted', call: {} },
      ] as const;
      await current().setUp(async (tx) => {
        for (const [index, { outcome, call }] of ends.entries()) {
          const attempt = await place(tx, present(leads[index], 'stored'), index);
          await tx.settleAttempt(settled(attempt, { outcome }));
          const state = {
            kind: 'ended',
            at: NOON + MINUTE_MS,
            outcome,
            hungUpBy: 'debtor',
          } as const;
          await tx.saveCall(aCall({ id: `call_${index}`, ...call, state }));
        }
        await place(tx, present(leads[0], 'stored'), 9);
        const { debtor } = present(leads[0], 'stored');
        const contact = { debtorId: debtor.id, callId: 'call_0', agentId: 'user_1' } as const;
        const evidence = { by: 'answers', items: ['document', 'birth-day'] } as const;
        await tx.insertRightPartyContact({ ...contact, at: NOON, evidence });
        await tx.insertPromise({
          ...contact,
          id: 'promise_1',
          creditorId: BANK.id,
          madeAt: NOON,
          dueDate: '2026-11-10',
          value: { centavos: 5_000 },
          state: 'open',
        });
      });
      const counts = await current().store.read((view) => view.campaignCounts('campaign_1', NOON));
      expect(counts).toEqual({
        attempts: 5,
        answered: 3,
        connected: 1,
        abandoned: 1,
        hungUpWaiting: 1,
        busy: 0,
        noAnswer: 0,
        invalid: 0,
        rejected: 1,
        failed: 0,
        rightParty: 1,
        promises: 1,
      });
      const later = await current().store.read((view) =>
        view.campaignCounts('campaign_1', NOON + 1),
      );
      expect(Object.values(later).every((count) => count === 0)).toBe(true);
      expect(await current().store.read((view) => view.agentTotals('user_1', NOON))).toEqual({
        calls: 1,
        rightParty: 1,
        promises: 1,
        promisedCentavos: 5_000,
        talkMs: MINUTE_MS,
      });
    });

    it('counts what answered calls stand for, by the quarter of an hour of the answer', async () => {
      const quarter = 15 * MINUTE_MS;
      const from = Math.floor(NOON / quarter) * quarter;
      const ended = (outcome: 'person' | 'machine') =>
        ({ kind: 'ended', at: NOON, outcome, hungUpBy: 'us' }) as const;
      const calls = [
        { answeredAt: from, connectedAt: from + 1, state: ended('person') },
        { answeredAt: from + quarter - 1, abandonment: 'limit', state: ended('person') },
        { answeredAt: from + quarter, connectedAt: from + quarter, abandonment: 'late' },
        { answeredAt: from + quarter + 1, abandonment: 'hung-up-waiting', state: ended('person') },
        { answeredAt: from + quarter + 2, state: ended('machine') },
        { answeredAt: from + 2 * quarter },
        { answeredAt: from + 2 * quarter, campaignId: 'campaign_2' },
        { state: ended('person') },
      ] as const;
      await current().setUp(async (tx) => {
        for (const [index, call] of calls.entries()) {
          await tx.saveCall(aCall({ id: `call_${index}`, ...call }));
        }
      });
      await current().store.read(async (view) => {
        expect(await view.abandonmentLedger('campaign_1', from)).toEqual([
          { from, calls: { connected: 1, abandoned: 1 } },
          { from: from + quarter, calls: { abandoned: 1, 'hung-up-waiting': 1, machine: 1 } },
          { from: from + 2 * quarter, calls: { waiting: 1 } },
        ]);
        // Includes the whole quarter of an hour into which the moment falls.
        expect(await view.abandonmentLedger('campaign_1', from + 2 * quarter + 9)).toHaveLength(1);
        expect(await view.campaignCounts('campaign_1', from)).toMatchObject({
          answered: 5,
          connected: 2,
          abandoned: 2,
          hungUpWaiting: 1,
        });
      });
    });

    it("returns the newest look at a campaign's bank", async () => {
      expect(await current().store.read((view) => view.bankWatches())).toEqual(new Map());
      for (const state of ['alarm', 'empty'] as const) {
        await current().setUp((tx) => tx.saveBankWatch('campaign_1', { state, since: 7 }));
      }
      expect(await current().store.read((view) => view.bankWatches())).toEqual(
        new Map([['campaign_1', { state: 'empty', since: 7 }]]),
      );
    });

    it('counts the verdicts of screening, and how often agents disagreed', async () => {
      const said = [
        { verdict: 'machine', code: undefined },
        { verdict: 'machine', sampled: true, code: 'third-party' },
        { verdict: 'machine', sampled: true, code: 'machine' },
        // A dropped line says neither person nor machine.
        { verdict: 'machine', sampled: true, code: 'dropped' },
        { verdict: 'person', code: 'machine' },
        { verdict: 'person', code: 'refusal' },
        { verdict: 'unsure', code: undefined },
        { verdict: undefined, code: 'machine' },
      ] as const;
      const rows = said.map((_, index) => aRowOf(index + 1));
      const { results } = await importAll(current().lists, rows);
      await current().setUp(async (tx) => {
        for (const [index, { verdict, code, ...more }] of said.entries()) {
          const { debtorId, leadId } = stored(results[index]);
          const attempt = await place(tx, present(await tx.lead(leadId), 'stored'), index);
          const screenedMs = verdict === 'machine' ? 2_400 : 1_300 + 100 * index;
          const screened = verdict && { verdict, cause: 'HEARD', screenedMs };
          const outcome = verdict === 'machine' && !code ? 'machine' : 'person';
          await tx.settleAttempt(
            settled(attempt, { outcome, ...(screened && { screened }), ...more }),
          );
          const callId = `call_${index}` as const;
          if (code) await tx.insertDisposition(aDisposition(debtorId, { callId, leadId, code }));
        }
      });
      const counted = (campaign: 1 | 2, since: number) =>
        current().store.read((view) => view.screeningCounts(`campaign_${campaign}`, since));
      expect(await counted(1, NOON)).toEqual({
        ...{ person: 2, unsure: 1, machine: 4 },
        ...{ sampled: 3, judged: 2, people: 1, missed: 1 },
      });
      const none = {
        person: 0,
        unsure: 0,
        machine: 0,
        sampled: 0,
        judged: 0,
        people: 0,
        missed: 0,
      };
      expect(await counted(1, NOON + 1)).toEqual(none);
      expect(await counted(2, NOON)).toEqual(none);
      const timed = (since: number) =>
        current().store.read((view) => view.screeningTimes('campaign_1', since));
      expect(await timed(NOON)).toEqual({
        ...{ people: 3, peopleMeanMs: 1_800, machines: 4, machinesMeanMs: 2_400 },
      });
      expect(await timed(NOON + 1)).toEqual({
        ...{ people: 0, peopleMeanMs: 0, machines: 0, machinesMeanMs: 0 },
      });
    });

    it('cancels the promise of a corrected disposition and no longer counts it', async () => {
      const { results } = await importAll(current().lists, [aRow()]);
      const { debtorId } = stored(results[0]);
      await current().setUp(async (tx) => {
        await tx.saveCall(aCall());
        await tx.insertDisposition(aDisposition(debtorId));
        await tx.insertPromise({
          id: 'promise_1',
          debtorId,
          callId: 'call_1',
          creditorId: BANK.id,
          madeAt: NOON,
          dueDate: '2026-11-10',
          value: { centavos: 5_000 },
          state: 'open',
          agentId: 'user_1',
        });
      });
      await current().setUp((tx) =>
        tx.insertDisposition(
          aDisposition(debtorId, { code: 'refusal', correction: true, at: NOON + 1 }),
        ),
      );
      await current().store.read(async (view) => {
        const file = await view.debtorFile(debtorId, [BANK.id], NOON);
        expect(file?.promises).toMatchObject([{ state: 'cancelled' }]);
        expect((await view.campaignCounts('campaign_1', 0)).promises).toBe(0);
        expect((await view.agentTotals('user_1', 0)).promises).toBe(0);
      });
    });

    it('names the agents who spoke with a debtor in the campaign, newest first', async () => {
      const talk = (number: number, agent: number, given = {}) =>
        aCall({
          id: `call_${number}`,
          agentId: `user_${agent}`,
          connectedAt: NOON + number,
          ...given,
        });
      await current().setUp(async (tx) => {
        await tx.saveCall(talk(1, 1));
        await tx.saveCall(talk(2, 2));
        await tx.saveCall(talk(3, 1));
        await tx.saveCall(talk(4, 3, { campaignId: 'campaign_2' }));
        await tx.saveCall(aCall({ id: 'call_5' }));
      });
      expect(
        await current().store.read((view) => view.agentsWhoKnow('debtor_1', 'campaign_1')),
      ).toEqual(['user_1', 'user_2']);
    });
  });
}
