/**
 * How many calls to place now. Synchronous, deterministic, without a clock of its own: other programs
 * (benchmarks, what-if pages, tests) drive it through exactly this interface.
 *
 * The two rules of this file need no learning. `progressive` keeps as many calls on the way as agents
 * are free; `ratio` keeps a multiple of them, and falls back to one to one while the abandonment bank
 * of the window is empty.
 */
import { assert, unreachable } from '../../lib/assert.ts';
import type { EpochMs } from '../../lib/time.ts';

export type PacingMode = 'predictive' | 'ratio' | 'progressive' | 'preview';

export type PacingSettings = {
  readonly mode: PacingMode;
  readonly abandonment: {
    /** Share of answered people who may meet no agent in time, 0.03 for 3 %. */
    readonly rateMax: number;
    readonly waitMaxMs: number;
    readonly clockStart: 'answered' | 'greeting-ended';
    /** Whether a person who hangs up before the limit is in the rate or counted apart. */
    readonly earlyHangUpCounts: boolean;
  };
  readonly ringTimeoutMs: number;
  /** Calls that rang this long may be cancelled; absent: never. */
  readonly cancelAfterRingingMs?: number;
  /** Lines for each free agent, mode `ratio`. */
  readonly ratio?: number;
  /** The supervisor's clamps, over agents who are signed in and not paused. */
  readonly linesPerAgentMax?: number;
  readonly linesPerAgentMin?: number;
};

export type PacingSnapshot = {
  readonly now: EpochMs;
  readonly agents: readonly {
    readonly state: 'available' | 'reserved' | 'talking' | 'wrapping-up';
    readonly since: EpochMs;
    /** He will not come back when this call is over. */
    readonly pauseRequested?: boolean;
  }[];
  readonly calls: readonly {
    readonly id: string;
    readonly state: 'placing' | 'ringing' | 'screening';
    readonly placedAt: EpochMs;
    readonly since: EpochMs;
  }[];
  /** People on the line without an agent. */
  readonly waiting: readonly { readonly answeredAt: EpochMs; readonly deadlineAt: EpochMs }[];
  /** The profile's window so far. */
  readonly bank: { readonly answers: number; readonly abandoned: number };
  readonly linesFree: number;
  /** What the trunks' token buckets allow at this moment. */
  readonly callsAllowedNow: number;
  readonly leadsLeft: number;
};

export type PacingObservation =
  | {
      readonly kind: 'setup-ended';
      readonly callId: string;
      readonly placedAt: EpochMs;
      readonly at: EpochMs;
      readonly outcome:
        | 'person'
        | 'machine'
        | 'busy'
        | 'no-answer'
        | 'invalid'
        | 'rejected'
        | 'failed'
        | 'cancelled';
    }
  | {
      readonly kind: 'connected' | 'abandoned' | 'hung-up-waiting';
      readonly callId: string;
      readonly answeredAt: EpochMs;
      readonly at: EpochMs;
    }
  | {
      readonly kind: 'talk-ended' | 'wrap-up-ended';
      readonly startedAt: EpochMs;
      readonly at: EpochMs;
    };

/** Why this many and no more. A sentence in either language can be made of each. */
export type PacingReason =
  /** Nobody is signed in and unpaused: nothing is dialed, in any mode. */
  | { readonly kind: 'no-agents' }
  | { readonly kind: 'no-agent-free'; readonly agents: number }
  /** Calls on the way and people waiting already cover the free agents. */
  | {
      readonly kind: 'enough-on-the-way';
      readonly free: number;
      readonly onTheWay: number;
      readonly lines: number;
    }
  | { readonly kind: 'one-to-one'; readonly free: number; readonly onTheWay: number }
  | {
      readonly kind: 'ratio';
      readonly free: number;
      readonly ratio: number;
      readonly onTheWay: number;
    }
  /** The window's bank is empty: one to one until it is positive again. */
  | {
      readonly kind: 'abandonment-over-cap';
      readonly abandoned: number;
      readonly answers: number;
      readonly rateMax: number;
      readonly free: number;
    }
  | {
      readonly kind: 'capped';
      readonly by: 'lines' | 'calls-per-second' | 'leads' | 'lines-per-agent';
      readonly wanted: number;
      readonly allowed: number;
    };

export type PacingForecast = {
  /** Share of set-ups that a person answered, over the last ones; undefined before the first. */
  readonly answerRateNow?: number;
  /** Set-ups the rate is taken over. */
  readonly setupsObserved: number;
  /** Abandonments ÷ what the cap allows on the answers so far; above 1 the bank is empty. */
  readonly abandonmentBudgetUsed: number;
};

export type PacingPlan = {
  readonly place: number;
  readonly cancel: readonly string[];
  readonly because: PacingReason;
  readonly forecast: PacingForecast;
};

