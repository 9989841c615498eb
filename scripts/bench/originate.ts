/**
 * Measures how many calls a second we can place, beside a bare loop of ARI requests against the
 * same PBX and far end, and the processor time of one call.
 *
 *   npx tsx scripts/bench/originate.ts [--calls 300] [--rounds 3] [--concurrency 16]
 *
 * Each call is placed, rings, is answered at once and hung up by us. The ways take turns, so that a
 * slow minute of the machine affects all of them; medians are compared. A second part places calls
 * at a steady pace and measures the time from the far end's 200 until we may bridge.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { pino } from 'pino';
import { Pool } from 'undici';
import { WebSocket } from 'ws';
import type { DialPermit } from '../../src/domain/compliance/gate.ts';
import type { Trunk } from '../../src/domain/trunks/trunk.ts';
import type { LegId } from '../../src/lib/ids.ts';
import { createAsteriskTelephony } from '../../src/telephony/asterisk.ts';
import type { Placing } from '../../src/telephony/place-legs.ts';
import { objectsOfTrunk } from '../../src/telephony/trunks.ts';
import { chooseFreePorts } from '../asterisk/free-ports.ts';
import { obtainAsterisk } from '../asterisk/obtain.ts';
import { type RunningDialer, startDialerAsterisk } from '../asterisk/run.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SCENARIO = fileURLToPath(new URL('sipp/answer.xml', import.meta.url));
const FAR_ADDRESS = '127.0.0.4';
const CALLER_ID = '+551133334444';
/** A call that lasts longer counts as stuck. */
const CALL_MAX_MS = 15_000;

export type BenchSite = {
  readonly dialer: RunningDialer;
  readonly trunk: Trunk;
};

/** One way to place calls. `place` resolves when the call is over; it calls back at the answer. */
export type BenchWay = {
  readonly name: string;
  open(site: BenchSite): Promise<BenchLine>;
};

export type BenchLine = {
  place(call: BenchCall): Promise<void>;
  close(): Promise<void>;
};

export type BenchCall = {
  readonly legId: LegId;
  readonly phone: `+${string}`;
  /** Called when the call was answered and could be bridged; it is hung up next. */
  answered(): void;
};

export type BenchOptions = {
  readonly calls: number;
  readonly rounds: number;
  readonly concurrency: number;
  /** Calls a second in the second part. */
  readonly pace: number;
  /** Further ways beside the telephony port's two, for example through a whole engine. */
  readonly moreWays?: readonly BenchWay[];
  report(line: string): void;
};

export type BenchRow = {
  readonly name: string;
  readonly callsPerSecond: number;
  /** Processor time of this process and of the PBX for one call. */
  readonly ownCpuMs: number;
  readonly pbxCpuMs: number;
  /** Time from the far end's 200 to the answer here. */
  readonly answerMsP50: number;
  readonly answerMsP95: number;
};

/**
 * Measures, reports a table and returns its rows. Needs `sipp` (Debian: sip-tester) on the PATH.
 */
export async function runBenchOriginate(options: BenchOptions): Promise<readonly BenchRow[]> {
  const { report } = options;
  const ways = [bare, port('originate'), port('create-and-dial'), ...(options.moreWays ?? [])];
  const folder = join(ROOT, '.cadencia/bench');
  await mkdir(folder, { recursive: true });
  const directory = await mkdtemp(join(folder, 'originate-'));
  const dialer = await startDialer(directory, report);
  try {
    const results = new Map(ways.map(({ name }) => [name, emptyResult()]));
    for (let round = 0; round < options.rounds; round += 1) {
      // Each round begins with a different way.
      const turn = [...ways.slice(round % ways.length), ...ways.slice(0, round % ways.length)];
      for (const way of turn) {
        const result = results.get(way.name);
        if (!result) continue;
        await measure(way, dialer, directory, options, result);
        report(`round ${round + 1} ${way.name}: ${result.rates.at(-1)?.toFixed(1)} calls/s`);
      }
    }
    const rows = ways.map(({ name }) => rowOf(name, results.get(name) ?? emptyResult()));
    report(tableOf(rows));
    return rows;
  } finally {
    await dialer.stop();
    await rm(directory, { recursive: true, force: true });
  }
}

type Result = {
  readonly rates: number[];
  readonly ownCpu: number[];
  readonly pbxCpu: number[];
  readonly answers: number[];
};

