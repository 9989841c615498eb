/**
 * Why an agent does not take calls. Breaks of NR-17 annex II (call-center work) are among them and no
 * supervisor can take them away; the last two are never chosen by an agent.
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

/** What the law and nature give an agent: a supervisor's pause does not take its place. */
export const BREAKS: readonly PauseReason[] = ['rest', 'meal', 'restroom'];

/** After how long the screen turns amber (80 %) and red (100 %); null: no limit. NR-17 annex II 5.4.1: two breaks of ten minutes and one of twenty. */
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
