/** Trunks, and the numbers we may show on them. */
import { type ZodType, z } from 'zod';
import type { CallerId } from '../domain/trunks/caller-id.ts';
import type { NumberFormat, Trunk } from '../domain/trunks/trunk.ts';
import type { StoreView } from '../engine/ports/store.ts';
import type { KeyRing } from '../keys/key-ring.ts';
import { keyIdOf, type Place } from '../keys/seal.ts';
import { assert } from '../lib/assert.ts';
import type { TrunkId } from '../lib/ids.ts';
import { type E164, parseOwnNumber } from '../lib/phone-number.ts';
import { OUTCOMES, TEXTS } from './parts.ts';
import { ringOf } from './ring-of.ts';
import { defined, grouped, Row, toFlag } from './row.ts';
import type { CallerIdTable, Database, TrunkTable } from './tables.ts';
import type { StoreWrites } from './writes.ts';

export function trunkReads(
  db: Database,
  keys: KeyRing | undefined,
): Pick<StoreView, 'trunks' | 'callerIds'> {
  return {
    async trunks() {
      const rows = await db.selectFrom('trunk').selectAll().orderBy('id').execute();
      return rows.map((columns) => readTrunk(columns, keys));
    },

    async callerIds() {
      const rows = await db.selectFrom('caller_id').selectAll().orderBy('id').execute();
      const links = await db
        .selectFrom('caller_id_trunk')
        .selectAll()
        .orderBy('caller_id_id')
        .orderBy('trunk_id')
        .execute();
      const trunks = grouped(links, (link) => link.caller_id_id);
      return rows.map((row) =>
        readCallerId(
          row,
          (trunks.get(row.id) ?? []).map((link) =>
            new Row('caller_id_trunk', link, 'caller_id_id').id('trunk', 'trunk_id'),
          ),
        ),
      );
    },
  };
}

export function trunkWrites(
  db: Database,
  keys: KeyRing | undefined,
): Pick<StoreWrites, 'saveTrunk' | 'saveCallerId'> {
  return {
    async saveTrunk(trunk) {
      const { id, ...changing } = trunkColumns(trunk, keys);
      await db
        .insertInto('trunk')
        .values({ id, ...changing })
        .onConflict((conflict) => conflict.column('id').doUpdateSet(changing))
        .execute();
    },

    async saveCallerId(callerId) {
      const { id, ...changing } = callerIdColumns(callerId);
      await db
        .insertInto('caller_id')
        .values({ id, ...changing })
        .onConflict((conflict) => conflict.column('id').doUpdateSet(changing))
        .execute();
      await db.deleteFrom('caller_id_trunk').where('caller_id_id', '=', id).execute();
      for (const trunkId of new Set(callerId.trunkIds)) {
        await db
          .insertInto('caller_id_trunk')
          .values({ caller_id_id: id, trunk_id: trunkId })
          .execute();
      }
    },
  };
}

