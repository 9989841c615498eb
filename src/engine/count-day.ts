import type { Call, CallFact } from '../domain/calls/call.ts';
import { unansweredCount } from '../domain/calls/outcome.ts';
import { standingOf } from '../domain/calls/standing.ts';
import { countsOfStanding } from '../domain/reports/measures.ts';
import type { EpochMs } from '../lib/time.ts';
import { startOfLocalDay } from '../lib/time.ts';
import type { Memory } from './memory.ts';
import type { CampaignCounts } from './ports/records.ts';
import { type CampaignRuntime, EMPTY_COUNTS } from './state.ts';

type Count = keyof CampaignCounts;

/** Keeps a campaign's counts of the local day by its facts, so that no screen has to ask the disk. */
export function count(
  memory: Memory,
  campaign: CampaignRuntime,
  what: Count,
  now: EpochMs,
  by: 1 | -1 = 1,
): void {
  beginDay(memory, campaign, now);
  // What is taken back may be yesterday's.
  if (by === 1 || campaign.today[what] > 0) add(memory, campaign, what, by);
}

function beginDay(memory: Memory, campaign: CampaignRuntime, now: EpochMs): void {
  const dayFrom = startOfLocalDay(now, memory.zone);
  if (campaign.todayFrom === dayFrom) return;
  memory.draft.change(campaign, { today: EMPTY_COUNTS, todayFrom: dayFrom });
}

function add({ draft }: Memory, campaign: CampaignRuntime, what: Count, by: number): void {
  const { today } = campaign;
  draft.change(campaign, { today: { ...today, [what]: today[what] + by } });
}

/** Answers and what became of them belong to the day of the answer, as in the reports. */
export function countStanding(
  memory: Memory,
  campaign: CampaignRuntime,
  before: Call,
  after: Call,
  now: EpochMs,
): void {
  beginDay(memory, campaign, now);
  // An answer may be withdrawn, and then belongs to the day on which it seemed one.
  const answeredAt = after.answeredAt ?? before.answeredAt;
  if (answeredAt === undefined || answeredAt < campaign.todayFrom) return;
  const was = standingOf(before);
  const is = standingOf(after);
  for (const what of countsOfStanding(is)) add(memory, campaign, what, 1);
  for (const what of countsOfStanding(was)) add(memory, campaign, what, -1);
  const connected = Number(after.connectedAt !== undefined);
  const wasConnected = Number(before.connectedAt !== undefined);
  if (connected !== wasConnected) add(memory, campaign, 'connected', connected - wasConnected);
}

/** How an attempt ended belongs to the day on which it was placed, as in the reports. */
export function countCall(
  memory: Memory,
  campaign: CampaignRuntime,
  { attemptPlacedAt, placedAt }: Call,
  fact: CallFact,
  now: EpochMs,
): void {
  beginDay(memory, campaign, now);
  const what = fact.kind === 'call-ended' ? unansweredCount(fact.outcome) : undefined;
  if (!what || (attemptPlacedAt ?? placedAt) < campaign.todayFrom) return;
  add(memory, campaign, what, 1);
}
