/**
 * The dialing groups of the house, each with a pacer; the rule is in `domain/pacing/dialing-groups.ts`.
 *
 * What was learned stays with its campaign: when groups are made anew, the records are picked from the
 * pacers of before.
 */

import { MESSAGE_LEAD_MS } from '../domain/calls/standing.ts';
import type { Campaign } from '../domain/campaigns/campaign.ts';
import { limitsInForce } from '../domain/campaigns/limits.ts';
import type { ComplianceProfile } from '../domain/compliance/profile.ts';
import { dialingGroupsOf, groupSettings } from '../domain/pacing/dialing-groups.ts';
import { onTheWay } from '../domain/pacing/group-snapshot.ts';
import {
  type CampaignLearned,
  createPacer,
  type Pacer,
  type PacerState,
  type PacingAbandonment,
  type PacingSettings,
} from '../domain/pacing/pacer.ts';
import type { CampaignId } from '../lib/ids.ts';
import { profileOf } from './keep-bank.ts';
import type { Memory } from './memory.ts';
import type { CampaignRuntime, DialingGroup } from './state.ts';
import type { FloorTally } from './tally-floor.ts';

/** A campaign by itself, with what it learned before; its runtime is still to be put in. */
export function groupOfOne(
  campaign: Campaign,
  profile: ComplianceProfile,
  learned?: CampaignLearned,
): DialingGroup & { readonly members: CampaignRuntime[] } {
  return {
    members: [],
    campaigns: [campaign],
    pacer: createPacer(
      pacingSettings(campaign, profile),
      pacerState(learned ? [[campaign.id, learned]] : []),
    ),
    plannedAt: 0,
    served: 0,
    linesServed: 0,
  };
}

/** The groups of this moment. Those whose campaigns and settings are as before stay what they are. */
export function regroup(memory: Memory, floor: FloorTally): readonly DialingGroup[] {
  const compositions = compose(memory, floor);
  if (compositions.every(isAsBefore)) return compositions.map(([{ group }]) => group);
  const learned = learnedOf(memory);
  const groups = compositions.map((members) =>
    isAsBefore(members) ? members[0].group : newGroup(memory, members, learned),
  );
  for (const group of groups) {
    for (const member of group.members) memory.draft.change(member, { group });
  }
  return groups;
}

/** What the pacer learned of this campaign; undefined before anything. */
export function learnedOfCampaign({
  campaign,
  group,
}: CampaignRuntime): CampaignLearned | undefined {
  return group.pacer.toJSON().campaigns[campaign.id];
}

type Members = readonly [CampaignRuntime, ...CampaignRuntime[]];

function isAsBefore(members: Members): boolean {
  const before = members[0].group;
  return (
    before.members.length === members.length &&
    members.every(
      (member, index) =>
        before.members[index] === member && before.campaigns[index] === member.campaign,
    )
  );
}

/** Who is planned with whom, in the order of the house. */
function compose(memory: Memory, floor: FloorTally): readonly Members[] {
  return dialingGroupsOf(
    [...memory.state.campaigns.values()],
    (one) => isJoinable(one, floor),
    function* signedIn({ agentIds }) {
      for (const agentId of agentIds) {
        const agent = memory.state.agents.get(agentId);
        if (agent && agent.shift.activity.kind !== 'ended') yield agentId;
      }
    },
  );
}

/**
 * Running; or no longer, and calls of it are still on the way: anyone who answers them takes an agent whom
 * the others count on.
 */
function isJoinable({ campaign }: CampaignRuntime, floor: FloorTally): boolean {
  if (campaign.pacing.mode !== 'predictive') return false;
  if (campaign.state === 'running') return true;
  const tally = floor.get(campaign.id);
  return tally !== undefined && onTheWay(tally) > 0;
}

function learnedOf(memory: Memory): ReadonlyMap<CampaignId, CampaignLearned> {
  const learned = new Map<CampaignId, CampaignLearned>();
  const states = new Map<Pacer, PacerState>();
  for (const { campaign, group } of memory.state.campaigns.values()) {
    const state = states.get(group.pacer) ?? group.pacer.toJSON();
    states.set(group.pacer, state);
    const record = state.campaigns[campaign.id];
    if (record) learned.set(campaign.id, record);
  }
  return learned;
}

function newGroup(
  memory: Memory,
  members: Members,
  learned: ReadonlyMap<CampaignId, CampaignLearned>,
): DialingGroup {
  const settingsOf = (one: CampaignRuntime): PacingSettings =>
    pacingSettings(one.campaign, profileOf(memory.state, one));
  const [first, ...others] = members;
  const records = members.flatMap(({ campaign: { id } }): [CampaignId, CampaignLearned][] => {
    const record = learned.get(id);
    return record ? [[id, record]] : [];
  });
  return {
    members,
    campaigns: members.map(({ campaign }) => campaign),
    pacer: createPacer(
      groupSettings([settingsOf(first), ...others.map(settingsOf)]),
      pacerState(records),
    ),
    plannedAt: Math.max(...members.map(({ group }) => group.plannedAt)),
    served: Math.max(...members.map(({ group }) => group.served)),
    linesServed: Math.max(...members.map(({ group }) => group.linesServed)),
  };
}

function pacerState(records: readonly [CampaignId, CampaignLearned][]): PacerState {
  return { schemaVersion: 2, campaigns: Object.fromEntries(records) };
}

/** What a campaign's pacer is told of its settings, within what the profile allows. */
export function pacingSettings(campaign: Campaign, profile: ComplianceProfile): PacingSettings {
  const { pacing, ringTimeoutMs } = campaign;
  return {
    mode: pacing.mode,
    abandonment: pacingAbandonment(campaign, profile),
    ringTimeoutMs,
    ...(pacing.mode === 'ratio' ? { ratio: pacing.ratio } : {}),
    ...limitsInForce(campaign, profile.ring),
  };
}

/** What the profile's terms come to for this campaign's calls. */
export function pacingAbandonment(
  { amd }: Campaign,
  { abandonment }: ComplianceProfile,
): PacingAbandonment {
  const { rateMax, waitMaxMs, clockStart, earlyHangUpCounts } = abandonment;
  return {
    rateMax,
    // An agent comes in time until the message begins, which is before the limit.
    waitMaxMs: waitMaxMs - Math.min(MESSAGE_LEAD_MS, waitMaxMs),
    // The end of a greeting is heard by who listens for machines; without, the clock runs from the answer.
    clockStart: amd === 'off' ? 'answered' : clockStart,
    earlyHangUpCounts,
  };
}
