import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import type { Call } from '../../src/domain/calls/call.ts';
import type { DialPermit } from '../../src/domain/compliance/gate.ts';
import type { Fact, FactBody } from '../../src/domain/facts.ts';
import type { AgentCommand, Command, CommandResult } from '../../src/engine/commands.ts';
import { createEngine, type Engine } from '../../src/engine/engine.ts';
import { type Store, StoreError } from '../../src/engine/ports/store.ts';
import type { BoardCampaignState, DeskCallState } from '../../src/engine/queries.ts';
import type { EngineLimits } from '../../src/engine/work.ts';
import type { AgentId, CampaignId, HeadsetId, LegId } from '../../src/lib/ids.ts';
import { randomStream } from '../../src/lib/random.ts';
import type { EpochMs } from '../../src/lib/time.ts';
import { type Behaviour, SimulatedNetwork } from '../../src/simulator/network.ts';
import { createVirtualClock, type VirtualClock } from '../../src/simulator/virtual-clock.ts';
import { openStorage, type Storage } from '../../src/storage/store.ts';
import { PERSON_TALKS } from './behaviours.ts';
import {
  agentIdOf,
  FIRST_CAMPAIGN,
  importDebtors,
  type OperationOptions,
  profiles,
  setUpOperation,
} from './operation.ts';

/** Monday, ten in the morning in São Paulo: every window of the law is open. */
export const MONDAY_10H: EpochMs = Date.parse('2026-11-23T10:00:00-03:00');

export type WorldOptions = OperationOptions & {
  readonly seed?: number;
  readonly start?: EpochMs;
  readonly behaviour?: (permit: DialPermit) => Behaviour;
  readonly limits?: Partial<EngineLimits>;
  /** A database file to begin with, made by {@link makeTemplate}; nothing is set up then. */
  readonly template?: string;
};

/** What an agent asks, without saying who he is. */
export type OwnCommand = AgentCommand extends infer One
  ? One extends { readonly agentId: AgentId }
    ? Omit<One, 'agentId'>
    : never
  : never;

/**
 * The real engine, rules and SQLite over a simulated network and virtual time. What a test asks of it
 * is said in the words of the trade; agents and debtors have numbers from 1 on.
 */
export class World {
  readonly clock: VirtualClock;
  /** Everything published, over all processes. */
  readonly facts: Fact[] = [];
  readonly campaignId: CampaignId = FIRST_CAMPAIGN;
  readonly options: WorldOptions;
  readonly network: SimulatedNetwork;
  storage!: Storage;
  engine!: Engine;
  fatal: unknown;
  /** The next commits fail, as on a full disk. */
  diskFails = false;
  private readonly directory: string;
  private readonly pages = new Map<number, string>();
  private reader: Sqlite.Database | undefined;
  private processes = 0;
  private isAlive = false;

  private constructor(options: WorldOptions) {
    this.options = options;
    this.directory = mkdtempSync(join(tmpdir(), 'cadencia-world-'));
    this.clock = createVirtualClock(options.start ?? MONDAY_10H);
    this.network = new SimulatedNetwork(this.clock, options.behaviour ?? (() => PERSON_TALKS));
  }

  static async begin(options: WorldOptions = {}): Promise<World> {
    const world = new World(options);
    const { template } = options;
    if (template) copyFileSync(template, world.file());
    await world.startProcess(async () => {
      if (!template) await setUpOperation(world.storage, options, world.clock.now());
    });
    return world;
  }

  agentId(n = 1): AgentId {
    return agentIdOf(n);
  }

  // ── the process ─────────────────────────────────────────────────────────────────────────────────

  /** A new process on the same database and PBX, as after a crash. */
  async startProcess(before?: () => Promise<void>): Promise<void> {
    this.processes += 1;
    this.isAlive = true;
    const random = randomStream(this.options.seed ?? 1, `process ${this.processes}`);
    this.storage = await openStorage({
      file: this.file(),
      now: () => this.clock.now(),
      random,
      durability: 'none',
    });
    await before?.();
    this.network.listens = true;
    this.engine = createEngine({
      store: this.breakable(this.storage.store),
      telephony: this.network,
      clock: this.clock,
      random,
      publisher: { published: ({ facts }) => this.facts.push(...facts) },
      profiles: profiles(),
      zone: 'America/Sao_Paulo',
      headsetPassword: (headsetId) => `password of ${headsetId}`,
      onFatal: (error) => {
        this.fatal = error;
      },
      ...(this.options.limits ? { limits: this.options.limits } : {}),
    });
    await this.engine.start();
    await this.pass(5);
  }

  /** The process dies with everything in its memory. The PBX, the network and the disk stay. */
  async kill(): Promise<void> {
    await this.engine.settled();
    this.isAlive = false;
    await this.network.stop();
    this.clock.setAlarm(undefined, () => {});
    await this.storage.close();
  }

  /** The process dies, is away for so long, and another one takes over. */
  async restart(awayMs = 500): Promise<void> {
    await this.kill();
    await this.pass(awayMs);
    await this.startProcess();
  }

  async end(): Promise<void> {
    if (this.isAlive) await this.kill();
    this.reader?.close();
    rmSync(this.directory, { recursive: true, force: true });
    if (this.fatal) throw this.fatal;
  }

  // ── time and commands ───────────────────────────────────────────────────────────────────────────

  /** Lets so many milliseconds pass. */
  async pass(ms: number): Promise<void> {
    await this.clock.advanceTo(this.clock.now() + ms, () => this.engine.settled());
    if (this.fatal) throw this.fatal;
  }

