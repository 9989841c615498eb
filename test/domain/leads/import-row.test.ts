import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { columnOf } from '../../../src/domain/leads/import-columns.ts';
import { importRow } from '../../../src/domain/leads/import-row.ts';
import { rowOf, warningsOf } from './builders.ts';

const GOOD = {
  id_cliente: 'CRM-991',
  Nome: 'Maria da Silva',
  'CPF/CNPJ': '123.456.789-09',
  FONE1: '(11) 98765-4321',
  Contrato: 'A-77',
  Parcela: '3',
  Vencimento: '10/08/2026',
  'Valor Original': '1.234,56',
};

function withCells(cells: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return { ...GOOD, ...cells };
}

function without(...headers: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(GOOD).filter(([key]) => !headers.includes(key)));
}

describe('a flat row', () => {
  it('becomes a debtor with phones and a debt', () => {
    expect(importRow(GOOD)).toEqual({
      ok: true,
      row: {
        externalId: 'CRM-991',
        name: 'Maria da Silva',
        document: '12345678909',
        documentKind: 'cpf',
        emails: [],
        phones: [{ number: '+5511987654321', kind: 'mobile', score: 50 }],
        contracts: [
          {
            number: 'A-77',
            instalments: [
              { number: '3', dueDate: '2026-08-10', originalValue: { centavos: 123_456 } },
            ],
          },
        ],
        extras: [],
        warnings: [],
      },
    });
  });

  it('takes several phones in the order of the columns, each once', () => {
    const row = rowOf(
      importRow(
        withCells({ FONE2: '11 3456-7890', celular: '11 8765-4321', fone_4: '1134567890' }),
      ),
    );
    expect(row.phones.map((phone) => [phone.number, phone.score])).toEqual([
      ['+5511987654321', 50],
      ['+551134567890', 49],
    ]);
    expect(warningsOf(row)).toEqual([
      'celular: ninth-digit-inserted',
      'celular: phone-repeated',
      'fone_4: phone-repeated',
    ]);
  });

  it('keeps the good phones and says what was wrong with the others', () => {
    const row = rowOf(importRow(withCells({ fone2: '23 98765-4321', fone3: '5,51199E+12' })));
    expect(row.phones).toHaveLength(1);
    expect(warningsOf(row)).toEqual(['fone2: unknown-area-code', 'fone3: rounded-by-spreadsheet']);
  });

  it('joins a number to the area code in the column of the same number', () => {
    const row = rowOf(
      importRow({
        ...without('FONE1'),
        DDD1: '84',
        FONE1: '98765-4321',
        DDD2: '011',
        FONE2: '34567890',
      }),
    );
    expect(row.phones.map((phone) => phone.number)).toEqual(['+5584987654321', '+551134567890']);
  });

  it('uses the area code of the list where the row has none', () => {
    const row = rowOf(importRow(withCells({ FONE1: '98765-4321' }), { defaultAreaCode: '21' }));
    expect(row.phones[0]?.number).toBe('+5521987654321');
    expect(warningsOf(row)).toEqual(['FONE1: area-code-assumed']);
  });

  it('reads the rest of what it knows', () => {
    const row = rowOf(
      importRow(
        withCells({
          uf: 'sp',
          email: 'Maria@Exemplo.com.br',
          'data de nascimento': '01/02/1980',
          credor: 'loja-12',
          prioridade: '80',
          'Valor Atualizado': '1.300,00',
          produto: 'Crediário',
        }),
      ),
    );
    expect(row).toMatchObject({
      addressState: 'SP',
      emails: ['maria@exemplo.com.br'],
      birthDate: '1980-02-01',
      creditorKey: 'loja-12',
      priority: 80,
      contracts: [{ product: 'Crediário', instalments: [{ updatedValue: { centavos: 130_000 } }] }],
    });
  });

  it.each([
    ['01234-567', []],
    ['01.234-567', []],
    ['01234567', []],
    ['1234567', ['CEP: left-zeros-added']],
    [1_234_567, ['CEP: left-zeros-added']],
  ])('reads a CEP as %s', (cep, warnings) => {
    const row = rowOf(importRow(withCells({ CEP: cep })));
    expect(row.postalCode).toBe('01234567');
    expect(warningsOf(row)).toEqual(warnings);
  });

  it.each(['0123-4567', '00000-000', 'sem CEP', '123456', '012345678'])(
    'says that %s is no CEP',
    (cep) => {
      const row = rowOf(importRow(withCells({ CEP: cep })));
      expect(row.postalCode).toBeUndefined();
      expect(warningsOf(row)).toEqual(['CEP: not-a-postal-code']);
    },
  );

  it('drops columns it has no use for, and names them', () => {
    const row = rowOf(importRow(withCells({ 'cor dos olhos': 'azul', loja: '12', vazio: '' })));
    expect(row.extras).toEqual(['cor dos olhos', 'loja']);
    expect(JSON.stringify(row)).not.toContain('azul');
  });

  it('may have no debt yet', () => {
    const row = rowOf(importRow(without('Contrato', 'Parcela', 'Vencimento', 'Valor Original')));
    expect(row.contracts).toEqual([]);
  });

  it('warns of what it leaves out and of far dates', () => {
    const cells = { uf: 'XX', email: 'nenhum', prioridade: 'alta', Vencimento: '10/08/2012' };
    const row = rowOf(importRow(withCells(cells), { today: '2026-11-23' }));
    expect(warningsOf(row).toSorted()).toEqual([
      'Vencimento: due-date-far',
      'email: not-an-email',
      'prioridade: not-a-priority',
      'uf: unknown-state',
    ]);
  });
});

