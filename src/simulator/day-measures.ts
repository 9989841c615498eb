/** The figures of a day, as an operation has them, measured from what was published. */
import type { ActivityKind } from '../domain/agents/agent-shift.ts';
import type { Fact } from '../domain/facts.ts';
import { MEASURES, measured } from '../domain/reports/measures.ts';
import type { Published } from '../engine/queries.ts';
import type { AgentId, CallId } from '../lib/ids.ts';
import { type DurationMs, HOUR_MS, MINUTE_MS } from '../lib/time.ts';
import type { World } from './world.ts';

const HALF_HOUR_MS = 30 * MINUTE_MS;
/** A half hour with fewer answers has no meaningful rate. */
const ANSWERS_FOR_RATE_MIN = 10;
const RATE_MAX = 0.03;

export type DayMeasures = {
  /** (talking + wrapping up) ÷ (signed in and not paused). */
  readonly utilisation: number;
  readonly agentHours: number;
  readonly placed: number;
  readonly answered: number;
  readonly connected: number;
  readonly abandoned: number;
  readonly hungUpWaiting: number;
  readonly abandonment: number;
  readonly worstHalfHour: HalfHour | undefined;
  /** Half hours with enough answers, and how many of them were over the cap. */
  readonly halfHours: number;
  readonly halfHoursOverCap: number;
  /** An agent's wait from being free to the next conversation. */
  readonly waitMeanMs: DurationMs;
  readonly waitP95Ms: DurationMs;
  readonly talkMeanMs: DurationMs;
  readonly wrapUpMeanMs: DurationMs;
  readonly conversationsPerAgentHour: number;
  readonly callsPerConversation: number;
};

export type HalfHour = {
  /** Minutes since the day began. */
  readonly fromMinute: number;
  readonly answered: number;
  readonly abandoned: number;
};

/** A live call that a person or a machine answered. */
type Answered = {
  readonly half: { answered: number; abandoned: number };
  connected: boolean;
  abandoned: boolean;
  hungUp: boolean;
};

type AgentTime = { kind: ActivityKind | 'none'; sinceMs: number; freeSinceMs: number | undefined };

export class DayGauge {
  private readonly world: World;
  private readonly agents = new Map<AgentId, AgentTime>();
  private readonly spentMs = new Map<string, number>();
  private readonly waitsMs: number[] = [];
  private readonly halfHours = new Map<number, { answered: number; abandoned: number }>();
  private readonly counts = { placed: 0, answered: 0, connected: 0, abandoned: 0, hungUp: 0 };
  private readonly answered = new Map<CallId, Answered>();
  private wrapUps = 0;
  private isOver = false;

  constructor(world: World) {
    this.world = world;
    world.onPublished.push((published) => this.hear(published));
  }

  /** Ends the measuring, because going home is not measured. */
  stop(): void {
    for (const agentId of this.agents.keys()) this.follow(agentId, 'none');
    this.isOver = true;
  }

  measures(): DayMeasures {
    const { counts, waitsMs } = this;
    const spent = (kind: ActivityKind): number => this.spentMs.get(kind) ?? 0;
    const busyMs = spent('talking') + spent('wrapping-up');
    const paidMs = busyMs + spent('available') + spent('reserved');
    const sorted = [...waitsMs].sort((left, right) => left - right);
    const agentHours = paidMs / HOUR_MS;
    const rated = [...this.halfHours]
      .map(([index, half]) => ({ fromMinute: index * 30, ...half }))
      .filter(({ answered }) => answered >= ANSWERS_FOR_RATE_MIN);
    return {
      utilisation: measured(MEASURES.occupancy, { busyMs, presentMs: paidMs }) ?? 0,
      agentHours,
      placed: counts.placed,
      answered: counts.answered,
      connected: counts.connected,
      abandoned: counts.abandoned,
      hungUpWaiting: counts.hungUp,
      abandonment: rateOf(counts),
      worstHalfHour: worstOf(rated),
      halfHours: rated.length,
      halfHoursOverCap: rated.filter((half) => rateOf(half) > RATE_MAX).length,
      waitMeanMs: share(
        sorted.reduce((sum, one) => sum + one, 0),
        sorted.length,
      ),
      waitP95Ms: sorted[Math.floor(sorted.length * 0.95)] ?? 0,
      talkMeanMs: share(spent('talking'), counts.connected),
      wrapUpMeanMs: share(spent('wrapping-up'), this.wrapUps),
      conversationsPerAgentHour: share(counts.connected, agentHours),
      callsPerConversation: share(counts.placed, counts.connected),
    };
  }

