import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { given } from '../src/lib/given.ts';
import { startProblem } from '../src/start-problem.ts';
import { isServer, nameOfServer } from '../src/storage/open-postgres.ts';
import type { AsteriskInstallation } from './asterisk/installation.ts';
import { obtainAsterisk } from './asterisk/obtain.ts';
import type { RunningCarrier, RunningDialer } from './asterisk/run.ts';
import { BUILD_DIRECTORY, build } from './build.ts';
import { demoUsers } from './demo/data.ts';
import { endDialer, type HeldFolder, holderOf, holdFolder } from './hold-folder.ts';
import { type Installation, loadInstallation, RUNTIME_DIRECTORY } from './installation.ts';
import { makePrivate } from './private-folder.ts';
import { runChild } from './run-child.ts';
import {
  carrierAsterisk,
  DRAIN_SECONDS,
  databaseOf,
  demoLogins,
  dialerAsterisk,
  dialerEnvironment,
  prepareData,
  prepareStorage,
  runOf,
  type StartOptions,
  startPbx,
  type WebSettings,
  webSettings,
} from './start-parts.ts';
import { StartedParts } from './started-parts.ts';
import { type Supervised, supervise } from './supervise.ts';
import { askHealth, tellHealth } from './tell-health.ts';

/**
 * `npm start`: everything on one machine, from nothing to "an agent can sign in". A failed start
 * ends what it started. Once the dialer was up, the end of one part never ends another: parts are
 * started again, for ever, until Ctrl+C or SIGTERM ends all. If this process is killed, PBX and
 * dialer go on, and the next start takes them over.
 */
const USAGE = `npm start -- [options]
  --port <number>      port of the web pages (default: 8443, or a free one)
  --lan <address>      the floor's mode: agents at other machines reach this one at that address (https)
  --cert <file>        PEM certificate chain for --lan, instead of one from a local authority
  --key <file>         its private key
  --folder <folder>    where database, secrets and logs are kept (default: .cadencia)`;

/** Time for the dialer to end after it was asked to. */
const DIALER_GRACE_MS = (DRAIN_SECONDS + 5) * 1_000;
/** The PBX ends with this start, and no call outlives it. */
const STOPPING = `Stopping… Calls have ${DRAIN_SECONDS} s to end; then the PBX stops and cuts off the others.`;
const HELD_UP_PAUSE_MS = 2_000;
const HELD_UP_TOLD_EVERY_MS = 60_000;
/** Longest wait for a healthy dialer; then the addresses are shown with the problems. */
const HEALTHY_MAX_MS = 10_000;

const startedAt = Date.now();

function report(line: string): void {
  const seconds = ((Date.now() - startedAt) / 1_000).toFixed(1).padStart(5);
  console.log(`[${seconds} s] ${line}`);
}

async function main(): Promise<void> {
  // Files made here hold personal data or secrets: no other user of this machine may read them.
  process.umask(0o077);
  const options = readOptions();
  const held = holdFolder(options.folder);
  if (!held) {
    const pid = holderOf(options.folder);
    giveUp(
      `npm start runs already in ${options.folder}${pid ? ` (process ${pid})` : ''}. ` +
        'Ctrl+C there stops it; nothing was touched.',
    );
  }
  const opened = makePrivate(options.folder);
  if (opened > 0) {
    report(
      `Open to others until now, in ${options.folder}: ${opened} files and folders. They are yours only.`,
    );
  }
  const parts = new StartedParts(report, () => held.release(), STOPPING);
  parts.endWhenAsked();
  try {
    await startAll(options, held, parts);
  } catch (error) {
    await parts.fail(startProblem(error).sentence);
  }
}

async function startAll(
  options: StartOptions,
  held: HeldFolder,
  parts: StartedParts,
): Promise<void> {
  const installation = loadInstallation(options.folder, demoLogins);
  const [asterisk] = await Promise.all([
    obtainAsterisk({ directory: join(RUNTIME_DIRECTORY, 'asterisk'), report }),
    build(report),
  ]);
  if (held.orphan) {
    report(`The dialer of the last start still runs (process ${held.orphan.pid}); it is replaced.`);
    await endDialer(held.orphan, DIALER_GRACE_MS);
  }
  const web = await webSettings(options);
  await patiently(parts, () => prepareStorage(options));
  const { pbx, carrier } = await startAsterisks(asterisk, installation, options, parts);
  report('Preparing the demonstration…');
  await patiently(parts, () => prepareData(options, installation, pbx, carrier));
  report('Starting the dialer…');
  const environment = dialerEnvironment(options, installation, pbx, carrier, web);
  const dialer = superviseDialer(environment, web, held);
  await parts.own(Promise.resolve(dialer));
  const why = await Promise.race([dialer.firstUp, dialer.cannotStart]);
  if (why !== undefined) throw new Error(why);
  await untilHealthy(web.url);
  printDoors(web.url, installation, options, pbx);
  await tellHealth(web.url, report, () => !parts.isOver);
}

