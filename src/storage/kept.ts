/**
 * Statements that are built once and run with other values each time. Building one costs several
 * times what SQLite needs to run it, and each call asks for the same ones.
 */
import type { Compilable, CompiledQuery, QueryResult } from 'kysely';
import { assert } from '../lib/assert.ts';
import { type Dialect, dialectOf, type ParameterKind } from './dialect.ts';
import type { Database } from './tables.ts';
import { sessionOf } from './transactions.ts';

/** The content of a parameter: the value of a key, or a constant. */
type Place = { readonly key: string } | { readonly constant: unknown };

type Made<Output> = { readonly compiled: CompiledQuery<Output>; readonly places: readonly Place[] };

/**
 * `build` is called once for each dialect and gets a mark in place of each value; it must not look
 * at the values. Every call must bring the same keys. A list may only be used in `isAmong` and
 * similar functions.
 */
export function kept<Values extends object, Output>(
  build: (db: Database, values: Values) => Compilable<Output>,
): (db: Database, values: Values) => Promise<QueryResult<Output>> {
  const made: { [Name in Dialect['name']]?: Made<Output> } = {};
  return (db, values) => {
    const { name, listParameter } = dialectOf(db);
    made[name] ??= prepare(db, build, values);
    const { compiled, places } = made[name];
    const given = values as Record<string, unknown>;
    const parameters = places.map((place) => {
      if ('constant' in place) return place.constant;
      const value = given[place.key];
      assert(value !== undefined, `a kept statement is given its ${place.key}`);
      return Array.isArray(value) ? listParameter(value) : value;
    });
    const query = { ...compiled, parameters };
    return sessionOf(db)?.executeQuery(query) ?? db.executeQuery(query);
  };
}

function prepare<Values extends object, Output>(
  db: Database,
  build: (db: Database, values: Values) => Compilable<Output>,
  values: Values,
): Made<Output> {
  const keys = new Map<symbol, string>();
  const marks: Record<string, symbol> = {};
  for (const key of Object.keys(values)) {
    const mark = Symbol(key);
    keys.set(mark, key);
    marks[key] = mark;
  }
  const compiled = build(db, marks as unknown as Values).compile();
  const places = compiled.parameters.map((parameter): Place => {
    if (typeof parameter !== 'symbol') return { constant: parameter };
    return { key: keys.get(parameter) ?? '' };
  });
  const given = values as Readonly<Record<string, unknown>>;
  const kinds = places.map((place) => kindOf('key' in place ? given[place.key] : place.constant));
  const sql = dialectOf(db).plannedOnce(compiled.sql, kinds);
  return { compiled: { ...compiled, sql }, places };
}

function kindOf(value: unknown): ParameterKind {
  if (typeof value === 'number') return 'number';
  return typeof value === 'string' || Array.isArray(value) ? 'text' : 'other';
}
