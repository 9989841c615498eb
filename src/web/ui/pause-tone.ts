import type { Tone } from './palette.ts';

/**
 * Share of a pause's longest length at which the chip turns amber; beyond the full length it is
 * red.
 */
const PAUSE_WARN_SHARE = 0.8;

/** `offsetMs`: how far the server's clock is ahead; while it is undefined, no length is judged. */
export function pauseTone(
  since: number,
  limitMs: number | null,
  offsetMs: number | undefined,
): Tone {
  if (limitMs === null || offsetMs === undefined) return 'late';
  const lengthMs = Date.now() + offsetMs - since;
  if (lengthMs >= limitMs) return 'bad';
  return lengthMs >= PAUSE_WARN_SHARE * limitMs ? 'warn' : 'late';
}
