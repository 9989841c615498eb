/**
 * The configuration of an Asterisk in a container: the usual templates with values from the
 * environment, plus the address outside the container's network and a log to the container's own.
 *
 * `container.ts dialer|carrier` writes the configuration and prints the command that starts
 * Asterisk, one word per line. `container.ts check` fails when the Asterisk installed here is too
 * old.
 */
import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { appendFile, mkdir, rm, symlink } from 'node:fs/promises';
import { isIPv4 } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { mirrorKeyOf } from '../../src/telephony/sip-mirror.ts';
import { configureAsterisk, type TemplateValues } from './configure.ts';
import { type AsteriskInstallation, OLDEST_VERSION } from './installation.ts';
import { obtainAsterisk } from './obtain.ts';
import { environment } from './process.ts';

type Common = {
  /** Written at each start and kept off the disk, because it holds passwords. */
  readonly configurationDirectory: string;
  /** Folder of recordings. */
  readonly stateDirectory: string;
  readonly httpPort: number;
  readonly sipAddress: string;
  readonly sipPort: number;
  /** Even; `rtpEnd` is odd and included. */
  readonly rtpStart: number;
  readonly rtpEnd: number;
};

export type DialerContainer = Common & {
  readonly kind: 'dialer';
  readonly ariPassword: string;
  /** Address at which browsers reach this container's RTP ports. */
  readonly mediaAddress: string;
  /** Address at which carriers reach this container's SIP and RTP ports. */
  readonly trunkAddress: string;
  /** The container's own network, without address translation, as `address/bits`. */
  readonly localNetwork: string;
};

export type CarrierContainer = Common & {
  readonly kind: 'carrier';
  readonly dialerAddress: string;
  readonly dialerSipPort: number;
};

export type AsteriskContainer = DialerContainer | CarrierContainer;

type Environment = Readonly<Record<string, string | undefined>>;

const TEMPLATES = fileURLToPath(new URL('../../asterisk', import.meta.url));
/** Templates for containers only, which replace single ones. */
const CONTAINER_TEMPLATES = fileURLToPath(new URL('../../docker/asterisk', import.meta.url));
/** The same as the defaults of src/config.ts. */
const ARI_USERNAME = 'dialer';
const ARI_APPLICATION = 'dialer';
const SIP_PORT = 5060;
const HTTP_PORT = 8088;
const SIP_MIRROR_PORT = 8089;

/** @throws Error with every variable that is missing or wrong. */
export function readAsteriskContainer(
  kind: AsteriskContainer['kind'],
  variables: Environment,
): AsteriskContainer {
  const problems: string[] = [];
  const read = readerOf(variables, problems);
  const common: Common = {
    configurationDirectory: variables.CONFIGURATION_DIRECTORY || '/run/cadencia',
    stateDirectory: variables.STATE_DIRECTORY || '/var/lib/cadencia',
    httpPort: read.port('HTTP_PORT', HTTP_PORT),
    sipAddress: read.address('SIP_ADDRESS'),
    sipPort: read.port('SIP_PORT', SIP_PORT),
    rtpStart: read.port('RTP_START'),
    rtpEnd: read.port('RTP_END'),
  };
  const { rtpStart, rtpEnd } = common;
  if (rtpStart % 2 !== 0 || rtpEnd % 2 !== 1 || rtpEnd <= rtpStart) {
    problems.push('RTP_START must be even and RTP_END odd and greater: RTP and RTCP come in pairs');
  }
  const container: AsteriskContainer =
    kind === 'carrier'
      ? {
          ...common,
          kind,
          dialerAddress: read.address('DIALER_ADDRESS'),
          dialerSipPort: read.port('DIALER_SIP_PORT', SIP_PORT),
        }
      : {
          ...common,
          kind,
          ariPassword: read.password('ARI_PASSWORD_FILE'),
          mediaAddress: read.address('MEDIA_ADDRESS'),
          trunkAddress: read.address('TRUNK_ADDRESS', variables.MEDIA_ADDRESS),
          localNetwork: read.network('LOCAL_NETWORK'),
        };
  if (problems.length === 0) return container;
  throw new Error(['Asterisk cannot start:', ...problems.map((one) => `  - ${one}`)].join('\n'));
}

