import type { AbandonmentTerms } from '../domain/abandonment/bank.ts';
import type { Call } from '../domain/calls/call.ts';
import type { DialPermit } from '../domain/compliance/gate.ts';
import type { ComplianceProfile } from '../domain/compliance/profile.ts';
import type { Fact, FactBody } from '../domain/facts.ts';
import type { AgentCommand, Command, CommandResult } from '../engine/commands.ts';
import { createEngine, type Engine, type EngineParts } from '../engine/engine.ts';
import type { EngineLimits } from '../engine/memory.ts';
import type { Commit } from '../engine/ports/commit.ts';
import { HOUSE } from '../engine/ports/scope.ts';
import { type Store, StoreError, StoreHeldUpError } from '../engine/ports/store.ts';
import type { BoardCampaignState, Published } from '../engine/queries.ts';
import { KeyRing } from '../keys/key-ring.ts';
import { given } from '../lib/given.ts';
import type { AgentId, CallId, CampaignId, HeadsetId } from '../lib/ids.ts';
import { randomStream } from '../lib/random.ts';
import type { EpochMs } from '../lib/time.ts';
import { openStorage, type Storage } from '../storage/store.ts';
import { PERSON_TALKS } from './behaviours.ts';
import { MadeMistakes } from './made-mistakes.ts';
import { type Behaviour, SimulatedNetwork } from './network.ts';
import {
  agentIdOf,
  FIRST_CAMPAIGN,
  type OperationOptions,
  profiles,
  setUpOperation,
  ZONE,
} from './operation.ts';
import { createVirtualClock, type VirtualClock } from './virtual-clock.ts';
import { SQLITE_WORLDS, type WorldDatabase, type WorldDatabases } from './world-database.ts';

/** Key ring of every simulated installation. */
const KEY_RING =
  'b1efe1dc29cc 2026-11-22 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f';

/** While anybody works, something is committed within this time. */
const COMMIT_WITHIN_MS = 60_000;

/** Monday, ten in the morning in São Paulo: every window of the law is open. */
export const MONDAY_10H: EpochMs = Date.parse('2026-11-23T10:00:00-03:00');

/** Who steers, and sees everything. */
export const BOSS = { byUserId: 'user_boss', scope: HOUSE } as const;

export type WorldOptions = OperationOptions & {
  readonly seed?: number;
  readonly start?: EpochMs;
  readonly behaviour?: (permit: DialPermit) => Behaviour;
  readonly limits?: Partial<EngineLimits>;
  /** What a second person must approve; absent for nothing. */
  readonly approvalNeededFor?: EngineParts['approvalNeededFor'];
  /** Terms of abandonment that differ from the shipped profiles; absent when none do. */
  readonly abandonment?: Partial<AbandonmentTerms>;
  /** Where the world is stored; absent for throw-away files of SQLite. */
  readonly databases?: WorldDatabases;
  /**
   * A database made by {@link makeTemplate}, a copy of which the world begins with; nothing is set
   * up then. Absent to set an operation up.
   */
  readonly template?: string;
  /** Changes the stored data before the first process works with it. */
  readonly prepare?: (storage: Storage) => Promise<void>;
  /**
   * Whether {@link World.facts} grows; absent means true. A long day's facts are followed as they
   * come instead.
   */
  readonly keepsFacts?: boolean;
};

/** A command of an agent, without the agent's id. */
export type OwnCommand = AgentCommand extends infer One
  ? One extends { readonly agentId: AgentId }
    ? Omit<One, 'agentId'>
    : never
  : never;

/**
 * The real engine, rules and SQLite over a simulated network and virtual time. Agents and debtors
 * are numbered from 1. A process may die and another one take over; the PBX, the telephones, the
 * disk and time live outside of it and go on.
 */
export class World {
  readonly clock: VirtualClock;
  /** Every published fact, over all processes. */
  readonly facts: Fact[] = [];
  /**
   * Called with everything published, over all processes; a listener must not call the engine at
   * once.
   */
  readonly onPublished: ((published: Published) => void)[] = [];
  /** Called whenever a process has begun to work. */
  readonly onStarted: (() => void)[] = [];
  readonly campaignId: CampaignId = FIRST_CAMPAIGN;
  readonly options: WorldOptions;
  readonly network: SimulatedNetwork;
  storage!: Storage;
  engine!: Engine;
  fatal: unknown;
  /** Whether the next commits fail, as on a full disk. */
  diskFails = false;
  /**
   * The profiles that this process read at its start. Removing one makes every decision that needs
   * it a mistake.
   */
  loadedProfiles = new Map<string, ComplianceProfile>();
  /** Why nothing can be stored now; undefined while it can. */
  storeHeldUp: StoreHeldUpError['cause'] | undefined;
  /** Called when the store begins to be held up, and when it is free again. */
  readonly onHeldUp: (() => void)[] = [];
  readonly onReleased: (() => void)[] = [];
  readonly mistakes = new MadeMistakes();
  /** The newest draft of each call that the server said it keeps, over all processes. */
  readonly keptDrafts = new Map<CallId, { readonly agentId: AgentId; readonly revision: number }>();
  /** Processes started so far. */
  processes = 0;
  /** What others do to the store between a decision and its commit; undefined for nothing. */
  beforeCommit: ((commit: Commit) => Promise<void>) | undefined;
  /** How many of the next commits that place a call lose to a quicker engine. */
  losesClaims = 0;
  /** Duration of a commit. */
  commitMs = 0;
  private stored!: WorldDatabase;
  private isAlive = false;
  private holdUp: object | undefined;

