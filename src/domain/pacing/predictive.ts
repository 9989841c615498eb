/**
 * Dialing ahead: places one more call while the chance that it is answered and finds no agent stays
 * within the risk accepted now. Campaigns that share agents are planned together: agents are counted
 * once, each call has the hazards of its own campaign, and each campaign its own bank, risk and turn.
 *
 * Example: two agents are free, nothing is on the way, 15 % of the calls are answered, all in the tenth
 * second, and the accepted risk is 3.1 %. The person of a new call finds nobody when two of the others
 * answer too. The first and the second call have no two others: risk 0. The third has two: 0.15² = 2.3 %,
 * accepted. A fourth would have three: 3 × 0.15² × 0.85 + 0.15³ = 6.1 %, refused. So three are placed.
 */
import { present } from '../../lib/assert.ts';
import type { CampaignLearning } from './campaign-learning.ts';
import { ANSWERS_NEEDED, ANSWERS_TO_TRY } from './campaign-learning.ts';
import { leastServed, servedAtLeast, servedWith } from './fair-turns.ts';
import { RISK_MOMENTS } from './moments.ts';
import { type Demand, NewCall, Outlook, usedMoments } from './outlook.ts';
import type {
  PacingAbandonment,
  PacingAgent,
  PacingCampaign,
  PacingReason,
  PacingRisk,
  PacingSettings,
  PacingSnapshot,
} from './pacing-interface.ts';
import { isEmpty } from './risk-target.ts';

/** Share of the limit by which supply is read later than demand: people hang up before it, too. */
const PATIENCE_SHARE = 0.7;
/** The usual length of a greeting, where the clock begins at its end. */
const GREETING_MS = 1_200;
/** Share of the accepted risk that a campaign may take while too little is known of it. */
const LEARNING_CAUTION = 0.5;
/** Large teams try so many calls at once, and fewer as the risk is neared. */
const STEP_MAX = 64;
/** The share of the cap that a campaign at one to one may risk beside others. */
const ONE_TO_ONE_RISK_SHARE = 1 / 3;
/** A call on the way is cancelled only at so many times the risk that would be accepted of a new one. */
const CANCEL_FACTOR = 2;
const CANCELS_MAX = 20;

/** One campaign of the plan being made. */
export type Dialed = {
  readonly campaign: PacingCampaign;
  readonly learning: CampaignLearning;
  readonly abandonment: PacingAbandonment;
};

export type Placed = { place: number; because: PacingReason; isOver: boolean };

export type Decision = {
  readonly cancel: readonly string[];
  readonly placed: ReadonlyMap<string, Placed>;
};

export type Caps = { lines: number; calls: number; linesPerAgent: number };

type Candidate = Dialed & {
  /** Its place among all that are dialed. */
  readonly index: number;
  readonly newCall: NewCall;
  readonly outlook: Outlook;
  /** All outlooks that a call of this campaign falls into, and with what share. */
  readonly overlaps: readonly (readonly [Outlook, number])[];
  readonly riskMax: number;
  readonly result: Placed;
  left: number;
};

/** Room for computing, used again by every plan; nothing in it is remembered. */
export class PredictiveScratch {
  readonly used = new Uint8Array(RISK_MOMENTS.length);
  private readonly newCalls = new Map<CampaignLearning, NewCall>();
  private readonly outlooks: Outlook[] = [];

  newCallOf(learning: CampaignLearning): NewCall {
    let newCall = this.newCalls.get(learning);
    if (!newCall) {
      newCall = new NewCall();
      this.newCalls.set(learning, newCall);
    }
    newCall.refresh(learning);
    return newCall;
  }

  outlook(index: number): Outlook {
    const known = this.outlooks[index];
    if (known) return known;
    const made = new Outlook();
    this.outlooks[index] = made;
    return made;
  }
}

/** Decides for all campaigns of a snapshot. There are agents, and every learning is prepared. */
export function decidePredictive(
  settings: PacingSettings,
  snapshot: PacingSnapshot,
  dialed: readonly Dialed[],
  caps: Caps,
  scratch: PredictiveScratch,
): Decision {
  const candidates = candidatesOf(snapshot, dialed, scratch);
  const cancel = cancelled(settings, snapshot, candidates);
  if (cancel.length === 0) placeByTurns(snapshot, candidates, caps);
  return {
    cancel,
    placed: new Map(candidates.map(({ campaign, result }) => [campaign.id, result])),
  };
}