/** What a pacer learned, as JSON. */
export type PacerState = {
  readonly schemaVersion: 1;
  /** The newest set-ups, oldest first: whether a person answered. */
  readonly setups: readonly boolean[];
};

export interface Pacer {
  observe(observation: PacingObservation): void;
  plan(snapshot: PacingSnapshot): PacingPlan;
  toJSON(): PacerState;
}

/** Set-ups over which the answer rate is shown. */
const SETUPS_KEPT_MAX = 500;

/** Throws a mistake for a mode that has no rule here. */
export function createPacer(settings: PacingSettings, state?: PacerState): Pacer {
  assert(
    settings.mode === 'progressive' || settings.mode === 'ratio',
    'this pacer knows the modes progressive and ratio',
  );
  assert(
    settings.mode !== 'ratio' || (settings.ratio ?? 0) >= 1,
    'mode ratio needs a ratio of at least 1',
  );
  const setups: boolean[] = [...(state?.setups ?? [])];
  return {
    observe(observation) {
      if (observation.kind !== 'setup-ended' || observation.outcome === 'cancelled') return;
      setups.push(observation.outcome === 'person');
      if (setups.length > SETUPS_KEPT_MAX) setups.shift();
    },
    plan: (snapshot) => ({
      ...decide(settings, snapshot),
      cancel: [],
      forecast: forecastOf(settings, snapshot, setups),
    }),
    toJSON: () => ({ schemaVersion: 1, setups: [...setups] }),
  };
}

type Decision = { readonly place: number; readonly because: PacingReason };

function decide(settings: PacingSettings, snapshot: PacingSnapshot): Decision {
  const agents = snapshot.agents.length;
  if (agents === 0) return { place: 0, because: { kind: 'no-agents' } };
  const free = snapshot.agents.filter((agent) => agent.state === 'available').length;
  if (free === 0) return { place: 0, because: { kind: 'no-agent-free', agents } };
  const onTheWay = snapshot.calls.length + snapshot.waiting.length;
  const { lines, because } = linesWanted(settings, snapshot, free, onTheWay);
  const wanted = Math.max(0, lines - onTheWay);
  if (wanted === 0) {
    return { place: 0, because: { kind: 'enough-on-the-way', free, onTheWay, lines } };
  }
  return capped(settings, snapshot, { place: wanted, because }, onTheWay);
}

/** Lines to be kept on the way for the agents that are free. */
function linesWanted(
  settings: PacingSettings,
  snapshot: PacingSnapshot,
  free: number,
  onTheWay: number,
): { readonly lines: number; readonly because: PacingReason } {
  switch (settings.mode) {
    case 'ratio': {
      const { answers, abandoned } = snapshot.bank;
      const { rateMax } = settings.abandonment;
      if (abandoned > 0 && abandoned >= rateMax * answers) {
        return {
          lines: free,
          because: { kind: 'abandonment-over-cap', abandoned, answers, rateMax, free },
        };
      }
      const ratio = settings.ratio ?? 1;
      return { lines: Math.floor(ratio * free), because: { kind: 'ratio', free, ratio, onTheWay } };
    }
    case 'progressive':
      return { lines: free, because: { kind: 'one-to-one', free, onTheWay } };
    case 'predictive':
    case 'preview':
      return { lines: 0, because: { kind: 'no-agent-free', agents: snapshot.agents.length } };
    default:
      return unreachable(settings.mode);
  }
}

function capped(
  settings: PacingSettings,
  snapshot: PacingSnapshot,
  decision: Decision,
  onTheWay: number,
): Decision {
  const perAgent =
    settings.linesPerAgentMax === undefined
      ? Number.POSITIVE_INFINITY
      : Math.floor(settings.linesPerAgentMax * snapshot.agents.length) - onTheWay;
  const caps = [
    { by: 'lines-per-agent', allowed: perAgent },
    { by: 'lines', allowed: snapshot.linesFree },
    { by: 'leads', allowed: snapshot.leadsLeft },
    { by: 'calls-per-second', allowed: snapshot.callsAllowedNow },
  ] as const;
  let { place, because } = decision;
  for (const cap of caps) {
    const allowed = Math.max(0, Math.floor(cap.allowed));
    if (allowed < place) {
      place = allowed;
      because = { kind: 'capped', by: cap.by, wanted: decision.place, allowed };
    }
  }
  return { place, because };
}

function forecastOf(
  settings: PacingSettings,
  snapshot: PacingSnapshot,
  setups: readonly boolean[],
): PacingForecast {
  const answered = setups.filter(Boolean).length;
  const allowed = settings.abandonment.rateMax * snapshot.bank.answers;
  return {
    ...(setups.length === 0 ? {} : { answerRateNow: answered / setups.length }),
    setupsObserved: setups.length,
    abandonmentBudgetUsed: allowed > 0 ? snapshot.bank.abandoned / allowed : 0,
  };
}
