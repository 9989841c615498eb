/**
 * The screen pop: two messages made on the server. The masked one has no amount, no contract and no
 * whole document (CDC art. 42: a debt is not told to third parties). The full one is made only
 * after the agent confirmed the right party. Both use the debtor's file read at the answer, so
 * nothing is read from the disk here.
 */

import { fillScript } from '../../domain/campaigns/script.ts';
import { zonesOf } from '../../domain/compliance/calling-hours.ts';
import { totalsOf } from '../../domain/debtors/debt.ts';
import type { DebtorAddress } from '../../domain/debtors/debtor.ts';
import type { DebtorFile } from '../../domain/debtors/history.ts';
import { challengeOf } from '../../domain/negotiations/right-party.ts';
import type { DeskCallState, DeskState, Queries } from '../../engine/queries.ts';
import { areaCode, stateCode } from '../../lib/br-area-codes.ts';
import { formatDocument, maskDocument } from '../../lib/br-document.ts';
import { formatPostalCode } from '../../lib/br-postal-code.ts';
import { given } from '../../lib/given.ts';
import type { AgentId } from '../../lib/ids.ts';
import { areaCodeOf, type E164, formatPhone } from '../../lib/phone-number.ts';
import { DAY_MS, type EpochMs, type IsoDate, localTime, parseIsoDate } from '../../lib/time.ts';
import type { FullPop, MaskedPop, Pop } from '../../protocol/agent.ts';
import { creditorNames } from './agent-desk.ts';

/** Days past due are counted on Brazil's calendar. */
const DUE_ZONE = 'America/Sao_Paulo';

/** Which pop the screen may show; undefined before the call was connected and after its wrap-up. */
export function popOf({ shift, call }: DeskState): Pick<Pop, 'callId' | 'stage'> | undefined {
  if (!shift || shift.activity.kind === 'ended') return undefined;
  if (!call?.file || !call.isCardOpen || call.connectedAt === undefined) return undefined;
  return { callId: call.call.id, stage: call.rightPartyConfirmed ? 'full' : 'masked' };
}

/** What the screen may show of the call in hand; undefined when {@link popOf} is. */
export function presentPop(state: DeskState, queries: Queries): Pop | undefined {
  const { shift, call: desk } = state;
  if (!popOf(state) || !shift || !desk?.file || desk.connectedAt === undefined) return undefined;
  const { file, connectedAt } = desk;
  const script = scriptFor(desk, { file, connectedAt, agentId: shift.agentId }, queries);
  return desk.rightPartyConfirmed
    ? full(desk, file, script, queries)
    : masked(desk, file, script, queries);
}

/**
 * The campaign's script, filled for this agent and debtor. It holds nothing the masked pop hides.
 */
function scriptFor(
  { call }: DeskCallState,
  at: { readonly file: DebtorFile; readonly connectedAt: EpochMs; readonly agentId: AgentId },
  queries: Queries,
): string {
  const { debtor, contracts } = at.file;
  const place = {
    areaCode: areaCodeOf(call.phone),
    addressStates: debtor.addresses.flatMap(({ state }) => stateCode(state ?? '') ?? []),
  };
  return fillScript(queries.campaign(call.campaignId)?.script ?? '', {
    at: at.connectedAt,
    zones: zonesOf(place) ?? [],
    agentName: queries.person(at.agentId)?.name ?? '',
    debtorName: debtor.name,
    challenge: challengeOf({ debtor, contracts }),
    ...given({ document: debtor.document }),
  });
}

function masked(
  { call }: DeskCallState,
  file: DebtorFile,
  script: string,
  queries: Queries,
): MaskedPop {
  const { debtor } = file;
  const campaign = queries.campaign(call.campaignId);
  return {
    stage: 'masked',
    callId: call.id,
    campaignId: call.campaignId,
    debtorName: debtor.name,
    document: debtor.document === undefined ? null : maskDocument(debtor.document),
    dialedPhone: formatPhone(call.phone),
    dialedExtension: extensionOf(file, call.phone),
    creditors: campaign ? creditorNames(campaign, queries) : [],
    script,
    place: placeOf(debtor.addresses, call.phone),
  };
}

