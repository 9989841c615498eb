/**
 * An event-driven model of agents, debtors and a carrier, without engine and database. It is fast
 * enough to judge a pacing policy on a hundred thousand answers. The policy sees the floor through
 * the pacer's own interface.
 */
import { leastServed, servedWith } from '../domain/pacing/fair-turns.ts';
import { present, unreachable } from '../lib/assert.ts';
import type { EpochMs } from '../lib/time.ts';
import { FloorAgents } from './agents.ts';
import { FloorCalls } from './calls.ts';
import {
  CHANGE,
  DAY,
  FloorGround,
  type FloorOptions,
  HELD_ENOUGH,
  LEAVES,
  LOSES_PATIENCE,
  LOST_AT_LIMIT,
  PLAN,
  PROVES_MACHINE,
  RETURNS,
  RINGS,
  SCREENED,
  SETUP_ENDS,
  START,
  TALK_ENDS,
  TICK,
  WANTS_REST,
  WRAP_UP_ENDS,
} from './ground.ts';
import type { FloorAgent, FloorCall } from './parts.ts';
import type { FloorPolicy } from './rivals/rival.ts';
import type { FloorChange, FloorScenario } from './scenario.ts';
import type { FloorTally } from './tally.ts';

/** Shortest time between two plans of a policy that is also asked after events. */
const PLAN_GAP_MS = 100;

/** Plays the scenario under the policy. The same options give the same tally. */
export function runFloor(options: FloorOptions): FloorTally {
  return new FloorRun(options).run();
}

class FloorRun {
  private readonly options: FloorOptions;
  private readonly scenario: FloorScenario;
  private readonly policy: FloorPolicy;
  private readonly ground: FloorGround;
  private readonly agents: FloorAgents;
  private readonly calls: FloorCalls;
  private readonly endAt: EpochMs;
  private plannedAt = Number.NEGATIVE_INFINITY;
  private planDueAt = Number.NEGATIVE_INFINITY;

  constructor(options: FloorOptions) {
    this.options = options;
    this.scenario = options.scenario;
    this.policy = options.policy;
    this.ground = new FloorGround(options);
    this.agents = new FloorAgents(this.ground, (agent) => this.calls.takeWaiting(agent));
    this.calls = new FloorCalls(this.ground, this.agents);
    this.endAt = this.ground.countFrom + options.scenario.countedMs;
    if (options.policy.clairvoyant) this.ground.snapshot.oracle = this.calls.oracle();
  }

  run(): FloorTally {
    const { ground } = this;
    const { events } = ground;
    for (const agent of this.agents.all) this.agents.signIn(agent);
    if (this.scenario.warmUpMs > 0) this.beginDay(START);
    events.push(ground.countFrom, DAY, 0, 0);
    events.push(START, TICK, 0, 0);
    while (events.nextAt() < this.endAt && events.take()) {
      this.pass(events.at);
      if (ground.counting) ground.tally.events += 1;
      this.happen(events.kind, events.subject, events.stamp);
      if (ground.stirred && this.policy.planOnEvents) this.planSoon();
    }
    this.pass(this.endAt);
    this.endDay();
    return ground.tally;
  }

  /** Lets time pass and counts what the agents did meanwhile. */
  private pass(to: EpochMs): void {
    const { tally, now, counting } = this.ground;
    const passed = to - now;
    this.ground.now = to;
    if (!counting || passed === 0) return;
    const { busy, inView } = this.agents;
    tally.countedMs += passed;
    tally.busyMs += passed * busy;
    tally.presentMs += passed * (this.listIsOver() ? busy : inView.length);
  }

  /**
   * Whether nothing is left to dial today: then agents who finish go home, and their time no longer
   * counts.
   */
  private listIsOver(): boolean {
    return (
      this.calls.onTheWay.length === 0 &&
      this.calls.line.length === 0 &&
      this.ground.campaigns.every(({ leadsLeft }) => leadsLeft <= 0)
    );
  }

