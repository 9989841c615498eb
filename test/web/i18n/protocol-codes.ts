import type { z } from 'zod';
import * as admin from '../../../src/protocol/admin.ts';
import * as agent from '../../../src/protocol/agent.ts';
import * as common from '../../../src/protocol/common.ts';
import * as session from '../../../src/protocol/session.ts';
import * as supervisor from '../../../src/protocol/supervisor.ts';
import * as whatIf from '../../../src/protocol/what-if.ts';

export type ProtocolCodes = {
  /** Each closed set of codes, joined by `|`, and where it was met first. */
  readonly sets: ReadonlyMap<string, string>;
  /** Places where the server sends a code that the schema leaves open. */
  readonly open: readonly string[];
};

/** A text in a field of one of these names is a code, or somebody's free text. */
const CODE_FIELDS =
  /^(code|reason|because|kind|status|state|source|origin|outcome|hungUpBy|disposition|subject|change|result|cause|by|refusal|warnings|problems|mistakes|pauseMaxMs|\w+Asked|\w+Because)$/;

/** The parts of a schema's definition that are walked. */
type Def = {
  readonly type: string;
  readonly shape?: Readonly<Record<string, z.ZodType>>;
  readonly element?: z.ZodType;
  readonly entries?: Readonly<Record<string, string>>;
  readonly values?: readonly unknown[];
  readonly options?: readonly z.ZodType[];
  readonly discriminator?: string;
  readonly innerType?: z.ZodType;
  readonly keyType?: z.ZodType;
  readonly valueType?: z.ZodType;
  readonly in?: z.ZodType;
};

/** Walks every schema that the modules of the protocol export. */
export function protocolCodes(): ProtocolCodes {
  const seen = new Set<z.ZodType>();
  const sets = new Map<string, string>();
  const open: string[] = [];

  const found = (codes: readonly unknown[], path: string) => {
    const joined = codes.join('|');
    if (!sets.has(joined)) sets.set(joined, path);
  };

  const choices = ({ options = [], discriminator }: Def, path: string, field: string) => {
    const kinds = options.map((one) => {
      const tag = discriminator === undefined ? undefined : defOf(one)?.shape?.[discriminator];
      return tag && defOf(tag)?.values?.[0];
    });
    const isTagged = kinds.every((kind) => typeof kind === 'string');
    if (isTagged) found(kinds, `${path}.${discriminator}`);
    options.forEach((one, index) => {
      walk(one, kinds[index] === undefined ? path : `${path}(${kinds[index]})`, field);
    });
  };

  const walk = (schema: z.ZodType | undefined, path: string, field: string): void => {
    const def = schema && defOf(schema);
    if (!schema || !def) return;
    if (def.type === 'string' && CODE_FIELDS.test(field)) open.push(path);
    if (def.type === 'string' || seen.has(schema)) return;
    seen.add(schema);
    if (def.entries) found(Object.values(def.entries), path);
    for (const [name, inner] of Object.entries(def.shape ?? {}))
      walk(inner, `${path}.${name}`, name);
    if (def.options) choices(def, path, field);
    walk(def.element, `${path}[]`, field);
    walk(def.keyType, `${path}{key}`, field);
    walk(def.valueType, `${path}{}`, field);
    for (const inner of [def.innerType, def.in]) walk(inner, path, field);
  };

  for (const module of [common, admin, session, supervisor, agent, whatIf]) {
    for (const [name, exported] of Object.entries(module).sort()) {
      if (typeof exported === 'object') walk(exported as z.ZodType, name, name);
    }
  }
  return { sets, open };
}

function defOf(schema: z.ZodType): Def | undefined {
  return (schema as { _zod?: { def: unknown } })._zod?.def as Def | undefined;
}