  protected constructor(options: WorldOptions) {
    this.options = options;
    this.clock = createVirtualClock(options.start ?? MONDAY_10H);
    this.network = new SimulatedNetwork(this.clock, options.behaviour ?? (() => PERSON_TALKS));
  }

  static async begin(options: WorldOptions = {}): Promise<World> {
    const world = new World(options);
    await world.setUp();
    return world;
  }

  protected async setUp(): Promise<void> {
    const { template, databases = SQLITE_WORLDS } = this.options;
    this.stored = await databases.make(template);
    await this.startProcess(async () => {
      if (!template) await setUpOperation(this.storage, this.options, this.clock.now());
      await this.options.prepare?.(this.storage);
    });
  }

  agentId(n = 1): AgentId {
    return agentIdOf(n);
  }

  // ── the process ─────────────────────────────────────────────────────────────────────────────────

  /** Starts a new process on the same database and PBX, as after a crash. */
  async startProcess(before?: () => Promise<void>): Promise<void> {
    this.processes += 1;
    this.mistakes.beginAnew();
    this.isAlive = true;
    const random = randomStream(this.options.seed ?? 1, `process ${this.processes}`);
    this.storage = await openStorage({
      database: this.file(),
      keys: new KeyRing(() => KEY_RING),
      now: () => this.clock.now(),
      random,
      durability: 'none',
      readers: 0,
    });
    await before?.();
    this.loadedProfiles = this.profiles();
    this.network.listens = true;
    this.engine = createEngine({
      store: this.breakable(this.storage.store),
      telephony: this.network,
      clock: this.clock,
      random,
      publisher: { published: (published) => this.published(published) },
      profiles: this.loadedProfiles,
      zone: ZONE,
      headsetPassword: (headsetId) => `password of ${headsetId}`,
      onDecided: (deciding) => this.mistakes.decided(deciding),
      onFatal: (error) => {
        this.fatal = error;
      },
      ...given({
        limits: this.options.limits,
        approvalNeededFor: this.options.approvalNeededFor,
      }),
    });
    await this.engine.start();
    await this.pass(5);
    for (const tell of this.onStarted) tell();
  }

  private profiles(): Map<string, ComplianceProfile> {
    const { abandonment } = this.options;
    if (!abandonment) return new Map(profiles());
    return new Map(
      [...profiles()].map(([id, one]) => [
        id,
        { ...one, abandonment: { ...one.abandonment, ...abandonment } },
      ]),
    );
  }

  private published(published: Published): void {
    if (this.options.keepsFacts !== false) this.facts.push(...published.facts);
    for (const tell of this.onPublished) tell(published);
  }

  /** Lets nothing be stored for this time. Does nothing when the store is held up already. */
  holdStoreUp(because: StoreHeldUpError['cause'], forMs: number): void {
    if (this.storeHeldUp !== undefined) return;
    this.storeHeldUp = because;
    const holdUp = {};
    this.holdUp = holdUp;
    this.clock.at(this.clock.now() + forMs, () => {
      if (this.holdUp === holdUp) this.releaseStore();
    });
    for (const tell of this.onHeldUp) tell();
  }

  releaseStore(): void {
    if (this.storeHeldUp === undefined) return;
    this.storeHeldUp = undefined;
    this.holdUp = undefined;
    for (const tell of this.onReleased) tell();
  }

  /** The process dies with everything in its memory. The PBX, the network and the disk stay. */
  async kill(): Promise<void> {
    await this.engine.settled();
    this.isAlive = false;
    await this.network.stop();
    this.clock.setAlarm(undefined, () => {});
    await this.storage.close();
  }

  /** The process dies, is away for this time, and another one takes over. */
  async restart(awayMs = 500): Promise<void> {
    await this.kill();
    await this.pass(awayMs);
    // A starting process would wait for its store; here the store is released instead.
    this.releaseStore();
    await this.startProcess();
  }

