import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ColumnMeaning } from '../../../src/domain/leads/column-evidence.ts';
import { looksLikePhones, planColumns } from '../../../src/domain/leads/column-plan.ts';
import { ANA, BIA, CAIO, fileOf, LENDER, planOf, questionOf, rowsOf } from './builders.ts';

/** The columns of a plan as `name Nome`, in their order. */
function columnsOf(...file: Parameters<typeof planOf>) {
  return planOf(...file).columns.map(({ field, header }) => `${field} ${header}`);
}

describe('of several columns for one field', () => {
  it('the more specific name comes first, wherever it stands', () => {
    const rows = fileOf('Cliente;Razão Social;Nome;CPF', `Ana;Ana;Ana;${ANA}`);
    expect(columnsOf(rows)).toEqual([
      ...['name Nome', 'name Razão Social', 'name Cliente', 'document CPF'],
    ]);
  });

  it('a second one fills what the first leaves empty, row by row', () => {
    const rows = fileOf(
      'Devedor;Nome;CPF;Fone',
      `Ana;;${ANA};11987654811`,
      `;Bia;${BIA};11987654812`,
    );
    expect(rowsOf(rows).map((row) => row.name)).toEqual(['Ana', 'Bia']);
  });

  it('the one that disagrees with the first is left out, where nobody is named by it', () => {
    const rows = fileOf(
      'nome;cpf;fone;contrato;venc;vencimento;valor;saldo',
      `Ana;${ANA};11987654811;A;10/08/2026;11/08/2026;100,00;90,00`,
    );
    const [instalment] = rowsOf(rows)[0]!.contracts[0]!.instalments;
    expect(instalment).toMatchObject({
      ...{ dueDate: '2026-08-11', originalValue: { centavos: 10_000 } },
    });
    expect(planOf(rows).unused).toEqual(['venc', 'saldo']);
  });

  it('equal values do not disagree, however they are written', () => {
    const rows = fileOf(
      'nome;Razão Social;cpf;cpf_cnpj;fone',
      `Ana Sá;ANA SA;${ANA};529.982.247-25;11987654811`,
    );
    expect(questionOf(rows)).toBeUndefined();
    expect(planOf(rows).unused).toEqual([]);
  });

  it('one disagreement in the first rows is enough to ask', () => {
    const agreeing = Array.from({ length: 30 }, () => `Ana;Ana;${ANA};11987654811`);
    const header = 'nome;name;cpf;fone';
    expect(questionOf(fileOf(header, ...agreeing))).toBeUndefined();
    expect(questionOf(fileOf(header, ...agreeing, `Ana;Bia;${ANA};11987654811`))).toEqual([
      ...['columns-ambiguous', 'nome', 'name'],
    ]);
  });

  it('a third one is compared with every one that was kept', () => {
    const rows = fileOf('nome;name;nome completo;cpf', `Ana;;;${ANA}`, `;Bia;Eva;${BIA}`);
    expect(questionOf(rows)).toEqual(['columns-ambiguous', 'nome', 'nome completo']);
  });

  it('all phones and e-mails are kept, in the order of the file', () => {
    const rows = fileOf('cel;e-mail 2;fone;email;zap;nome', '1;a;2;b;3;Ana');
    expect(columnsOf(rows)).toEqual([
      ...['phone cel', 'phone fone', 'phone zap', 'email e-mail 2', 'email email', 'name nome'],
    ]);
  });

  it('one whose values cannot be a document is left out, unless no other can', () => {
    const header = 'CPF;Documento;nome;fone';
    const onlyOther = fileOf(header, `12;${ANA};Ana;11987654811`, `13;${BIA};Bia;11987654812`);
    expect(rowsOf(onlyOther).map((row) => row.document)).toEqual([ANA, BIA]);
    const neither = fileOf(header, '12;12;Ana;11987654811');
    expect(columnsOf(neither)).toContain('document CPF');
    const half = fileOf(header, `12;${ANA};Ana;1`, `${BIA};${BIA};Bia;2`);
    expect(columnsOf(half)[0]).toBe('document CPF');
    const third = fileOf(header, `12;${ANA};Ana;1`, `13;${BIA};Bia;2`, `${CAIO};${CAIO};Caio;3`);
    expect(columnsOf(third)[0]).toBe('document Documento');
  });

  it('one with a number after its name is a second one only beside the first', () => {
    expect(columnsOf(fileOf('nome;nome 2;cpf', `Ana;;${ANA}`))).toContain('name nome 2');
    expect(planOf(fileOf('nome 2;cpf', `Ana;${ANA}`)).unused).toEqual(['nome 2']);
  });

  it('one that is empty in the first rows may still be right', () => {
    const rows = fileOf('cpf;cnpj;nome', `${ANA};;Ana`, `${BIA};;Bia`);
    expect(columnsOf(rows)).toEqual(['document cpf', 'document cnpj', 'name nome']);
  });

  it('the only one is taken whatever it holds', () => {
    expect(columnsOf(fileOf('nome;cpf', '00017;x'))).toEqual(['name nome', 'document cpf']);
  });
});

