import { describe, expect, it } from 'vitest';
import type { Call } from '../../src/domain/calls/call.ts';
import type { Change, Claim, Commit } from '../../src/engine/ports/commit.ts';
import { present } from '../../src/lib/assert.ts';
import type { DebtorId, LegId } from '../../src/lib/ids.ts';
import type { E164 } from '../../src/lib/phone-number.ts';
import { aRow, importAll, NOON, stored } from '../support/store.ts';
import {
  aCall,
  aCommit,
  aContact,
  aFact,
  type Current,
  candidates,
  place,
  settled,
} from '../support/store-records.ts';

export function commits(current: Current): void {
  describe('commits', () => {
    const change = (call: Partial<Call>): Change => ({ kind: 'save-call', call: aCall(call) });

    it('store changes in their order and then facts, from cloned data', async () => {
      const changes = [change({ version: 1 }), change({ version: 2, rang: true })];
      const commit = aCommit({ changes, facts: [aFact(1), aFact(2, { at: NOON + 5 })] });
      await current().store.commit(structuredClone(commit));
      await current().store.read(async (view) => {
        expect(await view.liveCalls()).toEqual([aCall({ version: 2, rang: true })]);
        expect(await view.facts({ stream: 'engine', after: 0, limit: 9 })).toEqual(commit.facts);
      });
    });

    it('leave nothing behind when one of their changes is refused', async () => {
      const contact = aContact('debtor_unknown');
      const changes = [change({}), { kind: 'save-contact', contact } as const];
      const refused = current().store.commit(aCommit({ changes, facts: [aFact(1)] }));
      await expect(refused).rejects.toMatchObject({ name: 'StoreError', code: 'commit-failed' });
      await current().store.read(async (view) => {
        expect([await view.lastFactSequence('engine'), await view.liveCalls()]).toEqual([0, []]);
      });
    });

    it('keep the facts of each stream in their own order', async () => {
      const ofWorker = [aFact(1, { at: NOON + 1 }), aFact(2, { at: NOON + 2 })];
      await current().store.commit(aCommit({ facts: [aFact(1)] }));
      await current().store.commit(aCommit({ stream: 'worker', facts: ofWorker }));
      const again = current().store.commit(aCommit({ stream: 'worker', facts: [aFact(2)] }));
      await expect(again).rejects.toMatchObject({ code: 'commit-failed' });
      await current().store.read(async (view) => {
        const facts = (stream: string) => view.facts({ stream, after: 0, limit: 9 });
        expect(await facts('engine')).toEqual([aFact(1)]);
        expect(await facts('worker')).toEqual(ofWorker);
        expect(await facts('nobody')).toEqual([]);
        const last = [await view.lastFactSequence('engine'), await view.lastFactSequence('worker')];
        expect(last).toEqual([1, 2]);
      });
    });

    it('give a person and a number to one leg at a time, and tell a later one what it lost', async () => {
      const claims = (legId: LegId, debtorId: DebtorId, phone: E164): readonly Claim[] => [
        { kind: 'person', legId, debtorId },
        { kind: 'number', legId, phone },
      ];
      const [one, another] = ['+5511987654321', '+5511987654322'] as const;
      const asked = (all: readonly Claim[], given: Partial<Commit> = {}) =>
        current().store.commit(aCommit({ claims: all, ...given }));
      expect(await asked(claims('leg_1', 'debtor_1', one))).toEqual({ ok: true });
      const late = claims('leg_2', 'debtor_1', another);
      expect(await asked(late, { stream: 'b', facts: [aFact(1)] })).toEqual({
        ok: false,
        lost: late.slice(0, 1),
      });
      const ofNumber = claims('leg_3', 'debtor_3', one);
      expect(await asked(ofNumber)).toEqual({ ok: false, lost: ofNumber.slice(1) });
      const last = await current().store.read((view) => view.lastFactSequence('b'));
      expect(last).toBe(0);
      // The refused leg holds nothing: its other claim is free.
      expect(await asked(claims('leg_4', 'debtor_3', another))).toEqual({ ok: true });
      const again = claims('leg_5', 'debtor_1', one);
      expect(await asked(again, { releases: ['leg_1'] })).toEqual({ ok: true });
    });

    it('hold after a start exactly what the live calls hold, and leave other streams alone', async () => {
      const person = (legId: LegId, debtorId: DebtorId): Claim => {
        return { kind: 'person', legId, debtorId };
      };
      await current().store.commit(
        aCommit({ claims: [person('leg_1', 'debtor_1'), person('leg_2', 'debtor_2')] }),
      );
      const other = aCommit({ stream: 'b', claims: [person('leg_3', 'debtor_3')] });
      await current().store.commit(other);
      const held = [{ legId: 'leg_2', debtorId: 'debtor_2', phone: '+5511987654321' }] as const;
      const reconcile = { kind: 'reconcile-claims', stream: 'engine', held } as const;
      await current().store.commit(aCommit({ changes: [reconcile] }));
      const claims = ['debtor_1', 'debtor_2', 'debtor_3'].map((id) =>
        person('leg_9', id as DebtorId),
      );
      const { lost } = { lost: [], ...(await current().store.commit(aCommit({ claims }))) };
      expect(lost).toEqual(claims.slice(1));
    });

    it('find a lead changed since it was read, and a cap that is full', async () => {
      const { results } = await importAll(current().lists, [aRow()]);
      const [it] = await candidates(current(), [stored(results[0]).leadId]);
      const candidate = present(it, 'stored');
      const { id, state, notBeforeAt, cycle, attempts } = candidate.lead;
      const lead: Claim = {
        ...{ kind: 'lead', legId: 'leg_9' },
        lead: { id, state, notBeforeAt, cycle, attempts },
      };
      const cap = (max: number): Claim => {
        const of = { debtorId: candidate.debtor.id };
        return { kind: 'cap', legId: 'leg_9', of, since: NOON, max };
      };
      const asked = (...claims: readonly Claim[]) => current().store.commit(aCommit({ claims }));
      await current().setUp((tx) => place(tx, candidate, 1));
      expect(await asked(lead, cap(2))).toEqual({ ok: true });
      await current().setUp(async (tx) => {
        await tx.settleAttempt(settled(await place(tx, candidate, 2), { counts: false }));
      });
      expect(await asked(cap(2))).toEqual({ ok: true });
      expect(await asked(cap(1))).toEqual({ ok: false, lost: [cap(1)] });
      await current().setUp((tx) => tx.saveLead({ ...candidate.lead, state: 'suppressed' }));
      expect(await asked(lead, cap(1))).toEqual({ ok: false, lost: [lead, cap(1)] });
    });

    it('are refused under a lease that another process has taken over', async () => {
      const first = await current().takeLease('engine', 'one');
      await current().store.commit(aCommit({ epoch: first, facts: [aFact(1)] }));
      const second = await current().takeLease('engine', 'two');
      const late = current().store.commit(aCommit({ epoch: first, facts: [aFact(2)] }));
      await expect(late).rejects.toMatchObject({ code: 'commit-failed' });
      await current().store.commit(aCommit({ epoch: second, facts: [aFact(2)] }));
      expect(await current().store.read((view) => view.lastFactSequence('engine'))).toBe(2);
    });
  });
}
