/** The entry point of the Asterisk image, outside of a container, with a real Asterisk. */
import { type ChildProcess, spawn } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readAsteriskContainer } from '../../scripts/asterisk/container.ts';
import { chooseFreePorts } from '../../scripts/asterisk/free-ports.ts';
import type { AsteriskInstallation } from '../../scripts/asterisk/installation.ts';
import { obtainAsterisk } from '../../scripts/asterisk/obtain.ts';
import { run, waitUntil } from '../../scripts/asterisk/process.ts';
import {
  type RunningCarrier,
  type RunningDialer,
  startCarrier,
} from '../../scripts/asterisk/run.ts';
import { connectAri, dial, pushCarrierTrunk } from '../support/plain-ari.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const ASTERISK_DIRECTORY = join(ROOT, '.cadencia/asterisk');
const PASSWORD = 'only-for-this-test-0123456789';
const START_MAX_MS = 60_000;

let installation: AsteriskInstallation;
let folder: string;
let variables: Record<string, string>;
let started: Started | undefined;

type Started = {
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  log(): string;
  console(line: string): Promise<string>;
};

beforeAll(async () => {
  installation = await obtainAsterisk({ directory: ASTERISK_DIRECTORY, report: () => undefined });
});

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cadencia-container-'));
  const ports = await chooseFreePorts('127.0.0.1');
  await writeFile(join(folder, 'ari-password'), `${PASSWORD}\n`);
  variables = {
    ASTERISK_DIRECTORY,
    CONFIGURATION_DIRECTORY: join(folder, 'run'),
    STATE_DIRECTORY: join(folder, 'state'),
    HTTP_PORT: `${ports.http}`,
    SIP_ADDRESS: '127.0.0.1',
    SIP_PORT: `${ports.sip}`,
    RTP_START: `${ports.rtpStart}`,
    RTP_END: `${ports.rtpEnd}`,
    MEDIA_ADDRESS: '192.0.2.10',
    TRUNK_ADDRESS: '203.0.113.10',
    LOCAL_NETWORK: '172.31.250.0/28',
    ARI_PASSWORD_FILE: join(folder, 'ari-password'),
  };
});

afterEach(async () => {
  if (started && started.child.exitCode === null) {
    started.child.kill('SIGTERM');
    await started.ended;
  }
  started = undefined;
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

/** The script of the image. Its `node` finds compiled code there and the sources here. */
async function startEntryPoint(kind: string): Promise<Started> {
  const shim = join(folder, 'node');
  // biome-ignore lint/suspicious/noTemplateCurlyInString: this is how a shell takes an ending off.
  const loader = 'exec "$REAL_NODE" --import tsx "${1%.js}.ts" "$2"';
  await writeFile(shim, `#!/bin/sh\n${loader}\n`);
  await chmod(shim, 0o700);
  const child = spawn(join(ROOT, 'docker/asterisk-entrypoint.sh'), [kind], {
    cwd: ROOT,
    env: { ...variables, PATH: `${folder}:${process.env.PATH}`, REAL_NODE: process.execPath },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
  }
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const [program, ...words] = installation.command;
  const configuration = join(folder, 'run/etc/asterisk.conf');
  return {
    child,
    ended,
    log: () => text,
    console: async (line) =>
      (await run(program, [...words, '-C', configuration, '-rx', line], 10_000)).output,
  };
}

async function untilReady(one: Started): Promise<void> {
  await waitUntil(() => one.log().includes('Asterisk Ready') || !isRunning(one), START_MAX_MS);
  if (!isRunning(one)) throw new Error(one.log());
}

const isRunning = ({ child }: Started) => child.exitCode === null && child.signalCode === null;

describe('the Asterisk of a container', () => {
  it('answers ARI, names the host to carriers and browsers, and logs to its output', async () => {
    started = await startEntryPoint('dialer');
    await untilReady(started);
    const authorization = `Basic ${Buffer.from(`dialer:${PASSWORD}`).toString('base64')}`;
    const url = `http://127.0.0.1:${variables.HTTP_PORT}/ari/asterisk/ping`;
    expect((await fetch(url, { headers: { authorization } })).status).toBe(200);
    const transport = await started.console('pjsip show transport transport-udp');
    expect(transport).toMatch(/external_media_address\s+: 203\.0\.113\.10/);
    expect(transport).toMatch(/external_signaling_address\s+: 203\.0\.113\.10/);
    expect(transport).toMatch(/local_net\s+: 172\.31\.250\.0/);
    const rtp = await readFile(join(folder, 'run/etc/rtp.conf'), 'utf8');
    expect(rtp).not.toMatch(/=> (?!192\.0\.2\.10)/);
    expect(started.log()).toMatch(/NOTICE\[\d+\]/);
    expect(started.log()).not.toContain(PASSWORD);
  });

  it('hangs up every call before it ends in order', async () => {
    started = await startEntryPoint('dialer');
    await untilReady(started);
    const carrier = await carrierBeside();
    const client = await connectAri({
      ariUrl: `http://127.0.0.1:${variables.HTTP_PORT}/ari`,
      ari: { username: 'dialer', password: PASSWORD, application: 'dialer' },
    } as RunningDialer);
    try {
      await pushCarrierTrunk(client, carrier, 'nothing');
      await dial(client, { channelId: 'talk', number: '+5511987650015' });
      await client.waitFor(({ type }) => type === 'StasisStart');
      expect(await carrier.command('core show channels count')).toMatch(/^1 active call$/m);
      started.child.kill('SIGTERM');
      expect(await started.ended).toBe(0);
      expect(started.log()).toContain('Asterisk cleanly ending (0)');
      // The far end would talk for ever: only a BYE ends it.
      expect(await carrier.command('core show channels count')).toMatch(/^0 active calls$/m);
    } finally {
      // Not awaited: the socket ended with its PBX.
      void client.close();
      await carrier.stop();
    }
  });

  it('starts as the simulated carrier too', async () => {
    variables.DIALER_ADDRESS = '127.0.0.1';
    started = await startEntryPoint('carrier');
    await untilReady(started);
    expect(await started.console('dialplan show from-dialer')).toContain('from-dialer');
  });

  it('names every setting that is missing or wrong, and starts nothing', async () => {
    const { MEDIA_ADDRESS: _, ...less } = variables;
    variables = { ...less, RTP_START: '12289', ARI_PASSWORD_FILE: '/nowhere' };
    started = await startEntryPoint('dialer');
    expect(await started.ended).toBe(1);
    for (const problem of [/MEDIA_ADDRESS is missing/, /RTP_START must be even/, /\/nowhere/]) {
      expect(started.log()).toMatch(problem);
    }
  });

  it.each([
    ['SIP_ADDRESS', 'asterisk.example.com'],
    ['RTP_END', '70001'],
    ['LOCAL_NETWORK', '172.31.250.0; bind = 0.0.0.0'],
    ['TRUNK_ADDRESS', '203.0.113.10\nbind = 0.0.0.0'],
  ])('refuses %s=%j', (name, value) => {
    expect(() => readAsteriskContainer('dialer', { ...variables, [name]: value })).toThrow(name);
    expect(() => readAsteriskContainer('dialer', variables)).not.toThrow();
  });
});

async function carrierBeside(): Promise<RunningCarrier> {
  return startCarrier({
    installation,
    directory: join(folder, 'carrier'),
    ports: await chooseFreePorts('127.0.0.2'),
    sipAddress: '127.0.0.2',
    dialerAddress: '127.0.0.1',
    dialerSipPort: Number(variables.SIP_PORT),
    debtorPassword: PASSWORD,
  });
}
