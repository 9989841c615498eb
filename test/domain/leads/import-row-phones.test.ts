import { describe, expect, it } from 'vitest';
import { type ImportOptions, importRow } from '../../../src/domain/leads/import-row.ts';
import { ANA, fileOf, phonesOf, rowOf, rowsOf, warningsOf } from './builders.ts';

const PERSON = { nome: 'Ana', cpf: ANA };

function read(cells: Readonly<Record<string, unknown>>, options: ImportOptions = {}) {
  return importRow({ ...PERSON, ...cells }, options);
}

/** The numbers of a row without their country code, and what was said of them. */
function told(cells: Readonly<Record<string, unknown>>, options: ImportOptions = {}) {
  const row = rowOf(read(cells, options));
  return [...row.phones.map((phone) => phone.number.slice(3)), ...warningsOf(row)];
}

describe('the score of a phone', () => {
  const scoreOf = (score: unknown) =>
    rowOf(read({ telefones: [{ numero: '11987654321', score }] })).phones[0]?.score;

  it.each<[unknown, number]>([
    [0, 0],
    [1, 1],
    [100, 100],
    ['80', 80],
    [49.4, 49],
    ['49.5', 50],
    [0.4, 0],
  ])('%j is taken as %i', (score, taken) => {
    expect(scoreOf(score)).toBe(taken);
  });

  it.each([-1, 101, 100.1, 'alta', '80 %', null, true, []])(
    '%j is no score, so that the place in the row decides',
    (score) => {
      expect(scoreOf(score)).toBe(50);
    },
  );

  it('falls from column to column, and not below nought', () => {
    const telefones = Array.from({ length: 60 }, (_, place) => `119876${10_000 + place}`);
    const scores = rowOf(read({ telefones })).phones.map((phone) => phone.score);
    expect(scores).toHaveLength(60);
    expect(scores.slice(0, 3)).toEqual([50, 49, 48]);
    expect(scores.slice(48)).toEqual([2, 1, ...Array<number>(10).fill(0)]);
    expect(scores).toEqual(scores.toSorted((one, other) => other - one));
  });

  it('counts only numbers that are kept', () => {
    const { phones } = rowOf(
      read({ fone1: '11 98765', fone2: '11987654321', fone3: '11987654321', fone4: '1134567890' }),
    );
    expect(phones.map((phone) => phone.score)).toEqual([50, 49]);
  });
});

describe('what a record says about one of its phones', () => {
  it('is its source, its extension and its own area code', () => {
    const telefones = [
      { numero: '3456-7890 ramal 12', ddd: '21', origem: 'bureau' },
      { telefone: '11987654321' },
    ];
    expect(rowOf(read({ telefones })).phones).toEqual([
      { number: '+552134567890', kind: 'fixed', extension: '12', source: 'bureau', score: 50 },
      { number: '+5511987654321', kind: 'mobile', score: 49 },
    ]);
  });

  it('is its number by any of the names for it', () => {
    const telefones = [
      { numero: '11987654321' },
      { number: '11987654322' },
      { id: '11987654323' },
      { fone: '11987654324' },
      { celular: 11_987_654_325 },
      '11987654326',
      11_987_654_327,
    ];
    const row = rowOf(read({ telefones }));
    expect(row.phones.map((phone) => phone.number.slice(-1)).join('')).toBe('1234567');
  });

  it('names the place of what cannot be read', () => {
    const telefones = ['11987654321', { numero: '11 9' }, { tipo: 'celular' }, null, ['x']];
    const row = rowOf(read({ telefones }));
    expect(warningsOf(row).map((line) => line.split(':')[0])).toEqual([
      ...['telefones.1', 'telefones.2', 'telefones.3', 'telefones.4'],
    ]);
  });

  it('comes after the columns of the same row, and not twice', () => {
    const row = { telefones: ['11987654321', '1134567890'], fone: '11 98765-4321' };
    expect(told(row)).toEqual(['11987654321', '1134567890', 'telefones.0: phone-repeated']);
  });
});

