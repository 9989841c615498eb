/**
 * Why an agent takes no calls. The breaks of NR-17 annex II (call-center work) are among the
 * reasons, and no supervisor can take them away. An agent never chooses the last two.
 */
export const CHOSEN_PAUSES = [
  'rest',
  'meal',
  'restroom',
  'training',
  'feedback',
  'system-problem',
] as const;

export type ChosenPause = (typeof CHOSEN_PAUSES)[number];

export type PauseReason =
  | ChosenPause
  /** The wrap-up time ran out and no disposition was recorded. */
  | 'disposition-missing'
  | 'by-supervisor';

/**
 * Breaks to which the agent has a right by law or by nature; a supervisor's pause does not replace
 * them.
 */
export const BREAKS: readonly PauseReason[] = ['rest', 'meal', 'restroom'];

/**
 * Time after which the screen turns amber (80 %) and red (100 %); null for no limit. NR-17 annex II
 * 5.4.1: two breaks of ten minutes and one of twenty.
 */
export const PAUSE_MAX_MS: Readonly<Record<PauseReason, number | null>> = {
  rest: 10 * 60_000,
  meal: 20 * 60_000,
  restroom: null,
  training: null,
  feedback: null,
  'system-problem': null,
  'disposition-missing': null,
  'by-supervisor': null,
};
