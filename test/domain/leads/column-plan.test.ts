import { describe, expect, it } from 'vitest';
import type { ColumnMeaning } from '../../../src/domain/leads/column-evidence.ts';
import { looksLikePhones } from '../../../src/domain/leads/column-plan.ts';
import { importRow } from '../../../src/domain/leads/import-row.ts';
import {
  ANA,
  BIA,
  CAIO,
  fileOf,
  LENDER,
  phonesOf,
  planOf,
  questionOf,
  rowsOf,
} from './builders.ts';

describe('an area code in a column of its own', () => {
  it('belongs to the phone of its kind', () => {
    const rows = fileOf(
      'nome;cpf;ddd_fone;fone;ddd_cel;cel',
      `Ana;${ANA};11;34567811;21;987654811`,
      `Bia;${BIA};11;34567812;92;987654812`,
    );
    expect(phonesOf(rows)).toEqual([
      ['+551134567811', '+5521987654811'],
      ['+551134567812', '+5592987654812'],
    ]);
  });

  it.each([
    ['of its number', 'nome;cpf;ddd1;ddd2;fone1;fone2', `Ana;${ANA};11;21;34567811;987654811`],
    ['right before it', 'nome;cpf;ddd;fone;ddd 2;cel', `Ana;${ANA};11;34567811;21;987654811`],
    ['right after it', 'nome;cpf;fone;ddd;cel;ddd 2', `Ana;${ANA};34567811;11;987654811;21`],
  ])('belongs to the phone %s', (_name, header, line) => {
    const rows = fileOf(header, line);
    expect(phonesOf(rows)).toEqual([['+551134567811', '+5521987654811']]);
  });

  it('is asked about where it may belong to either phone, or not to the second', () => {
    const between = fileOf('nome;cpf;fone;ddd;cel', `Ana;${ANA};34567811;11;987654811`);
    expect(questionOf(between)).toEqual(['columns-area-code', 'fone', 'ddd', 'cel']);
    const before = fileOf('nome;cpf;ddd;fone;cel', `Ana;${ANA};11;34567811;987654811`);
    expect(questionOf(before)).toEqual(['columns-area-code', 'ddd', 'cel']);
  });

  it('is not asked about where every other number has its own', () => {
    const rows = fileOf('nome;cpf;ddd;fone;cel', `Ana;${ANA};11;34567811;21987654811`);
    expect(phonesOf(rows)).toEqual([['+551134567811', '+5521987654811']]);
  });

  it('holds for all phones where its name says so, or somebody does', () => {
    const rows = fileOf('nome;cpf;ddd padrão;fone;cel', `Ana;${ANA};11;34567811;987654811`);
    expect(phonesOf(rows)).toEqual([['+551134567811', '+5511987654811']]);
    const told = fileOf('nome;cpf;ddd;fone;cel', `Ana;${ANA};11;34567811;987654811`);
    const ofBoth: ColumnMeaning = { kind: 'area-code-of', phones: ['fone', 'cel'] };
    expect(phonesOf(told, { ddd: ofBoth })).toEqual([['+551134567811', '+5511987654811']]);
  });

  it('changes no number of another area', () => {
    const rows = fileOf('nome;cpf;ddd;fone;fone2', `Ana;${ANA};11;(21) 98765-4811;(21) 98765-4812`);
    expect(rowsOf(rows)[0]).toMatchObject({
      phones: [{ number: '+5521987654812' }],
      warnings: [{ code: 'area-codes-differ', column: 'fone' }],
    });
  });

  it('may hold whole phones under a name that says both', () => {
    const header = 'Nome;CPF;DDD/Telefone 1;DDD/Telefone 2';
    const rows = fileOf(header, `Ana;${ANA};11987650611;1134560611`, `Bia;${BIA};21987650612;`);
    expect(phonesOf(rows)).toEqual([['+5511987650611', '+551134560611'], ['+5521987650612']]);
    const first = fileOf(header, `Ana;${ANA};11987650611;`);
    expect(planOf(first).columns.map((one) => one.field)).toEqual([
      ...['name', 'document', 'phone', 'phone'],
    ]);
  });
});

