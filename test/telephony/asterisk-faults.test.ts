import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Telephony } from '../../src/engine/ports/telephony.ts';
import type { LegId } from '../../src/lib/ids.ts';
import { createAsteriskTelephony } from '../../src/telephony/asterisk.ts';
import type { Placing } from '../../src/telephony/place-legs.ts';
import { anId, aPermit, aTrunk, Signals, silent } from './builders.ts';
import { FAKE_PASSWORD, type FakeAri, startFakeAri } from './fake-ari.ts';

const TRUNK = aTrunk({ host: '127.0.0.2', port: 5060 });

let fake: FakeAri;
let signals: Signals;
let telephony: Telephony;

function connect(placing: Placing = 'originate', to = fake, password = FAKE_PASSWORD): Telephony {
  return createAsteriskTelephony({
    url: to.url,
    username: 'dialer',
    password,
    application: 'dialer',
    placing,
    log: silent,
    clock: { now: () => Date.now() },
  });
}

async function begin(placing: Placing = 'originate'): Promise<void> {
  telephony = connect(placing);
  telephony.setTrunks([TRUNK]);
  telephony.start(signals.post);
  await signals.waitFor('telephony-up');
}

function call(overrides: Partial<Parameters<typeof aPermit>[0]> = {}): LegId {
  const permit = aPermit({ trunkId: TRUNK.id, ...overrides });
  telephony.originate(permit);
  return permit.legId;
}

const asked = (method: string, path: string | RegExp) =>
  fake.requests.filter(
    (request) =>
      request.method === method &&
      (typeof path === 'string' ? request.path === path : path.test(request.path)),
  );

const isPlaced = (legId: LegId) => vi.waitFor(() => expect(fake.channels.has(legId)).toBe(true));

beforeEach(async () => {
  fake = await startFakeAri();
  signals = new Signals();
});

afterEach(async () => {
  await telephony.stop();
  await fake.stop();
});

