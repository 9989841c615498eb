/**
 * Starts and stops the two Asterisks: the dialer's own PBX, and the simulated carrier that plays a
 * telephone network. Both are separate processes that outlive the one that started them, so that
 * calls go on while the dialer restarts. The starter stops them, or a later process attaches to
 * them.
 */
import { createHash } from 'node:crypto';
import { mkdir, rm, symlink } from 'node:fs/promises';
import { networkInterfaces, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { mirrorKeyOf } from '../../src/telephony/sip-mirror.ts';
import { configureAsterisk, type TemplateValues } from './configure.ts';
import type { AsteriskPorts } from './free-ports.ts';
import type { AsteriskInstallation } from './installation.ts';
import {
  attachInstance,
  endInstances,
  type Instance,
  type InstanceProcess,
  startInstance,
} from './instance.ts';
import { sipAnswers } from './sip-probe.ts';

export type AriAccess = {
  readonly username: string;
  readonly password: string;
  /** The Stasis application that the PBX hands calls to. */
  readonly application: string;
};

type StartOptions = {
  readonly installation: AsteriskInstallation;
  /** Everything made at run time goes here. */
  readonly directory: string;
  readonly ports: AsteriskPorts;
  /** Address to which SIP and the trunks' media are bound. */
  readonly sipAddress: string;
};

export type DialerOptions = StartOptions & {
  readonly ari: AriAccess;
  /**
   * A further address for the media of agents' browsers; absent when there is none. SIP, HTTP and
   * trunks do not use it.
   */
  readonly lanAddress?: string;
};

export type CarrierOptions = StartOptions & {
  readonly dialerAddress: string;
  readonly dialerSipPort: number;
  /** The SIP password of the debtor's phone, user `debtor`. */
  readonly debtorPassword: string;
};

export type RunningAsterisk = InstanceProcess & {
  readonly ports: AsteriskPorts;
  readonly addresses: { readonly http: string; readonly sip: string; readonly headset: string };
  readonly directory: string;
  /** URL of SIP over plain WebSocket, on loopback; to be proxied, not published. */
  readonly sipWebSocketUrl: string;
};

export type RunningDialer = RunningAsterisk & {
  /** For example `http://127.0.0.1:8088/ari`. */
  readonly ariUrl: string;
  readonly ari: AriAccess;
};

export type RunningCarrier = RunningAsterisk & {
  /** WAV files of what the people at numbers ending 0001 heard: `<digits dialed>-<epoch>.wav`. */
  readonly heardDirectory: string;
};

type DialerFacts = Omit<RunningDialer, keyof InstanceProcess>;
type CarrierFacts = Omit<RunningCarrier, keyof InstanceProcess>;

const TEMPLATES = fileURLToPath(new URL('../../asterisk', import.meta.url));
const HTTP_ADDRESS = '127.0.0.1';

/**
 * Starts the dialer's PBX; resolves when ARI answers and every module is up. Stops a PBX left over
 * in the same directory first.
 *
 * @throws Error with the lines of Asterisk's log that tell why, when it does not come up within 30 s.
 */
export async function startDialerAsterisk(options: DialerOptions): Promise<RunningDialer> {
  const { ari, ports, sipAddress } = options;
  refuseUnsafeName('ARI user name', ari.username);
  refuseUnsafeName('ARI password', ari.password);
  refuseUnsafeName('ARI application', ari.application);
  const headsetAddress = options.lanAddress ?? HTTP_ADDRESS;
  const instance = await prepare('dialer', options, {
    ...portValues(ports, sipAddress),
    transmitSilence: 'no',
    ariUsername: ari.username,
    ariPassword: ari.password,
    application: ari.application,
    sipMirrorPort: String(ports.sipMirror),
    sipMirrorKey: mirrorKeyOf(ari.password),
    iceHostCandidates: iceHostCandidates(headsetAddress),
  });
  const facts: DialerFacts = {
    ports,
    addresses: { http: HTTP_ADDRESS, sip: sipAddress, headset: headsetAddress },
    directory: instance.directory,
    sipWebSocketUrl: `ws://${HTTP_ADDRESS}:${ports.http}/ws`,
    ariUrl: `http://${HTTP_ADDRESS}:${ports.http}/ari`,
    ari,
  };
  const child = await startInstance(instance, facts, () => ariAnswers(facts));
  return { ...facts, ...child };
}

/**
 * Starts the simulated carrier; resolves when SIP answers. Stops a carrier left over in the same
 * directory first. `asterisk/README.md` says what each dialed number does.
 *
 * @throws Error with the lines of Asterisk's log that tell why, when it does not come up within 30 s.
 */
export async function startCarrier(options: CarrierOptions): Promise<RunningCarrier> {
  const { ports, sipAddress, dialerAddress } = options;
  refuseUnsafeName('password of the debtor', options.debtorPassword);
  const heardDirectory = join(resolve(options.directory), 'spool/heard');
  const voicemailDirectory = join(resolve(options.directory), 'spool/voicemail');
  const instance = await prepare('carrier', options, {
    ...portValues(ports, sipAddress),
    transmitSilence: 'yes',
    dialerAddress,
    dialerSipPort: String(options.dialerSipPort),
    debtorPassword: options.debtorPassword,
    iceHostCandidates: iceHostCandidates(sipAddress),
    heardDirectory,
    voicemailDirectory,
  });
  await mkdir(heardDirectory, { recursive: true });
  await mkdir(voicemailDirectory, { recursive: true });
  const facts: CarrierFacts = {
    ports,
    addresses: { http: sipAddress, sip: sipAddress, headset: sipAddress },
    directory: instance.directory,
    sipWebSocketUrl: `ws://${sipAddress}:${ports.http}/ws`,
    heardDirectory,
  };
  const child = await startInstance(instance, facts, () =>
    sipAnswers(sipAddress, ports.sip, dialerAddress),
  );
  return { ...facts, ...child };
}

/** The dialer's PBX that still runs in `directory`, if one does. */
export async function attachDialer(directory: string): Promise<RunningDialer | undefined> {
  return (await attachInstance('dialer', directory)) as RunningDialer | undefined;
}

/** The carrier that still runs in `directory`, if one does. */
export async function attachCarrier(directory: string): Promise<RunningCarrier | undefined> {
  return (await attachInstance('carrier', directory)) as RunningCarrier | undefined;
}

/** Stops a leftover, makes the folders and writes the configuration. */
async function prepare(
  kind: Instance['kind'],
  options: StartOptions,
  values: TemplateValues,
): Promise<Instance> {
  const directory = resolve(options.directory);
  await endInstances(kind, directory);
  const folders = foldersOf(directory);
  for (const folder of Object.values(folders))
    await mkdir(folder, { recursive: true, mode: 0o700 });
  await mkdir(join(folders.var, 'cache'), { recursive: true, mode: 0o700 });
  await mkdir(join(folders.var, 'keys'), { recursive: true, mode: 0o700 });
  await mkdir(join(folders.spool, 'recording'), { recursive: true, mode: 0o700 });
  await linkData(options.installation.dataDirectory, folders.data);
  const templates = [join(TEMPLATES, 'common'), join(TEMPLATES, kind)];
  await rm(folders.etc, { recursive: true, force: true });
  await configureAsterisk(templates, folders.etc, {
    ...values,
    etcDirectory: folders.etc,
    varDirectory: folders.var,
    dataDirectory: folders.data,
    spoolDirectory: folders.spool,
    runDirectory: folders.run,
    logDirectory: folders.log,
    modulesDirectory: options.installation.modulesDirectory,
    musicDirectory: join(folders.data, 'sounds/cadencia/music'),
    systemName: kind,
    entityId: entityIdOf(directory),
  });
  return { kind, directory, command: options.installation.command, folders };
}

function foldersOf(directory: string): Instance['folders'] {
  const names = ['etc', 'var', 'data', 'spool', 'log'] as const;
  const folders = Object.fromEntries(names.map((name) => [name, join(directory, name)]));
  return { ...(folders as Record<(typeof names)[number], string>), run: runDirectoryOf(directory) };
}

/**
 * Longest run directory: the path of a Unix socket holds 107 characters. For a deeper folder the
 * socket is in /tmp.
 */
const RUN_DIRECTORY_LENGTH_MAX = 107 - '/asterisk.ctl'.length;

function runDirectoryOf(directory: string): string {
  const inside = join(directory, 'run');
  if (inside.length <= RUN_DIRECTORY_LENGTH_MAX) return inside;
  return join(
    tmpdir(),
    `cadencia-${createHash('sha256').update(directory).digest('hex').slice(0, 16)}`,
  );
}

/**
 * Links Asterisk's documentation and API description, our recordings as `sound:cadencia/…`, and the
 * folder of campaigns' recordings, `sound:messages/…`.
 */
async function linkData(from: string, to: string): Promise<void> {
  await mkdir(join(to, 'sounds/messages'), { recursive: true });
  const links = {
    documentation: join(from, 'documentation'),
    'rest-api': join(from, 'rest-api'),
    'sounds/cadencia': join(TEMPLATES, 'prompts'),
  };
  for (const [name, target] of Object.entries(links)) {
    await rm(join(to, name), { force: true, recursive: true });
    await symlink(target, join(to, name));
  }
}

/** Asterisk's identity in ARI, one per directory, in the form of a MAC address. */
function entityIdOf(directory: string): string {
  const bytes =
    createHash('sha256').update(directory).digest('hex').slice(0, 10).match(/../g) ?? [];
  return ['02', ...bytes].join(':');
}

function portValues(ports: AsteriskPorts, sipAddress: string): TemplateValues {
  return {
    httpPort: String(ports.http),
    sipPort: String(ports.sip),
    rtpStart: String(ports.rtpStart),
    rtpEnd: String(ports.rtpEnd),
    sipAddress,
  };
}

/**
 * Replaces every other IPv4 address of this machine by the one to which browsers' media is bound.
 */
function iceHostCandidates(advertised: string): readonly string[] {
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  return addresses
    .filter(
      ({ family, internal, address }) => family === 'IPv4' && !internal && address !== advertised,
    )
    .map(({ address }) => `${address} => ${advertised}`);
}

function refuseUnsafeName(what: string, value: string): void {
  if (!/^[A-Za-z0-9_.-]{1,128}$/.test(value)) {
    throw new Error(`The ${what} may hold letters, digits, dot, dash and underscore only`);
  }
}

async function ariAnswers({ ariUrl, ari }: DialerFacts): Promise<boolean> {
  const authorization = `Basic ${Buffer.from(`${ari.username}:${ari.password}`).toString('base64')}`;
  const response = await fetch(`${ariUrl}/asterisk/ping`, {
    headers: { authorization },
    signal: AbortSignal.timeout(2_000),
  }).catch(() => undefined);
  await response?.arrayBuffer();
  if (response?.status === 401) throw new Error('ARI refuses the user name and password');
  return response?.status === 200;
}
