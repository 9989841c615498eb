import { bankingDayFrom } from '../../lib/br-holidays.ts';
import type { IsoDate } from '../../lib/time.ts';
import { daysUntil, formatIsoDate } from '../ui/format.ts';

export type DatePick = { readonly label: string; readonly date: IsoDate };

/**
 * Likely dates for a promise, without repetition. A day that is no banking day becomes the next one
 * and is marked.
 */
export function datePicks(
  today: IsoDate,
  daysMax: number,
  likely: readonly (readonly [string, IsoDate | undefined])[],
): readonly DatePick[] {
  const picks = new Map<IsoDate, string>();
  for (const [label, day] of likely) {
    if (day === undefined) continue;
    const date = bankingDayFrom(day);
    if (picks.has(date) || daysUntil(date, today) > daysMax) continue;
    picks.set(date, date === day ? label : `${label} → ${formatIsoDate(date).slice(0, 5)}`);
  }
  return [...picks].map(([date, label]) => ({ label, date }));
}
