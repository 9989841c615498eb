/**
 * What a file makes of the stored operation: each entry completed, beside its stored version. Pure.
 */

import { CAMPAIGN_DEFAULTS, type Campaign } from '../domain/campaigns/campaign.ts';
import type { Creditor, Portfolio } from '../domain/debtors/debt.ts';
import { dispositionByCode } from '../domain/dispositions/catalog.ts';
import type { CallerId } from '../domain/trunks/caller-id.ts';
import type { Trunk } from '../domain/trunks/trunk.ts';
import type { LegalEntity } from '../engine/ports/records.ts';
import type { StoreView } from '../engine/ports/store.ts';
import { assert, present } from '../lib/assert.ts';
import { type IdKind, type IdOf, isId } from '../lib/ids.ts';
import { areaCodeOf } from '../lib/phone-number.ts';
import { addDays, type EpochMs, type IsoDate, momentOf, SECOND_MS } from '../lib/time.ts';
import { defined } from '../storage/row.ts';
import type { OperationFile, Problem } from './operation-file.ts';
import { settingsFrom } from './operation-settings.ts';

/** Days in the file are days in Brasília, like those of carriers' contracts. */
export const ZONE = 'America/Sao_Paulo';

const SIP_PORT = 5060;

/** Everything an installation has stored, by id. */
export type Operation = {
  readonly legalEntities: ReadonlyMap<string, LegalEntity>;
  readonly creditors: ReadonlyMap<string, Creditor>;
  readonly portfolios: ReadonlyMap<string, Portfolio>;
  readonly trunks: ReadonlyMap<string, Trunk>;
  readonly callerIds: ReadonlyMap<string, CallerId>;
  readonly campaigns: ReadonlyMap<string, Campaign>;
};

type OfKind<Kind extends string, Value> = {
  readonly kind: Kind;
  readonly path: string;
  readonly before: Value | undefined;
  readonly after: Value;
};

/** One entry of the file. */
export type Item =
  | OfKind<'legal-entity', LegalEntity>
  | OfKind<'creditor', Creditor>
  | OfKind<'portfolio', Portfolio>
  | OfKind<'trunk', Trunk>
  | OfKind<'caller-id', CallerId>
  | OfKind<'campaign', Campaign>;

export type Plan = {
  /** Ordered so that each item comes after those it names. */
  readonly items: readonly Item[];
  /** The operation as it will be. */
  readonly after: Operation;
  readonly problems: readonly Problem[];
  /** Facts the operator may not expect. */
  readonly notes: readonly string[];
};

export type Environment = Readonly<Record<string, string | undefined>>;

type Report = { readonly problems: Problem[]; readonly notes: string[] };

type EntryOf<Section extends keyof OperationFile> = OperationFile[Section][number];

export async function readOperation(view: StoreView): Promise<Operation> {
  return {
    legalEntities: byId(await view.legalEntities()),
    creditors: byId(await view.creditors()),
    portfolios: byId(await view.portfolios()),
    trunks: byId(await view.trunks()),
    callerIds: byId(await view.callerIds()),
    campaigns: byId(await view.campaigns()),
  };
}

export function planOperation(
  file: OperationFile,
  stored: Operation,
  environment: Environment,
): Plan {
  const report: Report = { problems: [], notes: [] };
  const legalEntities = file.legalEntities.map(({ path, value }) => {
    const after: LegalEntity = { ...named(value), id: idOf('entity', value.key) };
    return {
      kind: 'legal-entity' as const,
      path,
      before: stored.legalEntities.get(after.id),
      after,
    };
  });
  const creditors = file.creditors.map(({ path, value }) => {
    const after: Creditor = { ...named(value), id: idOf('creditor', value.key) };
    return { kind: 'creditor' as const, path, before: stored.creditors.get(after.id), after };
  });
  const portfolios = file.portfolios.map((entry) => planPortfolio(entry, stored, report));
  const trunks = file.trunks.map((entry) => planTrunk(entry, stored, environment, report));
  const callerIds = file.callerIds.map((entry) => planCallerId(entry, stored));
  const campaigns = file.campaigns.map((entry) => planCampaign(entry, stored));
  return {
    items: [...legalEntities, ...creditors, ...portfolios, ...trunks, ...callerIds, ...campaigns],
    after: {
      legalEntities: overlaid(stored.legalEntities, legalEntities),
      creditors: overlaid(stored.creditors, creditors),
      portfolios: overlaid(stored.portfolios, portfolios),
      trunks: overlaid(stored.trunks, trunks),
      callerIds: overlaid(stored.callerIds, callerIds),
      campaigns: overlaid(stored.campaigns, campaigns),
    },
    ...report,
  };
}

