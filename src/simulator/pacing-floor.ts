/**
 * A floor of agents, debtors and a carrier as an event-driven model, without engine and database: fast
 * enough that a policy of pacing can be judged on a hundred thousand answers. The policy sees the floor
 * through the pacer's own interface and does not know that it is a model.
 */
import type { PacingObservation, PacingOutcome } from '../domain/pacing/pacing-interface.ts';
import { present, unreachable } from '../lib/assert.ts';
import { exponentialOf, type Random, randomStream } from '../lib/random.ts';
import { type DurationMs, type EpochMs, SECOND_MS } from '../lib/time.ts';
import { EventHeap } from './event-heap.ts';
import {
  blankSnapshot,
  type FloorAgent,
  type FloorCall,
  type FloorCampaignState,
  LastMinute,
  type Mutable,
  newAgent,
  newCall,
} from './floor-parts.ts';
import type { FloorCampaign, FloorChange, FloorScenario } from './floor-scenario.ts';
import {
  blankFate,
  type CallFate,
  drawFate,
  drawTalk,
  type FateConditions,
  type TalkTimes,
} from './pacing-fates.ts';
import {
  emptyTally,
  type FloorTally,
  HALF_HOUR_MS,
  WAIT_STEP_MS,
  WAIT_STEPS,
} from './pacing-tally.ts';
import type { FloorOracle, FloorPolicy } from './rivals/rival.ts';

export type FloorOptions = {
  readonly scenario: FloorScenario;
  readonly policy: FloorPolicy;
  readonly seed: number;
  /** Where the clock of abandonment starts on this floor. */
  readonly clockStart: 'answered' | 'greeting-ended';
  /** Told how long each plan took; the model itself has no clock. */
  readonly stopwatch?: { start(): void; stop(): void };
};

/** A Monday at eight in São Paulo. */
const START: EpochMs = Date.UTC(2026, 0, 5, 11);
/** Where a policy is asked after events too, not more often than this. */
const PLAN_GAP_MS = 100;
/** A talk with a machine that was put through. */
const MACHINE_TALK_MS = 8_000;
const MACHINE_WRAP_UP_MS = 5_000;
/** A second conversation of the same seed has the same length under every policy. */
const CAMPAIGN_SEED_STEP = 7_919;

const RINGS = 1;
const SETUP_ENDS = 2;
const SCREENED = 3;
const LOST_AT_LIMIT = 4;
const LOSES_PATIENCE = 5;
const TALK_ENDS = 6;
const WRAP_UP_ENDS = 7;
const TICK = 8;
const PLAN = 9;
const CHANGE = 10;
const DAY = 11;
const WANTS_REST = 12;
const RETURNS = 13;

/** Plays the scenario under the policy; same options, same tally. */
export function runFloor(options: FloorOptions): FloorTally {
  return new FloorRun(options).run();
}

class FloorRun {
  private now = START;
  private readonly scenario: FloorScenario;
  private readonly policy: FloorPolicy;
  private readonly seed: number;
  private readonly grouped: boolean;
  private readonly events = new EventHeap();
  private readonly tally: FloorTally;
  private readonly countFrom: EpochMs;
  private readonly endAt: EpochMs;
  private counting = false;

  private readonly agents: FloorAgent[] = [];
  /** In the order in which they became free. */
  private readonly idle = new Set<FloorAgent>();
  private readonly inView: FloorAgent[] = [];
  private busy = 0;
  private resting = 0;
  private conversations = 0;
  private readonly restChance: Random;

  private readonly slots: FloorCall[] = [];
  private readonly freeSlots: FloorCall[] = [];
  private readonly onTheWay: FloorCall[] = [];
  private readonly byId = new Map<string, FloorCall>();
  private readonly line: FloorCall[] = [];
  private readonly campaigns: FloorCampaignState[];
  private talking = 0;
  private tokens: number;
  private tokensAt = START;

