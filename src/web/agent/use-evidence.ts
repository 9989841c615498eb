import { useEffect, useState } from 'react';
import type { RightPartyCheck } from '../../protocol/agent.ts';
import { useAgentSession, useScreen } from './context.ts';
import { type EvidenceDraft, emptyEvidence, evidenceOf, isTooLittle } from './evidence.ts';
import { mayConfirm, shownCall } from './screen.ts';

/** The form that confirms the right party. */
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
  // Drops the answers of an earlier call.
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
      // All answers are cleared, so that a single wrong one cannot be guessed.
      if (told === 'evidence-wrong') keep({ ...draft, answers: {} });
      focusFirstField();
    },
  };
}

/**
 * Whether the form begins with the known voice: when too few items can be asked, it is the only
 * way.
 */
function startsByVoice(check: RightPartyCheck): boolean {
  return check.knownVoiceAllowed && isTooLittle(check);
}

/** Focuses the first field after the form is drawn. */
function focusFirstField(): void {
  requestAnimationFrame(() => {
    document.querySelector<HTMLInputElement>('[data-evidence]')?.focus();
  });
}