describe('who a row is of', () => {
  it('is told by the CPF beside the CNPJ of the creditor', () => {
    const rows = fileOf(
      'nome;cnpj;cpf;fone',
      `Ana;${LENDER};${ANA};11987654811`,
      `Bia;${LENDER};${BIA};11987654812`,
      `Caio;${LENDER};${CAIO};11987654813`,
    );
    expect(rowsOf(rows).map((row) => row.document)).toEqual([ANA, BIA, CAIO]);
    expect(planOf(rows).unused).toEqual(['cnpj']);
  });

  it('is told by either where each row has one of them', () => {
    const rows = fileOf(
      'nome;cpf;cnpj;fone',
      `Ana;${ANA};;11987654811`,
      `Firma;;${LENDER};1134567811`,
    );
    expect(rowsOf(rows).map((row) => row.document)).toEqual([ANA, LENDER]);
  });

  it('is not told by the number of an invoice', () => {
    const rows = fileOf(
      'Documento;Nome;CPF;Telefone',
      `457311;Ana;${ANA};11987654811`,
      `457312;Bia;${BIA};11987654812`,
    );
    expect(rowsOf(rows).map((row) => row.document)).toEqual([ANA, BIA]);
    expect(rowsOf(rows)[0]?.extras).toEqual(['Documento']);
  });

  it('is the debtor and not the client, who is the creditor', () => {
    const rows = fileOf(
      'Cliente;CPF Cliente;Devedor;CPF Devedor;Telefone Cliente;Telefone',
      `Lojas Guaçu;${BIA};Ana;${ANA};1134567811;11987654811`,
    );
    expect(rowsOf(rows)[0]).toMatchObject({
      name: 'Ana',
      document: ANA,
      phones: [{ number: '+5511987654811' }],
    });
    expect(planOf(rows).unused).toEqual(['Cliente', 'CPF Cliente', 'Telefone Cliente']);
  });

  it('is the client where nobody else is named', () => {
    const rows = fileOf('Cliente;CPF;Telefone', `Ana;${ANA};11987654811`);
    expect(rowsOf(rows)[0]?.name).toBe('Ana');
  });

  it('is judged by the values too: a code is no name', () => {
    const rows = fileOf('Devedor;Nome;CPF;Fone', `00017;Ana;${ANA};11987654811`);
    expect(rowsOf(rows)[0]?.name).toBe('Ana');
  });

  it('is asked about where two columns that say the same disagree', () => {
    const rows = fileOf('nome;nome 2;cpf;fone', `Ana;Bia;${ANA};11987654811`);
    expect(questionOf(rows)).toEqual(['columns-ambiguous', 'nome', 'nome 2']);
    const ignored = rowsOf(rows, { 'nome 2': { kind: 'ignore' } });
    expect(ignored[0]).toMatchObject({ name: 'Ana', extras: ['nome 2'] });
    expect(rowsOf(rows, { 'nome 2': { kind: 'field', field: 'name' } })[0]?.name).toBe('Bia');
  });

  it.each([
    ['nome_cliente', 'nome_pessoa'],
    ['Nome do Titular', 'Nome Cliente'],
    ['nome_sacado', 'nome_consumidor'],
    ['nome_pessoa', 'nome_cliente'],
  ])('is asked about where %s and %s disagree, and nothing else names a debtor', (one, other) => {
    const rows = fileOf(`${one};${other};cpf;fone`, `Ana;Bia;${ANA};11987654811`);
    expect(questionOf(rows)).toEqual(['columns-ambiguous', one, other]);
    const more = fileOf(`${one};nome;${other};cpf;fone`, `Bia;Ana;Eva;${ANA};11987654811`);
    expect(rowsOf(more)[0]).toMatchObject({ name: 'Ana', extras: [one, other] });
    const same = fileOf(`${one};${other};cpf;fone`, `Ana;Ana;${ANA};11987654811`);
    expect(rowsOf(same)[0]).toMatchObject({ name: 'Ana', extras: [] });
  });

  it('is asked about where the documents of two such people disagree', () => {
    const rows = fileOf('nome;cpf_cliente;cpf_titular;fone', `Ana;${ANA};${BIA};11987654811`);
    expect(questionOf(rows)).toEqual(['columns-ambiguous', 'cpf_cliente', 'cpf_titular']);
  });

  it('is asked about where all rows have one document and different names', () => {
    const rows = fileOf(
      'nome;cnpj;fone',
      `Ana;${LENDER};11987654811`,
      `Bia;${LENDER};11987654812`,
      `Caio;${LENDER};11987654813`,
    );
    expect(questionOf(rows)).toEqual(['columns-one-document', 'cnpj']);
  });
});