  private talk: TalkTimes;
  private readonly conditions: Mutable<FateConditions>;
  private readonly snapshot = blankSnapshot(START);
  private readonly callsLastMinute = new LastMinute();
  private readonly answersLastMinute = new LastMinute();
  private readonly dropsLastMinute = new LastMinute();
  private stirred = false;
  private plannedAt = Number.NEGATIVE_INFINITY;
  private planDueAt = Number.NEGATIVE_INFINITY;

  private readonly options: FloorOptions;

  constructor(options: FloorOptions) {
    const { scenario, policy, seed } = options;
    this.options = options;
    this.scenario = scenario;
    this.policy = policy;
    this.seed = seed;
    this.grouped = scenario.campaigns.length > 1;
    this.tally = emptyTally(scenario.campaigns.length);
    this.countFrom = START + scenario.warmUpMs;
    this.endAt = this.countFrom + scenario.countedMs;
    this.restChance = randomStream(seed, 'rests');
    this.tokens = scenario.callsPerSecondMax;
    this.talk = scenario.talk;
    this.campaigns = scenario.campaigns.map((campaign) => newCampaign(campaign, scenario));
    if (this.grouped) this.snapshot.campaigns = this.campaigns.map(({ view }) => view);
    if (policy.clairvoyant) this.snapshot.oracle = this.oracle();
    this.conditions = {
      answerRate: 0,
      carrier: 'working',
      setup: scenario.setup,
      ringTimeoutMs: scenario.ringTimeoutMs,
      screening: scenario.screening,
    };
    for (let index = 0; index < scenario.agents; index += 1) {
      this.agents.push(newAgent(index, START));
    }
  }

  run(): FloorTally {
    const { events } = this;
    for (const agent of this.agents) this.signIn(agent);
    if (this.scenario.warmUpMs > 0) this.beginDay(START);
    events.push(this.countFrom, DAY, 0, 0);
    events.push(START, TICK, 0, 0);
    while (events.nextAt() < this.endAt && events.take()) {
      this.pass(events.at);
      this.tally.events += this.counting ? 1 : 0;
      this.happen(events.kind, events.subject, events.stamp);
      if (this.stirred && this.policy.planOnEvents) this.planSoon();
    }
    this.pass(this.endAt);
    this.endDay();
    return this.tally;
  }

  /** Lets time pass and counts what the agents did meanwhile. */
  private pass(to: EpochMs): void {
    const passed = to - this.now;
    this.now = to;
    if (!this.counting || passed === 0) return;
    this.tally.countedMs += passed;
    this.tally.busyMs += passed * this.busy;
    this.tally.presentMs += passed * (this.listIsOver() ? this.busy : this.inView.length);
  }

  /** Nothing is left to dial today: agents who are through go home, and their time counts no more. */
  private listIsOver(): boolean {
    return (
      this.onTheWay.length === 0 &&
      this.line.length === 0 &&
      this.campaigns.every(({ leadsLeft }) => leadsLeft <= 0)
    );
  }

  private happen(kind: number, subject: number, stamp: number): void {
    switch (kind) {
      case RINGS:
      case SETUP_ENDS:
      case SCREENED:
      case LOST_AT_LIMIT:
      case LOSES_PATIENCE: {
        const call = this.slots[subject] as FloorCall;
        if (call.stamp === stamp) this.happenToCall(kind, call);
        return;
      }
      case TALK_ENDS:
        this.endTalk(this.agents[subject] as FloorAgent);
        return;
      case WRAP_UP_ENDS:
        this.endWrapUp(this.agents[subject] as FloorAgent);
        return;
      case TICK:
        this.events.push(this.now + this.policy.planEveryMs, TICK, 0, 0);
        if (this.now - this.plannedAt >= PLAN_GAP_MS) this.plan();
        return;
      case PLAN:
        if (this.stirred) this.plan();
        return;
      case CHANGE:
        this.change(present(this.scenario.changes[subject], 'a change is in the scenario'));
        return;
      case DAY:
        this.passMidnight();
        return;
      case WANTS_REST:
      case RETURNS: {
        const agent = this.agents[subject] as FloorAgent;
        if (agent.stamp !== stamp) return;
        if (kind === RETURNS) {
          this.signIn(agent);
          return;
        }
        const restMs = exponentialOf(this.restChance, this.scenario.rests?.restMeanMs ?? 0);
        this.wantRest(agent, this.now + Math.round(restMs));
        return;
      }
    }
  }