  /** Lets time pass until something is so; fails when it is not within the bound. */
  async until(what: string, isSo: () => boolean, withinMs = 60_000): Promise<void> {
    const last = this.clock.now() + withinMs;
    while (!isSo()) {
      if (this.clock.now() >= last) throw new Error(`not within ${withinMs} ms: ${what}`);
      await this.pass(10);
    }
  }

  async run(command: Command): Promise<CommandResult> {
    const result = this.engine.run(command);
    await this.pass(0);
    return result;
  }

  /** Whether a process runs. */
  get isRunning(): boolean {
    return this.isAlive;
  }

  /** What agent `n` asks. */
  async ask(n: number, command: OwnCommand): Promise<CommandResult> {
    return this.run({ ...command, agentId: this.agentId(n) } as AgentCommand);
  }

  /** As a supervisor. */
  async change(
    change: Extract<Command, { kind: 'change-campaign' }>['change'],
    campaignId = this.campaignId,
  ): Promise<CommandResult> {
    return this.run({ kind: 'change-campaign', byUserId: 'user_boss', campaignId, change });
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

  /** Opens the page (anew, when it was open) and lets the browser's audio call in. */
  async agentSignsIn(n = 1, pageId = 'page-one'): Promise<HeadsetId> {
    this.pages.set(n, pageId);
    const opened = await this.ask(n, { kind: 'open-shift', pageId });
    if (!opened.ok || !opened.headset) throw new Error(`agent ${n} could not begin a shift`);
    this.network.browserCallsIn(opened.headset.headsetId);
    await this.pass(10);
    return opened.headset.headsetId;
  }

  /** Comes back with the page he had, as every browser does after a restart of the server. */
  async screenReturns(n = 1): Promise<CommandResult> {
    return this.ask(n, { kind: 'open-shift', pageId: this.pages.get(n) ?? 'page-one' });
  }

  /** Records a disposition for the call on the agent's screen. */
  async dispose(
    n = 1,
    code = 'third-party',
    form?: Extract<AgentCommand, { kind: 'dispose' }>['form'],
  ): Promise<CommandResult> {
    const callId = this.onScreen(n).call.id;
    return this.ask(n, { kind: 'dispose', callId, code, ...(form ? { form } : {}) });
  }

  async confirmsRightParty(n = 1): Promise<CommandResult> {
    return this.ask(n, { kind: 'confirm-right-party', callId: this.onScreen(n).call.id });
  }

  // ── looking ─────────────────────────────────────────────────────────────────────────────────────

  activity(n = 1): string {
    return this.engine.desk(this.agentId(n)).shift?.activity.kind ?? 'none';
  }

  onScreen(n = 1): DeskCallState {
    const { call } = this.engine.desk(this.agentId(n));
    if (!call) throw new Error(`agent ${n} has no call on his screen`);
    return call;
  }

  callState(n = 1): string {
    return this.engine.desk(this.agentId(n)).call?.call.state.kind ?? 'none';
  }

  headsetOf(n = 1): HeadsetId {
    const headset = this.query<{ body: string }>(
      'select body from shift where agent_id = ? and ended_at is null',
      this.agentId(n),
    )[0];
    if (!headset) throw new Error(`agent ${n} has no shift`);
    return (JSON.parse(headset.body) as { headset: { id: HeadsetId } }).headset.id;
  }

  board(campaignId = this.campaignId): BoardCampaignState {
    const found = this.engine.board().campaigns.find(({ campaign }) => campaign.id === campaignId);
    if (!found) throw new Error(`no campaign ${campaignId} on the board`);
    return found;
  }

  /** Why nothing more is dialed at the moment. */
  because(campaignId = this.campaignId): string {
    return this.board(campaignId).plan?.because.code ?? 'no plan yet';
  }

  /** Facts of a kind, oldest first. */
  factsOf<Kind extends FactBody['kind']>(
    kind: Kind,
  ): (Omit<Fact, 'body'> & { readonly body: Extract<FactBody, { kind: Kind }> })[] {
    return this.facts.filter((fact) => fact.body.kind === kind) as never;
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

  liveCalls(): Promise<Call[]> {
    return this.storage.store.read((view) => view.liveCalls());
  }

  /** Asks the database, beside the product's own doors. */
  query<Row>(sql: string, ...values: readonly (string | number)[]): Row[] {
    this.reader ??= new Sqlite(this.file(), { readonly: true });
    return this.reader.prepare(sql).all(...values) as Row[];
  }

  private file(): string {
    return join(this.directory, 'cadencia.db');
  }

  /** The store, which fails to commit while the disk does. */
  private breakable(store: Store): Store {
    return {
      ...store,
      transact: (write) =>
        store.transact(async (transaction) => {
          const result = await write(transaction);
          if (this.diskFails) throw new StoreError('commit-failed', 'the disk is full');
          return result;
        }),
    };
  }
}

/** Sets an operation up once, for worlds that begin with a copy of it. */
export async function makeTemplate(
  file: string,
  options: OperationOptions,
  more: (storage: Storage) => Promise<void> = async () => {},
): Promise<void> {
  const storage = await openStorage({
    file,
    now: () => MONDAY_10H,
    random: randomStream(1, 'template'),
    durability: 'none',
  });
  await setUpOperation(storage, options, MONDAY_10H);
  await more(storage);
  await storage.close();
}