function readerOf(variables: Environment, problems: string[]) {
  const checked = (name: string, fallback: string | undefined, what: string, rule: RegExp) => {
    const text = variables[name] || fallback || '';
    if (!rule.test(text)) problems.push(text ? `${name} is not ${what}` : `${name} is missing`);
    return text;
  };
  return {
    address(name: string, fallback?: string): string {
      const text = checked(name, fallback, 'an IPv4 address', /./);
      if (text && !isIPv4(text)) problems.push(`${name} is not an IPv4 address`);
      return text;
    },
    network(name: string): string {
      return checked(name, undefined, 'a network such as 10.0.0.0/24', /^[\d.]{7,15}\/\d{1,2}$/);
    },
    port(name: string, fallback?: number): number {
      const port = Number(checked(name, fallback?.toString(), 'a port number', /^\d{1,5}$/));
      if (port > 65_535) problems.push(`${name} is not a port number`);
      return port;
    },
    password(name: string): string {
      const file = checked(name, undefined, 'a file', /./);
      const text = file === '' ? '' : readSecret(file, name, problems);
      // Asterisk's files have no quoting.
      if (text !== '' && !/^[A-Za-z0-9_.-]{16,128}$/.test(text)) {
        problems.push(`${name}: ${file} must hold 16 to 128 letters, digits, dots, dashes`);
      }
      return text;
    },
  };
}

function readSecret(file: string, name: string, problems: string[]): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    problems.push(`${name}: ${file} cannot be read (${(error as Error).message})`);
    return '';
  }
}

/** Makes the folders, writes the configuration, and returns the command that starts Asterisk. */
export async function writeConfiguration(
  container: AsteriskContainer,
  installation: AsteriskInstallation,
): Promise<readonly string[]> {
  const { kind, configurationDirectory, stateDirectory } = container;
  const inside = (name: string) => join(configurationDirectory, name);
  const folders = {
    etc: inside('etc'),
    var: inside('var'),
    data: inside('data'),
    run: inside('run'),
  };
  const spool = join(stateDirectory, 'spool');
  const needed = [
    ...Object.values(folders),
    join(folders.var, 'cache'),
    join(folders.var, 'keys'),
    inside('log'),
    join(spool, 'recording'),
  ];
  if (kind === 'carrier') needed.push(join(spool, 'heard'), join(spool, 'voicemail'));
  for (const folder of needed) await mkdir(folder, { recursive: true, mode: 0o700 });
  await linkData(installation.dataDirectory, folders.data, join(stateDirectory, 'messages'));
  const templates = [join(TEMPLATES, 'common'), join(TEMPLATES, kind), CONTAINER_TEMPLATES];
  await configureAsterisk(templates, folders.etc, {
    ...valuesOf(container, spool),
    etcDirectory: folders.etc,
    varDirectory: folders.var,
    dataDirectory: folders.data,
    spoolDirectory: spool,
    runDirectory: folders.run,
    logDirectory: inside('log'),
    modulesDirectory: installation.modulesDirectory,
    musicDirectory: join(folders.data, 'sounds/cadencia/music'),
    systemName: kind,
    entityId: entityIdOf(container),
  });
  if (container.kind === 'dialer') {
    await appendFile(join(folders.etc, 'pjsip.conf'), outsideAddress(container));
  }
  return [...installation.command, '-C', join(folders.etc, 'asterisk.conf')];
}

/**
 * Links Asterisk's documentation and API description, our recordings as `sound:cadencia/…`, and the
 * folder of campaigns' recordings, `sound:messages/…`.
 */
