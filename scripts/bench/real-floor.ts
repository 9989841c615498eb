import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { readProfiles } from '../../src/compliance-profiles.ts';
import type { ComplianceProfile } from '../../src/domain/compliance/profile.ts';
import type { Fact } from '../../src/domain/facts.ts';
import type { Command, CommandResult } from '../../src/engine/commands.ts';
import { createEngine, type Engine } from '../../src/engine/engine.ts';
import { HOUSE } from '../../src/engine/ports/scope.ts';
import { drawTalk } from '../../src/floor-model/fates.ts';
import { assert } from '../../src/lib/assert.ts';
import type { AgentId, CallId } from '../../src/lib/ids.ts';
import { randomStream } from '../../src/lib/random.ts';
import { DAY_MS, MINUTE_MS, SECOND_MS } from '../../src/lib/time.ts';
import { agentIdOf, FIRST_CAMPAIGN, setUpOperation, ZONE } from '../../src/simulator/operation.ts';
import { openStorage, type Storage } from '../../src/storage/store.ts';
import { createSystemClock } from '../../src/system-clock.ts';
import { createAsteriskTelephony } from '../../src/telephony/asterisk.ts';
import { chooseFreePorts } from '../asterisk/free-ports.ts';
import { obtainAsterisk } from '../asterisk/obtain.ts';
import { type RunningDialer, startDialerAsterisk } from '../asterisk/run.ts';
import { ROOT } from '../run-command-line.ts';
import {
  type FloorMeasures,
  type FloorSums,
  intervalOf,
  isInside,
  MEASURES,
  measuresOf,
  quantileOf,
  sumsOf,
} from './floor-measures.ts';
import {
  CALLS_PER_SECOND_MAX,
  farEndFates,
  LINES_MAX,
  NO_LATENCIES,
  RING_TIMEOUT_MS,
  simulateFloor,
  TALK,
} from './real-floor-model.ts';
import { SipFarEnd } from './sip-far-end.ts';
import { callIn, type SipHeadset } from './sip-headset.ts';

/**
 * Runs one campaign twice: on the real Asterisk with the real engine, adapter and disk, scripted
 * agents and a network of known fates; and in the floor model with the same distributions. The real
 * run must lie within the range of the model's runs, or the reason is printed beside it.
 */
export type BenchRealFloorOptions = {
  readonly minutes: number;
  readonly agents: number;
  readonly warmUpSeconds: number;
  readonly runs: number;
  readonly seed: number;
  report(line: string): void;
};

const FAR_ADDRESS = '127.0.0.5';
const READY_MAX_MS = 15_000;
const ANSWERS_LEARNED = 50;
const DRAIN_MS = 1_000;
/** Leads per agent and second: the calls placed, and half as many again. */
const LEADS_PER_AGENT_SECOND = 0.5;
const FACTS_AT_ONCE = 5_000;
const DISPOSITION = 'third-party';
/** First seed of the model's runs, apart from the seeds of real runs. */
const FIRST_MODEL_SEED = 1_000;

export async function runBenchRealFloor(options: BenchRealFloorOptions): Promise<void> {
  const { report, agents, warmUpSeconds, minutes } = options;
  report(
    `${agents} agents, ${minutes} min after ${warmUpSeconds} s of warm-up, seed ${options.seed}; ` +
      `load ${loadavg()[0]?.toFixed(1)}`,
  );
  const real = await playReal(options);
  const counted = { warmUpMs: warmUpSeconds * SECOND_MS, countedMs: minutes * MINUTE_MS };
  const simulated = Array.from({ length: options.runs }, (_, run) =>
    simulateFloor({
      agents,
      seed: FIRST_MODEL_SEED + run,
      ...counted,
      latencies: NO_LATENCIES,
    }),
  );
  printSums(real.sums, simulated, report);
  printLatencies(real.latencies, report);
  report('');
  report(`model as it is, ${options.runs} runs:`);
  printComparison(real.sums, simulated, report);
  const setupMs = Math.round(middle(real.latencies.setup));
  const hangUpMs = Math.round(middle(real.latencies.hangUp));
  const late = simulated.map((_, run) =>
    simulateFloor({
      agents,
      seed: FIRST_MODEL_SEED + run,
      ...counted,
      latencies: { setupMs, hangUpMs },
    }),
  );
  report('');
  report(`model with the latencies of signalling (set-up ${setupMs} ms, hang-up ${hangUpMs} ms):`);
  printComparison(real.sums, late, report);
}

// ── the real run ────────────────────────────────────────────────────────────────────────────────

