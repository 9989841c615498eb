/** Agents, calls and the last minute of a floor: the real state beside the policy's view of it. */
import type {
  PacingAgent,
  PacingBank,
  PacingCall,
  PacingCampaign,
  PacingWaiting,
} from '../domain/pacing/pacing-interface.ts';
import type { Mutable } from '../lib/mutable.ts';
import type { EpochMs } from '../lib/time.ts';
import { blankFate, type CallFate } from './fates.ts';
import type { FloorSnapshot } from './rivals/rival.ts';
import type { CampaignTerms, FloorCampaign, FloorScenario } from './scenario.ts';

export type FloorAgent = {
  readonly index: number;
  view: Mutable<PacingAgent>;
  /** Index in the snapshot's agents; -1 when resting or gone. */
  position: number;
  /** When the agent is free; infinity when resting. For a clairvoyant policy. */
  freeAt: EpochMs;
  /**
   * End of the rest (or absence) that begins after the current call; infinity for an open end,
   * undefined without a rest.
   */
  restUntil: EpochMs | undefined;
  resting: boolean;
  /** Whether the agent is available but still in the rest between two calls. */
  isHeld: boolean;
  /** Indexes of the campaigns the agent works for; undefined for all. */
  readonly serves: ReadonlySet<number> | undefined;
  /** The same as ids, as the policy sees it. */
  readonly campaignIds: readonly string[] | undefined;
  /** When the agent's planned rest begins; undefined without one. */
  leavesAt: EpochMs | undefined;
  /** Whether the agent went home rather than to rest. */
  away: boolean;
  wrapUpMs: number;
  /** Campaign of the current or last conversation. */
  campaign: number;
  /** Grows whenever the agent comes or goes, which invalidates earlier events. */
  stamp: number;
};

export type FloorCall = {
  readonly slot: number;
  /** Grows when the slot is reused, which invalidates events of earlier calls. */
  stamp: number;
  view: Mutable<PacingCall>;
  /** Index in the snapshot's calls; -1 when no longer on the way. */
  position: number;
  campaign: number;
  readonly fate: CallFate;
  answeredAt: EpochMs;
  /** When the call will be judged a machine after an agent was sought; undefined otherwise. */
  takenBackAt: EpochMs | undefined;
  /** The snapshot's entry while the person waits; otherwise undefined. */
  waiting: PacingWaiting | undefined;
};

export function newAgent(
  index: number,
  now: EpochMs,
  { campaigns, crew }: Pick<FloorScenario, 'campaigns' | 'crew'>,
): FloorAgent {
  const campaignIds = crew?.[index]?.campaignIds;
  return {
    index,
    isHeld: false,
    serves:
      campaignIds &&
      new Set(campaigns.flatMap(({ id }, place) => (campaignIds.includes(id) ? [place] : []))),
    campaignIds,
    leavesAt: undefined,
    view: { state: 'available', since: now, pauseRequested: false },
    position: -1,
    freeAt: now,
    restUntil: undefined,
    resting: true,
    away: true,
    wrapUpMs: 0,
    campaign: 0,
    stamp: 0,
  };
}

export function newCall(slot: number): FloorCall {
  return {
    slot,
    stamp: 0,
    view: { id: '', state: 'placing', placedAt: 0, since: 0 },
    position: -1,
    campaign: 0,
    fate: blankFate(),
    answeredAt: 0,
    takenBackAt: undefined,
    waiting: undefined,
  };
}

export type FloorCampaignState = {
  readonly id: string;
  readonly weight: number;
  readonly terms: Omit<CampaignTerms, 'talk' | 'screening'> &
    Partial<Pick<CampaignTerms, 'talk' | 'screening'>>;
  answerRate: number;
  placed: number;
  leadsLeft: number;
  readonly bank: Mutable<PacingBank>;
  /** Calls this campaign received when calls were shared out by weight. */
  served: number;
  readonly view: Mutable<PacingCampaign>;
};

/** Counts of the last sixty seconds, kept per second. */
export class LastMinute {
  total = 0;
  private readonly counts = new Int32Array(60);
  private second = 0;

  add(now: EpochMs): void {
    this.passTo(now);
    const at = this.second % 60;
    this.counts[at] = (this.counts[at] ?? 0) + 1;
    this.total += 1;
  }

  /** The count, after dropping seconds older than a minute. */
  passTo(now: EpochMs): number {
    const second = Math.floor(now / 1_000);
    for (let passed = Math.min(60, second - this.second); passed > 0; passed -= 1) {
      const at = (second - passed + 1) % 60;
      this.total -= this.counts[at] ?? 0;
      this.counts[at] = 0;
    }
    this.second = second;
    return this.total;
  }
}

export type FloorSnapshotBeingMade = Omit<
  Mutable<FloorSnapshot>,
  'agents' | 'calls' | 'waiting' | 'bank'
> & {
  readonly agents: PacingAgent[];
  readonly calls: PacingCall[];
  readonly waiting: PacingWaiting[];
  readonly bank: Mutable<PacingBank>;
};

export function blankSnapshot(now: EpochMs): FloorSnapshotBeingMade {
  return {
    now,
    agents: [],
    calls: [],
    waiting: [],
    bank: { answers: 0, abandoned: 0 },
    linesFree: 0,
    callsAllowedNow: 0,
    leadsLeft: 0,
    pausedAgents: 0,
    linesInConversation: 0,
    deadLines: 0,
    callsToday: 0,
    answersToday: 0,
    dropsToday: 0,
    connectedAnswersDisposedToday: 0,
    callsLastMinute: 0,
    answersLastMinute: 0,
    dropsLastMinute: 0,
  };
}

export function newCampaign(
  campaign: FloorCampaign,
  scenario: FloorScenario,
  clockStart: CampaignTerms['clockStart'],
): FloorCampaignState {
  const bank = { answers: 0, abandoned: 0 };
  const { id, weight, answerRate, own } = campaign;
  const { setup, ringTimeoutMs, waitMaxMs, earlyHangUpCounts, screening } = scenario;
  return {
    id,
    weight,
    terms: {
      ...{ setup, ringTimeoutMs, waitMaxMs, earlyHangUpCounts, clockStart, restBetweenCallsMs: 0 },
      ...(screening ? { screening } : {}),
      ...own,
    },
    answerRate,
    placed: 0,
    leadsLeft: scenario.leadsPerDay,
    bank,
    served: 0,
    view: { id, weight, bank, leadsLeft: scenario.leadsPerDay },
  };
}
