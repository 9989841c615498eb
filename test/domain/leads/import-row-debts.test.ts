import { describe, expect, it } from 'vitest';
import { type ImportOptions, importRow } from '../../../src/domain/leads/import-row.ts';
import type { IsoDate } from '../../../src/lib/time.ts';
import { ANA, rowOf, warningsOf } from './builders.ts';

const PERSON = { nome: 'Ana', cpf: ANA, fone: '11987654321' };
const DUE = '10/08/2026';

function read(cells: Readonly<Record<string, unknown>>, options: ImportOptions = {}) {
  return importRow({ ...PERSON, ...cells }, options);
}

function contractsOf(cells: Readonly<Record<string, unknown>>, options: ImportOptions = {}) {
  return rowOf(read(cells, options)).contracts;
}

describe('the debt of a flat row', () => {
  it.each<[string, Record<string, unknown>, string, readonly string[]]>([
    ['the contract it names', { contrato: 'A-1', id: 'CRM-9' }, 'A-1', []],
    ['the creditor’s id for the person', { id: 'CRM-9' }, 'CRM-9', ['contrato: contract-assumed']],
    ['“1”, without either', {}, '1', ['contrato: contract-assumed']],
  ])('belongs to %s', (_name, cells, number, warnings) => {
    const row = rowOf(read({ ...cells, vencimento: DUE, valor: '100,00' }));
    expect(row.contracts.map((contract) => contract.number)).toEqual([number]);
    expect(warningsOf(row)).toEqual(warnings);
  });

  it('has the number of its instalment, or 1', () => {
    const numbersOf = (cells: object) =>
      contractsOf({ contrato: 'A', vencimento: DUE, valor: '1,00', ...cells }).flatMap((contract) =>
        contract.instalments.map((instalment) => instalment.number),
      );
    expect(numbersOf({ parcela: '03/12' })).toEqual(['03/12']);
    expect(numbersOf({ parcela: 7 })).toEqual(['7']);
    expect(numbersOf({ parcela: '' })).toEqual(['1']);
    expect(numbersOf({})).toEqual(['1']);
  });

  it('may be a contract without an instalment, with its product', () => {
    expect(contractsOf({ contrato: 'A', produto: 'Cartão' })).toEqual([
      { number: 'A', product: 'Cartão', instalments: [] },
    ]);
  });

  it('is none where only a product or a number of an instalment is given', () => {
    expect(contractsOf({ produto: 'Cartão', parcela: '1' })).toEqual([]);
  });
});

describe('the value of a debt', () => {
  const valuesOf = (cells: Readonly<Record<string, unknown>>, options: ImportOptions = {}) => {
    const [instalment] = contractsOf({ contrato: 'A', vencimento: DUE, ...cells }, options)[0]!
      .instalments;
    return [instalment?.originalValue.centavos, instalment?.updatedValue?.centavos];
  };

  it.each<[string, Record<string, unknown>, readonly [number, number | undefined]]>([
    ['only the original one', { valor: '100,00' }, [10_000, undefined]],
    ['both', { valor: '100,00', valor_atualizado: '112,30' }, [10_000, 11_230]],
    [
      'only the updated one, which is the original then',
      { saldo_atualizado: '90' },
      [9_000, 9_000],
    ],
    [
      'centavos, which go before reais',
      { valorCentavos: 18_990, valor: '1,00' },
      [18_990, undefined],
    ],
    ['centavos as text', { valorCentavos: '18990' }, [18_990, undefined]],
    ['updated centavos', { valor: 1, valorAtualizadoCentavos: 120 }, [100, 120]],
    ['a number of JSON', { valor: 1_234.56 }, [123_456, undefined]],
    ['a whole number of JSON', { valor: 1_234 }, [123_400, undefined]],
    // A number has no separator, so that nothing is ambiguous.
    ['a number of JSON with three places', { valor: 1.5 }, [150, undefined]],
    ['an empty cell beside a full one', { valor: '', valorCentavos: 5 }, [5, undefined]],
  ])('is read from %s', (_name, cells, values) => {
    expect(valuesOf(cells)).toEqual(values);
  });

  it.each<[string, Record<string, unknown>, object]>([
    ['text', { valor: 'a combinar' }, { code: 'value-invalid', reason: 'not-money' }],
    ['nought', { valor: '0,00' }, { code: 'value-invalid', reason: 'not-positive' }],
    ['less than nought', { valor: '-5,00' }, { code: 'value-invalid', reason: 'not-positive' }],
    ['less than nought in JSON', { valor: -5 }, { code: 'value-invalid', reason: 'not-positive' }],
    ['parts of a centavo', { valor: 0.125 }, { code: 'value-invalid', reason: 'not-money' }],
    ['reais where centavos are told', { valorCentavos: '1,50' }, { code: 'value-invalid' }],
    ['a list', { valor: [1] }, { code: 'value-invalid', reason: 'not-money' }],
    ['one separator before three digits', { valor: '1.234' }, { code: 'value-ambiguous' }],
  ])('is refused when it is %s', (_name, cells, refusal) => {
    const [field] = Object.keys(cells);
    expect(read({ contrato: 'A', vencimento: DUE, ...cells })).toMatchObject({
      ...{ ok: false, field, ...refusal },
    });
  });

  it('is refused for a wrong updated value too, and not taken without it', () => {
    const cells = { contrato: 'A', vencimento: DUE, valor: '100,00', valor_atualizado: '?' };
    expect(read(cells)).toMatchObject({ code: 'value-invalid', field: 'valor_atualizado' });
  });

  it('is told by the file’s decimal mark', () => {
    expect(valuesOf({ valor: '1.234' }, { decimalMark: 'comma' })).toEqual([123_400, undefined]);
    expect(valuesOf({ valor: '1,234' }, { decimalMark: 'dot' })).toEqual([123_400, undefined]);
    const cells = { contrato: 'A', vencimento: DUE, valor: '1.234' };
    expect(read(cells, { decimalMark: 'dot' })).toMatchObject({ code: 'value-invalid' });
  });
});