function planPortfolio(
  { path, value }: EntryOf<'portfolios'>,
  stored: Operation,
  { problems }: Report,
): OfKind<'portfolio', Portfolio> {
  const id = idOf('portfolio', value.key);
  const before = stored.portfolios.get(id);
  const after = { id, name: value.name, creditorId: idOf('creditor', value.creditor) };
  if (before && before.creditorId !== after.creditorId) {
    problems.push({
      path: `${path}.creditor`,
      sentence: `is ${before.creditorId} in the database, and debts hang on it: give the new portfolio another key`,
    });
  }
  return { kind: 'portfolio', path, before, after };
}

/**
 * Never plans a simulated trunk: that flag lets a profile without rules dial, so a word in a file
 * must not set it on a trunk that leads to real telephones.
 */
function planTrunk(
  { path, value }: EntryOf<'trunks'>,
  stored: Operation,
  environment: Environment,
  report: Report,
): OfKind<'trunk', Trunk> {
  const id = idOf('trunk', value.key);
  const before = stored.trunks.get(id);
  if (before?.simulated) {
    report.problems.push({
      path: `${path}.key`,
      sentence: `is the simulated trunk ${id} of the demonstration: choose another key`,
    });
  }
  const authentication = authenticationOf({ path, value }, before, environment, report);
  const registers = value.registers ?? before?.registers ?? false;
  if (registers && value.authentication == null && !authentication) {
    report.problems.push({
      path: `${path}.registers`,
      sentence: 'registering needs an account: add authentication, or set registers to false',
    });
  }
  const after: Trunk = defined({
    id,
    name: value.name,
    carrier: value.carrier,
    legalEntityId: idOf('entity', value.legalEntity),
    simulated: false,
    enabled: value.enabled ?? before?.enabled ?? true,
    host: value.host,
    port: value.port ?? before?.port ?? SIP_PORT,
    matchAddresses: value.matchAddresses ?? before?.matchAddresses ?? [],
    authentication,
    registers,
    numberFormat: value.numberFormat,
    callerIdHeader: value.callerIdHeader,
    fromDomain: kept(value.fromDomain, before?.fromDomain),
    channelsMax: value.channelsMax,
    callsPerSecondMax: value.callsPerSecondMax,
    causeOverrides: value.causeOverrides ?? before?.causeOverrides ?? {},
    readsReason: value.readsReason ?? before?.readsReason ?? true,
  });
  return { kind: 'trunk', path, before, after };
}

function authenticationOf(
  { path, value }: EntryOf<'trunks'>,
  before: Trunk | undefined,
  environment: Environment,
  { problems, notes }: Report,
): Trunk['authentication'] {
  const given = value.authentication;
  if (given === undefined) return before?.authentication;
  if (given === null) return undefined;
  const { username, passwordVariable } = given;
  const password = environment[passwordVariable];
  if (!password && before?.authentication?.username === username) {
    notes.push(`${before.id} keeps its stored password: ${passwordVariable} is not set.`);
    return before.authentication;
  }
  // It must fit one attribute of the PBX's configuration.
  if (password && /^[ -~]{1,200}$/.test(password)) return { username, password };
  problems.push({
    path: `${path}.authentication.passwordVariable`,
    sentence: password
      ? `${passwordVariable} holds letters that SIP passwords cannot have: ASCII only, 200 at most`
      : `set the environment variable ${passwordVariable} to the carrier's password for this command`,
  });
  return undefined;
}

function planCallerId(
  { path, value }: EntryOf<'callerIds'>,
  stored: Operation,
): OfKind<'caller-id', CallerId> {
  const id = idOf('callerid', value.key);
  const before = stored.callerIds.get(id);
  const { number, kind } = value.number;
  const validTo =
    typeof value.validThrough === 'string' ? startOf(addDays(value.validThrough, 1)) : null;
  const after: CallerId = defined({
    id,
    number,
    holderEntityId: idOf('entity', value.holder),
    kind,
    areaCode: kind === 'national' ? undefined : areaCodeOf(number),
    // Sorted, as they are read back.
    trunkIds: [...new Set(value.trunks)].map((one) => idOf('trunk', one)).sort(),
    stationBound: value.stationBound ?? before?.stationBound ?? false,
    validFrom: startOf(value.validFrom),
    validTo: value.validThrough === undefined ? before?.validTo : (validTo ?? undefined),
    status: value.status ?? before?.status ?? 'active',
  });
  return { kind: 'caller-id', path, before, after };
}

