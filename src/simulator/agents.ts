/**
 * The agents of a simulated day. Each looks at their screen when it changes, and does what people
 * do a moment later: opens the page, talks, records or forgets to, takes breaks, loses the headset,
 * leaves. Each has a stream of chance of their own.
 */
import type { Activity, AgentShift } from '../domain/agents/agent-shift.ts';
import type { ChosenPause } from '../domain/agents/pauses.ts';
import type { AgentCommand } from '../engine/commands.ts';
import { bankingDayFrom } from '../lib/br-holidays.ts';
import type { AgentId, CallId } from '../lib/ids.ts';
import { type Random, randomStream } from '../lib/random.ts';
import { addDays, type DurationMs, HOUR_MS, localTime, MINUTE_MS, SECOND_MS } from '../lib/time.ts';
import { between, exponential, twoSteps } from './chances.ts';
import type { DaySettings, FloorSettings } from './day-settings.ts';
import { ZONE } from './operation.ts';
import { saidBy } from './said-by.ts';
import type { OwnCommand, World } from './world.ts';

/**
 * Time after which an agent looks again at a screen that did not change although they asked for
 * something.
 */
const LOOK_AGAIN_MS = 8 * SECOND_MS;
const CONFIRM_SHARE = 0.65;
/** Share of those with a late disposition who are not at the desk. */
const AWAY_SHARE = 0.3;
const PAUSES_IN_TYPING_MAX = 4;
const LATE_DRAFT_SHARE = 0.15;
const EMPTY_FORM = {
  ...{ promiseValue: '', confirmedValue: '', promiseDate: '' },
  ...{ callbackDate: '', callbackHour: '' },
};
const CALL_IN_SUCCEEDS = 0.7;
/** Rests of NR-17: two of ten minutes and a meal of twenty, at these times after the beginning. */
const PLANNED_RESTS = [
  { afterMs: 2 * HOUR_MS, reason: 'rest', lastsMs: 10 * MINUTE_MS },
  { afterMs: 4 * HOUR_MS, reason: 'meal', lastsMs: 20 * MINUTE_MS },
  { afterMs: 6 * HOUR_MS, reason: 'rest', lastsMs: 10 * MINUTE_MS },
] as const;
const REST_SPREAD_MS = 50 * MINUTE_MS;

export type Floor = {
  goHome(): void;
  /** This share of the agents present takes a break together, for this long. */
  leaveTogether(share: number, forMs: DurationMs): void;
};

/** Agents 1 to `settings.agents` come and work until told to go home. */
export function openFloor(world: World, settings: DaySettings): Floor {
  const { seed, agents: count, floor } = settings;
  const agents = Array.from(
    { length: count },
    (_, index) => new Agent(world, seed, index + 1, floor),
  );
  const byId = new Map<AgentId, Agent>(agents.map((agent) => [agent.agentId, agent]));
  world.onPublished.push(({ agentIds }) => {
    for (const agentId of agentIds) byId.get(agentId)?.screenChanged();
  });
  // After a restart of the server every page connects again by itself.
  world.onStarted.push(() => {
    for (const agent of agents) agent.serverCameBack();
  });
  for (const agent of agents) agent.come();
  return {
    goHome() {
      for (const agent of agents) agent.goHome();
    },
    leaveTogether(share, forMs) {
      const leaving = agents.slice(0, Math.round(agents.length * share));
      for (const agent of leaving) agent.takeBreak('training', forMs);
    },
  };
}

class Agent {
  readonly agentId: AgentId;
  private isGoingHome = false;
  private readonly world: World;
  private readonly n: number;
  private readonly random: Random;
  /** Chances of typing have a stream of their own, so that days without it stay as they were. */
  private readonly typing: Random;
  private readonly floor: FloorSettings;
  private page = 1;
  private isHere = false;
  /** Time until which they are not at the desk. */
  private awayUntilMs = 0;
  /** What they saw last; a plan for it is dropped when they see something else. */
  private seen = '';
  private plan = 0;
  /** Length of the break they want after the call; undefined when they want none. */
  private breakMs: DurationMs | undefined;