describe('beside a debtor, the client', () => {
  it('keeps neither name, document, id nor phone, but all else', () => {
    const rows = fileOf(
      'Devedor;CPF;Nome Cliente;CPF Cliente;ID Cliente;Telefone Cliente;CEP Cliente;Fone',
      `Ana;${ANA};Loja;${LENDER};77;1134567811;01310100;11987654811`,
    );
    expect(planOf(rows).unused).toEqual([
      ...['Nome Cliente', 'CPF Cliente', 'ID Cliente', 'Telefone Cliente'],
    ]);
    expect(rowsOf(rows)[0]).toMatchObject({ document: ANA, postalCode: '01310100' });
  });

  it.each(['Devedor', 'CPF Devedor', 'Telefone do Devedor', 'ID Devedor'])(
    'is the creditor where a column is called %s',
    (header) => {
      const rows = fileOf(`Nome Cliente;${header}`, ';');
      expect(planOf(rows).unused).toEqual(['Nome Cliente']);
    },
  );

  it.each(['CEP Devedor', 'Saldo Devedor'])(
    'is the debtor where only a column that names nobody is called %s',
    (header) => {
      const rows = fileOf(`Nome Cliente;${header}`, ';');
      expect(planOf(rows).unused).toEqual([]);
    },
  );

  it('is the debtor where the user says so', () => {
    const rows = fileOf('Cliente;Devedor;CPF', `Ana;12;${ANA}`);
    const given: ColumnMeaning = { kind: 'field', field: 'name' };
    expect(columnsOf(rows, { Cliente: given })).toEqual(['name Cliente', 'document CPF']);
  });
});

describe('what the user says of a column', () => {
  const header = 'nome;cpf;fone;loja;obs';
  const rows = fileOf(header, `Ana;${ANA};11987654811;Centro;21987654811`);

  it('goes before its name and its values', () => {
    expect(
      columnsOf(rows, { nome: { kind: 'ignore' }, loja: { kind: 'field', field: 'name' } }),
    ).toEqual([`document cpf`, 'phone fone', 'name loja']);
    expect(planOf(rows, { nome: { kind: 'ignore' } }).unused).toEqual(['nome', 'loja', 'obs']);
  });

  it('goes before all other columns of that field, which are not compared with it', () => {
    const two = fileOf('nome;name;cpf', `Ana;Bia;${ANA}`);
    expect(columnsOf(two, { name: { kind: 'field', field: 'name' } })).toEqual([
      ...['name name', 'document cpf'],
    ]);
  });

  it('goes before the most specific name, and is taken whatever the column holds', () => {
    const two = fileOf('Devedor;loja;cpf;código', `Ana;Bia;${ANA};12`);
    const given: Readonly<Record<string, ColumnMeaning>> = {
      loja: { kind: 'field', field: 'name' },
      código: { kind: 'field', field: 'document' },
    };
    expect(columnsOf(two, given)).toEqual(['name loja', 'document código']);
  });

  it('that names a column twice is asked about if the columns disagree', () => {
    const two = fileOf('nome;loja;cpf', `Ana;Bia;${ANA}`);
    const name: ColumnMeaning = { kind: 'field', field: 'name' };
    expect(questionOf(two, { nome: name, loja: name })).toEqual([
      ...['columns-ambiguous', 'nome', 'loja'],
    ]);
  });

  it('about columns that the file has not is asked back, each of them', () => {
    const given: Readonly<Record<string, ColumnMeaning>> = {
      obs: { kind: 'ignore' },
      bairro: { kind: 'ignore' },
      loja: { kind: 'area-code-of', phones: ['fone', 'cel'] },
    };
    expect(questionOf(rows, given)).toEqual(['columns-unknown', 'bairro', 'cel']);
  });

  it('makes one document for all rows right', () => {
    const lines = ['Ana', 'Bia', 'Caio'].map((name) => `${name};${LENDER};11987654811`);
    const one = fileOf('nome;cnpj;fone', ...lines);
    expect(questionOf(one)).toEqual(['columns-one-document', 'cnpj']);
    expect(questionOf(one, { cnpj: { kind: 'field', field: 'document' } })).toBeUndefined();
  });
});

