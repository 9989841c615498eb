import { setTimeout as pause } from 'node:timers/promises';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { adapterOnFake } from './adapter-on-fake.ts';
import { anId, aPermit } from './builders.ts';

const on = adapterOnFake();

describe('placing', () => {
  beforeEach(() => on.begin());

  test('reports how a call went, once', async () => {
    const legId = on.call();
    await on.isPlaced(legId);
    on.fake.ring(legId);
    on.fake.answer(legId);
    on.fake.end(legId, 16);
    await on.signals.waitFor('leg-ended', { legId });
    expect(on.signals.kindsOf(legId)).toEqual(['leg-ringing', 'leg-answered', 'leg-ended']);
  });

  test.each([
    [0, undefined, undefined],
    [16, 300, 300],
    [16, 305, 305],
    [16, 380, 380],
    [23, 302, 302],
    [127, 487, undefined],
  ])(
    'a redirection is told as one, though the PBX ends it with %i/%s',
    async (cause, status, told) => {
      const redirected = on.call();
      await on.isPlaced(redirected);
      on.fake.redirect(redirected, '5511988887777@elsewhere');
      on.fake.end(redirected, cause, status);
      const end = await on.signals.waitFor('leg-ended', { legId: redirected });
      expect(end.cause).toBe(23);
      expect(end.techCause).toBe(told);
    },
  );

  test('dialing that redirects nowhere changes nothing of the end', async () => {
    const failed = on.call();
    await on.isPlaced(failed);
    on.fake.redirect(failed, '');
    on.fake.end(failed, 0);
    expect(await on.signals.waitFor('leg-ended', { legId: failed })).toMatchObject({ cause: 0 });
  });

  test('sends one request for a permit that is used twice', async () => {
    const permit = aPermit({ trunkId: on.trunk.id });
    on.telephony.originate(permit);
    on.telephony.originate(permit);
    await on.isPlaced(permit.legId);
    on.fake.end(permit.legId, 17, 486);
    await on.signals.waitFor('leg-ended', { legId: permit.legId });
    on.telephony.originate(permit);
    await pause(100);
    expect(on.asked('POST', `/channels/${permit.legId}`)).toHaveLength(1);
    expect(on.signals.kindsOf(permit.legId)).toEqual(['leg-ended']);
  });

  test('looks for a call when the answer to its request is lost, and never sends it again', async () => {
    on.fake.fail('POST', /^\/channels\/leg_/, { kind: 'reset-after' });
    const legId = on.call();
    await vi.waitFor(() => expect(on.asked('GET', `/channels/${legId}`)).not.toHaveLength(0));
    on.fake.answer(legId);
    await on.signals.waitFor('leg-answered', { legId });
    expect(on.asked('POST', `/channels/${legId}`)).toHaveLength(1);
  });

  test('gives a call up as lost when its request was lost and no channel is found', async () => {
    on.fake.fail('POST', /^\/channels\/leg_/, { kind: 'reset' });
    const legId = on.call();
    await on.signals.waitFor('leg-lost', { legId });
    expect(on.signals.kindsOf(legId)).toEqual(['leg-lost']);
    expect(on.asked('POST', `/channels/${legId}`)).toHaveLength(1);
  });

  test('hangs up a call that appears after it was given up', async () => {
    on.fake.fail('POST', /^\/channels\/leg_/, { kind: 'reset' });
    const legId = on.call();
    await on.signals.waitFor('leg-lost', { legId });
    on.fake.arrive({ id: legId, name: 'PJSIP/trunk-00000001' }, ['leg']);
    await vi.waitFor(() => expect(on.asked('DELETE', `/channels/${legId}`)).toHaveLength(1));
    expect(on.signals.kindsOf(legId)).toEqual(['leg-lost']);
  });

  test('an answer that comes too late does not lose an answered call', async () => {
    on.fake.fail('POST', /^\/channels\/leg_/, { kind: 'slow', ms: 6_000 });
    const legId = on.call();
    await on.isPlaced(legId);
    on.fake.answer(legId);
    await on.signals.waitFor('leg-answered', { legId });
    await pause(6_500);
    expect(on.signals.kindsOf(legId)).toEqual(['leg-answered']);
  });

  test.each([
    [500, '{"error":"Allocation failed"}', 'trunk-unavailable'],
    [503, '{"message":"not yet"}', 'telephony-down'],
    [400, '{"message":"what?"}', 'refused-by-pbx'],
    [403, '{"message":"no"}', 'refused-by-pbx'],
  ] as const)('%i %s refuses: %s', async (status, body, reason) => {
    on.fake.fail('POST', /^\/channels\/leg_/, { kind: 'status', status, body });
    const legId = on.call();
    await on.signals.waitFor('leg-refused', { legId, reason });
    expect(on.signals.kindsOf(legId)).toEqual(['leg-refused']);
  });

  test('sends nothing for a permit that expired', async () => {
    const legId = on.call({ expiresAt: Date.now() - 1 });
    await on.signals.waitFor('leg-refused', { legId, reason: 'permit-expired' });
    expect(on.asked('POST', /^\/channels/)).toHaveLength(0);
  });

  test('sends nothing by a trunk that is unknown or disabled', async () => {
    const unknown = on.call({ trunkId: anId('trunk') });
    await on.signals.waitFor('leg-refused', { legId: unknown, reason: 'trunk-unavailable' });
    on.telephony.setTrunks([{ ...on.trunk, enabled: false }]);
    const disabled = on.call();
    await on.signals.waitFor('leg-refused', { legId: disabled, reason: 'trunk-unavailable' });
    expect(on.asked('POST', /^\/channels/)).toHaveLength(0);
  });

  test('sends nothing that is more than a number', async () => {
    const legId = on.call({ phone: '+5511988887777@elsewhere' });
    await on.signals.waitFor('leg-refused', { legId, reason: 'refused-by-pbx' });
    expect(on.asked('POST', /^\/channels/)).toHaveLength(0);
  });

  test('permits grow old behind slow requests, and are given back', async () => {
    on.fake.fail('POST', /^\/channels\/leg_/, { kind: 'slow', ms: 1_500 }, 8);
    const expiresAt = Date.now() + 1_000;
    const legIds = Array.from({ length: 10 }, () => on.call({ expiresAt }));
    for (const legId of legIds.slice(8)) {
      await on.signals.waitFor('leg-refused', { legId, reason: 'permit-expired' });
    }
    expect(on.asked('POST', /^\/channels\/leg_/)).toHaveLength(8);
  });

  test('a hang-up overtakes every call that waits to be placed', async () => {
    const talking = on.call();
    await on.isPlaced(talking);
    on.fake.answer(talking);
    on.fake.fail('POST', /^\/channels\/leg_/, { kind: 'slow', ms: 1_000 }, 100);
    for (let index = 0; index < 50; index += 1) on.call();
    const askedAt = Date.now();
    on.telephony.hangUpLeg(talking, 'agent');
    await on.signals.waitFor('leg-ended', { legId: talking, intent: 'agent' });
    expect(Date.now() - askedAt).toBeLessThan(500);
  });

  test('a call that was hung up before it was sent is given back', async () => {
    on.fake.fail('POST', /^\/channels\/leg_/, { kind: 'slow', ms: 500 }, 8);
    for (let index = 0; index < 8; index += 1) on.call();
    const legId = on.call();
    on.telephony.hangUpLeg(legId, 'cancelled');
    await on.signals.waitFor('leg-refused', { legId, reason: 'vetoed' });
    expect(on.asked('POST', `/channels/${legId}`)).toHaveLength(0);
  });

  test('a call that was hung up while it was sent is hung up', async () => {
    on.fake.fail('DELETE', /^\/channels\/leg_/, { kind: 'status', status: 404 });
    on.fake.fail('POST', /^\/channels\/leg_/, { kind: 'slow', ms: 300 });
    const legId = on.call();
    await on.isPlaced(legId);
    on.telephony.hangUpLeg(legId, 'cancelled');
    await on.signals.waitFor('leg-ended', { legId, intent: 'cancelled' });
    expect(on.fake.channels.has(legId)).toBe(false);
  });
});

