/**
 * Statements that are built once and run with other values each time. Building one costs several
 * times what SQLite needs to run it, and what is written with every signal is always the same.
 */
import { type Compilable, CompiledQuery, type QueryResult } from 'kysely';
import { assert } from '../lib/assert.ts';
import type { Database } from './tables.ts';

/** What goes where a parameter stands: the value of a key, or always the same. */
type Place = { readonly key: string } | { readonly constant: unknown };

/**
 * `build` is called once, with a mark in the place of each value; it must not look at them. Every
 * call must bring the same keys.
 */
export function kept<Values extends object>(
  db: Database,
  build: (values: Values) => Compilable,
): (values: Values) => Promise<QueryResult<unknown>> {
  let made: { readonly sql: string; readonly places: readonly Place[] } | undefined;
  return (values) => {
    made ??= prepare(build, values);
    const given = values as Record<string, unknown>;
    const parameters = made.places.map((place) => {
      if ('constant' in place) return place.constant;
      const value = given[place.key];
      assert(value !== undefined, `a kept statement is given its ${place.key}`);
      return value;
    });
    return db.executeQuery(CompiledQuery.raw(made.sql, parameters));
  };
}

function prepare<Values extends object>(
  build: (values: Values) => Compilable,
  values: Values,
): { readonly sql: string; readonly places: readonly Place[] } {
  const keys = new Map<symbol, string>();
  const marks: Record<string, symbol> = {};
  for (const key of Object.keys(values)) {
    const mark = Symbol(key);
    keys.set(mark, key);
    marks[key] = mark;
  }
  const { sql, parameters } = build(marks as unknown as Values).compile();
  const places = parameters.map((parameter): Place => {
    if (typeof parameter !== 'symbol') return { constant: parameter };
    return { key: keys.get(parameter) ?? '' };
  });
  return { sql, places };
}
