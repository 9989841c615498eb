/**
 * The near future at a row of moments: how many people will have answered, and how many agents will
 * have become free for them. Demand and supply are cumulative from now; an answered person may wait a
 * little, so supply is read that much later than demand.
 *
 * Example: half of the calls of a list are answered, all of them in the tenth second. One agent is free
 * and one call is on the way. The person of a new call finds nobody when the other call is answered too:
 * 1/2. With a second agent whose wrap-up is over by then with 1/2, both things must go wrong (the other
 * call is answered, and the wrap-up lasts): 1/4. With no call on the way: 0.
 */

import { present } from '../../lib/assert.ts';
import type { CampaignLearning } from './campaign-learning.ts';
import {
  type CountMoments,
  chanceOfShortage,
  ExactCount,
  MatchedCount,
} from './count-distribution.ts';
import { Curve } from './curve.ts';
import { RISK_MOMENTS } from './moments.ts';
import type { PacingAgent, PacingCall, PacingSnapshot } from './pacing-interface.ts';
import type { Setups } from './setups.ts';

const MOMENTS = RISK_MOMENTS.length;
/** The last moment looked at: an agent who leaves later counts as one who stays. */
const HORIZON_S = RISK_MOMENTS.last;
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

/** What one campaign's calls alone add to the demand. */
type OwnDemand = {
  readonly mean: Curve;
  /** How uncertain its answer rate is: the variance of its relative error. */
  variance: number;
};

/** Shares of a campaign's answers, and chances of a new call, by moment. */
export class NewCall {
  /** Of those who answer a new call, the share who do around each moment. */
  readonly shares = new Curve(MOMENTS);
  /** P(a new call is answered by the moment). */
  readonly by = new Curve(MOMENTS);
  private version = -1;

  /** After `setups.prepare()`. */
  refresh({ setups }: CampaignLearning): void {
    if (this.version === setups.curveVersion) return;
    this.version = setups.curveVersion;
    const rate = Math.max(1e-9, setups.answerRate());
    let before = 0;
    for (let index = 0; index < MOMENTS; index += 1) {
      const moment = RISK_MOMENTS.at(index);
      const isLast = index === MOMENTS - 1;
      const until = isLast ? 1_000 : (moment + RISK_MOMENTS.at(index + 1)) / 2;
      const share = setups.answerWithin(0, until) / rate;
      this.shares.set(index, share - before);
      before = share;
      this.by.set(index, setups.answerWithin(0, moment));
    }
  }
}

/** What is expected of one set of agents and of the calls that want them. */
export class Outlook {
  /** Agents who are free now and stay so. */
  free = 0;
  private readonly demandMean = new Curve(MOMENTS);
  private readonly demandSquares = new Curve(MOMENTS);
  private readonly demandUncertainty = new Curve(MOMENTS);
  private readonly owns: OwnDemand[] = [];
  readonly supplyMean = new Curve(MOMENTS);
  private readonly supplySquares = new Curve(MOMENTS);
  /** Agents of the supply who are free for certain: they only shift its distribution. */
  private readonly supplyCertain = new Curve(MOMENTS);
  private exactDemand: ExactCount[] = [];
  private exactSupply: ExactCount[] = [];
  private readonly matchedDemand = new MatchedCount();
  /** Placing changes only the demand: the supply of each moment is matched once for all calls of a plan. */
  private readonly matchedSupply = Array.from({ length: MOMENTS }, () => new MatchedCount());
  private isExact = false;
  private readonly shortages = new Curve(MOMENTS);
  /** Of the agent or the call that is looked at. */
  private readonly chances = new Curve(MOMENTS);
  private isUsed: Uint8Array = new Uint8Array(MOMENTS);
  /** After the last moment in use. */
  private until = 0;
  private isStale = true;

