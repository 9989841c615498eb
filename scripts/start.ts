import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { hashPassword } from '../src/http/passwords.ts';
import { openStorage } from '../src/storage/store.ts';
import { type AsteriskPorts, chooseFreePorts } from './asterisk/free-ports.ts';
import type { AsteriskInstallation } from './asterisk/installation.ts';
import { obtainAsterisk } from './asterisk/obtain.ts';
import {
  attachCarrier,
  attachDialer,
  type RunningAsterisk,
  type RunningCarrier,
  type RunningDialer,
  startCarrier,
  startDialerAsterisk,
} from './asterisk/run.ts';
import { BUILD_DIRECTORY, build } from './build.ts';
import { demoUsers, demoVisitors, insertDemoUsers, loadDemoData } from './demo-data.ts';
import { type Installation, loadInstallation, RUNTIME_DIRECTORY } from './installation.ts';
import { lanCertificate } from './lan-certificate.ts';
import { type Supervised, supervise } from './supervise.ts';

/**
 * `npm start`: everything on one machine, from nothing to "an agent can sign in". What it started it
 * also stops.
 */
const USAGE = `npm start -- [options]
  --port <number>      port of the web pages (default: 8443, or a free one)
  --lan <address>      the floor's mode: agents at other machines reach this one at that address (https)
  --cert <file>        PEM certificate chain for --lan, instead of one from a local authority
  --key <file>         its private key`;

const WEB_PORT = 8443;
const LOOPBACK = '127.0.0.1';
const CARRIER_ADDRESS = '127.0.0.2';
const PBX_DIRECTORY = join(RUNTIME_DIRECTORY, 'dialer-asterisk');
const CARRIER_DIRECTORY = join(RUNTIME_DIRECTORY, 'carrier-asterisk');
/** A PBX that dies more often than this has a reason that another start does not cure. */
const ASTERISK_STARTS_MAX = 5;
const READY_MAX_MS = 30_000;
/** Ctrl+C in front of a demonstration: talks are not waited for. */
const DRAIN_SECONDS = 3;

type Options = {
  readonly port?: number;
  readonly lan?: string;
  readonly cert?: string;
  readonly key?: string;
};

const startedAt = Date.now();

function report(line: string): void {
  const seconds = ((Date.now() - startedAt) / 1_000).toFixed(1).padStart(5);
  console.log(`[${seconds} s] ${line}`);
}

async function main(): Promise<void> {
  const options = readOptions();
  const logins = demoUsers.map((one) => one.login);
  const installation = loadInstallation(logins);
  const [asterisk] = await Promise.all([
    obtainAsterisk({ directory: join(RUNTIME_DIRECTORY, 'asterisk'), report }),
    build(report),
  ]);
  const pbx = await dialerAsterisk(asterisk, installation, options);
  report('Starting the simulated carrier…');
  const carrier = await carrierAsterisk(asterisk, installation, pbx);
  await prepareData(installation, pbx, carrier);
  const web = await webSettings(options);
  report('Starting the dialer…');
  const dialer = supervise({
    name: 'The dialer',
    command: process.execPath,
    parameters: ['--enable-source-maps', join(BUILD_DIRECTORY, 'server', 'main.js')],
    environment: dialerEnvironment(installation, pbx, carrier, web.environment),
    report,
  });
  const kept = [
    keepAlive('The PBX', pbx, () => startPbx(asterisk, installation, options, pbx.ports)),
    keepAlive('The simulated carrier', carrier, () =>
      carrierAsterisk(asterisk, installation, pbx, carrier.ports),
    ),
  ];
  stopWhenAsked(dialer, kept);
  void dialer.gaveUp.then(async (why) => {
    if (why === 'stopped') return;
    await Promise.all(kept.map((one) => one.stop()));
    giveUp(why);
  });
  await untilReady(web.url);
  printDoors(web.url, installation, options, pbx);
}