describe('a due date', () => {
  const today: IsoDate = '2026-11-23';
  const warned = (vencimento: string, options: ImportOptions = { today }) =>
    warningsOf(rowOf(read({ contrato: 'A', valor: '1,00', vencimento }, options)));

  it.each([
    ['01/01/2016', false],
    ['31/12/2015', true],
    ['31/12/2036', false],
    ['01/01/2037', true],
    ['23/11/2026', false],
  ])('%s is far away, seen from 2026: %s', (date, isFar) => {
    expect(warned(date)).toEqual(isFar ? ['vencimento: due-date-far'] : []);
  });

  it('is not judged where nobody says which day it is', () => {
    expect(warned('31/12/1999', {})).toEqual([]);
  });

  it.each<[Record<string, unknown>, object]>([
    [{ valor: '1,00' }, { code: 'due-date-missing', field: 'vencimento' }],
    [{ valor: '1,00', vencimento: '' }, { code: 'due-date-missing' }],
    [{ vencimento: DUE }, { code: 'value-missing', field: 'valor' }],
    [
      { valor: '1,00', 'dt venc': '31/02/2026' },
      { code: 'due-date-invalid', field: 'dt venc' },
    ],
    [
      { valor: '1,00', vencimento: 'breve' },
      { code: 'due-date-invalid', reason: 'not-a-date' },
    ],
  ])('%j refuses its row', (cells, refusal) => {
    expect(read({ contrato: 'A', ...cells })).toMatchObject({ ok: false, ...refusal });
  });
});

describe('the contracts of a record', () => {
  const parcelas = [{ vencimento: DUE, valor: 10 }];

  it('go before the debt of its own fields', () => {
    const flat = { contrato: 'B', vencimento: DUE, valor: 5 };
    expect(contractsOf({ ...flat, contratos: [{ numero: 'A', parcelas }] })).toMatchObject([
      { number: 'A' },
    ]);
    expect(contractsOf({ ...flat, contratos: [] })).toMatchObject([{ number: 'B' }]);
  });

  it('number their instalments by place where these have no number', () => {
    const three = [...parcelas, { ...parcelas[0], numero: 'extra' }, ...parcelas];
    const [contract] = contractsOf({ contratos: [{ numero: 'A', parcelas: three }] });
    expect(contract?.instalments.map((one) => one.number)).toEqual(['1', 'extra', '3']);
  });

  it('keep nothing that has no meaning here, and name it', () => {
    const row = rowOf(
      read({
        cor: 'azul',
        contratos: [
          { numero: 'A', loja: '12', parcelas: [{ ...parcelas[0], juros: 2 }], vazio: '' },
          { numero: 'B', loja: '13', parcelas: [] },
        ],
      }),
    );
    expect(row.extras).toEqual(['cor', 'loja', 'juros']);
    expect(JSON.stringify(row.contracts)).not.toMatch(/12|13|2,/);
  });

  it.each<[string, unknown, object]>([
    ['no list', { numero: 'A' }, { code: 'shape-invalid', field: 'contratos' }],
    ['a list of texts', ['A'], { code: 'shape-invalid', field: 'contratos.0' }],
    ['a list of lists', [[]], { code: 'shape-invalid', reason: 'not-an-object' }],
    ['without a number', [{ numero: 'A' }, {}], { reason: 'number-missing', field: 'contratos.1' }],
    [
      'with instalments that are no list',
      [{ numero: 'A', parcelas: 3 }],
      { code: 'shape-invalid', reason: 'not-a-list', field: 'parcelas' },
    ],
    [
      'with an instalment that is a number',
      [{ numero: 'A', parcelas: [3] }],
      { code: 'shape-invalid', reason: 'not-an-object', field: 'parcelas.0' },
    ],
    [
      'with an instalment that says nothing',
      [{ numero: 'A', parcelas: [...parcelas, { numero: '2' }] }],
      { code: 'due-date-missing', field: 'parcelas.1' },
    ],
  ])('are refused when they are %s', (_name, contratos, refusal) => {
    expect(read({ contratos })).toMatchObject({ ok: false, ...refusal });
  });

  it.each([
    [200, true],
    [201, false],
  ])('may have %i instalments: %s', (count, isTaken) => {
    const many = Array.from({ length: count }, (_, place) => ({ ...parcelas[0], numero: place }));
    const result = read({ contratos: [{ numero: 'A', parcelas: many }] });
    expect(result.ok).toBe(isTaken);
    if (!result.ok) expect(result).toMatchObject({ code: 'too-many-parts', field: 'parcelas' });
  });

  it('may be one contract in two parts; each instalment that comes again is told', () => {
    const contratos = [
      { numero: 'A-1', parcelas: [{ ...parcelas[0], numero: '1' }] },
      {
        numero: ' a-1',
        parcelas: [
          { ...parcelas[0], numero: '1 ' },
          { ...parcelas[0], numero: 2 },
        ],
      },
      { numero: 'A-1', parcelas: [{ ...parcelas[0], numero: '1' }] },
    ];
    expect(warningsOf(rowOf(read({ contratos })))).toEqual([
      ...['contratos: instalment-repeated', 'contratos: instalment-repeated'],
    ]);
  });
});