describe('a column of an unknown name', () => {
  const rows = fileOf(
    'nome;cpf;fone;telefone do avalista;loja',
    `Ana;${ANA};11987654811;21987654811;12`,
  );

  it('is named, and told apart where it holds phones', () => {
    expect(planOf(rows).unused).toEqual(['telefone do avalista', 'loja']);
    expect(looksLikePhones('telefone do avalista', rows)).toBe(true);
    expect(looksLikePhones('cpf', rows)).toBe(false);
    expect(looksLikePhones('loja', rows)).toBe(false);
  });

  it('may be given a meaning', () => {
    const given: ColumnMeaning = { kind: 'field', field: 'phone' };
    expect(phonesOf(rows, { 'telefone do avalista': given })).toEqual([
      ['+5511987654811', '+5521987654811'],
    ]);
    expect(() => planOf(rows, { celular: given })).toThrow('columns-unknown');
  });
});

describe('a record of the API', () => {
  it('is refused where its columns do not say whose area code it is', () => {
    const raw = { nome: 'Ana', cpf: ANA, ddd: '11', fone: '34567811', cel: '987654811' };
    expect(importRow(raw)).toMatchObject({
      ok: false,
      code: 'columns-unclear',
      reason: 'columns-area-code',
      field: 'ddd, cel',
    });
  });

  it('may give each phone its own area code', () => {
    const telefones = [
      { ddd: '21', numero: '98765-4811' },
      { ddd: 11, numero: '3456-7811' },
    ];
    const read = importRow({ nome: 'Ana', cpf: ANA, telefones });
    expect(read.ok && read.row.phones.map((one) => one.number)).toEqual([
      '+5521987654811',
      '+551134567811',
    ]);
  });

  it('may have several numbers in the text of its phones', () => {
    const read = importRow({ nome: 'Ana', cpf: ANA, telefones: '11987654811 / 1134567811' });
    expect(read.ok && read.row.phones.map((one) => one.number)).toEqual([
      '+5511987654811',
      '+551134567811',
    ]);
  });
});

describe('values as programs leave them', () => {
  it('are read without the tail of a decimal number, in every column', () => {
    const rows = fileOf(
      'nome;cpf;ddd;telefone;vencimento;valor;contrato',
      `Ana;${ANA}.0;11.0;973104000.0;2026-10-10;150.5;A`,
    );
    expect(rowsOf(rows)[0]).toMatchObject({
      document: ANA,
      phones: [{ number: '+5511973104000' }],
      contracts: [
        { instalments: [{ dueDate: '2026-10-10', originalValue: { centavos: 15_050 } }] },
      ],
    });
  });

  it('are read without the marks that keep them text', () => {
    const rows = fileOf(
      'nome;cpf;telefone;contrato',
      `'Ana;'${ANA};'11987654811;'0001`,
      `Bia;="${BIA}";="11987654812";="0002"`,
      `'t Hooft;="${CAIO}";11987654813;A'3`,
    );
    const read = rowsOf(rows);
    expect(read.map((row) => row.name)).toEqual(['Ana', 'Bia', "'t Hooft"]);
    expect(read.map((row) => row.document)).toEqual([ANA, BIA, CAIO]);
    expect(read.map((row) => row.contracts[0]?.number)).toEqual(['0001', '0002', "A'3"]);
  });

  it.each([
    ['2026-10-10 00:00:00.000', '1234.5600', 123_456],
    ['10/10/2026 23:59:59', '150,0000', 15_000],
  ])(
    'are read with the time and the four decimals of a database: %s, %s',
    (date, value, centavos) => {
      const rows = fileOf(
        'nome;cpf;telefone;venc;valor',
        `Ana;${ANA};11987654811;${date};${value}`,
      );
      expect(rowsOf(rows)[0]?.contracts[0]?.instalments[0]).toMatchObject({
        dueDate: '2026-10-10',
        originalValue: { centavos },
      });
    },
  );
});
