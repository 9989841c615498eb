import { describe, expect, it } from 'vitest';
import { cellText } from '../../../src/domain/leads/cell-text.ts';
import { importRow } from '../../../src/domain/leads/import-row.ts';
import { countedColumnName } from '../../../src/domain/leads/unused-columns.ts';
import { ANA, LENDER, rowOf, warningsOf } from './builders.ts';

const PERSON = { nome: 'Ana', cpf: ANA, fone: '11987654321' };

function read(cells: Readonly<Record<string, unknown>>) {
  return importRow({ ...PERSON, ...cells });
}

describe('the text of a cell', () => {
  it.each<[unknown, string | undefined]>([
    ['  Ana  ', 'Ana'],
    ['', ''],
    [0, '0'],
    [-1.5, '-1.5'],
    ["'0001", '0001'],
    ['="0001"', '0001'],
    [true, undefined],
    [null, undefined],
    [undefined, undefined],
    [Number.NaN, undefined],
    [Number.POSITIVE_INFINITY, undefined],
    [['a'], undefined],
    [{ a: 1 }, undefined],
  ])('of %j is %j', (value, text) => {
    expect(cellText(value)).toBe(text);
  });

  it('is cut after two hundred letters, the name of a column that is only counted after 120', () => {
    expect(cellText('a'.repeat(200))).toHaveLength(200);
    expect(cellText('a'.repeat(201))).toHaveLength(200);
    expect(countedColumnName('b'.repeat(120))).toHaveLength(120);
    expect(countedColumnName(`${'b'.repeat(120)}c`)).toBe('b'.repeat(120));
  });
});

describe('who a row is about', () => {
  it.each<[string, Record<string, unknown>, object]>([
    ['by CPF', {}, { document: ANA, documentKind: 'cpf' }],
    ['by CNPJ', { cpf: LENDER }, { document: LENDER, documentKind: 'cnpj' }],
    ['by a CPF with marks', { cpf: '529.982.247-25' }, { document: ANA }],
    ['by the creditor’s id', { cpf: '', id: 'CRM-9' }, { externalId: 'CRM-9' }],
    ['by both', { id: 7 }, { document: ANA, externalId: '7' }],
  ])('is known %s', (_name, cells, expected) => {
    expect(rowOf(read(cells))).toMatchObject(expected);
  });

  it('has no document where the cell is empty, and no id', () => {
    const row = rowOf(read({ cpf: '', id: 'CRM-9' }));
    expect(row).not.toHaveProperty('document');
    expect(row).not.toHaveProperty('documentKind');
    expect(rowOf(read({ id: '' }))).not.toHaveProperty('externalId');
  });

  it('is told when a zero of the document had to be restored', () => {
    const row = rowOf(read({ cpf: 1_234_567_890 }));
    expect(row.document).toBe('01234567890');
    expect(warningsOf(row)).toEqual(['cpf: left-zeros-added']);
  });

  it.each([
    ['529.982.247-26', 'check-digits'],
    ['11111111111', 'repeated-digits'],
    ['1234', 'wrong-length'],
    ['5,29982E+10', 'rounded-by-spreadsheet'],
    ['não tem', 'not-a-document'],
  ])('is not taken by its id where its CPF is %j: %s', (cpf, reason) => {
    expect(read({ cpf, id: 'CRM-9' })).toEqual({
      ...{ ok: false, code: 'document-invalid', reason, field: 'cpf', externalId: 'CRM-9' },
    });
  });

  it.each([[''], ['   '], [null], [true], [['Ana']]])('is refused with the name %j', (nome) => {
    expect(read({ nome })).toMatchObject({ ok: false });
    expect(read({ nome })).toMatchObject({ code: 'name-missing', field: 'nome' });
  });

  it('is refused first for the name, then for who it is, then for the phone', () => {
    const nothing = { nome: '', cpf: '', fone: '', cep: '01234567' };
    expect(importRow(nothing)).toMatchObject({ code: 'name-missing' });
    expect(importRow({ ...nothing, nome: 'Ana' })).toMatchObject({ code: 'identity-missing' });
    expect(importRow({ ...nothing, nome: 'Ana', cpf: ANA })).toMatchObject({
      code: 'no-valid-phone',
    });
  });

  it('is empty only where no cell with a meaning has a value', () => {
    expect(importRow({})).toEqual({ ok: false, code: 'row-empty', reason: 'empty' });
    expect(importRow({ nome: ' ', loja: '12' })).toMatchObject({ code: 'row-empty' });
    expect(importRow({ nome: ' ', uf: 'SP' })).toMatchObject({ code: 'name-missing' });
  });
});

