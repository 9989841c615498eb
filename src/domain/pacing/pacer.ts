/**
 * How many calls to place now. `createPacer` learns from committed facts in every mode, so that a
 * change of mode finds it informed, and makes one plan for a campaign or for all campaigns of a
 * dialing group.
 */
import { assert, present } from '../../lib/assert.ts';
import { SECOND_MS } from '../../lib/time.ts';
import { CampaignLearning } from './campaign-learning.ts';
import { servedWith } from './fair-turns.ts';
import { forecastOf } from './forecast.ts';
import { linesForFreeAgents } from './lines-for-free-agents.ts';
import type {
  CampaignLearned,
  CampaignPlan,
  Pacer,
  PacerState,
  PacingAbandonment,
  PacingCampaign,
  PacingForecast,
  PacingObservation,
  PacingPlan,
  PacingReason,
  PacingSettings,
  PacingSnapshot,
} from './pacing-interface.ts';
import {
  type Caps,
  type Dialed,
  decidePredictive,
  laterSeconds,
  PredictiveScratch,
} from './predictive.ts';
import { isEmpty } from './risk-target.ts';

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

/** A forecast is looked at by people: it is made anew this often, and whenever calls are placed. */
const FORECAST_EVERY_MS = SECOND_MS;
/** While nothing happens, a risk that is so many times too high is not looked at again for so long. */
const SURELY_TOO_HIGH = [
  { factor: 3, ms: 800 },
  { factor: 1.4, ms: 400 },
] as const;
const WAIT_MAX_MS = 800;
/** Outside a dialing group the one campaign has no name. */
const NAMELESS = '';

/** Throws a mistake for a ratio below one. */
export function createPacer(settings: PacingSettings, state?: PacerState): Pacer {
  assert(
    settings.mode !== 'ratio' || (settings.ratio ?? 0) >= 1,
    'mode ratio needs a ratio of at least 1',
  );
  return new LearningPacer(settings, state);
}

class LearningPacer implements Pacer {
  private readonly settings: PacingSettings;
  private readonly learnings = new Map<string, CampaignLearning>();
  private readonly learned: Readonly<Record<string, CampaignLearned>>;
  private readonly abandonments = new Map<string, PacingAbandonment>();
  private readonly forecasts = new Map<string, { at: number; forecast: PacingForecast }>();
  private readonly scratch = new PredictiveScratch();
  /** Grows with every observation. */
  private observed = 0;
  private waitUntil:
    | { readonly sign: string; readonly at: number; readonly decisions: Decisions }
    | undefined;

  constructor(settings: PacingSettings, state?: PacerState) {
    this.settings = settings;
    this.learned = state?.schemaVersion === 2 ? state.campaigns : {};
    for (const id of Object.keys(this.learned)) this.learningOf(id);
  }

  observe(observation: PacingObservation): void {
    this.observed += 1;
    const id = observation.campaignId ?? NAMELESS;
    const abandonment = this.abandonments.get(id) ?? this.settings.abandonment;
    this.learningOf(id).observe(observation, abandonment);
  }

  plan(snapshot: PacingSnapshot): PacingPlan {
    const dialed = this.dialedOf(snapshot);
    this.prepare(snapshot, dialed);
    const { cancel, placed } = this.decide(snapshot, dialed);
    const plans = dialed.map((one): CampaignPlan => {
      const campaignId = one.campaign.id;
      const { place, because } = decidedFor(placed, campaignId);
      return { campaignId, place, because, forecast: this.forecast(snapshot, one, place) };
    });
    this.follow(snapshot, dialed);
    return planOf(snapshot, plans, cancel);
  }

  toJSON(): PacerState {
    const campaigns: Record<string, CampaignLearned> = {};
    for (const [id, learning] of this.learnings) campaigns[id] = learning.toJSON();
    return { schemaVersion: 2, campaigns };
  }

  private learningOf(id: string): CampaignLearning {
    let learning = this.learnings.get(id);
    if (!learning) {
      learning = new CampaignLearning(this.settings.ringTimeoutMs, this.learned[id]);
      this.learnings.set(id, learning);
    }
    return learning;
  }

  private dialedOf(snapshot: PacingSnapshot): Dialed[] {
    const { bank, leadsLeft } = snapshot;
    const campaigns: readonly PacingCampaign[] = snapshot.campaigns ?? [
      { id: NAMELESS, weight: 1, bank, leadsLeft },
    ];
    return campaigns.map((campaign) => {
      const abandonment = campaign.abandonment ?? this.settings.abandonment;
      this.abandonments.set(campaign.id, abandonment);
      return { campaign, abandonment, learning: this.learningOf(campaign.id) };
    });
  }

  private prepare({ agents, calls, now }: PacingSnapshot, dialed: readonly Dialed[]): void {
    for (const { campaign, learning } of dialed) {
      learning.releases.watch(ownOf(agents, campaign.id, dialed.length), now);
      learning.look(ownOf(calls, campaign.id, dialed.length), now);
      learning.setups.prepare();
      learning.releases.prepare(laterSeconds(this.settings.abandonment));
    }
  }