describe('placing', () => {
  beforeEach(() => begin());

  test('says how a call went, once', async () => {
    const legId = call();
    await isPlaced(legId);
    fake.ring(legId);
    fake.answer(legId);
    fake.end(legId, 16);
    await signals.waitFor('leg-ended', { legId });
    expect(signals.kindsOf(legId)).toEqual(['leg-ringing', 'leg-answered', 'leg-ended']);
  });

  test('sends one request for a permit that is used twice', async () => {
    const permit = aPermit({ trunkId: TRUNK.id });
    telephony.originate(permit);
    telephony.originate(permit);
    await isPlaced(permit.legId);
    fake.end(permit.legId, 17, 486);
    await signals.waitFor('leg-ended', { legId: permit.legId });
    telephony.originate(permit);
    await pause(100);
    expect(asked('POST', `/channels/${permit.legId}`)).toHaveLength(1);
    expect(signals.kindsOf(permit.legId)).toEqual(['leg-ended']);
  });

  test('looks for a call when the answer to its request is lost, and never sends it again', async () => {
    fake.fail('POST', /^\/channels\/leg_/, { kind: 'reset-after' });
    const legId = call();
    await vi.waitFor(() => expect(asked('GET', `/channels/${legId}`)).not.toHaveLength(0));
    fake.answer(legId);
    await signals.waitFor('leg-answered', { legId });
    expect(asked('POST', `/channels/${legId}`)).toHaveLength(1);
  });

  test('gives a call up as lost when its request was lost and no channel is found', async () => {
    fake.fail('POST', /^\/channels\/leg_/, { kind: 'reset' });
    const legId = call();
    await signals.waitFor('leg-lost', { legId });
    expect(signals.kindsOf(legId)).toEqual(['leg-lost']);
    expect(asked('POST', `/channels/${legId}`)).toHaveLength(1);
  });

  test('hangs up a call that appears after it was given up', async () => {
    fake.fail('POST', /^\/channels\/leg_/, { kind: 'reset' });
    const legId = call();
    await signals.waitFor('leg-lost', { legId });
    fake.arrive({ id: legId, name: 'PJSIP/trunk-00000001' }, ['leg']);
    await vi.waitFor(() => expect(asked('DELETE', `/channels/${legId}`)).toHaveLength(1));
    expect(signals.kindsOf(legId)).toEqual(['leg-lost']);
  });

  test('an answer that comes too late does not lose an answered call', async () => {
    fake.fail('POST', /^\/channels\/leg_/, { kind: 'slow', ms: 6_000 });
    const legId = call();
    await isPlaced(legId);
    fake.answer(legId);
    await signals.waitFor('leg-answered', { legId });
    await pause(6_500);
    expect(signals.kindsOf(legId)).toEqual(['leg-answered']);
  });

  test.each([
    [500, '{"error":"Allocation failed"}', 'trunk-unavailable'],
    [503, '{"message":"not yet"}', 'telephony-down'],
    [400, '{"message":"what?"}', 'refused-by-pbx'],
    [403, '{"message":"no"}', 'refused-by-pbx'],
  ] as const)('%i %s refuses: %s', async (status, body, reason) => {
    fake.fail('POST', /^\/channels\/leg_/, { kind: 'status', status, body });
    const legId = call();
    await signals.waitFor('leg-refused', { legId, reason });
    expect(signals.kindsOf(legId)).toEqual(['leg-refused']);
  });

  test('sends nothing for a permit that expired', async () => {
    const legId = call({ expiresAt: Date.now() - 1 });
    await signals.waitFor('leg-refused', { legId, reason: 'permit-expired' });
    expect(asked('POST', /^\/channels/)).toHaveLength(0);
  });

  test('sends nothing by a trunk that is unknown or disabled', async () => {
    const unknown = call({ trunkId: anId('trunk') });
    await signals.waitFor('leg-refused', { legId: unknown, reason: 'trunk-unavailable' });
    telephony.setTrunks([{ ...TRUNK, enabled: false }]);
    const disabled = call();
    await signals.waitFor('leg-refused', { legId: disabled, reason: 'trunk-unavailable' });
    expect(asked('POST', /^\/channels/)).toHaveLength(0);
  });

  test('sends nothing that is more than a number', async () => {
    const legId = call({ phone: '+5511988887777@elsewhere' });
    await signals.waitFor('leg-refused', { legId, reason: 'refused-by-pbx' });
    expect(asked('POST', /^\/channels/)).toHaveLength(0);
  });

  test('permits grow old behind slow requests, and are given back', async () => {
    fake.fail('POST', /^\/channels\/leg_/, { kind: 'slow', ms: 1_500 }, 8);
    const expiresAt = Date.now() + 1_000;
    const legIds = Array.from({ length: 10 }, () => call({ expiresAt }));
    for (const legId of legIds.slice(8)) {
      await signals.waitFor('leg-refused', { legId, reason: 'permit-expired' });
    }
    expect(asked('POST', /^\/channels\/leg_/)).toHaveLength(8);
  });

  test('a hang-up overtakes every call that waits to be placed', async () => {
    const talking = call();
    await isPlaced(talking);
    fake.answer(talking);
    fake.fail('POST', /^\/channels\/leg_/, { kind: 'slow', ms: 1_000 }, 100);
    for (let index = 0; index < 50; index += 1) call();
    const askedAt = Date.now();
    telephony.hangUpLeg(talking, 'agent');
    await signals.waitFor('leg-ended', { legId: talking, intent: 'agent' });
    expect(Date.now() - askedAt).toBeLessThan(500);
  });

  test('a call that was hung up before it was sent is given back', async () => {
    fake.fail('POST', /^\/channels\/leg_/, { kind: 'slow', ms: 500 }, 8);
    for (let index = 0; index < 8; index += 1) call();
    const legId = call();
    telephony.hangUpLeg(legId, 'cancelled');
    await signals.waitFor('leg-refused', { legId, reason: 'vetoed' });
    expect(asked('POST', `/channels/${legId}`)).toHaveLength(0);
  });

  test('a call that was hung up while it was sent is hung up', async () => {
    fake.fail('DELETE', /^\/channels\/leg_/, { kind: 'status', status: 404 });
    fake.fail('POST', /^\/channels\/leg_/, { kind: 'slow', ms: 300 });
    const legId = call();
    await isPlaced(legId);
    telephony.hangUpLeg(legId, 'cancelled');
    await signals.waitFor('leg-ended', { legId, intent: 'cancelled' });
    expect(fake.channels.has(legId)).toBe(false);
  });
});