  /** Begins anew, with these agents and the calls of these campaigns. */
  look(
    agents: readonly PacingAgent[],
    snapshot: PacingSnapshot,
    demands: readonly Demand[],
    used: Uint8Array,
  ): void {
    this.isUsed = used;
    this.until = used.lastIndexOf(1) + 1;
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
    if (!this.isExact) this.matchSupply();
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
    const own = this.ownOf(campaign);
    for (let index = 0; index < MOMENTS; index += 1) {
      if (!this.isUsed[index]) continue;
      const chance = call.by.at(index) * overlap;
      this.addChance(index, chance, times);
      this.addOwn(own, index, chance * times);
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
  risk(shares: Curve): number {
    if (this.isStale) this.refresh();
    let risk = 0;
    let all = 0;
    for (let index = 0; index < MOMENTS; index += 1) {
      if (!this.isUsed[index]) continue;
      const share = shares.at(index);
      risk += share * this.shortages.at(index);
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
    if (this.shortages.most() <= bound) return 0;
    if (setups.answerWithin(ageS, 1_000) > REMOVABLE_MAX) return undefined;
    const shares = new Curve(MOMENTS);
    const { chances } = this;
    setups.lookUpAnswers(ageS, RISK_MOMENTS, chances, this.until);
    let before = 0;
    for (let index = 0; index < MOMENTS; index += 1) {
      if (!this.isUsed[index]) continue;
      const chance = chances.at(index);
      shares.set(index, chance - before);
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
    const { chances } = this;
    setups.lookUpAnswers(ageS, RISK_MOMENTS, chances, this.until);
    for (let index = 0; index < MOMENTS; index += 1) {
      if (!this.isUsed[index]) continue;
      this.addChance(index, chances.at(index), times);
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
        const moment = RISK_MOMENTS.at(index);
        if (moment < freeAtS || moment >= leavesS) continue;
        this.addRelease(index, chances.at(index));
      }
    }
    if (this.isExact) for (const supply of this.exactSupply) supply.shift(free);
    return free;
  }

  /** 1 for an agent who stays; one who leaves within the horizon is supply until then. */
  private addFree({ leavesAt, pauseRequested }: PacingAgent, now: number): number {
    if (pauseRequested) return 0;
    if (leavesAt === undefined) return 1;
    const leavesS = (leavesAt - now) / 1_000;
    if (leavesS > HORIZON_S) return 1;
    for (let index = 0; index < MOMENTS; index += 1) {
      if (RISK_MOMENTS.at(index) < leavesS) this.addRelease(index, 1);
    }
    return 0;
  }

  private addRelease(index: number, chance: number): void {
    this.supplyMean.add(index, chance);
    this.supplySquares.add(index, chance * chance);
    if (chance >= 1) this.supplyCertain.add(index, 1);
    if (this.isExact) countAt(this.exactSupply, index).add(chance);
  }

  private addDemand(snapshot: PacingSnapshot, demands: readonly Demand[]): void {
    for (const { campaignId } of snapshot.waiting) {
      const { overlap } = demandOf(demands, campaignId);
      for (let index = 0; index < MOMENTS; index += 1) this.addChance(index, overlap, 1);
    }
    while (this.owns.length < demands.length) {
      this.owns.push({ mean: new Curve(MOMENTS), variance: 0 });
    }
    for (const { mean } of this.owns) mean.fill(0);
    for (const [campaign, demand] of demands.entries()) {
      const own = this.ownOf(campaign);
      own.variance = demand.learning.setups.uncertainty();
      if (demand.overlap <= 0) continue;
      for (const call of snapshot.calls) {
        if (demands.length > 1 && call.campaignId !== demand.campaignId) continue;
        this.addCall(own, call, snapshot.now, demand);
      }
    }
  }

  private addCall(own: OwnDemand, call: PacingCall, now: number, demand: Demand): void {
    const { chances } = this;
    demand.learning.setups.lookUpCall(call, now, RISK_MOMENTS, chances, this.until);
    for (let index = 0; index < MOMENTS; index += 1) {
      if (!this.isUsed[index]) continue;
      const chance = chances.at(index) * demand.overlap;
      this.addChance(index, chance, 1);
      this.addOwn(own, index, chance);
    }
  }

  private ownOf(campaign: number): OwnDemand {
    return present(this.owns[campaign], 'every campaign has its own part of the demand');
  }

  /** The error of an answer rate is the same for all its calls: it grows with the square of their sum. */
  private addOwn({ mean, variance }: OwnDemand, index: number, more: number): void {
    const before = mean.at(index);
    const after = before + more;
    mean.set(index, after);
    const squares = after * after - before * before;
    this.demandUncertainty.add(index, variance * squares);
  }

  private addChance(index: number, chance: number, times: number): void {
    this.demandMean.add(index, chance * times);
    this.demandSquares.add(index, chance * chance * times);
    if (!this.isExact) return;
    const exact = countAt(this.exactDemand, index);
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
        const moment = RISK_MOMENTS.at(earlier);
        const answers = this.demandMean.at(earlier) - before;
        before = this.demandMean.at(earlier);
        const middle = (from + moment) / 2;
        from = moment;
        again +=
          answers * releases.freshFreeWithin(RISK_MOMENTS.at(index) + releases.laterS - middle);
      }
      if (again > 0.001) this.addAgain(index, again);
    }
  }

  private addAgain(index: number, again: number): void {
    this.supplyMean.add(index, again);
    if (!this.isExact) return;
    const whole = Math.floor(again);
    const supply = countAt(this.exactSupply, index);
    supply.shift(whole);
    supply.add(again - whole);
  }

  private refresh(): void {
    for (let index = 0; index < MOMENTS; index += 1) {
      if (!this.isUsed[index]) continue;
      this.shortages.set(index, this.shortageAt(index));
    }
    this.isStale = false;
  }

  private shortageAt(index: number): number {
    if (this.isExact) {
      return chanceOfShortage(countAt(this.exactDemand, index), countAt(this.exactSupply, index));
    }
    const certain = this.free + this.supplyCertain.at(index);
    this.matchedDemand.match(this.demandAt(index));
    return this.matchedDemand.reaches(certain, this.supplyMatchedAt(index));
  }

  private matchSupply(): void {
    for (let index = 0; index < MOMENTS; index += 1) {
      if (this.isUsed[index]) this.supplyMatchedAt(index).match(this.supplyAt(index));
    }
  }

  private supplyMatchedAt(index: number): MatchedCount {
    return present(this.matchedSupply[index], 'every moment has its supply');
  }

  private demandAt(index: number): CountMoments {
    const mean = this.demandMean.at(index);
    const own = mean - this.demandSquares.at(index);
    return { mean, variance: Math.max(1e-9, own + this.demandUncertainty.at(index)) };
  }

  private supplyAt(index: number): CountMoments {
    const mean = this.supplyMean.at(index);
    const variance = Math.max(1e-9, mean - this.supplySquares.at(index));
    return { mean: mean - this.supplyCertain.at(index), variance };
  }
}

function countAt(counts: readonly ExactCount[], index: number): ExactCount {
  return present(counts[index], 'every moment has its counts');
}

/** Of the campaign of this name; of the first one where it has none, or one that is not dialed. */
function demandOf(demands: readonly Demand[], campaignId: string | undefined): Demand {
  if (campaignId !== undefined) {
    for (const demand of demands) if (demand.campaignId === campaignId) return demand;
  }
  return present(demands[0], 'an outlook has a campaign to look at');
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
  chances: Curve,
): void {
  switch (state) {
    case 'available':
      chances.fill(1);
      return;
    case 'wrapping-up':
      for (let index = 0; index < MOMENTS; index += 1) {
        chances.set(index, releases.wrappingUpFreeBy(ageS, index));
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
      if (shares.at(index) >= SHARE_MIN) used[index] = 1;
    }
  }
  return used;
}
