/**
 * What must hold when something goes wrong within the server: its store is held up, or a decision
 * throws.
 */

import type { Deciding } from '../../engine/draft.ts';
import { HOUSE } from '../../engine/ports/scope.ts';
import type { CallId, LegId } from '../../lib/ids.ts';
import { SECOND_MS } from '../../lib/time.ts';
import type { Watched } from './watched.ts';

/** The profile's limit, and the half second for which nothing is decided when a hold-up begins. */
const SILENCE_MAX_MS = 2 * SECOND_MS + 600;
const LISTENS_EVERY_MS = 100;
/** A person who answered just before the store became free is met within this time. */
const LISTENS_ON_MS = 3 * SECOND_MS;
/** The store is tried again at least every second. */
const STORED_WITHIN_MS = 1_500;
const ASKED_WITHIN_MS = 5 * SECOND_MS;
/**
 * A timer that threw is tried again for half a minute; after that the agent's own next step
 * decides.
 */
const LATE_MAX_MS = 40 * SECOND_MS;

/** From now on follows every hold-up and every mistake of the day. */
export function watchWithin(watch: Watched): void {
  const { world } = watch;
  world.onHeldUp.push(() => listen(watch));
  world.onReleased.push(() => storedSoon(watch));
  world.mistakes.onMade.push((deciding) => costsOneDecision(watch, deciding));
}

/** Whether the engine's decisions may be ahead of what is stored. */
export function isHeldUp({ world }: Watched): boolean {
  return world.storeHeldUp !== undefined || world.engine.health().storage.heldUp !== undefined;
}

/** Checks that every person on the line hears somebody, however long nothing can be stored. */
function listen(watch: Watched): void {
  const { world, settings } = watch;
  if (!settings.isNetworkSound) return;
  const { clock } = world;
  let untilMs = Number.POSITIVE_INFINITY;
  const listenOnce = (): void => {
    if (world.storeHeldUp === undefined) {
      untilMs = Math.min(untilMs, clock.monotonicMs() + LISTENS_ON_MS);
    }
    if (clock.monotonicMs() >= untilMs || !world.isRunning) return;
    watch.guard(() => everybodyHears(watch));
    clock.at(clock.now() + LISTENS_EVERY_MS, listenOnce);
  };
  listenOnce();
}

export function everybodyHears({ world, checks, doubted }: Watched): void {
  const nowMs = world.clock.monotonicMs();
  for (const [legId, { upSinceMs, isMet }] of world.network.legs) {
    if (upSinceMs === undefined || isMet || doubted.has(legId)) continue;
    checks.must('held-up-hears-no-silence', nowMs - upSinceMs <= SILENCE_MAX_MS, () => {
      return `${legId} has heard nothing for ${nowMs - upSinceMs} ms`;
    });
  }
}

/** Everything decided during the hold-up is stored soon after it, and once. */
function storedSoon(watch: Watched): void {
  const { world } = watch;
  const { clock } = world;
  const processes = world.processes;
  clock.at(clock.now() + STORED_WITHIN_MS, () => {
    const isOther = world.processes !== processes || !world.isRunning || world.storeHeldUp;
    if (!isOther) watch.guard(() => allIsStored(watch));
  });
}

export function allIsStored({ world, checks, book }: Watched): void {
  const property = 'held-up-is-stored-once';
  checks.must(property, world.engine.health().storage.heldUp === undefined, () => {
    return `the store is free for ${STORED_WITHIN_MS} ms and what was decided is not stored`;
  });
  const [row] = world.query<{ facts: number; last: number | null }>(
    'select count(*) as facts, max(sequence) as last from fact',
  );
  checks.must(property, row?.facts === book.last && row.last === book.last, () => {
    return `${row?.facts} facts are stored up to ${row?.last}, ${book.last} were published`;
  });
}