describe('create and dial', () => {
  beforeEach(() => begin('create-and-dial'));

  test('dials when the channel came into our application, though its event overtook the answer', async () => {
    fake.fail('POST', /^\/channels\/create/, { kind: 'slow', ms: 200 });
    const legId = call();
    await vi.waitFor(() => expect(asked('POST', `/channels/${legId}/dial`)).toHaveLength(1));
    fake.answer(legId);
    await signals.waitFor('leg-answered', { legId });
  });

  test('does not dial what was hung up in between', async () => {
    fake.fail('POST', /^\/channels\/create/, { kind: 'slow', ms: 300 });
    const legId = call();
    await isPlaced(legId);
    telephony.hangUpLeg(legId, 'vetoed');
    await signals.waitFor('leg-ended', { legId, intent: 'vetoed' });
    await pause(400);
    expect(asked('POST', `/channels/${legId}/dial`)).toHaveLength(0);
  });

  test('a channel that never comes into our application is not dialed, and does not stay', async () => {
    fake.wedge(true);
    const legId = call();
    await isPlaced(legId);
    await signals.waitFor('leg-refused', { legId });
    await vi.waitFor(() => expect(fake.channels.has(legId)).toBe(false));
    expect(asked('POST', `/channels/${legId}/dial`)).toHaveLength(0);
  });
});