  private happen(kind: number, subject: number, stamp: number): void {
    switch (kind) {
      case RINGS:
      case SETUP_ENDS:
      case SCREENED:
      case LOST_AT_LIMIT:
      case LOSES_PATIENCE:
      case PROVES_MACHINE: {
        const call = this.calls.slots[subject] as FloorCall;
        if (call.stamp === stamp) this.happenToCall(kind, call);
        return;
      }
      case TALK_ENDS:
        this.agents.endTalk(this.agents.all[subject] as FloorAgent);
        return;
      case WRAP_UP_ENDS:
        this.agents.endWrapUp(this.agents.all[subject] as FloorAgent);
        return;
      case TICK:
        this.ground.events.push(this.ground.now + this.policy.planEveryMs, TICK, 0, 0);
        if (this.ground.now - this.plannedAt >= PLAN_GAP_MS) this.plan();
        return;
      case PLAN:
        if (this.ground.stirred) this.plan();
        return;
      case CHANGE:
        this.change(present(this.scenario.changes[subject], 'a change is in the scenario'));
        return;
      case DAY:
        this.passMidnight();
        return;
      case LEAVES:
        this.agents.leave(this.agents.all[subject] as FloorAgent);
        return;
      case WANTS_REST:
      case RETURNS:
      case HELD_ENOUGH: {
        const agent = this.agents.all[subject] as FloorAgent;
        if (agent.stamp === stamp) this.happenToAgent(kind, agent);
        return;
      }
    }
  }

  private happenToAgent(kind: number, agent: FloorAgent): void {
    switch (kind) {
      case WANTS_REST:
        this.agents.restForAWhile(agent);
        return;
      case RETURNS:
        this.agents.signIn(agent);
        return;
      case HELD_ENOUGH:
        this.agents.endHold(agent);
        return;
    }
  }

  private happenToCall(kind: number, call: FloorCall): void {
    switch (kind) {
      case RINGS:
        call.view.state = 'ringing';
        call.view.since = this.ground.now;
        return;
      case SETUP_ENDS:
        this.calls.endSetup(call);
        return;
      case SCREENED:
        this.calls.endScreening(call);
        return;
      case LOST_AT_LIMIT:
      case LOSES_PATIENCE:
        this.calls.lose(call, kind);
        return;
      case PROVES_MACHINE:
        this.calls.giveUpMachine(call);
        return;
    }
  }

  // ---- the day

  private beginDay(at: EpochMs): void {
    const { scenario } = this;
    // Agents who went home when the list was over have not been waiting.
    if (this.listIsOver()) this.agents.waitAnew();
    for (const [index, campaign] of this.ground.campaigns.entries()) {
      campaign.answerRate = present(scenario.campaigns[index], 'as many').answerRate;
      campaign.leadsLeft = scenario.leadsPerDay;
      campaign.bank.answers = 0;
      campaign.bank.abandoned = 0;
    }
    this.ground.snapshot.callsToday = 0;
    this.ground.snapshot.answersToday = 0;
    this.ground.snapshot.dropsToday = 0;
    this.ground.snapshot.connectedAnswersDisposedToday = 0;
    this.ground.talk = scenario.talk;
    this.ground.conditions.carrier = 'working';
    if (!this.ground.counting) return;
    this.agents.setPresent(scenario.agents);
    for (const [index, change] of scenario.changes.entries()) {
      this.ground.events.push(at + change.atMs, CHANGE, index, 0);
    }
  }

  private passMidnight(): void {
    this.endDay();
    this.ground.counting = true;
    this.beginDay(this.ground.now);
    this.ground.events.push(this.ground.now + this.scenario.dayMs, DAY, 0, 0);
  }

  private endDay(): void {
    if (!this.ground.counting) return;
    for (const { bank } of this.ground.campaigns) {
      this.ground.tally.windows.push({ answers: bank.answers, lost: bank.abandoned });
    }
  }

