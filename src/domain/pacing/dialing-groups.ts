/**
 * Campaigns that share agents are planned as one: those that dial by forecast and can be reached from
 * one another over an agent at work who serves both make one dialing group. All others are groups of one.
 */
import { given } from '../../lib/given.ts';
import type { PacingSettings } from './pacing-interface.ts';

/**
 * Who is planned with whom, in the order of the campaigns.
 *
 * @param isJoinable whether it dials by forecast, and dials at all or has calls on the way: people
 *   who answer those take agents whom the others count on.
 * @param agentsOf the agents at work who serve it, by anything that tells them apart.
 */
export function dialingGroupsOf<Campaign>(
  campaigns: readonly Campaign[],
  isJoinable: (campaign: Campaign) => boolean,
  agentsOf: (campaign: Campaign) => Iterable<unknown>,
): readonly (readonly [Campaign, ...Campaign[]])[] {
  const joinable = campaigns.filter(isJoinable);
  if (joinable.length < 2) return campaigns.map((one) => [one]);
  const groups = new Map<Campaign, Campaign[]>(joinable.map((one) => [one, [one]]));
  const firstOf = new Map<unknown, Campaign>();
  for (const campaign of joinable) {
    for (const agent of agentsOf(campaign)) {
      const first = firstOf.get(agent);
      if (first === undefined) firstOf.set(agent, campaign);
      else join(groups, first, campaign);
    }
  }
  const done = new Set<Campaign>();
  return campaigns.flatMap((campaign): [Campaign, ...Campaign[]][] => {
    if (done.has(campaign)) return [];
    const together = groups.get(campaign);
    if (!together) return [[campaign]];
    const others = campaigns.filter((one) => one !== campaign && groups.get(one) === together);
    for (const other of others) done.add(other);
    return [[campaign, ...others]];
  });
}

function join<Campaign>(groups: Map<Campaign, Campaign[]>, left: Campaign, right: Campaign): void {
  const into = groups.get(left);
  const from = groups.get(right);
  if (!into || !from || into === from) return;
  for (const member of from) {
    into.push(member);
    groups.set(member, into);
  }
}

/**
 * One campaign's own settings; of several, what each of them allows. The least lines for each agent are
 * then told with each campaign, and the most are its own limit on lines.
 */
export function groupSettings(
  campaigns: readonly [PacingSettings, ...PacingSettings[]],
): PacingSettings {
  const [first, ...others] = campaigns;
  if (others.length === 0) return first;
  const { mode, abandonment } = first;
  const cancels = campaigns.flatMap(({ cancelAfterRingingMs }) => cancelAfterRingingMs ?? []);
  return {
    mode,
    abandonment,
    ringTimeoutMs: Math.max(...campaigns.map(({ ringTimeoutMs }) => ringTimeoutMs)),
    // The soonest. The caller cancels no call whose own campaign allows it later or not at all.
    ...given({ cancelAfterRingingMs: cancels.length > 0 ? Math.min(...cancels) : undefined }),
  };
}
