import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chooseFreePorts } from '../../scripts/asterisk/free-ports.ts';
import { obtainAsterisk } from '../../scripts/asterisk/obtain.ts';
import { isAlive, waitUntil } from '../../scripts/asterisk/process.ts';
import { attachDialer, startDialerAsterisk } from '../../scripts/asterisk/run.ts';
import { startTelephonyPair, type TelephonyPair } from '../support/asterisk.ts';
import { connectAri, dial, type PlainAri, pushCarrierTrunk } from '../support/plain-ari.ts';
import { inviteStatus, startRedirector } from '../support/raw-sip.ts';
import { readWav } from '../support/wav.ts';

let pair: TelephonyPair;
let ari: PlainAri;

beforeAll(async () => {
  pair = await startTelephonyPair({ name: 'runtime' });
  ari = await connectAri(pair.dialer);
  await pushCarrierTrunk(ari, pair.carrier, 'trunk-in');
});

afterAll(async () => {
  await ari?.close();
  await pair?.stop();
});

const destroyed = (channelId: string) =>
  ari.waitFor((event) => event.type === 'ChannelDestroyed' && event.channel?.id === channelId);
const entered = (channelId: string) =>
  ari.waitFor((event) => event.type === 'StasisStart' && event.channel?.id === channelId);
const typesOf = (channelId: string) =>
  ari.events.filter((event) => event.channel?.id === channelId).map((event) => event.type);
const sipOf = (running: TelephonyPair['dialer' | 'carrier']) => ({
  address: running.addresses.sip,
  port: running.ports.sip,
});

describe('starting', () => {
  it.each(['dialer', 'carrier'] as const)('loads every module that the %s names', async (kind) => {
    const wanted = await readFile(join(pair[kind].directory, 'etc/modules.conf'), 'utf8');
    const names = [...wanted.matchAll(/^(?:load|require) = (\S+)/gm)].map((match) => match[1]);
    const running = [
      ...(await pair[kind].command('module show')).matchAll(/^(\S+\.so) .* Running /gm),
    ];
    expect(names.length).toBeGreaterThan(40);
    expect(running.map((match) => match[1]).sort()).toEqual([...names].sort());
  });

  it.each(['dialer', 'carrier'] as const)(
    'logs no warning and no error in the %s',
    async (kind) => {
      const log = await readFile(join(pair[kind].directory, 'log/asterisk.log'), 'utf8');
      expect(log).toContain('Asterisk 22.');
      expect(log.split('\n').filter((line) => /WARNING|ERROR/.test(line))).toEqual([]);
      expect(await readFile(join(pair[kind].directory, 'log/console.log'), 'utf8')).toBe('');
    },
  );

  it('listens on loopback only', async () => {
    const { dialer, carrier } = pair;
    expect(await listenersOf('tcp', dialer.ports.http)).toEqual(['127.0.0.1']);
    expect(await listenersOf('udp', dialer.ports.sip)).toEqual(['127.0.0.1']);
    expect(await listenersOf('tcp', carrier.ports.http)).toEqual(['127.0.0.2']);
    expect(await listenersOf('udp', carrier.ports.sip)).toEqual(['127.0.0.2']);
  });

  it('asks for a password on ARI', async () => {
    expect((await fetch(`${pair.dialer.ariUrl}/channels`)).status).toBe(401);
  });

  it('raises the limit of open files above the usual 1024', async () => {
    const limits = await readFile(`/proc/${pair.dialer.pid}/limits`, 'utf8');
    const soft = Number(/^Max open files\s+(\d+)/m.exec(limits)?.[1]);
    expect(soft).toBeGreaterThan(1_024);
  });

  it('keeps passwords in files that only their owner reads', async () => {
    for (const file of ['etc/ari.conf', 'instance.json']) {
      const { mode } = await stat(join(pair.dialer.directory, file));
      expect(mode & 0o077).toBe(0);
    }
  });
});