type Samples = {
  /** Times from our commit of the call to the INVITE at the far end. */
  readonly setup: readonly number[];
  /**
   * Times from the far end's 200 OK to our fact of the answer, and on to the bridge when an agent
   * was free.
   */
  readonly answer: readonly number[];
  readonly bridge: readonly number[];
  /** Times from the agent's hang-up to the wrap-up. */
  readonly hangUp: readonly number[];
};

type Played = { readonly sums: FloorSums; readonly latencies: Samples };

async function playReal(options: BenchRealFloorOptions): Promise<Played> {
  const { report, seed } = options;
  const folder = join(ROOT, '.cadencia/bench');
  await mkdir(folder, { recursive: true });
  const directory = await mkdtemp(join(folder, 'real-floor-'));
  const dialer = await startDialerAsterisk({
    installation: await obtainAsterisk({ directory: join(ROOT, '.cadencia/asterisk'), report }),
    directory: join(directory, 'dialer'),
    ports: await chooseFreePorts('127.0.0.1'),
    sipAddress: '127.0.0.1',
    ari: { username: 'bench', password: 'bench', application: 'bench' },
  });
  const farEnd = await SipFarEnd.start({
    address: FAR_ADDRESS,
    toneHz: 440,
    fateOf: farEndFates(seed),
  });
  const storage = await openStorage({
    database: join(directory, 'cadencia.db'),
    now: Date.now,
    random: randomStream(seed, 'storage'),
  });
  try {
    await setUp(storage, farEnd, options);
    return await playWith({ storage, dialer, farEnd }, options);
  } finally {
    await storage.close();
    farEnd.stop();
    await dialer.stop();
    await rm(directory, { recursive: true, force: true, maxRetries: 5 });
  }
}

type Site = {
  readonly storage: Storage;
  readonly dialer: RunningDialer;
  readonly farEnd: SipFarEnd;
};

async function playWith(site: Site, options: BenchRealFloorOptions): Promise<Played> {
  const { report, agents } = options;
  const script = new AgentScript(site, options.seed);
  const engine = startEngine(site, script, options.seed);
  script.engine = engine;
  const headsets: SipHeadset[] = [];
  try {
    await engine.start();
    await until(() => engine.board(HOUSE).telephony.up);
    for (let n = 1; n <= agents; n += 1) {
      headsets.push(await signIn(engine, agentIdOf(n), site.dialer.sipWebSocketUrl));
    }
    await must(engine, {
      kind: 'change-campaign',
      scope: HOUSE,
      byUserId: 'user_boss',
      campaignId: FIRST_CAMPAIGN,
      change: { state: 'running' },
    });
    report(`${agents} headsets are in; dialing`);
    await sleep(options.warmUpSeconds * SECOND_MS);
    const from = Date.now();
    const learned = script.answers >= ANSWERS_LEARNED ? 'learned from' : 'STILL LEARNING, after';
    report(`${learned} ${script.answers} answers; counting`);
    for (let minute = 1; minute <= options.minutes; minute += 1) {
      await sleep(MINUTE_MS);
      report(`  ${minute} min: ${script.answers} answers`);
    }
    const to = Date.now();
    report(`conversations ended by the debtor: ${script.debtorFirst}`);
    const facts = await readFacts(site.storage);
    return { sums: sumsOf(facts, from, to), latencies: await samplesOf(site, facts, script) };
  } finally {
    script.stop();
    await engine.drain(DRAIN_MS);
    for (const headset of headsets) await headset.stop();
  }
}

function startEngine({ storage, dialer }: Site, script: AgentScript, seed: number): Engine {
  const random = randomStream(seed, 'engine');
  const clock = createSystemClock();
  return createEngine({
    store: storage.store,
    telephony: createAsteriskTelephony({
      url: dialer.ariUrl,
      ...dialer.ari,
      log: pino({ level: 'error' }),
      clock,
      mediaAddress: dialer.addresses.sip,
      headsetMediaAddress: dialer.addresses.headset,
    }),
    clock,
    random,
    publisher: { published: ({ facts }) => script.hear(facts) },
    profiles: profilesOfModel(),
    zone: ZONE,
    headsetPassword: (headsetId) => `password-of-${headsetId}`,
    onFatal: (error) => {
      throw error;
    },
  });
}

/**
 * Profiles that match the model: people who hang up early count as lost, and a lost person is not
 * called again with an agent kept for them.
 */
function profilesOfModel(): ReadonlyMap<string, ComplianceProfile> {
  const profiles = new Map(readProfiles(join(ROOT, 'config/compliance')));
  for (const [id, profile] of profiles) {
    const { abandonment } = profile;
    profiles.set(id, {
      ...profile,
      abandonment: { ...abandonment, earlyHangUpCounts: true, redialAfterMs: DAY_MS },
    });
  }
  return profiles;
}

