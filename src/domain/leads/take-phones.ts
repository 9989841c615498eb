/** The telephones of a debtor with those of a row. */
import { given } from '../../lib/given.ts';
import { type DebtorId, newId } from '../../lib/ids.ts';
import { type Phone, phoneFromSource } from '../debtors/phone.ts';
import type { RowPhone } from './import-row.ts';
import type { RowChange, RowMoment, RowTarget } from './taken-row.ts';

export type PhonesOf = RowMoment &
  Pick<RowTarget, 'phoneSource' | 'collectedAt'> & { readonly debtorId: DebtorId };

export type PhonesTaken = {
  /** The debtor's known phones together with the row's. */
  readonly phones: readonly Phone[];
  /** Whether a number is new, or was known as invalid and is taken as valid again. */
  readonly hasNewToDial: boolean;
  readonly changes: readonly RowChange[];
};

export function takePhones(
  known: readonly Phone[],
  rowPhones: readonly RowPhone[],
  of: PhonesOf,
): PhonesTaken {
  const phones = [...known];
  const changes: RowChange[] = [];
  let hasNewToDial = false;
  for (const rowPhone of rowPhones) {
    const at = phones.findIndex((one) => one.number === rowPhone.number);
    const before = phones[at];
    if (!before) {
      const phone = newPhone(rowPhone, of);
      phones.push(phone);
      changes.push({ kind: 'insert-phone', phone });
      hasNewToDial = true;
      continue;
    }
    const { score, source = of.phoneSource, extension } = rowPhone;
    const seen = { source, score, ...given({ extension }), collectedAt: of.collectedAt };
    const phone = phoneFromSource(before, seen);
    if (!isNews(before, phone)) continue;
    phones[at] = phone;
    changes.push({ kind: 'update-phone', phone });
    if (before.status === 'invalid' && phone.status !== 'invalid') hasNewToDial = true;
  }
  return { phones, hasNewToDial, changes };
}

function newPhone(
  { number, kind, score, source, extension }: RowPhone,
  { debtorId, phoneSource, collectedAt, now, random }: PhonesOf,
): Phone {
  return {
    id: newId('phone', now, random),
    debtorId,
    number,
    kind,
    ...given({ extension }),
    source: source ?? phoneSource,
    collectedAt,
    score,
    status: 'unknown',
    statusAt: now,
  };
}

/**
 * When the same source names the same number again, that is no news unless it revives the number.
 */
function isNews(known: Phone, phone: Phone): boolean {
  return (
    phone.status !== known.status ||
    phone.source !== known.source ||
    phone.score !== known.score ||
    phone.extension !== known.extension
  );
}
