/** Calls of a floor: on the way, on the line, lost or taken. */
import type { PacingOutcome } from '../domain/pacing/pacing-interface.ts';
import { assert } from '../lib/assert.ts';
import type { DurationMs } from '../lib/time.ts';
import type { FloorAgents } from './agents.ts';
import { blankFate, type CallFate, drawFate, provesMachine } from './fates.ts';
import {
  type FloorGround,
  LOSES_PATIENCE,
  LOST_AT_LIMIT,
  PROVES_MACHINE,
  RINGS,
  SCREENED,
  SETUP_ENDS,
} from './ground.ts';
import { type FloorAgent, type FloorCall, type FloorCampaignState, newCall } from './parts.ts';
import type { FloorOracle } from './rivals/rival.ts';
import type { FloorTally } from './tally.ts';

/** Seeds differ by campaign, because each dials its own list. */
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

  /** The future, for a clairvoyant policy. */
  oracle(): FloorOracle {
    const scratch = blankFate();
    return {
      fateOfNextCall: (ahead) => {
        const campaign = this.ground.campaigns[0] as FloorCampaignState;
        const conditions = this.ground.conditionsOf(campaign);
        drawFate(scratch, this.ground.seed, campaign.placed + ahead, conditions);
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

  /** Takes the person who has waited longest for this agent off the line. */
  takeWaiting({ serves }: FloorAgent): FloorCall | undefined {
    const first = serves ? this.line.find(({ campaign }) => serves.has(campaign)) : this.line[0];
    if (!first) return undefined;
    this.leaveTheLine(first);
    // The slot is not reused before the agent has read the call from it.
    this.release(first);
    return first;
  }

  place(which: number): void {
    const campaign = this.ground.campaigns[which] as FloorCampaignState;
    const call = this.freeSlots.pop() ?? this.newSlot();
    const seed = this.ground.seed + which * CAMPAIGN_SEED_STEP;
    drawFate(call.fate, seed, campaign.placed, this.ground.conditionsOf(campaign));
    call.takenBackAt = undefined;
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
    const { screening } = this.ground.campaignOf(call).terms;
    call.answeredAt = this.ground.now;
    if (!screening || (outcome !== 'person' && outcome !== 'machine')) {
      this.settle(call, outcome);
      return;
    }
    const { seekAfterMs = Number.POSITIVE_INFINITY } = screening;
    if (seekAfterMs <= 0) {
      this.seekUnscreened(call);
      return;
    }
    call.view.state = 'screening';
    call.view.since = this.ground.now;
    const overAt = this.ground.now + Math.min(screeningMs, seekAfterMs);
    this.ground.events.push(overAt, SCREENED, call.slot, call.stamp);
    this.ground.stirred = true;
  }

  endScreening(call: FloorCall): void {
    if (this.ground.now < call.answeredAt + call.fate.screeningMs) {
      this.seekUnscreened(call);
      return;
    }
    this.countJudged(call);
    this.settle(call, provesMachine(call.fate) ? 'machine' : 'person');
  }

  /**
   * Seeks an agent before the verdict is in. If the verdict will be "machine", the call keeps an
   * agent only until then.
   */
  private seekUnscreened(call: FloorCall): void {
    const { fate, answeredAt } = call;
    if (provesMachine(fate)) {
      call.takenBackAt = answeredAt + fate.screeningMs;
      this.countJudged(call);
    }
    this.settle(call, 'person');
  }

  private countJudged({ fate: { outcome, misjudged } }: FloorCall): void {
    if (!misjudged || outcome !== 'person' || !this.ground.counting) return;
    this.ground.tally.takenForMachines += 1;
  }

  /** Ends the set-up of a call: a person is on the line, or nobody. */
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
    // A call later judged a machine was no answer by a person.
    if (call.takenBackAt === undefined) this.countAnswer(call);
    if (this.agents.take(call)) this.release(call);
    else this.letWait(call);
  }

  private countAnswer(call: FloorCall): void {
    this.ground.snapshot.answersToday += 1;
    this.ground.answersLastMinute.add(this.ground.now);
    (this.ground.campaigns[call.campaign] as FloorCampaignState).bank.answers += 1;
    if (this.ground.counting) {
      this.ground.tally.answers += 1;
      this.ground.halfHour().answers += 1;
      (this.ground.tally.campaigns[call.campaign] as { answers: number }).answers += 1;
    }
  }

  private letWait(call: FloorCall): void {
    const { answeredAt, fate, takenBackAt } = call;
    const { clockStart, waitMaxMs } = this.ground.campaignOf(call).terms;
    const greetingMs = clockStart === 'greeting-ended' ? fate.greetingMs : 0;
    const deadlineAt = answeredAt + greetingMs + waitMaxMs;
    const patientUntil =
      fate.outcome === 'machine' ? Number.POSITIVE_INFINITY : answeredAt + fate.patienceMs;
    call.waiting = this.ground.grouped
      ? { answeredAt, deadlineAt, campaignId: this.ground.campaignOf(call).id }
      : { answeredAt, deadlineAt };
    this.line.push(call);
    this.ground.snapshot.waiting.push(call.waiting);
    // A call that hears the message before its verdict "machine" was not abandoned either.
    const usual = patientUntil < deadlineAt ? LOSES_PATIENCE : LOST_AT_LIMIT;
    const kind = takenBackAt === undefined ? usual : PROVES_MACHINE;
    const until = Math.min(patientUntil, deadlineAt, takenBackAt ?? deadlineAt);
    const at = Math.max(this.ground.now, until);
    this.ground.events.push(at, kind, call.slot, call.stamp);
  }

  private leaveTheLine(call: FloorCall): void {
    const at = this.line.indexOf(call);
    assert(at >= 0, 'a person who leaves the line was waiting');
    this.line.splice(at, 1);
    this.ground.snapshot.waiting.splice(at, 1);
    call.waiting = undefined;
  }

  /** Gives up a machine that no agent had yet. */
  giveUpMachine(call: FloorCall): void {
    this.leaveTheLine(call);
    this.release(call);
    this.ground.stirred = true;
  }

  lose(call: FloorCall, kind: number): void {
    this.leaveTheLine(call);
    const campaign = this.ground.campaignOf(call);
    if (kind === LOST_AT_LIMIT || campaign.terms.earlyHangUpCounts) campaign.bank.abandoned += 1;
    this.ground.snapshot.dropsToday += 1;
    this.ground.dropsLastMinute.add(this.ground.now);
    if (this.ground.counting) {
      if (kind === LOST_AT_LIMIT) this.ground.tally.lostAtLimit += 1;
      else this.ground.tally.lostPatience += 1;
      this.ground.tally.lateFromAnswer += 1;
      this.ground.halfHour().lost += 1;
      const own = this.ground.tally.campaigns[call.campaign] as FloorTally['campaigns'][number];
      own.lost += 1;
      if (kind === LOST_AT_LIMIT) own.lostAtLimit += 1;
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
