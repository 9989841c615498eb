export type RateLimit = { takes(): boolean };

/** So many in a second, and as many at once. */
export function createRateLimit(perSecondMax: number): RateLimit {
  let left = perSecondMax;
  let at = performance.now();
  return {
    takes() {
      const now = performance.now();
      left = Math.min(perSecondMax, left + ((now - at) * perSecondMax) / 1_000);
      at = now;
      if (left < 1) return false;
      left -= 1;
      return true;
    },
  };
}
