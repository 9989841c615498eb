/**
 * The abandonment of each campaign in memory: its ledger follows the calls, its bank is what pacing and
 * screens read, and its alarm is a fact. After a restart the ledger is read from the stored calls.
 */

import { watchBank } from '../domain/abandonment/alarm.ts';
import {
  type AbandonmentBank,
  bankOf,
  type HalfHour,
  worstHalfHourOf,
} from '../domain/abandonment/bank.ts';
import { forget, keptFrom, tally } from '../domain/abandonment/ledger.ts';
import type { Call } from '../domain/calls/call.ts';
import { standingOf } from '../domain/calls/standing.ts';
import type { ComplianceProfile } from '../domain/compliance/profile.ts';
import { present } from '../lib/assert.ts';
import type { EpochMs } from '../lib/time.ts';
import type { Memory } from './memory.ts';
import type { CampaignAbandonment } from './queries.ts';
import type { CampaignRuntime, EngineState } from './state.ts';
import type { Turn } from './turn.ts';

/** A call moved: it may stand for something else now. */
export function noteStanding(
  memory: Memory,
  runtime: CampaignRuntime,
  before: Call,
  after: Call,
  now: EpochMs,
): void {
  const answeredAt = after.answeredAt ?? before.answeredAt;
  if (answeredAt === undefined) return;
  const { abandonment: terms, zone } = profileOf(memory.state, runtime);
  const ledger = tally(
    runtime.abandonment.ledger,
    answeredAt,
    standingOf(before),
    standingOf(after),
  );
  if (ledger === runtime.abandonment.ledger) return;
  memory.draft.change(runtime, {
    abandonment: {
      ...runtime.abandonment,
      ledger: forget(ledger, keptFrom(terms.window, now, zone)),
    },
  });
}

/** The campaign's window so far. */
export function campaignBank(
  memory: Memory,
  runtime: CampaignRuntime,
  now: EpochMs,
): AbandonmentBank {
  const { abandonment: terms, zone } = profileOf(memory.state, runtime);
  return bankOf(runtime.abandonment.ledger, terms, now, zone);
}

/** Every campaign's bank, for anyone who watches from outside. */
export function banksOf(memory: Memory, now: EpochMs): readonly CampaignAbandonment[] {
  return [...memory.state.campaigns.values()].map((runtime) => {
    const { abandoned, answers, rateMax, state, windowFrom } = campaignBank(memory, runtime, now);
    return { campaignId: runtime.campaign.id, abandoned, answers, rateMax, state, windowFrom };
  });
}

/** The worst half hour of the same window; undefined where nobody was abandoned in it. */
export function campaignWorstHalfHour(
  memory: Memory,
  runtime: CampaignRuntime,
  now: EpochMs,
): HalfHour | undefined {
  const { abandonment: terms, zone } = profileOf(memory.state, runtime);
  return worstHalfHourOf(runtime.abandonment.ledger, terms, now, zone);
}

/** Looks at every bank at the end of a turn, and tells where an alarm began or ended. */
export function watchBanks(turn: Turn): void {
  const { batch } = turn;
  for (const runtime of turn.state.campaigns.values()) {
    const { id: campaignId } = runtime.campaign;
    const bank = campaignBank(turn, runtime, batch.now);
    const { abandonment: terms } = profileOf(turn.state, runtime);
    const { watch, facts } = watchBank(runtime.abandonment.watch, bank, terms, batch.now);
    if (watch === runtime.abandonment.watch) continue;
    turn.draft.change(runtime, { abandonment: { ...runtime.abandonment, watch } });
    batch.showCampaign(campaignId);
    batch.change({ kind: 'save-bank-watch', campaignId, watch });
    for (const fact of facts) batch.fact(fact, { campaignId });
  }
}

export function profileOf(
  { profiles }: Pick<EngineState, 'profiles'>,
  { campaign }: CampaignRuntime,
): ComplianceProfile {
  return present(
    profiles.get(campaign.profileId),
    'a campaign in memory has its compliance profile',
  );
}