describe.concurrent('numbers of the carrier that nobody answers', () => {
  it.each([
    ['0002', 'rings until we give up', 19, 480],
    ['0003', 'is busy', 17, 486],
    ['0004', 'does not exist', 1, 404],
    ['0005', 'rejects the call', 21, 603],
    ['0006', 'meets congestion', 34, 503],
    ['0007', 'never answers the INVITE', 19, 480],
    ['0010', 'says in early media that it does not exist', 1, 404],
    ['0013', 'is refused for our caller ID', 21, 403],
    ['0014', 'rings and is unavailable', 19, 480],
    ['0099', 'has no debtor phone registered', 19, 480],
  ])('number ending %s %s', async (suffix, _, cause, techCause) => {
    const channelId = `failed-${suffix}`;
    const ringTimeoutSeconds = suffix === '0010' ? 12 : 3;
    await dial(ari, { channelId, number: `+551198765${suffix}`, ringTimeoutSeconds });
    expect(await destroyed(channelId)).toMatchObject({ cause, tech_cause: techCause });
    expect(typesOf(channelId)).not.toContain('StasisStart');
  });
});

describe.concurrent('numbers of the carrier that answer', () => {
  it.each([
    ['0008', 'at once', 0, 300],
    ['0012', 'after five seconds', 4_500, 5_500],
  ])('number ending %s answers and hangs up %s', async (suffix, _, shortestMs, longestMs) => {
    const channelId = `short-${suffix}`;
    await dial(ari, { channelId, number: `+551198765${suffix}` });
    await entered(channelId);
    const answeredAt = performance.now();
    await destroyed(channelId);
    const lengthMs = performance.now() - answeredAt;
    expect(lengthMs).toBeGreaterThanOrEqual(shortestMs);
    expect(lengthMs).toBeLessThan(longestMs);
  });

  it.each([
    ['0009', 'MACHINE'],
    ['0011', 'NOTSURE'],
    ['0012', 'HUMAN'],
    ['0015', 'HUMAN'],
  ])(
    'number ending %s sounds like %s to a copy of its leg, which stays bridged',
    async (suffix, verdict) => {
      const channelId = `screened-${suffix}`;
      const snoopId = `snoop-${suffix}`;
      await dial(ari, { channelId, number: `+551198765${suffix}` });
      await entered(channelId);
      await ari.request('POST', `/channels/${channelId}/snoop/${snoopId}`, {
        spy: 'in',
        app: 'dialer',
        appArgs: 'copy',
      });
      await entered(snoopId);
      const place = { context: 'answering-machine', extension: 's', priority: 1 };
      await ari.request('POST', `/channels/${snoopId}/continue`, place);
      const screened = await ari.waitFor(
        (event) => event.channel?.id === snoopId && event.args?.[0] === 'screened',
      );
      expect(screened.args?.[1]).toBe(verdict);
      expect(typesOf(channelId)).not.toContain('StasisEnd');
      await ari.request('DELETE', `/channels/${channelId}`);
    },
  );

  it('number ending 0001 plays 440 Hz and records what it hears', async () => {
    await dial(ari, { channelId: 'tone', number: '+5511987650001' });
    await entered('tone');
    const recording = { name: 'tone', format: 'wav', maxDurationSeconds: 2 };
    await ari.request('POST', '/channels/tone/record', recording);
    await ari.waitFor(
      (event) => event.type === 'RecordingFinished' && event.recording?.name === 'tone',
    );
    await ari.request('POST', '/channels/tone/play', { media: 'sound:cadencia/connection-lost' });
    await ari.waitFor((event) => event.type === 'PlaybackFinished');
    await ari.request('DELETE', '/channels/tone');
    await destroyed('tone');

    const heardByUs = await readWav(join(pair.dialer.directory, 'spool/recording/tone.wav'));
    expect(heardByUs.frequencyHz).toBeGreaterThan(430);
    expect(heardByUs.frequencyHz).toBeLessThan(450);
    expect(heardByUs.peakDbfs).toBeGreaterThan(-15);
    expect(heardByUs.peakDbfs).toBeLessThan(-10);
    const [file] = await readdir(pair.carrier.heardDirectory);
    expect(file).toMatch(/^5511987650001-\d+\.wav$/);
    const heardByThem = await readWav(join(pair.carrier.heardDirectory, file ?? ''));
    expect(heardByThem.seconds).toBeGreaterThan(4);
    expect(heardByThem.peakDbfs).toBeGreaterThan(-12);
  });

  it('rejects the same ordinary numbers as unknown every time', async () => {
    const wrong = [1, 2].map((turn) => ({ channelId: `wrong-${turn}`, number: wrongNumber() }));
    for (const call of wrong) await dial(ari, call);
    for (const call of wrong) {
      expect(await destroyed(call.channelId)).toMatchObject({ cause: 1, tech_cause: 404 });
    }
  });
});

