import type { PlacementReason } from '../../protocol/supervisor.ts';
import { wordsFor } from '../i18n/codes.ts';
import { formatNear, writtenValue } from '../ui/format.ts';

/** The newest decision of the pacer in a sentence. `now` is the server's clock. */
export function planWords({ code, values }: PlacementReason, now: number): string {
  switch (code) {
    case 'capped':
      return wordsFor('plan', `capped-${values.by}`, writtenValues(values));
    case 'no-leads-due':
      return typeof values.nextAt === 'number'
        ? wordsFor('plan', 'no-leads-due-until', { nextAt: formatNear(values.nextAt, now) })
        : wordsFor('plan', 'no-leads-due');
    case 'no-trunk-free': {
      const { until, because } = values;
      if (typeof until !== 'number') return wordsFor('plan', code);
      const words = { until: formatNear(until, now), because: String(because) };
      return wordsFor('plan', 'no-trunk-free-until', words);
    }
    case 'held-back':
      return wordsFor('plan', code, { refusals: refusalsWords(values) });
    default:
      return wordsFor('plan', code, writtenValues(values));
  }
}

/** `Fora do horário permitido (12), Não perturbe (1)` */
function refusalsWords(values: PlacementReason['values']): string {
  return Object.entries(values)
    .sort(([, a], [, b]) => Number(b) - Number(a))
    .map(([reason, count]) => `${wordsFor('hold', reason)} (${count})`)
    .join(', ');
}

/** `2,4`, as every other number on the screen. */
function writtenValues(values: PlacementReason['values']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, writtenValue(value)]),
  );
}