  private happenToCall(kind: number, call: FloorCall): void {
    switch (kind) {
      case RINGS:
        call.view.state = 'ringing';
        call.view.since = this.now;
        return;
      case SETUP_ENDS:
        this.endSetup(call);
        return;
      case SCREENED:
        this.endScreening(call);
        return;
      case LOST_AT_LIMIT:
      case LOSES_PATIENCE:
        this.lose(call, kind);
        return;
    }
  }

  // ---- calls

  private placeCall(which: number): void {
    const campaign = this.campaigns[which] as FloorCampaignState;
    const call = this.freeSlots.pop() ?? this.newSlot();
    this.conditions.answerRate = campaign.answerRate;
    drawFate(call.fate, this.seed + which * CAMPAIGN_SEED_STEP, campaign.placed, this.conditions);
    campaign.placed += 1;
    campaign.leadsLeft -= 1;
    call.campaign = which;
    const id = this.grouped ? `${which}-${campaign.placed}` : `${campaign.placed}`;
    call.view = { id, state: 'placing', placedAt: this.now, since: this.now };
    if (this.grouped) call.view.campaignId = campaign.id;
    call.position = this.onTheWay.length;
    this.onTheWay.push(call);
    this.snapshot.calls.push(call.view);
    this.byId.set(id, call);
    const { ringsAfterMs, endsAfterMs } = call.fate;
    if (ringsAfterMs < endsAfterMs) {
      this.events.push(this.now + ringsAfterMs, RINGS, call.slot, call.stamp);
    }
    this.events.push(this.now + endsAfterMs, SETUP_ENDS, call.slot, call.stamp);
    this.callsLastMinute.add(this.now);
    this.snapshot.callsToday += 1;
    if (!this.counting) return;
    this.tally.callsPlaced += 1;
    (this.tally.campaigns[which] as { placed: number }).placed += 1;
  }

  private newSlot(): FloorCall {
    const call = newCall(this.slots.length);
    this.slots.push(call);
    return call;
  }

  private endSetup(call: FloorCall): void {
    const { outcome, screeningMs } = call.fate;
    call.answeredAt = this.now;
    if (this.scenario.screening && (outcome === 'person' || outcome === 'machine')) {
      call.view.state = 'screening';
      call.view.since = this.now;
      this.events.push(this.now + screeningMs, SCREENED, call.slot, call.stamp);
      this.stirred = true;
    } else {
      this.settle(call, outcome);
    }
  }

  private endScreening(call: FloorCall): void {
    const { outcome, misjudged } = call.fate;
    if (misjudged && this.counting) {
      if (outcome === 'person') this.tally.takenForMachines += 1;
    }
    const taken = misjudged ? (outcome === 'person' ? 'machine' : 'person') : outcome;
    this.settle(call, taken);
  }

  /** The call is no longer on the way: a person is on the line, or nobody. */
  private settle(call: FloorCall, outcome: PacingOutcome): void {
    this.leaveTheWay(call);
    const { id, placedAt } = call.view;
    this.observe(call.campaign, {
      kind: 'setup-ended',
      callId: id,
      placedAt,
      at: this.now,
      outcome,
    });
    if (outcome === 'person') this.answer(call);
    else this.release(call);
    this.stirred = true;
  }

  private leaveTheWay(call: FloorCall): void {
    const { calls } = this.snapshot;
    const last = this.onTheWay.pop() as FloorCall;
    const lastView = calls.pop();
    if (last !== call && lastView) {
      this.onTheWay[call.position] = last;
      calls[call.position] = lastView;
      last.position = call.position;
    }
    call.position = -1;
    this.byId.delete(call.view.id);
  }

  private release(call: FloorCall): void {
    call.stamp += 1;
    this.freeSlots.push(call);
  }

