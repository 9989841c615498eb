import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Trunk } from '../../src/domain/trunks/trunk.ts';
import type { LegId } from '../../src/lib/ids.ts';
import { adapterOnPair } from '../telephony/adapter-on-pair.ts';
import { aTrunk } from '../telephony/builders.ts';
import { type SipPhone, startSipPhone } from '../telephony/sip-phone.ts';

const on = adapterOnPair('adapter');

describe.each(['originate', 'create-and-dial'] as const)(
  'every way a call can go, by %s',
  (placing) => {
    beforeEach(() => on.begin(placing));

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
        legId: on.call(suffix, suffix === '0007' ? { ringTimeoutMs: 1_000 } : { ringTimeoutMs }),
      }));
      for (const { suffix, legId } of legs) {
        const end = await on.signals.waitFor('leg-ended', { legId }, { timeoutMs: 15_000 });
        const [kinds, codes] = expected[suffix] ?? [];
        expect.soft(on.signals.kindsOf(legId), suffix).toEqual(kinds);
        expect.soft(end, suffix).toMatchObject(codes ?? {});
        expect.soft(end.intent, suffix).toBeUndefined();
      }
    });

    test('people who stay on the line ring, answer, and are hung up by us with our intent', async () => {
      const [rings, answers, voicemail] = [on.call('0002'), on.call('0001'), on.call('0009')];
      await on.signals.waitFor('leg-ringing', { legId: rings });
      on.telephony.hangUpLeg(rings, 'ring-timeout');
      const noAnswer = await on.signals.waitFor('leg-ended', { legId: rings });
      expect(noAnswer).toMatchObject({ intent: 'ring-timeout', cause: 19 });
      await on.signals.waitFor('leg-answered', { legId: answers });
      on.telephony.hangUpLeg(answers, 'agent');
      expect(await on.signals.waitFor('leg-ended', { legId: answers })).toMatchObject({
        intent: 'agent',
        cause: 16,
      });
      await on.signals.waitFor('leg-answered', { legId: voicemail });
      expect(on.signals.kindsOf(answers)).toEqual(['leg-ringing', 'leg-answered', 'leg-ended']);
      expect(on.signals.kindsOf(voicemail)).toEqual(['leg-ringing', 'leg-answered']);
    });

    test('the PBX ends a call that rings too long when our side does not', async () => {
      const legId = on.call('0002', { ringTimeoutMs: 500 });
      const end = await on.signals.waitFor('leg-ended', { legId });
      expect(end).toMatchObject({ cause: 19, techCause: 480 });
      expect(on.signals.kindsOf(legId)).toEqual(['leg-ringing', 'leg-ended']);
    });
  },
);