function costsOneDecision(watch: Watched, { what, about }: Deciding): void {
  const { world } = watch;
  const { clock } = world;
  const processes = world.processes;
  const later = (afterMs: number, check: () => void): void =>
    clock.at(clock.now() + afterMs, () => {
      if (world.isRunning && world.processes === processes) watch.guard(check);
    });
  if (what === 'lead' && about) {
    later(STORED_WITHIN_MS, () => isHeldUp(watch) || leadIsHeld(watch, about));
    return;
  }
  if (what === 'command' || !about?.startsWith('call_')) return;
  const legId = world.engine.call(about as CallId)?.legId;
  if (!legId) return;
  watch.doubted.add(legId);
  const asked = world.network.asked.length;
  later(ASKED_WITHIN_MS, () => isAskedAbout(watch, about as CallId, legId, asked));
}

/** The lead whose decision threw rests for that reason, and its call was never placed. */
export function leadIsHeld({ world, checks }: Watched, leadId: string): void {
  const [row] = world.query<{ state: string; hold_reason: string | null }>(
    'select state, hold_reason from lead where id = ?',
    leadId,
  );
  const isHeld = row?.state === 'waiting' && row.hold_reason === 'mistake';
  checks.must('throws-cost-one-decision', isHeld, () => {
    return `${leadId} threw and is ${row?.state} because of ${row?.hold_reason}`;
  });
}

/**
 * The PBX was asked about the call in doubt, or the call is over. Nobody can ask while the PBX is
 * away, and the last questions of a dying process may be lost.
 */
export function isAskedAbout(
  { world, checks }: Watched,
  callId: CallId,
  legId: LegId,
  asked: number,
): void {
  const call = world.engine.call(callId);
  const isOver = call === undefined || call.state.kind === 'ended';
  const isAway = !world.network.health().connected || !world.engine.board(HOUSE).telephony.up;
  const isAsked = world.network.asked
    .slice(asked)
    .some((one) => one.legId === legId && (one.what === 'look' || one.what.startsWith('hang-up')));
  const isDying = !world.network.listens;
  checks.must('throws-cost-one-decision', isOver || isAway || isDying || isAsked, () => {
    return `${callId} is in doubt for ${ASKED_WITHIN_MS} ms and the PBX was not asked`;
  });
}

/**
 * Exactly the decisions that threw were taken back, and no agent at work waits for something that
 * never comes.
 */
export function checkWithin(watch: Watched): void {
  const { world, checks } = watch;
  const counts = Object.values(world.engine.health().mistakes);
  const mistakes = counts.reduce((sum, count) => sum + count, 0);
  const { made } = world.mistakes;
  checks.must('throws-cost-one-decision', mistakes === made, () => {
    return `${made} decisions threw, ${mistakes} were taken back`;
  });
  for (const { shift } of world.engine.board(HOUSE).agents) {
    if (!shift) continue;
    const { activity, agentId } = shift;
    if (activity.kind === 'reserved' || activity.kind === 'talking') {
      const state = world.engine.call(activity.callId)?.state.kind ?? 'unknown';
      checks.must('agents-are-not-stuck', state !== 'ended' && state !== 'unknown', () => {
        return `${agentId} is ${activity.kind} in ${activity.callId}, which is ${state}`;
      });
    } else if (activity.kind === 'wrapping-up' || activity.kind === 'undisposed') {
      notTooLate(watch, `${agentId} ${activity.kind} ${activity.callId}`, activity.until);
    }
  }
}

/**
 * Measured on the clock that is never set: if the wall clock was set while the server was away,
 * everything is late by it.
 */
function notTooLate({ world, checks, lateSinceMs }: Watched, what: string, until: number): void {
  const nowMs = world.clock.monotonicMs();
  if (world.clock.now() <= until) lateSinceMs.delete(what);
  else if (!lateSinceMs.has(what)) lateSinceMs.set(what, nowMs);
  const lateMs = nowMs - (lateSinceMs.get(what) ?? nowMs);
  checks.must('agents-are-not-stuck', lateMs <= LATE_MAX_MS, () => {
    return `${what} goes on for ${lateMs} ms too long`;
  });
}