  private answer(call: FloorCall): void {
    this.snapshot.answersToday += 1;
    this.answersLastMinute.add(this.now);
    (this.campaigns[call.campaign] as FloorCampaignState).bank.answers += 1;
    if (this.counting) {
      this.tally.answers += 1;
      this.halfHour().answers += 1;
      (this.tally.campaigns[call.campaign] as { answers: number }).answers += 1;
    }
    const [longestIdle] = this.idle;
    if (longestIdle) this.connect(call, longestIdle);
    else this.letWait(call);
  }

  private letWait(call: FloorCall): void {
    const { answeredAt, fate } = call;
    const greetingMs = this.options.clockStart === 'greeting-ended' ? fate.greetingMs : 0;
    const deadlineAt = answeredAt + greetingMs + this.scenario.waitMaxMs;
    const patientUntil =
      fate.outcome === 'machine' ? Number.POSITIVE_INFINITY : answeredAt + fate.patienceMs;
    call.waiting = this.grouped
      ? { answeredAt, deadlineAt, campaignId: this.campaignOf(call).id }
      : { answeredAt, deadlineAt };
    this.line.push(call);
    this.snapshot.waiting.push(call.waiting);
    const kind = patientUntil < deadlineAt ? LOSES_PATIENCE : LOST_AT_LIMIT;
    const at = Math.max(this.now, Math.min(patientUntil, deadlineAt));
    this.events.push(at, kind, call.slot, call.stamp);
  }

  private campaignOf(call: FloorCall): FloorCampaignState {
    return this.campaigns[call.campaign] as FloorCampaignState;
  }

  private leaveTheLine(call: FloorCall): void {
    const at = this.line.indexOf(call);
    this.line.splice(at, 1);
    this.snapshot.waiting.splice(at, 1);
    call.waiting = undefined;
  }

  private lose(call: FloorCall, kind: number): void {
    this.leaveTheLine(call);
    this.campaignOf(call).bank.abandoned += 1;
    this.snapshot.dropsToday += 1;
    this.dropsLastMinute.add(this.now);
    if (this.counting) {
      if (kind === LOST_AT_LIMIT) this.tally.lostAtLimit += 1;
      else this.tally.lostPatience += 1;
      this.tally.lateFromAnswer += 1;
      this.halfHour().lost += 1;
      (this.tally.campaigns[call.campaign] as { lost: number }).lost += 1;
    }
    this.observe(call.campaign, {
      kind: kind === LOST_AT_LIMIT ? 'abandoned' : 'hung-up-waiting',
      callId: call.view.id,
      answeredAt: call.answeredAt,
      at: this.now,
    });
    this.release(call);
    this.stirred = true;
  }

  private halfHour(): { answers: number; lost: number } {
    const index = Math.floor((this.now - this.countFrom) / HALF_HOUR_MS);
    const { halfHours } = this.tally;
    while (halfHours.length <= index) halfHours.push({ answers: 0, lost: 0 });
    return halfHours[index] as { answers: number; lost: number };
  }

  private connect(call: FloorCall, agent: FloorAgent): void {
    this.idle.delete(agent);
    const { now } = this;
    const machine = call.fate.outcome === 'machine';
    if (this.counting) this.countConversation(call, now - agent.view.since, machine);
    let { talkMs, wrapUpMs } = { talkMs: MACHINE_TALK_MS, wrapUpMs: MACHINE_WRAP_UP_MS };
    if (!machine) {
      ({ talkMs, wrapUpMs } = drawTalk(this.seed, this.conversations, this.talk));
      this.conversations += 1;
    }
    this.setAgent(agent, 'talking', this.campaignOf(call).id);
    agent.wrapUpMs = wrapUpMs;
    agent.freeAt = now + talkMs + wrapUpMs;
    this.busy += 1;
    this.talking += 1;
    this.events.push(now + talkMs, TALK_ENDS, agent.index, 0);
    this.observe(call.campaign, {
      kind: 'connected',
      callId: call.view.id,
      answeredAt: call.answeredAt,
      at: now,
    });
    agent.campaign = call.campaign;
    this.release(call);
    this.stirred = true;
  }