async function linkData(from: string, to: string, messages: string): Promise<void> {
  await mkdir(join(to, 'sounds'), { recursive: true });
  await mkdir(messages, { recursive: true });
  const links = {
    documentation: join(from, 'documentation'),
    'rest-api': join(from, 'rest-api'),
    'sounds/cadencia': join(TEMPLATES, 'prompts'),
    'sounds/messages': messages,
  };
  for (const [name, target] of Object.entries(links)) {
    await rm(join(to, name), { force: true, recursive: true });
    await symlink(target, join(to, name));
  }
}

function valuesOf(container: AsteriskContainer, spool: string): TemplateValues {
  const common = {
    httpPort: String(container.httpPort),
    sipAddress: container.sipAddress,
    sipPort: String(container.sipPort),
    rtpStart: String(container.rtpStart),
    rtpEnd: String(container.rtpEnd),
  };
  if (container.kind === 'carrier') {
    return {
      ...common,
      transmitSilence: 'yes',
      dialerAddress: container.dialerAddress,
      dialerSipPort: String(container.dialerSipPort),
      // There is no debtor's telephone here: its media would need further published ports.
      debtorPassword: randomBytes(24).toString('hex'),
      iceHostCandidates: [],
      heardDirectory: join(spool, 'heard'),
      voicemailDirectory: join(spool, 'voicemail'),
    };
  }
  return {
    ...common,
    transmitSilence: 'no',
    ariUsername: ARI_USERNAME,
    ariPassword: container.ariPassword,
    application: ARI_APPLICATION,
    sipMirrorPort: String(SIP_MIRROR_PORT),
    sipMirrorKey: mirrorKeyOf(container.ariPassword),
    iceHostCandidates: ownAddresses()
      .filter((address) => address !== container.mediaAddress)
      .map((address) => `${address} => ${container.mediaAddress}`),
  };
}

/**
 * Settings that make carriers send answers and audio to the host, which forwards them. `(+)` adds
 * to a section the template has opened.
 */
function outsideAddress({ trunkAddress, localNetwork, sipPort }: DialerContainer): string {
  return [
    '',
    '[transport-udp](+)',
    `external_signaling_address = ${trunkAddress}`,
    `external_signaling_port = ${sipPort}`,
    `external_media_address = ${trunkAddress}`,
    'local_net = 127.0.0.0/8',
    `local_net = ${localNetwork}`,
    '',
  ].join('\n');
}

function ownAddresses(): readonly string[] {
  return Object.values(networkInterfaces())
    .flatMap((list) => list ?? [])
    .filter(({ family, internal }) => family === 'IPv4' && !internal)
    .map(({ address }) => address);
}

/**
 * Asterisk's identity in ARI, in the form of a MAC address. It cannot be derived from the folder,
 * which is the same in every container.
 */
function entityIdOf({ kind, sipAddress }: AsteriskContainer): string {
  const hash = createHash('sha256').update(`${kind} ${sipAddress}`).digest('hex');
  return ['02', ...(hash.slice(0, 10).match(/../g) ?? [])].join(':');
}

async function main([what]: readonly string[]): Promise<void> {
  const installation = await obtainAsterisk({
    // Used only when the image's own Asterisk is not suitable.
    directory: environment.ASTERISK_DIRECTORY || '/tmp/asterisk',
    report: (line) => console.error(line),
  });
  if (what === 'check') {
    const { origin, version } = installation;
    if (origin !== 'path') throw new Error(`No Asterisk ${OLDEST_VERSION} or newer is installed`);
    console.log(`Asterisk ${version}`);
  } else if (what === 'dialer' || what === 'carrier') {
    const container = readAsteriskContainer(what, environment);
    const words = await writeConfiguration(container, installation);
    console.log(words.join('\n'));
  } else {
    throw new Error('Say which: dialer, carrier or check');
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await main(process.argv.slice(2)).catch((error: unknown) => {
    console.error((error as Error).message);
    process.exit(1);
  });
}
