import { useEffect, useState } from 'react';
import type { RightPartyCheck } from '../../protocol/agent.ts';
import { useAgentSession, useScreen } from './context.ts';
import { type EvidenceDraft, emptyEvidence, evidenceOf, isTooLittle } from './evidence.ts';
import { mayConfirm, shownCall } from './screen.ts';

/** The form with which the right party is confirmed. */
export type EvidenceBoard = {
  /** Undefined while the form is closed. */
  readonly draft: EvidenceDraft | undefined;
  /** The server's refusal of the last try; `evidence-wrong` does not say what was wrong. */
  readonly refusal: string | undefined;
  readonly sending: boolean;
  open(): void;
  close(): void;
  type(change: Partial<Omit<EvidenceDraft, 'callId'>>): void;
  send(): Promise<void>;
};

export function useEvidence(): EvidenceBoard {
  const session = useAgentSession();
  const screen = useScreen();
  const [kept, keep] = useState<EvidenceDraft>();
  const [refusal, setRefusal] = useState<string>();
  const [sending, setSending] = useState(false);
  const callId = mayConfirm(screen) ? shownCall(screen)?.callId : undefined;
  const draft = kept !== undefined && kept.callId === callId ? kept : undefined;
  // What was said of the call before is not kept behind the next one.
  useEffect(() => {
    if (kept === undefined || kept.callId === callId) return;
    keep(undefined);
    setRefusal(undefined);
  }, [kept, callId]);
  const check = screen.desk?.call?.rightParty ?? undefined;
  return {
    draft,
    refusal,
    sending,
    open() {
      if (callId === undefined || check === undefined) return;
      if (draft === undefined) {
        setRefusal(undefined);
        keep({ ...emptyEvidence(callId), byVoice: startsByVoice(check) });
      }
      focusFirstField();
    },
    close() {
      keep(undefined);
      setRefusal(undefined);
    },
    type: (change) => draft && keep({ ...draft, ...change }),
    async send() {
      if (!draft || !check || sending) return;
      setSending(true);
      const told = await session.commands.confirmRightParty(draft.callId, evidenceOf(draft, check));
      setSending(false);
      if (told === undefined) return keep(undefined);
      setRefusal(told);
      // A wrong part is not to be guessed at while the others stand.
      if (told === 'evidence-wrong') keep({ ...draft, answers: {} });
      focusFirstField();
    },
  };
}

/** Where too little can be asked, the voice is the only way left. */
function startsByVoice(check: RightPartyCheck): boolean {
  return check.knownVoiceAllowed && isTooLittle(check);
}

/** The form is drawn first, or drawn anew. */
function focusFirstField(): void {
  requestAnimationFrame(() => {
    document.querySelector<HTMLInputElement>('[data-evidence]')?.focus();
  });
}
