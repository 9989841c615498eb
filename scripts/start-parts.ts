import { createServer } from 'node:net';
import { join } from 'node:path';
import { serverOf } from '../src/commands/database.ts';
import { hashPassword } from '../src/http/passwords.ts';
import type { KeyRing } from '../src/keys/key-ring.ts';
import {
  makeKeyRing,
  openKeyRing,
  openKeyRingIfAny,
  requireKeys,
} from '../src/keys/key-ring-file.ts';
import { given } from '../src/lib/given.ts';
import type { IsoDate } from '../src/lib/time.ts';
import { isServer } from '../src/storage/open-postgres.ts';
import { openStorage, type Storage } from '../src/storage/store.ts';
import { type AsteriskPorts, chooseFreePorts } from './asterisk/free-ports.ts';
import type { AsteriskInstallation } from './asterisk/installation.ts';
import {
  attachCarrier,
  attachDialer,
  type RunningAsterisk,
  type RunningCarrier,
  type RunningDialer,
  startCarrier,
  startDialerAsterisk,
} from './asterisk/run.ts';
import { demoUsers, demoVisitors, insertDemoUsers, loadDemoData } from './demo/data.ts';
import type { Installation } from './installation.ts';
import { lanCertificate } from './lan-certificate.ts';
import type { Run } from './supervise.ts';

/** The parts of `npm start`: the two Asterisks, the data, and the dialer's settings. */
export type StartOptions = {
  /** Folder of everything made at run time. */
  readonly folder: string;
  readonly port?: number;
  readonly lan?: string;
  readonly cert?: string;
  readonly key?: string;
};

const WEB_PORT = 8443;
const LOOPBACK = '127.0.0.1';
const CARRIER_ADDRESS = '127.0.0.2';
/** Short, because at Ctrl+C a demonstration does not wait for conversations. */
export const DRAIN_SECONDS = 3;

/** A file of the folder, unless the settings name a server. */
export function databaseOf({ folder }: StartOptions): string {
  const url = process.env.CADENCIA_DATABASE_URL;
  return url ? serverOf(url) : join(folder, 'cadencia.db');
}

// ── the Asterisks ───────────────────────────────────────────────────────────────────────────────

export type Pbx = { readonly running: RunningDialer; readonly isAdopted: boolean };

/**
 * The dialer's PBX: one that outlived a killed start continues with its calls; otherwise a new one.
 * Never two.
 */
export async function dialerAsterisk(
  asterisk: AsteriskInstallation,
  installation: Installation,
  options: StartOptions,
  report: (line: string) => void,
): Promise<Pbx> {
  const left = await attachDialer(pbxDirectory(options));
  if (
    left?.ari.password === installation.ariPassword &&
    left.addresses.headset === (options.lan ?? LOOPBACK)
  ) {
    report(`The PBX of the last start still runs (process ${left.pid}); it goes on.`);
    return { running: left, isAdopted: true };
  }
  if (left) report('The PBX of the last start has other settings; it ends, with its calls.');
  report('Starting the PBX…');
  const ports = await chooseFreePorts(LOOPBACK);
  return { running: await startPbx(asterisk, installation, options, ports), isAdopted: false };
}

export function startPbx(
  asterisk: AsteriskInstallation,
  { ariPassword }: Installation,
  options: StartOptions,
  ports: AsteriskPorts,
): Promise<RunningDialer> {
  return startDialerAsterisk({
    installation: asterisk,
    directory: pbxDirectory(options),
    ports,
    sipAddress: LOOPBACK,
    ari: { username: 'dialer', password: ariPassword, application: 'dialer' },
    ...given({ lanAddress: options.lan }),
  });
}

function pbxDirectory({ folder }: StartOptions): string {
  return join(folder, 'dialer-asterisk');
}

/** Always a new carrier: it holds nothing of value and must know the PBX's port. */
export async function carrierAsterisk(
  asterisk: AsteriskInstallation,
  { debtorPassword }: Installation,
  { folder }: StartOptions,
  pbx: RunningDialer,
  known?: AsteriskPorts,
): Promise<RunningCarrier> {
  const directory = join(folder, 'carrier-asterisk');
  await (await attachCarrier(directory))?.stop();
  return startCarrier({
    installation: asterisk,
    directory,
    ports: known ?? (await chooseFreePorts(CARRIER_ADDRESS)),
    sipAddress: CARRIER_ADDRESS,
    dialerAddress: pbx.addresses.sip,
    dialerSipPort: pbx.ports.sip,
    debtorPassword,
  });
}

/** An Asterisk as a supervised run. */
export function runOf(asterisk: RunningAsterisk): Run {
  return {
    ended: asterisk.exited.then(({ code, signal }) => ({ how: howEnded(code, signal) })),
    stop: () => asterisk.stop(),
  };
}

