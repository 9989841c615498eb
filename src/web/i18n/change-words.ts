import { SECOND_MS } from '../../lib/time.ts';
import type { AbandonmentMessage } from '../../protocol/settings.ts';
import type { ChangeCampaignRequest } from '../../protocol/supervisor.ts';
import { formatDecimal, formatMoment, formatShare, writtenValue } from '../ui/format.ts';
import { resultWords, wordsFor } from './codes.ts';

type ChangeValue = ChangeCampaignRequest[keyof ChangeCampaignRequest] | string | number | null;

/**
 * A setting's value in words, from a request, the audit trail or the log: a state, a mode, a length
 * in seconds, a share or a plain number. A missing value is a dash.
 */
export function changeValueWords(change: string, value: ChangeValue): string {
  if (value === undefined || value === null || value === '') return '–';
  if (typeof value === 'object') return messageWords(value);
  const isNumber = Number.isFinite(Number(value));
  if (change.endsWith('Ms') && isNumber) {
    const seconds = Number(value) / SECOND_MS;
    return `${formatDecimal(seconds, Number.isInteger(seconds) ? 0 : 1)} s`;
  }
  if (change === 'plan-agent-rest' && isNumber) return formatMoment(Number(value));
  if (change.endsWith('Share') && isNumber) return formatShare(Number(value), 1);
  const isResult = change === 'correct-disposition' || change === 'right-party-withdrawn';
  if (isResult) return resultWords(String(value));
  if (change === 'take-back-from-agent') return wordsFor('takenBack', String(value));
  if (change.startsWith('approval-')) return wordsFor('approvable', String(value));
  if (change === 'state') return wordsFor('campaignState', String(value));
  if (change === 'mode' || change === 'amd') return wordsFor(change, String(value));
  if (typeof value === 'boolean') return wordsFor('yesNo', value ? 'yes' : 'no');
  if (value === 'yes' || value === 'no') return wordsFor('yesNo', value);
  return writtenValue(value);
}

/** The message in the audit trail's notation. */
function messageWords({ text, soundFile }: AbandonmentMessage): string {
  return soundFile === undefined ? text : `${text} [${soundFile}]`;
}
