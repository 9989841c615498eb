/**
 * The settings of VICIdial's pacing which the comparison simulates, with its own defaults. Source of
 * the rule: the published source of VICIdial, trunk revision 3939 of August 2025, described in our own
 * words; the names are those of its columns, written our way.
 */

/** `ratio` keeps the level it was given; the others let the controller move it. */
export type VicidialMethod = 'ratio' | 'adapt-hard-limit' | 'adapt-average' | 'adapt-tapered';

/** "Below this many agents …": which agents are counted. */
export type VicidialThreshold = {
  readonly count: 'logged-in' | 'non-paused' | 'waiting';
  readonly agents: number;
};

export type VicidialSettings = {
  readonly method: VicidialMethod;
  /** Lines for each counted agent; where an adaptive method starts. */
  readonly level: number;
  /** Count ready agents only, and leave conversations out of the lines. */
  readonly availableOnly: boolean;
  /** Count ready agents only while fewer than so many agents are there. */
  readonly availableOnlyBelow?: VicidialThreshold;
  /** Level 1 while fewer than so many agents are there. */
  readonly levelOneBelow?: VicidialThreshold;
  /** Agents in a call for longer than this are not counted; 0: all are. */
  readonly inCallCountedSeconds: number;
  /** The limit on abandonment, in per cent of the day's answers. */
  readonly droppedPercentageMax: number;
  readonly levelMax: number;
  /** -40 to 40: per cent by which a step is scaled. */
  readonly intensity: number;
  /** Agents: -1 keeps one agent waiting, 1 keeps one call waiting. */
  readonly differenceTarget: number;
  /** Whether the target also counts as agents when calls are placed. */
  readonly targetCountsWhenPlacing: boolean;
  /** The hour by which `adapt-tapered` has tapered, written HHMM as one number. */
  readonly latestServerTime: number;
  readonly trunksMax: number;
  /** Lines of this campaign on the server; absent: as many as the server has. */
  readonly campaignTrunksMax?: number;
  readonly callsPerSecond: number;
};

/** As a fresh campaign is installed, once somebody has chosen an adaptive method for it. */
export const VICIDIAL_DEFAULTS: VicidialSettings = {
  method: 'adapt-hard-limit',
  level: 1,
  availableOnly: false,
  inCallCountedSeconds: 0,
  droppedPercentageMax: 3,
  levelMax: 3,
  intensity: 0,
  differenceTarget: 0,
  targetCountsWhenPlacing: false,
  latestServerTime: 2100,
  trunksMax: 23,
  callsPerSecond: 5,
};

/**
 * The defaults without what would only punish a large team on one small server: as many trunks as it
 * wants, and the highest rate of calls that is honoured. What the comparison runs.
 */
export const VICIDIAL_UNSTARVED: VicidialSettings = {
  ...VICIDIAL_DEFAULTS,
  trunksMax: Number.POSITIVE_INFINITY,
  callsPerSecond: 200,
};