describe('one document in all rows', () => {
  const withNames = (names: readonly string[], document: string = LENDER) =>
    fileOf('nome;cnpj', ...names.map((name) => `${name};${document}`));

  it.each<[string, readonly string[], boolean]>([
    ['one name', ['Ana'], false],
    ['one name in many rows, one for each instalment', Array<string>(50).fill('Ana'), false],
    ['two names, as a company may have', ['Ana', 'Ana Ltda.', 'Ana'], false],
    ['one name written three ways', ['Ana', 'ANA', 'aná'], false],
    ['three names', ['Ana', 'Bia', 'Caio'], true],
  ])('with %s is asked about: %s', (_name, names, isAsked) => {
    expect(questionOf(withNames(names)) !== undefined).toBe(isAsked);
  });

  it('is not there where a second one is, nor where there is none', () => {
    const names = ['Ana', 'Bia', 'Caio'];
    const rows = [...withNames(names), ...withNames(['Eva'], ANA)];
    expect(questionOf(rows)).toBeUndefined();
    expect(questionOf(withNames(names, ''))).toBeUndefined();
    expect(questionOf(fileOf('cnpj', LENDER, LENDER, LENDER))).toBeUndefined();
  });

  it('is asked about although some rows have none', () => {
    const rows = [...withNames(['Ana', 'Bia', 'Caio']), ...withNames(['Eva', 'Rui'], '')];
    expect(questionOf(rows)).toEqual(['columns-one-document', 'cnpj']);
  });
});

describe('whether a column holds phones', () => {
  const looks = (...values: readonly string[]) => looksLikePhones('x', fileOf('x', ...values));

  it.each<[string, readonly string[], boolean]>([
    ['mobile numbers', ['11987654811', '(21) 98765-4812'], true],
    ['landlines of ten digits', ['1134567811'], true],
    ['numbers without an area code', ['987654811', '34567811'], false],
    ['documents', [ANA, BIA], false],
    ['a company’s documents', [LENDER], false],
    ['dates', ['10/08/2026'], false],
    ['amounts', ['1.234.567,89'], false],
    ['nothing', ['', ''], false],
    ['half of them phones', ['11987654811', 'sem fone'], true],
    ['less than half of them phones', ['11987654811', 'a', 'b'], false],
    ['phones and empty cells', ['11987654811', '', '', ''], true],
  ])('%s, as in %j: %s', (_name, values, isPhones) => {
    expect(looks(...values)).toBe(isPhones);
  });
});

describe('a column called DDD that may hold whole phones', () => {
  const fieldOf = (header: string, ...values: readonly string[]) =>
    planColumns(['nome', header], fileOf(`nome;${header}`, ...values.map((one) => `Ana;${one}`)));

  it.each<[string, readonly string[], boolean]>([
    ['ddd_telefone', ['11987654811'], true],
    ['ddd_telefone', ['34567811'], true],
    ['ddd_telefone', ['3456781'], false],
    ['ddd_telefone', ['11'], false],
    ['ddd', ['11987654811'], true],
    ['ddd', ['11', '11987654811'], true],
    ['ddd', ['11', '11', '11987654811'], false],
    // Without values the name decides, if it joins both words.
    ['DDD/Telefone', [''], true],
    ['DDD + Telefone', [''], true],
    ['DDD & Fone', [''], true],
    ['DDD e Telefone', [''], true],
    ['Telefone com DDD', [''], true],
    ['ddd_telefone', [''], false],
    ['ddd', [''], false],
    ['DDD/Residencial', [''], false],
  ])('%j with %j is a phone: %s', (header, values, isPhone) => {
    const planned = fieldOf(header, ...values);
    const columns = planned.ok ? planned.plan.columns : [];
    expect(columns.some((one) => one.header === header && one.field === 'phone')).toBe(isPhone);
  });
});

describe('the order of columns', () => {
  it('changes nothing in what a row means, where each phone has its own area code by name', () => {
    const cells: Readonly<Record<string, string>> = {
      ...{ nome: 'Ana', cpf: ANA, ddd1: '11', fone1: '34567811', ddd2: '21', fone2: '987654811' },
      ...{
        ddd_cel: '31',
        cel: '987654812',
        contrato: 'A',
        valor: '10,00',
        vencimento: '10/08/2026',
      },
      ...{ email: 'a@x.com.br', loja: '12', uf: 'SP' },
    };
    const names = Object.keys(cells);
    const meaningOf = (headers: readonly string[]) => {
      const row = Object.fromEntries(headers.map((header) => [header, cells[header] ?? '']));
      const [read] = rowsOf([row]);
      const { phones, ...rest } = read!;
      return { ...rest, numbers: phones.map((phone) => phone.number).toSorted() };
    };
    const usual = meaningOf(names);
    expect(usual.numbers).toEqual(['+551134567811', '+5521987654811', '+5531987654812']);
    fc.assert(
      fc.property(fc.shuffledSubarray(names, { minLength: names.length }), (headers) => {
        expect(meaningOf(headers)).toEqual(usual);
      }),
      { numRuns: 100, seed: 97 },
    );
  });
});
