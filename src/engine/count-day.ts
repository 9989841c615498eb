import type { Call, CallFact } from '../domain/calls/call.ts';
import { unansweredCount } from '../domain/calls/outcome.ts';
import { standingOf } from '../domain/calls/standing.ts';
import { countsOfStanding } from '../domain/reports/measures.ts';
import type { EpochMs } from '../lib/time.ts';
import { startOfLocalDay } from '../lib/time.ts';
import type { CampaignCounts } from './ports/records.ts';
import { type CampaignRuntime, EMPTY_COUNTS } from './state.ts';
import type { House } from './work.ts';

type Count = keyof CampaignCounts;

/** Keeps a campaign's counts of the local day by its facts, so that no screen has to ask the disk. */
export function count(
  house: House,
  campaign: CampaignRuntime,
  what: Count,
  now: EpochMs,
  by: 1 | -1 = 1,
): void {
  beginDay(house, campaign, now);
  // What is taken back may be yesterday's.
  if (by === 1 || campaign.today[what] > 0) add(house, campaign, what, by);
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
  // An answer may be withdrawn, and then belongs to the day on which it seemed one.
  const answeredAt = after.answeredAt ?? before.answeredAt;
  if (answeredAt === undefined || answeredAt < campaign.todayFrom) return;
  const was = standingOf(before);
  const is = standingOf(after);
  for (const what of countsOfStanding(is)) add(house, campaign, what, 1);
  for (const what of countsOfStanding(was)) add(house, campaign, what, -1);
  const connected = Number(after.connectedAt !== undefined);
  const wasConnected = Number(before.connectedAt !== undefined);
  if (connected !== wasConnected) add(house, campaign, 'connected', connected - wasConnected);
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
  const what = fact.kind === 'call-ended' ? unansweredCount(fact.outcome) : undefined;
  if (!what || (attemptPlacedAt ?? placedAt) < campaign.todayFrom) return;
  add(house, campaign, what, 1);
}
