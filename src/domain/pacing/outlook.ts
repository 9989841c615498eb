/**
 * The near future at a row of moments: how many people will have answered, and how many agents will
 * have become free for them. Demand and supply are cumulative from now; an answered person may wait a
 * little, so supply is read that much later than demand.
 */
import type { CampaignLearning } from './campaign-learning.ts';
import {
  type CountMoments,
  chanceOfShortage,
  chanceOfShortageMatched,
  ExactCount,
} from './count-distribution.ts';
import { RISK_MOMENTS } from './moments.ts';
import type { PacingAgent, PacingCall, PacingSnapshot } from './pacing-interface.ts';
import type { Setups } from './setups.ts';

const MOMENTS = RISK_MOMENTS.length;
/** Whoever leaves later than this stays, as far as is looked ahead. */
const HORIZON_S = RISK_MOMENTS[MOMENTS - 1] as number;
/** Where less than this share of answers comes so late, it is not looked at. */
const SHARE_MIN = 0.004;
/** Up to so many agents the counts are convolved exactly. */
const EXACT_AGENTS_MAX = 12;
/** A chance above this cannot be taken out of an exact count without loss. */
const REMOVABLE_MAX = 0.5;

/** One campaign's calls. */
export type Demand = {
  readonly campaignId: string;
  readonly learning: CampaignLearning;
  /** Of its calls, the share that wants the agents looked at. */
  readonly overlap: number;
};

/** Shares of a campaign's answers, and chances of a new call, by moment. */
export class NewCall {
  /** Of those who answer a new call, the share who do around each moment. */
  readonly shares = new Float64Array(MOMENTS);
  /** P(a new call is answered by the moment). */
  readonly by = new Float64Array(MOMENTS);
  private version = -1;

  /** After `setups.prepare()`. */
  refresh({ setups }: CampaignLearning): void {
    if (this.version === setups.curveVersion) return;
    this.version = setups.curveVersion;
    const rate = Math.max(1e-9, setups.answerRate());
    let before = 0;
    for (let index = 0; index < MOMENTS; index += 1) {
      const moment = RISK_MOMENTS[index] as number;
      const next = RISK_MOMENTS[index + 1];
      const until = next === undefined ? 1_000 : (moment + next) / 2;
      const share = setups.answerWithin(0, until) / rate;
      this.shares[index] = share - before;
      before = share;
      this.by[index] = setups.answerWithin(0, moment);
    }
  }
}

/** What is expected of one set of agents and of the calls that want them. */
export class Outlook {
  /** Agents who are free now and stay so. */
  free = 0;
  private readonly demandMean = new Float64Array(MOMENTS);
  private readonly demandSquares = new Float64Array(MOMENTS);
  private readonly demandUncertainty = new Float64Array(MOMENTS);
  /** Of each campaign's calls alone. */
  private owns: Float64Array[] = [];
  /** How uncertain each campaign's answer rate is: the variance of its relative error. */
  private variances: readonly number[] = [];
  readonly supplyMean = new Float64Array(MOMENTS);
  private readonly supplySquares = new Float64Array(MOMENTS);
  /** Of the supply, agents who are sure: they have no part in the shape of its distribution. */
  private readonly supplyCertain = new Float64Array(MOMENTS);
  private exactDemand: ExactCount[] = [];
  private exactSupply: ExactCount[] = [];
  private isExact = false;
  private readonly shortages = new Float64Array(MOMENTS);
  /** Of the agent who is looked at. */
  private readonly chances = new Float64Array(MOMENTS);
  private isUsed: Uint8Array = new Uint8Array(MOMENTS);
  private isStale = true;