async function setUp(
  storage: Storage,
  farEnd: SipFarEnd,
  { agents, minutes, warmUpSeconds }: BenchRealFloorOptions,
): Promise<void> {
  const seconds = warmUpSeconds + minutes * 60;
  await setUpOperation(
    storage,
    {
      agents,
      debtors: Math.ceil(agents * seconds * LEADS_PER_AGENT_SECOND),
      profileId: 'demonstration',
      campaign: {
        state: 'paused',
        pacing: { mode: 'predictive', linesMax: LINES_MAX },
        amd: 'off',
        ringTimeoutMs: RING_TIMEOUT_MS,
      },
      trunk: {
        host: FAR_ADDRESS,
        port: farEnd.port,
        matchAddresses: [FAR_ADDRESS],
        channelsMax: LINES_MAX,
        callsPerSecondMax: CALLS_PER_SECOND_MAX,
      },
    },
    Date.now(),
  );
}

async function signIn(engine: Engine, agentId: AgentId, socketUrl: string): Promise<SipHeadset> {
  const opened = await engine.run({ kind: 'open-shift', agentId, pageId: 'bench-page' });
  assert(opened.ok && opened.headset, 'a shift is opened with credentials');
  const { headset: credentials } = opened;
  const headset = await callInSoon(socketUrl, credentials);
  await until(() => engine.desk(agentId).shift?.headset.pinned === true);
  await must(engine, { kind: 'go-available', agentId });
  return headset;
}

/** Retries, because the PBX learns of the credentials a moment after the engine gave them. */
async function callInSoon(
  socketUrl: string,
  credentials: Parameters<typeof callIn>[1],
): Promise<SipHeadset> {
  for (let tries = 1; ; tries += 1) {
    await sleep(200);
    try {
      return await callIn(socketUrl, credentials);
    } catch (error) {
      if (tries >= HEADSET_TRIES_MAX) throw error;
    }
  }
}

const HEADSET_TRIES_MAX = 5;

async function must(engine: Engine, command: Command): Promise<void> {
  const result: CommandResult = await engine.run(command);
  if (!result.ok) throw new Error(`${command.kind}: ${result.code} ${result.detail}`);
}

async function until(isSo: () => boolean): Promise<void> {
  for (const from = Date.now(); !isSo(); await sleep(5)) {
    if (Date.now() - from > READY_MAX_MS) throw new Error('the floor is not ready');
  }
}

async function readFacts(storage: Storage): Promise<readonly Fact[]> {
  const facts: Fact[] = [];
  for (;;) {
    const after = facts.at(-1)?.sequence ?? 0;
    const next = await storage.store.read((view) =>
      view.facts({ stream: 'engine', after, limit: FACTS_AT_ONCE }),
    );
    if (next.length === 0) return facts;
    facts.push(...next);
  }
}

/**
 * The agents' script: each conversation lasts as long as the model's conversation with the same
 * number.
 */
class AgentScript {
  engine: Engine | undefined;
  answers = 0;
  /** Conversations the debtor ended. */
  debtorFirst = 0;
  readonly hangUpAskedAt = new Map<CallId, number>();
  private conversations = 0;
  private isOver = false;
  private readonly wrapUpMs = new Map<CallId, number>();
  private readonly site: Site;
  private readonly seed: number;

  constructor(site: Site, seed: number) {
    this.site = site;
    this.seed = seed;
  }

  stop(): void {
    this.isOver = true;
  }

  hear(facts: readonly Fact[]): void {
    for (const { body, callId, agentId } of facts) {
      if (body.kind === 'call-answered') this.answers += 1;
      if (body.kind === 'call-connected' && callId) this.talk(callId, body.agentId);
      const isOver = body.kind === 'activity-changed' && body.to === 'wrapping-up';
      if (isOver && agentId && body.callId) this.wrapUp(body.callId, agentId);
    }
  }

  private talk(callId: CallId, agentId: AgentId): void {
    const phone = this.engine?.call(callId)?.phone;
    if (phone) this.site.farEnd.keep(phone);
    const { talkMs, wrapUpMs } = drawTalk(this.seed, this.conversations, TALK);
    this.conversations += 1;
    this.wrapUpMs.set(callId, wrapUpMs);
    setTimeout(() => {
      this.hangUpAskedAt.set(callId, Date.now());
      this.ask({ kind: 'hang-up', agentId, callId });
    }, talkMs);
  }

  private wrapUp(callId: CallId, agentId: AgentId): void {
    setTimeout(() => {
      this.ask({ kind: 'dispose', agentId, callId, code: DISPOSITION });
      this.ask({ kind: 'go-available', agentId });
    }, this.wrapUpMs.get(callId) ?? 0);
  }

