/** Agents of a floor: idle, busy, resting or gone. */
import { exponentialOf, type Random, randomStream } from '../lib/random.ts';
import type { DurationMs, EpochMs } from '../lib/time.ts';
import { drawTalk } from './fates.ts';
import {
  type FloorGround,
  HELD_ENOUGH,
  LEAVES,
  RETURNS,
  START,
  TALK_ENDS,
  WANTS_REST,
  WRAP_UP_ENDS,
} from './ground.ts';
import { type FloorAgent, type FloorCall, newAgent } from './parts.ts';
import { WAIT_STEP_MS, WAIT_STEPS } from './tally.ts';

/** Talk and wrap-up after a machine was put through to an agent. */
export const MACHINE_TALK_MS = 8_000;
export const MACHINE_WRAP_UP_MS = 5_000;

export class FloorAgents {
  readonly all: FloorAgent[] = [];
  /** Agents signed in and not resting, in the order of the snapshot's agents. */
  readonly inView: FloorAgent[] = [];
  busy = 0;
  resting = 0;
  talking = 0;
  /** Idle agents in the order they became free. */
  private readonly idle = new Set<FloorAgent>();
  private conversations = 0;
  private readonly restChance: Random;
  private readonly ground: FloorGround;
  private readonly nextWaiting: (agent: FloorAgent) => FloorCall | undefined;

  constructor(ground: FloorGround, nextWaiting: (agent: FloorAgent) => FloorCall | undefined) {
    this.ground = ground;
    this.nextWaiting = nextWaiting;
    this.restChance = randomStream(ground.seed, 'rests');
    for (let index = 0; index < ground.scenario.agents; index += 1) {
      this.all.push(newAgent(index, START, ground.scenario));
    }
    this.announceRests();
  }

  /** When the agent at this index of the snapshot is free next; infinity when they will rest. */
  freeAt(index: number): EpochMs {
    const agent = this.inView[index];
    if (!agent || agent.restUntil !== undefined) return Number.POSITIVE_INFINITY;
    return agent.freeAt;
  }

  private announceRests(): void {
    const { countFrom, events, scenario } = this.ground;
    for (const [index, { rest }] of (scenario.crew ?? []).entries()) {
      const agent = this.all[index];
      if (!agent || !rest) continue;
      agent.leavesAt = countFrom + rest.atMs;
      events.push(agent.leavesAt, LEAVES, index, 0);
    }
  }

  /** Gives the call to the longest idle agent of its campaign; false when none is idle. */
  take(call: FloorCall): boolean {
    for (const agent of this.idle) {
      if (agent.serves?.has(call.campaign) === false) continue;
      this.connect(call, agent);
      return true;
    }
    return false;
  }

  /** Restarts the wait of all idle agents at this moment. */
  waitAnew(): void {
    for (const agent of this.idle) agent.view.since = this.ground.now;
  }

  /** Sends the agent to rest, now or after the current call. */
  restForAWhile(agent: FloorAgent): void {
    const meanMs = this.ground.scenario.rests?.restMeanMs ?? 0;
    this.wantRest(agent, this.ground.now + Math.round(exponentialOf(this.restChance, meanMs)));
  }

  private connect(call: FloorCall, agent: FloorAgent): void {
    this.idle.delete(agent);
    const { now } = this.ground;
    const { takenBackAt } = call;
    const machine = call.fate.outcome === 'machine' || takenBackAt !== undefined;
    if (this.ground.counting) this.countConversation(call, now - agent.view.since, machine);
    const { talkMs, wrapUpMs } =
      takenBackAt === undefined
        ? this.talkOf(call)
        : { talkMs: Math.max(0, takenBackAt - now), wrapUpMs: 0 };
    this.setAgent(agent, 'talking', this.ground.campaignOf(call).id);
    agent.wrapUpMs = wrapUpMs;
    agent.freeAt = now + talkMs + wrapUpMs;
    this.busy += 1;
    this.talking += 1;
    this.ground.events.push(now + talkMs, TALK_ENDS, agent.index, 0);
    if (takenBackAt === undefined) {
      this.ground.observe(call.campaign, {
        kind: 'connected',
        callId: call.view.id,
        answeredAt: call.answeredAt,
        at: now,
      });
    }
    agent.campaign = call.campaign;
    this.ground.stirred = true;
  }

  private talkOf(call: FloorCall): { readonly talkMs: DurationMs; readonly wrapUpMs: DurationMs } {
    if (call.fate.outcome === 'machine') {
      return { talkMs: MACHINE_TALK_MS, wrapUpMs: MACHINE_WRAP_UP_MS };
    }
    const times = this.ground.campaignOf(call).terms.talk ?? this.ground.talk;
    const talk = drawTalk(this.ground.seed, this.conversations, times);
    this.conversations += 1;
    return talk;
  }

  private countConversation(call: FloorCall, waitMs: DurationMs, machine: boolean): void {
    const { tally } = this.ground;
    tally.conversations += machine ? 0 : 1;
    tally.machinesConnected += machine ? 1 : 0;
    tally.waitSumMs += waitMs;
    const step = Math.min(WAIT_STEPS - 1, Math.floor(waitMs / WAIT_STEP_MS));
    tally.waits[step] = (tally.waits[step] ?? 0) + 1;
    const { waitMaxMs } = this.ground.campaignOf(call).terms;
    if (call.takenBackAt === undefined && this.ground.now - call.answeredAt > waitMaxMs)
      tally.lateFromAnswer += 1;
  }

