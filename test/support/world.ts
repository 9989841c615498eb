import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Campaign } from '../../src/domain/campaigns/campaign.ts';
import { CAMPAIGN_DEFAULTS } from '../../src/domain/campaigns/campaign.ts';
import type { DialPermit } from '../../src/domain/compliance/gate.ts';
import { type ComplianceProfile, parseProfile } from '../../src/domain/compliance/profile.ts';
import type { Fact, FactBody } from '../../src/domain/facts.ts';
import { importRow } from '../../src/domain/leads/import-row.ts';
import type { Trunk } from '../../src/domain/trunks/trunk.ts';
import type { Command, CommandResult } from '../../src/engine/commands.ts';
import { createEngine, type Engine } from '../../src/engine/engine.ts';
import type { EngineLimits } from '../../src/engine/work.ts';
import type { AgentId, CampaignId, HeadsetId } from '../../src/lib/ids.ts';
import { randomStream } from '../../src/lib/random.ts';
import type { EpochMs } from '../../src/lib/time.ts';
import { type Behaviour, SimulatedNetwork } from '../../src/simulator/network.ts';
import { createVirtualClock, type VirtualClock } from '../../src/simulator/virtual-clock.ts';
import { openStorage, type Storage } from '../../src/storage/store.ts';

/** Monday, ten in the morning in São Paulo: every window of the law is open. */
export const MONDAY_10H: EpochMs = Date.parse('2026-11-23T10:00:00-03:00');

const ROOT = join(import.meta.dirname, '../..');

export type WorldOptions = {
  readonly seed?: number;
  readonly start?: EpochMs;
  readonly agents?: number;
  readonly debtors?: number;
  /** Phone numbers of debtor `n`, first is dialed first. */
  readonly phonesOf?: (n: number) => readonly string[];
  readonly behaviour?: (permit: DialPermit) => Behaviour;
  readonly campaign?: Partial<Campaign>;
  readonly trunk?: Partial<Trunk>;
  readonly profileId?: string;
  readonly limits?: Partial<EngineLimits>;
};

/**
 * The real engine, rules and SQLite over a simulated network and virtual time, with one campaign. What
 * a test asks of it is said in the words of the trade.
 */
export class World {
  readonly clock: VirtualClock;
  readonly facts: Fact[] = [];
  readonly campaignId: CampaignId = 'campaign_varejo';
  readonly options: WorldOptions;
  network: SimulatedNetwork;
  storage!: Storage;
  engine!: Engine;
  fatal: unknown;
  private readonly directory: string;
  private processes = 0;

  private constructor(options: WorldOptions) {
    this.options = options;
    this.directory = mkdtempSync(join(tmpdir(), 'cadencia-world-'));
    this.clock = createVirtualClock(options.start ?? MONDAY_10H);
    this.network = new SimulatedNetwork(this.clock, options.behaviour ?? (() => PERSON_TALKS));
  }

  static async begin(options: WorldOptions = {}): Promise<World> {
    const world = new World(options);
    await world.startProcess(async () => world.setUp());
    return world;
  }

  agentId(n = 1): AgentId {
    return `user_agent${n}`;
  }

