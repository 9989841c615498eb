import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { obtainAsterisk } from '../../scripts/asterisk/obtain.ts';
import { startDialerAsterisk } from '../../scripts/asterisk/run.ts';
import type { Placing } from '../../src/telephony/place-legs.ts';
import { adapterOnPair } from '../telephony/adapter-on-pair.ts';
import { startTcpProxy } from '../telephony/tcp-proxy.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const on = adapterOnPair('adapter-outages');

describe('when the connection or the PBX goes', () => {
  test('after a cut cable: down, then up with the live calls', async () => {
    const { hostname, port } = new URL(on.pair.dialer.ariUrl);
    const cable = await startTcpProxy({ host: hostname, port: Number(port) });
    await on.begin('originate', `http://127.0.0.1:${cable.port}/ari`);
    const before = await on.signals.waitFor('telephony-up');
    const [living, ending] = [await on.answered('0011'), await on.answered('0012')];
    cable.cut(true);
    await on.signals.waitFor('telephony-down');
    await pause(6_000);
    const since = on.signals.all.length;
    cable.mend();
    const { survey } = await on.signals.waitFor('telephony-up', {}, { since });
    expect(survey.instance).toBe(before.survey.instance);
    expect(survey.legs).toEqual([{ legId: living, state: 'up' }]);
    expect(on.signals.kindsOf(ending)).toEqual(['leg-answered', 'leg-lost']);
    on.telephony.hangUpLeg(living, 'agent');
    await on.signals.waitFor('leg-ended', { legId: living, intent: 'agent' });
    await on.telephony.stop();
    await cable.close();
  });

  test.each([
    ['originate', 'is hung up by the PBX, and lost to us'],
    ['create-and-dial', 'is there when we are back'],
  ] as const)(
    'a person who answers while we are away, by %s, %s',
    async (placing: Placing, _becomes) => {
      const { hostname, port } = new URL(on.pair.dialer.ariUrl);
      const cable = await startTcpProxy({ host: hostname, port: Number(port) });
      await on.begin(placing, `http://127.0.0.1:${cable.port}/ari`);
      const legId = on.call('0001');
      await on.signals.waitFor('leg-ringing', { legId });
      cable.cut(true);
      await pause(1_500);
      const since = on.signals.all.length;
      cable.mend();
      const { survey } = await on.signals.waitFor('telephony-up', {}, { since });
      if (placing === 'originate') {
        expect(survey.legs).toEqual([]);
        expect(on.signals.kindsOf(legId)).toEqual(['leg-ringing', 'leg-lost']);
      } else {
        expect(survey.legs).toEqual([{ legId, state: 'up' }]);
        on.telephony.hangUpLeg(legId, 'orphaned');
        await on.signals.waitFor('leg-ended', { legId, intent: 'orphaned' });
      }
      await on.telephony.stop();
      await cable.close();
    },
  );

  test('a new process finds the old one’s calls and is told of their end', async () => {
    await on.begin();
    const legId = await on.answered('0011');
    await on.telephony.stop();
    await on.begin();
    const { survey } = await on.signals.waitFor('telephony-up');
    expect(survey.legs).toEqual([{ legId, state: 'up' }]);
    on.telephony.hangUpLeg(legId, 'orphaned');
    await on.signals.waitFor('leg-ended', { legId, intent: 'orphaned' });
  });

  test('a PBX that was killed comes back as another instance, with our trunks', async () => {
    await on.begin();
    const before = await on.signals.waitFor('telephony-up');
    const legId = await on.answered('0011');
    on.pair.dialer.kill();
    await on.signals.waitFor('telephony-down');
    const since = on.signals.all.length;
    const { directory, ports, ari } = on.pair.dialer;
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
    const { stop } = on.pair;
    on.pair = {
      ...on.pair,
      dialer: restarted,
      stop: async () => {
        await restarted.stop();
        await stop();
      },
    };
    const after = await on.signals.waitFor('telephony-up', {}, { since, timeoutMs: 15_000 });
    expect(after.survey.instance).not.toBe(before.survey.instance);
    expect(on.signals.kindsOf(legId)).toEqual(['leg-answered', 'leg-lost']);
    await on.answered('0011');
  }, 40_000);
});