describe('the area code of a phone', () => {
  it.each(['11', '011', '(11)', '(011)', ' 11 ', '11.0', '11,00', 11, '0 11'])(
    'is 11 where its column says %j',
    (ddd) => {
      expect(told({ ddd, fone: '98765-4321' })).toEqual(['11987654321']);
    },
  );

  it.each(['23', '1', '111', 'SP', '00', '-', 0])(
    'is not known where its column says %j: no other one is taken',
    (ddd) => {
      expect(read({ ddd, fone: '98765-4321' }, { defaultAreaCode: '11' })).toMatchObject({
        ...{ ok: false, code: 'no-valid-phone', reason: 'unknown-area-code', field: 'fone' },
      });
    },
  );

  it('that is no area code does no harm to a number that has its own', () => {
    expect(told({ ddd: 'SP', fone: '(21) 98765-4321' })).toEqual(['21987654321']);
  });

  it('is the list’s where its column is empty, and that is said', () => {
    const row = { ddd: '', fone: '98765-4321' };
    expect(read(row)).toMatchObject({ ok: false, reason: 'missing-area-code' });
    expect(told(row, { defaultAreaCode: '(021)' })).toEqual([
      ...['21987654321', 'fone: area-code-assumed'],
    ]);
  });

  it('of the row goes before the list’s', () => {
    const row = { 'ddd padrão': '31', fone: '98765-4321', cel: '(11) 98765-4321' };
    expect(told(row, { defaultAreaCode: '21' })).toEqual([
      ...['31987654321', '11987654321', 'fone: area-code-assumed'],
    ]);
  });

  it('of the row goes before the list’s even if it is none', () => {
    const row = { 'ddd padrão': 'x', fone: '98765-4321' };
    expect(read(row, { defaultAreaCode: '21' })).toMatchObject({ reason: 'unknown-area-code' });
  });

  it('of a list that is none makes nothing up', () => {
    expect(read({ fone: '98765-4321' }, { defaultAreaCode: '20' })).toMatchObject({
      ...{ ok: false, reason: 'unknown-area-code' },
    });
  });

  it('beside a nested list is that of its phones, but not of those with their own', () => {
    const telefones = ['98765-4321', { ddd: '21', numero: '98765-4322' }];
    expect(told({ ddd: '11', telefones })).toEqual(['11987654321', '21987654322']);
  });
});

describe('a cell with more than one number', () => {
  const rows = fileOf(
    'nome;cpf;telefone',
    `Ana;${ANA};11987650604 / 1134560604`,
    `Ana;${ANA};(11) 98765-0605, (11) 3456-0605`,
  );

  it('gives them all, in their order, and says so', () => {
    expect(phonesOf(rows)).toEqual([
      ['+5511987650604', '+551134560604'],
      ['+5511987650605', '+551134560605'],
    ]);
    for (const row of rowsOf(rows)) {
      expect(warningsOf(row)).toEqual(['telefone: second-number-taken']);
    }
  });

  it.each([
    ['3456-7890 ramal 12', ['1134567890']],
    ['3456-7890/91', ['1134567890']],
    ['(55) 3220-1234 r 12', ['5532201234']],
  ])('%j is one number; an extension or second line is kept apart', (telefone, numbers) => {
    const { phones } = rowOf(read({ 'ddd padrão': '11', telefone }));
    expect(phones.map((phone) => phone.number.slice(3))).toEqual(numbers);
  });

  it('gives none where one of them is no number, because its digits may belong to the other', () => {
    expect(read({ fone: '11987654321 / 11 3456' })).toMatchObject({ reason: 'grouping-unclear' });
  });
});

describe('a very long cell', () => {
  const padded = (length: number) => `${'11987654321'.padEnd(length - 5)}ligar`;

  it.each([
    [60, false],
    [61, true],
  ])('of %i letters is read; too long: %s', (length, isLong) => {
    const row = read({ fone: padded(length), fone2: '1134567890' });
    expect(warningsOf(rowOf(row)).includes('fone: too-long')).toBe(isLong);
  });

  it.each([
    [150, false],
    [151, true],
  ])('of %i letters is left out: %s', (length, isLeftOut) => {
    const row = rowOf(read({ fone: '0'.repeat(length), fone2: '1134567890' }));
    expect(warningsOf(row).includes('fone: grouping-unclear')).toBe(isLeftOut);
  });
});

describe('a row without a good phone', () => {
  it('is refused with the first reason there was', () => {
    expect(read({ fone1: '5,51199E+12', fone2: '23 98765-4321' })).toMatchObject({
      ...{ code: 'no-valid-phone', reason: 'rounded-by-spreadsheet', field: 'fone1' },
    });
    expect(read({ fone1: '', fone2: '23 98765-4321' })).toMatchObject({
      ...{ reason: 'unknown-area-code', field: 'fone2' },
    });
  });

  it('is refused as empty where no phone was written', () => {
    for (const cells of [{}, { fone: '' }, { telefones: [] }, { fone: null }]) {
      expect(read(cells)).toMatchObject({
        ...{ code: 'no-valid-phone', reason: 'empty', field: 'telefone' },
      });
    }
  });
});
