/**
 * Every setting, one line each: type, unit (in the name), default, meaning. Settings are read from
 * the environment as `CADENCIA_…` and from the JSON file that `CADENCIA_CONFIG_FILE` names; the
 * environment wins. `config/settings.example.env` is generated from this list.
 */
import { resolve } from 'node:path';
import type { Config, DebtorPhoneConfig, PlayedDebtor, WebConfig } from './config-shape.ts';
import { APPROVAL_LASTS_MS, type Approvable } from './domain/approvals/approval.ts';
import {
  type Environment,
  FILE_VARIABLE,
  type Given,
  gather,
  variableOf,
} from './gather-settings.ts';
import { KEY_RING_FILE } from './keys/key-ring-file.ts';
import { MEGABYTE_BYTES } from './lib/bytes.ts';
import { given } from './lib/given.ts';
import { MINUTE_MS, SECOND_MS } from './lib/time.ts';
import {
  address,
  checkReadable,
  choice,
  choices,
  clockTime,
  databaseUrl,
  domain,
  flag,
  httpUrl,
  integer,
  isLoopback,
  list,
  origin,
  ownNumber,
  plainSocketUrl,
  playedDebtor,
  secret,
  text,
  upstreamOf,
} from './setting-kinds.ts';
import { COPIES_FOLDER } from './storage/copies-folder.ts';

