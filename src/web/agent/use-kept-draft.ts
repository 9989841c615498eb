import { useEffect, useEffectEvent, useRef, useState } from 'react';
import { useAgentSession, useScreen } from './context.ts';
import { type Draft, typedOf } from './draft.ts';
import { mayDispose } from './screen.ts';

/** Pause in the typing after which the draft is sent. */
const TYPING_PAUSE_MS = 1_000;
/** Pause after a refusal, because the store may be held up for some seconds. */
const REFUSED_PAUSE_MS = 4_000;
/** Refusals in a row after which only the next change is sent. */
const REFUSALS_MAX = 30;

/** Refusals after which sending the same again is pointless. */
const IN_VAIN: readonly string[] = [
  ...['draft-stale', 'not-now', 'not-your-call', 'no-shift', 'malformed-request', 'mistake'],
];

/**
 * Sends the draft to the server a second after the last change, at once when the page is hidden or
 * left, and again when the connection is back or the server could not keep it.
 */
export function useKeptDraft(draft: Draft | undefined): void {
  const session = useAgentSession();
  const screen = useScreen();
  const sent = useRef<Pick<Draft, 'callId' | 'revision'>>(undefined);
  const [refusals, setRefusals] = useState(0);
  const isUp = screen.link.kind === 'up';
  const mayKeep = isUp && mayDispose(screen);
  const { call } = screen.desk ?? {};
  const ofServer = (call?.callId === draft?.callId && call?.draft?.revision) || 0;

  const send = useEffectEvent(async () => {
    if (!draft || !mayKeep) return;
    const { callId, revision } = draft;
    const known = sent.current?.callId === callId ? sent.current.revision : 0;
    if (revision <= Math.max(known, ofServer)) return;
    sent.current = { callId, revision };
    const refused = await session.commands.keepDraft(callId, typedOf(draft));
    if (refused === undefined) setRefusals(0);
    const isToRepeat = refused !== undefined && !IN_VAIN.includes(refused);
    if (!isToRepeat || sent.current.revision !== revision) return;
    sent.current = undefined;
    // At the most nothing changes any more, and so nothing is sent before the next change.
    setRefusals((count) => Math.min(count + 1, REFUSALS_MAX));
  });

  const { callId, revision } = draft ?? {};
  // biome-ignore lint/correctness/useExhaustiveDependencies: each change of the draft begins the pause anew.
  useEffect(() => {
    if (!mayKeep) return;
    const pauseMs = refusals === 0 ? TYPING_PAUSE_MS : REFUSED_PAUSE_MS;
    const timer = setTimeout(() => void send(), pauseMs);
    return () => clearTimeout(timer);
  }, [mayKeep, callId, revision, refusals]);

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
