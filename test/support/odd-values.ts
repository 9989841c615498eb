/**
 * Values to send: valid ones generated from the schemas, and odd ones derived from those. Values
 * are JSON with two exceptions: marks `@name@` in texts are replaced by something of the world when
 * sent, and some numbers are written in a form that JavaScript would not use.
 */
import fc from 'fast-check';
import { z } from 'zod';

export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [name: string]: Json };

type Schema = {
  readonly type?: string | readonly string[];
  readonly const?: Json;
  readonly enum?: readonly Json[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly propertyNames?: Schema;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
};

/** Texts that a schema does not describe, by the field's name. */
export type Vocabulary = Readonly<Record<string, fc.Arbitrary<Json>>>;

/** Marks a text that is written into the JSON unquoted, such as `1e999`. */
export const asWritten = (text: string): string => `@@${text}@@`;

/** Values that the schema accepts. */
export function rightValues(schema: z.ZodType, words: Vocabulary): fc.Arbitrary<Json> {
  const json = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return valuesOf(json as Schema, words);
}

function valuesOf(schema: Schema, words: Vocabulary, name = ''): fc.Arbitrary<Json> {
  const known = Object.hasOwn(words, name) ? words[name] : undefined;
  if (known) return known;
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  const alternatives = schema.anyOf ?? schema.oneOf ?? schema.allOf;
  if (alternatives) return fc.oneof(...alternatives.map((one) => valuesOf(one, words, name)));
  if (Array.isArray(schema.type)) {
    return fc.oneof(...schema.type.map((type) => valuesOf({ ...schema, type }, words, name)));
  }
  switch (schema.type) {
    case 'object':
      return objectsOf(schema, words);
    case 'array':
      return fc.array(valuesOf(schema.items ?? {}, words, name), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.min(schema.maxItems ?? 3, 3),
      });
    case 'string':
      return textsOf(schema);
    case 'integer':
    case 'number':
      return numbersOf(schema);
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    default:
      return fc.constantFrom<Json>('qualquer coisa', 7, null);
  }
}

function objectsOf(schema: Schema, words: Vocabulary): fc.Arbitrary<Json> {
  const { properties = {}, required = [], propertyNames, additionalProperties } = schema;
  if (propertyNames?.enum && typeof additionalProperties === 'object') {
    const keys = propertyNames.enum.map(String);
    return recordsOf(
      Object.fromEntries(keys.map((key) => [key, valuesOf(additionalProperties, words, key)])),
      [],
    );
  }
  const fields = Object.entries(properties).map(([key, one]) => [key, valuesOf(one, words, key)]);
  return recordsOf(Object.fromEntries(fields), required);
}

function recordsOf(
  fields: Readonly<Record<string, fc.Arbitrary<Json>>>,
  required: readonly string[],
): fc.Arbitrary<Json> {
  return fc.record(fields, { requiredKeys: [...required] }) as fc.Arbitrary<Json>;
}

function textsOf({ pattern, minLength = 0, maxLength = 40 }: Schema): fc.Arbitrary<string> {
  if (pattern !== undefined) return fc.stringMatching(new RegExp(pattern));
  const words = 'Maria disse que paga na sexta-feira, depois do almoço.'.repeat(2);
  return fc
    .integer({ min: Math.max(minLength, 2), max: Math.min(maxLength, 60) })
    .map((length) => words.slice(0, length).trim().padEnd(length, 'x'));
}

function numbersOf(schema: Schema): fc.Arbitrary<Json> {
  const { minimum = 0, maximum = 1_000_000, exclusiveMinimum } = schema;
  const min = exclusiveMinimum === undefined ? minimum : Math.max(minimum, exclusiveMinimum + 1);
  if (schema.type === 'number') return fc.double({ min, max: maximum, noNaN: true });
  const whole = fc.integer({ min: Math.max(min, -1_000_000), max: maximum });
  // Only moments have so high a bound.
  if (maximum < 1_000_000_000_000 || maximum === Number.MAX_SAFE_INTEGER) return whole;
  return fc.oneof(
    whole,
    fc.integer({ min: 1, max: 6_000 }).map((m) => asWritten(`now+${m}`)),
  );
}

