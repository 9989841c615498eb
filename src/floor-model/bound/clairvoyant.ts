/**
 * A policy that knows the future: which of the next calls a person will answer and when, and when
 * each current conversation will end. It places each call so that its answer meets a free agent, as
 * soon after the agent became free as the calls allow. It loses nobody and keeps agents busy nearly
 * all the time. The gap between it and a predicting rule is the price of not knowing; no honest
 * rule comes near it.
 *
 * It is not quite the best possible: it places calls in list order, learns the length of a
 * conversation only when it begins, and leaves the allowed abandonment unused. For a floor with one
 * campaign.
 */
import { present } from '../../lib/assert.ts';
import { type DurationMs, type EpochMs, SECOND_MS } from '../../lib/time.ts';
import type { FloorOracle, FloorPlan, FloorPolicy, FloorSnapshot } from '../rivals/rival.ts';

const PLAN_EVERY_MS: DurationMs = 100;
/** Calls considered in one plan. */
const AHEAD_MAX = 5_000;
/** How long a plan stays valid at most; an answer ends it earlier. */
const HOLDS_MS: DurationMs = SECOND_MS;

/** One policy serves one run. Throws a MistakeError on a floor without an oracle. */
export function clairvoyant(): FloorPolicy {
  let workedOutAt: EpochMs | undefined;
  let nextPlacingAt: EpochMs = 0;
  return {
    name: 'clairvoyant',
    planEveryMs: PLAN_EVERY_MS,
    planOnEvents: true,
    clairvoyant: true,
    observe(observation) {
      if (observation.kind !== 'setup-ended' || observation.outcome === 'person') {
        workedOutAt = undefined;
      }
    },
    plan(snapshot): FloorPlan {
      const { now } = snapshot;
      const holds = workedOutAt !== undefined && now >= workedOutAt && now - workedOutAt < HOLDS_MS;
      if (holds && now < nextPlacingAt) return { place: 0, cancel: [] };
      const oracle = present(snapshot.oracle, 'a clairvoyant needs an oracle');
      const found = callsThatMeetAgents(snapshot, oracle);
      workedOutAt = now;
      nextPlacingAt = found.nextPlacingAt;
      return { place: found.place, cancel: [] };
    },
  };
}

/** Calls to place now, and the moment when the next one may be placed. */
function callsThatMeetAgents(
  snapshot: FloorSnapshot,
  oracle: FloorOracle,
): { readonly place: number; readonly nextPlacingAt: EpochMs } {
  const { now } = snapshot;
  const free = freeMoments(snapshot, oracle);
  const answers = answerMoments(snapshot, oracle);
  const most = Math.min(AHEAD_MAX, snapshot.leadsLeft, snapshot.linesFree);
  for (let place = 0; place < most; place += 1) {
    const afterMs = oracle.fateOfNextCall(place);
    if (afterMs === 'nobody') continue;
    const earliest = earliestAnswer(answers, free);
    const answersAt = now + afterMs;
    if (answersAt < earliest) return { place, nextPlacingAt: earliest - afterMs };
    insert(answers, answersAt);
  }
  return { place: most, nextPlacingAt: now };
}

/**
 * The earliest moment for one more answer such that it and all later answers find a free agent at
 * once, with answers and agents matched in time order. Infinity when the known agents do not
 * suffice.
 */
export function earliestAnswer(answers: readonly EpochMs[], free: readonly EpochMs[]): EpochMs {
  if (answers.length >= free.length) return Number.POSITIVE_INFINITY;
  // From `place` on, every answer could take the next agent and still find them free.
  let place = answers.length;
  while (place > 0 && (free[place] as number) <= (answers[place - 1] as number)) place -= 1;
  const before = place > 0 ? (answers[place - 1] as number) : Number.NEGATIVE_INFINITY;
  return Math.max(free[place] as number, before);
}

function freeMoments(snapshot: FloorSnapshot, oracle: FloorOracle): EpochMs[] {
  const moments: EpochMs[] = [];
  snapshot.agents.forEach((agent, index) => {
    const moment = agent.state === 'available' ? snapshot.now : oracle.agentFreeAt(index);
    if (Number.isFinite(moment)) moments.push(moment);
  });
  return moments.sort((a, b) => a - b);
}

/**
 * Moments of answers: people waiting answer now; calls in screening or ringing at their known time.
 */
function answerMoments(snapshot: FloorSnapshot, oracle: FloorOracle): EpochMs[] {
  const moments = snapshot.waiting.map(() => snapshot.now);
  for (const call of snapshot.calls) {
    const moment = oracle.callAnswersAt(call.id);
    if (moment !== 'nobody') moments.push(moment);
  }
  return moments.sort((a, b) => a - b);
}

function insert(moments: EpochMs[], moment: EpochMs): void {
  let index = moments.length;
  while (index > 0 && (moments[index - 1] as number) > moment) index -= 1;
  moments.splice(index, 0, moment);
}