  constructor(world: World, seed: number, n: number, floor: FloorSettings) {
    this.world = world;
    this.n = n;
    this.agentId = world.agentId(n);
    this.random = randomStream(seed, `agent ${n}`);
    this.typing = randomStream(seed, `typing ${n}`);
    this.floor = floor;
  }

  come(): void {
    const { floor, random } = this;
    const comesAfterMs = between(random, 100, floor.arriveWithinMs);
    this.after(comesAfterMs, () => {
      this.isHere = true;
      this.look();
    });
    if (floor.mishapEveryMs > 0) this.mishapLater();
    if (floor.pauseEveryMs > 0) this.pauseLater();
    if (!floor.planned) return;
    for (const rest of PLANNED_RESTS) {
      const spreadMs = between(random, -REST_SPREAD_MS, REST_SPREAD_MS);
      this.after(rest.afterMs + spreadMs, () => this.takeBreak(rest.reason, rest.lastsMs));
    }
  }

  goHome(): void {
    this.isGoingHome = true;
    this.lookSoon();
  }

  serverCameBack(): void {
    this.lookSoon();
  }

  takeBreak(reason: ChosenPause, lastsMs: DurationMs): void {
    if (!this.isHere || this.isGoingHome) return;
    this.breakMs = lastsMs;
    this.ask({ kind: 'pause', reason });
  }

  /**
   * Called when the server changes the screen; the agent sees it at once, and acts as fast as
   * people do.
   */
  screenChanged(): void {
    if (this.isHere) this.look();
  }

  // ── looking ─────────────────────────────────────────────────────────────────────────────────────

  private lookSoon(): void {
    this.seen = '';
    this.after(between(this.random, 200, 2_500), () => this.isHere && this.look());
  }

  /** Plans what to do about the screen, unless that is planned already. */
  private look(): void {
    const { world } = this;
    if (!world.isRunning) return;
    const { shift } = world.engine.desk(this.agentId);
    const seen = this.situation(shift);
    if (seen === this.seen) return;
    this.seen = seen;
    this.plan += 1;
    this.planFor(shift);
  }

  private situation(shift: AgentShift | undefined): string {
    if (!shift) return `no shift ${this.isGoingHome}`;
    const { activity, screen, headset } = shift;
    const callId = 'callId' in activity ? activity.callId : '';
    const isDisposed = activity.kind === 'wrapping-up' && activity.disposed;
    return `${activity.kind} ${callId} ${isDisposed} ${screen.connected} ${headset.pinned}`;
  }

  private planFor(shift: AgentShift | undefined): void {
    const { random } = this;
    if (!shift) {
      // An agent who signed out by mistake notices; an agent who went home stays there.
      if (!this.isGoingHome) this.soon(between(random, 500, 3_000), () => this.open());
      return;
    }
    if (!shift.screen.connected) this.soon(between(random, 200, 2_000), () => this.open());
    else if (!shift.headset.pinned) this.soon(between(random, 300, 2_000), () => this.callIn());
    else if (this.isGoingHome && !isBusy(shift.activity)) {
      this.soon(between(random, 200, 3_000), () => this.ask({ kind: 'sign-out' }));
    } else this.planActivity(shift.activity);
  }

  private planActivity(activity: Activity): void {
    const { random, floor } = this;
    switch (activity.kind) {
      case 'preparing':
        this.soon(between(random, 400, 3_000), () => this.ask({ kind: 'go-available' }));
        return;
      case 'paused': {
        const lastsMs = this.breakMs ?? Math.round(exponential(random, floor.pauseMeanMs));
        this.breakMs = undefined;
        this.soon(lastsMs, () => this.ask({ kind: 'go-available' }));
        return;
      }
      case 'talking':
        this.planTalk(activity.callId);
        return;
      case 'wrapping-up':
        this.planWrapUp(activity.callId, activity.disposed);
        return;
      case 'undisposed':
        this.planLateDisposition(activity.callId);
        return;
      default:
    }
  }