/** How much later than an answer an agent may come, seconds. */
export function laterSeconds({ waitMaxMs, clockStart }: PacingAbandonment): number {
  const greetingMs = clockStart === 'greeting-ended' ? GREETING_MS : 0;
  return (PATIENCE_SHARE * (waitMaxMs + greetingMs)) / 1_000;
}

function candidatesOf(
  snapshot: PacingSnapshot,
  dialed: readonly Dialed[],
  scratch: PredictiveScratch,
): Candidate[] {
  const views = viewsOf(snapshot, dialed);
  const seen = views.map(([one, view]) => ({
    ...one,
    view,
    newCall: scratch.newCallOf(one.learning),
  }));
  const used = usedMoments(
    seen.map(({ newCall }) => newCall),
    scratch.used,
  );
  const outlooks = new Map<View, Outlook>();
  for (const { view } of seen) {
    if (outlooks.has(view)) continue;
    const demands = seen.map(
      ({ campaign, learning, view: other }): Demand => ({
        campaignId: campaign.id,
        learning,
        overlap: overlapOf(view, other),
      }),
    );
    const outlook = scratch.outlook(outlooks.size);
    outlook.look(view.agents, snapshot, demands, used);
    outlooks.set(view, outlook);
  }
  return seen.map(({ campaign, learning, abandonment, view, newCall }, index) => {
    return {
      index,
      campaign,
      learning,
      abandonment,
      newCall,
      outlook: present(outlooks.get(view), 'every view has its outlook'),
      overlaps: Array.from(outlooks, ([other, outlook]) => [outlook, overlapOf(other, view)]),
      riskMax:
        learning.risk.riskMax(campaign.bank, abandonment, snapshot.agents.length) *
        (learning.isLearning ? LEARNING_CAUTION : 1),
      result: {
        place: 0,
        because: { kind: 'turn-of-others', weight: campaign.weight },
        isOver: false,
      },
      left: Math.min(campaign.leadsLeft, campaign.linesFree ?? Number.POSITIVE_INFINITY),
    };
  });
}

// ── who can serve whom ──────────────────────────────────────────────────────────────────────────

/** The agents a campaign may use. */
type View = { readonly agents: readonly PacingAgent[] };

/** Each campaign with its agents; where all serve all, every campaign has the same view. */
function viewsOf(
  { agents }: PacingSnapshot,
  dialed: readonly Dialed[],
): readonly (readonly [Dialed, View])[] {
  const everybody: View = { agents };
  const isShared = agents.every(({ campaignIds }) => campaignIds === undefined);
  if (isShared) return dialed.map((one) => [one, everybody]);
  return dialed.map((one) => {
    const own = agents.filter(({ campaignIds }) => campaignIds?.includes(one.campaign.id) ?? true);
    return [one, { agents: own }];
  });
}

/** Share of the other campaign's agents who are of this view: so much of its demand falls on them. */
function overlapOf(view: View, other: View): number {
  if (view === other) return 1;
  if (other.agents.length === 0) return 0;
  const own = new Set(view.agents);
  return other.agents.filter((agent) => own.has(agent)).length / other.agents.length;
}

// ── placing ─────────────────────────────────────────────────────────────────────────────────────

function placeByTurns(
  snapshot: PacingSnapshot,
  candidates: readonly Candidate[],
  caps: Caps,
): void {
  catchUp(candidates);
  let onTheWay = snapshot.calls.length + snapshot.waiting.length;
  // Beside campaigns that predict, one to one would never come to its turn: a campaign that still learns
  // is dialed by what little is known of it, at a smaller risk.
  const isAmongLearned = candidates.some(({ learning }) => !learning.isLearning);
  for (;;) {
    const candidate = nextInTurn(candidates);
    if (!candidate) return;
    const cap = capOf(candidate, caps);
    if (cap) {
      noteOver(candidate.result, cap);
      continue;
    }
    const ceiling = ceilingOf(
      candidate,
      snapshot,
      onTheWay,
      isAmongLearned,
      candidates.length === 1,
    );
    if (ceiling.calls <= 0) {
      noteOver(candidate.result, ceiling.because);
      continue;
    }
    const most = Math.min(
      ceiling.calls,
      caps.lines,
      caps.calls,
      caps.linesPerAgent,
      candidate.left,
    );
    const { calls, because } = ceiling.isByRisk
      ? callsWithinRisk(candidate, Math.floor(most), candidates.length === 1, onTheWay)
      : { calls: 1, because: ceiling.because };
    if (calls === 0) {
      noteOver(candidate.result, because);
      if (ceiling.isByRisk) endTurns(candidates, candidate.outlook);
      continue;
    }
    if (!ceiling.isByRisk) addToOutlooks(candidate, calls);
    candidate.result.place += calls;
    candidate.result.because = because;
    const { learning, campaign } = candidate;
    learning.served = servedWith(learning.served, calls, campaign.weight);
    candidate.left -= calls;
    onTheWay += calls;
    caps.lines -= calls;
    caps.calls -= calls;
    caps.linesPerAgent -= calls;
  }
}