  /** Begins anew, with these agents and the calls of these campaigns. */
  look(
    agents: readonly PacingAgent[],
    snapshot: PacingSnapshot,
    demands: readonly Demand[],
    used: Uint8Array,
  ): void {
    this.isUsed = used;
    for (const values of [
      this.demandMean,
      this.demandSquares,
      this.demandUncertainty,
      this.supplyMean,
      this.supplySquares,
      this.supplyCertain,
    ]) {
      values.fill(0);
    }
    this.beginCounts(agents.length);
    this.free = this.addSupply(agents, snapshot.now, demands);
    this.addDemand(snapshot, demands);
    this.addSecondGeneration(demands);
    this.isStale = true;
  }

  private beginCounts(agents: number): void {
    this.isExact = agents <= EXACT_AGENTS_MAX;
    if (!this.isExact) return;
    if (this.exactDemand[0]?.chances.length === agents + 2) {
      for (const count of this.exactDemand) count.clear();
      for (const count of this.exactSupply) count.clear();
      return;
    }
    this.exactDemand = Array.from({ length: MOMENTS }, () => new ExactCount(agents + 1));
    this.exactSupply = Array.from({ length: MOMENTS }, () => new ExactCount(agents + 1));
  }

  /** So many more new calls of the campaign at this place of `demands`. */
  place(campaign: number, call: NewCall, overlap: number, times = 1): void {
    for (let index = 0; index < MOMENTS; index += 1) {
      if (!this.isUsed[index]) continue;
      const chance = (call.by[index] as number) * overlap;
      this.addChance(index, chance, times);
      this.addOwn(campaign, index, chance * times);
    }
    this.isStale = true;
  }

  /** Takes back what {@link place} added; for matched counts only. */
  unplace(campaign: number, call: NewCall, overlap: number, times: number): void {
    this.place(campaign, call, overlap, -times);
  }

  /** Whether calls can be taken back, so that several may be tried at once. */
  get canUnplace(): boolean {
    return !this.isExact;
  }

  /** P(a person who answers at these moments, in these shares, finds nobody). */
  risk(shares: Float64Array): number {
    if (this.isStale) this.refresh();
    let risk = 0;
    let all = 0;
    for (let index = 0; index < MOMENTS; index += 1) {
      const share = shares[index] as number;
      if (!this.isUsed[index]) continue;
      risk += share * (this.shortages[index] as number);
      all += share;
    }
    return all > 0 ? Math.min(1, risk / all) : 0;
  }

  /**
   * P(the person of this call on the way finds nobody, should they answer), and what it would be without
   * the call; undefined where it is too likely to be answered to be taken back.
   */
  riskOfCall(setups: Setups, ageS: number, bound: number): number | undefined {
    if (this.isStale) this.refresh();
    if (!this.shortages.some((shortage) => shortage > bound)) return 0;
    if (setups.answerWithin(ageS, 1_000) > REMOVABLE_MAX) return undefined;
    const shares = new Float64Array(MOMENTS);
    let before = 0;
    for (let index = 0; index < MOMENTS; index += 1) {
      if (!this.isUsed[index]) continue;
      const chance = setups.answerWithin(ageS, RISK_MOMENTS[index] as number);
      shares[index] = chance - before;
      before = chance;
    }
    this.drop(setups, ageS);
    const risk = this.risk(shares);
    this.changeCall(setups, ageS, 1);
    return risk;
  }

  /** A call on the way is taken out. */
  drop(setups: Setups, ageS: number): void {
    this.changeCall(setups, ageS, -1);
  }

  private changeCall(setups: Setups, ageS: number, times: 1 | -1): void {
    for (let index = 0; index < MOMENTS; index += 1) {
      if (!this.isUsed[index]) continue;
      this.addChance(index, setups.answerWithin(ageS, RISK_MOMENTS[index] as number), times);
    }
    this.isStale = true;
  }

