/**
 * Muted is a state of a call, and outlives a reload of the page: an open microphone beside a screen that
 * was muted a moment ago is a leak. Which call it was is all that is kept.
 */
export type KeptMute = {
  /** The call that was muted when the page was left; undefined: none. */
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
        // Without storage it lasts as long as the page.
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
