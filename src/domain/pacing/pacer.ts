/**
 * How many calls to place now. Synchronous, deterministic, without a clock of its own: other programs
 * (benchmarks, what-if pages, tests) drive it through exactly this interface.
 *
 * The two rules of this file need no learning. `progressive` keeps as many calls on the way as agents
 * are free; `ratio` keeps a multiple of them, and falls back to one to one while the abandonment bank
 * of the window is empty.
 */
import { assert, unreachable } from '../../lib/assert.ts';
import { SECOND_MS } from '../../lib/time.ts';
import type {
  Pacer,
  PacerState,
  PacingForecast,
  PacingReason,
  PacingSettings,
  PacingSnapshot,
} from './pacing-interface.ts';

export type {
  CampaignLearned,
  CampaignPlan,
  Pacer,
  PacerState,
  PacingAbandonment,
  PacingAgent,
  PacingBank,
  PacingCall,
  PacingCampaign,
  PacingForecast,
  PacingMode,
  PacingObservation,
  PacingOutcome,
  PacingPlan,
  PacingReason,
  PacingRisk,
  PacingSettings,
  PacingSnapshot,
  PacingWaiting,
} from './pacing-interface.ts';

/** Set-ups over which the answer rate is shown. */
const SETUPS_KEPT_MAX = 500;

/** Throws a mistake for a mode that has no rule here. */
export function createPacer(settings: PacingSettings, state?: PacerState): Pacer {
  assert(
    settings.mode !== 'ratio' || (settings.ratio ?? 0) >= 1,
    'mode ratio needs a ratio of at least 1',
  );
  const setups: boolean[] = [...((state?.campaigns['']?.['setups'] as boolean[]) ?? [])];
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
    toJSON: () => ({ schemaVersion: 2, campaigns: { '': { setups: [...setups] } } }),
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
    case 'predictive':
      return { lines: free, because: { kind: 'one-to-one', free, onTheWay } };
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
    withinMs: 30 * SECOND_MS,
    answersExpected: 0,
    freeAgentsExpected: 0,
    moments: [],
  };
}
