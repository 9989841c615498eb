/** Calls of a floor: on the way, on the line, lost or taken. */
import type { PacingOutcome } from '../domain/pacing/pacing-interface.ts';
import { assert } from '../lib/assert.ts';
import type { DurationMs } from '../lib/time.ts';
import type { FloorAgents } from './floor-agents.ts';
import {
  type FloorGround,
  LOSES_PATIENCE,
  LOST_AT_LIMIT,
  RINGS,
  SCREENED,
  SETUP_ENDS,
} from './floor-ground.ts';
import { type FloorCall, type FloorCampaignState, newCall } from './floor-parts.ts';
import { blankFate, type CallFate, drawFate } from './pacing-fates.ts';
import type { FloorOracle } from './rivals/rival.ts';

/** Each campaign dials its own list: its calls have fates of their own. */
const CAMPAIGN_SEED_STEP = 7_919;

export class FloorCalls {
  readonly slots: FloorCall[] = [];
  readonly onTheWay: FloorCall[] = [];
  /** People on the line without an agent, longest first. */
  readonly line: FloorCall[] = [];
  private readonly freeSlots: FloorCall[] = [];
  private readonly byId = new Map<string, FloorCall>();
  private readonly ground: FloorGround;
  private readonly agents: FloorAgents;

  constructor(ground: FloorGround, agents: FloorAgents) {
    this.ground = ground;
    this.agents = agents;
  }

  /** What nobody can know, for a clairvoyant. */
  oracle(): FloorOracle {
    const scratch = blankFate();
    return {
      fateOfNextCall: (ahead) => {
        const campaign = this.ground.campaigns[0] as FloorCampaignState;
        this.ground.conditions.answerRate = campaign.answerRate;
        drawFate(scratch, this.ground.seed, campaign.placed + ahead, this.ground.conditions);
        return answersAfter(scratch) ?? 'nobody';
      },
      callAnswersAt: (callId) => {
        const call = this.byId.get(callId);
        if (!call) return 'nobody';
        const afterMs = answersAfter(call.fate);
        return afterMs === undefined ? 'nobody' : call.view.placedAt + afterMs;
      },
      agentFreeAt: (index) => this.agents.freeAt(index),
    };
  }

  /** The person who waits longest leaves the line for an agent. */
  takeWaiting(): FloorCall | undefined {
    const [first] = this.line;
    if (!first) return undefined;
    this.leaveTheLine(first);
    // The slot is not used again before the agent has read from it who calls.
    this.release(first);
    return first;
  }

  place(which: number): void {
    const campaign = this.ground.campaigns[which] as FloorCampaignState;
    const call = this.freeSlots.pop() ?? this.newSlot();
    this.ground.conditions.answerRate = campaign.answerRate;
    drawFate(
      call.fate,
      this.ground.seed + which * CAMPAIGN_SEED_STEP,
      campaign.placed,
      this.ground.conditions,
    );
    campaign.placed += 1;
    campaign.leadsLeft -= 1;
    call.campaign = which;
    const id = this.ground.grouped ? `${which}-${campaign.placed}` : `${campaign.placed}`;
    call.view = { id, state: 'placing', placedAt: this.ground.now, since: this.ground.now };
    if (this.ground.grouped) call.view.campaignId = campaign.id;
    call.position = this.onTheWay.length;
    this.onTheWay.push(call);
    this.ground.snapshot.calls.push(call.view);
    this.byId.set(id, call);
    const { ringsAfterMs, endsAfterMs } = call.fate;
    if (ringsAfterMs < endsAfterMs) {
      this.ground.events.push(this.ground.now + ringsAfterMs, RINGS, call.slot, call.stamp);
    }
    this.ground.events.push(this.ground.now + endsAfterMs, SETUP_ENDS, call.slot, call.stamp);
    this.ground.callsLastMinute.add(this.ground.now);
    this.ground.snapshot.callsToday += 1;
    if (!this.ground.counting) return;
    this.ground.tally.callsPlaced += 1;
    (this.ground.tally.campaigns[which] as { placed: number }).placed += 1;
  }

  private newSlot(): FloorCall {
    const call = newCall(this.slots.length);
    this.slots.push(call);
    return call;
  }

  endSetup(call: FloorCall): void {
    const { outcome, screeningMs } = call.fate;
    call.answeredAt = this.ground.now;
    if (this.ground.scenario.screening && (outcome === 'person' || outcome === 'machine')) {
      call.view.state = 'screening';
      call.view.since = this.ground.now;
      this.ground.events.push(this.ground.now + screeningMs, SCREENED, call.slot, call.stamp);
      this.ground.stirred = true;
    } else {
      this.settle(call, outcome);
    }
  }

