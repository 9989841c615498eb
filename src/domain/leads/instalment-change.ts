import type { Money } from '../../lib/money.ts';
import type { IsoDate } from '../../lib/time.ts';
import type { RowInstalment } from './import-row.ts';

/** What a row changes in an instalment that is already stored. */
export function instalmentChange(
  stored: {
    readonly dueDate: IsoDate;
    readonly originalValue: Money;
    readonly updatedValue: Money;
  },
  row: RowInstalment,
): 'unchanged' | 'updated' {
  const updated = row.updatedValue ?? row.originalValue;
  const isSame =
    stored.dueDate === row.dueDate &&
    stored.originalValue.centavos === row.originalValue.centavos &&
    stored.updatedValue.centavos === updated.centavos;
  return isSame ? 'unchanged' : 'updated';
}
