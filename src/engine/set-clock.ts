import { present } from '../lib/assert.ts';
import type { Need } from './ports/needs.ts';
import type { PreparedAnswers } from './prepared.ts';
/**
 * The wall clock was set, forward or back. What stands in memory by the clock before is made to agree
 * with the one that holds now.
 */

import { keptFrom } from '../domain/abandonment/ledger.ts';
import { shiftAfterClockSet } from '../domain/agents/shift-clock.ts';
import { callAfterClockSet } from '../domain/calls/call-clock.ts';
import { type DurationMs, type EpochMs, startOfLocalDay } from '../lib/time.ts';
import { armApprovals } from './approvals.ts';
import { profileOf } from './keep-bank.ts';
import type { Memory } from './memory.ts';
import { isLive } from './state.ts';
import type { Turn } from './turn.ts';
import { keepHealth } from './watch-caller-ids.ts';

/**
 * Moves the times of live calls and open shifts, in memory and as they are stored: waits, ages and
 * talks are differences to them. Facts keep the time of the clock that they were written by, and say
 * how long something lasted by themselves.
 */
export function moveTimes(turn: Turn, byMs: DurationMs): void {
  const { state, draft, timers, batch } = turn;
  timers.shift(byMs);
  armApprovals(turn);
  for (const live of state.calls.values()) {
    if (!isLive(live)) continue;
    draft.change(live, { call: callAfterClockSet(live.call, byMs) });
    batch.callChanged(live);
  }
  for (const agent of state.agents.values()) {
    const { shift, callConnectedAt } = agent;
    draft.change(agent, {
      shift: shiftAfterClockSet(shift, byMs),
      ...(callConnectedAt === undefined ? {} : { callConnectedAt: callConnectedAt + byMs }),
    });
    batch.shiftChanged(agent);
  }
  for (const trunk of state.trunks.values()) {
    const { suspendedUntil } = trunk;
    if (suspendedUntil === undefined) continue;
    draft.change(trunk, { suspendedUntil: suspendedUntil + byMs });
  }
  for (const [number, health] of state.callerIdHealth) {
    const { rest } = health;
    if (!rest) continue;
    const moved = { ...rest, from: rest.from + byMs, until: rest.until + byMs };
    keepHealth(turn, number, { ...health, rest: moved });
  }
}

/**
 * Reads the bank and the counts of each campaign from what is stored. A clock that had gone over
 * midnight made them forget the day to which it comes back, and a bank without its abandoned people
 * would have them abandoned again.
 */
export function readDayAgain(
  { state, draft, zone }: Memory,
  now: EpochMs,
  prepared: PreparedAnswers,
): void {
  for (const need of dayNeedsOf({ state, zone }, now)) {
    const runtime = present(state.campaigns.get(need.campaignId), 'it was asked about');
    const { ledger, counts } = prepared.of(need);
    draft.change(runtime, {
      abandonment: { ...runtime.abandonment, ledger },
      today: counts,
      todayFrom: need.countsFrom,
    });
  }
}

export function dayNeedsOf(
  { state, zone }: Pick<Memory, 'state' | 'zone'>,
  now: EpochMs,
): readonly (Need & { readonly kind: 'campaign-day' })[] {
  const countsFrom = startOfLocalDay(now, zone);
  return [...state.campaigns.values()].map((runtime) => {
    const profile = profileOf(state, runtime);
    const ledgerFrom = keptFrom(profile.abandonment.window, now, profile.zone);
    return { kind: 'campaign-day', campaignId: runtime.campaign.id, ledgerFrom, countsFrom };
  });
}