// ── odd ones ────────────────────────────────────────────────────────────────────────────────────

const DATES = [
  ...['2026-02-30', '2026-13-01', '2026-00-10', '2026-11-31', '0000-01-01', '0000-00-00'],
  ...['9999-12-31', '9999-99-99', '10000-01-01', '+275760-09-13', '-000001-01-01', '2026-1-1'],
  ...['30/02/2026', '2026-11-24T10:00:00Z', '1899-12-31', '2026-11-25', '2026-11-24', '24/11/26'],
];
const NUMBERS = [
  ...['0', '-0', '-1', '0.1', '-0.5', '1.0000000000000002', '1e308', '-1e308', '1e999', '-1e999'],
  ...['5e-324', '9007199254740991', '-9007199254740991', '9007199254740993', '2147483648'],
  ...['4294967296', '9223372036854775807', '9223372036854775808', '8640000000000000'],
  ...['8640000000000001', '253402300799999', '253402300800000', '1e21', '999999999999', '1E0'],
].map(asWritten);
const TEXTS = [
  ...['', ' ', '\t', '\u0000', 'a\u0000b', '\ud800', 'a\udc00b', '\udfff\ud800', '\u001b[2J\u0007'],
  ...['\r\nx: y', '\u202e\u200b\ufeff', '😀'.repeat(40), 'é'.repeat(130), 'x'.repeat(65)],
  ...[
    'x'.repeat(2_001),
    'x'.repeat(8_000),
    '\u0000'.repeat(100),
    '\ud800'.repeat(100),
    '9'.repeat(400),
  ],
  ...['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'prototype', 'valueOf', 'length'],
  ...['NaN', 'Infinity', 'null', 'undefined', '[object Object]', '%00', '%', "' or 1=1 --", '=1+1'],
  ...['{nome}', '{{x}}', '../../etc/passwd', '-', '.', ';', '"', '\\', 'call_', 'call_x', 'user_'],
  ...[
    'campaign_',
    'user_agent2',
    'user_nobody',
    'campaign_nothing',
    'block_1',
    '@call@',
    '@ended@',
  ],
  ...['promise', 'callback', 'machine', 'third-party', 'deceased', 'do-not-call', 'available'],
];
const nested = (depth: number, around: (inner: Json) => Json): Json => {
  let inner: Json = 1;
  for (let level = 0; level < depth; level += 1) inner = around(inner);
  return inner;
};
/** An object with an own field, even `__proto__`, as JSON has it. */
const owning = (name: string, value: Json): Json =>
  JSON.parse(`{"${name}":${JSON.stringify(value)}}`);
const SHAPES: readonly Json[] = [
  ...[null, true, false, [], {}, [[]], [null], [{}], [1, 2, 3], { a: 1 }, { length: 1e9 }],
  ...[{ toJSON: 1 }, { toString: null }, { valueOf: {} }, { $numberLong: '1' }],
  owning('__proto__', { kind: 'sign-out', enabled: true }),
  owning('__proto__', null),
  owning('then', 1),
  owning('constructor', { prototype: { ok: true } }),
  nested(20, (inner) => [inner]),
  nested(28, (inner) => ({ a: inner })),
  nested(300, (inner) => [inner]),
  nested(2_000, (inner) => [inner]),
  Array.from({ length: 500 }, (_, index) => index),
];

export const oddTexts: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...TEXTS),
  fc.constantFrom(...DATES),
  fc.string({ unit: 'binary', maxLength: 30 }),
  // Texts with unpaired surrogates.
  fc
    .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 12 })
    .map((codes) => String.fromCharCode(...codes)),
);

const oddValues: fc.Arbitrary<Json> = fc.oneof(
  oddTexts,
  fc.constantFrom(...NUMBERS),
  fc.constantFrom(...DATES),
  fc.constantFrom(...SHAPES),
  fc.double().map((one) => (Number.isFinite(one) ? one : null)),
  fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json>,
);

