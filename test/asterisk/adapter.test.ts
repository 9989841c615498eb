import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { obtainAsterisk } from '../../scripts/asterisk/obtain.ts';
import { startDialerAsterisk } from '../../scripts/asterisk/run.ts';
import type { Trunk } from '../../src/domain/trunks/trunk.ts';
import type { HeadsetCredentials, Telephony } from '../../src/engine/ports/telephony.ts';
import type { BridgeId, LegId } from '../../src/lib/ids.ts';
import { createAsteriskTelephony } from '../../src/telephony/asterisk.ts';
import type { Placing } from '../../src/telephony/place-legs.ts';
import { startTelephonyPair, type TelephonyPair } from '../support/asterisk.ts';
import { anId, aPermit, aTrunk, Signals, silent, someCredentials } from '../telephony/builders.ts';
import { browserSdp, type SipPhone, startSipPhone } from '../telephony/sip-phone.ts';
import { startTcpProxy } from '../telephony/tcp-proxy.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

let pair: TelephonyPair;
let carrier: Trunk;
let telephony: Telephony;
let signals: Signals;

function connect(placing: Placing = 'originate', url = pair.dialer.ariUrl): Telephony {
  return createAsteriskTelephony({
    url,
    username: pair.dialer.ari.username,
    password: pair.dialer.ari.password,
    application: pair.dialer.ari.application,
    placing,
    log: silent,
    clock: { now: () => Date.now() },
    mediaAddress: '127.0.0.1',
    headsetMediaAddress: pair.dialer.addresses.headset,
  });
}

async function begin(placing?: Placing, url?: string): Promise<void> {
  signals = new Signals();
  telephony = connect(placing, url);
  telephony.setTrunks([carrier]);
  telephony.start(signals.post);
  await signals.waitFor('telephony-up');
}

function call(suffix: string, overrides: Partial<Parameters<typeof aPermit>[0]> = {}): LegId {
  const permit = aPermit({ trunkId: carrier.id, phone: `+551198888${suffix}`, ...overrides });
  telephony.originate(permit);
  return permit.legId;
}

async function answered(suffix: string): Promise<LegId> {
  const legId = call(suffix);
  await signals.waitFor('leg-answered', { legId });
  return legId;
}

beforeAll(async () => {
  pair = await startTelephonyPair({ name: 'adapter' });
  carrier = aTrunk({ host: pair.carrier.addresses.sip, port: pair.carrier.ports.sip });
});

afterAll(async () => {
  await pair.stop();
});

afterEach(async () => {
  for (const signal of signals.all) {
    if (signal.kind === 'leg-answered') telephony.hangUpLeg(signal.legId, 'orphaned');
  }
  await telephony.stop();
});