describe('a row that is refused', () => {
  it.each<[string, Record<string, unknown>, object]>([
    ['empty', { a: '', b: null }, { code: 'row-empty' }],
    ['without a name', without('Nome'), { code: 'name-missing', field: 'nome' }],
    [
      'without any identity',
      without('id_cliente', 'CPF/CNPJ'),
      { code: 'identity-missing', field: 'cpf' },
    ],
    [
      'with a wrong CPF',
      withCells({ 'CPF/CNPJ': '123.456.789-00' }),
      { code: 'document-invalid', reason: 'check-digits', field: 'CPF/CNPJ' },
    ],
    [
      'with a rounded phone',
      withCells({ FONE1: '5,51199E+12' }),
      { code: 'no-valid-phone', reason: 'rounded-by-spreadsheet', field: 'FONE1' },
    ],
    ['without a phone', without('FONE1'), { code: 'no-valid-phone', reason: 'empty' }],
    [
      'with a day that does not exist',
      withCells({ Vencimento: '31/02/2026' }),
      { code: 'due-date-invalid', field: 'Vencimento' },
    ],
    ['with a value and no date', without('Vencimento'), { code: 'due-date-missing' }],
    ['with a date and no value', without('Valor Original'), { code: 'value-missing' }],
    [
      'with an ambiguous value',
      withCells({ 'Valor Original': '1.234' }),
      { code: 'value-ambiguous', field: 'Valor Original' },
    ],
    [
      'with a value that is none',
      withCells({ 'Valor Original': 'a combinar' }),
      { code: 'value-invalid', reason: 'not-money' },
    ],
    [
      'with phones that are no list',
      withCells({ telefones: 5 }),
      { code: 'shape-invalid', field: 'telefones' },
    ],
    [
      'with too many phones',
      withCells({ telefones: Array.from({ length: 201 }, () => '11987654321') }),
      { code: 'too-many-parts' },
    ],
  ])('%s', (_name, raw, refusal) => {
    expect(importRow(raw)).toMatchObject({ ok: false, ...refusal });
  });

  it('carries its own id, so that the sender can find it', () => {
    expect(importRow(without('FONE1'))).toMatchObject({ externalId: 'CRM-991' });
  });

  it('is refused in any shape without throwing', () => {
    const headers = ['nome', 'cpf', 'fone1', 'telefones', 'contratos', 'valor', 'vencimento', 'x'];
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom(...headers), fc.jsonValue(), { maxKeys: 8 }),
        (raw) => {
          const result = importRow(raw);
          if (!result.ok) expect(result.code.length).toBeGreaterThan(3);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('a nested record', () => {
  it('may have many phones, contracts and instalments', () => {
    const row = rowOf(
      importRow({
        externalId: 'CRM-991',
        nome: 'Maria da Silva',
        cpfCnpj: '12345678909',
        telefones: [
          { numero: '11987654321', tipo: 'celular', origem: 'crm', score: 80 },
          '1134567890',
        ],
        contratos: [
          {
            numero: 'A-77',
            produto: 'Crediário',
            parcelas: [
              { id: 'A-77/3', vencimento: '2026-08-10', valorCentavos: 18_990 },
              { numero: 4, vencimento: '2026-09-10', valor: 189.9, valorAtualizado: 200 },
            ],
          },
          { numero: 'B-1', parcelas: [] },
        ],
      }),
    );
    expect(row.phones).toEqual([
      { number: '+5511987654321', kind: 'mobile', source: 'crm', score: 80 },
      { number: '+551134567890', kind: 'fixed', score: 49 },
    ]);
    expect(row.contracts).toEqual([
      {
        number: 'A-77',
        product: 'Crediário',
        instalments: [
          { number: 'A-77/3', dueDate: '2026-08-10', originalValue: { centavos: 18_990 } },
          {
            number: '4',
            dueDate: '2026-09-10',
            originalValue: { centavos: 18_990 },
            updatedValue: { centavos: 20_000 },
          },
        ],
      },
      { number: 'B-1', instalments: [] },
    ]);
  });

  it('is warned of where an instalment stands twice in its contract, however it is written', () => {
    const parcelas = [
      { numero: '1', vencimento: '2026-08-10', valor: 100 },
      { numero: ' 1', vencimento: '2026-09-10', valor: 200 },
    ];
    const contratos = [
      { numero: 'A', parcelas },
      { numero: 'B', parcelas: parcelas.slice(1) },
    ];
    const row = rowOf(importRow(withCells({ contratos })));
    expect(row.warnings).toEqual([{ code: 'instalment-repeated', column: 'contratos' }]);
  });

  it('is refused with the path to what is wrong', () => {
    const contratos = [{ numero: 'A', parcelas: [{ vencimento: '2026-08-10' }] }];
    expect(importRow(withCells({ contratos }))).toMatchObject({ code: 'value-missing' });
    expect(importRow(withCells({ contratos: [{ parcelas: [] }] }))).toMatchObject({
      code: 'shape-invalid',
      field: 'contratos.0',
    });
  });
});

describe('a column', () => {
  it.each([
    ['CPF_CNPJ', 'document', ''],
    ['Nº do Contrato', undefined, ''],
    ['Número do Contrato', 'contract', ''],
    ['dt. venc.', 'dueDate', ''],
    ['telefone_celular_2', 'phone', '2'],
    ['Fone 03 Comercial', 'phone', '3'],
    ['celular principal', 'phone', ''],
    ['Telefone de Contato', 'phone', ''],
    ['fone 2 recado', 'phone', '2'],
    ['telefone do avalista', undefined, ''],
    ['DDD/Telefone 1', 'areaCode', '1'],
    ['ddd_cel', 'areaCode', ''],
    ['E-mail 2', 'email', '2'],
    ['contrato2', undefined, ''],
    ['observação', undefined, ''],
  ])('called %j is %s', (header, field, index) => {
    const column = columnOf(header);
    expect(column && [column.field, column.index]).toEqual(field && [field, index]);
    // The second time comes from what was remembered.
    expect(columnOf(header)?.field).toBe(field);
  });
});
