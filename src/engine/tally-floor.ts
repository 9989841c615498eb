import { messageAt } from '../domain/calls/standing.ts';
import { SEEK_ANOTHER_MAX_MS } from '../domain/calls/step-call.ts';
import type { TrunkRoom } from '../domain/pacing/group-snapshot.ts';
import type { PacingCall, PacingWaiting } from '../domain/pacing/pacer.ts';
import { unreachable } from '../lib/assert.ts';
import type { CampaignId } from '../lib/ids.ts';
import type { EpochMs } from '../lib/time.ts';
import type { Memory } from './memory.ts';
import { hasGuaranteedAgent, isLive, type LiveCall } from './state.ts';
import { trunkState } from './watch-trunk.ts';

/** The calls of one campaign at one moment, as far as pacing wants to know. */
export type CampaignTally = {
  /** On the way to an answer, without those that an agent is kept for. */
  readonly calls: PacingCall[];
  /**
   * On the line without an agent, without those that an agent is kept for. People cut off in a talk are
   * among them from when any agent may take them: they get one before all others.
   */
  readonly waiting: PacingWaiting[];
  /** On the way or waiting, and an agent is kept for each. */
  guaranteed: number;
  /** Everything on a line, talks too. */
  live: number;
};

export type FloorTally = ReadonlyMap<CampaignId, CampaignTally>;

/** Counts the calls of every campaign in one go through them. */
export function tallyFloor(memory: Memory): FloorTally {
  const tallies = new Map<CampaignId, CampaignTally>();
  for (const id of memory.state.campaigns.keys()) {
    tallies.set(id, { calls: [], waiting: [], guaranteed: 0, live: 0 });
  }
  for (const live of memory.state.calls.values()) {
    const tally = isLive(live) ? tallies.get(live.call.campaignId) : undefined;
    if (tally) count(tally, live);
  }
  return tallies;
}

function count(tally: CampaignTally, live: LiveCall): void {
  const { call } = live;
  tally.live += 1;
  // A leg that is being hung up takes no agent any more.
  if (call.hangUpIntent) return;
  if (hasGuaranteedAgent(live)) {
    tally.guaranteed += 1;
    return;
  }
  const { state, campaignId, placedAt } = call;
  switch (state.kind) {
    case 'placing':
      tally.calls.push({ id: call.id, state: 'placing', placedAt, since: placedAt, campaignId });
      return;
    case 'ringing':
    case 'screening':
      tally.calls.push({
        id: call.id,
        state: state.kind,
        placedAt,
        since: state.since,
        campaignId,
      });
      return;
    case 'waiting': {
      const answeredAt = call.answeredAt ?? state.since;
      tally.waiting.push({ answeredAt, deadlineAt: messageAt(call) ?? answeredAt, campaignId });
      return;
    }
    case 'stranded':
      if (!state.seeking) return;
      tally.waiting.push({
        answeredAt: call.answeredAt ?? state.since,
        deadlineAt: state.since + call.graceMs + SEEK_ANOTHER_MAX_MS,
        campaignId,
      });
      return;
    case 'connecting':
    case 'talking':
    case 'announcing':
    case 'ended':
      return;
    default:
      unreachable(state);
  }
}

/** What the trunks let be placed at this moment. */
export function trunkRoom(memory: Memory, now: EpochMs): TrunkRoom {
  let linesFree = 0;
  let callsAllowedNow = 0;
  for (const runtime of memory.state.trunks.values()) {
    if (!runtime.trunk.enabled || (runtime.suspendedUntil ?? 0) > now) continue;
    const trunk = trunkState(runtime, now);
    linesFree += trunk.channelsMax - trunk.callsNow;
    callsAllowedNow += trunk.callsAllowedNow;
  }
  return { linesFree, callsAllowedNow };
}