  private addSupply(
    agents: readonly PacingAgent[],
    now: number,
    demands: readonly Demand[],
  ): number {
    let free = 0;
    for (const agent of agents) {
      if (agent.state === 'available' && !isHeld(agent, now)) {
        free += this.addFree(agent, now);
        continue;
      }
      if (agent.pauseRequested) continue;
      const { releases } = demandOf(demands, agent.campaignId).learning;
      const ageS = Math.max(0, (now - agent.since) / 1_000);
      const freeAtS = ((agent.freeAt ?? now) - now) / 1_000;
      const leavesS = agent.leavesAt === undefined ? 1e9 : (agent.leavesAt - now) / 1_000;
      const { chances } = this;
      lookUpReleases(agent.state, releases, ageS, chances);
      for (let index = 0; index < MOMENTS; index += 1) {
        if (!this.isUsed[index]) continue;
        const moment = RISK_MOMENTS[index] as number;
        if (moment < freeAtS || moment >= leavesS) continue;
        this.addRelease(index, chances[index] as number);
      }
    }
    if (this.isExact) for (const supply of this.exactSupply) supply.shift(free);
    return free;
  }

  /** 1 for who stays; who leaves within the horizon counts until then. */
  private addFree({ leavesAt, pauseRequested }: PacingAgent, now: number): number {
    if (pauseRequested) return 0;
    if (leavesAt === undefined) return 1;
    const leavesS = (leavesAt - now) / 1_000;
    if (leavesS > HORIZON_S) return 1;
    for (let index = 0; index < MOMENTS; index += 1) {
      if ((RISK_MOMENTS[index] as number) < leavesS) this.addRelease(index, 1);
    }
    return 0;
  }

  private addRelease(index: number, chance: number): void {
    this.supplyMean[index] = (this.supplyMean[index] as number) + chance;
    this.supplySquares[index] = (this.supplySquares[index] as number) + chance * chance;
    if (chance >= 1) this.supplyCertain[index] = (this.supplyCertain[index] as number) + 1;
    if (this.isExact) (this.exactSupply[index] as ExactCount).add(chance);
  }

  private addDemand(snapshot: PacingSnapshot, demands: readonly Demand[]): void {
    for (const { campaignId } of snapshot.waiting) {
      const { overlap } = demandOf(demands, campaignId);
      for (let index = 0; index < MOMENTS; index += 1) this.addChance(index, overlap, 1);
    }
    this.variances = demands.map(({ learning }) => learning.setups.uncertainty());
    while (this.owns.length < demands.length) this.owns.push(new Float64Array(MOMENTS));
    for (const own of this.owns) own.fill(0);
    for (const [campaign, demand] of demands.entries()) {
      if (demand.overlap <= 0) continue;
      for (const call of snapshot.calls) {
        if (demands.length > 1 && call.campaignId !== demand.campaignId) continue;
        this.addCall(campaign, call, snapshot.now, demand);
      }
    }
  }

  private addCall(campaign: number, call: PacingCall, now: number, demand: Demand): void {
    const { setups } = demand.learning;
    const ageS = Math.max(0, (now - call.placedAt) / 1_000);
    for (let index = 0; index < MOMENTS; index += 1) {
      if (!this.isUsed[index]) continue;
      const moment = RISK_MOMENTS[index] as number;
      const chance =
        (call.state === 'screening'
          ? setups.screenedWithin(moment)
          : setups.answerWithin(ageS, moment)) * demand.overlap;
      this.addChance(index, chance, 1);
      this.addOwn(campaign, index, chance);
    }
  }

  /** The error of an answer rate is the same for all its calls: it grows with the square of their sum. */
  private addOwn(campaign: number, index: number, more: number): void {
    const own = this.owns[campaign] as Float64Array;
    const before = own[index] as number;
    const after = before + more;
    own[index] = after;
    const squares = after * after - before * before;
    this.demandUncertainty[index] =
      (this.demandUncertainty[index] as number) + (this.variances[campaign] as number) * squares;
  }

  private addChance(index: number, chance: number, times: number): void {
    this.demandMean[index] = (this.demandMean[index] as number) + chance * times;
    this.demandSquares[index] = (this.demandSquares[index] as number) + chance * chance * times;
    if (!this.isExact) return;
    const exact = this.exactDemand[index] as ExactCount;
    for (let time = 0; time < times; time += 1) exact.add(chance);
    if (times < 0) exact.remove(chance);
  }

