import { describe, expect, it } from 'vitest';
import { insertSorted } from '../../src/lib/sorted.ts';

describe('a list kept in order', () => {
  it('takes each item where its key belongs, and behind equal ones', () => {
    const list: { key: number; name: string }[] = [];
    for (const [key, name] of [
      [3, 'c'],
      [1, 'a'],
      [2, 'b'],
      [3, 'd'],
      [1, 'aa'],
    ] as const) {
      insertSorted(list, { key, name }, (item) => item.key);
    }
    expect(list.map(({ name }) => name)).toEqual(['a', 'aa', 'b', 'c', 'd']);
  });
});
