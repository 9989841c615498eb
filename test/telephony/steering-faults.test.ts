import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { adapterOnFake } from './adapter-on-fake.ts';
import { anId, aTrunk } from './builders.ts';

const on = adapterOnFake();

describe('steering', () => {
  beforeEach(() => on.begin());

  test('the PBX agrees to bridge and does nothing: failed', async () => {
    const legId = await on.answered();
    const bridgeId = anId('bridge');
    on.fake.fail('POST', /addChannel/, { kind: 'ignored' });
    on.fake.fail('GET', /^\/bridges\//, { kind: 'status', status: 404 });
    on.telephony.bridgeLeg(legId, bridgeId);
    await on.signals.waitFor('leg-bridge-failed', { legId, bridgeId });
    expect(on.signals.kindsOf(legId)).toEqual(['leg-answered', 'leg-bridge-failed']);
  });

  test('the event of entering is lost: found by looking', async () => {
    const legId = await on.answered();
    const bridgeId = anId('bridge');
    on.fake.arrive({ id: 'dialer-1', name: 'PJSIP/headset_1-00000001' }, ['headset']);
    on.telephony.pinHeadset('headset_1', 'dialer-1', bridgeId);
    await on.signals.waitFor('headset-pinned', { bridgeId });
    on.fake.wedge(true);
    on.telephony.bridgeLeg(legId, bridgeId);
    await vi.waitFor(() => expect(on.fake.bridges.get(bridgeId)?.has(legId)).toBe(true));
    await on.signals.waitFor('leg-bridged', { legId, bridgeId });
  });

  test('a bridge that does not exist fails at once', async () => {
    const legId = await on.answered();
    on.telephony.bridgeLeg(legId, anId('bridge'));
    await on.signals.waitFor('leg-bridge-failed', { legId }, { timeoutMs: 300 });
  });

  test('an announcement that cannot be played has ended', async () => {
    const legId = await on.answered();
    on.fake.fail('POST', /\/play\//, { kind: 'status', status: 409 });
    on.telephony.announce(legId, 'abandonment');
    await on.signals.waitFor('announcement-ended', { legId });
  });

  test('the end of a leg that we hung up is known though its event was lost', async () => {
    const legId = await on.answered();
    on.fake.wedge(true);
    on.telephony.hangUpLeg(legId, 'agent');
    await on.signals.waitFor('leg-ended', { legId, intent: 'agent', cause: 16 });
  });

  test('a hang-up is repeated until the PBX agrees', async () => {
    const legId = await on.answered();
    on.fake.fail('DELETE', /./, { kind: 'reset' });
    on.fake.fail('DELETE', /./, { kind: 'status', status: 503 });
    on.telephony.hangUpLeg(legId, 'agent');
    await on.signals.waitFor('leg-ended', { legId, intent: 'agent' });
    expect(on.asked('DELETE', `/channels/${legId}`)).toHaveLength(3);
  });

  test('a look reports where a leg is, or that it is gone, whatever was reported before', async () => {
    const legId = await on.answered();
    on.telephony.lookAtLeg(legId);
    const found = await on.signals.waitFor('leg-looked-at', { legId });
    expect(found).toMatchObject({ found: { state: 'up' } });
    on.fake.end(legId, 16);
    await on.signals.waitFor('leg-ended', { legId });
    on.telephony.lookAtLeg(legId);
    const gone = () =>
      on.signals.all.some((one) => one.kind === 'leg-looked-at' && one.found === undefined);
    await vi.waitFor(() => expect(gone()).toBe(true));
  });

  test('hanging up a leg the PBX does not know says that it is lost', async () => {
    const legId = await on.answered();
    on.fake.end(legId, 16, undefined, { silently: true });
    on.telephony.hangUpLeg(legId, 'agent');
    await on.signals.waitFor('leg-lost', { legId });
  });
});

describe('the sweep of every half minute', () => {
  beforeEach(async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    await on.begin();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  const sweep = async () => {
    const before = on.asked('GET', '/bridges').length;
    vi.advanceTimersByTime(30_000);
    while (on.asked('GET', '/bridges').length === before) await pause(10);
    await pause(50);
  };

  test('ends a leg that the PBX no longer has, after waiting for the event', async () => {
    const legId = on.call();
    await on.isPlaced(legId);
    on.fake.end(legId, 16, undefined, { silently: true });
    await sweep();
    await on.signals.waitFor('leg-lost', { legId });
    expect(on.signals.kindsOf(legId)).toEqual(['leg-lost']);
  });

  test('reports an answer and an arrival whose events were missed', async () => {
    const legId = on.call();
    await on.isPlaced(legId);
    on.fake.wedge(true);
    on.fake.answer(legId);
    on.fake.arrive({ id: 'dialer-9', name: 'PJSIP/headset_d-00000009' }, ['headset']);
    await sweep();
    await on.signals.waitFor('leg-answered', { legId });
    await on.signals.waitFor('headset-arrived', { headsetId: 'headset_d', channelId: 'dialer-9' });
  });

  test('hangs up again what should be gone', async () => {
    const legId = on.call();
    await on.isPlaced(legId);
    on.fake.fail('DELETE', /^\/channels\//, { kind: 'ignored' });
    on.telephony.hangUpLeg(legId, 'cancelled');
    await vi.waitFor(() => expect(on.asked('DELETE', `/channels/${legId}`)).toHaveLength(1));
    await sweep();
    await on.signals.waitFor('leg-ended', { legId, intent: 'cancelled' });
  });

  test('hangs up an outgoing call that we did not place, and leaves incoming calls', async () => {
    on.fake.arrive({ id: 'dialer-5', name: `PJSIP/${on.trunk.id}-00000005` }, ['whatever']);
    on.fake.arrive({ id: 'dialer-6', name: `PJSIP/${on.trunk.id}-in-00000006` }, ['inbound']);
    await sweep();
    await vi.waitFor(() => expect([...on.fake.channels.keys()]).toEqual(['dialer-6']));
  });

  test('removes a bridge that was empty twice, and no sooner', async () => {
    const [empty, used] = [anId('bridge'), anId('bridge')];
    on.fake.arrive({ id: 'dialer-8', name: 'PJSIP/headset_e-00000008' }, ['headset']);
    on.telephony.pinHeadset('headset_e', 'dialer-8', empty);
    await on.signals.waitFor('headset-pinned', { bridgeId: empty });
    on.telephony.pinHeadset('headset_e', 'dialer-8', used);
    await on.signals.waitFor('headset-pinned', { bridgeId: used });
    on.fake.bridges.get(empty)?.clear();
    await sweep();
    expect(on.fake.bridges.has(empty)).toBe(true);
    await sweep();
    await vi.waitFor(() => expect([...on.fake.bridges.keys()]).toEqual([used]));
  });
});

describe('headsets', () => {
  beforeEach(() => on.begin());

  test('a browser that cannot be pinned is hung up, and its end is told', async () => {
    on.fake.arrive({ id: 'dialer-7', name: 'PJSIP/headset_a-00000007' }, ['headset']);
    await on.signals.waitFor('headset-arrived', { headsetId: 'headset_a', channelId: 'dialer-7' });
    on.fake.fail('POST', /addChannel/, { kind: 'status', status: 409 });
    on.telephony.pinHeadset('headset_a', 'dialer-7', anId('bridge'));
    await on.signals.waitFor('headset-ended', { headsetId: 'headset_a', channelId: 'dialer-7' });
  });

  test('the second call of a browser replaces the first once it is in', async () => {
    const bridgeId = anId('bridge');
    for (const [id, name] of [
      ['dialer-1', 'PJSIP/headset_b-00000001'],
      ['dialer-2', 'PJSIP/headset_b-00000002'],
    ] as const) {
      on.fake.arrive({ id, name }, ['headset']);
      await on.signals.waitFor('headset-arrived', { channelId: id });
      on.telephony.pinHeadset('headset_b', id, bridgeId);
      await on.signals.waitFor('headset-pinned', { channelId: id, bridgeId });
    }
    await on.signals.waitFor('headset-ended', { channelId: 'dialer-1' });
    expect([...(on.fake.bridges.get(bridgeId) ?? [])]).toEqual(['dialer-2']);
  });

  test('closing takes away credentials, channels and the bridge', async () => {
    const bridgeId = anId('bridge');
    on.telephony.openHeadset({ headsetId: 'headset_c', username: 'headset_c', password: 'x' });
    await vi.waitFor(() => expect(on.fake.objects.has('endpoint headset_c')).toBe(true));
    on.fake.arrive({ id: 'dialer-3', name: 'PJSIP/headset_c-00000003' }, ['headset']);
    on.telephony.pinHeadset('headset_c', 'dialer-3', bridgeId);
    await on.signals.waitFor('headset-pinned', { channelId: 'dialer-3' });
    on.telephony.closeHeadset('headset_c', bridgeId);
    await on.signals.waitFor('headset-ended', { channelId: 'dialer-3' });
    await vi.waitFor(() => expect(on.fake.bridges.has(bridgeId)).toBe(false));
    expect([...on.fake.objects.keys()].filter((key) => key.includes('headset_'))).toEqual([]);
  });

  test('a trunk that is no longer wanted leaves nothing behind', async () => {
    const other = aTrunk({ host: '127.0.0.3', port: 5060 });
    on.telephony.setTrunks([on.trunk, other]);
    await vi.waitFor(() => expect(on.fake.objects.has(`identify ${other.id}`)).toBe(true));
    on.telephony.setTrunks([on.trunk]);
    await vi.waitFor(() => {
      expect([...on.fake.objects.keys()].filter((key) => key.includes(other.id))).toEqual([]);
    });
    expect(on.fake.objects.has(`endpoint ${on.trunk.id}`)).toBe(true);
  });

  test('one object that the PBX does not accept does not hold up the others', async () => {
    const [bad, good] = [
      aTrunk({ host: '127.0.0.3', port: 5060 }),
      aTrunk({ host: '127.0.0.4', port: 5060 }),
    ];
    on.fake.fail('PUT', new RegExp(`aor/${bad.id}`), { kind: 'status', status: 400 }, 3);
    on.telephony.setTrunks([on.trunk, bad, good]);
    await vi.waitFor(() => expect(on.fake.objects.has(`endpoint ${good.id}`)).toBe(true));
    expect(on.fake.objects.has(`aor ${bad.id}`)).toBe(false);
  });
});
