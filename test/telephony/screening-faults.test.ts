import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { LegId } from '../../src/lib/ids.ts';
import { silenceOf, VERDICT_MAX_MS, verdictOf } from '../../src/telephony/screen-legs.ts';
import { adapterOnFake } from './adapter-on-fake.ts';

const on = adapterOnFake();

/** An answered leg whose copy is at AMD. */
async function listening(): Promise<LegId> {
  const legId = await on.answered();
  on.telephony.screenLeg(legId);
  await vi.waitFor(() =>
    expect(on.asked('POST', `/channels/copy-${legId}/continue`)).toHaveLength(1),
  );
  return legId;
}

const copies = () => [...on.fake.channels.keys()].filter((id) => id.startsWith('copy-'));

describe('a copy of a leg', () => {
  beforeEach(() => on.begin());
  afterEach(() => vi.useRealTimers());

  test('is sent to AMD, gives its verdict, and is ended; the leg stays as it was', async () => {
    const legId = await listening();
    const [snoop] = on.asked('POST', `/channels/${legId}/snoop/copy-${legId}`);
    expect(snoop?.query.get('spy')).toBe('in');
    const [continued] = on.asked('POST', `/channels/copy-${legId}/continue`);
    expect(continued?.query.get('context')).toBe('answering-machine');
    on.fake.screen(legId, 'MACHINE', 'LONGGREETING-1200-1200');
    const signal = await on.signals.waitFor('leg-screened', { legId });
    expect(signal).toMatchObject({ verdict: 'machine', cause: 'LONGGREETING-1200-1200' });
    expect(signal.screenedMs).toBeGreaterThanOrEqual(0);
    await vi.waitFor(() => expect(copies()).toEqual([]));
    expect(on.fake.channels.has(legId)).toBe(true);
  });

  test('gives one verdict, however often it is requested and reported', async () => {
    const legId = await listening();
    on.telephony.screenLeg(legId);
    on.fake.screen(legId, 'HUMAN', 'HUMAN-500-500');
    await on.signals.waitFor('leg-screened', { legId, verdict: 'person', silentMs: 500 });
    await vi.waitFor(() => expect(copies()).toEqual([]));
    on.telephony.screenLeg(legId);
    on.fake.arrive({ id: `copy-${legId}`, name: `Snoop/${legId}-00000009` }, [
      'screened',
      'MACHINE',
      'X',
    ]);
    await vi.waitFor(() => expect(copies()).toEqual([]));
    expect(on.signals.kindsOf(legId)).toEqual(['leg-answered', 'leg-screened']);
    expect(on.asked('POST', /snoop/)).toHaveLength(1);
  });

  test('that cannot be made gives unsure at once', async () => {
    const legId = await on.answered();
    on.fake.fail('POST', /snoop/, { kind: 'status', status: 500 });
    on.telephony.screenLeg(legId);
    const doubt = { legId, verdict: 'unsure', cause: 'COPY-REFUSED' } as const;
    await on.signals.waitFor('leg-screened', doubt, { timeoutMs: 1_000 });
  });

  test('that cannot be sent to AMD gives unsure at once, and is ended', async () => {
    const legId = await on.answered();
    on.fake.fail('POST', /continue/, { kind: 'status', status: 409 });
    on.telephony.screenLeg(legId);
    const doubt = { legId, verdict: 'unsure', cause: 'NOT-STARTED' } as const;
    await on.signals.waitFor('leg-screened', doubt, { timeoutMs: 1_000 });
    await vi.waitFor(() => expect(copies()).toEqual([]));
  });

  test('that was made, although the answer was lost, still gives its verdict', async () => {
    const legId = await on.answered();
    on.fake.fail('POST', /snoop/, { kind: 'reset-after' });
    on.telephony.screenLeg(legId);
    await vi.waitFor(() => expect(on.asked('POST', /continue/)).toHaveLength(1));
    on.fake.screen(legId, 'HUMAN', 'HUMAN-500-500');
    await on.signals.waitFor('leg-screened', { legId, verdict: 'person' });
  });

  test('without a result gives unsure after its time, and is ended', async () => {
    const legId = await listening();
    const doubt = { legId, verdict: 'unsure', cause: 'TOO-LATE' } as const;
    await on.signals.waitFor('leg-screened', doubt, { timeoutMs: VERDICT_MAX_MS + 2_000 });
    await vi.waitFor(() => expect(copies()).toEqual([]));
  }, 15_000);

  test('ends with its leg, without a verdict', async () => {
    const legId = await listening();
    on.fake.end(legId, 16);
    await on.signals.waitFor('leg-ended', { legId });
    await vi.waitFor(() => expect(copies()).toEqual([]));
    expect(on.signals.kindsOf(legId)).toEqual(['leg-answered', 'leg-ended']);
  });

  test('of an earlier process is ended when events flow again', async () => {
    const legId = await listening();
    await on.telephony.stop();
    expect(copies()).toHaveLength(1);
    await on.begin();
    await vi.waitFor(() => expect(copies()).toEqual([]));
    expect(on.fake.channels.has(legId)).toBe(true);
  });

  test('leaves nothing behind when the PBX restarts', async () => {
    const legId = await listening();
    on.fake.restart();
    await on.signals.waitFor('leg-lost', { legId });
    await pause(50);
    expect(on.signals.kindsOf(legId)).toEqual(['leg-answered', 'leg-lost']);
  });
});

describe('the words of AMD', () => {
  test.each([
    ['HUMAN', 'HUMAN-500-500', 'person'],
    ['MACHINE', 'LONGGREETING-1200-1200', 'machine'],
    ['MACHINE', 'MAXWORDS-4-3', 'machine'],
    // A hesitant person is silent, too.
    ['MACHINE', 'INITIALSILENCE-4000-4000', 'unsure'],
    ['NOTSURE', 'TOOLONG-3500', 'unsure'],
    ['HANGUP', '', 'unsure'],
    ['', '', 'unsure'],
  ])('%s %s is %s', (status, cause, verdict) => {
    expect(verdictOf(status, cause)).toBe(verdict);
  });

  test.each([
    ['HUMAN-512-500', 512],
    ['MAXWORDS-4-3', undefined],
    ['HUMAN', undefined],
    ['', undefined],
  ])('%s was said after a silence of %s ms', (cause, silentMs) => {
    expect(silenceOf(cause)).toBe(silentMs);
  });
});
