import type { Tone } from './palette.ts';

/** At this share of a pause's longest length the chip turns amber; past the whole of it, red. */
const PAUSE_WARN_SHARE = 0.8;

/** `offsetMs`: how far the server's clock is ahead; without it no length is judged. */
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