describe.each(['originate', 'create-and-dial'] as const)(
  'every way a call can go, by %s',
  (placing) => {
    beforeEach(() => begin(placing));

    test('each number of the carrier gives its signals', async () => {
      const ended = (cause: number, techCause?: number) => ({ cause, techCause });
      const expected: Readonly<Record<string, readonly [readonly string[], object]>> = {
        '0003': [['leg-ended'], ended(17, 486)],
        '0004': [['leg-ended'], ended(1, 404)],
        '0005': [['leg-ended'], ended(21, 603)],
        '0006': [['leg-ended'], ended(34, 503)],
        '0007': [['leg-ended'], ended(19, 480)],
        '0008': [['leg-answered', 'leg-ended'], {}],
        '0010': [['leg-early-media', 'leg-ended'], ended(1, 404)],
        '0013': [['leg-ended'], ended(21, 403)],
        '0014': [['leg-ringing', 'leg-ended'], ended(19, 480)],
        '0099': [['leg-ended'], ended(19, 480)],
      };
      const ringTimeoutMs = 10_000;
      const legs = Object.keys(expected).map((suffix) => ({
        suffix,
        legId: call(suffix, suffix === '0007' ? { ringTimeoutMs: 1_000 } : { ringTimeoutMs }),
      }));
      for (const { suffix, legId } of legs) {
        const end = await signals.waitFor('leg-ended', { legId }, { timeoutMs: 15_000 });
        const [kinds, codes] = expected[suffix] ?? [];
        expect.soft(signals.kindsOf(legId), suffix).toEqual(kinds);
        expect.soft(end, suffix).toMatchObject(codes ?? {});
        expect.soft(end.intent, suffix).toBeUndefined();
      }
    });

    test('those that stay on the line ring, answer and end by us, with our intent', async () => {
      const [rings, answers, voicemail] = [call('0002'), call('0001'), call('0009')];
      await signals.waitFor('leg-ringing', { legId: rings });
      telephony.hangUpLeg(rings, 'ring-timeout');
      const noAnswer = await signals.waitFor('leg-ended', { legId: rings });
      expect(noAnswer).toMatchObject({ intent: 'ring-timeout', cause: 19 });
      await signals.waitFor('leg-answered', { legId: answers });
      telephony.hangUpLeg(answers, 'agent');
      expect(await signals.waitFor('leg-ended', { legId: answers })).toMatchObject({
        intent: 'agent',
        cause: 16,
      });
      await signals.waitFor('leg-answered', { legId: voicemail });
      expect(signals.kindsOf(answers)).toEqual(['leg-ringing', 'leg-answered', 'leg-ended']);
      expect(signals.kindsOf(voicemail)).toEqual(['leg-ringing', 'leg-answered']);
    });

    test('the PBX ends a call that rings on when nobody here does', async () => {
      const legId = call('0002', { ringTimeoutMs: 500 });
      const end = await signals.waitFor('leg-ended', { legId });
      expect(end).toMatchObject({ cause: 19, techCause: 480 });
      expect(signals.kindsOf(legId)).toEqual(['leg-ringing', 'leg-ended']);
    });

    test('a route that does not answer OPTIONS is refused, or fails as congestion', async () => {
      telephony.setTrunks([carrier, { ...carrier, id: 'trunk_nowhere', port: 9 }]);
      await pause(500);
      const legId = call('0001', { trunkId: 'trunk_nowhere' });
      await vi.waitFor(() => expect(signals.kindsOf(legId)).toHaveLength(1), 18_000);
      const [signal] = signals.all.filter((one) => 'legId' in one && one.legId === legId);
      expect(['leg-refused', 'leg-ended']).toContain(signal?.kind);
    });
  },
);

describe.each(['originate', 'create-and-dial'] as const)(
  'what the far end sees, by %s',
  (placing) => {
    let phone: SipPhone;

    beforeEach(async () => {
      phone = await startSipPhone('127.0.0.3');
      await begin(placing);
    });
    afterEach(() => phone.close());

    const far = (trunk: Partial<Trunk>) =>
      aTrunk({ host: phone.address, port: phone.port, ...trunk });

    async function inviteBy(trunk: Trunk) {
      telephony.setTrunks([carrier, trunk]);
      await pause(300);
      const legId = call('7777', { trunkId: trunk.id, phone: '+5511987654321' });
      await signals.waitFor('leg-ended', { legId });
      const [invite] = phone.received.filter(({ method }) => method === 'INVITE');
      return {
        dialed: /^INVITE sip:([^@]+)@/.exec(invite?.first ?? '')?.[1],
        from: /<sip:([^>]+)>/.exec(invite?.header('from') ?? '')?.[1],
        asserted: /<sip:([^@]+)@/.exec(invite?.header('p-asserted-identity') ?? '')?.[1],
        sdp: invite?.body ?? '',
      };
    }

    test('the number we show is in From and in P-Asserted-Identity', async () => {
      const seen = await inviteBy(far({ callerIdHeader: 'both' }));
      expect(seen).toMatchObject({ dialed: '+5511987654321', asserted: '+551133334444' });
      expect(seen.from).toMatch(/^\+551133334444@/);
    });

    test('only in From, where the carrier wants it so, written as it writes numbers', async () => {
      const numberFormat = { kind: 'zero-carrier', carrierCode: '15' } as const;
      const trunk = far({ callerIdHeader: 'from', numberFormat, fromDomain: 'empresa.example' });
      const seen = await inviteBy(trunk);
      expect(seen).toMatchObject({ dialed: '01511987654321', asserted: undefined });
      expect(seen.from).toBe('1133334444@empresa.example');
    });

    test('only in P-Asserted-Identity, with our account in From', async () => {
      const trunk = far({
        callerIdHeader: 'p-asserted-identity',
        numberFormat: { kind: 'international-digits' },
        authentication: { username: 'conta', password: 'x' },
      });
      const seen = await inviteBy(trunk);
      expect(seen).toMatchObject({ dialed: '5511987654321', asserted: '551133334444' });
      expect(seen.from).toMatch(/^conta@/);
    });

    test('audio stays on the address we gave, in telephone codecs', async () => {
      const { sdp } = await inviteBy(far({}));
      expect(sdp).toContain('c=IN IP4 127.0.0.1');
      expect(sdp).toMatch(/m=audio \d+ RTP\/AVP 0 8/);
    });

    test('a redirection calls nobody', async () => {
      phone.answerWith([302]);
      telephony.setTrunks([carrier, far({ id: 'trunk_redirects' })]);
      await pause(300);
      const legId = call('7777', { trunkId: 'trunk_redirects' });
      const end = await signals.waitFor('leg-ended', { legId });
      await pause(500);
      expect(end).toMatchObject({ cause: 23 });
      expect(phone.received.filter(({ method }) => method === 'INVITE')).toHaveLength(1);
      expect(await pair.dialer.command('core show channels concise')).not.toContain('Local/');
    });
  },
);

