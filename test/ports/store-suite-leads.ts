/** Which leads are dialed, and in which order. Part of the suite of the port `Store`. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Lead } from '../../src/domain/leads/lead.ts';
import { present } from '../../src/lib/assert.ts';
import { HOUR_MS } from '../../src/lib/time.ts';
import { aRow, aRowOf, importAll, NOON, stored } from '../support/store.ts';
import { type Current, candidates } from '../support/store-records.ts';
import { compareLeads } from './lead-order.ts';

const STATES: readonly Lead['state'][] = [
  'ready',
  'dialing',
  'waiting',
  'in-call',
  'finished',
  'suppressed',
];

/** Possible leads, with times as offsets from noon; few values, so that ties are common. */
const leadShape = fc.record({
  state: fc.constantFrom(...STATES),
  priority: fc.constantFrom(0, 10, 50, 51, 100),
  notBeforeAt: fc.constantFrom(0, NOON - HOUR_MS, NOON, NOON + 1, NOON + HOUR_MS),
  holdReason: fc.constantFrom('retry-delay', 'callback', 'gap-phone' as const),
  agentGuaranteed: fc.constantFrom(false, false, true),
});

export function leadsToDial(current: Current): void {
  describe('leads to dial', () => {
    it('returns due leads best first, with debtor and phones, and a funnel that adds up', async () => {
      const { results } = await importAll(
        current().lists,
        Array.from({ length: 25 }, (_, index) => aRowOf(index)),
      );
      const leads = await candidates(
        current(),
        results.map((result) => stored(result).leadId),
      );
      await fc.assert(
        fc.asyncProperty(
          fc.array(leadShape, { minLength: leads.length, maxLength: leads.length }),
          fc.integer({ min: 1, max: 30 }),
          fc.subarray(leads.map((it) => it.debtor.id)),
          async (shapes, limit, exceptDebtors) => {
            const shaped = leads.map((it, place): Lead => ({ ...it.lead, ...shapes[place] }));
            await current().setUp(async (tx) => {
              for (const lead of shaped) await tx.saveLead(lead);
            });
            await current().store.read(async (view) => {
              const query = { campaignId: 'campaign_1', now: NOON, limit, exceptDebtors } as const;
              const found = await view.dialableLeads(query);
              const open = shaped.filter((it) => it.state === 'ready' || it.state === 'waiting');
              const due = open
                .filter((it) => it.notBeforeAt <= NOON && !exceptDebtors.includes(it.debtorId))
                .sort(compareLeads)
                .slice(0, limit);
              expect(found.map((it) => it.lead)).toEqual(due);
              for (const it of found) {
                expect(it.debtor.id).toBe(it.lead.debtorId);
                expect(it.phones).toHaveLength(1);
              }
              const later = open.map((it) => it.notBeforeAt).filter((at) => at > NOON);
              expect(await view.nextLeadDueAt('campaign_1', NOON)).toBe(
                later.length === 0 ? undefined : Math.min(...later),
              );
              const funnel = await view.leadFunnel('campaign_1', NOON);
              const held = funnel.held.reduce((sum, line) => sum + line.leads, 0);
              expect(funnel.total).toBe(leads.length);
              expect(funnel.finished + funnel.suppressed + funnel.dialing + funnel.due + held).toBe(
                funnel.total,
              );
              expect(held).toBe(later.length);
            });
          },
        ),
        { numRuns: 40 },
      );
    });

    it('says why leads are held, and when the next one is due', async () => {
      const { results } = await importAll(
        current().lists,
        [1, 2, 3, 4].map((n) => aRowOf(n)),
      );
      const leads = await candidates(
        current(),
        results.map((result) => stored(result).leadId),
      );
      const changes: Partial<Lead>[] = [
        { state: 'waiting', notBeforeAt: NOON + 2, holdReason: 'callback' },
        { state: 'waiting', notBeforeAt: NOON + 1, holdReason: 'callback' },
        { state: 'in-call' },
        { state: 'suppressed', suppressedBecause: 'paid' },
      ];
      await current().setUp(async (tx) => {
        for (const [place, it] of leads.entries()) {
          await tx.saveLead({ ...it.lead, ...changes[place] });
        }
      });
      expect(await current().store.read((view) => view.leadFunnel('campaign_1', NOON))).toEqual({
        total: 4,
        finished: 0,
        suppressed: 1,
        dialing: 1,
        due: 0,
        held: [{ reason: 'callback', leads: 2, nextAt: NOON + 1 }],
      });
    });

    it('keeps every field of a lead, and forgets removed fields', async () => {
      const { results } = await importAll(current().lists, [aRow()]);
      const [it] = await candidates(current(), [stored(results[0]).leadId]);
      const { lead, phones } = present(it, 'the imported lead is stored');
      const full: Lead = {
        ...lead,
        state: 'waiting',
        notBeforeAt: NOON,
        holdReason: 'outside-calling-hours',
        holdClause: 'Lei 0/2026, art. 1',
        nextPhoneId: present(phones[0], 'the row had a phone').id,
        callbackAskedAt: NOON - 5,
        agentGuaranteed: true,
        cycle: 2,
        attempts: 3,
        lastOutcome: 'abandoned',
        lastAttemptAt: NOON - 9,
      };
      await current().setUp((tx) => tx.saveLead(full));
      expect((await candidates(current(), [lead.id]))[0]?.lead).toEqual(full);
      const finished: Lead = { ...lead, state: 'finished', finishedBecause: 'outcome-rule' };
      await current().setUp((tx) => tx.saveLead(finished));
      expect((await candidates(current(), [lead.id]))[0]?.lead).toEqual(finished);
    });
  });
}