  /** Answered soon, a short talk, and free again within the outlook. */
  private addSecondGeneration(demands: readonly Demand[]): void {
    const [first] = demands;
    if (!first) return;
    const { releases } = first.learning;
    for (let index = 1; index < MOMENTS; index += 1) {
      if (!this.isUsed[index]) continue;
      let again = 0;
      let before = 0;
      let from = 0;
      for (let earlier = 0; earlier < index; earlier += 1) {
        if (!this.isUsed[earlier]) continue;
        const moment = RISK_MOMENTS[earlier] as number;
        const answers = (this.demandMean[earlier] as number) - before;
        before = this.demandMean[earlier] as number;
        const middle = (from + moment) / 2;
        from = moment;
        again +=
          answers *
          releases.freshFreeWithin((RISK_MOMENTS[index] as number) + releases.laterS - middle);
      }
      if (again > 0.001) this.addAgain(index, again);
    }
  }

  private addAgain(index: number, again: number): void {
    this.supplyMean[index] = (this.supplyMean[index] as number) + again;
    if (!this.isExact) return;
    const whole = Math.floor(again);
    const supply = this.exactSupply[index] as ExactCount;
    supply.shift(whole);
    supply.add(again - whole);
  }

  private refresh(): void {
    for (let index = 0; index < MOMENTS; index += 1) {
      if (!this.isUsed[index]) continue;
      this.shortages[index] = this.isExact
        ? chanceOfShortage(
            this.exactDemand[index] as ExactCount,
            this.exactSupply[index] as ExactCount,
          )
        : chanceOfShortageMatched(
            this.demandAt(index),
            this.free + (this.supplyCertain[index] as number),
            this.supplyAt(index),
          );
    }
    this.isStale = false;
  }

  private demandAt(index: number): CountMoments {
    const mean = this.demandMean[index] as number;
    const own = mean - (this.demandSquares[index] as number);
    return { mean, variance: Math.max(1e-9, own + (this.demandUncertainty[index] as number)) };
  }

  private supplyAt(index: number): CountMoments {
    const mean = this.supplyMean[index] as number;
    const variance = Math.max(1e-9, mean - (this.supplySquares[index] as number));
    return { mean: mean - (this.supplyCertain[index] as number), variance };
  }
}

/** Of the campaign of this name; of the first one where it has none, or one that is not dialed. */
function demandOf(demands: readonly Demand[], campaignId: string | undefined): Demand {
  if (campaignId !== undefined) {
    for (const demand of demands) if (demand.campaignId === campaignId) return demand;
  }
  return demands[0] as Demand;
}

/** Available, but resting between two calls. */
function isHeld({ freeAt }: PacingAgent, now: number): boolean {
  return freeAt !== undefined && freeAt > now;
}

/** P(the agent is free by each moment). */
function lookUpReleases(
  state: PacingAgent['state'],
  releases: CampaignLearning['releases'],
  ageS: number,
  chances: Float64Array,
): void {
  switch (state) {
    case 'available':
      chances.fill(1);
      return;
    case 'wrapping-up':
      for (let index = 0; index < MOMENTS; index += 1) {
        chances[index] = releases.wrappingUpFreeBy(ageS, index);
      }
      return;
    case 'talking':
      releases.talkingFree(ageS, chances);
      return;
    case 'reserved':
      releases.talkingFree(0, chances);
      return;
    default:
      state satisfies never;
  }
}

/** The moments at which at least one campaign has answers worth looking at. */
export function usedMoments(calls: Iterable<NewCall>, used: Uint8Array): Uint8Array {
  used.fill(0);
  for (const { shares } of calls) {
    for (let index = 0; index < MOMENTS; index += 1) {
      if ((shares[index] as number) >= SHARE_MIN) used[index] = 1;
    }
  }
  return used;
}
