import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { LegId } from '../../src/lib/ids.ts';
import { adapterOnPair } from '../telephony/adapter-on-pair.ts';
import { anId } from '../telephony/builders.ts';

const on = adapterOnPair('screening');

async function screened(suffix: string) {
  const legId = await on.answered(suffix);
  on.telephony.screenLeg(legId);
  return on.signals.waitFor('leg-screened', { legId });
}

const hangUp = (legId: LegId) => on.telephony.hangUpLeg(legId, 'agent');

const noChannelIsLeft = () =>
  vi.waitFor(async () => {
    expect(await on.pair.dialer.command('core show channels count')).toContain('0 active channels');
  }, 5_000);

describe('who answers, heard on a copy of the leg', () => {
  beforeEach(() => on.begin());
  afterEach(noChannelIsLeft);

  /** Ten calls to each: two persons, and two machines of different makes. */
  test('forty calls are judged correctly, and no copy is left', async () => {
    const numbers = { '0012': 'person', '0015': 'person', '0009': 'machine', '0016': 'machine' };
    const heard: { suffix: string; verdict: string; screenedMs: number }[] = [];
    for (let round = 0; round < 5; round += 1) {
      const suffixes = [...Object.keys(numbers), ...Object.keys(numbers)];
      const results = await Promise.all(
        suffixes.map(async (suffix) => ({ suffix, ...(await screened(suffix)) })),
      );
      for (const one of results) hangUp(one.legId);
      heard.push(...results);
    }
    for (const [suffix, truth] of Object.entries(numbers)) {
      const ofNumber = heard.filter((one) => one.suffix === suffix);
      const right = ofNumber.filter(({ verdict }) => verdict === truth).length;
      const times = ofNumber.map(({ screenedMs }) => screenedMs).sort((a, b) => a - b);
      console.log(`${suffix} ${truth}: ${right} of ${ofNumber.length}, ms ${times.join(' ')}`);
      expect.soft(right, suffix).toBeGreaterThanOrEqual(9);
      expect.soft(times.at(-1), suffix).toBeLessThan(3_500);
    }
    const falseMachines = heard.filter(
      ({ suffix, verdict }) =>
        suffix.startsWith('001') && suffix !== '0016' && verdict === 'machine',
    );
    expect(falseMachines).toEqual([]);
  }, 90_000);

  test('silence gives the verdict unsure, not machine', async () => {
    const { verdict, legId } = await screened('0011');
    expect(verdict).toBe('unsure');
    hangUp(legId);
  });

  test('the leg is bridged while it is listened to', async () => {
    const legId = await on.answered('0015');
    const bridgeId = anId('bridge');
    const ari = on.pair.dialer;
    const { username, password } = ari.ari;
    const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
    await fetch(`${ari.ariUrl}/bridges/${bridgeId}?type=mixing`, {
      method: 'POST',
      headers: { authorization },
    });
    on.telephony.screenLeg(legId);
    on.telephony.bridgeLeg(legId, bridgeId);
    await on.signals.waitFor('leg-bridged', { legId, bridgeId });
    await on.signals.waitFor('leg-screened', { legId, verdict: 'person' });
    expect(on.signals.kindsOf(legId)).not.toContain('leg-ended');
    hangUp(legId);
  });

  test('a leg that ends first ends its copy, without a verdict', async () => {
    const legId = await on.answered('0015');
    on.telephony.screenLeg(legId);
    await vi.waitFor(async () => {
      expect(await on.pair.dialer.command('core show channels concise')).toContain('AMD');
    });
    hangUp(legId);
    await on.signals.waitFor('leg-ended', { legId });
    await noChannelIsLeft();
    expect(on.signals.kindsOf(legId)).not.toContain('leg-screened');
  });

  test('a copy of a process that is gone is ended by the next one', async () => {
    const legId = await on.answered('0015');
    on.telephony.screenLeg(legId);
    await vi.waitFor(async () => {
      expect(await on.pair.dialer.command('core show channels concise')).toContain('AMD');
    });
    await on.telephony.stop();
    await on.begin();
    await vi.waitFor(async () => {
      expect(await on.pair.dialer.command('core show channels concise')).not.toContain('Snoop');
    });
    hangUp(legId);
  });
});
