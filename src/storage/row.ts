/**
 * Reads rows. The disk is outside: a value that does not fit its column becomes
 * StoreError('corrupt-row') with the table and the row's id, and never a wrong value further in.
 */
import type { ZodType } from 'zod';
import { StoreError } from '../engine/ports/store.ts';
import { KeyRingError } from '../keys/key-ring-error.ts';
import { type IdKind, type IdOf, isId } from '../lib/ids.ts';
import { type Money, money } from '../lib/money.ts';
import { type E164, readE164 } from '../lib/phone-number.ts';
import { type IsoDate, parseIsoDate } from '../lib/time.ts';

/** The members of a union of strings. It is total, so a new member is a compile error here. */
export type Members<Union extends string> = Readonly<Record<Union, true>>;

/** One row of one table, read column by column. */
export class Row {
  readonly #table: string;
  readonly #columns: Readonly<Record<string, unknown>>;
  readonly #idColumn: string;

  constructor(table: string, columns: object, idColumn = 'id') {
    this.#table = table;
    this.#columns = columns as Readonly<Record<string, unknown>>;
    this.#idColumn = idColumn;
  }

  text(column: string): string {
    const value = this.#columns[column];
    if (typeof value !== 'string') throw this.corrupt(column, 'is not text');
    return value;
  }

  integer(column: string): number {
    const value = this.#columns[column];
    if (!Number.isSafeInteger(value)) throw this.corrupt(column, 'is not a whole number');
    return value as number;
  }

  number(column: string): number {
    const value = this.#columns[column];
    if (typeof value !== 'number') throw this.corrupt(column, 'is not a number');
    return value;
  }

  flag(column: string): boolean {
    const value = this.#columns[column];
    if (value !== 0 && value !== 1) throw this.corrupt(column, 'is neither 0 nor 1');
    return value === 1;
  }

  id<Kind extends IdKind>(kind: Kind, column: string): IdOf<Kind> {
    const value = this.text(column);
    if (!isId(kind, value)) throw this.corrupt(column, `is not the id of a ${kind}`);
    return value;
  }

  /** A telephone number that we dial. */
  phone(column: string): E164 {
    const number = readE164(this.text(column));
    if (number === undefined) throw this.corrupt(column, 'is not a telephone number');
    return number;
  }

  money(column: string): Money {
    return money(this.integer(column));
  }

  date(column: string): IsoDate {
    const value = this.text(column);
    const date = parseIsoDate(value);
    if (!date) throw this.corrupt(column, 'is not a day of the calendar');
    return date;
  }

  oneOf<Union extends string>(column: string, members: Members<Union>): Union {
    const value = this.text(column);
    if (!Object.hasOwn(members, value)) throw this.corrupt(column, 'is not a known word');
    return value as Union;
  }

  /**
   * The code of a reason. Rules change their codes while rows stay, so its form is checked and not
   * its membership.
   */
  code<Union extends string>(column: string): Union {
    const value = this.text(column);
    if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(value)) throw this.corrupt(column, 'is not a code');
    return value as Union;
  }

  /** The stored value, checked and not rebuilt: fields that the schema does not name stay. */
  json<Value>(column: string, schema: ZodType<Value>): Value {
    const text = this.text(column);
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      throw this.corrupt(column, 'is not JSON');
    }
    const parsed = schema.safeParse(value);
    if (parsed.success) return value as Value;
    const where = parsed.error.issues[0]?.path.join('.') ?? '';
    throw this.corrupt(column, `holds another shape at "${where}"`);
  }

  /** A sealed text; `text` is absent when its key was erased. */
  sealed(column: string, open: (sealed: string) => string | undefined): { readonly text?: string } {
    try {
      const text = open(this.text(column));
      return text === undefined ? {} : { text };
    } catch (error) {
      if (!(error instanceof KeyRingError)) throw error;
      throw this.corrupt(column, `cannot be opened (${error.code})`);
    }
  }

  /** The result of `read`; undefined when the column is null. */
  maybe<Value>(column: string, read: (row: Row) => Value): Value | undefined {
    return this.#columns[column] === null ? undefined : read(this);
  }

  corrupt(column: string, what: string): StoreError {
    const id = String(this.#columns[this.#idColumn]);
    return new StoreError(
      'corrupt-row',
      `${this.#table} ${id}: ${column} ${what}. Restore a backup, or correct the row.`,
    );
  }
}

type OptionalKeys<T> = { [Key in keyof T]: undefined extends T[Key] ? Key : never }[keyof T];

/** `T`, in which fields that may be undefined may also be absent. */
export type Defined<T> = { [Key in Exclude<keyof T, OptionalKeys<T>>]: T[Key] } & {
  [Key in OptionalKeys<T>]?: Exclude<T[Key], undefined>;
};

/**
 * The same object without the keys whose value is undefined: absent and undefined are different. It
 * is a copy, because an object that lost a key stays slow to read for as long as it lives.
 */
export function defined<T extends object>(value: T): Defined<T> {
  const copy: Partial<T> = {};
  for (const key of Object.keys(value) as (keyof T)[]) {
    if (value[key] !== undefined) copy[key] = value[key];
  }
  return copy as unknown as Defined<T>;
}

export function toFlag(value: boolean): 0 | 1 {
  return value ? 1 : 0;
}

export function grouped<Item, Key>(
  items: readonly Item[],
  keyOf: (item: Item) => Key,
): ReadonlyMap<Key, Item[]> {
  const groups = new Map<Key, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}