/** Ends this campaign's part of the plan. Calls it was given keep their reason, unless a cap ended it. */
function noteOver(result: Placed, because: PacingReason): void {
  result.isOver = true;
  if (result.place === 0 || because.kind === 'capped') result.because = because;
}

/** The campaign in turn waits for less risk: the others must not take its agents meanwhile. */
function endTurns(candidates: readonly Candidate[], agents: Outlook): void {
  for (const { result, learning, campaign, abandonment, outlook } of candidates) {
    if (result.isOver || outlook !== agents || isEmpty(campaign.bank, abandonment)) continue;
    if (learning.carrier.failingSince !== undefined) continue;
    noteOver(result, { kind: 'turn-of-others', weight: campaign.weight });
  }
}

/** A campaign that joins late or was held back is behind the others by a bounded number of calls. */
function catchUp(candidates: readonly Candidate[]): void {
  const most = Math.max(...candidates.map(({ learning }) => learning.served));
  for (const { learning, campaign } of candidates) {
    learning.served = servedAtLeast({ served: learning.served, weight: campaign.weight }, most);
  }
}

/** The campaign that was given least by its weight, of those not done yet. */
function nextInTurn(candidates: readonly Candidate[]): Candidate | undefined {
  const left = candidates.filter(({ result }) => !result.isOver);
  return leastServed(left, ({ learning }) => learning.served);
}

function capOf({ left, campaign, result }: Candidate, caps: Caps): PacingReason | undefined {
  const { place } = result;
  if (caps.linesPerAgent < 1) return capped('lines-per-agent', place);
  if (caps.lines < 1) return capped('lines', place);
  if (left < 1) return capped(campaign.leadsLeft < place + 1 ? 'leads' : 'lines', place);
  if (caps.calls < 1) return capped('calls-per-second', place);
  return undefined;
}

type Capped = Extract<PacingReason, { kind: 'capped' }>;

function capped(by: Capped['by'], allowed: number): Capped {
  return { kind: 'capped', by, wanted: allowed + 1, allowed };
}

type Ceiling = {
  readonly calls: number;
  readonly because: PacingReason;
  readonly isByRisk: boolean;
};

/** One to one while little is known or the bank is empty, a probe while the carrier fails. */
function ceilingOf(
  candidate: Candidate,
  snapshot: PacingSnapshot,
  onTheWay: number,
  isAmongLearned: boolean,
  isAlone: boolean,
): Ceiling {
  const { learning, campaign, abandonment, outlook, result } = candidate;
  const { free } = outlook;
  const { failingSince, figures } = learning.carrier;
  if (failingSince !== undefined) {
    const mayProbe = result.place === 0 && free > onTheWay;
    const calls = mayProbe ? learning.carrier.probes(snapshot.calls, snapshot.now) : 0;
    if (calls > 0) learning.carrier.probed(snapshot.now);
    return {
      calls,
      because: { kind: 'carrier-failing', ...figures, since: failingSince },
      isByRisk: false,
    };
  }
  if (isEmpty(campaign.bank, abandonment)) {
    const { answers, abandoned } = campaign.bank;
    const { rateMax } = abandonment;
    return {
      calls: isAlone ? free - onTheWay : besideOthers(candidate, snapshot),
      because: { kind: 'abandonment-over-cap', abandoned, answers, rateMax, free },
      isByRisk: false,
    };
  }
  if (learning.setups.answersKnown < ANSWERS_TO_TRY && !isAmongLearned) {
    const { answersKnown } = learning.setups;
    return {
      calls: free - onTheWay,
      because: { kind: 'learning', answersKnown, answersNeeded: ANSWERS_NEEDED, free },
      isByRisk: false,
    };
  }
  return { calls: Number.POSITIVE_INFINITY, because: { kind: 'no-agents' }, isByRisk: true };
}

