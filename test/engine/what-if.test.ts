import { afterEach, describe, expect, it } from 'vitest';
import type { CampaignId } from '../../src/lib/ids.ts';
import { MINUTE_MS } from '../../src/lib/time.ts';
import { personWho, RINGS_FOREVER } from '../../src/simulator/behaviours.ts';
import { World, type WorldOptions } from '../support/world.ts';

let world: World;
afterEach(() => world.end());

const AGENTS = 4;
const SECOND: CampaignId = 'campaign_second';
const APART: CampaignId = 'campaign_apart';
const PREDICTIVE = { mode: 'predictive', linesMax: 60 } as const;

/** Everybody answers after three seconds and talks for ten; wrap-ups end by themselves. */
async function aFloorThatLearned(options: WorldOptions = {}): Promise<void> {
  world = await World.begin({
    profileId: 'demonstration',
    campaign: { pacing: PREDICTIVE, wrapUpMs: 5_000 },
    agents: AGENTS,
    debtors: 400,
    behaviour: () => personWho(3_000, 10_000),
    ...options,
  });
  for (let agent = 1; agent <= AGENTS; agent += 1) await world.agentComes(agent);
  for (let minute = 0; minute < 40; minute += 1) {
    await dispositionsFor(60);
    const forecast = world.board().plan?.forecast;
    if (forecast && !forecast.learning) return;
  }
}

/** Lets time pass; agents come back from the pause for a missing disposition. */
async function dispositionsFor(seconds: number): Promise<void> {
  for (let second = 0; second < seconds; second += 1) {
    await world.pass(1_000);
    for (let agent = 1; agent <= AGENTS; agent += 1) {
      if (world.activity(agent) === 'wrapping-up') await world.dispose(agent);
    }
  }
}

const ask = (change: Parameters<typeof world.engine.whatIf>[1]) =>
  world.engine.whatIf(world.campaignId, change);

describe('what a change would do', () => {
  it('is simulated from what was learned, with the window and the settings as they are', async () => {
    await aFloorThatLearned();
    const asked = ask({ mode: 'progressive', linesMax: 8 });
    if (!asked.ok) throw new Error(`not to be simulated: ${asked.because}`);
    const { question } = asked;
    expect(question).toMatchObject({
      agents: AGENTS,
      now: { linesMax: 60, settings: { mode: 'predictive' } },
      changed: { linesMax: 8, settings: { mode: 'progressive' } },
    });
    expect(question.answerRate).toBeGreaterThan(0.5);
    expect(question.learned).toHaveProperty('setups');
    const { answers, abandoned } = world.board().abandonment;
    expect(question.bank).toEqual({ answers, abandoned });
    // Asking changes nothing.
    expect(world.board().campaign.pacing).toEqual(PREDICTIVE);
  });

  it('is of the floor there is: campaigns that share agents, their screening, and rests ahead', async () => {
    const shared = { pacing: PREDICTIVE, wrapUpMs: 5_000 };
    const range = (from: number) => Array.from({ length: 400 }, (_, index) => from + index);
    await aFloorThatLearned({
      debtors: 1_200,
      campaign: { ...shared, amd: 'parallel', restBetweenCallsMs: 3_000 },
      moreCampaigns: [
        { id: SECOND, name: 'Segunda', weight: 2, ...shared },
        { id: APART, name: 'Outra', ...shared },
      ],
      leadsOf: (id) => range(id === SECOND ? 401 : id === APART ? 801 : 1),
      isAssigned: (n, id) => (n === 4 ? id === APART : n < 3 ? id !== APART : id === SECOND),
    });
    const now = world.clock.now();
    const restsAt = now + 10 * MINUTE_MS;
    expect(await world.ask(1, { kind: 'plan-rest', at: restsAt })).toMatchObject({ ok: true });
    for (let second = 0; world.activity(2) !== 'talking'; second += 1) {
      expect(second).toBeLessThan(120);
      await dispositionsFor(1);
    }
    await world.ask(2, { kind: 'pause', reason: 'restroom' });
    const asked = ask({ amd: 'off', restBetweenCallsMs: 9_000 });
    if (!asked.ok) throw new Error(`not to be simulated: ${asked.because}`);
    const { question } = asked;
    // The fourth agent and their campaign have nothing to do with it.
    expect(question.agents).toBe(3);
    expect(question.others?.map(({ id }) => id)).toEqual([SECOND]);
    expect(question.others?.[0]).toMatchObject({
      weight: 2,
      now: { settings: { mode: 'predictive' }, linesMax: 60, amd: 'off' },
    });
    expect(question.others?.[0]?.answerRate).toBeGreaterThan(0);
    expect(question).toMatchObject({
      now: { amd: 'parallel', restBetweenCallsMs: 3_000 },
      changed: { amd: 'off', restBetweenCallsMs: 9_000 },
    });
    const [first, second, third] = question.crew ?? [];
    expect(first).toEqual({
      rest: {
        inMs: restsAt - 5_000 - world.clock.now(),
        forMs: 10 * MINUTE_MS + 5_000,
      },
    });
    expect(second).toEqual({ rest: { inMs: 0, forMs: 5 * MINUTE_MS } });
    expect(third).toEqual({ campaignIds: [SECOND] });
    expect(question.trunks?.lines).toBeGreaterThan(0);
  });

  it('is refused like the change itself', async () => {
    await aFloorThatLearned();
    expect(ask({ ringTimeoutMs: 1 })).toMatchObject({ ok: false, because: 'refused' });
  });

  it('is not known before anything was learned, nor where nobody dials', async () => {
    world = await World.begin({ campaign: { pacing: PREDICTIVE }, behaviour: () => RINGS_FOREVER });
    expect(ask({ linesMax: 5 })).toEqual({ ok: false, because: 'not-dialing' });
    await world.agentComes();
    await world.pass(1_000);
    expect(ask({ linesMax: 5 })).toEqual({ ok: false, because: 'learning' });
  });
});
