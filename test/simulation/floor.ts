/**
 * The agents of a simulated day. Each looks at his screen every second or so and does what people do:
 * talks, records, forgets to record, takes breaks, loads the page anew, loses his headset, leaves.
 */
import type { AgentCommand } from '../../src/engine/commands.ts';
import { type Random, randomStream } from '../../src/lib/random.ts';
import { addDays, localTime, MINUTE_MS } from '../../src/lib/time.ts';
import type { OwnCommand, World } from '../../src/simulator/world.ts';
import { between } from './people.ts';

const LOOK_MIN_MS = 400;
const LOOK_MAX_MS = 2_000;

/** Agents 1 to `count` come within the first minute and work until told to go home. */
export function openFloor(world: World, seed: number, count: number): { goHome(): void } {
  const agents = Array.from({ length: count }, (_, index) => new Person(world, seed, index + 1));
  for (const agent of agents) agent.come();
  return {
    goHome() {
      for (const agent of agents) agent.isGoingHome = true;
    },
  };
}

class Person {
  isGoingHome = false;
  private readonly world: World;
  private readonly n: number;
  private readonly random: Random;
  private page = 1;
  /** Not at his desk before this. */
  private awayUntil = 0;
  /** How this call goes, decided when it is first seen. */
  private call:
    | { readonly id: string; readonly disposeAt: number; readonly code: string }
    | undefined;

  constructor(world: World, seed: number, n: number) {
    this.world = world;
    this.n = n;
    this.random = randomStream(seed, `agent ${n}`);
  }

  come(): void {
    const { clock } = this.world;
    clock.at(clock.now() + between(this.random, 100, MINUTE_MS), () => this.look());
  }

  private look(): void {
    const { clock } = this.world;
    // A browser cannot reach a server that is away; it tries again.
    if (this.world.isRunning && clock.now() >= this.awayUntil) this.act();
    clock.at(clock.now() + between(this.random, LOOK_MIN_MS, LOOK_MAX_MS), () => this.look());
  }

  private act(): void {
    const { shift } = this.world.engine.desk(this.world.agentId(this.n));
    if (!shift) {
      if (!this.isGoingHome) this.open();
      return;
    }
    // After a restart of the server every page connects again, and after one of the PBX its audio.
    if (!shift.screen.connected) {
      this.open();
      return;
    }
    if (!shift.headset.pinned) {
      this.callIn();
      return;
    }
    if (this.isGoingHome && !['reserved', 'talking', 'wrapping-up'].includes(shift.activity.kind)) {
      this.ask({ kind: 'sign-out' });
      return;
    }
    if (this.mishap()) return;
    switch (shift.activity.kind) {
      case 'preparing':
        this.ask({ kind: 'go-available' });
        return;
      case 'paused':
        if (this.random() < 0.05) this.ask({ kind: 'go-available' });
        return;
      case 'available':
        if (this.random() < 0.003) this.ask({ kind: 'pause', reason: 'restroom' });
        return;
      case 'talking':
        this.talk();
        return;
      case 'wrapping-up':
        this.wrapUp();
        return;
      default:
    }
  }

  private mishap(): boolean {
    const lot = this.random();
    if (lot < 0.001) this.reload();
    else if (lot < 0.002) this.loseHeadset();
    else if (lot < 0.003) this.blink();
    else if (lot < 0.0035) this.ask({ kind: 'sign-out' });
    else return false;
    return true;
  }

  private reload(): void {
    this.page += 1;
    const headsetId = this.world.headsetOf(this.n);
    this.open();
    // Its audio is gone with the old page; the PBX notices that a while later.
    this.after(between(this.random, 1_000, 8_000), () => {
      if (this.random() < 0.5) this.world.network.browserHangsUp(headsetId);
    });
  }

  private loseHeadset(): void {
    const headsetId = this.world.headsetOf(this.n);
    this.awayUntil = this.world.clock.now() + between(this.random, 500, 40_000);
    this.world.network.browserHangsUp(headsetId);
  }

  private blink(): void {
    this.ask({ kind: 'screen-lost' });
    this.awayUntil = this.world.clock.now() + between(this.random, 100, 8_000);
  }

  private talk(): void {
    const lot = this.random();
    const callId = this.shownCall();
    if (!callId) return;
    if (lot < 0.03) this.ask({ kind: 'confirm-right-party', callId });
    else if (lot < (this.isGoingHome ? 0.2 : 0.035)) this.ask({ kind: 'hang-up', callId });
    else if (lot < 0.045) this.dispose(callId);
    else if (lot < 0.05) this.ask({ kind: 'pause', reason: 'rest' });
    else if (lot < 0.053) this.ask({ kind: 'take-pause-back' });
  }

  private wrapUp(): void {
    const callId = this.shownCall();
    if (!callId) return;
    if (this.call?.id !== callId) {
      const forgets = this.random() < 0.05;
      const afterMs = forgets ? 10 * MINUTE_MS : between(this.random, 1_000, 25_000);
      this.call = { id: callId, disposeAt: this.world.clock.now() + afterMs, code: this.pick() };
    }
    if (this.random() < 0.01) this.ask({ kind: 'extend-wrap-up' });
    if (this.world.clock.now() < this.call.disposeAt) return;
    this.dispose(callId);
    if (this.random() < 0.5) this.ask({ kind: 'go-available' });
  }

  private pick(): string {
    const { call } = this.world.engine.desk(this.world.agentId(this.n));
    const codes = call?.rightPartyConfirmed
      ? ['promise', 'refusal', 'callback', 'claims-paid', 'disputed']
      : ['third-party', 'wrong-number', 'dropped', 'machine', 'do-not-call'];
    return codes[Math.floor(this.random() * codes.length)] ?? 'dropped';
  }

  private dispose(callId: `call_${string}`): void {
    const code = this.call?.id === callId ? this.call.code : this.pick();
    const now = this.world.clock.now();
    const today = localTime(now, 'America/Sao_Paulo').date;
    const promise = { valueCentavos: 1_000, dueDate: addDays(today, 2) };
    const callbackAt = now + between(this.random, MINUTE_MS, 60 * MINUTE_MS);
    const form =
      code === 'promise' ? { promise } : code === 'callback' ? { callbackAt } : undefined;
    this.ask({ kind: 'dispose', callId, code, ...(form ? { form } : {}) });
  }

  private shownCall(): `call_${string}` | undefined {
    return this.world.engine.desk(this.world.agentId(this.n)).call?.call.id;
  }

  private open(): void {
    this.ask({ kind: 'open-shift', pageId: `page-${this.page}` });
  }

  private callIn(): void {
    const headsetId = this.world.headsetOf(this.n);
    if (this.random() < 0.7) this.world.network.browserCallsIn(headsetId);
  }

  private ask(command: OwnCommand): void {
    const asked = this.world.engine.run({
      ...command,
      agentId: this.world.agentId(this.n),
    } as AgentCommand);
    void asked;
  }

  private after(ms: number, happen: () => void): void {
    const { clock } = this.world;
    clock.at(clock.now() + ms, happen);
  }
}
