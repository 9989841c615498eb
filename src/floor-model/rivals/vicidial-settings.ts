/**
 * The settings of VICIdial's pacing that the comparison simulates, with VICIdial's defaults.
 * Source: VICIdial's published code, trunk revision 3939 of August 2025, described in our own
 * words. The names follow its columns, in our style.
 */

/** `ratio` keeps the level it was given; the others let the controller move it. */
export type VicidialMethod = 'ratio' | 'adapt-hard-limit' | 'adapt-average' | 'adapt-tapered';

/** A threshold "below this many agents", with the agents it counts. */
export type VicidialThreshold = {
  readonly count: 'logged-in' | 'non-paused' | 'waiting';
  readonly agents: number;
};

export type VicidialSettings = {
  readonly method: VicidialMethod;
  /** Lines for each counted agent; the starting value of an adaptive method. */
  readonly level: number;
  /** Whether to count only ready agents, and to leave conversations out of the lines. */
  readonly availableOnly: boolean;
  /** Below this threshold only ready agents are counted; absent for never. */
  readonly availableOnlyBelow?: VicidialThreshold;
  /** Below this threshold the level is 1; absent for never. */
  readonly levelOneBelow?: VicidialThreshold;
  /** Agents in a call for longer than this are not counted; 0 counts all. */
  readonly inCallCountedSeconds: number;
  /** The limit on abandonment, in per cent of the day's answers. */
  readonly droppedPercentageMax: number;
  readonly levelMax: number;
  /** -40 to 40: per cent by which a step is scaled. */
  readonly intensity: number;
  /** Target in agents: -1 keeps one agent waiting, 1 keeps one call waiting. */
  readonly differenceTarget: number;
  /** Whether the target is also added to the agents when calls are placed. */
  readonly targetCountsWhenPlacing: boolean;
  /** Time by which `adapt-tapered` has tapered, written HHMM as one number. */
  readonly latestServerTime: number;
  readonly trunksMax: number;
  /** Lines of this campaign on the server; absent when it may use all. */
  readonly campaignTrunksMax?: number;
  readonly callsPerSecond: number;
};

/** The defaults of a fresh campaign, with an adaptive method chosen. */
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
 * The defaults the comparison runs, without limits that would only punish a large team on one small
 * server: unlimited trunks and the highest call rate that is honoured.
 */
export const VICIDIAL_UNSTARVED: VicidialSettings = {
  ...VICIDIAL_DEFAULTS,
  trunksMax: Number.POSITIVE_INFINITY,
  callsPerSecond: 200,
};
