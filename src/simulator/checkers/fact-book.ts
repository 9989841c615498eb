/**
 * A day as its facts tell it, followed as they are published: which calls live, who is at work and
 * what they do. It reads neither the engine nor the store, so that both can be compared with it.
 */
import type { ActivityKind } from '../../domain/agents/agent-shift.ts';
import type { Fact } from '../../domain/facts.ts';
import type { AgentId, CallId, CampaignId } from '../../lib/ids.ts';
import type { EpochMs } from '../../lib/time.ts';
import type { Checks } from './checks.ts';

export type CallTold = {
  readonly campaignId: CampaignId;
  readonly placedAt: EpochMs;
  state: 'placed' | 'answered' | 'connected';
  answeredAt?: EpochMs;
  abandoned?: boolean;
  hungUpWaiting?: boolean;
};

export type AgentTold = {
  activity: ActivityKind;
  screen: boolean;
  headset: boolean;
  /** The call they talk in; absent when they talk in none. */
  callId?: CallId;
};

/** Calls of a campaign. Answered calls are those that people answered, as far as is known. */
export type Tally = {
  placed: number;
  answered: number;
  connected: number;
  abandoned: number;
  hungUpWaiting: number;
};

export class FactBook {
  /** Sequence of the newest fact. */
  last = 0;
  readonly live = new Map<CallId, CallTold>();
  readonly agents = new Map<AgentId, AgentTold>();
  /** Calls that ended, by outcome. */
  readonly outcomes = new Map<string, number>();
  readonly tallies = new Map<CampaignId, Tally>();
  private readonly checks: Checks;

  constructor(checks: Checks) {
    this.checks = checks;
  }

  /** Throws a Violation when a fact cannot follow the earlier ones. */
  tell(fact: Fact): void {
    const { checks } = this;
    checks.must('facts-are-one-sequence', fact.sequence === this.last + 1, () => {
      return `fact ${fact.sequence} was published after ${this.last}`;
    });
    this.last = fact.sequence;
    if (fact.callId) this.tellCall(fact, fact.callId);
    if (fact.agentId) this.tellAgent(fact, fact.agentId);
  }

  tally(campaignId: CampaignId): Tally {
    let tally = this.tallies.get(campaignId);
    if (!tally) {
      tally = { placed: 0, answered: 0, connected: 0, abandoned: 0, hungUpWaiting: 0 };
      this.tallies.set(campaignId, tally);
    }
    return tally;
  }

  isAtWork(agent: AgentTold): boolean {
    const isWorking = !['preparing', 'undisposed', 'paused', 'ended'].includes(agent.activity);
    return isWorking && agent.screen && agent.headset;
  }

  private tellCall({ at, campaignId, body }: Fact, callId: CallId): void {
    const { checks, live } = this;
    const call = live.get(callId);
    const tally = campaignId && this.tally(campaignId);
    switch (body.kind) {
      case 'call-placed':
        checks.must('call-ends-once', !call, () => `${callId} was placed twice`);
        if (campaignId) live.set(callId, { campaignId, placedAt: at, state: 'placed' });
        if (tally) tally.placed += 1;
        return;
      case 'call-answered':
        if (call) Object.assign(call, { state: 'answered', answeredAt: at });
        if (tally) tally.answered += 1;
        return;
      case 'call-assigned': {
        const { agentId } = body;
        const doing = this.agents.get(agentId)?.activity;
        checks.must('no-call-while-undisposed', doing !== 'undisposed', () => {
          return `${agentId} is given ${callId} and has the last call still to dispose`;
        });
        return;
      }
      case 'call-connected':
        if (call) call.state = 'connected';
        if (tally && !body.again) tally.connected += 1;
        this.talkBegins(body.agentId, callId);
        return;
      case 'call-abandoned':
        if (tally) tally.abandoned += 1;
        if (call) call.abandoned = true;
        return;
      case 'call-screened':
        // After the verdict, the machine no longer counts as abandoned; at the call's end it no
        // longer counts as an answer.
        if (body.consequence === 'ended' && call?.abandoned) {
          call.abandoned = false;
          if (tally) tally.abandoned -= 1;
        }
        return;
      case 'call-hung-up-waiting':
        if (tally) tally.hungUpWaiting += 1;
        if (call) call.hungUpWaiting = true;
        return;
      case 'call-ended':
        checks.must('call-ends-once', call !== undefined, () => `${callId} ended and did not live`);
        live.delete(callId);
        if (call && body.outcome === 'machine') this.wasMachine(call);
        this.outcomes.set(body.outcome, (this.outcomes.get(body.outcome) ?? 0) + 1);
        this.talkEnds(callId);
        return;
      case 'call-proved-machine':
        this.outcomes.set('person', (this.outcomes.get('person') ?? 0) - 1);
        this.outcomes.set('machine', (this.outcomes.get('machine') ?? 0) + 1);
        if (tally) {
          tally.answered -= 1;
          if (body.was === 'abandoned') tally.abandoned -= 1;
        }
        return;
      default:
    }
  }

  /** A machine answered, so the call no longer counts as answered. */
  private wasMachine({ campaignId, answeredAt, abandoned, hungUpWaiting }: CallTold): void {
    const tally = this.tally(campaignId);
    if (answeredAt !== undefined) tally.answered -= 1;
    if (abandoned) tally.abandoned -= 1;
    if (hungUpWaiting) tally.hungUpWaiting -= 1;
  }

  private talkBegins(agentId: AgentId, callId: CallId): void {
    const before = this.agents.get(agentId)?.callId;
    this.checks.must('agent-talks-one-by-one', !before || before === callId, () => {
      return `${agentId} is in ${before} and talks in ${callId}`;
    });
    this.talkEnds(callId);
    const agent = this.agents.get(agentId);
    if (agent) agent.callId = callId;
  }

  private talkEnds(callId: CallId): void {
    for (const agent of this.agents.values()) if (agent.callId === callId) delete agent.callId;
  }

  private leaves(agentId: AgentId, because: string): void {
    const callId = this.agents.get(agentId)?.callId;
    const isAsked = because === 'signed-out' || because === 'signed-out-by-supervisor';
    this.checks.must('leaving-strands-nobody', !isAsked || callId === undefined, () => {
      return `${agentId} signed out in ${callId}`;
    });
  }

  private tellAgent({ body }: Fact, agentId: AgentId): void {
    const agent = this.agents.get(agentId);
    switch (body.kind) {
      case 'shift-began':
        this.agents.set(agentId, { activity: 'preparing', screen: true, headset: false });
        return;
      case 'shift-ended':
        this.leaves(agentId, body.because);
        this.agents.delete(agentId);
        return;
      case 'activity-changed':
        if (agent) agent.activity = body.to;
        return;
      case 'screen-changed':
        if (agent) agent.screen = body.connected;
        return;
      case 'headset-changed':
        if (agent) agent.headset = body.pinned;
        return;
      default:
    }
  }
}
