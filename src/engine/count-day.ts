import type { CallFact } from '../domain/calls/call.ts';
import type { CallOutcome } from '../domain/calls/outcome.ts';
import { unreachable } from '../lib/assert.ts';
import type { EpochMs } from '../lib/time.ts';
import { startOfLocalDay } from '../lib/time.ts';
import type { CampaignCounts } from './ports/store.ts';
import { type CampaignRuntime, EMPTY_COUNTS } from './state.ts';
import type { House } from './work.ts';

type Count = keyof CampaignCounts;

/** Keeps a campaign's counts of the local day by its facts, so that no screen has to ask the disk. */
export function count(house: House, campaign: CampaignRuntime, what: Count, now: EpochMs): void {
  const dayFrom = startOfLocalDay(now, house.zone);
  if (campaign.todayFrom !== dayFrom) {
    campaign.today = EMPTY_COUNTS;
    campaign.todayFrom = dayFrom;
  }
  campaign.today = { ...campaign.today, [what]: campaign.today[what] + 1 };
}

export function countCall(
  house: House,
  campaign: CampaignRuntime,
  fact: CallFact,
  now: EpochMs,
): void {
  const what = countOf(fact);
  if (what) count(house, campaign, what, now);
}

function countOf(fact: CallFact): Count | undefined {
  switch (fact.kind) {
    case 'call-answered':
      return 'answered';
    case 'call-connected':
      return fact.again ? undefined : 'connected';
    case 'call-abandoned':
      return 'abandoned';
    case 'call-hung-up-waiting':
      return 'hungUpWaiting';
    case 'call-ended':
      return countOfOutcome(fact.outcome);
    default:
      return undefined;
  }
}

function countOfOutcome(outcome: CallOutcome): Count | undefined {
  switch (outcome) {
    case 'person':
    case 'machine':
      return undefined; // counted at the answer
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
