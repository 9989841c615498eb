/** A stored operation as a file that would enter it, for changing one whose file was lost. */

import type { Campaign } from '../domain/campaigns/campaign.ts';
import { dispositionById } from '../domain/dispositions/catalog.ts';
import type { CallerId } from '../domain/trunks/caller-id.ts';
import type { Trunk } from '../domain/trunks/trunk.ts';
import { type EpochMs, localTime, SECOND_MS } from '../lib/time.ts';
import { keyOf } from './operation-checks.ts';
import { type Operation, ZONE } from './operation-plan.ts';
import { settingsEntry } from './operation-settings.ts';

/**
 * Leaves out the simulated trunks of a demonstration and everything that depends on them, because
 * no file may describe those. A password appears only as a variable's name; the variable need not
 * be set while the account stays the same.
 */
export function fileOf(operation: Operation): Readonly<Record<string, readonly object[]>> {
  const { legalEntities, creditors, portfolios, trunks, callerIds, campaigns } = operation;
  const isReal = (id: string) => trunks.get(id)?.simulated === false;
  return {
    legalEntities: entries(legalEntities, ({ id, name, cnpj }) => ({ key: keyOf(id), name, cnpj })),
    creditors: entries(creditors, ({ id, name, cnpj }) => ({ key: keyOf(id), name, cnpj })),
    portfolios: entries(portfolios, ({ id, name, creditorId }) => ({
      key: keyOf(id),
      name,
      creditor: keyOf(creditorId),
    })),
    trunks: [...trunks.values()].filter(({ simulated }) => !simulated).map(trunkEntry),
    callerIds: [...callerIds.values()]
      .filter(({ trunkIds }) => trunkIds.every(isReal))
      .map(callerIdEntry),
    campaigns: entries(campaigns, campaignEntry),
  };
}

function entries<Thing>(
  things: ReadonlyMap<string, Thing>,
  entryOf: (thing: Thing) => object,
): readonly object[] {
  return [...things.values()].map(entryOf);
}

function trunkEntry(trunk: Trunk): object {
  const { id, legalEntityId, authentication, fromDomain, simulated: _, ...same } = trunk;
  const key = keyOf(id);
  const passwordVariable = `TRUNK_${key.toUpperCase().replaceAll('-', '_')}_PASSWORD`;
  return {
    key,
    legalEntity: keyOf(legalEntityId),
    ...same,
    authentication: authentication ? { username: authentication.username, passwordVariable } : null,
    fromDomain: fromDomain ?? null,
  };
}

function callerIdEntry(callerId: CallerId): object {
  const { id, number, holderEntityId, trunkIds, stationBound, validFrom, validTo, status } =
    callerId;
  return {
    key: keyOf(id),
    number,
    holder: keyOf(holderEntityId),
    trunks: trunkIds.map(keyOf),
    stationBound,
    validFrom: dayOf(validFrom),
    validThrough: validTo === undefined ? null : dayOf(validTo - 1),
    status,
  };
}

function campaignEntry(campaign: Campaign): object {
  const { id, name, script, fallbackCallerIdId } = campaign;
  return {
    key: keyOf(id),
    name,
    legalEntity: keyOf(campaign.legalEntityId),
    portfolio: keyOf(campaign.portfolioId),
    creditors: campaign.creditorIds.map(keyOf),
    profile: campaign.profileId,
    ...settingsEntry(campaign),
    wrapUpSeconds: campaign.wrapUpMs / SECOND_MS,
    script: script.split('\n'),
    fallbackCallerId: fallbackCallerIdId ? keyOf(fallbackCallerIdId) : null,
    dispositions: campaign.dispositionIds.map((one) => dispositionById(one)?.code ?? keyOf(one)),
    weight: campaign.weight,
  };
}

function dayOf(moment: EpochMs): string {
  return localTime(moment, ZONE).date;
}
