import { HOUSE } from '../../src/engine/ports/scope.ts';
import type { RawSocket } from './raw-socket.ts';
import type { RealDoors } from './real-doors.ts';

export const SCENES = [
  ...(['nobody', 'free', 'talking', 'confirmed', 'wrapping-up', 'undisposed', 'paused'] as const),
];
export type Scene = (typeof SCENES)[number];

/** Brings agent 1 into a scene before something is sent. */
export class AgentScenes {
  readonly #doors: RealDoors;
  readonly #desk: RawSocket;
  #debtors: number;

  /** `debtors`: their number; more are added when all were called. */
  constructor(doors: RealDoors, desk: RawSocket, debtors: number) {
    this.#doors = doors;
    this.#desk = desk;
    this.#debtors = debtors;
  }

  #activity(): string {
    const kind = this.#doors.world.activity(1);
    const confirmed = this.#doors.world.engine.desk('user_agent1').call?.rightPartyConfirmed;
    if (kind === 'none' || kind === 'ended') return 'nobody';
    if (kind === 'available') return 'free';
    return kind === 'talking' && confirmed ? 'confirmed' : kind;
  }

  /** Takes one step towards the scene, which may take some of the world's time. */
  async #stepTo(scene: Scene): Promise<void> {
    const { world } = this.#doors;
    const now = this.#activity();
    const shift = world.engine.desk(world.agentId(1)).shift;
    if (now !== 'nobody' && shift?.headset.pinned === false) await world.agentSignsIn(1);
    if (now === 'undisposed' || (now === 'wrapping-up' && scene === 'undisposed')) {
      await world.pass(now === 'undisposed' ? 130_000 : 40_000);
    } else if (now === 'wrapping-up') {
      const said = await world.dispose(1);
      if (!said.ok) await world.dispose(1, 'third-party', undefined, { withdrawsRightParty: true });
      await world.pass(1_000);
      await world.ask(1, { kind: 'go-available' });
    } else if (now === 'talking' && scene === 'confirmed') {
      await world.confirmsRightParty(1);
      if (this.#activity() === 'talking')
        await world.ask(1, { kind: 'hang-up', callId: world.onScreen().call.id });
    } else if (now === 'talking' || now === 'confirmed') {
      await world.ask(1, { kind: 'hang-up', callId: world.onScreen().call.id });
    } else if (now === 'nobody') {
      await this.#setRight();
      await world.agentSignsIn(1);
    } else if (scene === 'nobody') {
      await world.ask(1, { kind: 'sign-out' });
    } else if (scene === 'paused') {
      await world.ask(1, { kind: 'pause', reason: 'rest' });
    } else {
      await this.#setRight();
      if (!(await world.ask(1, { kind: 'go-available' })).ok) await world.agentSignsIn(1);
      await world.pass(2_000);
    }
    await world.pass(100);
  }

  /** Makes the campaign dial and agent 1 work for it, whatever was accepted before. */
  async #setRight(): Promise<void> {
    const { world } = this.#doors;
    const { campaignId } = world;
    await this.#doors.headersOf('agent1');
    await this.#desk.join();
    await world.change({
      state: 'running',
      mode: 'progressive',
      linesMax: 200,
      restBetweenCallsMs: 0,
    });
    await world.change({ dispositionRequired: true, dispositionWaitMs: 120_000 });
    const agentId = world.agentId(1);
    const byUserId = 'user_boss';
    await world.run({
      kind: 'assign-agent',
      scope: HOUSE,
      byUserId,
      campaignId,
      agentId,
      assigned: true,
    });
    for (const what of ['pause', 'sign-out'] as const) {
      await world.run({ kind: 'take-back-from-agent', scope: HOUSE, byUserId, agentId, what });
    }
    await world.run({ kind: 'plan-agent-rest', scope: HOUSE, byUserId, agentId, at: null });
  }

  /** Brings agent 1 into this scene with the campaign dialing, whatever was accepted before. */
  async comeTo(scene: Scene): Promise<void> {
    for (let steps = 0; this.#activity() !== scene; steps += 1) {
      if (steps > 60)
        throw new Error(
          `no way from ${this.#activity()} to ${scene}: ${this.#doors.world.because()}`,
        );
      if (steps === 20) {
        const numbers = Array.from({ length: 100 }, (_, index) => this.#debtors + 1 + index);
        this.#debtors += 100;
        await this.#doors.world.importMore(numbers);
      }
      await this.#stepTo(scene);
    }
  }
}
