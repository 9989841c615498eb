import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test, vi } from 'vitest';
import { adapterOnFake } from './adapter-on-fake.ts';
import { Signals } from './builders.ts';
import { FAKE_PASSWORD, startFakeAri } from './fake-ari.ts';

const on = adapterOnFake();

describe('the event path', () => {
  test('unknown events are counted and dropped, and the next ones arrive', async () => {
    await on.begin();
    const legId = on.call();
    await on.isPlaced(legId);
    on.fake.say('{"type":"ChannelTeleported"}');
    on.fake.say('not even JSON');
    on.fake.answer(legId);
    await on.signals.waitFor('leg-answered', { legId });
    expect(on.telephony.health()).toMatchObject({ connected: true, unknownEvents: 2 });
  });

  test('a dropped socket is down and then up, with the calls that live and without those that ended', async () => {
    await on.begin();
    const [living, ended] = [on.call(), on.call()];
    await on.isPlaced(living);
    await on.isPlaced(ended);
    on.fake.answer(living);
    await on.signals.waitFor('leg-answered', { legId: living });
    const since = on.signals.all.length;
    on.fake.cutSockets();
    on.fake.end(ended, 16, undefined, { silently: true });
    await on.signals.waitFor('telephony-down');
    const { survey } = await on.signals.waitFor('telephony-up', {}, { since });
    expect(survey.legs).toEqual([{ legId: living, state: 'up' }]);
    expect(on.signals.kindsOf(ended)).toEqual(['leg-lost']);
    expect(on.signals.kindsOf(living)).toEqual(['leg-answered']);
  });

  test('without events, calls are refused and hang-ups still work', async () => {
    await on.begin();
    const legId = on.call();
    await on.isPlaced(legId);
    on.fake.fail('GET', /^\/asterisk\/info/, { kind: 'status', status: 503 }, 3);
    on.fake.cutSockets();
    await on.signals.waitFor('telephony-down');
    await on.signals.waitFor('leg-refused', { legId: on.call(), reason: 'telephony-down' });
    on.telephony.hangUpLeg(legId, 'agent');
    await vi.waitFor(() => expect(on.fake.channels.has(legId)).toBe(false));
    await on.signals.waitFor('telephony-up', {}, { since: on.signals.all.length });
  });

  test('a restarted PBX is another instance, has every trunk again, and lost every call', async () => {
    await on.begin();
    const legId = on.call();
    await on.isPlaced(legId);
    const before = await on.signals.waitFor('telephony-up');
    const since = on.signals.all.length;
    on.fake.restart();
    const after = await on.signals.waitFor('telephony-up', {}, { since });
    expect(after.survey.instance).not.toBe(before.survey.instance);
    expect(after.survey.legs).toEqual([]);
    expect(on.fake.objects.has(`endpoint ${on.trunk.id}`)).toBe(true);
    expect(on.signals.kindsOf(legId)).toEqual(['leg-lost']);
  });

  test('a process that was replaced says so and does not fight', async () => {
    await on.begin();
    on.fake.replace();
    await on.signals.waitFor('telephony-down', {
      because: 'another process took over the telephony events',
    });
    await pause(1_500);
    expect(on.fake.socketsOpened()).toBe(1);
  });

  test('a stuck application and a frozen connection are detected', async () => {
    const [other, otherSignals] = [await startFakeAri(), new Signals()];
    const second = on.connect('originate', other);
    second.start(otherSignals.post);
    await on.begin();
    await otherSignals.waitFor('telephony-up');
    on.fake.wedge(true);
    other.freeze();
    const within = { timeoutMs: 19_000 };
    await Promise.all([
      on.signals.waitFor(
        'telephony-down',
        { because: 'no echo came through the event path' },
        within,
      ),
      otherSignals.waitFor('telephony-down', { because: 'the PBX answered no ping' }, within),
    ]);
    await second.stop();
    await other.stop();
  }, 25_000);

  test('the echo tells how far behind the events are', async () => {
    await on.begin();
    await vi.waitFor(() => expect(on.telephony.health().lagMs).toBeLessThan(500));
  });

  test('a PBX that refuses us is tried again, and nothing escapes', async () => {
    on.connect('originate', on.fake, 'wrong');
    on.telephony.start(on.signals.post);
    const down = await on.signals.waitFor('telephony-down');
    expect(down.because).toContain('401');
    await pause(700);
    expect(on.signals.all).toHaveLength(1);
  });

  test('a PBX that is not there is waited for', async () => {
    const { port } = new URL(on.fake.url);
    on.connect();
    await on.fake.stop();
    on.telephony.start(on.signals.post);
    await on.signals.waitFor('telephony-down');
    expect(on.telephony.health()).toEqual({
      connected: false,
      requestsInFlight: 0,
      unknownEvents: 0,
    });
    on.fake = await startFakeAri(FAKE_PASSWORD, Number(port));
    await on.signals.waitFor('telephony-up');
  });

  test('two PBXs in one process each get their own password', async () => {
    const other = await startFakeAri('another secret');
    const second = on.connect('originate', other, 'another secret');
    const otherSignals = new Signals();
    await on.begin();
    second.start(otherSignals.post);
    await otherSignals.waitFor('telephony-up');
    const legId = on.call();
    await on.isPlaced(legId);
    expect(other.channels.size).toBe(0);
    await second.stop();
    await other.stop();
  });
});