  private countConversation(call: FloorCall, waitMs: DurationMs, machine: boolean): void {
    const { tally } = this;
    tally.conversations += machine ? 0 : 1;
    tally.machinesConnected += machine ? 1 : 0;
    tally.waitSumMs += waitMs;
    const step = Math.min(WAIT_STEPS - 1, Math.floor(waitMs / WAIT_STEP_MS));
    tally.waits[step] = (tally.waits[step] ?? 0) + 1;
    if (this.now - call.answeredAt > this.scenario.waitMaxMs) tally.lateFromAnswer += 1;
  }

  // ---- agents

  private setAgent(agent: FloorAgent, state: 'available' | 'talking', campaignId?: string): void {
    if (this.grouped) {
      const pauseRequested = agent.restUntil !== undefined;
      const view = { state, since: this.now, pauseRequested };
      agent.view = campaignId === undefined ? view : { ...view, campaignId };
      this.snapshot.agents[agent.position] = agent.view;
    } else {
      agent.view.state = state;
      agent.view.since = this.now;
    }
  }

  private endTalk(agent: FloorAgent): void {
    const startedAt = agent.view.since;
    agent.view.state = 'wrapping-up';
    agent.view.since = this.now;
    this.talking -= 1;
    this.events.push(this.now + agent.wrapUpMs, WRAP_UP_ENDS, agent.index, 0);
    this.observe(agent.campaign, { kind: 'talk-ended', startedAt, at: this.now });
    this.stirred = true;
  }

  private endWrapUp(agent: FloorAgent): void {
    const startedAt = agent.view.since;
    this.busy -= 1;
    this.snapshot.connectedAnswersDisposedToday += 1;
    this.observe(agent.campaign, { kind: 'wrap-up-ended', startedAt, at: this.now });
    if (agent.restUntil === undefined) this.becomeFree(agent);
    else this.rest(agent);
    this.stirred = true;
  }

  private becomeFree(agent: FloorAgent): void {
    this.setAgent(agent, 'available');
    agent.freeAt = this.now;
    this.idle.add(agent);
    const [first] = this.line;
    if (!first) return;
    this.leaveTheLine(first);
    this.connect(first, agent);
  }

  private signIn(agent: FloorAgent): void {
    if (!agent.resting) return;
    if (!agent.away) this.resting -= 1;
    agent.resting = false;
    agent.away = false;
    agent.restUntil = undefined;
    agent.stamp += 1;
    agent.view.pauseRequested = false;
    agent.position = this.inView.length;
    this.inView.push(agent);
    this.snapshot.agents.push(agent.view);
    const { rests } = this.scenario;
    if (rests) {
      const at = this.now + Math.round(exponentialOf(this.restChance, rests.workMeanMs));
      this.events.push(at, WANTS_REST, agent.index, agent.stamp);
    }
    this.becomeFree(agent);
    this.stirred = true;
  }

  private wantRest(agent: FloorAgent, until: EpochMs): void {
    if (agent.resting) return;
    agent.restUntil = until;
    agent.view.pauseRequested = true;
    if (this.idle.delete(agent)) this.rest(agent);
    this.stirred = true;
  }

  private rest(agent: FloorAgent): void {
    const last = this.inView.pop() as FloorAgent;
    const lastView = this.snapshot.agents.pop();
    if (last !== agent && lastView) {
      this.inView[agent.position] = last;
      this.snapshot.agents[agent.position] = lastView;
      last.position = agent.position;
    }
    agent.position = -1;
    agent.resting = true;
    agent.stamp += 1;
    if (!agent.away) this.resting += 1;
    const until = agent.restUntil ?? Number.POSITIVE_INFINITY;
    if (until < Number.POSITIVE_INFINITY) {
      this.events.push(Math.max(this.now, until), RETURNS, agent.index, agent.stamp);
    }
  }

  // ---- the day