describe('steering', () => {
  beforeEach(() => begin());

  async function answered(): Promise<LegId> {
    const legId = call();
    await isPlaced(legId);
    fake.answer(legId);
    await signals.waitFor('leg-answered', { legId });
    return legId;
  }

  test('the PBX agrees to bridge and does nothing: failed', async () => {
    const legId = await answered();
    const bridgeId = anId('bridge');
    fake.fail('POST', /addChannel/, { kind: 'ignored' });
    fake.fail('GET', /^\/bridges\//, { kind: 'status', status: 404 });
    telephony.bridgeLeg(legId, bridgeId);
    await signals.waitFor('leg-bridge-failed', { legId, bridgeId });
    expect(signals.kindsOf(legId)).toEqual(['leg-answered', 'leg-bridge-failed']);
  });

  test('the event of entering is lost: found by looking', async () => {
    const legId = await answered();
    const bridgeId = anId('bridge');
    fake.arrive({ id: 'dialer-1', name: 'PJSIP/headset_1-00000001' }, ['headset']);
    telephony.pinHeadset('headset_1', 'dialer-1', bridgeId);
    await signals.waitFor('headset-pinned', { bridgeId });
    fake.wedge(true);
    telephony.bridgeLeg(legId, bridgeId);
    await vi.waitFor(() => expect(fake.bridges.get(bridgeId)?.has(legId)).toBe(true));
    await signals.waitFor('leg-bridged', { legId, bridgeId });
  });

  test('a bridge that does not exist fails at once', async () => {
    const legId = await answered();
    telephony.bridgeLeg(legId, anId('bridge'));
    await signals.waitFor('leg-bridge-failed', { legId }, { timeoutMs: 300 });
  });

  test('an announcement that cannot be played has ended', async () => {
    const legId = await answered();
    fake.fail('POST', /\/play\//, { kind: 'status', status: 409 });
    telephony.announce(legId, 'abandonment');
    await signals.waitFor('announcement-ended', { legId });
  });

  test('the end of a leg that we hung up is known though its event was lost', async () => {
    const legId = await answered();
    fake.wedge(true);
    telephony.hangUpLeg(legId, 'agent');
    await signals.waitFor('leg-ended', { legId, intent: 'agent', cause: 16 });
  });

  test('a hang-up is repeated until the PBX agrees', async () => {
    const legId = await answered();
    fake.fail('DELETE', /./, { kind: 'reset' });
    fake.fail('DELETE', /./, { kind: 'status', status: 503 });
    telephony.hangUpLeg(legId, 'supervisor');
    await signals.waitFor('leg-ended', { legId, intent: 'supervisor' });
    expect(asked('DELETE', `/channels/${legId}`)).toHaveLength(3);
  });

  test('hanging up a leg the PBX does not know says that it is lost', async () => {
    const legId = await answered();
    fake.end(legId, 16, undefined, { silently: true });
    telephony.hangUpLeg(legId, 'agent');
    await signals.waitFor('leg-lost', { legId });
  });
});

describe('the event path', () => {
  test('unknown events are counted and dropped, and the next ones arrive', async () => {
    await begin();
    const legId = call();
    await isPlaced(legId);
    fake.say('{"type":"ChannelTeleported"}');
    fake.say('not even JSON');
    fake.answer(legId);
    await signals.waitFor('leg-answered', { legId });
    expect(telephony.health()).toMatchObject({ connected: true, unknownEvents: 2 });
  });

  test('a dropped socket is down and then up, with the calls that live and without those that ended', async () => {
    await begin();
    const [living, ended] = [call(), call()];
    await isPlaced(living);
    await isPlaced(ended);
    fake.answer(living);
    await signals.waitFor('leg-answered', { legId: living });
    const since = signals.all.length;
    fake.cutSockets();
    fake.end(ended, 16, undefined, { silently: true });
    await signals.waitFor('telephony-down');
    const { survey } = await signals.waitFor('telephony-up', {}, { since });
    expect(survey.legs).toEqual([{ legId: living, state: 'up' }]);
    expect(signals.kindsOf(ended)).toEqual(['leg-lost']);
    expect(signals.kindsOf(living)).toEqual(['leg-answered']);
  });

  test('while events are away calls are refused and hang-ups still work', async () => {
    await begin();
    const legId = call();
    await isPlaced(legId);
    fake.fail('GET', /^\/asterisk\/info/, { kind: 'status', status: 503 }, 3);
    fake.cutSockets();
    await signals.waitFor('telephony-down');
    await signals.waitFor('leg-refused', { legId: call(), reason: 'telephony-down' });
    telephony.hangUpLeg(legId, 'supervisor');
    await vi.waitFor(() => expect(fake.channels.has(legId)).toBe(false));
    await signals.waitFor('telephony-up', {}, { since: signals.all.length });
  });

  test('a restarted PBX is another instance, has every trunk again, and lost every call', async () => {
    await begin();
    const legId = call();
    await isPlaced(legId);
    const before = await signals.waitFor('telephony-up');
    const since = signals.all.length;
    fake.restart();
    const after = await signals.waitFor('telephony-up', {}, { since });
    expect(after.survey.instance).not.toBe(before.survey.instance);
    expect(after.survey.legs).toEqual([]);
    expect(fake.objects.has(`endpoint ${TRUNK.id}`)).toBe(true);
    expect(signals.kindsOf(legId)).toEqual(['leg-lost']);
  });

  test('a process that was replaced says so and does not fight', async () => {
    await begin();
    fake.replace();
    await signals.waitFor('telephony-down', {
      because: 'another process took over the telephony events',
    });
    await pause(1_500);
    expect(fake.socketsOpened()).toBe(1);
  });

  test('a wedged application and a frozen connection are found out', async () => {
    const [other, otherSignals] = [await startFakeAri(), new Signals()];
    const second = connect('originate', other);
    second.start(otherSignals.post);
    await begin();
    await otherSignals.waitFor('telephony-up');
    fake.wedge(true);
    other.freeze();
    const within = { timeoutMs: 19_000 };
    await Promise.all([
      signals.waitFor('telephony-down', { because: 'no echo came through the event path' }, within),
      otherSignals.waitFor('telephony-down', { because: 'the PBX answered no ping' }, within),
    ]);
    await second.stop();
    await other.stop();
  }, 25_000);

  test('the echo tells how far behind the events are', async () => {
    await begin();
    await vi.waitFor(() => expect(telephony.health().lagMs).toBeLessThan(500));
  });

  test('a PBX that refuses us is tried again, and nothing escapes', async () => {
    telephony = connect('originate', fake, 'wrong');
    telephony.start(signals.post);
    const down = await signals.waitFor('telephony-down');
    expect(down.because).toContain('401');
    await pause(700);
    expect(signals.all).toHaveLength(1);
  });

  test('a PBX that is not there is waited for', async () => {
    const { port } = new URL(fake.url);
    telephony = connect();
    await fake.stop();
    telephony.start(signals.post);
    await signals.waitFor('telephony-down');
    expect(telephony.health()).toEqual({ connected: false, requestsInFlight: 0, unknownEvents: 0 });
    fake = await startFakeAri(FAKE_PASSWORD, Number(port));
    await signals.waitFor('telephony-up');
  });

  test('two PBXs in one process each get their own password', async () => {
    const other = await startFakeAri('another secret');
    const second = connect('originate', other, 'another secret');
    const otherSignals = new Signals();
    await begin();
    second.start(otherSignals.post);
    await otherSignals.waitFor('telephony-up');
    const legId = call();
    await isPlaced(legId);
    expect(other.channels.size).toBe(0);
    await second.stop();
    await other.stop();
  });
});

describe('headsets', () => {
  beforeEach(() => begin());

  test('a browser that cannot be pinned is hung up, and its end is told', async () => {
    fake.arrive({ id: 'dialer-7', name: 'PJSIP/headset_a-00000007' }, ['headset']);
    await signals.waitFor('headset-arrived', { headsetId: 'headset_a', channelId: 'dialer-7' });
    fake.fail('POST', /addChannel/, { kind: 'status', status: 409 });
    telephony.pinHeadset('headset_a', 'dialer-7', anId('bridge'));
    await signals.waitFor('headset-ended', { headsetId: 'headset_a', channelId: 'dialer-7' });
  });

  test('the second call of a browser replaces the first once it is in', async () => {
    const bridgeId = anId('bridge');
    for (const [id, name] of [
      ['dialer-1', 'PJSIP/headset_b-00000001'],
      ['dialer-2', 'PJSIP/headset_b-00000002'],
    ] as const) {
      fake.arrive({ id, name }, ['headset']);
      await signals.waitFor('headset-arrived', { channelId: id });
      telephony.pinHeadset('headset_b', id, bridgeId);
      await signals.waitFor('headset-pinned', { channelId: id, bridgeId });
    }
    await signals.waitFor('headset-ended', { channelId: 'dialer-1' });
    expect([...(fake.bridges.get(bridgeId) ?? [])]).toEqual(['dialer-2']);
  });

  test('closing takes away credentials, channels and the bridge', async () => {
    const bridgeId = anId('bridge');
    telephony.openHeadset({ headsetId: 'headset_c', username: 'headset_c', password: 'x' });
    await vi.waitFor(() => expect(fake.objects.has('endpoint headset_c')).toBe(true));
    fake.arrive({ id: 'dialer-3', name: 'PJSIP/headset_c-00000003' }, ['headset']);
    telephony.pinHeadset('headset_c', 'dialer-3', bridgeId);
    await signals.waitFor('headset-pinned', { channelId: 'dialer-3' });
    telephony.closeHeadset('headset_c', bridgeId);
    await signals.waitFor('headset-ended', { channelId: 'dialer-3' });
    await vi.waitFor(() => expect(fake.bridges.has(bridgeId)).toBe(false));
    expect([...fake.objects.keys()].filter((key) => key.includes('headset_'))).toEqual([]);
  });

  test('a trunk that is no longer wanted leaves nothing behind', async () => {
    const other = aTrunk({ host: '127.0.0.3', port: 5060 });
    telephony.setTrunks([TRUNK, other]);
    await vi.waitFor(() => expect(fake.objects.has(`identify ${other.id}`)).toBe(true));
    telephony.setTrunks([TRUNK]);
    await vi.waitFor(() => {
      expect([...fake.objects.keys()].filter((key) => key.includes(other.id))).toEqual([]);
    });
    expect(fake.objects.has(`endpoint ${TRUNK.id}`)).toBe(true);
  });

  test('one object that the PBX does not accept does not hold up the others', async () => {
    const [bad, good] = [
      aTrunk({ host: '127.0.0.3', port: 5060 }),
      aTrunk({ host: '127.0.0.4', port: 5060 }),
    ];
    fake.fail('PUT', new RegExp(`aor/${bad.id}`), { kind: 'status', status: 400 }, 3);
    telephony.setTrunks([TRUNK, bad, good]);
    await vi.waitFor(() => expect(fake.objects.has(`endpoint ${good.id}`)).toBe(true));
    expect(fake.objects.has(`aor ${bad.id}`)).toBe(false);
  });
});