  private planTalk(callId: CallId): void {
    const { random } = this;
    this.planTyping(callId, 40_000);
    const rightPartyAfterMs = between(random, 3_000, 15_000);
    if (random() < CONFIRM_SHARE) {
      this.later(rightPartyAfterMs, () => this.confirm(callId));
    }
    // The agent ends the call when the debtor does not, and soon when the agent wants to go home.
    const { endsTalksAfterMs } = this.floor;
    const patientMs = Math.round(endsTalksAfterMs * (0.7 + 0.6 * random()));
    const endsAfterMs = this.isGoingHome ? between(random, SECOND_MS, 20 * SECOND_MS) : patientMs;
    this.soon(endsAfterMs, () => this.ask({ kind: 'hang-up', callId }));
    const lot = random();
    const atMs = between(random, 2_000, 60_000);
    if (lot < 0.05) this.later(atMs, () => this.dispose(callId, this.pick()));
    else if (lot < 0.06) this.later(atMs, () => this.ask({ kind: 'pause', reason: 'restroom' }));
    else if (lot < 0.065) this.later(atMs, () => this.ask({ kind: 'take-pause-back' }));
    else if (lot < 0.08) this.later(atMs, () => this.ask({ kind: 'hang-up', callId }));
    else if (lot < 0.095) this.later(atMs, () => this.ask({ kind: 'sign-out' }));
    else if (lot < 0.1) this.later(atMs, () => this.ask({ kind: 'take-sign-out-back' }));
  }

  private planWrapUp(callId: CallId, isDisposed: boolean): void {
    const { random, floor } = this;
    if (isDisposed) {
      // Most say that they are ready; some let the time run out.
      if (random() < 0.9 || this.isGoingHome) {
        this.soon(between(random, 200, 900), () => this.ask({ kind: 'go-available' }));
      }
      return;
    }
    this.planTyping(callId, 8_000);
    const forgets = random() < floor.forgetsShare;
    const takesMs = 1_500 + twoSteps(random, floor.wrapUpMeanMs - 2_000);
    if (random() < 0.02) this.later(1_000, () => this.ask({ kind: 'extend-wrap-up' }));
    if (!forgets) this.soon(takesMs, () => this.dispose(callId, this.pick()));
  }

  /** Now and then what was typed earlier arrives late, behind what was typed since. */
  private planTyping(callId: CallId, withinMs: DurationMs): void {
    const { typing, floor } = this;
    if (typing() >= floor.typesShare) return;
    const pauses = 1 + Math.floor(typing() * PAUSES_IN_TYPING_MAX);
    for (let pause = 0; pause < pauses; pause += 1) {
      const isLate = typing() < LATE_DRAFT_SHARE;
      this.later(between(typing, 1_000, withinMs), () => this.type(callId, isLate));
    }
  }

  /** Most notice what the page asks of them; some are not at the desk. */
  private planLateDisposition(callId: CallId): void {
    const { random } = this;
    const isAway = random() < AWAY_SHARE;
    const afterMs = between(random, 3_000, 100_000);
    if (!isAway) this.soon(afterMs, () => this.dispose(callId, this.pick()));
  }

  // ── doing ───────────────────────────────────────────────────────────────────────────────────────

  private pick(): string {
    const { call } = this.world.engine.desk(this.agentId);
    const codes = call?.rightPartyConfirmed
      ? ['promise', 'refusal', 'callback', 'claims-paid', 'disputed']
      : ['third-party', 'wrong-number', 'dropped', 'machine', 'do-not-call'];
    return codes[Math.floor(this.random() * codes.length)] ?? 'dropped';
  }

  /** The agent asks, hears and types what the person says. */
  private confirm(callId: CallId): void {
    const file = this.world.engine.desk(this.agentId).call?.file;
    if (!file) return;
    this.ask({ kind: 'confirm-right-party', callId, evidence: saidBy(file.debtor) });
  }

  private type(callId: CallId, isLate: boolean): void {
    const { world, agentId } = this;
    const { call } = world.engine.desk(agentId);
    if (call?.call.id !== callId) return;
    const newest = call.draft?.revision ?? 0;
    const revision = isLate ? Math.max(1, newest) : newest + 1;
    const note = `nota ${revision}`;
    const draft = { revision, code: 'dropped', note, form: EMPTY_FORM };
    void world.engine.run({ kind: 'keep-draft', agentId, callId, draft }).then(({ ok }) => {
      if (ok) world.keptDrafts.set(callId, { agentId, revision });
    });
  }