  /**
   * Makes the next commit fail, so that the process ends itself; after this time another one takes
   * over. A floor without calls, in the evening, has nothing to store, so no commit fails there.
   */
  async failCommit(awayMs = 500): Promise<void> {
    this.releaseStore();
    this.diskFails = true;
    const last = this.clock.now() + COMMIT_WITHIN_MS;
    while (this.fatal === undefined && this.clock.now() < last) await this.advance(10);
    this.diskFails = false;
    if (this.fatal === undefined && this.network.legs.size === 0) return;
    if (!(this.fatal instanceof StoreError)) {
      throw this.fatal ?? new Error(`nothing was committed within ${COMMIT_WITHIN_MS} ms`);
    }
    this.fatal = undefined;
    await this.restart(awayMs);
  }

  async end(): Promise<void> {
    if (this.isAlive) await this.kill();
    await this.stored.remove();
    if (this.fatal) throw this.fatal;
  }

  // ── time and commands ───────────────────────────────────────────────────────────────────────────

  /** Lets this many milliseconds pass. */
  async pass(ms: number): Promise<void> {
    await this.advance(ms);
    if (this.fatal) throw this.fatal;
  }

  private advance(ms: number): Promise<void> {
    return this.clock.advanceTo(this.clock.now() + ms, () => this.engine.settled());
  }

  /** Lets time pass until the condition holds; throws when it does not hold within the bound. */
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

  /** Runs a command of agent `n`. */
  async ask(n: number, command: OwnCommand): Promise<CommandResult> {
    return this.run({ ...command, agentId: this.agentId(n) } as AgentCommand);
  }

  /** Changes a campaign as a supervisor. */
  async change(
    change: Extract<Command, { kind: 'change-campaign' }>['change'],
    campaignId = this.campaignId,
  ): Promise<CommandResult> {
    return this.run({ kind: 'change-campaign', ...BOSS, campaignId, change });
  }

  // ── looking ─────────────────────────────────────────────────────────────────────────────────────

  headsetOf(n = 1): HeadsetId {
    const headsetId = this.storedHeadsetOf(n);
    if (!headsetId) throw new Error(`agent ${n} has no shift`);
    return headsetId;
  }

  /**
   * Undefined when no shift is stored; one that was begun while nothing can be stored is missing
   * too.
   */
  storedHeadsetOf(n: number): HeadsetId | undefined {
    const [row] = this.query<{ body: string }>(
      'select body from shift where agent_id = ? and ended_at is null',
      this.agentId(n),
    );
    return row && (JSON.parse(row.body) as { headset: { id: HeadsetId } }).headset.id;
  }

  board(campaignId = this.campaignId): BoardCampaignState {
    const found = this.engine
      .board(HOUSE)
      .campaigns.find(({ campaign }) => campaign.id === campaignId);
    if (!found) throw new Error(`no campaign ${campaignId} on the board`);
    return found;
  }

  /** Facts of a kind, oldest first. */
  factsOf<Kind extends FactBody['kind']>(
    kind: Kind,
  ): (Omit<Fact, 'body'> & { readonly body: Extract<FactBody, { kind: Kind }> })[] {
    return this.facts.filter((fact) => fact.body.kind === kind) as never;
  }

  liveCalls(): Promise<Call[]> {
    return this.storage.store.read((view) => view.liveCalls());
  }

  /** Queries the database directly, not through the product's doors. */
  query<Row>(sql: string, ...values: readonly (string | number)[]): Row[] {
    return this.stored.query<Row>(sql, values);
  }

  /** The database, for readers outside of the product. */
  file(): string {
    return this.stored.database;
  }

  /** The store; its commits fail while the disk fails. */
  private breakable(store: Store): Store {
    return {
      ...store,
      commit: async (commit, patience) => {
        if (this.storeHeldUp) throw new StoreHeldUpError(this.storeHeldUp, 'held up');
        if (this.diskFails) throw new StoreError('commit-failed', 'the disk is full');
        if (this.commitMs > 0) this.clock.pass(this.commitMs);
        await this.beforeCommit?.(commit);
        const lost = this.losesClaims > 0 ? commit.claims.slice(0, 1) : [];
        if (lost.length > 0) {
          this.losesClaims -= 1;
          return { ok: false, lost };
        }
        return store.commit(commit, patience);
      },
    };
  }
}

/** Sets an operation up once, for worlds that begin with a copy of it. */
export async function makeTemplate(
  database: string,
  options: OperationOptions,
  more: (storage: Storage) => Promise<void> = async () => {},
): Promise<void> {
  const storage = await openStorage({
    database,
    now: () => MONDAY_10H,
    random: randomStream(1, 'template'),
    durability: 'none',
  });
  await setUpOperation(storage, options, MONDAY_10H);
  await more(storage);
  await storage.close();
}
