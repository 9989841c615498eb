import type { TypedEvidence } from '../../src/domain/negotiations/right-party.ts';
import type { AgentCommand, CommandResult } from '../../src/engine/commands.ts';
import type { DeskCallState } from '../../src/engine/queries.ts';
import { given } from '../../src/lib/given.ts';
import type { HeadsetId, LegId } from '../../src/lib/ids.ts';
import { PERSON_STAYS } from '../../src/simulator/behaviours.ts';
import { importDebtors } from '../../src/simulator/operation.ts';
import { saidBy } from '../../src/simulator/said-by.ts';
import { World as SimulatedWorld, type WorldOptions } from '../../src/simulator/world.ts';
import type { WorldDatabases } from '../../src/simulator/world-database.ts';

export type { WorldOptions } from '../../src/simulator/world.ts';

let databases: WorldDatabases | undefined;

/** From here on the worlds of this file are stored in these. */
export function worldsIn(others: WorldDatabases): void {
  databases = others;
}

/** The simulator's world, with the trade's words for what tests do and ask. */
export class World extends SimulatedWorld {
  private readonly pages = new Map<number, string>();

  static override async begin(options: WorldOptions = {}): Promise<World> {
    const world = new World({ ...given({ databases }), ...options });
    await world.setUp();
    return world;
  }

  /** A floor whose first agent talks with a person who stays on the line; no one else is dialed. */
  static async inATalk(agents = 1, options: WorldOptions = {}): Promise<World> {
    const world = await World.begin({ agents, behaviour: () => PERSON_STAYS, ...options });
    await world.agentComes(1);
    await world.until('agent 1 talks', () => world.activity(1) === 'talking');
    await world.change({ state: 'paused' });
    return world;
  }

  async importMore(numbers: readonly number[], campaignId = this.campaignId): Promise<void> {
    const { phonesOf } = this.options;
    await importDebtors(this.storage, campaignId, numbers, phonesOf, this.clock.now());
    await this.run({ kind: 'leads-changed', campaignId });
  }

  // ── agents ──────────────────────────────────────────────────────────────────────────────────────

  /** Signs in, connects the headset and goes available. */
  async agentComes(n = 1): Promise<HeadsetId> {
    const headsetId = await this.agentSignsIn(n);
    const ready = await this.ask(n, { kind: 'go-available' });
    if (!ready.ok) throw new Error(`agent ${n} is not available: ${ready.code}`);
    return headsetId;
  }

  /** Opens or reloads the page and lets the browser's audio call in. */
  async agentSignsIn(n = 1, pageId = 'page-one'): Promise<HeadsetId> {
    this.pages.set(n, pageId);
    const opened = await this.ask(n, { kind: 'open-shift', pageId });
    if (!opened.ok || !opened.headset) throw new Error(`agent ${n} could not begin a shift`);
    this.network.browserCallsIn(opened.headset.headsetId);
    await this.pass(10);
    return opened.headset.headsetId;
  }

  /** Comes back with the same page, as every browser does after a restart of the server. */
  async screenReturns(n = 1): Promise<CommandResult> {
    return this.ask(n, { kind: 'open-shift', pageId: this.pages.get(n) ?? 'page-one' });
  }

  /** Records a disposition for the call on the agent's screen. */
  async dispose(
    n = 1,
    code = 'third-party',
    form?: Extract<AgentCommand, { kind: 'dispose' }>['form'],
    more: { readonly withdrawsRightParty?: true } = {},
  ): Promise<CommandResult> {
    const callId = this.onScreen(n).call.id;
    return this.ask(n, { kind: 'dispose', callId, code, ...(form ? { form } : {}), ...more });
  }

  /** Types the person's right answers, or the given ones. */
  async confirmsRightParty(n = 1, typed?: TypedEvidence): Promise<CommandResult> {
    const { call, file } = this.onScreen(n);
    const evidence = typed ?? (file ? saidBy(file.debtor) : { by: 'answers', answers: {} });
    return this.ask(n, { kind: 'confirm-right-party', callId: call.id, evidence });
  }

  // ── looking ─

  activity(n = 1): string {
    return this.engine.desk(this.agentId(n)).shift?.activity.kind ?? 'none';
  }

  onScreen(n = 1): DeskCallState {
    const { call } = this.engine.desk(this.agentId(n));
    if (!call) throw new Error(`agent ${n} has no call on the screen`);
    return call;
  }

  callState(n = 1): string {
    return this.engine.desk(this.agentId(n)).call?.call.state.kind ?? 'none';
  }

  /** Why nothing more is dialed at the moment. */
  because(campaignId = this.campaignId): string {
    return this.board(campaignId).plan?.because.code ?? 'no plan yet';
  }

  /** Numbers dialed, in order. */
  dialedPhones(): string[] {
    return this.network.dialed.map(({ phone }) => phone);
  }

  /** The newest leg dialed. */
  lastLeg(): LegId {
    const permit = this.network.dialed.at(-1);
    if (!permit) throw new Error('nothing was dialed');
    return permit.legId;
  }

  /** What was asked of the PBX for a leg, in order. */
  askedOf(legId = this.lastLeg()): string[] {
    return this.network.asked.filter((one) => one.legId === legId).map(({ what }) => what);
  }
}