async function startAsterisks(
  asterisk: AsteriskInstallation,
  installation: Installation,
  options: StartOptions,
  parts: StartedParts,
): Promise<{ readonly pbx: RunningDialer; readonly carrier: RunningCarrier }> {
  const { running: pbx, isAdopted } = await parts.own(
    dialerAsterisk(asterisk, installation, options, report),
    (one) => one.running.stop(),
    (one) => one.isAdopted,
  );
  const start = async () => runOf(await startPbx(asterisk, installation, options, pbx.ports));
  const loss = 'Its calls are gone.';
  const kept = supervise({ name: 'The PBX', start, loss }, report, runOf(pbx));
  await parts.own(Promise.resolve(kept), undefined, () => isAdopted);
  report('Starting the simulated carrier…');
  const carrier = await parts.own(carrierAsterisk(asterisk, installation, options, pbx));
  const startAgain = async () =>
    runOf(await carrierAsterisk(asterisk, installation, options, pbx, carrier.ports));
  const name = 'The simulated carrier';
  await parts.own(Promise.resolve(supervise({ name, start: startAgain }, report, runOf(carrier))));
  return { pbx, carrier };
}

function superviseDialer(
  environment: Readonly<Record<string, string>>,
  { url }: WebSettings,
  held: HeldFolder,
): Supervised {
  return supervise(
    {
      name: 'The dialer',
      loss: 'Calls go on in the PBX.',
      async start() {
        const child = runChild({
          command: process.execPath,
          parameters: ['--enable-source-maps', join(BUILD_DIRECTORY, 'server', 'main.js')],
          environment,
          graceMs: DIALER_GRACE_MS,
        });
        held.noteDialer(child.pid);
        return child;
      },
      isUp: async () => (await askHealth(url)) !== undefined,
    },
    report,
  );
}

/** Retries work that is only held up by a lock or a full disk until it succeeds. */
async function patiently(parts: StartedParts, work: () => Promise<void>): Promise<void> {
  let toldAt = Number.NEGATIVE_INFINITY;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      const { kind, sentence } = startProblem(error);
      if (kind !== 'held-up') throw error;
      if (Date.now() - toldAt >= HELD_UP_TOLD_EVERY_MS) {
        report(`Waiting: ${sentence}.`);
        toldAt = Date.now();
      }
    }
    await sleep(HELD_UP_PAUSE_MS);
    await parts.goOn();
  }
}

async function untilHealthy(url: string): Promise<void> {
  const until = Date.now() + HEALTHY_MAX_MS;
  while (Date.now() < until && !(await askHealth(url))?.ok) await sleep(100);
}

// ── what is asked and what is said ──────────────────────────────────────────────────────────────

function readOptions(): StartOptions {
  const { values } = parseArgs({
    options: {
      port: { type: 'string' },
      lan: { type: 'string' },
      cert: { type: 'string' },
      key: { type: 'string' },
      folder: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) {
    console.log(USAGE);
    process.exit(0);
  }
  const port = values.port === undefined ? undefined : Number(values.port);
  if (port !== undefined && !(Number.isInteger(port) && port > 0 && port < 65_536)) {
    giveUp(`--port ${values.port} is no port number.\n${USAGE}`);
  }
  if ((values.cert === undefined) !== (values.key === undefined)) {
    giveUp('--cert and --key belong together.');
  }
  return {
    folder: resolve(values.folder ?? RUNTIME_DIRECTORY),
    ...given({ port, lan: values.lan, cert: values.cert, key: values.key }),
  };
}

function printDoors(
  url: string,
  { passwords }: Installation,
  options: StartOptions,
  pbx: RunningDialer,
): void {
  report('Ready.');
  const width = Math.max(...demoUsers.map((one) => one.login.length));
  console.log(`\n  ${url}\n`);
  for (const { login, name, role } of demoUsers) {
    console.log(`  ${login.padEnd(width)}  ${passwords[login]}  ${role.padEnd(10)} ${name}`);
  }
  console.log(`\n  The debtor's telephone: ${url}/telefone-devedor`);
  if (options.lan !== undefined) {
    const { rtpStart, rtpEnd } = pbx.ports;
    const where = `UDP ${rtpStart}–${rtpEnd} on ${options.lan}`;
    console.log(`\n  Firewall: TCP ${new URL(url).port} and ${where}`);
  }
  if (options.folder !== RUNTIME_DIRECTORY) {
    const database = databaseOf(options);
    const name = isServer(database) ? nameOfServer(database) : database;
    console.log(`\n  The database: ${name} (--database of the other commands)`);
  }
  console.log('\n  Ctrl+C stops everything.\n');
}

function giveUp(message: string): never {
  console.error(message);
  process.exit(1);
}

await main().catch((error: unknown) => giveUp(startProblem(error).sentence));
