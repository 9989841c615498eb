import { describe, expect, it } from 'vitest';
import { type Aim, partsOf, tableOf } from '../../scripts/bench/engine.ts';

const QUICKER: Aim = {
  says: 'a day, s',
  figure: 'day',
  aim: '≤ ½ ×',
  isMet: (ours, earlier) => ours('day') <= earlier('day') / 2,
};

const days = (...values: readonly number[]) => values.map((day) => ({ day }));

function lineOf(ours: readonly number[], earlier: readonly number[]): readonly string[] {
  const [, line = ''] = tableOf(
    [QUICKER],
    { ours: days(...ours), earlier: days(...earlier) },
    'abc',
  );
  return line.split(/\s{2,}/);
}

describe('the comparison of two builds', () => {
  it('compares medians, so that one slow round changes nothing', () => {
    expect(lineOf([4, 99, 5], [10, 10, 11])).toEqual([
      'a day, s',
      '5.00',
      '10.00',
      '0.50',
      '≤ ½ ×',
      'met',
    ]);
  });

  it('takes the middle of the two middle rounds where there are as many above as below', () => {
    expect(lineOf([4, 6], [10, 14])).toEqual(['a day, s', '5.00', '12.00', '0.42', '≤ ½ ×', 'met']);
  });

  it('says where an aim is missed', () => {
    expect(lineOf([6], [10]).at(-1)).toBe('missed');
  });

  it('names the earlier build at the head of its figures', () => {
    const [head] = tableOf([], { ours: [], earlier: [] }, '717deee');
    expect(head).toMatch(/this build\s+717deee\s+ratio\s+aim/);
  });

  it('fails where a figure is missing, and does not call the aim missed', () => {
    expect(() => tableOf([QUICKER], { ours: [{}], earlier: days(1) }, 'abc')).toThrow(
      'day was not measured in every round',
    );
  });
});

describe('the parts to measure', () => {
  it('are all where none is named, and those that are named', () => {
    expect(partsOf()).toEqual(['engine', 'day', 'plan']);
    expect(partsOf(['plan', 'day'])).toEqual(['day', 'plan']);
  });

  it('are refused by name where there is no such part', () => {
    expect(() => partsOf(['day', 'soak'])).toThrow('--parts soak: the parts are engine, day, plan');
  });
});
