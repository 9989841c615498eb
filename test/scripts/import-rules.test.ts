/** The map's table of folders, the import rules and the folders themselves say the same. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = new URL('../..', import.meta.url).pathname;
const SRC = join(ROOT, 'src');
const { default: rules } = (await import(join(ROOT, 'config/import-rules.mjs'))) as {
  default: { forbidden: { name: string; comment: string }[] };
};

const folders = (path: string) =>
  readdirSync(path, { withFileTypes: true }).flatMap((one) => (one.isDirectory() ? one.name : []));
const ruleOf = (name: string) => rules.forbidden.find((one) => one.name === `${name}-imports`);
/** Named in a rule's sentence: `src/jobs may import itself, engine/ports, domain.` */
const allowedBy = (name: string) =>
  (ruleOf(name)?.comment.split('may import ')[1] ?? '').replace('.', '').split(', ').slice(1);

const table = readFileSync(join(SRC, 'README.md'), 'utf8');
const rows = new Map(
  [...table.matchAll(/^\| (`[^|]+`) \| [^|]+ \| ([^|]+) \|$/gm)].flatMap(
    ([, names = '', may = '']) =>
      [...names.matchAll(/`([^`]+)`/g)].map(([, name = '']) => [name, may] as const),
  ),
);

describe('the folders of src', () => {
  it.each(folders(SRC))('%s has its rule, and its row in the map', (name) => {
    expect(ruleOf(name)).toMatchObject({ name: `${name}-imports` });
    expect(rows.get(name)).toEqual(expect.any(String));
  });

  it.each(folders(SRC))('%s may import what the map says it may', (name) => {
    const said = rows.get(name) ?? '';
    const missing = allowedBy(name)
      .map((one) => one.split('/')[0] ?? one)
      .filter((one) => folders(SRC).includes(one) && one !== 'engine' && one !== 'http')
      .filter((one) => !said.includes(`\`${one}`) && !said.includes(one));
    expect(missing).toEqual([]);
  });

  it('are all that rules and map speak of', () => {
    const known = new Set(folders(SRC));
    const ruled = rules.forbidden
      .flatMap(({ name }) => /^([a-z-]+)-imports$/.exec(name)?.[1] ?? [])
      .filter((name) => !name.startsWith('domain-'));
    expect(ruled.filter((name) => !known.has(name))).toEqual([]);
    expect(ruled.sort()).toEqual([...known].sort());
  });
});

describe('the ladder of the domain', () => {
  const ladder =
    (/ladder, from the top: (.+?); each/.exec(table)?.[1] ?? '').match(/[a-z]+/g) ?? [];

  it('stands in the map in the order of the rules', () => {
    expect([...ladder].sort()).toEqual(folders(join(SRC, 'domain')).sort());
    for (const [place, name] of ladder.entries()) {
      expect(allowedBy(`domain-${name}`)).toEqual(ladder.slice(place + 1));
    }
  });
});