describe('calls that come in', () => {
  it('reach the dialer with the dialed and the calling number', async () => {
    const line = 'channel originate Local/551133330000*5511987657777@calls-in/n extension s@caller';
    await pair.carrier.command(line);
    const start = await ari.waitFor((event) => event.args?.[0] === 'inbound');
    expect(start.channel?.dialplan.exten).toBe('+551133330000');
    expect(start.channel?.caller.number).toBe('+5511987657777');
    await ari.request('POST', `/channels/${start.channel?.id}/answer`);
    await ari.request('DELETE', `/channels/${start.channel?.id}`);
    await ari.waitFor(
      ({ type, channel }) => type === 'StasisEnd' && channel?.id === start.channel?.id,
    );
  });

  it('are refused without a password when nobody knows them', async () => {
    const before = await countCalls(pair.dialer);
    const call = { fromAddress: '127.0.0.1', fromUser: 'intruder', dialed: '+5511987650001' };
    expect(await inviteStatus(sipOf(pair.dialer), call)).toBe(401);
    expect(await countCalls(pair.dialer)).toBe(before);
  });

  it('are refused by the trunk while the dialer is away, so that the carrier may go elsewhere', async () => {
    await ari.close();
    const isGone = async () => !(await namesOfApplications()).includes('dialer');
    expect(await waitUntil(isGone, 3_000)).toBe(true);
    const call = { fromAddress: '127.0.0.2', fromUser: '+5511987650015', dialed: '+551133330000' };
    expect(await inviteStatus(sipOf(pair.dialer), call)).toBe(503);
    ari = await connectAri(pair.dialer);
  });
});

describe('a carrier that answers 302', () => {
  it('does not make the PBX call the new target', async () => {
    const redirector = await startRedirector('127.0.0.3', 'sip:+5511987650001@127.0.0.2');
    try {
      await ari.push('aor', 'moved', { contact: `sip:127.0.0.3:${redirector.port}` });
      const fields = {
        context: 'nothing',
        transport: 'transport-udp',
        aors: 'moved',
        allow: '!all,ulaw',
      };
      await ari.push('endpoint', 'moved', fields);
      const before = await countCalls(pair.carrier);
      await dial(ari, { channelId: 'moved', number: '+5511900000000', endpoint: 'moved' });
      await destroyed('moved');
      const channels = (await ari.request('GET', '/channels')).body;
      expect(JSON.stringify(channels)).not.toContain('+5511987650001');
      expect(await countCalls(pair.carrier)).toBe(before);
    } finally {
      redirector.stop();
    }
  });
});