/**
 * The console decides whether a campaign runs: a new one is stopped, a known one keeps its state.
 */
function planCampaign(
  { path, value }: EntryOf<'campaigns'>,
  stored: Operation,
): OfKind<'campaign', Campaign> {
  const id = idOf('campaign', value.key);
  const before = stored.campaigns.get(id);
  const base = before ?? CAMPAIGN_DEFAULTS;
  const { wrapUpSeconds, fallbackCallerId, dispositions } = value;
  const fallbackCallerIdId =
    typeof fallbackCallerId === 'string' ? idOf('callerid', fallbackCallerId) : fallbackCallerId;
  const after: Campaign = defined({
    id,
    name: value.name,
    portfolioId: idOf('portfolio', value.portfolio),
    creditorIds: [...new Set(value.creditors)].map((one) => idOf('creditor', one)),
    legalEntityId: idOf('entity', value.legalEntity),
    profileId: value.profile,
    ...settingsFrom(value, base),
    pacing: value.pacing ?? base.pacing,
    retryRules: base.retryRules,
    fallbackCallerIdId: kept(fallbackCallerIdId, before?.fallbackCallerIdId),
    script: value.script ?? base.script,
    wrapUpMs: wrapUpSeconds === undefined ? base.wrapUpMs : wrapUpSeconds * SECOND_MS,
    dispositionIds:
      dispositions?.map((code) => present(dispositionByCode(code), 'the code was checked').id) ??
      base.dispositionIds,
    weight: value.weight ?? base.weight,
  });
  return { kind: 'campaign', path, before, after };
}

// ── What changes ────────────────────────────────────────────────────────────────────────────────

export type Change = { readonly field: string; readonly from: string; readonly to: string };

/** The changes field by field. For a password only that it changed. */
export function changesOf({ before, after }: Item): readonly Change[] {
  if (!before) return [];
  const were = fieldsOf(before);
  const are = fieldsOf(after);
  return [...new Set([...were.keys(), ...are.keys()])].flatMap((field) => {
    const from = were.get(field) ?? '';
    const to = are.get(field) ?? '';
    if (from === to) return [];
    const isSecret = field === 'authentication.password';
    return [
      isSecret ? { field, from: hidden(from), to: hidden(to, 'another') } : { field, from, to },
    ];
  });
}

function hidden(secret: string, word = 'set'): string {
  return secret === '' ? '' : word;
}

function fieldsOf(thing: Item['after']): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (const [field, value] of Object.entries(thing)) {
    if (field === 'authentication') {
      const { username, password } = value as NonNullable<Trunk['authentication']>;
      fields.set('authentication.username', username).set('authentication.password', password);
    } else if (field === 'validFrom' || field === 'validTo') {
      fields.set(field, new Date(value as EpochMs).toISOString());
    } else {
      fields.set(field, typeof value === 'string' ? value : JSON.stringify(sorted(value)));
    }
  }
  return fields;
}

/** The same value with sorted keys, so that equal values have equal texts. */
function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(sorted);
  const entries = Object.entries(value).map(([key, one]) => [key, sorted(one)] as const);
  return Object.fromEntries(entries.sort(([left], [right]) => (left < right ? -1 : 1)));
}

// ── Small things ────────────────────────────────────────────────────────────────────────────────

export function idOf<Kind extends IdKind>(kind: Kind, key: string): IdOf<Kind> {
  const id = `${kind}_${key}`;
  assert(isId(kind, id), 'a key that was read makes an id');
  return id;
}

function named({ name, cnpj }: { readonly name: string; readonly cnpj: string }) {
  return { name, cnpj };
}

/** The stored value when the field was left out; undefined when it is `null`. */
function kept<Value>(given: Value | null | undefined, before: Value | undefined) {
  return given === undefined ? before : (given ?? undefined);
}

function startOf(day: IsoDate): EpochMs {
  return momentOf(day, 0, ZONE);
}

function byId<Thing extends { readonly id: string }>(things: readonly Thing[]) {
  return new Map<string, Thing>(things.map((thing) => [thing.id, thing]));
}

function overlaid<Thing extends { readonly id: string }>(
  stored: ReadonlyMap<string, Thing>,
  items: readonly { readonly after: Thing }[],
): ReadonlyMap<string, Thing> {
  return new Map([...stored, ...items.map(({ after }) => [after.id, after] as const)]);
}