  /**
   * Lets time pass over the calls on the way. After the decision, so that nothing of a snapshot teaches
   * about itself: one more call on the way must never look like one more that is not answered.
   */
  private follow({ calls, now }: PacingSnapshot, dialed: readonly Dialed[]): void {
    for (const { campaign, learning } of dialed) {
      learning.setups.follow(ownOf(calls, campaign.id, dialed.length), now);
    }
  }

  private decide(snapshot: PacingSnapshot, dialed: readonly Dialed[]): Decisions {
    const { mode } = this.settings;
    const none = (because: PacingReason): Decisions => ({
      cancel: [],
      placed: new Map(dialed.map(({ campaign }) => [campaign.id, { place: 0, because }])),
    });
    const agents = snapshot.agents.length;
    if (agents === 0) return none({ kind: 'no-agents' });
    if (mode === 'preview') return none({ kind: 'mode-does-not-dial' });
    const onTheWay = snapshot.calls.length + snapshot.waiting.length;
    const caps = capsOf(this.settings, snapshot, onTheWay);
    if (mode === 'predictive') {
      return this.decidePredictive(snapshot, dialed, caps);
    }
    const free = snapshot.agents.filter((agent) => isFree(agent, snapshot.now)).length;
    if (free === 0) return none({ kind: 'no-agent-free', agents });
    const { lines, because } = linesForFreeAgents(this.settings, snapshot, free, onTheWay);
    const wanted = Math.max(0, lines - onTheWay);
    if (wanted === 0) return none({ kind: 'enough-on-the-way', free, onTheWay, lines });
    return {
      cancel: [],
      placed: new Map(
        dialed.map(({ campaign }) => [campaign.id, capped(snapshot, caps, wanted, because)]),
      ),
    };
  }

  private decidePredictive(
    snapshot: PacingSnapshot,
    dialed: readonly Dialed[],
    caps: Caps,
  ): Decisions {
    const sign = signOf(snapshot, this.observed);
    const known = this.waitUntil;
    const leftMs = known ? known.at - snapshot.now : 0;
    if (known?.sign === sign && leftMs > 0 && leftMs <= WAIT_MAX_MS) return known.decisions;
    const decided = decidePredictive(this.settings, snapshot, dialed, caps, this.scratch);
    const decisions = raised(this.settings, snapshot, dialed, decided);
    const waitMs = surelyTooHighForMs(decisions);
    this.waitUntil = waitMs > 0 ? { sign, at: snapshot.now + waitMs, decisions } : undefined;
    return decisions;
  }

  private forecast(snapshot: PacingSnapshot, one: Dialed, place: number): PacingForecast {
    const { campaign, learning, abandonment } = one;
    const known = this.forecasts.get(campaign.id);
    const ageMs = known ? snapshot.now - known.at : Number.POSITIVE_INFINITY;
    if (known && place === 0 && ageMs >= 0 && ageMs < FORECAST_EVERY_MS) return known.forecast;
    const forecast = forecastOf(
      snapshot,
      snapshot.campaigns ? campaign.id : undefined,
      learning,
      (id) => this.learningOf(id ?? NAMELESS),
      this.settings.mode,
      campaign.bank,
      abandonment,
    );
    this.forecasts.set(campaign.id, { at: snapshot.now, forecast });
    return forecast;
  }
}

/** Calls or agents that belong to a campaign. */
function ownOf<Owned extends { readonly campaignId?: string }>(
  all: readonly Owned[],
  id: string,
  campaigns: number,
): readonly Owned[] {
  return campaigns === 1 ? all : all.filter(({ campaignId }) => campaignId === id);
}

type Decided = { readonly place: number; readonly because: PacingReason };
type Decisions = {
  readonly cancel: readonly string[];
  readonly placed: ReadonlyMap<string, Decided>;
};

function decidedFor(placed: Decisions['placed'], campaignId: string): Decided {
  return present(placed.get(campaignId), 'every campaign has a decision');
}

/** Changes with everything that a decision depends on, except the time. */
function signOf(
  { agents, calls, waiting, leadsLeft, linesFree, callsAllowedNow }: PacingSnapshot,
  observed: number,
): string {
  let free = 0;
  for (const { state } of agents) if (state === 'available') free += 1;
  const room = leadsLeft > 0 && linesFree > 0 && callsAllowedNow > 0;
  return `${observed} ${agents.length} ${free} ${calls.length} ${waiting.length} ${room}`;
}

/** How long a decision to place nothing stays right while nothing happens. */
function surelyTooHighForMs({ placed, cancel }: Decisions): number {
  if (cancel.length > 0) return 0;
  let leastFactor = Number.POSITIVE_INFINITY;
  for (const { because } of placed.values()) {
    if (because.kind !== 'risk-too-high') return 0;
    leastFactor = Math.min(leastFactor, because.risk / because.riskMax);
  }
  return SURELY_TOO_HIGH.find(({ factor }) => leastFactor >= factor)?.ms ?? 0;
}