  private setAgent(agent: FloorAgent, state: 'available' | 'talking', campaignId?: string): void {
    if (this.ground.grouped) {
      const pauseRequested = agent.restUntil !== undefined;
      agent.view = { state, since: this.ground.now, pauseRequested };
      if (campaignId !== undefined) agent.view.campaignId = campaignId;
      if (agent.campaignIds) agent.view.campaignIds = agent.campaignIds;
      this.ground.snapshot.agents[agent.position] = agent.view;
    } else {
      agent.view.state = state;
      agent.view.since = this.ground.now;
      delete agent.view.freeAt;
    }
    if (agent.leavesAt !== undefined) agent.view.leavesAt = agent.leavesAt;
  }

  endTalk(agent: FloorAgent): void {
    const startedAt = agent.view.since;
    agent.view.state = 'wrapping-up';
    agent.view.since = this.ground.now;
    this.talking -= 1;
    this.ground.events.push(this.ground.now + agent.wrapUpMs, WRAP_UP_ENDS, agent.index, 0);
    this.ground.observe(agent.campaign, { kind: 'talk-ended', startedAt, at: this.ground.now });
    this.ground.stirred = true;
  }

  endWrapUp(agent: FloorAgent): void {
    const startedAt = agent.view.since;
    this.busy -= 1;
    this.ground.snapshot.connectedAnswersDisposedToday += 1;
    this.ground.observe(agent.campaign, { kind: 'wrap-up-ended', startedAt, at: this.ground.now });
    const heldMs = this.ground.campaigns[agent.campaign]?.terms.restBetweenCallsMs ?? 0;
    if (agent.restUntil !== undefined) this.rest(agent);
    else if (heldMs > 0) this.hold(agent, this.ground.now + heldMs);
    else this.becomeFree(agent);
    this.ground.stirred = true;
  }

  /** Makes the agent available after a rest between calls. */
  private hold(agent: FloorAgent, until: EpochMs): void {
    this.setAgent(agent, 'available');
    agent.isHeld = true;
    agent.view.freeAt = until;
    agent.freeAt = until;
    this.ground.events.push(until, HELD_ENOUGH, agent.index, agent.stamp);
  }

  endHold(agent: FloorAgent): void {
    agent.isHeld = false;
    this.becomeFree(agent);
    this.ground.stirred = true;
  }

  private becomeFree(agent: FloorAgent): void {
    this.setAgent(agent, 'available');
    agent.freeAt = this.ground.now;
    this.idle.add(agent);
    const waiting = this.nextWaiting(agent);
    if (waiting) this.connect(waiting, agent);
  }

  signIn(agent: FloorAgent): void {
    if (!agent.resting) return;
    if (!agent.away) this.resting -= 1;
    agent.resting = false;
    agent.away = false;
    agent.restUntil = undefined;
    agent.stamp += 1;
    agent.view.pauseRequested = false;
    agent.position = this.inView.length;
    this.inView.push(agent);
    this.ground.snapshot.agents.push(agent.view);
    const { rests } = this.ground.scenario;
    if (rests) {
      const at = this.ground.now + Math.round(exponentialOf(this.restChance, rests.workMeanMs));
      this.ground.events.push(at, WANTS_REST, agent.index, agent.stamp);
    }
    this.becomeFree(agent);
    this.ground.stirred = true;
  }

  wantRest(agent: FloorAgent, until: EpochMs): void {
    if (agent.resting) return;
    agent.restUntil = until;
    agent.view.pauseRequested = true;
    if (this.idle.delete(agent) || agent.isHeld) this.rest(agent);
    this.ground.stirred = true;
  }

  /** Sends the agent to the rest that was planned ahead. */
  leave(agent: FloorAgent): void {
    const rest = this.ground.scenario.crew?.[agent.index]?.rest;
    agent.leavesAt = undefined;
    delete agent.view.leavesAt;
    if (rest) this.wantRest(agent, this.ground.now + rest.forMs);
  }

  private rest(agent: FloorAgent): void {
    agent.isHeld = false;
    const last = this.inView.pop() as FloorAgent;
    const lastView = this.ground.snapshot.agents.pop();
    if (last !== agent && lastView) {
      this.inView[agent.position] = last;
      this.ground.snapshot.agents[agent.position] = lastView;
      last.position = agent.position;
    }
    agent.position = -1;
    agent.resting = true;
    agent.stamp += 1;
    if (!agent.away) this.resting += 1;
    const until = agent.restUntil ?? Number.POSITIVE_INFINITY;
    if (until < Number.POSITIVE_INFINITY) {
      this.ground.events.push(Math.max(this.ground.now, until), RETURNS, agent.index, agent.stamp);
    }
  }

  setPresent(count: number): void {
    for (const agent of this.all) {
      if (agent.index >= count) {
        if (agent.resting && !agent.away) {
          // This agent does not come back from the rest.
          this.resting -= 1;
          agent.stamp += 1;
        }
        agent.away = true;
        this.wantRest(agent, Number.POSITIVE_INFINITY);
      } else if (agent.away) {
        agent.restUntil = undefined;
        agent.view.pauseRequested = false;
        if (agent.resting) this.signIn(agent);
        else agent.away = false;
      }
    }
  }
}