describe('headsets', () => {
  let browser: SipPhone;
  let credentials: HeadsetCredentials;
  let bridgeId: BridgeId;

  beforeEach(async () => {
    browser = await startSipPhone('127.0.0.1');
    credentials = someCredentials();
    bridgeId = anId('bridge');
    await begin();
    telephony.openHeadset(credentials);
    await pause(300);
  });
  afterEach(async () => {
    telephony.closeHeadset(credentials.headsetId, bridgeId);
    await pause(300);
    await browser.close();
  });

  const callIn = (password = credentials.password) =>
    browser.call(
      { address: pair.dialer.addresses.sip, port: pair.dialer.ports.sip },
      { username: credentials.username, password, dialed: 'headset', sdp: browserSdp },
    );

  async function pinned() {
    const calling = callIn();
    const { headsetId } = credentials;
    const { channelId } = await signals.waitFor('headset-arrived', { headsetId });
    telephony.pinHeadset(headsetId, channelId, bridgeId);
    await signals.waitFor('headset-pinned', { headsetId, channelId, bridgeId });
    return { channelId, call: await calling };
  }

  test('arrives with its credentials, is pinned, and its end is told', async () => {
    const { channelId, call: connected } = await pinned();
    expect(connected.status).toBe(200);
    connected.hangUp();
    await signals.waitFor('headset-ended', { headsetId: credentials.headsetId, channelId });
  });

  test('does not come in with another password', async () => {
    const { status } = await callIn('wrong');
    expect(status).toBeGreaterThanOrEqual(400);
    expect(signals.all.filter(({ kind }) => kind === 'headset-arrived')).toEqual([]);
  });

  test('is put out when refused', async () => {
    const calling = callIn();
    const { channelId } = await signals.waitFor('headset-arrived');
    telephony.refuseHeadset(channelId);
    await signals.waitFor('headset-ended', { channelId });
    expect((await calling).status).toBeGreaterThanOrEqual(400);
  });

  test('closing ends its call, takes its password away and removes the bridge', async () => {
    const { channelId, call: connected } = await pinned();
    telephony.closeHeadset(credentials.headsetId, bridgeId);
    await signals.waitFor('headset-ended', { channelId });
    await connected.ended;
    expect((await callIn()).status).toBeGreaterThanOrEqual(400);
    await vi.waitFor(async () => {
      expect(await pair.dialer.command('bridge show all')).not.toContain(bridgeId);
    });
  });

  test('an older call of the same browser ends when the new one is in', async () => {
    const first = await pinned();
    const since = signals.all.length;
    const calling = callIn();
    const { channelId } = await signals.waitFor('headset-arrived', {}, { since });
    telephony.pinHeadset(credentials.headsetId, channelId, bridgeId);
    await signals.waitFor('headset-pinned', { channelId });
    await signals.waitFor('headset-ended', { channelId: first.channelId });
    expect((await calling).status).toBe(200);
    expect(signals.all.filter(({ kind }) => kind === 'headset-ended')).toHaveLength(1);
  });

  test('people in one bridge hear each other, then music on hold, then the message', async () => {
    await pinned();
    const [listening, speaking] = [call('0001', { phone: '+5511977770001' }), call('0001')];
    const { at: begins } = await signals.waitFor('leg-answered', { legId: listening });
    await signals.waitFor('leg-answered', { legId: speaking });
    for (const legId of [listening, speaking]) {
      telephony.bridgeLeg(legId, bridgeId);
      await signals.waitFor('leg-bridged', { legId, bridgeId });
    }
    const talks = Date.now();
    await pause(1_000);
    telephony.hangUpLeg(speaking, 'agent');
    telephony.holdLeg(listening);
    const waits = Date.now();
    await pause(1_500);
    const since = signals.all.length;
    telephony.bridgeLeg(listening, bridgeId);
    await signals.waitFor('leg-bridged', { legId: listening, bridgeId }, { since });
    const silent = Date.now();
    await pause(1_000);
    telephony.announce(listening, 'agent-lost');
    const announces = Date.now();
    const { at: ends } = await signals.waitFor('announcement-ended', { legId: listening });
    telephony.hangUpLeg(listening, 'after-announcement');
    await signals.waitFor('leg-ended', { legId: listening, intent: 'after-announcement' });
    await pause(300);

    const heard = await heardBy('5511977770001');
    const between = (from: number, to: number) => soundOf(heard, from - begins, to - begins);
    expect(between(talks, waits).frequencyHz).toBeCloseTo(440, -1.5);
    const music = between(waits, silent);
    expect(music.peak).toBeGreaterThan(0.01);
    expect(Math.abs(music.frequencyHz - 440)).toBeGreaterThan(20);
    expect(between(silent, announces).peak).toBeLessThan(0.01);
    expect(between(announces, ends).peak).toBeGreaterThan(0.05);
  });
});

