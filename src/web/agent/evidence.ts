import { unreachable } from '../../lib/assert.ts';
import type { EvidenceItem, RightPartyCheck, TypedEvidence } from '../../protocol/agent.ts';

/** What the agent has typed of what the person says. Never stored, and gone with the call. */
export type EvidenceDraft = {
  readonly callId: string;
  readonly answers: Readonly<Partial<Record<EvidenceItem, string>>>;
  readonly speakerName: string;
  readonly speakerRole: string;
  /** The campaign allows it and the agent chose it. */
  readonly byVoice: boolean;
  readonly reason: string;
};

export function emptyEvidence(callId: string): EvidenceDraft {
  return { callId, answers: {}, speakerName: '', speakerRole: '', byVoice: false, reason: '' };
}

/** As it stands in the field: what is no part of it falls away, and its marks come by themselves. */
export function tidyAnswer(item: EvidenceItem, typed: string): string {
  switch (item) {
    case 'document':
      return digits(typed, 3);
    case 'birth-day': {
      // `9/3` is a whole day too: a mark ends the day as two digits do.
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

/** Nothing more fits: the focus may go on. */
export function isWhole(item: EvidenceItem, tidied: string): boolean {
  return tidied.length === WHOLE_LENGTHS[item];
}

/** What is sent. Whether it is enough is the server's to say. */
export function evidenceOf(draft: EvidenceDraft, { party }: RightPartyCheck): TypedEvidence {
  const speaker =
    party === 'company'
      ? { speaker: { name: draft.speakerName.trim(), role: draft.speakerRole.trim() } }
      : {};
  if (draft.byVoice) return { by: 'known-voice', reason: draft.reason.trim(), ...speaker };
  return { by: 'answers', answers: draft.answers, ...speaker };
}

/** The creditor sent too little to ask for what it takes. */
export function isTooLittle({ items, needed }: RightPartyCheck): boolean {
  return items.length < needed;
}

/** There is a way left: enough to ask for, or a voice that is known. */
export function canBeConfirmed(check: RightPartyCheck): boolean {
  return check.knownVoiceAllowed || !isTooLittle(check);
}
