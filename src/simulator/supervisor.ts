/** The supervisor of a simulated day, who keeps changing the running campaigns. */
import type { CampaignChange } from '../domain/campaigns/settings.ts';
import type { CampaignId } from '../lib/ids.ts';
import { type Random, randomStream } from '../lib/random.ts';
import { MINUTE_MS, SECOND_MS } from '../lib/time.ts';
import { between } from './chances.ts';
import type { DayPacing, DaySettings } from './day-settings.ts';
import { FIRST_CAMPAIGN } from './operation.ts';
import { SECOND_CAMPAIGN } from './people.ts';
import { BOSS, type World } from './world.ts';

export function campaignsOf({ campaigns }: DaySettings): readonly CampaignId[] {
  return campaigns === 1 ? [FIRST_CAMPAIGN] : [FIRST_CAMPAIGN, SECOND_CAMPAIGN];
}

/** Changes something every few minutes; a stopped campaign soon runs again. */
export function beginSteering(world: World, settings: DaySettings): { stop(): void } {
  const random = randomStream(settings.seed, 'supervisor');
  const campaigns = campaignsOf(settings);
  const { clock } = world;
  let isOver = false;
  const later = (ms: number, happen: () => void): void => clock.at(clock.now() + ms, happen);
  const steer = (): void => {
    if (isOver) return;
    const campaignId = campaigns[Math.floor(random() * campaigns.length)] ?? FIRST_CAMPAIGN;
    const change = changeOf(random, settings.pacing);
    ask(world, campaignId, change);
    if (change.state) {
      later(between(random, 5 * SECOND_MS, MINUTE_MS), () => {
        if (!isOver) ask(world, campaignId, { state: 'running' });
      });
    }
    later(between(random, MINUTE_MS, 5 * MINUTE_MS), steer);
  };
  later(between(random, MINUTE_MS, 5 * MINUTE_MS), steer);
  return {
    stop() {
      isOver = true;
    },
  };
}

/** Ends dialing for the day; calls already placed are still served. */
export function stopDialing(world: World, settings: DaySettings): void {
  for (const campaignId of campaignsOf(settings)) ask(world, campaignId, { state: 'stopped' });
}

/** Most changes of mode return to the day's own mode. */
function changeOf(random: Random, pacing: DayPacing): CampaignChange {
  const lot = random();
  if (lot < 0.2) return { state: 'paused' };
  if (lot < 0.3) return { state: 'stopped' };
  if (lot < 0.35) return { mode: 'progressive' };
  if (lot < 0.6) return pacing;
  if (lot < 0.7) return { mode: 'ratio', ratio: 1 + Math.round(random() * 20) / 10 };
  if (lot < 0.75) return { mode: 'predictive' };
  if (lot < 0.8) return { linesPerAgentMax: random() < 0.5 ? null : 1 + 3 * random() };
  return { linesMax: between(random, 2, 60) };
}

/** While the server is away the page says so, and nothing is asked. */
function ask(world: World, campaignId: CampaignId, change: CampaignChange): void {
  if (!world.isRunning) {
    world.clock.at(world.clock.now() + SECOND_MS, () => ask(world, campaignId, change));
    return;
  }
  void world.engine.run({ kind: 'change-campaign', ...BOSS, campaignId, change });
}