/** Samples of 16 bits at 8 kHz, from the answer on: what the telephone at the far end heard. */
async function heardBy(number: string): Promise<Int16Array> {
  const files = await readdir(pair.carrier.heardDirectory);
  const file = files.find((name) => name.startsWith(number)) ?? 'nothing was heard';
  const bytes = await readFile(join(pair.carrier.heardDirectory, file));
  return new Int16Array(bytes.buffer.slice(bytes.byteOffset + 44, bytes.byteLength & ~1));
}

/** Leaves out the borders, where sound and our clock do not quite agree. */
const BORDER_MS = 350;

function soundOf(samples: Int16Array, fromMs: number, toMs: number) {
  const part = samples.slice((fromMs + BORDER_MS) * 8, (toMs - BORDER_MS) * 8);
  let crossings = 0;
  let peak = 0;
  part.forEach((sample, index) => {
    peak = Math.max(peak, Math.abs(sample) / 32_768);
    if (sample >= 0 && (part[index - 1] ?? 0) < 0) crossings += 1;
  });
  return { peak, frequencyHz: crossings / (part.length / 8_000) };
}

describe('calls that come in by a trunk', () => {
  beforeEach(() => begin());

  test('name the trunk and both numbers, and end when refused', async () => {
    await pair.carrier.command(
      'channel originate Local/551133330000*5511988887777@calls-in/n extension s@caller',
    );
    const arrival = await signals.waitFor('inbound-arrived');
    expect(arrival).toMatchObject({
      trunkId: carrier.id,
      from: '+5511988887777',
      to: '+551133330000',
    });
    telephony.refuseInbound(arrival.channelId);
    await vi.waitFor(async () => {
      expect(await pair.dialer.command('core show channels count')).toContain('0 active channels');
    });
  });
});

