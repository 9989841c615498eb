import { describe, expect, it } from 'vitest';
import {
  arrangeDispositions,
  neighbor,
  RECENT_MAX,
  withRecent,
} from '../../../src/web/agent/arrange-dispositions.ts';
import { DISPOSITION_VIEWS } from '../fake-data.ts';

const codes = (typed: string, recent: readonly string[] = []) =>
  arrangeDispositions(DISPOSITION_VIEWS, typed, recent, 'pt-BR').map(
    ({ group, dispositions }) => [group, dispositions.map((one) => one.code)] as const,
  );

describe('type-ahead', () => {
  it('finds without accents and without case, beginnings of words first', () => {
    expect(codes('PROMÉ')[0]?.[1]).toEqual(['promise', 'refusal']);
    expect(codes('divida')[0]?.[1]).toEqual(['disputed']);
  });

  it('says that there is nothing with an empty group', () => {
    expect(codes('xyz')).toEqual([['found', []]]);
  });
});

describe('without typing', () => {
  it('keeps the order of the operation within each group', () => {
    const groups = codes('');
    expect(groups.map(([group]) => group)).toEqual([
      'right-party',
      'third-party',
      'nobody',
      'technical',
    ]);
    expect(groups[0]?.[1].slice(0, 3)).toEqual(['promise', 'agreement', 'refusal']);
  });

  it('puts the last used on top, but those with a key are at hand already', () => {
    expect(codes('', ['lawyer', 'promise', 'gone'])[0]).toEqual(['recent', ['lawyer']]);
  });
});

it('keeps the five last used, each once, newest first', () => {
  const used = ['a', 'b', 'c', 'd', 'e', 'f', 'a'].reduce(withRecent, [] as readonly string[]);
  expect(used).toEqual(['a', 'f', 'e', 'd', 'c']);
  expect(used).toHaveLength(RECENT_MAX);
});

it('walks through the whole list with the arrows and stops at its ends', () => {
  const groups = arrangeDispositions(DISPOSITION_VIEWS, '', [], 'en');
  expect(neighbor(groups, undefined, 1)?.code).toBe('promise');
  expect(neighbor(groups, 'promise', -1)?.code).toBe('promise');
  expect(neighbor(groups, 'lawyer', 1)?.code).toBe('third-party');
});