/** One campaign's own plan; for a group the sum, with the reason of the campaign that places most. */
function planOf(
  snapshot: PacingSnapshot,
  plans: readonly CampaignPlan[],
  cancel: readonly string[],
): PacingPlan {
  let main = present(plans[0], 'a plan is for a campaign at least');
  let place = 0;
  for (const plan of plans) {
    place += plan.place;
    if (plan.place > main.place) main = plan;
  }
  const plan = { place, cancel, because: main.because, forecast: main.forecast };
  return snapshot.campaigns ? { ...plan, byCampaign: plans } : plan;
}

function isFree(agent: PacingSnapshot['agents'][number], now: number): boolean {
  return (
    agent.state === 'available' &&
    !agent.pauseRequested &&
    (agent.freeAt ?? now) <= now &&
    (agent.leavesAt ?? now + 1) > now
  );
}

function capsOf(settings: PacingSettings, snapshot: PacingSnapshot, onTheWay: number): Caps {
  const { linesPerAgentMax } = settings;
  return {
    lines: Math.max(0, Math.floor(snapshot.linesFree)),
    calls: Math.max(0, Math.floor(snapshot.callsAllowedNow)),
    linesPerAgent:
      linesPerAgentMax === undefined
        ? Number.POSITIVE_INFINITY
        : Math.max(0, Math.floor(linesPerAgentMax * snapshot.agents.length) - onTheWay),
  };
}

function capped(
  { leadsLeft }: PacingSnapshot,
  caps: Caps,
  wanted: number,
  because: PacingReason,
): Decided {
  const limits = [
    { by: 'lines-per-agent', allowed: caps.linesPerAgent },
    { by: 'lines', allowed: caps.lines },
    { by: 'leads', allowed: Math.max(0, Math.floor(leadsLeft)) },
    { by: 'calls-per-second', allowed: caps.calls },
  ] as const;
  let decided: Decided = { place: wanted, because };
  for (const { by, allowed } of limits) {
    if (allowed < decided.place) {
      decided = { place: allowed, because: { kind: 'capped', by, wanted, allowed } };
    }
  }
  return decided;
}

/**
 * The supervisor's minimum of lines, where nothing but the accepted risk stands against it. In a dialing
 * group each campaign has it for its share of the agents, and its own calls count.
 */
function raised(
  settings: PacingSettings,
  snapshot: PacingSnapshot,
  dialed: readonly Dialed[],
  decisions: Decisions,
): Decisions {
  const placed = new Map(decisions.placed);
  let isRaised = false;
  let all = 0;
  for (const { place } of placed.values()) all += place;
  for (const one of dialed) {
    const { id, weight } = one.campaign;
    const least = one.campaign.linesPerAgentMin ?? settings.linesPerAgentMin;
    if (least === undefined || isHeldBack(one)) continue;
    const decided = decidedFor(placed, id);
    const lines = Math.floor(least * agentsShared(snapshot, dialed, one));
    const onTheWay =
      ownOf(snapshot.calls, id, dialed.length).length +
      ownOf(snapshot.waiting, id, dialed.length).length;
    const wanted = lines - onTheWay;
    if (wanted <= decided.place) continue;
    const others = all - decided.place;
    const { leadsLeft, linesFree = Number.POSITIVE_INFINITY } = one.campaign;
    const caps = {
      lines: Math.floor(Math.max(0, Math.min(snapshot.linesFree - others, linesFree))),
      calls: Math.floor(Math.max(0, snapshot.callsAllowedNow - others)),
      linesPerAgent: wanted,
    };
    const because = { kind: 'lines-per-agent-min', lines, onTheWay } as const;
    const more = capped({ ...snapshot, leadsLeft }, caps, wanted, because);
    if (dialed.length > 1 && more.place <= decided.place) continue;
    one.learning.served = servedWith(one.learning.served, more.place - decided.place, weight);
    all = others + more.place;
    placed.set(id, more);
    isRaised = true;
  }
  return isRaised ? { cancel: [], placed } : decisions;
}

/** The campaign is dialed one to one or by probes now, and the minimum does not overrule that. */
function isHeldBack({ campaign, learning, abandonment }: Dialed): boolean {
  return (
    learning.isLearning ||
    learning.carrier.failingSince !== undefined ||
    isEmpty(campaign.bank, abandonment)
  );
}

/** How many agents a campaign counts as its own: each agent is shared, by weight, by their campaigns. */
function agentsShared(
  { agents }: PacingSnapshot,
  dialed: readonly Dialed[],
  { campaign }: Dialed,
): number {
  if (dialed.length === 1) return agents.length;
  let shared = 0;
  for (const { campaignIds } of agents) {
    if (campaignIds?.includes(campaign.id) === false) continue;
    let weights = 0;
    for (const { campaign: other } of dialed) {
      if (campaignIds?.includes(other.id) !== false) weights += other.weight;
    }
    shared += campaign.weight / Math.max(1e-6, weights);
  }
  return shared;
}
