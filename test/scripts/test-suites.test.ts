import { describe, expect, it } from 'vitest';
import { filesOfTree, REAL, suitesOf } from '../../scripts/test-suites.ts';

const NEAR = ['test/lib/money.test.ts', 'test/web/screen.test.tsx'];

describe('the suites of tests', () => {
  it('run a test of an unlisted folder as a quick one', () => {
    const { quick, real, problems } = suitesOf(
      [...NEAR, 'test/newest/deep/one.test.ts'],
      ['test/web'],
    );
    expect(quick).toEqual(['test/lib/money.test.ts', 'test/newest/deep/one.test.ts']);
    expect(real).toEqual(['test/web/screen.test.tsx']);
    expect(problems).toEqual([]);
  });

  it('take a folder of the real suite by its whole name, and a single file by its path', () => {
    const files = ['test/website/a.test.ts', 'test/http/b.test.ts', 'test/http/c.test.ts'];
    const { quick, problems } = suitesOf([...NEAR, ...files], ['test/web', 'test/http/b.test.ts']);
    expect(quick).toEqual([NEAR[0], files[0], files[2]]);
    expect(problems).toEqual([]);
  });

  it.each([
    'src/lib/money.test.ts',
    'scripts/start.spec.ts',
    'test/lib/money.spec.ts',
    'test/lib/money.test.mts',
    'config/rules.test.mjs',
  ])('have no place for %s, and say so', (stray) => {
    const { quick, real, problems } = suitesOf([...NEAR, stray], ['test/web']);
    expect([...quick, ...real]).not.toContain(stray);
    expect(problems).toEqual([expect.stringContaining(stray)]);
  });

  it('fail when a list names what is not there, or nothing is quick', () => {
    const { problems } = suitesOf(NEAR, ['test', 'test/gone', 'test/web/gone.test.ts']);
    expect(problems).toHaveLength(3);
    expect(problems.join('; ')).toMatch(/test\/gone is listed.*gone\.test\.ts is listed/);
    expect(suitesOf([], []).problems).toHaveLength(1);
  });

  it('hold every test of this repository, once', () => {
    const files = filesOfTree();
    const { quick, real, problems } = suitesOf(files);
    expect(problems).toEqual([]);
    expect(quick).toContain('test/scripts/test-suites.test.ts');
    expect(quick).toContain('test/log.test.ts');
    expect(new Set([...quick, ...real]).size).toBe(quick.length + real.length);
    expect(files.filter((file) => file.includes('node_modules'))).toEqual([]);
    expect(REAL.every((path) => real.some((file) => file.startsWith(path)))).toBe(true);
  });
});