/** The number of passwords sealed by each key of the ring, by its id. */
export async function passwordKeys(db: Database): Promise<ReadonlyMap<string, number>> {
  const rows = await db
    .selectFrom('trunk')
    .select('authentication_sealed')
    .where('authentication_sealed', 'is not', null)
    .execute();
  const counts = new Map<string, number>();
  for (const { authentication_sealed: sealed } of rows) {
    assert(sealed !== null, 'asked for those that are sealed');
    const id = keyIdOf(sealed);
    counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  return counts;
}

/** Seals passwords that are in clear or sealed with an older key; returns how many. */
export async function sealPasswords(db: Database, keys: KeyRing, limit: number): Promise<number> {
  const rows = await db.selectFrom('trunk').selectAll().orderBy('id').execute();
  const outdated = rows
    .filter(
      ({ authentication_password: clear, authentication_sealed: sealed }) =>
        clear !== null || (sealed !== null && keyIdOf(sealed) !== keys.currentId),
    )
    .slice(0, limit);
  for (const columns of outdated) {
    const { id, authentication } = readTrunk(columns, keys);
    await db
      .updateTable('trunk')
      .set(passwordColumns(id, authentication?.password, keys))
      .where('id', '=', id)
      .execute();
  }
  return outdated.length;
}

function passwordColumns(
  id: string,
  password: string | undefined,
  keys: KeyRing | undefined,
): Pick<TrunkTable, 'authentication_password' | 'authentication_sealed'> {
  const sealed =
    password === undefined
      ? null
      : ringOf(keys).seal(Buffer.from(password, 'utf8'), passwordPlace(id));
  return { authentication_password: null, authentication_sealed: sealed };
}

function readPassword(row: Row, keys: KeyRing | undefined): string {
  const sealed = row.maybe('authentication_sealed', (it) => it.text('authentication_sealed'));
  if (sealed === undefined) return row.text('authentication_password');
  return ringOf(keys)
    .unseal(sealed, passwordPlace(row.text('id')))
    .toString('utf8');
}

function passwordPlace(rowId: string): Place {
  return { table: 'trunk', column: 'authentication_sealed', rowId };
}

function trunkColumns(trunk: Trunk, keys: KeyRing | undefined): TrunkTable {
  return {
    id: trunk.id,
    name: trunk.name,
    carrier: trunk.carrier,
    legal_entity_id: trunk.legalEntityId,
    simulated: toFlag(trunk.simulated),
    enabled: toFlag(trunk.enabled),
    host: trunk.host,
    port: trunk.port,
    match_addresses: JSON.stringify(trunk.matchAddresses),
    authentication_username: trunk.authentication?.username ?? null,
    ...passwordColumns(trunk.id, trunk.authentication?.password, keys),
    registers: toFlag(trunk.registers),
    number_format: JSON.stringify(trunk.numberFormat),
    caller_id_header: trunk.callerIdHeader,
    from_domain: trunk.fromDomain ?? null,
    channels_max: trunk.channelsMax,
    calls_per_second_max: trunk.callsPerSecondMax,
    cause_overrides: JSON.stringify(trunk.causeOverrides),
    reads_reason: toFlag(trunk.readsReason),
  };
}

const NUMBER_FORMAT: ZodType<NumberFormat> = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('e164') }),
  z.object({ kind: z.literal('international-digits') }),
  z.object({ kind: z.literal('national') }),
  z.object({ kind: z.literal('zero-carrier'), carrierCode: z.string() }),
]);

function readTrunk(columns: object, keys: KeyRing | undefined): Trunk {
  const row = new Row('trunk', columns);
  const username = row.maybe('authentication_username', (it) => it.text('authentication_username'));
  return defined({
    id: row.id('trunk', 'id'),
    name: row.text('name'),
    carrier: row.text('carrier'),
    legalEntityId: row.id('entity', 'legal_entity_id'),
    simulated: row.flag('simulated'),
    enabled: row.flag('enabled'),
    host: row.text('host'),
    port: row.integer('port'),
    matchAddresses: row.json('match_addresses', TEXTS),
    authentication:
      username === undefined ? undefined : { username, password: readPassword(row, keys) },
    registers: row.flag('registers'),
    numberFormat: row.json('number_format', NUMBER_FORMAT),
    callerIdHeader: row.oneOf<Trunk['callerIdHeader']>('caller_id_header', {
      from: true,
      'p-asserted-identity': true,
      both: true,
    }),
    fromDomain: row.maybe('from_domain', (it) => it.text('from_domain')),
    channelsMax: row.integer('channels_max'),
    callsPerSecondMax: row.number('calls_per_second_max'),
    causeOverrides: row.json('cause_overrides', z.record(z.string(), OUTCOMES)),
    readsReason: row.flag('reads_reason'),
  });
}

function callerIdColumns(callerId: CallerId): CallerIdTable {
  return {
    id: callerId.id,
    number: callerId.number,
    holder_entity_id: callerId.holderEntityId,
    kind: callerId.kind,
    area_code: callerId.areaCode ?? null,
    station_bound: toFlag(callerId.stationBound),
    valid_from: callerId.validFrom,
    valid_to: callerId.validTo ?? null,
    status: callerId.status,
  };
}

function readCallerId(columns: object, trunkIds: readonly TrunkId[]): CallerId {
  const row = new Row('caller_id', columns);
  return defined({
    id: row.id('callerid', 'id'),
    number: ownNumber(row),
    holderEntityId: row.id('entity', 'holder_entity_id'),
    kind: row.oneOf<CallerId['kind']>('kind', { fixed: true, mobile: true, national: true }),
    areaCode: row.maybe('area_code', (it) => it.text('area_code')),
    trunkIds,
    stationBound: row.flag('station_bound'),
    validFrom: row.integer('valid_from'),
    validTo: row.maybe('valid_to', (it) => it.integer('valid_to')),
    status: row.oneOf<CallerId['status']>('status', {
      active: true,
      suspended: true,
      retired: true,
    }),
  });
}

function ownNumber(row: Row): E164 {
  const text = row.text('number');
  const parsed = parseOwnNumber(text);
  if (!parsed.ok || parsed.number !== text) throw row.corrupt('number', 'is not a number of ours');
  return parsed.number;
}