  private ask(command: Command): void {
    if (this.isOver) return;
    this.engine?.run(command).then(
      (result) => {
        if (result.ok || this.isOver) return;
        // A person who loses patience while being connected is gone before the agent hangs up.
        if (command.kind === 'hang-up' && result.code === 'not-your-call') this.debtorFirst += 1;
        else throw new Error(`${command.kind}: ${result.code}`);
      },
      (error: unknown) => {
        throw error;
      },
    );
  }
}

// ── results ─────────────────────────────────────────────────────────────────────────────────────

/**
 * The measured times. Numbers dialed twice are left out, because the far end tells calls apart only
 * by number.
 */
async function samplesOf(
  { storage, farEnd }: Site,
  facts: readonly Fact[],
  { hangUpAskedAt }: AgentScript,
): Promise<Samples> {
  const samples = { setup: [], answer: [], bridge: [], hangUp: [] } as Record<
    keyof Samples,
    number[]
  >;
  const seen = new Set<string>();
  const phones = new Map<CallId, string>();
  const answeredAt = new Map<CallId, number>();
  for (const { body, at, callId } of facts) {
    if (!callId) continue;
    if (body.kind === 'call-placed') {
      const phone = (await storage.store.read((view) => view.call(callId)))?.phone;
      const invitedAt = phone === undefined ? undefined : farEnd.invitedAt.get(phone);
      if (phone === undefined || seen.has(phone)) continue;
      seen.add(phone);
      phones.set(callId, phone);
      if (invitedAt !== undefined) samples.setup.push(invitedAt - at);
    }
    const saidAt = farEnd.answeredAt.get(phones.get(callId) ?? '');
    if (body.kind === 'call-answered' && saidAt !== undefined) {
      samples.answer.push(at - saidAt);
      answeredAt.set(callId, at);
    }
    const since = answeredAt.get(callId);
    if (body.kind === 'call-connected' && since !== undefined) samples.bridge.push(at - since);
    const asked = body.kind === 'call-ended' ? hangUpAskedAt.get(callId) : undefined;
    if (asked !== undefined) samples.hangUp.push(at - asked);
  }
  return samples;
}

function middle(values: readonly number[]): number {
  return quantileOf(
    values.toSorted((one, other) => one - other),
    0.5,
  );
}

function printSums(
  real: FloorSums,
  simulated: readonly FloorSums[],
  report: (line: string) => void,
): void {
  report('');
  report(`${'sums'.padEnd(26)} ${'real'.padStart(10)} ${'simulated, mean'.padStart(16)}`);
  for (const key of Object.keys(real) as (keyof FloorSums)[]) {
    const { mean } = intervalOf(simulated.map((sums) => sums[key]));
    report(
      `${key.padEnd(26)} ${real[key].toFixed(0).padStart(10)} ${mean.toFixed(0).padStart(16)}`,
    );
  }
}

function printLatencies(samples: Samples, report: (line: string) => void): void {
  const names: Readonly<Record<keyof Samples, string>> = {
    setup: 'placed → INVITE there',
    answer: '200 OK → answered here',
    bridge: 'answered → agent, any wait',
    hangUp: 'hang up → call over',
  };
  report('');
  report(`${'milliseconds'.padEnd(26)} count     p50     p95     max`);
  for (const key of Object.keys(names) as (keyof Samples)[]) {
    const sorted = samples[key].toSorted((one, other) => one - other);
    const cells = [0.5, 0.95, 1].map((share) => quantileOf(sorted, share).toFixed(1).padStart(7));
    report(`${names[key].padEnd(26)} ${String(sorted.length).padStart(5)} ${cells.join(' ')}`);
  }
}

function printComparison(
  real: FloorSums,
  simulated: readonly FloorSums[],
  report: (line: string) => void,
): void {
  const measures = measuresOf(real);
  const runs = simulated.map(measuresOf);
  report(`${'measure'.padEnd(26)}     real   mean   95 % of runs`);
  for (const name of MEASURES) {
    const interval = intervalOf(runs.map((run) => run[name]));
    const show = SHOWN[name];
    const cells = [measures[name], interval.mean].map((value) => show(value).padStart(8));
    const range = `${show(interval.low)} to ${show(interval.high)}`;
    const verdict = isInside(measures[name], interval) ? 'inside' : 'OUTSIDE';
    report(`${name.padEnd(26)} ${cells.join(' ')}   ${range}   ${verdict}`);
  }
}

const percent = (value: number): string => `${(100 * value).toFixed(1)} %`;

const SHOWN: Readonly<Record<keyof FloorMeasures, (value: number) => string>> = {
  utilisation: percent,
  abandonment: percent,
  waitMeanMs: (value) => `${(value / SECOND_MS).toFixed(2)} s`,
  callsPerConversation: (value) => value.toFixed(2),
};