  private beginDay(at: EpochMs): void {
    const { scenario } = this;
    for (const [index, campaign] of this.campaigns.entries()) {
      campaign.answerRate = present(scenario.campaigns[index], 'as many').answerRate;
      campaign.leadsLeft = scenario.leadsPerDay;
      campaign.bank.answers = 0;
      campaign.bank.abandoned = 0;
    }
    this.snapshot.callsToday = 0;
    this.snapshot.answersToday = 0;
    this.snapshot.dropsToday = 0;
    this.snapshot.connectedAnswersDisposedToday = 0;
    this.talk = scenario.talk;
    this.conditions.carrier = 'working';
    if (!this.counting) return;
    this.setPresent(scenario.agents);
    for (const [index, change] of scenario.changes.entries()) {
      this.events.push(at + change.atMs, CHANGE, index, 0);
    }
  }

  private passMidnight(): void {
    this.endDay();
    this.counting = true;
    this.beginDay(this.now);
    this.events.push(this.now + this.scenario.dayMs, DAY, 0, 0);
  }

  private endDay(): void {
    if (!this.counting) return;
    for (const { bank } of this.campaigns) {
      this.tally.windows.push({ answers: bank.answers, lost: bank.abandoned });
    }
  }

  private change(change: FloorChange): void {
    this.stirred = true;
    switch (change.kind) {
      case 'answer-rate':
        for (const campaign of this.campaigns) campaign.answerRate = change.answerRate;
        return;
      case 'carrier':
        this.conditions.carrier = change.carrier;
        return;
      case 'rest': {
        const until = this.now + change.forMs;
        const leaving = Math.round(change.share * this.agents.length);
        for (const agent of this.agents.slice(0, leaving)) this.wantRest(agent, until);
        return;
      }
      case 'agents':
        this.setPresent(change.present);
        return;
      case 'talk':
        this.talk = change.talk;
        return;
      default:
        unreachable(change);
    }
  }

  private setPresent(count: number): void {
    for (const agent of this.agents) {
      if (agent.index >= count) {
        if (!agent.resting) agent.away = true;
        this.wantRest(agent, Number.POSITIVE_INFINITY);
      } else if (agent.away) {
        agent.restUntil = undefined;
        agent.view.pauseRequested = false;
        if (agent.resting) this.signIn(agent);
        else agent.away = false;
      }
    }
  }

  // ---- the policy

  private observe(campaign: number, observation: PacingObservation): void {
    const { id } = this.campaigns[campaign] as FloorCampaignState;
    this.policy.observe(this.grouped ? { ...observation, campaignId: id } : observation);
  }

  private planSoon(): void {
    const at = Math.max(this.now, this.plannedAt + PLAN_GAP_MS);
    if (this.planDueAt >= at) return;
    this.planDueAt = at;
    this.events.push(at, PLAN, 0, 0);
  }

  private plan(): void {
    const { now, policy, snapshot } = this;
    const { stopwatch } = this.options;
    this.plannedAt = now;
    this.stirred = false;
    this.refresh();
    stopwatch?.start();
    const plan = policy.plan(snapshot);
    stopwatch?.stop();
    this.tally.plans += this.counting ? 1 : 0;
    for (const id of plan.cancel) this.cancel(id);
    const allowed = Math.min(plan.place, snapshot.linesFree, snapshot.callsAllowedNow);
    if (allowed <= 0) return;
    if (!this.grouped) this.placeFor(0, allowed);
    else if (plan.byCampaign) this.placeByCampaign(plan.byCampaign, allowed);
    else for (let left = allowed; left >= 1; left -= 1) this.placeFor(this.nextByWeight(), 1);
  }

  private placeByCampaign(
    wanted: readonly { readonly campaignId: string; readonly place: number }[],
    allowed: number,
  ): void {
    let left = allowed;
    for (const { campaignId, place } of wanted) {
      const which = this.campaigns.findIndex(({ id }) => id === campaignId);
      const count = Math.min(place, left);
      if (which >= 0 && count > 0) this.placeFor(which, count);
      left -= count;
    }
  }

