/**
 * The wall clock was set, forward or back. What stands in memory by the days of the clock before is
 * made to agree with the one that holds now.
 */
import { keptFrom } from '../domain/pacing/abandonment.ts';
import { type EpochMs, startOfLocalDay } from '../lib/time.ts';
import { profileOf } from './keep-bank.ts';
import type { House } from './work.ts';

/**
 * Reads the bank and the counts of each campaign from what is stored. A clock that had gone over
 * midnight made them forget the day to which it comes back, and a bank without its abandoned people
 * would have them abandoned again.
 */
export async function readDayAgain({ state, store, zone }: House, now: EpochMs): Promise<void> {
  const todayFrom = startOfLocalDay(now, zone);
  await store.read(async (view) => {
    for (const runtime of state.campaigns.values()) {
      const { id } = runtime.campaign;
      const profile = profileOf(state, runtime);
      const from = keptFrom(profile.abandonment.window, now, profile.zone);
      const ledger = await view.abandonmentLedger(id, from);
      runtime.abandonment = { ...runtime.abandonment, ledger };
      runtime.today = await view.campaignCounts(id, todayFrom);
      runtime.todayFrom = todayFrom;
    }
  });
}
