/** Measures a span of an operation's day from its stored facts. */
import type { Fact } from '../../src/domain/facts.ts';
import type { FloorTally } from '../../src/floor-model/tally.ts';
import type { AgentId } from '../../src/lib/ids.ts';
import type { DurationMs, EpochMs } from '../../src/lib/time.ts';

/** Sums behind the figures, the same for real and simulated floors. */
export type FloorSums = {
  /** Agents' time: `busyMs` talking and in wrap-up, `presentMs` signed in and not paused. */
  readonly busyMs: DurationMs;
  readonly presentMs: DurationMs;
  readonly placed: number;
  readonly answers: number;
  /** Of those answers, people lost at the limit or because they hung up before it. */
  readonly lostAtLimit: number;
  readonly lostPatience: number;
  readonly conversations: number;
  /** Sum over conversations of the time from being free to being connected. */
  readonly waitSumMs: DurationMs;
};

export type FloorMeasures = {
  readonly utilisation: number;
  readonly abandonment: number;
  readonly waitMeanMs: DurationMs;
  readonly callsPerConversation: number;
};

export const MEASURES = [
  'utilisation',
  'abandonment',
  'waitMeanMs',
  'callsPerConversation',
] as const satisfies readonly (keyof FloorMeasures)[];

/** The sums between `from` and `to`. `facts` are in order and begin before every shift. */
export function sumsOf(facts: readonly Fact[], from: EpochMs, to: EpochMs): FloorSums {
  const sums = {
    ...{ busyMs: 0, presentMs: 0, placed: 0, answers: 0 },
    ...{ lostAtLimit: 0, lostPatience: 0, conversations: 0, waitSumMs: 0 },
  };
  const agents = new Map<AgentId, { kind: string; since: EpochMs; freeSince: EpochMs }>();
  const spend = (kind: string, since: EpochMs, until: EpochMs): void => {
    const spent = Math.max(0, Math.min(until, to) - Math.max(since, from));
    if (BUSY.has(kind)) sums.busyMs += spent;
    if (BUSY.has(kind) || FREE.has(kind)) sums.presentMs += spent;
  };
  for (const { body, at, agentId } of facts) {
    const counts = at >= from && at < to ? 1 : 0;
    switch (body.kind) {
      case 'activity-changed': {
        if (!agentId) break;
        const before = agents.get(agentId);
        if (before) spend(before.kind, before.since, at);
        if (body.to === 'talking' && before && FREE.has(before.kind)) {
          sums.conversations += counts;
          sums.waitSumMs += counts * (at - before.freeSince);
        }
        const staysFree = before !== undefined && FREE.has(before.kind);
        const freeSince = staysFree ? before.freeSince : at;
        agents.set(agentId, { kind: body.to, since: at, freeSince });
        break;
      }
      case 'call-placed':
        sums.placed += counts;
        break;
      case 'call-answered':
        sums.answers += counts;
        break;
      case 'call-abandoned':
        sums.lostAtLimit += counts;
        break;
      case 'call-hung-up-waiting':
        sums.lostPatience += counts;
        break;
      default:
    }
  }
  for (const { kind, since } of agents.values()) spend(kind, since, to);
  return sums;
}

const BUSY: ReadonlySet<string> = new Set(['talking', 'wrapping-up']);
const FREE: ReadonlySet<string> = new Set(['available', 'reserved']);

/** Counts of the longer of two runs of one seed after the end of the shorter one. */
export function sumsBetween(shorter: FloorTally, longer: FloorTally): FloorSums {
  const of = (key: TallyKey): number => longer[key] - shorter[key];
  return {
    busyMs: of('busyMs'),
    presentMs: of('presentMs'),
    placed: of('callsPlaced'),
    answers: of('answers'),
    lostAtLimit: of('lostAtLimit'),
    lostPatience: of('lostPatience'),
    conversations: of('conversations'),
    waitSumMs: of('waitSumMs'),
  };
}

type TallyKey = {
  [Key in keyof FloorTally]: FloorTally[Key] extends number ? Key : never;
}[keyof FloorTally];

export function measuresOf(sums: FloorSums): FloorMeasures {
  return {
    utilisation: share(sums.busyMs, sums.presentMs),
    abandonment: share(sums.lostAtLimit + sums.lostPatience, sums.answers),
    waitMeanMs: share(sums.waitSumMs, sums.conversations),
    callsPerConversation: share(sums.placed, sums.conversations),
  };
}

const share = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);

export type Interval = {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
};

/**
 * The range of 95 % of the values: from the 2.5th to the 97.5th percentile, interpolated linearly.
 * No distribution is assumed.
 *
 * @throws RangeError without values.
 */
export function intervalOf(values: readonly number[]): Interval {
  if (values.length === 0) throw new RangeError('no values, no interval');
  const sorted = values.toSorted((one, other) => one - other);
  return {
    mean: values.reduce((sum, one) => sum + one, 0) / values.length,
    low: quantileOf(sorted, 0.025),
    high: quantileOf(sorted, 0.975),
  };
}

/** `sorted` is ascending; NaN when it is empty. */
export function quantileOf(sorted: readonly number[], share: number): number {
  const at = share * (sorted.length - 1);
  const below = sorted[Math.floor(at)] ?? Number.NaN;
  const above = sorted[Math.ceil(at)] ?? Number.NaN;
  return below + (at - Math.floor(at)) * (above - below);
}

export function isInside(value: number, { low, high }: Interval): boolean {
  return value >= low && value <= high;
}
