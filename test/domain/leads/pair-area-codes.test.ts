import { describe, expect, it } from 'vitest';
import type { ColumnMeaning } from '../../../src/domain/leads/column-evidence.ts';
import { seededRandom } from '../../../src/lib/random.ts';
import { whole } from '../../support/walks.ts';
import { ANA, fileOf, phonesOf, planOf, questionOf } from './builders.ts';

/** The pairs of a file as `fone ddd`; a phone without a column for its area code stands alone. */
function pairsOf(
  header: string,
  line: string,
  given: Readonly<Record<string, ColumnMeaning>> = {},
) {
  return planOf(fileOf(header, line), given)
    .columns.filter((column) => column.field === 'phone')
    .map(({ header, areaCodeHeader }) => (areaCodeHeader ? `${header} ${areaCodeHeader}` : header));
}

const WHOLE = '11987654811';
const BARE = '987654811';

describe('a phone and its area code are found by their names', () => {
  it.each<[string, string, string, readonly string[]]>([
    ['the only phone', 'ddd;nome;fone', `11;Ana;${BARE}`, ['fone ddd']],
    ['the only phone, of any kind', 'ddd;nome;celular', `11;Ana;${BARE}`, ['celular ddd']],
    [
      'the kind of each',
      'ddd_res;ddd_comercial;ddd_cel;celular;fone comercial;fone residencial',
      `11;21;31;${BARE};34567811;34567812`,
      ['celular ddd_cel', 'fone comercial ddd_comercial', 'fone residencial ddd_res'],
    ],
    [
      'the number of each',
      'ddd1;ddd2;nome;fone2;fone1',
      `11;21;Ana;${BARE};${BARE}`,
      ['fone2 ddd2', 'fone1 ddd1'],
    ],
    [
      'kind and number together',
      'ddd_cel1;ddd_cel2;ddd_fone1;cel2;cel1;fone1',
      `11;21;31;${BARE};${BARE};34567811`,
      ['cel2 ddd_cel2', 'cel1 ddd_cel1', 'fone1 ddd_fone1'],
    ],
    [
      'the number though it is written with a nought',
      'ddd01;ddd02;fone1;fone2',
      `11;21;${BARE};${BARE}`,
      ['fone1 ddd01', 'fone2 ddd02'],
    ],
  ])('by %s', (_name, header, line, pairs) => {
    expect(pairsOf(header, line)).toEqual(pairs);
  });

  it('but not by a number that two phones have, and not by none', () => {
    const two = fileOf('ddd1;nome;fone1;cel1', `11;Ana;${BARE};${BARE}`);
    expect(questionOf(two)).toEqual(['columns-area-code', 'ddd1', 'fone1', 'cel1']);
    const none = fileOf('ddd3;nome;fone1;fone2', `11;Ana;${BARE};${BARE}`);
    expect(questionOf(none)).toEqual(['columns-area-code', 'ddd3', 'fone1', 'fone2']);
  });

  it('and the first of two area codes for one phone counts', () => {
    expect(pairsOf('ddd;x;ddd fone;y;fone', `11;;21;;${BARE}`)).toEqual(['fone ddd']);
  });
});

describe('a phone and its area code are found by their places', () => {
  it.each<[string, string, readonly string[]]>([
    [
      'each before its phone',
      'ddd;fone;ddd 2;cel;ddd 3;zap',
      ['fone ddd', 'cel ddd 2', 'zap ddd 3'],
    ],
    [
      'each after its phone',
      'fone;ddd;cel;ddd 2;zap;ddd 3',
      ['fone ddd', 'cel ddd 2', 'zap ddd 3'],
    ],
  ])('%s', (_name, header, pairs) => {
    const line = header.split(';').map((name) => (name.startsWith('ddd') ? '11' : BARE));
    expect(pairsOf(header, line.join(';'))).toEqual(pairs);
  });

  it('not across another column, where there is more than one phone', () => {
    const rows = fileOf('ddd;nome;fone;cel', `11;Ana;${BARE};${BARE}`);
    expect(questionOf(rows)).toEqual(['columns-area-code', 'ddd', 'fone', 'cel']);
  });

  it('not where an area code stands between two phones', () => {
    const rows = fileOf('fone;ddd;cel', `${BARE};11;${BARE}`);
    expect(questionOf(rows)).toEqual(['columns-area-code', 'fone', 'ddd', 'cel']);
  });

  it('not where only some of them have a phone beside them', () => {
    const rows = fileOf('ddd;fone;ddd 2;nome;cel', `11;${BARE};21;Ana;${BARE}`);
    expect(questionOf(rows)?.[0]).toBe('columns-area-code');
  });

  it('after those that their names tell', () => {
    expect(pairsOf('ddd_cel;x;cel;ddd;fone', `11;;${BARE};21;34567811`)).toEqual([
      ...['cel ddd_cel', 'fone ddd'],
    ]);
  });
});

