/** The modes that need no learning: so many lines for each free agent. */
import type { PacingReason, PacingSettings, PacingSnapshot } from './pacing-interface.ts';
import { isEmpty } from './risk-target.ts';

/** Lines wanted on the way for the agents who are free, and why; ratio falls back to one to one. */
export function linesForFreeAgents(
  settings: PacingSettings,
  { bank }: PacingSnapshot,
  free: number,
  onTheWay: number,
): { readonly lines: number; readonly because: PacingReason } {
  if (settings.mode !== 'ratio') {
    return { lines: free, because: { kind: 'one-to-one', free, onTheWay } };
  }
  if (isEmpty(bank, settings.abandonment)) {
    const { answers, abandoned } = bank;
    const { rateMax } = settings.abandonment;
    return {
      lines: free,
      because: { kind: 'abandonment-over-cap', abandoned, answers, rateMax, free },
    };
  }
  const ratio = settings.ratio ?? 1;
  return { lines: Math.floor(ratio * free), because: { kind: 'ratio', free, ratio, onTheWay } };
}