  /** A new process on the same database and PBX, as after a crash. */
  async startProcess(before?: () => Promise<void>): Promise<void> {
    this.processes += 1;
    const random = randomStream(this.options.seed ?? 1, `process ${this.processes}`);
    this.storage = await openStorage({
      file: join(this.directory, 'cadencia.db'),
      now: () => this.clock.now(),
      random,
      durability: 'none',
    });
    await before?.();
    this.engine = createEngine({
      store: this.storage.store,
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
    await this.network.stop();
    this.clock.setAlarm(undefined, () => {});
    await this.storage.close();
  }

  async end(): Promise<void> {
    await this.kill();
    rmSync(this.directory, { recursive: true, force: true });
    if (this.fatal) throw this.fatal;
  }

  /** Lets so many milliseconds pass. */
  async pass(ms: number): Promise<void> {
    await this.clock.advanceTo(this.clock.now() + ms, () => this.engine.settled());
    if (this.fatal) throw this.fatal;
  }

  async run(command: Command): Promise<CommandResult> {
    const result = this.engine.run(command);
    await this.pass(0);
    return result;
  }

  /** Signs in, connects the headset and goes available. */
  async agentComes(n = 1, pageId = 'page-one'): Promise<HeadsetId> {
    const headsetId = await this.agentSignsIn(n, pageId);
    const ready = await this.run({ kind: 'go-available', agentId: this.agentId(n) });
    if (!ready.ok) throw new Error(`agent ${n} is not available: ${ready.code}`);
    return headsetId;
  }

  async agentSignsIn(n = 1, pageId = 'page-one'): Promise<HeadsetId> {
    const opened = await this.run({ kind: 'open-shift', agentId: this.agentId(n), pageId });
    if (!opened.ok || !opened.headset) throw new Error(`agent ${n} could not begin a shift`);
    this.network.browserCallsIn(opened.headset.headsetId);
    await this.pass(10);
    return opened.headset.headsetId;
  }

  /** Records a disposition for the call on the agent's screen. */
  async dispose(n = 1, code = 'third-party'): Promise<CommandResult> {
    const call = this.engine.desk(this.agentId(n)).call;
    if (!call) throw new Error(`agent ${n} has no call on his screen`);
    return this.run({ kind: 'dispose', agentId: this.agentId(n), callId: call.call.id, code });
  }

  activity(n = 1): string {
    return this.engine.desk(this.agentId(n)).shift?.activity.kind ?? 'none';
  }

  callState(n = 1): string {
    return this.engine.desk(this.agentId(n)).call?.call.state.kind ?? 'none';
  }

  /** Facts of a kind, oldest first. */
  factsOf<Kind extends FactBody['kind']>(
    kind: Kind,
  ): (Omit<Fact, 'body'> & { readonly body: Extract<FactBody, { kind: Kind }> })[] {
    return this.facts.filter((fact) => fact.body.kind === kind) as never;
  }

  async leads(): Promise<{ readonly state: string; readonly notBeforeAt: EpochMs }[]> {
    const found = [];
    for (const fact of this.factsOf('call-placed')) {
      const lead =
        fact.leadId && (await this.storage.store.read((view) => view.lead(fact.leadId!)));
      if (lead) found.push(lead.lead);
    }
    return found;
  }

  private async setUp(): Promise<void> {
    const { agents = 1, profileId = 'br-cobranca' } = this.options;
    const now = this.clock.now();
    const trunk: Trunk = {
      id: 'trunk_one',
      name: 'Operadora Um',
      carrier: 'Um',
      legalEntityId: 'entity_us',
      simulated: true,
      enabled: true,
      host: '127.0.0.2',
      port: 5060,
      matchAddresses: ['127.0.0.2'],
      registers: false,
      numberFormat: { kind: 'e164' },
      callerIdHeader: 'from',
      channelsMax: 500,
      callsPerSecondMax: 100,
      causeOverrides: {},
      ...this.options.trunk,
    };
    const campaign: Campaign = {
      ...CAMPAIGN_DEFAULTS,
      id: this.campaignId,
      name: 'Varejo 31–60',
      portfolioId: 'portfolio_varejo',
      creditorIds: ['creditor_loja'],
      legalEntityId: 'entity_us',
      profileId,
      state: 'running',
      pacing: { mode: 'progressive', linesMax: 200 },
      fallbackCallerIdId: 'callerid_one',
      script: 'Bom dia, falo com {nome}?',
      ...this.options.campaign,
    };
    await this.storage.setUp(async (tx) => {
      await tx.saveLegalEntity({ id: 'entity_us', name: 'Assessoria', cnpj: '11222333000181' });
      await tx.saveCreditor({ id: 'creditor_loja', name: 'Lojas Sol', cnpj: '11444777000161' });
      await tx.savePortfolio({
        id: 'portfolio_varejo',
        creditorId: 'creditor_loja',
        name: 'Varejo',
      });
      await tx.saveTrunk(trunk);
      await tx.saveCallerId({
        id: 'callerid_one',
        number: '+551133334444',
        holderEntityId: 'entity_us',
        kind: 'fixed',
        areaCode: '11',
        trunkIds: [trunk.id],
        stationBound: false,
        validFrom: 0,
        status: 'active',
      });
      await tx.saveCampaign(campaign);
    });
    for (let n = 1; n <= agents; n += 1) await this.addAgent(n, now);
    await this.addDebtors(now);
  }

  private async addAgent(n: number, now: EpochMs): Promise<void> {
    const id = this.agentId(n);
    await this.storage.accounts.insertUser(
      {
        id,
        login: `agent${n}`,
        name: `Agente ${n}`,
        role: 'agent',
        enabled: true,
        mustChangePassword: false,
        language: null,
        createdAt: now,
      },
      'hash',
      { at: now, subject: 'user', subjectId: id, change: 'created' },
    );
    await this.storage.store.transact((tx) =>
      tx.saveAssignment({ campaignId: this.campaignId, agentId: id }, true),
    );
  }

  private async addDebtors(now: EpochMs): Promise<void> {
    const { debtors = 10, phonesOf = (n: number) => [`119${String(80_000_000 + n)}`] } =
      this.options;
    const listId = 'list_one' as const;
    await this.storage.lists.begin({
      listId,
      campaignId: this.campaignId,
      name: 'lista',
      origin: 'api',
      startedAt: now,
    });
    const rows = Array.from({ length: debtors }, (_, index) => {
      const n = index + 1;
      const raw: Record<string, string> = {
        id: `CRM-${n}`,
        nome: `Devedor ${n}`,
        contrato: `A-${n}`,
        parcela: '1',
        vencimento: '10/10/2026',
        valor: '150,00',
      };
      phonesOf(n).forEach((phone, at) => {
        raw[`fone${at + 1}`] = phone;
      });
      const parsed = importRow(raw);
      if (!parsed.ok) throw new Error(`${parsed.code} ${parsed.reason} ${parsed.field}`);
      return { index, ok: true as const, row: parsed.row };
    });
    for (let at = 0; at < rows.length; at += 200) {
      const results = await this.storage.lists.importRows(listId, rows.slice(at, at + 200), now);
      const bad = results.find((result) => result.status === 'rejected');
      if (bad) throw new Error(JSON.stringify(bad));
    }
    await this.storage.lists.finish(listId, now);
  }
}

/** Rings after half a second, answers after five, talks for half a minute. */
export const PERSON_TALKS: Behaviour = {
  ringsAfterMs: 500,
  answersAfterMs: 5_000,
  hangsUpAfterMs: 30_000,
};

export function profiles(): ReadonlyMap<string, ComplianceProfile> {
  const found = new Map<string, ComplianceProfile>();
  for (const name of ['br-cobranca', 'demonstration']) {
    const file = join(ROOT, 'config/compliance', `${name}.json`);
    const parsed = parseProfile(JSON.parse(readFileSync(file, 'utf8')));
    if (!parsed.ok) throw new Error(parsed.problems.join('; '));
    found.set(parsed.profile.id, parsed.profile);
  }
  return found;
}
