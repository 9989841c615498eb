import type { LogLine } from '../../protocol/supervisor.ts';
import { changeValueWords } from '../i18n/change-words.ts';
import { resultWords, wordsFor } from '../i18n/codes.ts';
import { textAt } from '../i18n/text-at.ts';
import { formatDecimal, formatLength, formatMoment, formatShare } from '../ui/format.ts';

/**
 * The sentence of a line. Kinds this page does not know, from a newer server, are shown as they
 * are.
 */
export function logSentence(line: LogLine): string {
  return textAt(`log.${sentenceOf(line)}`, valuesOf(line)) ?? unknownSentence(line);
}

function unknownSentence(line: LogLine): string {
  const values = Object.entries(line.values).map(([name, value]) => `${name}=${value}`);
  return [line.kind, ...values].join(' ');
}

/** The key of the sentence, which for some kinds depends on their values. */
function sentenceOf({ kind, values, byName }: LogLine): string {
  switch (kind) {
    case 'call-placed':
      return values.route === 'campaign-fallback' ? 'call-placed-fallback' : kind;
    case 'call-connected':
      return values.again === true ? 'call-connected-again' : kind;
    case 'call-ended':
      return values.outcome === 'person' ? kind : 'call-ended-unanswered';
    case 'call-screened':
      return values.consequence === 'ended' ? kind : 'call-screened-kept';
    case 'message-asked':
      if (values.message === 'agent-lost') return 'message-asked-lost';
      return values.soundFile === undefined ? kind : 'message-asked-own';
    case 'activity-changed':
      if (values.to !== 'paused') return kind;
      // Unless it is a break, the reason already says that it is the supervisor's.
      return values.by === 'supervisor' && values.reason !== 'by-supervisor'
        ? 'activity-paused-by-supervisor'
        : 'activity-paused';
    case 'pause-asked':
    case 'pause-taken-back':
    case 'rest-planned':
    case 'rest-taken-back':
    case 'sign-out-taken-back':
      return values.by === 'supervisor' ? `${kind}-by-supervisor` : kind;
    case 'sign-out-asked':
      return values.because === 'signed-out-by-supervisor' ? `${kind}-by-supervisor` : kind;
    case 'screen-changed':
      return values.connected === true ? 'screen-connected' : 'screen-lost';
    case 'headset-changed':
      return values.pinned === true ? 'headset-pinned' : 'headset-lost';
    case 'disposition-recorded':
      if (byName !== null) return 'disposition-recorded-for';
      return values.correction === true ? 'disposition-corrected' : kind;
    case 'right-party-withdrawn':
      return byName === null ? kind : 'right-party-withdrawn-for';
    case 'campaign-assigned':
      return values.assigned === true ? kind : 'campaign-unassigned';
    default:
      return kind;
  }
}

function valuesOf({ kind, values, agentName, byName, phone }: LogLine): Record<string, string> {
  const text = (name: string) => String(values[name] ?? '?');
  const seconds = (name: string) => {
    const value = values[name];
    if (typeof value !== 'number') return '?';
    return value < 1_000 ? `${value} ms` : `${formatDecimal(value / 1_000)} s`;
  };
  const number = (name: string) => {
    const value = values[name];
    return typeof value === 'number' ? value : undefined;
  };
  const state = kind === 'phone-status-changed' ? 'phoneStatus' : 'activity';
  return {
    ...Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)])),
    agent: agentName ?? '?',
    by: byName ?? '?',
    code: resultWords(text('code')),
    phone: phone ?? '?',
    reason: wordsFor('pause', text('reason')),
    ring: seconds('ringMs'),
    wait: seconds('waitMs'),
    screened: seconds('screenedMs'),
    talk: formatLength(number('talkMs')),
    outcome: wordsFor('outcome', text('outcome')),
    asks: wordsFor('approvable', text('asks')),
    because: kind === 'trunk-suspended' ? wordsFor('outcome', text('because')) : text('because'),
    hungUpBy: wordsFor('hungUpLog', text('hungUpBy')),
    ...(kind === 'campaign-changed'
      ? {
          change: wordsFor('change', text('change')),
          from: changeValueWords(text('change'), text('from')),
          to: changeValueWords(text('change'), text('to')),
        }
      : { from: wordsFor(state, text('from')), to: wordsFor(state, text('to')) }),
    used: formatShare(number('budgetUsed') ?? 0, 1, 0),
    max: formatShare(number('rateMax') ?? 0, 1),
    until: formatMoment(number('until') ?? 0),
    rests: formatMoment(number('restsAt') ?? 0),
  };
}
