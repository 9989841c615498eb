import type { PlacementReason } from '../../protocol/supervisor.ts';
import { wordsFor } from '../i18n/codes.ts';
import {
  formatDecimal,
  formatNear,
  formatSeconds,
  formatShare,
  writtenValue,
} from '../ui/format.ts';

/** The pacer's newest decision as a sentence. `now` is the server's clock. */
export function planWords({ code, values }: PlacementReason, placed: number, now: number): string {
  switch (code) {
    case 'capped':
      return wordsFor('plan', `capped-${values.by}`, writtenValues(values));
    case 'risk-accepted':
    case 'risk-too-high':
      return wordsFor('plan', code, { ...riskWords(values), placed });
    case 'carrier-failing':
      return wordsFor('plan', code, { ...values, since: formatNear(Number(values.since), now) });
    case 'no-leads-due':
      return typeof values.nextAt === 'number'
        ? wordsFor('plan', 'no-leads-due-until', { nextAt: formatNear(values.nextAt, now) })
        : wordsFor('plan', 'no-leads-due');
    case 'no-trunk-free': {
      const { until, because } = values;
      if (typeof until !== 'number') return wordsFor('plan', code);
      const words = {
        until: formatNear(until, now),
        because: wordsFor('outcome', String(because)),
      };
      return wordsFor('plan', 'no-trunk-free-until', words);
    }
    case 'held-back':
      return wordsFor('plan', code, { refusals: refusalsWords(values) });
    default:
      return wordsFor('plan', code, writtenValues(values));
  }
}

/** Whether the sentence itself says how many were placed. */
export function saysHowMany({ code }: PlacementReason): boolean {
  return code === 'risk-accepted' || code === 'risk-too-high';
}

/** `Fora do horário permitido (12), Não perturbe (1)` */
function refusalsWords(values: PlacementReason['values']): string {
  return Object.entries(values)
    .sort(([, a], [, b]) => Number(b) - Number(a))
    .map(([reason, count]) => `${wordsFor('hold', reason)} (${count})`)
    .join(', ');
}

/** Real agents and calls are whole numbers; expected ones always have one decimal. */
function riskWords(values: PlacementReason['values']): Record<string, string> {
  return {
    ...writtenValues(values),
    answerRate: formatShare(Number(values.answerRate), 1, 0),
    setupMs: formatSeconds(Number(values.setupMs)),
    freeSoon: formatDecimal(Number(values.freeSoon)),
    risk: formatShare(Number(values.risk), 1),
    riskMax: formatShare(Number(values.riskMax), 1),
  };
}

/** Numbers as everywhere on the screen: `2,4`; shares as `3,0 %` (in English `2.4` and `3.0 %`). */
function writtenValues(values: PlacementReason['values']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      name === 'rateMax' ? formatShare(Number(value), 1) : writtenValue(value),
    ]),
  );
}
