/**
 * Whether the parts of an operation fit together: every name exists, numbers and trunks belong to
 * the calling entity, and nothing would be refused by the compliance gate every time. The checks
 * use the gate's own rules, so they show its reason and clause.
 */

import type { Campaign } from '../domain/campaigns/campaign.ts';
import { changeProblems, settingsOf } from '../domain/campaigns/change-settings.ts';
import { callerIdRule } from '../domain/compliance/caller-id-rules.ts';
import type { ComplianceProfile } from '../domain/compliance/profile.ts';
import type { CallerId } from '../domain/trunks/caller-id.ts';
import type { Trunk } from '../domain/trunks/trunk.ts';
import type { Problem } from './operation-file.ts';
import type { Operation } from './operation-plan.ts';
import { settingPath } from './operation-settings.ts';

export type CheckInput = {
  readonly operation: Operation;
  readonly profiles: ReadonlyMap<string, ComplianceProfile>;
  /** Path of an entry in the file, or its id when the file does not describe it. */
  readonly pathOf: (id: string) => string;
  /** Entries in the file that cannot be read, which are already reported as problems. */
  readonly unreadableIds: ReadonlySet<string>;
};

const NAMES_SHOWN_MAX = 10;

export function problemsOfOperation(input: CheckInput): readonly Problem[] {
  const { operation, pathOf } = input;
  return [
    ...[...operation.portfolios.values()].flatMap((portfolio) =>
      missing(input, `${pathOf(portfolio.id)}.creditor`, 'creditors', portfolio.creditorId),
    ),
    ...[...operation.trunks.values()].flatMap((trunk) =>
      missing(input, `${pathOf(trunk.id)}.legalEntity`, 'legalEntities', trunk.legalEntityId),
    ),
    ...[...operation.callerIds.values()].flatMap((callerId) => problemsOfCallerId(input, callerId)),
    ...sameNumbers(input),
    ...[...operation.campaigns.values()].flatMap((campaign) => problemsOfCampaign(input, campaign)),
  ];
}

function missing(
  { operation, unreadableIds }: CheckInput,
  path: string,
  section: keyof Operation,
  id: string,
): Problem[] {
  const known = operation[section];
  if (known.has(id) || unreadableIds.has(id)) return [];
  const there = [...known.keys()].map(keyOf);
  const shown = there.slice(0, NAMES_SHOWN_MAX).join(', ') + (there[NAMES_SHOWN_MAX] ? ', …' : '');
  return [
    {
      path,
      sentence: `"${keyOf(id)}" is not among the ${section} (${shown || 'there are none'}): describe it there, or correct the key`,
    },
  ];
}

function problemsOfCallerId(input: CheckInput, callerId: CallerId): Problem[] {
  const { operation, pathOf } = input;
  const path = pathOf(callerId.id);
  const { holderEntityId, trunkIds, validFrom, validTo } = callerId;
  const problems: Problem[] = [
    ...missing(input, `${path}.holder`, 'legalEntities', holderEntityId),
    ...trunkIds.flatMap((id) => missing(input, `${path}.trunks`, 'trunks', id)),
  ];
  if (validTo !== undefined && validTo <= validFrom) {
    problems.push({ path: `${path}.validThrough`, sentence: 'must not be before validFrom' });
  }
  if (callerId.stationBound && (callerId.kind !== 'mobile' || trunkIds.length !== 1)) {
    problems.push({
      path: `${path}.stationBound`,
      sentence:
        'is for a mobile number with one trunk, which is its own station (IMSI): leave it out, or name that trunk alone',
    });
  }
  for (const trunkId of trunkIds) {
    const trunk = operation.trunks.get(trunkId);
    if (trunk) problems.push(...refusedNumber(input, path, callerId, trunk));
  }
  return problems.filter(isFirstOfItsKind);
}

/**
 * Checked under every profile, because a number is not tied to one, and on a day when it is valid.
 */
function refusedNumber(
  { profiles }: CheckInput,
  path: string,
  callerId: CallerId,
  trunk: Trunk,
): Problem[] {
  const { holderEntityId, validFrom } = callerId;
  for (const profile of profiles.values()) {
    const { refusal } = callerIdRule({
      callerId: { ...callerId, status: 'active' },
      trunk,
      legalEntityId: holderEntityId,
      profile,
      now: validFrom,
    });
    if (refusal?.reason === 'caller-id-mobile') {
      const sentence = `is a mobile number, which only its own station may show: show a fixed number, or set stationBound where its one trunk is that station (${refusal.reason}; ${refusal.clause})`;
      return [{ path: `${path}.number`, sentence }];
    }
    if (refusal?.reason === 'caller-id-not-owned') {
      const sentence = `is "${keyOf(holderEntityId)}" and the trunk "${keyOf(trunk.id)}" is of "${keyOf(trunk.legalEntityId)}": number and trunk must be of the company that calls (${refusal.reason}; ${refusal.clause})`;
      return [{ path: `${path}.holder`, sentence }];
    }
  }
  return [];
}