/** Thrown once, with every problem and its remedy. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    const count = problems.length === 1 ? 'one setting is' : `${problems.length} settings are`;
    super(
      [
        `Cadência cannot start: ${count} wrong.`,
        ...problems.map((problem) => `  - ${problem}`),
        'Every setting is described in config/settings.example.env.',
      ].join('\n'),
    );
    this.problems = problems;
  }
}

// ── The list ────────────────────────────────────────────────────────────────────────────────────

const SETTINGS = {
  webHost: text({
    default: '127.0.0.1',
    meaning:
      'Address the web server listens on. Beyond loopback it needs TLS, or an https origin in WEB_PUBLIC_ORIGINS.',
  }),
  webPort: integer({
    default: 8443,
    min: 0,
    max: 65_535,
    meaning: 'Port of the web server; 0 takes any free one.',
  }),
  webPublicOrigins: list({
    default: [],
    of: origin,
    meaning:
      'Origins under which browsers reach the server, such as https://discador.example.com. Empty: its own address.',
  }),
  webTrustedProxies: list({
    default: [],
    of: address,
    meaning: 'Addresses of TLS front doors whose X-Forwarded-For is believed.',
  }),
  webLanAddress: text({
    default: '',
    of: address,
    meaning: 'Address of this machine in the local network, when agents sit at other machines.',
  }),
  webTlsCertificateFile: text({
    default: '',
    meaning: 'PEM file with the certificate chain; with it the server speaks https.',
  }),
  webTlsKeyFile: text({
    default: '',
    meaning: 'PEM file with the private key of the certificate.',
  }),
  webAuthorityFile: text({
    default: '',
    meaning:
      'PEM file with the root of a private certificate authority, offered for download at /ca.crt.',
  }),
  webFolder: text({ default: '.cadencia/build/web', meaning: 'Folder of the built web pages.' }),
  sessionIdleMinutes: integer({
    default: 60,
    min: 1,
    max: 1_440,
    meaning: 'An unused session ends after this long. An open console counts as use.',
  }),
  sessionLifetimeHours: integer({
    default: 14,
    min: 1,
    max: 72,
    meaning: 'Every session ends after this long; set it longer than a shift.',
  }),
  databaseFile: text({
    default: '.cadencia/cadencia.db',
    meaning: 'SQLite database; made when missing.',
  }),
  databaseUrl: secret({
    of: databaseUrl,
    meaning:
      'PostgreSQL database in place of that file, such as postgres://user:password@host:5432/name. It exists, its encoding is UTF8, and its tables are made by the server.',
  }),
  diskLowMegabytes: integer({
    default: 1_024,
    min: 1,
    max: 100_000_000,
    meaning:
      'With less free room than this on the disks of the database and the log, supervisors and /health get a warning.',
  }),
  diskFullMegabytes: integer({
    default: 256,
    min: 1,
    max: 100_000_000,
    meaning: 'With less than this, nothing is dialed or imported until there is room again.',
  }),
  diskBallastMegabytes: integer({
    default: 64,
    min: 0,
    max: 100_000,
    meaning:
      'Size of a file beside the database that is deleted when the disk is full, so that conversations and dispositions in progress can still be stored; 0 for none. It does not count as free room above.',
  }),
  backUpFolder: text({
    default: COPIES_FOLDER,
    meaning:
      'Folder of the daily copies of the SQLite database; better on another disk. They hold personal data. A PostgreSQL server is backed up by its operator, with pg_dump.',
  }),
  backUpsKept: integer({
    default: 7,
    min: 0,
    max: 1_000,
    meaning: 'Daily copies that are kept; the oldest goes first. 0: none is made.',
  }),
  backUpAt: text({
    default: '03:30',
    of: clockTime,
    meaning: 'Time of day in Brasília at which the copy is made.',
  }),
  secret: secret({
    required: true,
    lettersMin: 32,
    meaning:
      'Random text of this installation, 32 characters or more, the same at each start. Passwords of headsets are derived from it.',
  }),
  keyRingFile: text({
    default: KEY_RING_FILE,
    meaning:
      'File with the keys that personal data and passwords of carriers are sealed with; its owner alone may read it. `npm run keys -- rotate` makes it. Keep a copy, and never beside one of the database.',
  }),
  keyRing: secret({
    meaning:
      'The keys themselves in place of that file, as a container has them: its lines, the newest first, with commas between them.',
  }),
  approvalNeededFor: choices({
    default: [],
    of: Object.keys(APPROVAL_LASTS_MS) as Approvable['kind'][],
    meaning:
      'What a second person has to approve. release-unwanted: that a telephone that refused our calls may be called again. Empty: nothing.',
  }),
  complianceFolder: text({
    default: 'config/compliance',
    meaning: 'Folder of the compliance profiles.',
  }),
  rejectionsFolder: text({
    default: '.cadencia/rejections',
    meaning:
      'Folder for the refused rows of imported files. They hold personal data and are removed after 30 days.',
  }),
  ariUrl: text({
    default: 'http://127.0.0.1:8088/ari',
    of: httpUrl,
    meaning: "Asterisk's REST interface.",
  }),
  ariUsername: text({ default: 'dialer', meaning: "User in Asterisk's ari.conf." }),
  ariPassword: secret({ required: true, meaning: 'Password of that user.' }),
  ariApplication: text({ default: 'dialer', meaning: 'Name of the Stasis application.' }),
  sipMirrorPort: integer({
    default: 8089,
    min: 0,
    max: 65_535,
    meaning:
      'UDP port on 127.0.0.1 to which Asterisk sends copies of SIP messages, so that Reason headers are read. 0: none.',
  }),
  sipUpstreamUrl: text({
    default: 'ws://127.0.0.1:8088/ws',
    of: plainSocketUrl,
    meaning: "Asterisk's plain SIP WebSocket, to which /sip is proxied.",
  }),
  sipDomain: text({
    default: 'cadencia.invalid',
    of: domain,
    meaning: 'Domain in the SIP addresses of headsets; any name, it is never looked up.',
  }),
  mediaTrunkAddress: text({
    default: '',
    of: address,
    meaning:
      "Asterisk's address for audio to and from carriers. Empty: every address of its machine.",
  }),
  mediaHeadsetAddress: text({
    default: '',
    of: address,
    meaning: "Asterisk's address for audio to and from browsers. Empty: every address.",
  }),
  debtorPhoneEnabled: flag({
    default: false,
    meaning: "Opens the visitor's telephone at the simulated carrier. For demonstrations only.",
  }),
  debtorPhoneUpstreamUrl: text({
    default: '',
    of: plainSocketUrl,
    meaning: "The simulated carrier's plain SIP WebSocket.",
  }),
  debtorPhoneDomain: text({
    default: 'carrier.invalid',
    of: domain,
    meaning: 'Domain in the SIP address of that telephone.',
  }),
  debtorPhoneUsername: text({
    default: 'debtor',
    meaning: 'User of that telephone at the simulated carrier.',
  }),
  debtorPhonePassword: secret({ meaning: 'Password of that user.' }),
  debtorPhoneNumbers: list({
    default: [],
    of: ownNumber,
    meaning: 'Numbers of the demonstration that ring there, such as +5511988880099.',
  }),
  debtorPhonePeople: list({
    default: [],
    of: playedDebtor,
    meaning:
      'The invented debtors behind those numbers, for the visitor who plays them: number;name;CPF;birth date;CEP, such as +5511988880099;Marina Telles;31972608487;1986-05-14;05416010. Never real people.',
  }),
  debtorPhoneOperationNumbers: list({
    default: [],
    of: ownNumber,
    meaning: 'Numbers of the operation that the visitor may call in on.',
  }),
  logLevel: choice({
    default: 'info',
    of: ['trace', 'debug', 'info', 'warn', 'error'],
    meaning: 'Least important log line that is written.',
  }),
  logPersonalData: flag({
    default: false,
    meaning: 'Writes names, numbers and documents into the log. Never in production.',
  }),
  drainSeconds: integer({
    default: 120,
    min: 0,
    max: 3_600,
    meaning: 'How long conversations may go on after the process was asked to stop.',
  }),
} as const;

type SettingName = keyof typeof SETTINGS;
type Values = { readonly [Name in SettingName]: ReturnType<(typeof SETTINGS)[Name]['read']> };

const NAMES = Object.keys(SETTINGS) as SettingName[];

/**
 * Reads, decides and checks. Throws {@link ConfigError} with every problem in one message. Relative
 * file names start from `folder`, by default the working directory.
 */