describe('a cell of a row', () => {
  it.each([
    ['0', 0],
    ['7', 7],
    [' 80 ', 80],
    [100, 100],
    ['007', 7],
  ])('may give %j as priority', (prioridade, priority) => {
    const row = rowOf(read({ prioridade }));
    expect(row.priority).toBe(priority);
    expect(warningsOf(row)).toEqual([]);
  });

  it.each(['101', '-1', '7.5', '1000', 'alta', 1e21])(
    'gives no priority with %j, and that is said',
    (prioridade) => {
      const row = rowOf(read({ prioridade }));
      expect(row).not.toHaveProperty('priority');
      expect(warningsOf(row)).toEqual(['prioridade: not-a-priority']);
    },
  );

  it.each(['31/02/1980', 'não informado', '1980'])(
    'gives no birth date with %j, and that is said',
    (nascimento) => {
      const row = rowOf(read({ nascimento }));
      expect(row).not.toHaveProperty('birthDate');
      expect(warningsOf(row)).toEqual(['nascimento: not-a-date']);
    },
  );

  it.each([
    ['SP', 'SP'],
    [' rj ', 'RJ'],
    ['São Paulo', undefined],
    ['BR', undefined],
  ])('%j gives the state %s', (uf, state) => {
    const row = rowOf(read({ uf }));
    expect(row.addressState).toBe(state);
    expect(warningsOf(row)).toEqual(state === undefined ? ['uf: unknown-state'] : []);
  });

  it.each(['ana', 'ana@', '@x.com', 'ana@x', 'ana@x.c', 'a b@x.com', 'a@b@x.com'])(
    'gives no e-mail with %j, and that is said',
    (email) => {
      const row = rowOf(read({ email }));
      expect(row.emails).toEqual([]);
      expect(warningsOf(row)).toEqual(['email: not-an-email']);
    },
  );

  it('is named where its column has no meaning, and its value is kept nowhere', () => {
    const row = rowOf(read({ loja: '12', bairro: ' ', 'nome da mãe': 'Eva', rua: null }));
    expect(row.extras).toEqual(['loja', 'nome da mãe']);
    expect(JSON.stringify(row)).not.toContain('Eva');
  });
});

describe('the e-mails of a row', () => {
  it('come from every column and list, in small letters, each once', () => {
    const row = rowOf(
      read({
        email: 'Ana@X.com.br',
        'e-mail 2': 'b@x.com.br',
        email3: 'ana@x.com.br',
        emails: ['c@x.com.br', 'B@x.com.br', 'nada'],
      }),
    );
    expect(row.emails).toEqual(['ana@x.com.br', 'b@x.com.br', 'c@x.com.br']);
    expect(warningsOf(row)).toEqual(['emails.2: not-an-email']);
  });

  it('may be two hundred in a list, and not one more', () => {
    const emails = (count: number) => Array.from({ length: count }, (_, n) => `a${n}@x.com.br`);
    expect(rowOf(read({ emails: emails(200) })).emails).toHaveLength(200);
    expect(read({ emails: emails(201) })).toMatchObject({
      code: 'too-many-parts',
      field: 'emails',
    });
    expect(read({ emails: 'a@x.com.br' })).toMatchObject({ reason: 'not-a-list' });
  });
});
