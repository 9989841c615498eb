import { afterEach, describe, expect, it } from 'vitest';
import { limitsInForce } from '../../src/domain/campaigns/limits.ts';
import { MINUTE_MS } from '../../src/lib/time.ts';
import { personWho, RINGS_FOREVER } from '../../src/simulator/behaviours.ts';
import { profiles } from '../../src/simulator/operation.ts';
import { World } from '../support/world.ts';

let world: World;
let isLearning = true;

/** A third answers, some after eight and some after twenty-four seconds, as the pacer knows. */
async function aFloor(): Promise<void> {
  let dialed = 0;
  isLearning = true;
  world = await World.begin({
    agents: 4,
    debtors: 300,
    profileId: 'demonstration',
    behaviour: () => {
      dialed += 1;
      const isAnswered = isLearning && dialed % 3 === 0;
      return isAnswered ? personWho(8_000 + ((dialed * 7) % 17) * 1_000, 1_000) : RINGS_FOREVER;
    },
    campaign: { pacing: { mode: 'progressive', linesMax: 50 }, wrapUpMs: 1_000 },
  });
  for (let n = 1; n <= 4; n += 1) await world.agentComes(n);
  const answers = () => world.factsOf('call-answered').length;
  while (answers() < 55) {
    await world.pass(500);
    for (let n = 1; n <= 4; n += 1) {
      if (world.activity(n) === 'wrapping-up') await world.dispose(n, 'dropped');
    }
  }
}

/** A call rings for each of four agents; then all but one leave. */
async function tooManyRing(cancelAfterRingingMs?: number): Promise<void> {
  await world.change({ linesMax: 0 });
  await world.pass(30_000);
  for (let n = 1; n <= 4; n += 1) {
    if (world.activity(n) === 'wrapping-up') await world.dispose(n, 'dropped');
    await world.ask(n, { kind: 'go-available' });
  }
  await world.pass(2_000);
  isLearning = false;
  await world.change({ linesMax: 4 });
  await world.until('a call for each', () => world.network.legs.size === 4);
  await world.change({
    mode: 'predictive',
    linesMax: 0,
    ...(cancelAfterRingingMs ? { cancelAfterRingingMs } : {}),
  });
  for (let n = 2; n <= 4; n += 1) await world.ask(n, { kind: 'pause', reason: 'rest' });
}

const intents = () =>
  world.network.asked.map(({ what }) => what).filter((what) => what === 'hang-up cancelled');

describe('calls that ring when too many are about to be answered', () => {
  afterEach(() => world.end());

  it('are given up from the set ringing on, with a reason, and soon dialed again', async () => {
    await aFloor();
    await tooManyRing(15_000);
    await world.pass(14_000);
    expect(intents()).toEqual([]);
    await world.pass(4_500);
    const given = world.factsOf('call-cancelled');
    expect(given.length).toBeGreaterThan(0);
    expect(given.length).toBeLessThan(4);
    for (const { body } of given) {
      expect(body.because).toBe('too-many-answers');
      expect(body.ringMs).toBeGreaterThanOrEqual(15_000);
    }
    expect(intents()).toEqual(given.map(() => 'hang-up cancelled'));
    const ended = world.factsOf('call-ended').filter(({ body }) => body.outcome === 'cancelled');
    expect(ended.map(({ callId }) => callId)).toEqual(given.map(({ callId }) => callId));
    const planned = world.factsOf('lead-planned').find(({ callId }) => callId === given[0]?.callId);
    expect(planned?.body.notBeforeAt).toBeLessThanOrEqual(world.clock.now() + 15 * MINUTE_MS);
  });

  it('ring on where the campaign does not ask for it', async () => {
    await aFloor();
    await tooManyRing();
    await world.pass(17_000);
    expect(intents()).toEqual([]);
  });
});

it('a call rings on where the profile forbids to cancel it, whatever the campaign has stored', () => {
  const campaign = {
    pacing: { mode: 'predictive', linesMax: 4, cancelAfterRingingMs: 15_000 },
  } as const;
  const limits = [...profiles().values()].map(({ ring }) => limitsInForce(campaign, ring));
  expect(limits).toEqual([{}, { cancelAfterRingingMs: 15_000 }]);
});