function sameNumbers({ operation, pathOf }: CheckInput): Problem[] {
  const idOfNumber = new Map<string, string>();
  const problems: Problem[] = [];
  for (const { id, number } of operation.callerIds.values()) {
    const other = idOfNumber.get(number);
    if (other === undefined) idOfNumber.set(number, id);
    else {
      problems.push({
        path: `${pathOf(id)}.number`,
        sentence: `is the number of ${pathOf(other)} as well: a number stands in the inventory once`,
      });
    }
  }
  return problems;
}

function problemsOfCampaign(input: CheckInput, campaign: Campaign): Problem[] {
  const { profiles, pathOf } = input;
  const path = pathOf(campaign.id);
  const profile = profiles.get(campaign.profileId);
  const problems: Problem[] = [
    ...missing(input, `${path}.legalEntity`, 'legalEntities', campaign.legalEntityId),
    ...missing(input, `${path}.portfolio`, 'portfolios', campaign.portfolioId),
    ...campaign.creditorIds.flatMap((id) => missing(input, `${path}.creditors`, 'creditors', id)),
    ...problemsOfDebts(input, path, campaign),
    ...problemsOfFallback(input, path, campaign),
  ];
  if (!profile) {
    const known = [...profiles.keys()].join(', ');
    problems.push({
      path: `${path}.profile`,
      sentence: `there is no compliance profile "${campaign.profileId}": choose one of ${known}`,
    });
    return problems;
  }
  for (const { setting, said } of changeProblems(settingsOf(campaign), campaign, profile)) {
    problems.push({ path: `${path}.${settingPath(setting)}`, sentence: said });
  }
  return problems;
}

/**
 * A creditor without a portfolio is a problem: without one every row of a list would be refused.
 */
function problemsOfDebts(
  { operation, unreadableIds }: CheckInput,
  path: string,
  campaign: Campaign,
) {
  const problems: Problem[] = [];
  const portfolio = operation.portfolios.get(campaign.portfolioId);
  if (portfolio && !campaign.creditorIds.includes(portfolio.creditorId)) {
    problems.push({
      path: `${path}.portfolio`,
      sentence: `is of the creditor "${keyOf(portfolio.creditorId)}", who is not among the campaign's: add it to creditors, or choose another portfolio`,
    });
  }
  if ([...unreadableIds].some((id) => id.startsWith('portfolio_'))) return problems;
  const owners = new Set([...operation.portfolios.values()].map((one) => one.creditorId));
  for (const id of campaign.creditorIds) {
    if (owners.has(id) || !operation.creditors.has(id)) continue;
    problems.push({
      path: `${path}.creditors`,
      sentence: `"${keyOf(id)}" has no portfolio, and rows of its debts would be refused: describe one under portfolios`,
    });
  }
  return problems;
}

function problemsOfFallback(input: CheckInput, path: string, campaign: Campaign): Problem[] {
  const { fallbackCallerIdId: id, legalEntityId } = campaign;
  if (id === undefined) return [];
  const place = `${path}.fallbackCallerId`;
  const callerId = input.operation.callerIds.get(id);
  if (!callerId) return missing(input, place, 'callerIds', id);
  if (callerId.holderEntityId !== legalEntityId) {
    const holder = keyOf(callerId.holderEntityId);
    const sentence = `is held by "${holder}" and the campaign calls for "${keyOf(legalEntityId)}": choose a number of its own`;
    return [{ path: place, sentence }];
  }
  if (callerId.status === 'retired') {
    return [{ path: place, sentence: `"${keyOf(id)}" is retired: choose another, or null` }];
  }
  return [];
}

/**
 * Campaigns that could not place a single call, and why. These are notes, not problems: a trunk may
 * be disabled until the carrier is ready.
 */
export function notesOfOperation(
  { operation, profiles }: Pick<CheckInput, 'operation' | 'profiles'>,
  campaignIds: readonly string[],
): readonly string[] {
  return campaignIds.flatMap((id) => {
    const campaign = operation.campaigns.get(id);
    const profile = campaign && profiles.get(campaign.profileId);
    if (!campaign || !profile) return [];
    const isWay = (trunkId: string) => {
      const trunk = operation.trunks.get(trunkId);
      return trunk?.enabled && (trunk.simulated || !profile.simulatedTrunksOnly);
    };
    const numbers = [...operation.callerIds.values()].filter(
      (one) => one.holderEntityId === campaign.legalEntityId && one.status === 'active',
    );
    if (numbers.some(({ trunkIds }) => trunkIds.some(isWay))) return [];
    const way = profile.simulatedTrunksOnly ? 'simulated trunk' : 'trunk';
    return [
      `${id} cannot dial yet: "${keyOf(campaign.legalEntityId)}" holds no active number on an enabled ${way} (profile ${profile.id}).`,
    ];
  });
}

function isFirstOfItsKind(problem: Problem, index: number, all: readonly Problem[]): boolean {
  return (
    all.findIndex((one) => one.path === problem.path && one.sentence === problem.sentence) === index
  );
}

/** The key as written in the file. */
export function keyOf(id: string): string {
  return id.slice(id.indexOf('_') + 1);
}