describe.each(['originate', 'create-and-dial'] as const)(
  'what the far end sees, by %s',
  (placing) => {
    let phone: SipPhone;

    beforeEach(async () => {
      phone = await startSipPhone('127.0.0.3');
      await on.begin(placing);
    });
    afterEach(() => phone.close());

    const far = (trunk: Partial<Trunk>) =>
      aTrunk({ host: phone.address, port: phone.port, ...trunk });

    async function inviteBy(trunk: Trunk) {
      on.telephony.setTrunks([on.carrier, trunk]);
      await pause(300);
      const legId = on.call('7777', { trunkId: trunk.id, phone: '+5511987654321' });
      await on.signals.waitFor('leg-ended', { legId });
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

    test('is only in From for a carrier that wants so, in the carrier’s number format', async () => {
      const numberFormat = { kind: 'zero-carrier', carrierCode: '15' } as const;
      const trunk = far({ callerIdHeader: 'from', numberFormat, fromDomain: 'empresa.example' });
      const seen = await inviteBy(trunk);
      expect(seen).toMatchObject({ dialed: '01511987654321', asserted: undefined });
      expect(seen.from).toBe('1133334444@empresa.example');
    });

    test('is only in P-Asserted-Identity for another carrier, with our account in From', async () => {
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
      on.telephony.setTrunks([on.carrier, far({ id: 'trunk_redirects' })]);
      await pause(300);
      const legId = on.call('7777', { trunkId: 'trunk_redirects' });
      const end = await on.signals.waitFor('leg-ended', { legId });
      await pause(500);
      expect(end).toMatchObject({ cause: 23 });
      expect(phone.received.filter(({ method }) => method === 'INVITE')).toHaveLength(1);
      expect(await on.pair.dialer.command('core show channels concise')).not.toContain('Local/');
    });
  },
);

describe('a leg that is asked about', () => {
  beforeEach(() => on.begin());

  async function lookAt(legId: LegId): Promise<object | undefined> {
    const { length } = on.signals.all;
    on.telephony.lookAtLeg(legId);
    const look = await vi.waitFor(() => {
      const since = on.signals.all.slice(length);
      const told = since.find((one) => one.kind === 'leg-looked-at' && one.legId === legId);
      if (told?.kind !== 'leg-looked-at') throw new Error('the PBX has not answered');
      return told;
    }, 5_000);
    return look.found;
  }

  test('is found as it is, and not found once it is gone', async () => {
    const [rings, answers] = [on.call('0002'), on.call('0001')];
    await on.signals.waitFor('leg-ringing', { legId: rings });
    await on.signals.waitFor('leg-answered', { legId: answers });
    expect(await lookAt(rings)).toEqual({ state: 'ringing' });
    expect(await lookAt(answers)).toEqual({ state: 'up' });
    on.telephony.hangUpLeg(rings, 'ring-timeout');
    on.telephony.hangUpLeg(answers, 'agent');
    await on.signals.waitFor('leg-ended', { legId: rings });
    await on.signals.waitFor('leg-ended', { legId: answers });
    expect(await lookAt(rings)).toBeUndefined();
    expect(await lookAt(answers)).toBeUndefined();
  });
});

describe('calls that come in by a trunk', () => {
  beforeEach(() => on.begin());

  test('name the trunk and both numbers, and end when refused', async () => {
    await on.pair.carrier.command(
      'channel originate Local/551133330000*5511988887777@calls-in/n extension s@caller',
    );
    const arrival = await on.signals.waitFor('inbound-arrived');
    expect(arrival).toMatchObject({
      trunkId: on.carrier.id,
      from: '+5511988887777',
      to: '+551133330000',
    });
    on.telephony.refuseInbound(arrival.channelId);
    await vi.waitFor(async () => {
      expect(await on.pair.dialer.command('core show channels count')).toContain(
        '0 active channels',
      );
    });
  });
});

describe('trunks', () => {
  beforeEach(() => on.begin());

  test('a gateway that never answers fails after timer B, and says so in its code', async () => {
    on.telephony.setTrunks([on.carrier, { ...on.carrier, id: 'trunk_nowhere', port: 9 }]);
    await pause(500);
    const legId = on.call('0001', { trunkId: 'trunk_nowhere', ringTimeoutMs: 30_000 });
    const end = await on.signals.waitFor('leg-ended', { legId }, { timeoutMs: 19_000 });
    expect(end).toMatchObject({ cause: 18, techCause: 408 });
    // By then the PBX knows, and does not even try.
    const next = on.call('0001', { trunkId: 'trunk_nowhere' });
    await on.signals.waitFor('leg-refused', { legId: next, reason: 'trunk-unavailable' });
  }, 25_000);

  test('one that registers does so with its account', async () => {
    const phone = await startSipPhone('127.0.0.3');
    const trunk = aTrunk({
      host: phone.address,
      port: phone.port,
      registers: true,
      authentication: { username: 'conta', password: 'x' },
    });
    on.telephony.setTrunks([on.carrier, trunk]);
    await vi.waitFor(() => {
      const register = phone.received.find(({ method }) => method === 'REGISTER');
      expect(register?.header('from') ?? '').toContain('sip:conta@');
    }, 5_000);
    await phone.close();
  });

  test('are removed from the PBX when they are no longer wanted', async () => {
    on.telephony.setTrunks([on.carrier, { ...on.carrier, id: 'trunk_second' }]);
    await vi.waitFor(async () => {
      expect(await on.hasEndpoint('trunk_second-in')).toBe(true);
    }, 3_000);
    on.telephony.setTrunks([on.carrier]);
    await vi.waitFor(async () => {
      expect(await on.hasEndpoint('trunk_second')).toBe(false);
      expect(await on.hasEndpoint('trunk_second-in')).toBe(false);
    }, 3_000);
    expect(await on.hasEndpoint(on.carrier.id)).toBe(true);
  });

  test('of an earlier process are removed when they are not wanted', async () => {
    on.telephony.setTrunks([on.carrier, { ...on.carrier, id: 'trunk_old' }]);
    await vi.waitFor(async () => {
      expect(await on.hasEndpoint('trunk_old')).toBe(true);
    }, 3_000);
    await on.telephony.stop();
    await on.begin();
    expect(await on.hasEndpoint('trunk_old')).toBe(false);
  });
});
