import { afterEach, describe, expect, it } from 'vitest';
import { personWho, RINGS_FOREVER } from '../../src/simulator/behaviours.ts';
import { World } from '../support/world.ts';

let world: World;
afterEach(() => world.end());

const AGENTS = 4;
const PREDICTIVE = { mode: 'predictive', linesMax: 60 } as const;

/** Everybody answers after three seconds and talks for ten; wrap-ups end by themselves. */
async function aFloorThatLearned(): Promise<void> {
  world = await World.begin({
    profileId: 'demonstration',
    campaign: { pacing: PREDICTIVE, wrapUpMs: 5_000 },
    agents: AGENTS,
    debtors: 400,
    behaviour: () => personWho(3_000, 10_000),
  });
  for (let agent = 1; agent <= AGENTS; agent += 1) await world.agentComes(agent);
  for (let minute = 0; minute < 20; minute += 1) {
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
