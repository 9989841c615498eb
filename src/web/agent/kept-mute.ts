/**
 * Keeps a call's mute over a reload of the page: otherwise the microphone would open without the
 * agent noticing. Only the call's id is stored.
 */
export type KeptMute = {
  /** The call that was muted when the page was left; undefined for none. */
  callId(): string | undefined;
  keep(callId: string | undefined): void;
};

export function createKeptMute(userId: string): KeptMute {
  const keptAs = `cadencia-muted-${userId}`;
  let mutedId = stored(keptAs);
  return {
    callId: () => mutedId,
    keep(callId) {
      mutedId = callId;
      try {
        if (callId === undefined) localStorage.removeItem(keptAs);
        else localStorage.setItem(keptAs, callId);
      } catch {
        // Without storage the mute lasts only as long as the page.
      }
    },
  };
}

function stored(keptAs: string): string | undefined {
  try {
    return localStorage.getItem(keptAs) ?? undefined;
  } catch {
    return undefined;
  }
}