function howEnded(code: number | null, signal: NodeJS.Signals | null): string {
  if (signal) return `was killed (${signal})`;
  return code === null ? 'ended' : `ended with code ${code}`;
}

// ── the data ────────────────────────────────────────────────────────────────────────────────────

function keyRingOf({ folder }: StartOptions): string {
  return join(folder, 'key-ring');
}

/**
 * Brings the database up to date. The first start makes the key ring; one that is missing later, while
 * something is sealed with it, was lost, and no other is made in its place.
 */
export async function prepareStorage(options: StartOptions): Promise<void> {
  const storage = await openDatabase(options, undefined);
  try {
    const needed = [...(await storage.sealing.needed()).keys()];
    const file = keyRingOf(options);
    const today = new Date().toISOString().slice(0, 10) as IsoDate;
    requireKeys(openKeyRingIfAny({ file }) ?? makeKeyRing(file, needed, today), needed);
  } finally {
    await storage.close();
  }
}

function openDatabase(options: StartOptions, keys: KeyRing | undefined): Promise<Storage> {
  const database = databaseOf(options);
  return openStorage({ database, now: Date.now, random: Math.random, ...given({ keys }) });
}

export async function prepareData(
  options: StartOptions,
  { passwords }: Installation,
  pbx: RunningDialer,
  carrier: RunningCarrier,
): Promise<void> {
  const storage = await openDatabase(options, openKeyRing({ file: keyRingOf(options) }));
  try {
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

export const demoLogins: readonly string[] = demoUsers.map((one) => one.login);

// ── the dialer's settings ───────────────────────────────────────────────────────────────────────

export type WebSettings = {
  readonly url: string;
  readonly environment: Readonly<Record<string, string>>;
};

/** @throws Error that names the port that is taken, or the address that this machine does not have. */
export async function webSettings(options: StartOptions): Promise<WebSettings> {
  const { folder, lan, cert, key } = options;
  const host = lan ?? LOOPBACK;
  const chosen = await webPort(host, options.port);
  const listening = { CADENCIA_WEB_HOST: host, CADENCIA_WEB_PORT: `${chosen}` };
  if (lan === undefined) return { url: `http://${host}:${chosen}`, environment: listening };
  const own = cert && key ? undefined : await lanCertificate(join(folder, 'tls'), lan);
  const url = `https://${lan}:${chosen}`;
  return {
    url,
    environment: {
      ...listening,
      CADENCIA_WEB_LAN_ADDRESS: lan,
      CADENCIA_WEB_PUBLIC_ORIGINS: url,
      CADENCIA_WEB_TLS_CERTIFICATE_FILE: own?.certificateFile ?? cert ?? '',
      CADENCIA_WEB_TLS_KEY_FILE: own?.keyFile ?? key ?? '',
      ...(own ? { CADENCIA_WEB_AUTHORITY_FILE: own.authorityFile } : {}),
    },
  };
}

/**
 * The requested port; otherwise the usual one, or any other if it is in use. It stays over
 * restarts.
 */
async function webPort(host: string, asked: number | undefined): Promise<number> {
  if (asked !== undefined) return listenOn(host, asked);
  return listenOn(host, WEB_PORT).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EADDRINUSE') throw error;
    return listenOn(host, 0);
  });
}

/** Opens the port for a moment and returns its number. */
function listenOn(host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(port, host, () => {
      const address = server.address();
      const taken = typeof address === 'object' ? (address?.port ?? 0) : 0;
      server.close(() => resolve(taken));
    });
  });
}

function databaseSetting(database: string): Record<string, string> {
  return isServer(database)
    ? { CADENCIA_DATABASE_URL: database }
    : { CADENCIA_DATABASE_FILE: database };
}

export function dialerEnvironment(
  options: StartOptions,
  installation: Installation,
  pbx: RunningDialer,
  carrier: RunningCarrier,
  web: WebSettings,
): Record<string, string> {
  return {
    ...web.environment,
    CADENCIA_SECRET: installation.secret,
    ...databaseSetting(databaseOf(options)),
    CADENCIA_KEY_RING_FILE: keyRingOf(options),
    CADENCIA_REJECTIONS_FOLDER: join(options.folder, 'rejections'),
    CADENCIA_BACK_UP_FOLDER: join(options.folder, 'backups'),
    CADENCIA_ARI_URL: pbx.ariUrl,
    CADENCIA_SIP_MIRROR_PORT: `${pbx.ports.sipMirror}`,
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
    CADENCIA_DEBTOR_PHONE_PEOPLE: demoVisitors
      .map((one) => [one.phone, one.name, one.document, one.birthDate, one.postalCode].join(';'))
      .join(','),
    CADENCIA_DRAIN_SECONDS: `${DRAIN_SECONDS}`,
    CADENCIA_LOG_LEVEL: process.env.CADENCIA_LOG_LEVEL ?? 'warn',
  };
}