describe('whose area code it is, is asked', () => {
  it('only if a number lacks one, in any of the first rows', () => {
    const header = 'fone;ddd;cel';
    const complete = [`${WHOLE};11;${WHOLE}`, ';11;', `(21) 98765-4811;;${WHOLE}`];
    expect(questionOf(fileOf(header, ...complete))).toBeUndefined();
    expect(questionOf(fileOf(header, ...complete, `${WHOLE};11;${BARE}`))).toEqual([
      ...['columns-area-code', 'ddd', 'cel'],
    ]);
  });

  it('not for a number that is wrong for another reason', () => {
    expect(questionOf(fileOf('fone;ddd;cel', `${WHOLE};11;99`))).toBeUndefined();
  });

  it('not where the file has no such column: the list’s or none will do', () => {
    expect(questionOf(fileOf('fone;cel', `${BARE};${BARE}`))).toBeUndefined();
  });

  it('not because the user left another column out', () => {
    const rows = fileOf('fone;loja', `${BARE};12`);
    expect(questionOf(rows, { loja: { kind: 'ignore' } })).toBeUndefined();
  });

  it('not where one is for all phones', () => {
    const rows = fileOf('ddd padrão;fone;cel', `11;${BARE};${BARE}`);
    expect(questionOf(rows)).toBeUndefined();
    expect(planOf(rows).columns).toContainEqual({
      ...{ header: 'ddd padrão', field: 'areaCode', isForAll: true },
    });
  });

  it('and an area code that is no phone’s is not used', () => {
    const rows = fileOf('fone;ddd;cel', `${WHOLE};11;${WHOLE}`);
    expect(planOf(rows).unused).toEqual(['ddd']);
  });
});

describe('the user’s word about an area code', () => {
  const rows = fileOf('nome;cpf;ddd;fone;cel;zap', `Ana;${ANA};11;34567811;${BARE};21987654812`);

  it('is for the phones that it names, and the others are asked about', () => {
    const one: ColumnMeaning = { kind: 'area-code-of', phones: ['cel'] };
    expect(questionOf(rows, { ddd: one })).toEqual(['columns-area-code', 'fone']);
    const two: ColumnMeaning = { kind: 'area-code-of', phones: ['fone', 'cel'] };
    expect(phonesOf(rows, { ddd: two })).toEqual([
      ['+551134567811', '+5511987654811', '+5521987654812'],
    ]);
  });

  it('goes before names and places', () => {
    const ddd: ColumnMeaning = { kind: 'area-code-of', phones: ['cel'] };
    expect(pairsOf('ddd;fone;cel', `11;${WHOLE};${BARE}`, { ddd })).toEqual(['fone', 'cel ddd']);
  });

  it('takes away what a name says of all phones', () => {
    const meaning: ColumnMeaning = { kind: 'area-code-of', phones: ['cel'] };
    const told = fileOf('ddd padrão;fone;cel', `11;${WHOLE};${BARE}`);
    expect(planOf(told, { 'ddd padrão': meaning }).columns).toEqual([
      { header: 'ddd padrão', field: 'areaCode' },
      { header: 'fone', field: 'phone' },
      { header: 'cel', field: 'phone', areaCodeHeader: 'ddd padrão' },
    ]);
  });

  it('may make an area code of a column with any name', () => {
    const other = fileOf('região;fone;cel', `31;${BARE};${BARE}`);
    const meaning: ColumnMeaning = { kind: 'area-code-of', phones: ['fone', 'cel'] };
    expect(pairsOf('região;fone;cel', `31;${BARE};${BARE}`, { região: meaning })).toEqual([
      ...['fone região', 'cel região'],
    ]);
    expect(planOf(other).unused).toEqual(['região']);
  });
});

describe('files with any number of phones, in any of the usual layouts', () => {
  /** Columns by number or by place; returns the header and, for each phone, its own area code. */
  function layout(random: () => number) {
    const count = 1 + whole(random, 4);
    const areas = Array.from({ length: count }, () => ['11', '21', '31', '84'][whole(random, 4)]);
    const pairs = areas.map((area, place) => ({
      ddd: [`ddd${place + 1}`, area ?? '11'] as const,
      fone: [`fone${place + 1}`, `98765481${place}`] as const,
    }));
    const style = whole(random, 3);
    const columns =
      style === 0
        ? [...pairs.map((one) => one.ddd), ...pairs.map((one) => one.fone)]
        : pairs.flatMap(({ ddd, fone }) => (style === 1 ? [ddd, fone] : [fone, ddd]));
    return { columns: [['nome', 'Ana'] as const, ['cpf', ANA] as const, ...columns], pairs };
  }

  it('give each number its own area code and no other', () => {
    const random = seededRandom(31);
    for (let time = 0; time < 200; time += 1) {
      const { columns, pairs } = layout(random);
      const rows = fileOf(
        columns.map(([header]) => header).join(';'),
        columns.map(([, cell]) => cell).join(';'),
      );
      expect(phonesOf(rows)).toEqual([pairs.map(({ ddd, fone }) => `+55${ddd[1]}${fone[1]}`)]);
    }
  });
});