  endScreening(call: FloorCall): void {
    const { outcome, misjudged } = call.fate;
    if (misjudged && this.ground.counting) {
      if (outcome === 'person') this.ground.tally.takenForMachines += 1;
    }
    const taken = misjudged ? (outcome === 'person' ? 'machine' : 'person') : outcome;
    this.settle(call, taken);
  }

  /** The call is no longer on the way: a person is on the line, or nobody. */
  private settle(call: FloorCall, outcome: PacingOutcome): void {
    this.leaveTheWay(call);
    const { id, placedAt } = call.view;
    this.ground.observe(call.campaign, {
      kind: 'setup-ended',
      callId: id,
      placedAt,
      at: this.ground.now,
      outcome,
    });
    if (outcome === 'person') this.answer(call);
    else this.release(call);
    this.ground.stirred = true;
  }

  private leaveTheWay(call: FloorCall): void {
    const { calls } = this.ground.snapshot;
    const last = this.onTheWay.pop() as FloorCall;
    const lastView = calls.pop();
    if (last !== call && lastView) {
      this.onTheWay[call.position] = last;
      calls[call.position] = lastView;
      last.position = call.position;
    }
    call.position = -1;
    this.byId.delete(call.view.id);
  }

  private release(call: FloorCall): void {
    call.stamp += 1;
    this.freeSlots.push(call);
  }

  private answer(call: FloorCall): void {
    this.ground.snapshot.answersToday += 1;
    this.ground.answersLastMinute.add(this.ground.now);
    (this.ground.campaigns[call.campaign] as FloorCampaignState).bank.answers += 1;
    if (this.ground.counting) {
      this.ground.tally.answers += 1;
      this.ground.halfHour().answers += 1;
      (this.ground.tally.campaigns[call.campaign] as { answers: number }).answers += 1;
    }
    if (this.agents.take(call)) this.release(call);
    else this.letWait(call);
  }

  private letWait(call: FloorCall): void {
    const { answeredAt, fate } = call;
    const greetingMs = this.ground.clockStart === 'greeting-ended' ? fate.greetingMs : 0;
    const deadlineAt = answeredAt + greetingMs + this.ground.scenario.waitMaxMs;
    const patientUntil =
      fate.outcome === 'machine' ? Number.POSITIVE_INFINITY : answeredAt + fate.patienceMs;
    call.waiting = this.ground.grouped
      ? { answeredAt, deadlineAt, campaignId: this.ground.campaignOf(call).id }
      : { answeredAt, deadlineAt };
    this.line.push(call);
    this.ground.snapshot.waiting.push(call.waiting);
    const kind = patientUntil < deadlineAt ? LOSES_PATIENCE : LOST_AT_LIMIT;
    const at = Math.max(this.ground.now, Math.min(patientUntil, deadlineAt));
    this.ground.events.push(at, kind, call.slot, call.stamp);
  }

  private leaveTheLine(call: FloorCall): void {
    const at = this.line.indexOf(call);
    assert(at >= 0, 'whoever leaves the line has waited in it');
    this.line.splice(at, 1);
    this.ground.snapshot.waiting.splice(at, 1);
    call.waiting = undefined;
  }

  lose(call: FloorCall, kind: number): void {
    this.leaveTheLine(call);
    if (kind === LOST_AT_LIMIT || this.ground.scenario.earlyHangUpCounts) {
      this.ground.campaignOf(call).bank.abandoned += 1;
    }
    this.ground.snapshot.dropsToday += 1;
    this.ground.dropsLastMinute.add(this.ground.now);
    if (this.ground.counting) {
      if (kind === LOST_AT_LIMIT) this.ground.tally.lostAtLimit += 1;
      else this.ground.tally.lostPatience += 1;
      this.ground.tally.lateFromAnswer += 1;
      this.ground.halfHour().lost += 1;
      (this.ground.tally.campaigns[call.campaign] as { lost: number }).lost += 1;
    }
    this.ground.observe(call.campaign, {
      kind: kind === LOST_AT_LIMIT ? 'abandoned' : 'hung-up-waiting',
      callId: call.view.id,
      answeredAt: call.answeredAt,
      at: this.ground.now,
    });
    this.release(call);
    this.ground.stirred = true;
  }

  cancel(id: string): void {
    const call = this.byId.get(id);
    if (!call || call.view.state === 'screening') return;
    if (this.ground.counting) this.ground.tally.callsCancelled += 1;
    this.settle(call, 'cancelled');
  }
}

function answersAfter(fate: CallFate): DurationMs | undefined {
  if (fate.outcome !== 'person' || fate.misjudged) return undefined;
  return fate.endsAfterMs + fate.screeningMs;
}
