import type { CallOutcome } from '../domain/calls/outcome.ts';
import type { NewFact } from '../domain/facts.ts';
import type { PacingObservation, PacingOutcome } from '../domain/pacing/pacer.ts';
import { unreachable } from '../lib/assert.ts';

/**
 * What a pacer learns from one committed fact. The fact alone decides, with all it says about times, so
 * that facts that are taught again after a restart teach the same.
 */
export function observationsOf(fact: NewFact): readonly PacingObservation[] {
  const { campaignId } = fact;
  if (campaignId === undefined) return [];
  return bare(fact).map((observation) => ({ ...observation, campaignId }));
}

function bare({ at, body, callId }: NewFact): readonly PacingObservation[] {
  if (body.kind === 'activity-changed') return ofAgent(body, at);
  if (callId === undefined) return [];
  switch (body.kind) {
    case 'call-answered': {
      // Whether a person answered is heard first; the end of the screening says so.
      if (body.isScreenedFirst) return [];
      const placedAt = at - body.ringMs;
      return [{ kind: 'setup-ended', callId, placedAt, at, outcome: 'person' }];
    }
    case 'call-screened': {
      const answeredAt = at - body.screenedMs;
      if (body.consequence !== 'ended') {
        return body.wasConnected ? [{ kind: 'connected', callId, answeredAt, at }] : [];
      }
      if (!body.inTime) return [];
      const placedAt = at - body.setupMs;
      return [{ kind: 'setup-ended', callId, placedAt, at, outcome: 'machine' }];
    }
    case 'screening-over': {
      const placedAt = at - body.setupMs;
      return [{ kind: 'setup-ended', callId, placedAt, at, outcome: 'person' }];
    }
    case 'call-connected':
      // Late, they are told of as abandoned; unscreened, once it is known that they are a person.
      if (body.again || body.isLate || body.isUnscreened) return [];
      return [{ kind: 'connected', callId, answeredAt: at - body.waitMs, at }];
    case 'call-abandoned':
      return [{ kind: 'abandoned', callId, answeredAt: at - body.waitMs, at }];
    case 'call-hung-up-waiting':
      return [{ kind: 'hung-up-waiting', callId, answeredAt: at - body.waitMs, at }];
    case 'call-ended': {
      if (body.isUnscreened)
        return [{ kind: 'connected', callId, answeredAt: at - body.talkMs, at }];
      // Its set-up was told of as ended by a person; what it was is not told twice.
      if (body.answerWithdrawn === 'told') return [];
      const outcome = setupOutcome(body.outcome);
      // Stored before it was said how long the call had lasted: nothing is learned from it.
      if (outcome === undefined || body.lastedMs === undefined) return [];
      return [{ kind: 'setup-ended', callId, placedAt: at - body.lastedMs, at, outcome }];
    }
    default:
      return [];
  }
}

type ActivityChanged = Extract<NewFact['body'], { kind: 'activity-changed' }>;

/**
 * Talks and wrap-ups that ended by themselves. Neither a talk or wrap-up that a sign-out cut short, nor a
 * wrap-up whose time ran out without a disposition, says how long one takes.
 */
function ofAgent({ from, to, lastedMs }: ActivityChanged, at: number): PacingObservation[] {
  if (to === 'ended' || lastedMs === undefined) return [];
  const startedAt = at - lastedMs;
  if (from === 'wrapping-up') {
    return to === 'undisposed' ? [] : [{ kind: 'wrap-up-ended', startedAt, at }];
  }
  if (from !== 'talking') return [];
  const talk: PacingObservation = { kind: 'talk-ended', startedAt, at };
  // An agent who recorded everything within the talk has a wrap-up of no length.
  return to === 'wrapping-up' ? [talk] : [talk, { kind: 'wrap-up-ended', startedAt: at, at }];
}

/** Undefined: it was answered, and its set-up ended then. */
function setupOutcome(outcome: CallOutcome): PacingOutcome | undefined {
  switch (outcome) {
    case 'person':
    case 'machine':
      return undefined;
    case 'busy':
    case 'no-answer':
    case 'rejected':
    case 'cancelled':
      return outcome;
    // Nobody knows what would have become of it, which is no failure of the carrier.
    case 'lost':
      return 'cancelled';
    case 'invalid-number':
      return 'invalid';
    case 'unwanted':
      return 'rejected';
    case 'congestion':
    case 'trunk-failed':
    case 'caller-id-refused':
    case 'spam-refused':
    case 'forwarded':
    case 'media-failed':
      return 'failed';
    default:
      return unreachable(outcome);
  }
}