  private hear({ facts }: Published): void {
    if (this.isOver) return;
    for (const fact of facts) this.count(fact);
  }

  private count({ body, agentId, callId }: Fact): void {
    const { counts } = this;
    switch (body.kind) {
      case 'activity-changed':
        if (agentId) this.follow(agentId, body.to);
        return;
      case 'shift-began':
        if (agentId) this.follow(agentId, 'preparing');
        return;
      case 'shift-ended':
        if (agentId) this.follow(agentId, 'none');
        return;
      case 'call-placed':
        counts.placed += 1;
        return;
      case 'call-answered':
      case 'call-connected':
      case 'call-abandoned':
      case 'call-hung-up-waiting':
      case 'call-ended':
        if (callId) this.countAnswer(callId, body);
        return;
      default:
    }
  }

  private countAnswer(callId: CallId, body: Fact['body']): void {
    const { counts, answered } = this;
    if (body.kind === 'call-answered') {
      const half = this.halfHour();
      half.answered += 1;
      counts.answered += 1;
      answered.set(callId, { half, connected: false, abandoned: false, hungUp: false });
      return;
    }
    const call = answered.get(callId);
    if (!call) return;
    switch (body.kind) {
      case 'call-connected':
        if (!call.connected) counts.connected += 1;
        call.connected = true;
        return;
      case 'call-abandoned':
        counts.abandoned += 1;
        call.half.abandoned += 1;
        call.abandoned = true;
        return;
      case 'call-hung-up-waiting':
        counts.hungUp += 1;
        call.hungUp = true;
        return;
      case 'call-ended':
        answered.delete(callId);
        if (body.outcome === 'machine') this.uncount(call);
        return;
      default:
    }
  }

  /** Takes the call out of the counts, because a machine answered. */
  private uncount({ half, connected, abandoned, hungUp }: Answered): void {
    const { counts } = this;
    half.answered -= 1;
    counts.answered -= 1;
    if (connected) counts.connected -= 1;
    if (hungUp) counts.hungUp -= 1;
    if (!abandoned) return;
    counts.abandoned -= 1;
    half.abandoned -= 1;
  }

  private halfHour(): { answered: number; abandoned: number } {
    const index = Math.floor(this.world.clock.monotonicMs() / HALF_HOUR_MS);
    const half = this.halfHours.get(index) ?? { answered: 0, abandoned: 0 };
    this.halfHours.set(index, half);
    return half;
  }

  private follow(agentId: AgentId, kind: AgentTime['kind']): void {
    const nowMs = this.world.clock.monotonicMs();
    const before = this.agents.get(agentId);
    if (before) {
      const spent = (this.spentMs.get(before.kind) ?? 0) + nowMs - before.sinceMs;
      this.spentMs.set(before.kind, spent);
    }
    const wasFreeSince = before?.freeSinceMs;
    const isFree = kind === 'available';
    if (kind === 'talking' && wasFreeSince !== undefined) this.waitsMs.push(nowMs - wasFreeSince);
    if (kind === 'wrapping-up' && before?.kind !== 'wrapping-up') this.wrapUps += 1;
    const keeps = kind === 'reserved' || isFree;
    const freeSinceMs = keeps ? (wasFreeSince ?? nowMs) : undefined;
    this.agents.set(agentId, { kind, sinceMs: nowMs, freeSinceMs });
  }
}

function worstOf(halves: readonly HalfHour[]): HalfHour | undefined {
  let worst: HalfHour | undefined;
  for (const half of halves) if (!worst || rateOf(half) > rateOf(worst)) worst = half;
  return worst;
}

export function rateOf({
  abandoned,
  answered: answers,
}: Pick<HalfHour, 'abandoned' | 'answered'>): number {
  return measured(MEASURES.abandonment, { abandoned, answers }) ?? 0;
}

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