describe('create and dial', () => {
  beforeEach(() => on.begin('create-and-dial'));

  test('dials when the channel entered our application, even if its event overtook the answer', async () => {
    on.fake.fail('POST', /^\/channels\/create/, { kind: 'slow', ms: 200 });
    const legId = on.call();
    await vi.waitFor(() => expect(on.asked('POST', `/channels/${legId}/dial`)).toHaveLength(1));
    on.fake.answer(legId);
    await on.signals.waitFor('leg-answered', { legId });
  });

  test('does not dial a call that was hung up in between', async () => {
    on.fake.fail('POST', /^\/channels\/create/, { kind: 'slow', ms: 300 });
    const legId = on.call();
    await on.isPlaced(legId);
    on.telephony.hangUpLeg(legId, 'cancelled');
    await on.signals.waitFor('leg-refused', { legId, reason: 'vetoed' });
    await pause(400);
    expect(on.asked('POST', `/channels/${legId}/dial`)).toHaveLength(0);
    expect(on.fake.channels.has(legId)).toBe(false);
    expect(on.signals.kindsOf(legId)).toEqual(['leg-refused']);
  });

  test('gives a call back at once when a silent PBX was never asked to dial it, and leaves no channel', async () => {
    on.fake.fail('POST', /^\/channels\/create/, { kind: 'slow', ms: 300 });
    const legId = on.call();
    await on.isPlaced(legId);
    on.telephony.hangUpLeg(legId, 'ring-timeout');
    await on.signals.waitFor('leg-refused', { legId, reason: 'never-left' }, { timeoutMs: 100 });
    await vi.waitFor(() => expect(on.fake.channels.has(legId)).toBe(false));
    await pause(400);
    expect(on.asked('POST', `/channels/${legId}/dial`)).toHaveLength(0);
  });

  test('never dials by a permit that grew old while the PBX stood still', async () => {
    on.fake.fail('POST', /^\/channels\/create/, { kind: 'slow', ms: 400 });
    const legId = on.call({ expiresAt: Date.now() + 200 });
    await on.signals.waitFor('leg-refused', { legId, reason: 'permit-expired' });
    await vi.waitFor(() => expect(on.fake.channels.has(legId)).toBe(false));
    expect(on.asked('POST', `/channels/${legId}/dial`)).toHaveLength(0);
  });

  test('a created call that was not dialed, because the answer was lost, never left', async () => {
    on.fake.fail('POST', /^\/channels\/create/, { kind: 'reset-after' });
    const legId = on.call();
    await on.signals.waitFor('leg-refused', { legId, reason: 'never-left' });
    await vi.waitFor(() => expect(on.fake.channels.has(legId)).toBe(false));
    expect(on.asked('POST', `/channels/${legId}/dial`)).toHaveLength(0);
  });

  test('a call that may have been dialed counts as lost, and is hung up before it rings late', async () => {
    on.fake.fail('POST', /^\/channels\/leg_[^/]+\/dial/, { kind: 'reset' });
    const legId = on.call();
    const end = await on.signals.waitFor('leg-ended', { legId });
    expect(end.intent).toBe('orphaned');
    expect(on.fake.channels.has(legId)).toBe(false);
  });

  test('a channel that never comes into our application is not dialed, and does not stay', async () => {
    on.fake.wedge(true);
    const legId = on.call();
    await on.isPlaced(legId);
    await on.signals.waitFor('leg-refused', { legId });
    await vi.waitFor(() => expect(on.fake.channels.has(legId)).toBe(false));
    expect(on.asked('POST', `/channels/${legId}/dial`)).toHaveLength(0);
  });
});