  private dispose(callId: CallId, code: string): void {
    const now = this.world.clock.now();
    const today = localTime(now, ZONE).date;
    const promise = { valueCentavos: 1_000, dueDate: bankingDayFrom(addDays(today, 2)) };
    const callbackAt = now + between(this.random, MINUTE_MS, 60 * MINUTE_MS);
    const form =
      code === 'promise' ? { promise } : code === 'callback' ? { callbackAt } : undefined;
    this.ask({ kind: 'dispose', callId, code, ...(form ? { form } : {}) });
  }

  private open(): void {
    this.ask({ kind: 'open-shift', pageId: `page-${this.page}` });
  }

  private callIn(): void {
    const headsetId = this.world.storedHeadsetOf(this.n);
    // The page has no answer to its opening yet.
    if (!headsetId) return;
    if (this.random() < CALL_IN_SUCCEEDS) this.world.network.browserCallsIn(headsetId);
  }

  private pauseLater(): void {
    this.after(exponential(this.random, this.floor.pauseEveryMs), () => {
      if (this.isHere && !this.isGoingHome) this.ask({ kind: 'pause', reason: 'restroom' });
      this.pauseLater();
    });
  }

  private mishapLater(): void {
    this.after(exponential(this.random, this.floor.mishapEveryMs), () => {
      const isAtWork = this.isHere && this.world.isRunning;
      const shift = isAtWork ? this.world.engine.desk(this.agentId).shift : undefined;
      if (shift?.screen.connected && shift.headset.pinned) this.mishap();
      this.mishapLater();
    });
  }

  private mishap(): void {
    const lot = this.random();
    if (lot < 0.3) this.reload();
    else if (lot < 0.6) this.loseHeadset();
    else if (lot < 0.9) this.blink();
    else this.ask({ kind: 'sign-out' });
  }

  private reload(): void {
    const headsetId = this.world.storedHeadsetOf(this.n);
    if (!headsetId) return;
    this.page += 1;
    this.open();
    // The old page's audio is gone; the PBX notices it a while later.
    const isNoticed = this.random() < 0.5;
    this.after(between(this.random, 1_000, 8_000), () => {
      if (isNoticed) this.world.network.browserHangsUp(headsetId);
    });
  }

  private loseHeadset(): void {
    const headsetId = this.world.storedHeadsetOf(this.n);
    if (!headsetId) return;
    this.leaveDesk(between(this.random, 500, 40_000));
    this.world.network.browserHangsUp(headsetId);
  }

  private blink(): void {
    this.ask({ kind: 'screen-lost' });
    this.leaveDesk(between(this.random, 100, 8_000));
  }

  private leaveDesk(forMs: DurationMs): void {
    this.awayUntilMs = this.world.clock.monotonicMs() + forMs;
  }

  private ask(command: OwnCommand): void {
    if (!this.world.isRunning) return;
    const asked = { ...command, agentId: this.agentId } as AgentCommand;
    void this.world.engine.run(asked);
  }

  // ── time ────────────────────────────────────────────────────────────────────────────────────────

  /** Does what the situation leads to; if it does not change, the agent looks again. */
  private soon(ms: DurationMs, act: () => void): void {
    const { plan } = this;
    const awayMs = Math.max(0, this.awayUntilMs - this.world.clock.monotonicMs());
    const actAndLook = (): void => {
      if (plan !== this.plan) return;
      if (this.world.isRunning) act();
      this.after(LOOK_AGAIN_MS, () => {
        if (plan !== this.plan) return;
        this.seen = '';
        this.look();
      });
    };
    this.after(awayMs + ms, actAndLook);
  }

  /** Does something in addition; it is dropped if the situation has changed by then. */
  private later(ms: DurationMs, act: () => void): void {
    const { plan } = this;
    this.after(ms, () => {
      if (plan === this.plan && this.world.isRunning) act();
    });
  }

  private after(ms: DurationMs, happen: () => void): void {
    const { clock } = this.world;
    clock.at(clock.now() + Math.round(ms), happen);
  }
}

function isBusy({ kind }: Activity): boolean {
  return (
    kind === 'reserved' || kind === 'talking' || kind === 'wrapping-up' || kind === 'undisposed'
  );
}
