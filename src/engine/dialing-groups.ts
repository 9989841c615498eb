/**
 * Campaigns that share agents are planned as one: in mode `predictive`, whoever can be reached from one
 * another over an agent who is signed in and works for both makes one dialing group, with one pacer and
 * every agent counted once. All other campaigns are groups of one.
 *
 * What was learned stays with its campaign: when groups are made anew, the records are picked from the
 * pacers of before.
 */
import type { Campaign } from '../domain/campaigns/campaign.ts';
import type { ComplianceProfile } from '../domain/compliance/profile.ts';
import { MESSAGE_LEAD_MS } from '../domain/pacing/abandonment.ts';
import {
  type CampaignLearned,
  createPacer,
  type Pacer,
  type PacerState,
  type PacingAbandonment,
  type PacingSettings,
} from '../domain/pacing/pacer.ts';
import type { AgentId, CampaignId } from '../lib/ids.ts';
import { limitsInForce } from './change-campaign.ts';
import { profileOf } from './keep-bank.ts';
import type { CampaignRuntime, DialingGroup } from './state.ts';
import { type FloorTally, onTheWay } from './tally-floor.ts';
import type { House } from './work.ts';

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
      groupSettings([{ campaign, profile }]),
      pacerState(learned ? [[campaign.id, learned]] : []),
    ),
    plannedAt: 0,
    served: 0,
  };
}

/** The groups of this moment. Those whose campaigns and settings are as before stay what they are. */
export function regroup(house: House, floor: FloorTally): readonly DialingGroup[] {
  const compositions = compose(house, floor);
  if (compositions.every(isAsBefore)) return compositions.map(([first]) => groupOf(first));
  const learned = learnedOf(house);
  const groups = compositions.map((members) =>
    isAsBefore(members) ? groupOf(members[0]) : newGroup(house, members, learned),
  );
  for (const group of groups) {
    for (const member of group.members) house.draft.change(member, { group });
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

type Members = readonly CampaignRuntime[];

function groupOf(member: CampaignRuntime | undefined): DialingGroup {
  return (member as CampaignRuntime).group;
}

function isAsBefore(members: Members): boolean {
  const before = groupOf(members[0]);
  return (
    before.members.length === members.length &&
    members.every(
      (member, index) =>
        before.members[index] === member && before.campaigns[index] === member.campaign,
    )
  );
}

/** Who is planned with whom, in the order of the house. */
function compose(house: House, floor: FloorTally): Members[] {
  const all = [...house.state.campaigns.values()];
  const sharing = all.filter((one) => isShared(one, floor));
  if (sharing.length < 2) return all.map((one) => [one]);
  const groups = new Map<CampaignRuntime, CampaignRuntime[]>(sharing.map((one) => [one, [one]]));
  const firstOf = new Map<AgentId, CampaignRuntime>();
  for (const runtime of sharing) {
    for (const agentId of runtime.agentIds) {
      if (!isSignedIn(house, agentId)) continue;
      const first = firstOf.get(agentId);
      if (first) join(groups, first, runtime);
      else firstOf.set(agentId, runtime);
    }
  }
  const compositions: Members[] = [];
  const done = new Set<CampaignRuntime>();
  for (const runtime of all) {
    if (done.has(runtime)) continue;
    const together = groups.get(runtime);
    const members = together ? all.filter((one) => groups.get(one) === together) : [runtime];
    for (const member of members) done.add(member);
    compositions.push(members);
  }
  return compositions;
}

/**
 * Running; or no longer, and calls of it are still on the way: whoever answers them takes an agent whom
 * the others count on.
 */
function isShared({ campaign }: CampaignRuntime, floor: FloorTally): boolean {
  if (campaign.pacing.mode !== 'predictive') return false;
  if (campaign.state === 'running') return true;
  const tally = floor.get(campaign.id);
  return tally !== undefined && onTheWay(tally) > 0;
}

function isSignedIn(house: House, agentId: AgentId): boolean {
  const agent = house.state.agents.get(agentId);
  return agent !== undefined && agent.shift.activity.kind !== 'ended';
}

function join(
  groups: Map<CampaignRuntime, CampaignRuntime[]>,
  left: CampaignRuntime,
  right: CampaignRuntime,
): void {
  const into = groups.get(left);
  const from = groups.get(right);
  if (!into || !from || into === from) return;
  for (const member of from) {
    into.push(member);
    groups.set(member, into);
  }
}

function learnedOf(house: House): ReadonlyMap<CampaignId, CampaignLearned> {
  const learned = new Map<CampaignId, CampaignLearned>();
  const states = new Map<Pacer, PacerState>();
  for (const { campaign, group } of house.state.campaigns.values()) {
    const state = states.get(group.pacer) ?? group.pacer.toJSON();
    states.set(group.pacer, state);
    const record = state.campaigns[campaign.id];
    if (record) learned.set(campaign.id, record);
  }
  return learned;
}

function newGroup(
  house: House,
  members: Members,
  learned: ReadonlyMap<CampaignId, CampaignLearned>,
): DialingGroup {
  const settings = groupSettings(
    members.map((one) => ({ campaign: one.campaign, profile: profileOf(house.state, one) })),
  );
  const records = members.flatMap(({ campaign: { id } }): [CampaignId, CampaignLearned][] => {
    const record = learned.get(id);
    return record ? [[id, record]] : [];
  });
  return {
    members,
    campaigns: members.map(({ campaign }) => campaign),
    pacer: createPacer(settings, pacerState(records)),
    plannedAt: Math.max(...members.map(({ group }) => group.plannedAt)),
    served: Math.max(...members.map(({ group }) => group.served)),
  };
}

function pacerState(records: readonly [CampaignId, CampaignLearned][]): PacerState {
  return { schemaVersion: 2, campaigns: Object.fromEntries(records) };
}

type Governed = { readonly campaign: Campaign; readonly profile: ComplianceProfile };

/** One campaign's own settings; of several, what each of them allows. */
function groupSettings(governed: readonly Governed[]): PacingSettings {
  const [first] = governed as [Governed, ...Governed[]];
  const { pacing } = first.campaign;
  const limits = governed.map(({ campaign, profile }) => limitsInForce(campaign, profile.ring));
  const cancels = limits.flatMap(({ cancelAfterRingingMs }) => cancelAfterRingingMs ?? []);
  const { linesPerAgentMax: most, linesPerAgentMin: least } =
    governed.length === 1 ? (limits[0] ?? {}) : {};
  return {
    mode: pacing.mode,
    abandonment: pacingAbandonment(first.campaign, first.profile),
    ringTimeoutMs: Math.max(...governed.map(({ campaign }) => campaign.ringTimeoutMs)),
    // The soonest: whose campaign allows it later or not at all is not cancelled by the engine.
    ...(cancels.length === 0 ? {} : { cancelAfterRingingMs: Math.min(...cancels) }),
    ...(pacing.mode === 'ratio' ? { ratio: pacing.ratio } : {}),
    // In a group the least lines for each agent are told with each campaign, and the most are its own
    // limit on lines.
    ...(least === undefined ? {} : { linesPerAgentMin: least }),
    ...(most === undefined ? {} : { linesPerAgentMax: most }),
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