/**
 * One to one beside campaigns that dial ahead, whose calls on the way outnumber the free agents most of
 * the day: so only its own calls are held against them, and each must be far safer than the cap asks.
 */
function besideOthers(
  { campaign, abandonment, outlook, newCall, result }: Candidate,
  { calls, waiting }: PacingSnapshot,
): number {
  let own = result.place;
  for (const { campaignId } of calls) if (campaignId === campaign.id) own += 1;
  for (const { campaignId } of waiting) if (campaignId === campaign.id) own += 1;
  if (own >= outlook.free) return 0;
  return outlook.risk(newCall.shares) <= ONE_TO_ONE_RISK_SHARE * abandonment.rateMax ? 1 : 0;
}

/** How many of at most `most` new calls are within the risk; they are in the outlooks afterwards. */
function callsWithinRisk(
  candidate: Candidate,
  most: number,
  isAlone: boolean,
  onTheWay: number,
): { readonly calls: number; readonly because: PacingReason } {
  const { outlook, newCall, riskMax } = candidate;
  let calls = 0;
  let risk = outlook.risk(newCall.shares);
  if (risk > riskMax) {
    return { calls, because: { kind: 'risk-too-high', ...figures(candidate, risk, onTheWay) } };
  }
  // In a group each campaign takes a call in its turn; alone, a large team tries many at once.
  let step = isAlone && outlook.canUnplace ? STEP_MAX : 1;
  const limit = isAlone ? most : Math.min(most, 1);
  let accepted = risk;
  while (calls < limit && step >= 1) {
    const tried = Math.min(step, limit - calls);
    if (tried > 1) {
      addToOutlooks(candidate, tried - 1);
      risk = outlook.risk(newCall.shares);
      if (risk > riskMax) {
        for (const [one, overlap] of candidate.overlaps) {
          one.unplace(candidate.index, newCall, overlap, tried - 1);
        }
        step = Math.floor(tried / 2);
        continue;
      }
    }
    accepted = risk;
    addToOutlooks(candidate, 1);
    calls += tried;
    risk = outlook.risk(newCall.shares);
    if (risk > riskMax) break;
  }
  return {
    calls,
    because: { kind: 'risk-accepted', ...figures(candidate, accepted, onTheWay + calls) },
  };
}

function addToOutlooks({ overlaps, newCall, index }: Candidate, times: number): void {
  for (const [outlook, overlap] of overlaps) {
    if (overlap > 0) outlook.place(index, newCall, overlap, times);
  }
}

function figures(
  { learning, outlook, newCall, riskMax }: Candidate,
  risk: number,
  onTheWay: number,
): PacingRisk {
  let freeSoon = 0;
  for (let index = 0; index < newCall.shares.length; index += 1) {
    freeSoon += newCall.shares.at(index) * outlook.supplyMean.at(index);
  }
  return {
    risk,
    riskMax,
    answerRate: learning.setups.answerRate(),
    setupMs: Math.round(1_000 * learning.setups.answerAgeS(0.5)),
    free: outlook.free,
    freeSoon,
    onTheWay,
  };
}

// ── cancelling ──────────────────────────────────────────────────────────────────────────────────

/** Calls that rang long enough and would now most likely find nobody. */
function cancelled(
  { cancelAfterRingingMs }: PacingSettings,
  snapshot: PacingSnapshot,
  candidates: readonly Candidate[],
): string[] {
  if (cancelAfterRingingMs === undefined) return [];
  const cancel: string[] = [];
  for (const call of snapshot.calls) {
    if (cancel.length >= CANCELS_MAX) break;
    if (call.state !== 'ringing' || snapshot.now - call.since < cancelAfterRingingMs) continue;
    const candidate = candidates.find(({ campaign }) => campaign.id === (call.campaignId ?? ''));
    if (!candidate || candidate.learning.isLearning) continue;
    const { outlook, learning, riskMax } = candidate;
    const ageS = (snapshot.now - call.placedAt) / 1_000;
    const bound = CANCEL_FACTOR * riskMax;
    const risk = outlook.riskOfCall(learning.setups, ageS, bound);
    if (risk === undefined || risk <= bound) continue;
    cancel.push(call.id);
    outlook.drop(learning.setups, ageS);
  }
  return cancel;
}