const NAMES = [
  '__proto__',
  'constructor',
  'toString',
  'kind',
  'agentId',
  'byUserId',
  'id',
  'x',
  '',
];

type Change = {
  /** `twist`: another value of the same type, which the schema may accept. */
  readonly what: 'twist' | 'replace' | 'remove' | 'add' | 'wrap';
  readonly place: number;
  readonly name: string;
  readonly value: Json;
  readonly text: string;
  readonly number: Json;
};

const changes: fc.Arbitrary<Change> = fc.record({
  what: fc.constantFrom('twist', 'twist', 'twist', 'replace', 'replace', 'remove', 'add', 'wrap'),
  place: fc.nat({ max: 40 }),
  name: fc.constantFrom(...NAMES),
  value: oddValues,
  text: oddTexts,
  number: fc.constantFrom<Json>(...NUMBERS),
});

/** Valid values with up to three changes, mostly one. */
export function changed(right: fc.Arbitrary<Json>): fc.Arbitrary<Json> {
  const howMany = fc.oneof(
    { arbitrary: fc.array(changes, { minLength: 1, maxLength: 1 }), weight: 5 },
    { arbitrary: fc.array(changes, { minLength: 2, maxLength: 3 }), weight: 2 },
    { arbitrary: fc.constant([]), weight: 1 },
  );
  return fc.tuple(right, howMany).map(([value, some]) => some.reduce(apply, value));
}

function apply(value: Json, change: Change): Json {
  const places = placesOf(value);
  return changeAt(value, places[change.place % places.length] ?? [], change);
}

type Place = readonly (string | number)[];

function placesOf(value: Json, here: Place = []): Place[] {
  if (typeof value !== 'object' || value === null || here.length > 6) return [here];
  const inside = Object.entries(value)
    .slice(0, 20)
    .flatMap(([key, one]) => placesOf(one, [...here, key]));
  return [here, ...inside];
}

function changeAt(value: Json, [first, ...rest]: Place, change: Change): Json {
  if (first === undefined) return changeOne(value, change);
  const isLast = rest.length === 0;
  if (Array.isArray(value)) {
    const inside = value.map((one, index) =>
      String(index) === first ? changeAt(one, rest, change) : one,
    );
    return isLast && change.what === 'remove'
      ? inside.filter((_, index) => String(index) !== first)
      : inside;
  }
  const entries = Object.entries(value as Record<string, Json>);
  const kept =
    isLast && change.what === 'remove' ? entries.filter(([key]) => key !== first) : entries;
  return fromEntries(
    kept.map(([key, one]) => [key, key === first ? changeAt(one, rest, change) : one]),
  );
}

function changeOne(value: Json, { what, name, value: odd, text, number }: Change): Json {
  switch (what) {
    case 'twist':
      if (typeof value === 'boolean') return !value;
      if (typeof value === 'number') return number;
      return typeof value === 'string' ? text : odd;
    case 'replace':
      return odd;
    case 'wrap':
      return [value];
    case 'add':
      if (Array.isArray(value)) return [...value, odd];
      if (typeof value === 'object' && value !== null) {
        return fromEntries([...Object.entries(value), [name, odd]]);
      }
      return fromEntries([[name, odd]]);
    default:
      return value;
  }
}

/** An object with every name as an own field, even `__proto__`. */
function fromEntries(entries: readonly (readonly [string, Json])[]): Json {
  const made = {};
  for (const [name, value] of entries) {
    Object.defineProperty(made, name, {
      value,
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return made;
}

/** The value as sent, with its marks replaced. */
export function written(value: Json, marks: (name: string) => string): string {
  return JSON.stringify(value)
    .replace(/"@@now\+(\d+)@@"/g, (_, minutes) =>
      String(Number(marks('now')) + Number(minutes) * 60_000),
    )
    .replace(/"@@([^"@]+)@@"/g, '$1')
    .replace(/@([a-z]+(?:-[a-z]+)*)@/g, (_, name) => JSON.stringify(marks(name)).slice(1, -1));
}
