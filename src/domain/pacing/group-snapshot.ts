/** The snapshot for the pacer of a dialing group, made from the state of each of its campaigns. */
import { given } from '../../lib/given.ts';
import type { EpochMs } from '../../lib/time.ts';
import type {
  PacingAbandonment,
  PacingAgent,
  PacingBank,
  PacingCall,
  PacingCampaign,
  PacingSnapshot,
  PacingWaiting,
} from './pacing-interface.ts';

/** One campaign of the group at this moment. */
export type GroupMember = {
  readonly id: string;
  readonly weight: number;
  readonly bank: PacingBank;
  /** None while nobody of its list is to be called. */
  readonly leadsLeft: number;
  /** It may have so many calls on a line; none while it does not dial. */
  readonly linesMax: number;
  /** Its calls on a line now, talks too. */
  readonly live: number;
  readonly calls: readonly PacingCall[];
  readonly waiting: readonly PacingWaiting[];
  /** Calls on the way, beside those, for each of which an agent is guaranteed. */
  readonly guaranteed: number;
  readonly linesPerAgentMax?: number;
  readonly linesPerAgentMin?: number;
  readonly abandonment: PacingAbandonment;
};

/** What the trunks have room for at this moment. */
export type TrunkRoom = { readonly linesFree: number; readonly callsAllowedNow: number };

/** @param agents the group's share of the agents at work. */
export function groupSnapshot(
  members: readonly GroupMember[],
  agents: readonly PacingAgent[],
  room: TrunkRoom,
  now: EpochMs,
): PacingSnapshot {
  const campaigns = members.map((member) => pacingCampaign(member, agents, members.length > 1));
  const [first, ...others] = campaigns;
  const guaranteedTo = members.flatMap(({ id, guaranteed }) => Array<string>(guaranteed).fill(id));
  return {
    now,
    agents: withoutGuaranteed(agents, guaranteedTo),
    calls: members.flatMap(({ calls }) => calls),
    waiting: members.flatMap(({ waiting }) => waiting),
    bank: {
      answers: campaigns.reduce((sum, { bank }) => sum + bank.answers, 0),
      abandoned: campaigns.reduce((sum, { bank }) => sum + bank.abandoned, 0),
    },
    linesFree:
      others.length === 0 ? Math.min(room.linesFree, first?.linesFree ?? 0) : room.linesFree,
    callsAllowedNow: room.callsAllowedNow,
    leadsLeft: campaigns.reduce((sum, { leadsLeft }) => sum + leadsLeft, 0),
    campaigns,
  };
}

/** Calls and people who will each want an agent. */
export function onTheWay({
  calls,
  waiting,
  guaranteed,
}: Pick<GroupMember, 'calls' | 'waiting' | 'guaranteed'>): number {
  return calls.length + waiting.length + guaranteed;
}

function pacingCampaign(
  member: GroupMember,
  agents: readonly PacingAgent[],
  isShared: boolean,
): PacingCampaign {
  const { id, weight, bank, leadsLeft, linesMax, live, abandonment } = member;
  const { linesPerAgentMax, linesPerAgentMin } = member;
  const own = agents.filter((agent) => agent.campaignIds?.includes(id) ?? true).length;
  const perAgent =
    isShared && linesPerAgentMax !== undefined
      ? Math.floor(linesPerAgentMax * own) - onTheWay(member)
      : Number.POSITIVE_INFINITY;
  return {
    id,
    weight,
    bank,
    leadsLeft,
    linesFree: Math.max(0, Math.min(linesMax - live, perAgent)),
    ...given({ linesPerAgentMin }),
    abandonment,
  };
}

/**
 * Agents who are kept for a call are as good as reserved: for the campaign of each such call one who
 * works for it, and of those one who works for fewest, so that the others find theirs too.
 */
function withoutGuaranteed(
  agents: readonly PacingAgent[],
  guaranteedTo: readonly string[],
): readonly PacingAgent[] {
  if (guaranteedTo.length === 0) return agents;
  const left = [...agents];
  for (const id of guaranteedTo) {
    let guaranteedAt = -1;
    for (const [at, agent] of left.entries()) {
      if (!isKeepable(agent, id)) continue;
      if (guaranteedAt < 0 || worksFor(agent) < worksFor(left[guaranteedAt])) guaranteedAt = at;
    }
    const guaranteed = left[guaranteedAt];
    if (guaranteed) left[guaranteedAt] = { ...guaranteed, state: 'reserved' };
  }
  return left;
}

function isKeepable({ state, freeAt, campaignIds }: PacingAgent, id: string): boolean {
  return state === 'available' && freeAt === undefined && (campaignIds?.includes(id) ?? true);
}

/** How many campaigns; no list means all. */
function worksFor(agent: PacingAgent | undefined): number {
  return agent?.campaignIds?.length ?? Number.POSITIVE_INFINITY;
}