describe('stopping', () => {
  it('finds a PBX that an earlier process left, hangs its calls up and leaves no process', async () => {
    const other = await startTelephonyPair({ name: 'stopping' });
    const found = await attachDialer(other.dialer.directory);
    expect(found).toMatchObject({ pid: other.dialer.pid, ariUrl: other.dialer.ariUrl });
    const itsAri = await connectAri(other.dialer);
    await pushCarrierTrunk(itsAri, other.carrier, 'nothing');
    await dial(itsAri, { channelId: 'talking', number: '+5511987650015' });
    await itsAri.waitFor((event) => event.type === 'StasisStart');

    await found?.stop();
    expect(isAlive(other.dialer.pid)).toBe(false);
    expect(await other.dialer.exited).toMatchObject({ signal: null });
    const isQuiet = async () =>
      (await other.carrier.command('core show channels count')).includes('0 active channels');
    expect(await waitUntil(isQuiet, 3_000)).toBe(true);
    expect(await attachDialer(other.dialer.directory)).toBeUndefined();
    await other.stop();
    expect(isAlive(other.carrier.pid)).toBe(false);
    expect(existsSync(other.dialer.directory)).toBe(false);
  });

  it('lets calls go on when the process that started the PBX is killed', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'cadencia-orphan-'));
    const script = join(import.meta.dirname, '../support/start-dialer.ts');
    const starter = spawn(process.execPath, ['--import', 'tsx', script, directory]);
    await once(starter.stdout, 'data');
    starter.kill('SIGKILL');
    await once(starter, 'exit');

    const orphan = await attachDialer(directory);
    const ping = await fetch(`${orphan?.ariUrl}/asterisk/ping`, {
      headers: { authorization: `Basic ${btoa('dialer:secret')}` },
    });
    expect(ping.status).toBe(200);
    await orphan?.stop();
    expect(await orphan?.exited).toEqual({ code: null, signal: null });
    await rm(directory, { recursive: true, force: true });
  });

  it('says which lines of the log tell why a PBX did not start', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'cadencia-broken-'));
    const installation = await obtainAsterisk({
      directory: join(import.meta.dirname, '../../.cadencia/asterisk'),
      report: () => undefined,
    });
    const start = startDialerAsterisk({
      installation: { ...installation, modulesDirectory: directory },
      directory,
      ports: await chooseFreePorts('127.0.0.1'),
      sipAddress: '127.0.0.1',
      ari: { username: 'dialer', password: 'secret', application: 'dialer' },
    });
    await expect(start).rejects.toThrow(/asterisk\.log:\d+: .*ERROR.*res_timing_timerfd/);
    await rm(directory, { recursive: true, force: true });
  });
});

async function namesOfApplications(): Promise<readonly string[]> {
  const { body } = await ari.request('GET', '/applications');
  return (body as { name: string }[]).map(({ name }) => name);
}

/** How many calls the dialplan of an Asterisk has handled since it started. */
async function countCalls(running: TelephonyPair['dialer' | 'carrier']): Promise<number> {
  const output = await running.command('core show channels count');
  const count = /^(\d+) calls? processed/m.exec(output)?.[1];
  if (count === undefined) throw new Error(`no count of calls in: ${output}`);
  return Number(count);
}

/** A number of the demo mix that does not exist: its last eight digits leave 5 when divided by 17. */
function wrongNumber(): string {
  const first = 98_765_500;
  for (let digits = first; ; digits += 1) {
    if (digits % 17 === 5 && digits % 10_000 > 99) return `+55119${digits}`;
  }
}

/** The IPv4 addresses on which a port of this machine is bound, from the kernel's own table. */
async function listenersOf(protocol: 'tcp' | 'udp', port: number): Promise<readonly string[]> {
  const table = await readFile(`/proc/net/${protocol}`, 'utf8');
  const listening = protocol === 'tcp' ? '0A' : '07';
  return table
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((words) => words[3] === listening)
    .map((words) => (words[1] ?? '').split(':'))
    .filter(([, hexPort]) => Number.parseInt(hexPort ?? '', 16) === port)
    .map(
      ([hexAddress]) =>
        (hexAddress ?? '')
          .match(/../g)
          ?.reverse()
          .map((byte) => Number.parseInt(byte, 16))
          .join('.') ?? '',
    );
}
