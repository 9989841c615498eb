import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { HeadsetCredentials } from '../../src/engine/ports/telephony.ts';
import type { BridgeId } from '../../src/lib/ids.ts';
import { secondsOfTone } from '../support/wav.ts';
import { adapterOnPair } from '../telephony/adapter-on-pair.ts';
import { anId, someCredentials } from '../telephony/builders.ts';
import { browserSdp, type SipPhone, startSipPhone } from '../telephony/sip-phone.ts';

const on = adapterOnPair('adapter-headsets');

describe('headsets', () => {
  let browser: SipPhone;
  let credentials: HeadsetCredentials;
  let bridgeId: BridgeId;

  beforeEach(async () => {
    browser = await startSipPhone('127.0.0.1');
    credentials = someCredentials();
    bridgeId = anId('bridge');
    await on.begin();
    on.telephony.openHeadset(credentials);
    await pause(300);
  });
  afterEach(async () => {
    on.telephony.closeHeadset(credentials.headsetId, bridgeId);
    await pause(300);
    await browser.close();
  });

  const callIn = (password = credentials.password) =>
    browser.call(
      { address: on.pair.dialer.addresses.sip, port: on.pair.dialer.ports.sip },
      { username: credentials.username, password, dialed: 'headset', sdp: browserSdp },
    );

  async function pinned() {
    const calling = callIn();
    const { headsetId } = credentials;
    const { channelId } = await on.signals.waitFor('headset-arrived', { headsetId });
    on.telephony.pinHeadset(headsetId, channelId, bridgeId);
    await on.signals.waitFor('headset-pinned', { headsetId, channelId, bridgeId });
    return { channelId, call: await calling };
  }

  test('arrives with its credentials, is pinned, and its end is reported', async () => {
    const { channelId, call: connected } = await pinned();
    expect(connected.status).toBe(200);
    connected.hangUp();
    await on.signals.waitFor('headset-ended', { headsetId: credentials.headsetId, channelId });
  });

  test('is refused with another password', async () => {
    const { status } = await callIn('wrong');
    expect(status).toBeGreaterThanOrEqual(400);
    expect(on.signals.all.filter(({ kind }) => kind === 'headset-arrived')).toEqual([]);
  });

  test('is hung up when refused', async () => {
    const calling = callIn();
    const { channelId } = await on.signals.waitFor('headset-arrived');
    on.telephony.refuseHeadset(channelId);
    await on.signals.waitFor('headset-ended', { channelId });
    expect((await calling).status).toBeGreaterThanOrEqual(400);
  });

  test('closing ends its call, takes its password away and removes the bridge', async () => {
    const { channelId, call: connected } = await pinned();
    on.telephony.closeHeadset(credentials.headsetId, bridgeId);
    await on.signals.waitFor('headset-ended', { channelId });
    await connected.ended;
    expect((await callIn()).status).toBeGreaterThanOrEqual(400);
    await vi.waitFor(async () => {
      expect(await on.pair.dialer.command('bridge show all')).not.toContain(bridgeId);
    });
  });

  test('an older call of the same browser ends when the new one is in', async () => {
    const first = await pinned();
    const since = on.signals.all.length;
    const calling = callIn();
    const { channelId } = await on.signals.waitFor('headset-arrived', {}, { since });
    on.telephony.pinHeadset(credentials.headsetId, channelId, bridgeId);
    await on.signals.waitFor('headset-pinned', { channelId });
    await on.signals.waitFor('headset-ended', { channelId: first.channelId });
    expect((await calling).status).toBe(200);
    expect(on.signals.all.filter(({ kind }) => kind === 'headset-ended')).toHaveLength(1);
  });

  test('people in one bridge hear each other, then music on hold, then the message', async () => {
    await pinned();
    const [listening, speaking] = [on.call('0001', { phone: '+5511977770001' }), on.call('0001')];
    const { at: begins } = await on.signals.waitFor('leg-answered', { legId: listening });
    await on.signals.waitFor('leg-answered', { legId: speaking });
    for (const legId of [listening, speaking]) {
      on.telephony.bridgeLeg(legId, bridgeId);
      await on.signals.waitFor('leg-bridged', { legId, bridgeId });
    }
    const talks = Date.now();
    await pause(1_000);
    on.telephony.hangUpLeg(speaking, 'agent');
    on.telephony.holdLeg(listening);
    const waits = Date.now();
    await pause(1_500);
    const since = on.signals.all.length;
    on.telephony.bridgeLeg(listening, bridgeId);
    await on.signals.waitFor('leg-bridged', { legId: listening, bridgeId }, { since });
    const silent = Date.now();
    await pause(1_000);
    on.telephony.announce(listening, 'agent-lost');
    const announces = Date.now();
    const { at: ends } = await on.signals.waitFor('announcement-ended', { legId: listening });
    on.telephony.hangUpLeg(listening, 'after-announcement');
    await on.signals.waitFor('leg-ended', { legId: listening, intent: 'after-announcement' });
    await pause(300);

    const heard = await heardBy('5511977770001');
    const between = (from: number, to: number) => soundOf(heard, from - begins, to - begins);
    // The other one's tone for most of the second that they shared, and not in the music after it.
    const toneSeconds = await secondsOfTone(await fileOf('5511977770001'), 440);
    expect(toneSeconds).toBeGreaterThan(0.4);
    expect(toneSeconds).toBeLessThan((waits - talks) / 1_000 + 0.5);
    expect(between(waits, silent).peak).toBeGreaterThan(0.01);
    expect(between(silent, announces).peak).toBeLessThan(0.01);
    expect(between(announces, ends).peak).toBeGreaterThan(0.05);
  });
});

/** Samples of 16 bits at 8 kHz, from the answer on: what the telephone at the far end heard. */
async function heardBy(number: string): Promise<Int16Array> {
  const bytes = await readFile(await fileOf(number));
  return new Int16Array(bytes.buffer.slice(bytes.byteOffset + 44, bytes.byteLength & ~1));
}

async function fileOf(number: string): Promise<string> {
  const files = await readdir(on.pair.carrier.heardDirectory);
  const file = files.find((name) => name.startsWith(number)) ?? 'nothing was heard';
  return join(on.pair.carrier.heardDirectory, file);
}

/** Leaves out the borders, where sound and our clock do not quite agree. */
const BORDER_MS = 350;

function soundOf(samples: Int16Array, fromMs: number, toMs: number) {
  const part = samples.slice((fromMs + BORDER_MS) * 8, (toMs - BORDER_MS) * 8);
  let peak = 0;
  for (const sample of part) peak = Math.max(peak, Math.abs(sample) / 32_768);
  return { peak };
}
