import type { CallFact, LegRefusal } from '../domain/calls/call.ts';
import type { CallOutcome } from '../domain/calls/outcome.ts';
import { invalidsJumped } from '../domain/debtors/phone.ts';
import type { TrunkState } from '../domain/trunks/caller-id.ts';
import type { Trunk } from '../domain/trunks/trunk.ts';
import { given } from '../lib/given.ts';
import { type DurationMs, type EpochMs, SECOND_MS } from '../lib/time.ts';
import type { Batch } from './batch.ts';
import type { Memory } from './memory.ts';
import type { TrunkRuntime } from './state.ts';

type Drafting = Pick<Memory, 'draft'>;

type Ended = Extract<CallFact, { kind: 'call-ended' }>;

/** So many failures of the trunk's own in a row, and it rests. */
const FAILURES_IN_ROW_MAX = 5;
/**
 * Always the same short rest: what comes after it is one call at a time, which burdens nobody, and a
 * longer one would leave a floor idle for as long after the carrier is back.
 */
const SUSPENSION_MS = 15 * SECOND_MS;
/** After a rest, until a telephone rings again, calls are tried so far apart. */
const TRIAL_GAP_MS = 2 * SECOND_MS;
/**
 * How much later than another call of the same second one may reach the carrier, counted from when both
 * left us: a burst goes through the PBX one after the other, some milliseconds each.
 */
export const ARRIVAL_SPREAD_MS = 100;
/** Ends of calls over which a jump of "no such number" is looked for. */
const RECENT_ENDS_MAX = 100;

export function newTrunkRuntime(trunk: Trunk): TrunkRuntime {
  return {
    trunk,
    callsNow: 0,
    placedAt: [],
    failuresInRow: 0,
    recentInvalids: [],
    usualAttempts: 0,
    usualInvalids: 0,
  };
}

/** What the route rule must know of a trunk at this moment. */
export function trunkState(runtime: TrunkRuntime, now: EpochMs): TrunkState {
  const { trunk } = runtime;
  return {
    id: trunk.id,
    enabled: trunk.enabled,
    callsNow: runtime.callsNow,
    channelsMax: trunk.channelsMax,
    callsAllowedNow: callsAllowedNow(runtime, now),
    ...given({ suspendedUntil: runtime.suspendedUntil }),
  };
}

/**
 * A carrier counts the calls that reach it in any second, so no second may have more; slower than one:
 * its share. One that left late and one that came early are closer together there than here, which is
 * why the second counted here is longer.
 */
function callsAllowedNow(runtime: TrunkRuntime, now: EpochMs): number {
  const { trunk, placedAt } = runtime;
  if (isOnTrial(runtime)) return placedAt.some((at) => at > now - TRIAL_GAP_MS) ? 0 : 1;
  const atOnceMax = callsAtOnceMax(trunk);
  const windowMs = (atOnceMax / trunk.callsPerSecondMax) * SECOND_MS + ARRIVAL_SPREAD_MS;
  const recent = placedAt.filter((at) => at > now - windowMs);
  return Math.max(0, atOnceMax - recent.length);
}

function callsAtOnceMax({ callsPerSecondMax }: Trunk): number {
  return Math.max(1, Math.floor(callsPerSecondMax));
}

export function callPlacedOnTrunk({ draft }: Drafting, runtime: TrunkRuntime, now: EpochMs): void {
  draft.change(runtime, {
    callsNow: runtime.callsNow + 1,
    placedAt: [...runtime.placedAt, now].slice(-callsAtOnceMax(runtime.trunk)),
  });
}

/** What was decided at a moment left after the commit, which may take a while: it counts from there. */
export function callsLeftOnTrunk(
  { draft }: Drafting,
  runtime: TrunkRuntime,
  decidedAt: EpochMs,
  now: EpochMs,
): void {
  if (runtime.placedAt.at(-1) !== decidedAt) return;
  const placedAt = runtime.placedAt.map((at) => (at === decidedAt ? now : at));
  draft.change(runtime, { placedAt });
}