function emptyResult(): Result {
  return { rates: [], ownCpu: [], pbxCpu: [], answers: [] };
}

async function measure(
  way: BenchWay,
  dialer: RunningDialer,
  directory: string,
  options: BenchOptions,
  result: Result,
): Promise<void> {
  const quick = await startFarEnd(directory, false);
  let site = { dialer, trunk: trunkTo(quick.port) };
  let line = await way.open(site);
  try {
    await placeAll(line, options.concurrency * 2, options.concurrency);
    const [cpu, pbx, from] = [process.cpuUsage(), await cpuMsOf(dialer.pid), performance.now()];
    await placeAll(line, options.calls, options.concurrency);
    const own = process.cpuUsage(cpu);
    result.rates.push((options.calls * 1_000) / (performance.now() - from));
    result.ownCpu.push((own.user + own.system) / 1_000 / options.calls);
    result.pbxCpu.push(((await cpuMsOf(dialer.pid)) - pbx) / options.calls);
  } finally {
    await line.close();
    await quick.stop();
  }
  const traced = await startFarEnd(directory, true);
  site = { dialer, trunk: trunkTo(traced.port) };
  line = await way.open(site);
  let answered = new Map<string, number>();
  try {
    answered = await placeAtPace(line, Math.min(options.calls, options.pace * 10), options.pace);
  } finally {
    await line.close();
    await traced.stop();
  }
  for (const [phone, sentAt] of await answersSent(traced.trace)) {
    const at = answered.get(phone);
    if (at !== undefined) result.answers.push(at - sentAt);
  }
}

// ── Calls ───────────────────────────────────────────────────────────────────────────────────────

let numbered = 0;

function nextCall(answered: () => void): BenchCall {
  numbered += 1;
  const digits = String(numbered).padStart(8, '0');
  return { legId: `leg_bench-${process.pid}-${digits}`, phone: `+55119${digits}`, answered };
}

