import { useEffect, useEffectEvent, useRef } from 'react';
import { useAgentSession, useScreen } from './context.ts';
import { type Draft, typedOf } from './draft.ts';
import { mayDispose } from './screen.ts';

/** Pause in the typing after which the draft is sent. */
const TYPING_PAUSE_MS = 1_000;

/** Refusals after which sending the same again is pointless. */
const IN_VAIN: readonly string[] = ['draft-stale', 'not-now', 'not-your-call', 'no-shift'];

/**
 * Sends the draft to the server a second after the last change, at once when the page is hidden or
 * left, and again when the connection is back.
 */
export function useKeptDraft(draft: Draft | undefined): void {
  const session = useAgentSession();
  const screen = useScreen();
  const sent = useRef<Pick<Draft, 'callId' | 'revision'>>(undefined);
  const isUp = screen.link.kind === 'up';
  const mayKeep = isUp && mayDispose(screen);
  const ofServer = screen.desk?.call?.draft?.revision ?? 0;

  const send = useEffectEvent(async () => {
    if (!draft || !mayKeep) return;
    const { callId, revision } = draft;
    const known = sent.current?.callId === callId ? sent.current.revision : 0;
    if (revision <= Math.max(known, ofServer)) return;
    sent.current = { callId, revision };
    const refused = await session.commands.keepDraft(callId, typedOf(draft));
    const isToRepeat = refused !== undefined && !IN_VAIN.includes(refused);
    if (isToRepeat && sent.current.revision === revision) sent.current = undefined;
  });

  const { callId, revision } = draft ?? {};
  // biome-ignore lint/correctness/useExhaustiveDependencies: each change of the draft begins the pause anew.
  useEffect(() => {
    if (!mayKeep) return;
    const timer = setTimeout(() => void send(), TYPING_PAUSE_MS);
    return () => clearTimeout(timer);
  }, [mayKeep, callId, revision]);

  useEffect(() => {
    const sendIfHidden = () => {
      if (document.visibilityState === 'hidden') void send();
    };
    const sendNow = () => void send();
    document.addEventListener('visibilitychange', sendIfHidden);
    window.addEventListener('pagehide', sendNow);
    return () => {
      document.removeEventListener('visibilitychange', sendIfHidden);
      window.removeEventListener('pagehide', sendNow);
    };
  }, []);
}
