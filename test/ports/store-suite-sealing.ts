import { beforeEach, describe, expect, it } from 'vitest';
import type { HistoryEntry } from '../../src/domain/debtors/history.ts';
import type { DebtorId } from '../../src/lib/ids.ts';
import { aRowOf, BANK, importAll, NOON, stored, TEST_KEY } from '../support/store.ts';
import { aContact, aDisposition, type Current } from '../support/store-records.ts';

export function sealing(current: Current): void {
  describe('a note about a debtor', () => {
    let one: DebtorId;
    let other: DebtorId;

    beforeEach(async () => {
      const { results } = await importAll(current().lists, [aRowOf(1), aRowOf(2)]);
      [one, other] = [stored(results[0]).debtorId, stored(results[1]).debtorId];
    });

    async function note(debtorId: DebtorId, id: HistoryEntry['id'], text: string): Promise<void> {
      await current().setUp((tx) => tx.saveContact(aContact(debtorId, { id, note: text })));
    }

    async function contactsOf(debtorId: DebtorId): Promise<readonly HistoryEntry[]> {
      const view = await current().store.read((it) => it.debtorFile(debtorId, [BANK.id], NOON));
      return view?.contacts ?? [];
    }

    it('comes back as it was written', async () => {
      await note(one, 'contact_1', 'Está desempregada; pede que liguem em março. 📞');
      expect(await contactsOf(one)).toMatchObject([
        { note: 'Está desempregada; pede que liguem em março. 📞' },
      ]);
    });

    it('needs one key for each debtor, and none for a contact without a note', async () => {
      const needed = async () => (await current().sealing.needed()).get(TEST_KEY.slice(0, 12)) ?? 0;
      const before = await needed();
      await current().setUp((tx) => tx.saveContact(aContact(one)));
      expect(await needed()).toBe(before);
      await note(one, 'contact_1', 'primeira');
      await note(one, 'contact_2', 'segunda');
      await note(other, 'contact_3', 'terceira');
      await current().setUp((tx) => tx.insertDisposition(aDisposition(one, { note: 'quarta' })));
      expect(await needed()).toBe(before + 2);
      expect(await current().sealing.step()).toBe(0);
    });

    it('reads as erased once the key of its debtor is erased; other notes stay readable', async () => {
      await note(one, 'contact_1', 'apague isto');
      await note(other, 'contact_2', 'isto fica');
      await current().sealing.eraseDebtor(one, NOON);
      const [erased] = await contactsOf(one);
      expect(erased).toMatchObject({ id: 'contact_1', noteErased: true });
      expect(erased).not.toHaveProperty('note');
      expect(await contactsOf(other)).toMatchObject([{ note: 'isto fica' }]);
    });

    it('is sealed with a new key after the first was erased, which opens no earlier note', async () => {
      await note(one, 'contact_1', 'antes');
      await current().sealing.eraseDebtor(one, NOON);
      await note(one, 'contact_2', 'depois');
      const contacts = await contactsOf(one);
      expect(contacts.map(({ note: said }) => said)).toEqual(['depois', undefined]);
      expect(contacts.map(({ noteErased }) => noteErased)).toEqual([undefined, true]);
    });
  });
}