/** What an earlier process placed in its last second is not known: it is taken for all it could. */
export function trunkWasBusy(runtime: TrunkRuntime, until: EpochMs): TrunkRuntime {
  return { ...runtime, placedAt: Array(callsAtOnceMax(runtime.trunk)).fill(until) };
}

/** The wall clock moved against the monotonic one: seconds last as long as before. */
export function clockMovedOnTrunk(
  { draft }: Drafting,
  runtime: TrunkRuntime,
  byMs: DurationMs,
): void {
  draft.change(runtime, { placedAt: runtime.placedAt.map((at) => at + byMs) });
}

/** Whether its "no such number" is not to be believed at the moment. */
export function suspectsItself(runtime: TrunkRuntime): boolean {
  return invalidsJumped({
    recentAttempts: runtime.recentInvalids.length,
    recentInvalids: runtime.recentInvalids.filter(Boolean).length,
    usualAttempts: runtime.usualAttempts,
    usualInvalids: runtime.usualInvalids,
  });
}

/** It failed call after call, and no telephone has rung through it since. */
function isOnTrial({ failuresInRow }: TrunkRuntime): boolean {
  return failuresInRow >= FAILURES_IN_ROW_MAX;
}

/** A telephone rings, or somebody answered at once: calls get through. */
export function legRangOnTrunk({ draft }: Drafting, runtime: TrunkRuntime): void {
  draft.change(runtime, { failuresInRow: 0 });
}

/** A trunk that fails call after call rests for a while instead of burning the list. */
export function legEndedOnTrunk(
  memory: Drafting,
  runtime: TrunkRuntime,
  fact: Ended,
  batch: Batch,
): void {
  const { draft } = memory;
  const refusal = refusalOf(fact);
  const outcome = refusal === 'trunk' ? 'trunk-failed' : fact.outcome;
  draft.change(runtime, { callsNow: Math.max(0, runtime.callsNow - 1) });
  if (!refusal) remember(memory, runtime, outcome === 'invalid-number');
  if (!isTrunksFault(outcome)) return;
  draft.change(runtime, { failuresInRow: runtime.failuresInRow + 1 });
  const suspended = runtime.suspendedUntil !== undefined && batch.now < runtime.suspendedUntil;
  if (suspended || !isOnTrial(runtime)) return;
  const until = batch.now + SUSPENSION_MS;
  draft.change(runtime, { suspendedUntil: until, suspendedBecause: outcome });
  batch.fact({ kind: 'trunk-suspended', trunk: runtime.trunk.name, because: outcome, until });
}

/** What kept a call from being dialed at all: its trunk, or the moment. Undefined: it was dialed. */
export function refusalOf({ because }: Ended): 'trunk' | 'moment' | undefined {
  return because === undefined ? undefined : REFUSALS.get(because);
}

const REFUSAL_SUBJECTS: Readonly<Record<LegRefusal, 'trunk' | 'moment'>> = {
  'trunk-unavailable': 'trunk',
  'refused-by-pbx': 'trunk',
  'permit-expired': 'moment',
  'never-left': 'moment',
  vetoed: 'moment',
  'claim-lost': 'moment',
  'telephony-down': 'moment',
};
const REFUSALS: ReadonlyMap<string, 'trunk' | 'moment'> = new Map(Object.entries(REFUSAL_SUBJECTS));

function remember({ draft }: Drafting, runtime: TrunkRuntime, invalid: boolean): void {
  const [oldest, ...rest] = runtime.recentInvalids;
  if (oldest === undefined || runtime.recentInvalids.length < RECENT_ENDS_MAX) {
    draft.change(runtime, { recentInvalids: [...runtime.recentInvalids, invalid] });
    return;
  }
  draft.change(runtime, {
    recentInvalids: [...rest, invalid],
    usualAttempts: runtime.usualAttempts + 1,
    usualInvalids: runtime.usualInvalids + (oldest ? 1 : 0),
  });
}

function isTrunksFault(outcome: CallOutcome): boolean {
  return outcome === 'congestion' || outcome === 'trunk-failed' || outcome === 'caller-id-refused';
}
