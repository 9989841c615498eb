import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { createHistogram, monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { readProfiles } from '../../src/compliance-profiles.ts';
import { createEngine, type Engine } from '../../src/engine/engine.ts';
import type { User } from '../../src/engine/ports/accounts.ts';
import type { HeadsetCredentials } from '../../src/engine/ports/telephony.ts';
import type { WhatIf } from '../../src/engine/ports/what-if.ts';
import type { Publisher } from '../../src/engine/queries.ts';
import { watchPeople } from '../../src/engine/watch-people.ts';
import { ARRIVAL_SPREAD_MS } from '../../src/engine/watch-trunk.ts';
import { blankFate, drawFate, USUAL_SETUP } from '../../src/floor-model/fates.ts';
import { SIP_PATH } from '../../src/http/parts.ts';
import { createHttpServer, type HttpServer } from '../../src/http/server.ts';
import type { UserId } from '../../src/lib/ids.ts';
import { randomStream } from '../../src/lib/random.ts';
import { HOUR_MS, SECOND_MS } from '../../src/lib/time.ts';
import { createGateway, type Gateway } from '../../src/realtime/gateway.ts';
import {
  type Behaviour,
  type NetworkClock,
  SimulatedNetwork,
} from '../../src/simulator/network.ts';
import { agentIdOf, setUpOperation, ZONE } from '../../src/simulator/operation.ts';
import { openStorage, type Storage } from '../../src/storage/store.ts';
import { createSystemClock } from '../../src/system-clock.ts';
import { createWhatIf } from '../../src/what-if/fork.ts';
import { ROOT } from '../run-command-line.ts';
import { quantileOf } from './floor-measures.ts';
import type { LoadAnswer, LoadCounts, LoadOrder } from './load-task.ts';
import { shareUnder, startProfile } from './profile-shares.ts';

/**
 * A large floor on one machine: the real engine, disk, HTTP server and sockets. The screens of all
 * agents and two supervisors connect from another process, and a simulated network in real time
 * replaces the PBX. The questions: does the process stay fast, and does its memory stay bounded?
 */
export type BenchLoadOptions = {
  readonly agents: number;
  readonly callsPerSecond: number;
  readonly seconds: number;
  report(line: string): void;
};

const SUPERVISORS = 2;
const ANSWER_RATE = 0.35;
/** Time after which learning is over and the floor is busy. */
const WARM_UP_MS = 75 * SECOND_MS;
const READY_MAX_MS = 120 * SECOND_MS;
const RING_TIMEOUT_MS = 30 * SECOND_MS;
const DISPOSITION = 'third-party';
const DRAIN_MS = 1_000;
const SIZE_EVERY_MS = 1_000;
const LOOP_RESOLUTION_MS = 2;
/**
 * The engine's second is longer than the carrier's, so the contract allows this much more than is
 * to be placed.
 */
const CONTRACT = 1 + ARRIVAL_SPREAD_MS / SECOND_MS;
const MEGABYTE = 1024 * 1024;

/**
 * The handle time with which this many agents could take a tenth more calls than the trunk carries,
 * so that the trunk is the limit.
 */
export function handleTimeMs(agents: number, callsPerSecond: number): number {
  return (agents / (1.1 * callsPerSecond * ANSWER_RATE)) * SECOND_MS;
}

export async function runBenchLoad(options: BenchLoadOptions): Promise<void> {
  const { report, agents, callsPerSecond, seconds } = options;
  report(
    `${agents} agents, ${callsPerSecond} calls/s, ${seconds} s after ${WARM_UP_MS / SECOND_MS} s; ` +
      `${cpus().length} cores, load ${loadavg()[0]?.toFixed(1)}`,
  );
  const folder = join(ROOT, '.cadencia/bench');
  await mkdir(folder, { recursive: true });
  const directory = await mkdtemp(join(folder, 'load-'));
  const storage = await openStorage({
    database: join(directory, 'cadencia.db'),
    now: Date.now,
    random: randomStream(1, 'storage'),
  });
  const screens = fork(join(import.meta.dirname, 'load-screens.ts'));
  try {
    await setUp(storage, options);
    report('the operation is set up; agents come to work');
    await play({ storage, directory, screens }, options);
  } finally {
    screens.kill();
    await storage.close();
    await rm(directory, { recursive: true, force: true, maxRetries: 5 });
  }
}

type Site = {
  readonly storage: Storage;
  readonly directory: string;
  readonly screens: ChildProcess;
};

type House = {
  readonly engine: Engine;
  readonly http: HttpServer;
  readonly gateway: Gateway;
  readonly network: SimulatedNetwork;
  readonly whatIf: WhatIf;
  readonly seen: { facts: number; conversations: number };
};

async function play(site: Site, options: BenchLoadOptions): Promise<void> {
  const { report, seconds } = options;
  const house = await open(site);
  const { engine, network, seen } = house;
  try {
    await engine.start();
    house.gateway.start();
    const { url } = await house.http.start();
    await beginScreens(site, house, url, options);
    report('everybody is available; dialing warms up');
    await sleep(WARM_UP_MS);
    order(site.screens, { kind: 'count' });
    const dialed = network.dialed.length;
    const { facts, conversations } = seen;
    const watch = await watchProcess();
    await sleep(seconds * SECOND_MS);
    const process = await watch.stop();
    order(site.screens, { kind: 'end' });
    const answer = await answerOf(site.screens);
    if (answer.kind !== 'counted') throw new Error('the screens did not count');
    print(
      {
        seconds: process.seconds,
        placed: network.dialed.length - dialed,
        facts: seen.facts - facts,
        conversations: seen.conversations - conversations,
        refusedByCarrier: network.refusedByCarrier,
        commitMsP99: engine.health().commitMsP99 ?? Number.NaN,
        inboxDepth: engine.health().inboxDepth,
      },
      process,
      answer.counts,
      report,
    );
  } finally {
    await engine.drain(DRAIN_MS);
    house.gateway.stop();
    house.whatIf.stop();
    await house.http.stop();
  }
}

async function beginScreens(
  { screens, storage }: Site,
  { http }: House,
  url: string,
  { agents, callsPerSecond }: BenchLoadOptions,
): Promise<void> {
  const cookieOf = async (userId: UserId): Promise<string> => {
    const found = await storage.accounts.user(userId);
    if (!found) throw new Error(`no user ${userId}`);
    const { cookie } = await http.sessions.begin(found, '127.0.0.1');
    return cookie.split(';')[0] ?? '';
  };
  const numbers = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
  const handleMs = handleTimeMs(agents, callsPerSecond);
  const ready = answerOf(screens);
  order(screens, {
    kind: 'begin',
    task: {
      url,
      agentCookies: await Promise.all(numbers(agents).map((n) => cookieOf(agentIdOf(n)))),
      supervisorCookies: await Promise.all(
        numbers(SUPERVISORS).map((n) => cookieOf(supervisorIdOf(n))),
      ),
      talkMeanMs: 0.8 * handleMs,
      wrapUpMeanMs: 0.2 * handleMs,
      disposition: DISPOSITION,
    },
  });
  const answer = await ready;
  if (answer.kind === 'failed') throw new Error(answer.because);
}

function order(screens: ChildProcess, one: LoadOrder): void {
  screens.send(one);
}

async function answerOf(screens: ChildProcess): Promise<LoadAnswer> {
  const signal = AbortSignal.timeout(READY_MAX_MS);
  const [answer] = (await once(screens, 'message', { signal })) as [LoadAnswer];
  return answer;
}

// ── the operation ───────────────────────────────────────────────────────────────────────────────

async function open({ storage, directory }: Site): Promise<House> {
  const clock = createSystemClock();
  const log = pino({ level: 'error' });
  const now = (): number => clock.now();
  const network = new RealTimeNetwork(realTime(), behaviourOfCalls());
  const screens: { publisher?: Publisher } = {};
  const seen = { facts: 0, conversations: 0 };
  const engine = createEngine({
    store: storage.store,
    telephony: network,
    clock,
    random: randomStream(1, 'engine'),
    publisher: {
      published(change) {
        seen.facts += change.facts.length;
        for (const { body } of change.facts) {
          if (body.kind === 'call-connected') seen.conversations += 1;
        }
        screens.publisher?.published(change);
      },
    },
    profiles: readProfiles(join(ROOT, 'config/compliance')),
    zone: ZONE,
    headsetPassword: (headsetId) => `password-of-${headsetId}`,
    log,
    onFatal: (error) => {
      throw error;
    },
  });
  const whatIf = createWhatIf();
  const http = await createHttpServer({
    web: {
      host: '127.0.0.1',
      port: 0,
      publicOrigins: [],
      trustedProxies: [],
      folder: join(directory, 'no-pages'),
    },
    sessionLimits: { idleMs: HOUR_MS, lifetimeMs: HOUR_MS },
    sipUpstream: { host: '127.0.0.1', port: 9, path: '/ws' },
    rejectionsFolder: join(directory, 'rejections'),
    secret: 'of a load that nobody else meets',
    version: '0',
    accounts: storage.accounts,
    lists: storage.lists,
    store: storage.scoped,
    commands: engine,
    people: watchPeople({ accounts: storage.accounts, commands: engine }),
    queries: engine,
    whatIf,
    log,
    now,
  });
  const gateway = createGateway({
    httpServer: http.server,
    sessions: http.sessions,
    origins: http.origins,
    addresses: http.addresses,
    connections: http.connections,
    audit: storage.accounts,
    now,
    commands: engine,
    queries: engine,
    headset: { socketPath: SIP_PATH, domain: 'load.invalid' },
    log,
  });
  screens.publisher = gateway;
  return { engine, http, gateway, network, whatIf, seen };
}

/** A network in real time, in which every browser calls in as soon as it may. */
class RealTimeNetwork extends SimulatedNetwork {
  override openHeadset(credentials: HeadsetCredentials): void {
    super.openHeadset(credentials);
    setTimeout(() => this.browserCallsIn(credentials.headsetId), 10);
  }
}

function realTime(): NetworkClock {
  const { now, monotonicMs } = createSystemClock();
  return {
    now,
    monotonicMs,
    at: (moment, happen) => void setTimeout(happen, Math.max(0, moment - now())),
  };
}

/** The usual fates of a floor; a machine counts as an unanswered telephone. */
function behaviourOfCalls(): () => Behaviour {
  const fate = blankFate();
  let calls = 0;
  return () => {
    drawFate(fate, 1, calls, {
      answerRate: ANSWER_RATE,
      carrier: 'working',
      setup: USUAL_SETUP,
      ringTimeoutMs: RING_TIMEOUT_MS,
      screening: undefined,
    });
    calls += 1;
    const { outcome, ringsAfterMs, endsAfterMs, patienceMs } = fate;
    const rings = ringsAfterMs < endsAfterMs ? { ringsAfterMs } : {};
    if (outcome === 'person') return { ...rings, answersAfterMs: endsAfterMs, patienceMs };
    const [cause, techCause] = CAUSES[outcome] ?? NO_ANSWER;
    return { ...rings, fails: { afterMs: endsAfterMs, cause, techCause } };
  };
}

const NO_ANSWER = [19, 480] as const;
const CAUSES: Readonly<Record<string, readonly [number, number]>> = {
  busy: [17, 486],
  invalid: [1, 404],
  failed: [34, 503],
};

const supervisorIdOf = (n: number): UserId => `user_supervisor${n}`;

async function setUp(
  storage: Storage,
  { agents, callsPerSecond, seconds }: BenchLoadOptions,
): Promise<void> {
  const linesMax = Math.ceil(callsPerSecond * (RING_TIMEOUT_MS / SECOND_MS)) + agents;
  await setUpOperation(
    storage,
    {
      agents,
      debtors: Math.ceil(callsPerSecond * (seconds + WARM_UP_MS / SECOND_MS + 15)),
      profileId: 'demonstration',
      campaign: {
        pacing: { mode: 'predictive', linesMax },
        ringTimeoutMs: RING_TIMEOUT_MS,
      },
      trunk: { channelsMax: linesMax, callsPerSecondMax: Math.ceil(CONTRACT * callsPerSecond) },
    },
    Date.now(),
  );
  for (let n = 1; n <= SUPERVISORS; n += 1) {
    const user: User = {
      id: supervisorIdOf(n),
      login: `supervisor${n}`,
      name: `Supervisor ${n}`,
      role: 'supervisor',
      enabled: true,
      mustChangePassword: false,
      language: null,
      createdAt: Date.now(),
    };
    const audit = {
      at: Date.now(),
      subject: 'user' as const,
      subjectId: user.id,
      change: 'created',
    };
    await storage.accounts.insertUser(user, 'no password', audit);
  }
}

// ── what is measured ────────────────────────────────────────────────────────────────────────────

type ProcessSeen = {
  readonly seconds: number;
  readonly loopMs: { readonly p50: number; readonly p99: number; readonly max: number };
  readonly rssMax: number;
  readonly heapMax: number;
  readonly heapFirst: number;
  readonly heapLast: number;
  readonly cpuShare: number;
  /** Shares of the process's time, idle time included. */
  readonly shares: Readonly<Record<string, number>>;
};

async function watchProcess(): Promise<{ stop(): Promise<ProcessSeen> }> {
  const profile = await startProfile();
  const loop = monitorEventLoopDelay({ resolution: LOOP_RESOLUTION_MS });
  const [rss, heap] = [createHistogram(), createHistogram()];
  const look = (): number => {
    const usage = process.memoryUsage();
    rss.record(usage.rss);
    heap.record(usage.heapUsed);
    return usage.heapUsed;
  };
  const heapFirst = look();
  const timer = setInterval(look, SIZE_EVERY_MS);
  const cpu = process.cpuUsage();
  const startedAt = performance.now();
  loop.enable();
  return {
    async stop() {
      loop.disable();
      clearInterval(timer);
      const elapsedMs = performance.now() - startedAt;
      const { user, system } = process.cpuUsage(cpu);
      const heapLast = look();
      const nodes = await profile.stop();
      // The recorded values include the monitor's own pause.
      const delay = (nanoseconds: number): number =>
        Math.max(0, nanoseconds / 1e6 - LOOP_RESOLUTION_MS);
      return {
        seconds: elapsedMs / SECOND_MS,
        loopMs: {
          p50: delay(loop.percentile(50)),
          p99: delay(loop.percentile(99)),
          max: delay(loop.max),
        },
        rssMax: rss.max,
        heapMax: heap.max,
        heapFirst,
        heapLast,
        cpuShare: (user + system) / 1_000 / elapsedMs,
        shares: {
          'plan()': shareUnder(
            nodes,
            ({ functionName, url }) => functionName === 'plan' && url.includes('domain/pacing'),
          ),
          'realtime (projections, sockets)': shareUnder(nodes, ({ url }) =>
            /src\/realtime|socket\.io|engine\.io/.test(url),
          ),
          'simulated network': shareUnder(nodes, ({ url }) => url.includes('src/simulator')),
          'garbage collection': shareUnder(
            nodes,
            ({ functionName }) => functionName === '(garbage collector)',
          ),
          idle: shareUnder(nodes, ({ functionName }) => functionName === '(idle)'),
        },
      };
    },
  };
}

type Counted = {
  readonly seconds: number;
  readonly placed: number;
  readonly facts: number;
  readonly conversations: number;
  readonly refusedByCarrier: number;
  readonly commitMsP99: number;
  readonly inboxDepth: number;
};

function print(
  counted: Counted,
  process: ProcessSeen,
  screens: LoadCounts,
  report: (line: string) => void,
): void {
  const perSecond = (count: number): string => `${(count / counted.seconds).toFixed(1)}/s`;
  const { loopMs, shares } = process;
  const messages = Object.values(screens.messages).reduce((sum, one) => sum + one, 0);
  const ms = (value: number): string => `${value.toFixed(1)} ms`;
  const mb = (bytes: number): string => `${(bytes / MEGABYTE).toFixed(0)} MB`;
  const row = (name: string, value: string): void => report(`${name.padEnd(34)} ${value}`);
  report('');
  row('calls placed', `${perSecond(counted.placed)} (${counted.placed})`);
  row('refused by the carrier', `${counted.refusedByCarrier}`);
  row('conversations', perSecond(counted.conversations));
  row('facts', perSecond(counted.facts));
  row('messages to sockets', `${perSecond(messages)} ${JSON.stringify(screens.messages)}`);
  row('commands from screens', `${perSecond(screens.commands)}`);
  row('  refused', JSON.stringify(screens.refused));
  row(
    '  answered within, p50 / p99',
    `${ms(quantileOf(screens.answerMs, 0.5))} / ${ms(quantileOf(screens.answerMs, 0.99))}`,
  );
  row('screens disconnected', `${screens.disconnected}`);
  row(
    'event-loop delay p50 / p99 / max',
    `${ms(loopMs.p50)} / ${ms(loopMs.p99)} / ${ms(loopMs.max)}`,
  );
  row('commit p99, inbox at the end', `${ms(counted.commitMsP99)}, ${counted.inboxDepth}`);
  row('memory: resident, heap at most', `${mb(process.rssMax)}, ${mb(process.heapMax)}`);
  row('heap at the beginning, end', `${mb(process.heapFirst)}, ${mb(process.heapLast)}`);
  row('processor time of one core', `${(100 * process.cpuShare).toFixed(0)} %`);
  for (const [name, value] of Object.entries(shares)) {
    row(`  share of time: ${name}`, `${(100 * value).toFixed(1)} %`);
  }
  report(`load of the machine at the end: ${loadavg()[0]?.toFixed(1)}`);
}
