import { describe, expect, it } from 'vitest';
import { readSources, unusedExports } from '../../scripts/unused-exports.ts';

function unusedOf(files: Readonly<Record<string, string>>): readonly string[] {
  return unusedExports(new Map(Object.entries(files))).map(({ file, name }) => `${file} ${name}`);
}

const RULE = 'export const RULE = 1;\nexport type Rule = 1;\nexport function rule(): void {}\n';

describe('what a module of src exports', () => {
  it('is reported when no module uses it: values, functions and types', () => {
    expect(unusedOf({ 'src/a.ts': RULE })).toEqual([
      'src/a.ts RULE',
      'src/a.ts Rule',
      'src/a.ts rule',
    ]);
  });

  it.each([
    ['another module', 'src/b/c.ts', "import { RULE, type Rule, rule as r } from '../a.ts';"],
    ['a script', 'scripts/c.ts', "import { RULE, type Rule, rule } from '../src/a.ts';"],
    ['a module that hands it on', 'src/b.tsx', "export { RULE, Rule, rule } from './a.ts';"],
    ['a module that takes all of it', 'src/b.ts', "import * as a from './a.ts';\na.rule();"],
    ['a module that loads it later', 'src/b.ts', "const later = () => import('./a.ts');"],
    ['a type that is asked for in place', 'src/b.ts', "let a: import('./a.ts').Rule;"],
  ])('is in use where it is taken by %s', (_by, file, text) => {
    expect(unusedOf({ 'src/a.ts': RULE, [file]: text })).not.toContainEqual(
      expect.stringContaining('src/a.ts'),
    );
  });

  it('is in use when its own module calls it', () => {
    expect(unusedOf({ 'src/a.ts': `${RULE}rule();\nlet one: Rule = RULE;` })).toEqual([]);
  });

  it('is not in use because another module has something of the same name', () => {
    const files = {
      'src/a.ts': RULE,
      'src/b.ts': RULE,
      'src/c.ts': "import { rule } from './b.ts';",
    };
    expect(unusedOf(files)).toContain('src/a.ts rule');
    expect(unusedOf(files)).not.toContain('src/b.ts rule');
  });

  it('is read from this repository: hundreds of modules, and no test', () => {
    const files = [...readSources().keys()];
    expect(files.length).toBeGreaterThan(400);
    expect(files.filter((file) => file.startsWith('test/'))).toEqual([]);
  });
});