describe('trunks', () => {
  beforeEach(() => begin());

  test('one that registers does so with its account', async () => {
    const phone = await startSipPhone('127.0.0.3');
    const trunk = aTrunk({
      host: phone.address,
      port: phone.port,
      registers: true,
      authentication: { username: 'conta', password: 'x' },
    });
    telephony.setTrunks([carrier, trunk]);
    await vi.waitFor(() => {
      const register = phone.received.find(({ method }) => method === 'REGISTER');
      expect(register?.header('from') ?? '').toContain('sip:conta@');
    }, 5_000);
    await phone.close();
  });

  test('what is no longer wanted is gone from the PBX', async () => {
    telephony.setTrunks([carrier, { ...carrier, id: 'trunk_second' }]);
    await vi.waitFor(async () => {
      expect(await pair.dialer.command('pjsip show endpoints')).toContain('trunk_second-in');
    }, 3_000);
    telephony.setTrunks([carrier]);
    await vi.waitFor(async () => {
      expect(await pair.dialer.command('pjsip show endpoints')).not.toContain('trunk_second');
    }, 3_000);
    expect(await pair.dialer.command('pjsip show endpoints')).toContain(carrier.id);
  });

  test('those of an earlier process that nobody wants are removed', async () => {
    telephony.setTrunks([carrier, { ...carrier, id: 'trunk_old' }]);
    await vi.waitFor(async () => {
      expect(await pair.dialer.command('pjsip show endpoints')).toContain('trunk_old');
    }, 3_000);
    await telephony.stop();
    await begin();
    expect(await pair.dialer.command('pjsip show endpoints')).not.toContain('trunk_old');
  });
});

describe('when the connection or the PBX goes', () => {
  test('a cut cable: down, then up with the calls that live', async () => {
    const { hostname, port } = new URL(pair.dialer.ariUrl);
    const cable = await startTcpProxy({ host: hostname, port: Number(port) });
    await begin('originate', `http://127.0.0.1:${cable.port}/ari`);
    const before = await signals.waitFor('telephony-up');
    const [living, ending] = [await answered('0011'), await answered('0012')];
    cable.cut(true);
    await signals.waitFor('telephony-down');
    await pause(6_000);
    const since = signals.all.length;
    cable.mend();
    const { survey } = await signals.waitFor('telephony-up', {}, { since });
    expect(survey.instance).toBe(before.survey.instance);
    expect(survey.legs).toEqual([{ legId: living, state: 'up' }]);
    expect(signals.kindsOf(ending)).toEqual(['leg-answered', 'leg-lost']);
    telephony.hangUpLeg(living, 'supervisor');
    await signals.waitFor('leg-ended', { legId: living, intent: 'supervisor' });
    await telephony.stop();
    await cable.close();
  });

  test('a new process finds the calls of the old one, and hears their end', async () => {
    await begin();
    const legId = await answered('0011');
    await telephony.stop();
    await begin();
    const { survey } = await signals.waitFor('telephony-up');
    expect(survey.legs).toEqual([{ legId, state: 'up' }]);
    telephony.hangUpLeg(legId, 'orphaned');
    await signals.waitFor('leg-ended', { legId, intent: 'orphaned' });
  });

  test('a PBX that was killed comes back as another instance, with our trunks', async () => {
    await begin();
    const before = await signals.waitFor('telephony-up');
    const legId = await answered('0011');
    pair.dialer.kill();
    await signals.waitFor('telephony-down');
    const since = signals.all.length;
    const { directory, ports, ari } = pair.dialer;
    const installation = await obtainAsterisk({
      directory: join(ROOT, '.cadencia/asterisk'),
      report: () => undefined,
    });
    const restarted = await startDialerAsterisk({
      installation,
      directory,
      ports,
      sipAddress: '127.0.0.1',
      ari,
    });
    pair = {
      ...pair,
      dialer: restarted,
      stop: async () => {
        await Promise.all([restarted.stop(), pair.carrier.stop()]);
      },
    };
    const after = await signals.waitFor('telephony-up', {}, { since, timeoutMs: 15_000 });
    expect(after.survey.instance).not.toBe(before.survey.instance);
    expect(signals.kindsOf(legId)).toEqual(['leg-answered', 'leg-lost']);
    await answered('0011');
  }, 40_000);
});