export function readConfig(environment: Environment, folder = '.'): Config {
  const problems: string[] = [];
  const texts = gather(environment, folder, NAMES, problems);
  const values = readValues(texts, problems);
  checkTogether(values, problems, folder);
  if (problems.length > 0) throw new ConfigError(problems);
  return assemble(values, folder);
}

/** The text of `config/settings.example.env`. */
export function renderSettingsExample(): string {
  const lines = [
    '# Every setting of Cadência. Generated from src/config.ts; the values shown are the defaults.',
    `# A JSON file named by ${FILE_VARIABLE} may hold the same, as {"webPort": 8443, …}; these win over it.`,
  ];
  for (const name of NAMES) {
    const { kind, meaning, shown, required } = SETTINGS[name];
    lines.push('', `# ${meaning}`, `# ${kind}${required ? ', required' : ''}`);
    lines.push(`${required ? '' : '# '}${variableOf(name)}=${shown}`);
  }
  return `${lines.join('\n')}\n`;
}

// ── Reading ─────────────────────────────────────────────────────────────────────────────────────

function readValues(texts: ReadonlyMap<string, Given>, problems: string[]): Values {
  const values: Record<string, unknown> = {};
  for (const name of NAMES) {
    const setting = SETTINGS[name];
    const one = texts.get(name);
    if (!one && setting.required)
      problems.push(`${variableOf(name)} is missing. ${setting.meaning}`);
    try {
      values[name] = one ? setting.read(one.text.trim()) : setting.default;
    } catch (error) {
      const shown = setting.secret ? 'its value' : JSON.stringify(one?.text);
      problems.push(`${one?.where}: ${shown} ${(error as Error).message}. ${setting.meaning}`);
      values[name] = setting.default;
    }
  }
  return values as Values;
}

// ── Deciding ────────────────────────────────────────────────────────────────────────────────────

function checkTogether(values: Values, problems: string[], folder: string): void {
  const { webTlsCertificateFile: certificate, webTlsKeyFile: key } = values;
  if ((certificate === '') !== (key === '')) {
    problems.push(
      'CADENCIA_WEB_TLS_CERTIFICATE_FILE and CADENCIA_WEB_TLS_KEY_FILE belong together: set both or neither.',
    );
  }
  for (const name of ['webTlsCertificateFile', 'webTlsKeyFile', 'webAuthorityFile'] as const) {
    if (values[name] !== '')
      checkReadable(variableOf(name), resolve(folder, values[name]), problems);
  }
  const isSafe =
    certificate !== '' || values.webPublicOrigins.some((one) => one.startsWith('https:'));
  if (!isLoopback(values.webHost) && !isSafe) {
    problems.push(
      `CADENCIA_WEB_HOST: ${values.webHost} is reached from other machines, and browsers give a page the microphone over https only. Set the TLS files, or the https origin of a TLS front door in CADENCIA_WEB_PUBLIC_ORIGINS.`,
    );
  }
  if (values.diskFullMegabytes >= values.diskLowMegabytes) {
    problems.push(
      'CADENCIA_DISK_FULL_MEGABYTES is not below CADENCIA_DISK_LOW_MEGABYTES: people would not be told before dialing stops.',
    );
  }
  if (values.sessionIdleMinutes > values.sessionLifetimeHours * 60) {
    problems.push(
      'CADENCIA_SESSION_IDLE_MINUTES is longer than CADENCIA_SESSION_LIFETIME_HOURS: make it shorter.',
    );
  }
  if (!values.debtorPhoneEnabled) return;
  for (const name of ['debtorPhoneUpstreamUrl', 'debtorPhonePassword'] as const) {
    if (values[name] === '')
      problems.push(
        `${variableOf(name)} is missing, and the debtor phone is enabled. ${SETTINGS[name].meaning}`,
      );
  }
}