  private change(change: FloorChange): void {
    this.ground.stirred = true;
    switch (change.kind) {
      case 'answer-rate':
        for (const campaign of this.ground.campaigns) campaign.answerRate = change.answerRate;
        return;
      case 'carrier':
        this.ground.conditions.carrier = change.carrier;
        return;
      case 'rest': {
        const until = this.ground.now + change.forMs;
        const leaving = Math.round(change.share * this.agents.all.length);
        for (const agent of this.agents.all.slice(0, leaving)) this.agents.wantRest(agent, until);
        return;
      }
      case 'agents':
        this.agents.setPresent(change.present);
        return;
      case 'talk':
        this.ground.talk = change.talk;
        return;
      default:
        unreachable(change);
    }
  }

  // ---- the policy

  private planSoon(): void {
    const at = Math.max(this.ground.now, this.plannedAt + PLAN_GAP_MS);
    if (this.planDueAt >= at) return;
    this.planDueAt = at;
    this.ground.events.push(at, PLAN, 0, 0);
  }

  private plan(): void {
    const { now, snapshot } = this.ground;
    const { stopwatch } = this.options;
    this.plannedAt = now;
    this.ground.stirred = false;
    this.refresh();
    stopwatch?.start();
    const plan = this.policy.plan(snapshot);
    stopwatch?.stop();
    this.ground.tally.plans += this.ground.counting ? 1 : 0;
    for (const id of plan.cancel) this.calls.cancel(id);
    const allowed = Math.min(plan.place, snapshot.linesFree, snapshot.callsAllowedNow);
    if (allowed <= 0) return;
    if (!this.ground.grouped) this.placeFor(0, allowed);
    else if (plan.byCampaign) this.placeByCampaign(plan.byCampaign, allowed);
    else for (let left = allowed; left >= 1; left -= 1) this.placeFor(this.nextByWeight(), 1);
  }

  private placeByCampaign(
    wanted: readonly { readonly campaignId: string; readonly place: number }[],
    allowed: number,
  ): void {
    let left = allowed;
    for (const { campaignId, place } of wanted) {
      const which = this.ground.campaigns.findIndex(({ id }) => id === campaignId);
      const count = Math.min(place, left);
      if (which >= 0 && count > 0) this.placeFor(which, count);
      left -= count;
    }
  }

  private placeFor(which: number, count: number): void {
    const campaign = this.ground.campaigns[which];
    if (!campaign) return;
    for (let left = Math.min(count, campaign.leadsLeft); left >= 1; left -= 1) {
      this.calls.place(which);
      this.ground.spendCall();
    }
  }

  /** The campaign with leads whose turn it is; -1 when none has leads. */
  private nextByWeight(): number {
    const withLeads = this.ground.campaigns.filter(({ leadsLeft }) => leadsLeft > 0);
    const next = leastServed(withLeads, ({ served }) => served);
    if (!next) return -1;
    next.served = servedWith(next.served, 1, next.weight);
    return this.ground.campaigns.indexOf(next);
  }

  /** Updates the numbers of the snapshot; its lists are always current. */
  private refresh(): void {
    const { ground, agents, calls } = this;
    const { snapshot, now } = ground;
    snapshot.now = now;
    snapshot.callsAllowedNow = ground.callsAllowed();
    const linesUsed = calls.onTheWay.length + calls.line.length + agents.talking;
    snapshot.linesFree = Math.max(0, this.scenario.linesMax - linesUsed);
    snapshot.pausedAgents = agents.resting;
    snapshot.linesInConversation = agents.talking;
    snapshot.callsLastMinute = ground.callsLastMinute.passTo(now);
    snapshot.answersLastMinute = ground.answersLastMinute.passTo(now);
    snapshot.dropsLastMinute = ground.dropsLastMinute.passTo(now);
    const { bank } = snapshot;
    bank.answers = 0;
    bank.abandoned = 0;
    snapshot.leadsLeft = 0;
    for (const campaign of ground.campaigns) {
      bank.answers += campaign.bank.answers;
      bank.abandoned += campaign.bank.abandoned;
      snapshot.leadsLeft += campaign.leadsLeft;
      campaign.view.leadsLeft = campaign.leadsLeft;
    }
  }
}