/** Places `calls` calls, `concurrency` at a time. */
async function placeAll(line: BenchLine, calls: number, concurrency: number): Promise<void> {
  let left = calls;
  const worker = async () => {
    while (left > 0) {
      left -= 1;
      await within(line.place(nextCall(() => undefined)));
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
}

/** Places calls at a steady pace; returns the moment of each answer by number. */
async function placeAtPace(
  line: BenchLine,
  calls: number,
  pace: number,
): Promise<Map<string, number>> {
  const answeredAt = new Map<string, number>();
  const placed: Promise<void>[] = [];
  const problems: unknown[] = [];
  for (let index = 0; index < calls; index += 1) {
    const call = nextCall(() => answeredAt.set(call.phone, preciseNow()));
    placed.push(within(line.place(call)).catch((problem) => void problems.push(problem)));
    await pause(1_000 / pace);
  }
  await Promise.all(placed);
  if (problems.length > 0) throw problems[0];
  return answeredAt;
}

async function within(call: Promise<void>): Promise<void> {
  const late = new AbortController();
  await Promise.race([
    call,
    pause(CALL_MAX_MS, undefined, { signal: late.signal }).then(() => {
      throw new Error(`a call was not over after ${CALL_MAX_MS} ms`);
    }),
  ]);
  late.abort();
}

function preciseNow(): number {
  return performance.timeOrigin + performance.now();
}

// ── Ways ────────────────────────────────────────────────────────────────────────────────────────

/** The bare loop: a request, an event, a request. */
const bare: BenchWay = {
  name: 'bare loop',
  async open({ dialer, trunk }) {
    const { username, password, application } = dialer.ari;
    const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
    const pool = new Pool(new URL(dialer.ariUrl).origin, { connections: 16, pipelining: 1 });
    const ask = async (method: 'POST' | 'PUT' | 'DELETE', path: string, body?: object) => {
      const answer = await pool.request({
        method,
        path: `/ari${path}`,
        headers: { authorization, 'content-type': 'application/json' },
        body: body ? JSON.stringify(body) : null,
      });
      const text = await answer.body.text();
      if (answer.statusCode >= 400) throw new Error(`${path}: ${answer.statusCode} ${text}`);
    };
    for (const { objectType, id, fields } of objectsOfTrunk(trunk, { mediaAddress: '127.0.0.1' })) {
      await ask('PUT', `/asterisk/config/dynamic/res_pjsip/${objectType}/${id}`, { fields });
    }
    const url = `${dialer.ariUrl.replace('http', 'ws')}/events?app=${application}`;
    const socket = new WebSocket(url, { headers: { authorization } });
    await once(socket, 'open');
    const waiting = new Map<string, { answered(): void; over(): void }>();
    socket.on('message', (data) => {
      const event = JSON.parse(data.toString());
      const call = waiting.get(event.channel?.id);
      if (event.type === 'StasisStart') call?.answered();
      if (event.type === 'ChannelDestroyed') call?.over();
    });
    return {
      async place({ legId, phone, answered }) {
        const isAnswered = new Promise<void>((answer) => {
          waiting.set(legId, { answered: answer, over: () => undefined });
        });
        const endpoint = `PJSIP/${phone}@${trunk.id}`;
        const order = { endpoint, app: application, callerId: `<${CALLER_ID}>`, timeout: 20 };
        await ask('POST', `/channels/${legId}`, order);
        await isAnswered;
        answered();
        const isOver = new Promise<void>((over) => {
          waiting.set(legId, { answered: () => undefined, over });
        });
        await ask('DELETE', `/channels/${legId}`);
        await isOver;
        waiting.delete(legId);
      },
      async close() {
        socket.close();
        await once(socket, 'close');
        await pool.close();
      },
    };
  },
};

/** The Telephony port, with permits. */
function port(placing: Placing): BenchWay {
  return {
    name: `port, ${placing}`,
    async open({ dialer, trunk }) {
      const telephony = createAsteriskTelephony({
        url: dialer.ariUrl,
        ...dialer.ari,
        placing,
        log: pino({ level: 'error' }),
        clock: { now: () => Date.now() },
        mediaAddress: '127.0.0.1',
      });
      const waiting = new Map<LegId, { answered(): void; over(why?: Error): void }>();
      telephony.setTrunks([trunk]);
      await new Promise<void>((up) => {
        telephony.start((signal) => {
          if (signal.kind === 'telephony-up') up();
          if (!('legId' in signal)) return;
          const call = waiting.get(signal.legId);
          if (signal.kind === 'leg-answered') call?.answered();
          if (signal.kind === 'leg-ended') call?.over();
          if (signal.kind === 'leg-refused') call?.over(new Error(signal.reason));
          if (signal.kind === 'leg-lost') call?.over(new Error('lost'));
        });
      });
      return {
        place({ legId, phone, answered }) {
          return new Promise<void>((over, fail) => {
            waiting.set(legId, {
              answered() {
                answered();
                telephony.hangUpLeg(legId, 'agent');
              },
              over(why) {
                waiting.delete(legId);
                if (why) fail(why);
                else over();
              },
            });
            telephony.originate(permitFor(legId, phone, trunk));
          });
        },
        close: () => telephony.stop(),
      };
    },
  };
}

/** A permit made without the gate, because only what follows it is measured here. */
function permitFor(legId: LegId, phone: `+${string}`, trunk: Trunk): DialPermit {
  return {
    decisionId: 'decision_bench',
    legId,
    debtorId: 'debtor_bench',
    phone,
    callerId: CALLER_ID,
    trunkId: trunk.id,
    ringTimeoutMs: 20_000,
    purpose: 'campaign',
    expiresAt: Date.now() + CALL_MAX_MS,
  } as unknown as DialPermit;
}

// ── The PBX and the far end ─────────────────────────────────────────────────────────────────────

async function startDialer(directory: string, report: (line: string) => void) {
  return startDialerAsterisk({
    installation: await obtainAsterisk({ directory: join(ROOT, '.cadencia/asterisk'), report }),
    directory: join(directory, 'dialer'),
    ports: await chooseFreePorts('127.0.0.1'),
    sipAddress: '127.0.0.1',
    ari: { username: 'bench', password: 'bench', application: 'bench' },
  });
}

function trunkTo(sipPort: number): Trunk {
  return {
    id: `trunk_bench${sipPort}`,
    name: 'bench',
    carrier: 'sipp',
    legalEntityId: 'entity_bench',
    simulated: true,
    enabled: true,
    host: FAR_ADDRESS,
    port: sipPort,
    matchAddresses: [],
    registers: false,
    numberFormat: { kind: 'e164' },
    callerIdHeader: 'both',
    channelsMax: 1_000,
    callsPerSecondMax: 1_000,
    causeOverrides: {},
    readsReason: false,
  };
}

type FarEnd = { readonly port: number; readonly trace: string; stop(): Promise<void> };

let farEnds = 0;

async function startFarEnd(directory: string, isTraced: boolean): Promise<FarEnd> {
  farEnds += 1;
  const sipPort = 20_000 + ((process.pid + farEnds * 7) % 10_000);
  const trace = resolve(directory, `far-end-${farEnds}.log`);
  const words = ['-sf', SCENARIO, '-i', FAR_ADDRESS, '-p', `${sipPort}`, '-mi', FAR_ADDRESS];
  const more = isTraced ? ['-trace_msg', '-message_file', trace, '-d', '100'] : ['-d', '1'];
  const child = spawn(
    'sipp',
    [...words, ...more, '-nostdin', '-t', 'u1', '-buff_size', '4194304'],
    {
      cwd: directory,
      stdio: 'ignore',
    },
  );
  const failed = once(child, 'error').then(([error]) => {
    throw new Error('sipp could not be started; it is in the package sip-tester', { cause: error });
  });
  await Promise.race([pause(300), failed]);
  if (child.exitCode !== null) throw new Error(`sipp ended at once with ${child.exitCode}`);
  return { port: sipPort, trace, stop: () => stopChild(child) };
}

async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

/** When the far end sent its 200 to each number's INVITE, in milliseconds since the epoch. */
async function answersSent(trace: string): Promise<Map<string, number>> {
  const sent = new Map<string, number>();
  for (const entry of (await readFile(trace, 'utf8')).split(/^-{20,} /m)) {
    const [, day, time, fraction] = /^(\S+) (\S+?)\.(\d+)$/m.exec(entry) ?? [];
    // SIPp writes local time, to the microsecond.
    const at = Date.parse(`${day}T${time}`) + Number(`0.${fraction}`) * 1_000;
    const number = /^To: .*<sip:(\+\d+)@/m.exec(entry)?.[1];
    const isAnswer =
      /message sent[\s\S]*?SIP\/2\.0 200/.test(entry) && /CSeq: \d+ INVITE/.test(entry);
    if (number && isAnswer && !sent.has(number)) sent.set(number, at);
  }
  return sent;
}

/** Processor time of all threads of a process. */
async function cpuMsOf(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  const [user = 0, system = 0] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13)
    .map(Number);
  return (user + system) * 10;
}

// ── The table ───────────────────────────────────────────────────────────────────────────────────

function rowOf(name: string, result: Result): BenchRow {
  return {
    name,
    callsPerSecond: quantile(result.rates, 0.5),
    ownCpuMs: quantile(result.ownCpu, 0.5),
    pbxCpuMs: quantile(result.pbxCpu, 0.5),
    answerMsP50: quantile(result.answers, 0.5),
    answerMsP95: quantile(result.answers, 0.95),
  };
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

function tableOf(rows: readonly BenchRow[]): string {
  const lines = rows.map((row) =>
    [
      row.name.padEnd(24),
      row.callsPerSecond.toFixed(1).padStart(8),
      row.ownCpuMs.toFixed(2).padStart(10),
      row.pbxCpuMs.toFixed(2).padStart(10),
      shown(row.answerMsP50),
      shown(row.answerMsP95),
    ].join(' '),
  );
  const head = `${'way'.padEnd(24)}  calls/s   own ms/c   pbx ms/c   200→us      p95`;
  return ['', head, ...lines].join('\n');
}

/**
 * A time for the table. The engine chooses its own leads, so its answers cannot be matched and have
 * no time.
 */
function shown(milliseconds: number): string {
  return (Number.isNaN(milliseconds) ? '–' : milliseconds.toFixed(1)).padStart(8);
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({
    options: {
      calls: { type: 'string', default: '300' },
      rounds: { type: 'string', default: '3' },
      concurrency: { type: 'string', default: '16' },
      pace: { type: 'string', default: '20' },
    },
  });
  await runBenchOriginate({
    calls: Number(values.calls),
    rounds: Number(values.rounds),
    concurrency: Number(values.concurrency),
    pace: Number(values.pace),
    report: (line) => console.log(line),
  });
}
