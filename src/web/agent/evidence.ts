import { unreachable } from '../../lib/assert.ts';
import type { EvidenceItem, RightPartyCheck, TypedEvidence } from '../../protocol/agent.ts';

/** What the agent has typed of the person's answers. Never stored; dropped with the call. */
export type EvidenceDraft = {
  readonly callId: string;
  readonly answers: Readonly<Partial<Record<EvidenceItem, string>>>;
  readonly speakerName: string;
  readonly speakerRole: string;
  /** Whether the agent chose to confirm by the voice, which the campaign must allow. */
  readonly byVoice: boolean;
  readonly reason: string;
};

export function emptyEvidence(callId: string): EvidenceDraft {
  return { callId, answers: {}, speakerName: '', speakerRole: '', byVoice: false, reason: '' };
}

/** The text as shown in the field: other characters are removed and separators added. */
export function tidyAnswer(item: EvidenceItem, typed: string): string {
  switch (item) {
    case 'document':
      return digits(typed, 3);
    case 'birth-day': {
      // In `9/3` the separator ends the day, as two digits would.
      const padded = typed.replace(/^(\d)[\s/.-]/, '0$1/');
      const all = digits(padded, 4);
      return all.length > 2 ? `${all.slice(0, 2)}/${all.slice(2)}` : all;
    }
    case 'postal-code': {
      const all = digits(typed, 8);
      return all.length > 5 ? `${all.slice(0, 5)}-${all.slice(5)}` : all;
    }
    case 'contract':
      return typed
        .toUpperCase()
        .replace(/[^0-9A-Z]/g, '')
        .slice(0, 4);
    default:
      return unreachable(item);
  }
}

function digits(typed: string, most: number): string {
  return typed.replace(/\D/g, '').slice(0, most);
}

const WHOLE_LENGTHS: Readonly<Record<EvidenceItem, number>> = {
  document: 3,
  'birth-day': 5,
  'postal-code': 9,
  contract: 4,
};

/** Whether the answer is complete, so that the focus may move on. */
export function isWhole(item: EvidenceItem, tidied: string): boolean {
  return tidied.length === WHOLE_LENGTHS[item];
}

/** The evidence to send. The server decides whether it is enough. */
export function evidenceOf(draft: EvidenceDraft, { party }: RightPartyCheck): TypedEvidence {
  const speaker =
    party === 'company'
      ? { speaker: { name: draft.speakerName.trim(), role: draft.speakerRole.trim() } }
      : {};
  if (draft.byVoice) return { by: 'known-voice', reason: draft.reason.trim(), ...speaker };
  return { by: 'answers', answers: draft.answers, ...speaker };
}

/** Whether the creditor sent fewer items than are needed. */
export function isTooLittle({ items, needed }: RightPartyCheck): boolean {
  return items.length < needed;
}

/** Whether confirming is possible: by enough items or by a known voice. */
export function canBeConfirmed(check: RightPartyCheck): boolean {
  return check.knownVoiceAllowed || !isTooLittle(check);
}