  private placeFor(which: number, count: number): void {
    const campaign = this.campaigns[which];
    if (!campaign) return;
    for (let left = Math.min(count, campaign.leadsLeft); left >= 1; left -= 1) {
      this.placeCall(which);
      this.tokens -= 1;
    }
  }

  /** The campaign that is furthest behind its weight; -1: none has leads. */
  private nextByWeight(): number {
    let weights = 0;
    for (const campaign of this.campaigns) {
      if (campaign.leadsLeft > 0) weights += campaign.weight;
    }
    let next = -1;
    for (const [index, campaign] of this.campaigns.entries()) {
      if (campaign.leadsLeft <= 0) continue;
      campaign.owed += campaign.weight / weights;
      if (next < 0 || campaign.owed > (this.campaigns[next] as FloorCampaignState).owed) {
        next = index;
      }
    }
    if (next >= 0) (this.campaigns[next] as FloorCampaignState).owed -= 1;
    return next;
  }

  private cancel(id: string): void {
    const call = this.byId.get(id);
    if (!call || call.view.state === 'screening') return;
    if (this.counting) this.tally.callsCancelled += 1;
    this.settle(call, 'cancelled');
  }

  /** Brings the numbers of the snapshot up to date; its lists always are. */
  private refresh(): void {
    const { snapshot, scenario, now } = this;
    const { callsPerSecondMax } = scenario;
    const earned = ((now - this.tokensAt) / SECOND_MS) * callsPerSecondMax;
    this.tokens = Math.min(callsPerSecondMax, this.tokens + earned);
    this.tokensAt = now;
    snapshot.now = now;
    snapshot.callsAllowedNow = Math.floor(this.tokens);
    snapshot.linesFree = Math.max(
      0,
      scenario.linesMax - this.onTheWay.length - this.line.length - this.talking,
    );
    snapshot.pausedAgents = this.resting;
    snapshot.linesInConversation = this.talking;
    snapshot.callsLastMinute = this.callsLastMinute.passTo(now);
    snapshot.answersLastMinute = this.answersLastMinute.passTo(now);
    snapshot.dropsLastMinute = this.dropsLastMinute.passTo(now);
    const { bank } = snapshot;
    bank.answers = 0;
    bank.abandoned = 0;
    snapshot.leadsLeft = 0;
    for (const campaign of this.campaigns) {
      bank.answers += campaign.bank.answers;
      bank.abandoned += campaign.bank.abandoned;
      snapshot.leadsLeft += campaign.leadsLeft;
      campaign.view.leadsLeft = campaign.leadsLeft;
    }
  }

  private oracle(): FloorOracle {
    const scratch = blankFate();
    return {
      fateOfNextCall: (ahead) => {
        const campaign = this.campaigns[0] as FloorCampaignState;
        this.conditions.answerRate = campaign.answerRate;
        drawFate(scratch, this.seed, campaign.placed + ahead, this.conditions);
        return answersAfter(scratch) ?? 'nobody';
      },
      callAnswersAt: (callId) => {
        const call = this.byId.get(callId);
        if (!call) return 'nobody';
        const afterMs = answersAfter(call.fate);
        return afterMs === undefined ? 'nobody' : call.view.placedAt + afterMs;
      },
      agentFreeAt: (index) => {
        const agent = this.inView[index];
        if (!agent || agent.restUntil !== undefined) return Number.POSITIVE_INFINITY;
        return agent.freeAt;
      },
    };
  }
}

function answersAfter(fate: CallFate): DurationMs | undefined {
  if (fate.outcome !== 'person' || fate.misjudged) return undefined;
  return fate.endsAfterMs + fate.screeningMs;
}

function newCampaign(campaign: FloorCampaign, scenario: FloorScenario): FloorCampaignState {
  const bank = { answers: 0, abandoned: 0 };
  const { id, weight, answerRate } = campaign;
  return {
    id,
    weight,
    answerRate,
    placed: 0,
    leadsLeft: scenario.leadsPerDay,
    bank,
    owed: 0,
    view: { id, weight, bank, leadsLeft: scenario.leadsPerDay },
  };
}