function assemble(values: Values, folder: string): Config {
  return {
    web: webOf(values, folder),
    sessions: {
      idleMs: values.sessionIdleMinutes * MINUTE_MS,
      lifetimeMs: values.sessionLifetimeHours * 60 * MINUTE_MS,
    },
    database: values.databaseUrl || resolve(folder, values.databaseFile),
    disk: {
      lowBelowBytes: values.diskLowMegabytes * MEGABYTE_BYTES,
      fullBelowBytes: values.diskFullMegabytes * MEGABYTE_BYTES,
      ballastBytes: values.diskBallastMegabytes * MEGABYTE_BYTES,
    },
    backUps: {
      folder: resolve(folder, values.backUpFolder),
      kept: values.backUpsKept,
      atMinute: minuteOf(values.backUpAt),
    },
    secret: values.secret,
    keyRing: {
      file: resolve(folder, values.keyRingFile),
      ...given({ text: values.keyRing || undefined }),
    },
    approvalNeededFor: values.approvalNeededFor,
    complianceFolder: resolve(folder, values.complianceFolder),
    rejectionsFolder: resolve(folder, values.rejectionsFolder),
    ari: {
      url: values.ariUrl,
      username: values.ariUsername,
      password: values.ariPassword,
      application: values.ariApplication,
      ...given({ sipMirrorPort: values.sipMirrorPort || undefined }),
    },
    sip: { upstream: upstreamOf(values.sipUpstreamUrl), domain: values.sipDomain },
    media: {
      ...given({
        trunkAddress: values.mediaTrunkAddress || undefined,
        headsetAddress: values.mediaHeadsetAddress || undefined,
      }),
    },
    ...(values.debtorPhoneEnabled ? { debtorPhone: debtorPhoneOf(values) } : {}),
    log: { level: values.logLevel, showPersonalData: values.logPersonalData },
    drainMs: values.drainSeconds * SECOND_MS,
  };
}

/** Of a checked `03:30`. */
function minuteOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * 60 + minutes;
}

function webOf(values: Values, folder: string): WebConfig {
  const file = (name: string) => resolve(folder, name);
  return {
    // `localhost` would make two listeners, one for each IP version; we need one, with one upgrade
    // handler.
    host: values.webHost === 'localhost' ? '127.0.0.1' : values.webHost,
    port: values.webPort,
    publicOrigins: values.webPublicOrigins,
    trustedProxies: values.webTrustedProxies,
    folder: file(values.webFolder),
    ...given({ lanAddress: values.webLanAddress || undefined }),
    ...(values.webAuthorityFile === '' ? {} : { authorityFile: file(values.webAuthorityFile) }),
    ...(values.webTlsCertificateFile === ''
      ? {}
      : {
          tls: {
            certificateFile: file(values.webTlsCertificateFile),
            keyFile: file(values.webTlsKeyFile),
          },
        }),
  };
}

function debtorPhoneOf(values: Values): DebtorPhoneConfig {
  return {
    upstream: upstreamOf(values.debtorPhoneUpstreamUrl),
    domain: values.debtorPhoneDomain,
    username: values.debtorPhoneUsername,
    password: values.debtorPhonePassword,
    numbers: values.debtorPhoneNumbers,
    people: values.debtorPhonePeople.map(readPlayedDebtor),
    operationNumbers: values.debtorPhoneOperationNumbers,
  };
}

function readPlayedDebtor(text: string): PlayedDebtor {
  const [phone = '', name = '', document = '', birthDate = '', postalCode = ''] = text.split(';');
  return { phone, name, document, birthDate, postalCode };
}