function full(
  { call }: DeskCallState,
  file: DebtorFile,
  script: string,
  queries: Queries,
): FullPop {
  const { debtor } = file;
  return {
    stage: 'full',
    callId: call.id,
    campaignId: call.campaignId,
    debtor: {
      name: debtor.name,
      document: debtor.document === undefined ? null : formatDocument(debtor.document),
      birthDate: parseIsoDate(debtor.birthDate ?? '') ?? null,
      emails: [...debtor.emails],
      addresses: debtor.addresses.map(addressLine),
    },
    dialedPhone: formatPhone(call.phone),
    dialedExtension: extensionOf(file, call.phone),
    script,
    totals: presentTotals(file),
    contracts: presentContracts(file, queries.now()),
    phones: file.phones.map((phone) => ({
      id: phone.id,
      number: formatPhone(phone.number),
      extension: phone.extension ?? null,
      kind: phone.kind,
      status: phone.status,
      source: phone.source,
      dialedNow: phone.number === call.phone,
    })),
    promises: file.promises.map((promise) => ({
      creditor: creditorName(file, promise.creditorId),
      madeAt: promise.madeAt,
      dueDate: promise.dueDate,
      valueCentavos: promise.value.centavos,
      state: promise.state,
    })),
    timeline: presentTimeline(file),
  };
}

function extensionOf({ phones }: DebtorFile, number: E164): string | null {
  return phones.find((phone) => phone.number === number)?.extension ?? null;
}

function presentTotals({ contracts }: DebtorFile): FullPop['totals'] {
  const totals = totalsOf(contracts);
  return {
    originalCentavos: totals.originalValue.centavos,
    updatedCentavos: totals.updatedValue.centavos,
    openInstalments: totals.openInstalments,
    oldestDueDate: totals.oldestDueDate ?? null,
  };
}

function presentContracts(file: DebtorFile, now: EpochMs): FullPop['contracts'] {
  const today = localTime(now, DUE_ZONE).date;
  return file.contracts.map((contract) => ({
    creditor: creditorName(file, contract.creditorId),
    number: contract.number,
    product: contract.product ?? null,
    instalments: contract.instalments.map((instalment) => ({
      number: instalment.number,
      dueDate: instalment.dueDate,
      daysPastDue: daysPastDue(instalment.dueDate, today),
      originalCentavos: instalment.originalValue.centavos,
      updatedCentavos: instalment.updatedValue.centavos,
      computedAt: instalment.computedAt,
      state: instalment.state,
    })),
  }));
}

function presentTimeline(file: DebtorFile): FullPop['timeline'] {
  return file.contacts.map((contact) => ({
    at: contact.at,
    channel: contact.channel,
    direction: contact.direction,
    creditor: creditorName(file, contact.creditorId),
    source: contact.source,
    result: contact.result,
    address: contact.address === undefined ? null : writtenAddress(contact.address),
    note: contact.note ?? null,
    ...given({ noteErased: contact.noteErased }),
    agentName: contact.agentName ?? null,
  }));
}

function creditorName(file: DebtorFile, creditorId: string): string {
  return file.creditors.find((creditor) => creditor.id === creditorId)?.name ?? creditorId;
}

function daysPastDue(dueDate: IsoDate, today: IsoDate): number {
  const days = Math.round((Date.parse(today) - Date.parse(dueDate)) / DAY_MS);
  return Math.max(0, days);
}

/** City and state of an address, or the states of the area code. */
function placeOf(addresses: readonly DebtorAddress[], phone: E164): string | null {
  const address = addresses.find(({ city, state }) => city ?? state);
  if (address) return [address.city, address.state].filter(Boolean).join(', ');
  return areaCode(areaCodeOf(phone))?.states.join(', ') ?? null;
}

function addressLine({ street, city, state, postalCode }: DebtorAddress): string {
  return [street, city, state, postalCode && formatPostalCode(postalCode)]
    .filter(Boolean)
    .join(', ');
}

/** Telephones in our format; an e-mail or other text from the creditor as it is. */
function writtenAddress(address: string): string {
  return /^\+55\d{10,11}$/.test(address) ? formatPhone(address as E164) : address;
}
