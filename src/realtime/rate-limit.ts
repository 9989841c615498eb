export type RateLimit = { takes(): boolean };

/** Allows `perSecondMax` a second and `atOnceMax` at once, by default the same number. */
export function createRateLimit(perSecondMax: number, atOnceMax = perSecondMax): RateLimit {
  let left = atOnceMax;
  let at = performance.now();
  return {
    takes() {
      const now = performance.now();
      left = Math.min(atOnceMax, left + ((now - at) * perSecondMax) / 1_000);
      at = now;
      if (left < 1) return false;
      left -= 1;
      return true;
    },
  };
}