function readOptions(): Options {
  const { values } = parseArgs({
    options: {
      port: { type: 'string' },
      lan: { type: 'string' },
      cert: { type: 'string' },
      key: { type: 'string' },
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
    ...(port === undefined ? {} : { port }),
    ...(values.lan === undefined ? {} : { lan: values.lan }),
    ...(values.cert === undefined ? {} : { cert: values.cert }),
    ...(values.key === undefined ? {} : { key: values.key }),
  };
}

// ── the parts ───────────────────────────────────────────────────────────────────────────────────

/** One that outlived a killed start goes on with its calls; else a new one. */
async function dialerAsterisk(
  asterisk: AsteriskInstallation,
  installation: Installation,
  options: Options,
): Promise<RunningDialer> {
  const running = await attachDialer(PBX_DIRECTORY);
  if (
    running?.ari.password === installation.ariPassword &&
    running.addresses.headset === (options.lan ?? LOOPBACK)
  ) {
    report('The PBX of the last start still runs; it goes on.');
    return running;
  }
  await running?.stop();
  report('Starting the PBX…');
  return startPbx(asterisk, installation, options, await chooseFreePorts(LOOPBACK));
}

function startPbx(
  asterisk: AsteriskInstallation,
  { ariPassword }: Installation,
  { lan }: Options,
  ports: AsteriskPorts,
): Promise<RunningDialer> {
  return startDialerAsterisk({
    installation: asterisk,
    directory: PBX_DIRECTORY,
    ports,
    sipAddress: LOOPBACK,
    ari: { username: 'dialer', password: ariPassword, application: 'dialer' },
    ...(lan === undefined ? {} : { lanAddress: lan }),
  });
}

/** It holds nothing that matters and has to know the PBX's port: always a new one. */
async function carrierAsterisk(
  asterisk: AsteriskInstallation,
  { debtorPassword }: Installation,
  pbx: RunningDialer,
  known?: AsteriskPorts,
): Promise<RunningCarrier> {
  await (await attachCarrier(CARRIER_DIRECTORY))?.stop();
  return startCarrier({
    installation: asterisk,
    directory: CARRIER_DIRECTORY,
    ports: known ?? (await chooseFreePorts(CARRIER_ADDRESS)),
    sipAddress: CARRIER_ADDRESS,
    dialerAddress: pbx.addresses.sip,
    dialerSipPort: pbx.ports.sip,
    debtorPassword,
  });
}

const DATABASE_FILE = join(RUNTIME_DIRECTORY, 'cadencia.db');

async function prepareData(
  { passwords }: Installation,
  pbx: RunningDialer,
  carrier: RunningCarrier,
): Promise<void> {
  const storage = await openStorage({
    file: DATABASE_FILE,
    now: Date.now,
    random: Math.random,
  });
  try {
    report('Preparing the demonstration…');
    await insertDemoUsers(storage.accounts, (login) => hashPassword(passwords[login] ?? ''));
    await loadDemoData(storage, {
      now: Date.now(),
      random: Math.random,
      carrier: { host: carrier.addresses.sip, port: carrier.ports.sip },
      dialerSipPort: pbx.ports.sip,
    });
  } finally {
    await storage.close();
  }
}

type WebSettings = {
  readonly url: string;
  readonly environment: Readonly<Record<string, string>>;
};

async function webSettings({ lan, cert, key, port }: Options): Promise<WebSettings> {
  const host = lan ?? LOOPBACK;
  const chosen = port ?? (await freeWebPort(host));
  if (lan === undefined) {
    const url = `http://127.0.0.1:${chosen}`;
    return {
      url,
      environment: { CADENCIA_WEB_HOST: host, CADENCIA_WEB_PORT: `${chosen}` },
    };
  }
  const own = cert && key ? undefined : await lanCertificate(join(RUNTIME_DIRECTORY, 'tls'), lan);
  const url = `https://${lan}:${chosen}`;
  return {
    url,
    environment: {
      CADENCIA_WEB_HOST: host,
      CADENCIA_WEB_PORT: `${chosen}`,
      CADENCIA_WEB_LAN_ADDRESS: lan,
      CADENCIA_WEB_PUBLIC_ORIGINS: url,
      CADENCIA_WEB_TLS_CERTIFICATE_FILE: own?.certificateFile ?? cert ?? '',
      CADENCIA_WEB_TLS_KEY_FILE: own?.keyFile ?? key ?? '',
      ...(own ? { CADENCIA_WEB_AUTHORITY_FILE: own.authorityFile } : {}),
    },
  };
}

/** The usual port, or any other when somebody has it; the same one over restarts of the dialer. */
async function freeWebPort(host: string): Promise<number> {
  for (const port of [WEB_PORT, 0]) {
    const found = await new Promise<number | undefined>((resolve, reject) => {
      const server = createServer();
      server.once('error', (error: NodeJS.ErrnoException) =>
        error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error),
      );
      server.listen(port, host, () => {
        const address = server.address();
        const taken = typeof address === 'object' ? (address?.port ?? 0) : 0;
        server.close(() => resolve(taken));
      });
    }).catch((error: Error) => giveUp(`Cannot listen on ${host}: ${error.message}`));
    if (found !== undefined) return found;
  }
  return giveUp(`No port is free on ${host}.`);
}

function dialerEnvironment(
  installation: Installation,
  pbx: RunningDialer,
  carrier: RunningCarrier,
  web: Readonly<Record<string, string>>,
): Record<string, string> {
  return {
    ...web,
    CADENCIA_SECRET: installation.secret,
    CADENCIA_DATABASE_FILE: DATABASE_FILE,
    CADENCIA_ARI_URL: pbx.ariUrl,
    CADENCIA_ARI_USERNAME: pbx.ari.username,
    CADENCIA_ARI_PASSWORD: pbx.ari.password,
    CADENCIA_ARI_APPLICATION: pbx.ari.application,
    CADENCIA_SIP_UPSTREAM_URL: pbx.sipWebSocketUrl,
    CADENCIA_MEDIA_TRUNK_ADDRESS: pbx.addresses.sip,
    CADENCIA_MEDIA_HEADSET_ADDRESS: pbx.addresses.headset,
    CADENCIA_DEBTOR_PHONE_ENABLED: 'true',
    CADENCIA_DEBTOR_PHONE_UPSTREAM_URL: carrier.sipWebSocketUrl,
    CADENCIA_DEBTOR_PHONE_PASSWORD: installation.debtorPassword,
    CADENCIA_DEBTOR_PHONE_NUMBERS: demoVisitors.map(({ phone }) => phone).join(','),
    CADENCIA_DRAIN_SECONDS: `${DRAIN_SECONDS}`,
    CADENCIA_LOG_LEVEL: process.env.CADENCIA_LOG_LEVEL ?? 'warn',
  };
}

// ── running and stopping ────────────────────────────────────────────────────────────────────────

function stopWhenAsked(dialer: Supervised, asterisks: readonly { stop(): Promise<void> }[]): void {
  let asked = 0;
  const stop = (): void => {
    asked += 1;
    if (asked > 1) return;
    console.log('');
    report('Stopping…');
    void dialer
      .stop((DRAIN_SECONDS + 5) * 1_000)
      .then(() => Promise.all(asterisks.map((one) => one.stop())))
      .then(() => {
        report('Everything is stopped.');
        process.exit(0);
      });
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  process.on('SIGHUP', stop);
}

/** A part that dies is told in words and started again, with a bound; the calls in it are gone. */
function keepAlive(
  name: string,
  first: RunningAsterisk,
  start: () => Promise<RunningAsterisk>,
): { stop(): Promise<void> } {
  let running = first;
  let stopping = false;
  void (async () => {
    for (let starts = 0; starts < ASTERISK_STARTS_MAX; starts += 1) {
      const { code, signal } = await running.exited;
      if (stopping) return;
      report(`${name} ended (${signal ?? `code ${code}`}); starting it again`);
      running = await start();
      report(`${name} is back`);
    }
    report(`${name} ended ${ASTERISK_STARTS_MAX} times; press Ctrl+C and look at its log`);
  })().catch((error: unknown) => report(`${name}: ${(error as Error).message}`));
  return {
    async stop() {
      stopping = true;
      await running.stop();
    },
  };
}

async function untilReady(url: string): Promise<void> {
  // A certificate of our own authority is not one that fetch knows; whether it answers is the question.
  if (url.startsWith('https:')) process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
  const until = Date.now() + READY_MAX_MS;
  while (Date.now() < until) {
    const isReady = await fetch(`${url}/health`).then(
      (answer) => answer.ok,
      () => false,
    );
    if (isReady) return;
    await sleep(100);
  }
  giveUp(`The dialer is not ready after ${READY_MAX_MS / 1_000} seconds; the lines above say why.`);
}

function printDoors(
  url: string,
  { passwords }: Installation,
  { lan }: Options,
  pbx: RunningDialer,
): void {
  report('Ready.');
  const width = Math.max(...demoUsers.map((one) => one.login.length));
  console.log(`\n  ${url}\n`);
  for (const { login, name, role } of demoUsers) {
    console.log(`  ${login.padEnd(width)}  ${passwords[login]}  ${role.padEnd(10)} ${name}`);
  }
  console.log(`\n  The debtor's telephone: ${url}/telefone-devedor`);
  if (lan !== undefined) {
    const { rtpStart, rtpEnd } = pbx.ports;
    console.log(`\n  Firewall: TCP ${new URL(url).port} and UDP ${rtpStart}–${rtpEnd} on ${lan}`);
  }
  console.log('\n  Ctrl+C stops everything.\n');
}

function giveUp(message: string): never {
  console.error(message);
  process.exit(1);
}

await main().catch((error: unknown) => giveUp(String((error as Error).stack ?? error)));
