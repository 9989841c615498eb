import type { Call, CallFact } from '../domain/calls/call.ts';
import type { CallOutcome } from '../domain/calls/outcome.ts';
import { isPerson, type Standing, standingOf } from '../domain/pacing/abandonment.ts';
import { unreachable } from '../lib/assert.ts';
import type { EpochMs } from '../lib/time.ts';
import { startOfLocalDay } from '../lib/time.ts';
import type { CampaignCounts } from './ports/store.ts';
import { type CampaignRuntime, EMPTY_COUNTS } from './state.ts';
import type { House } from './work.ts';

type Count = keyof CampaignCounts;

/** Keeps a campaign's counts of the local day by its facts, so that no screen has to ask the disk. */
export function count(house: House, campaign: CampaignRuntime, what: Count, now: EpochMs): void {
  beginDay(house, campaign, now);
  add(house, campaign, what, 1);
}

function beginDay(house: House, campaign: CampaignRuntime, now: EpochMs): void {
  const dayFrom = startOfLocalDay(now, house.zone);
  if (campaign.todayFrom === dayFrom) return;
  house.draft.change(campaign, { today: EMPTY_COUNTS, todayFrom: dayFrom });
}

function add({ draft }: House, campaign: CampaignRuntime, what: Count, by: number): void {
  const { today } = campaign;
  draft.change(campaign, { today: { ...today, [what]: today[what] + by } });
}

/** Answers and what became of them belong to the day of the answer, as in the reports. */
export function countStanding(
  house: House,
  campaign: CampaignRuntime,
  before: Call,
  after: Call,
  now: EpochMs,
): void {
  beginDay(house, campaign, now);
  if (after.answeredAt === undefined || after.answeredAt < campaign.todayFrom) return;
  const was = standingOf(before);
  const is = standingOf(after);
  for (const what of countsOf(is)) add(house, campaign, what, 1);
  for (const what of countsOf(was)) add(house, campaign, what, -1);
  if (before.connectedAt === undefined && after.connectedAt !== undefined) {
    add(house, campaign, 'connected', 1);
  }
}

function countsOf(standing: Standing | undefined): readonly Count[] {
  if (!isPerson(standing)) return [];
  if (standing === 'abandoned') return ['answered', 'abandoned'];
  return standing === 'hung-up-waiting' ? ['answered', 'hungUpWaiting'] : ['answered'];
}

/** How an attempt ended belongs to the day on which it was placed, as in the reports. */
export function countCall(
  house: House,
  campaign: CampaignRuntime,
  { attemptPlacedAt, placedAt }: Call,
  fact: CallFact,
  now: EpochMs,
): void {
  beginDay(house, campaign, now);
  const what = fact.kind === 'call-ended' ? countOfOutcome(fact.outcome) : undefined;
  if (!what || (attemptPlacedAt ?? placedAt) < campaign.todayFrom) return;
  add(house, campaign, what, 1);
}

function countOfOutcome(outcome: CallOutcome): Count | undefined {
  switch (outcome) {
    case 'person':
    case 'machine':
      return undefined; // counted by what they stand for
    case 'busy':
      return 'busy';
    case 'no-answer':
      return 'noAnswer';
    case 'invalid-number':
      return 'invalid';
    case 'rejected':
    case 'spam-refused':
      return 'rejected';
    case 'cancelled':
    case 'congestion':
    case 'trunk-failed':
    case 'caller-id-refused':
    case 'lost':
    case 'forwarded':
    case 'media-failed':
      return 'failed';
    default:
      return unreachable(outcome);
  }
}
