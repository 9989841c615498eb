import { describe, expect, it } from 'vitest';
import { importRow, type LeadRow } from '../../../src/domain/leads/import-row.ts';
import { ANA, BIA, CAIO, fileOf, LENDER, planOf, rowOf, rowsOf, warningsOf } from './builders.ts';

function reais({ centavos }: { readonly centavos: number }): string {
  return (centavos / 100).toFixed(2);
}

/** A row in short lines: who, which numbers, which debts, and what was said. */
function wordsOf(row: LeadRow): readonly string[] {
  const { externalId, name, document, creditorKey, addressState, emails, extras } = row;
  const who = [externalId, name, document, creditorKey, addressState, ...emails];
  return [
    who.filter((one) => one !== undefined).join(' | '),
    row.phones
      .map(({ number, extension }) => `${number.slice(3)}${extension ? ` r ${extension}` : ''}`)
      .join(' '),
    ...row.contracts.map(({ number, product, instalments }) =>
      [
        `${number}${product === undefined ? '' : ` (${product})`}`,
        ...instalments.map(
          (one) =>
            `${one.number}: ${one.dueDate} ${reais(one.originalValue)}${one.updatedValue ? ` → ${reais(one.updatedValue)}` : ''}`,
        ),
      ].join(' / '),
    ),
    ...warningsOf(row),
    ...(extras.length > 0 ? [`dropped: ${extras.join(', ')}`] : []),
  ];
}

function read(header: string, ...lines: readonly string[]) {
  return rowsOf(fileOf(header, ...lines)).map(wordsOf);
}

describe('a list of a bank', () => {
  it('has each kind of phone beside its area code, and values with interest', () => {
    const header =
      'COD_CREDOR;COD_DEVEDOR;NOME_DEVEDOR;CPF_CNPJ;DDD_RES;FONE_RES;DDD_CEL;FONE_CEL;UF;CONTRATO;PRODUTO;PARCELA;DT_VENC;VLR_ORIGINAL;VLR_ATUALIZADO;FAIXA_ATRASO';
    expect(
      read(
        header,
        `12;900001;MARIA EXEMPLO;${ANA};11;34567801;11;987654801;SP;0001-7;CDC;3;10/08/2026;1.234,56;1.301,10;31-60`,
        `12;900002;JOSE EXEMPLO;${BIA};;;92;987654802;AM;0002-5;CARTAO;1;05/07/2026;89,90;89,90;61-90`,
      ),
    ).toEqual([
      [
        `900001 | MARIA EXEMPLO | ${ANA} | 12 | SP`,
        '1134567801 11987654801',
        '0001-7 (CDC) / 3: 2026-08-10 1234.56 → 1301.10',
        'dropped: FAIXA_ATRASO',
      ],
      [
        `900002 | JOSE EXEMPLO | ${BIA} | 12 | AM`,
        '92987654802',
        '0002-5 (CARTAO) / 1: 2026-07-05 89.90 → 89.90',
        'dropped: FAIXA_ATRASO',
      ],
    ]);
  });
});

describe('a list of a shop', () => {
  it('calls the debtor a client, and has up to four phones of which many are empty', () => {
    expect(
      read(
        'Código;Cliente;CPF;E-mail;Tel. 1;Tel. 2;Tel. 3;WhatsApp;Título;Vencto;Vcto;Valor',
        `77;Ana Exemplo;${ANA};ANA@EXEMPLO.COM.BR;(11) 3456-7801;;;11 98765-4801;T-1;;10/08/2026;R$ 150,00`,
      ),
    ).toEqual([
      [
        `77 | Ana Exemplo | ${ANA} | ana@exemplo.com.br`,
        '1134567801 11987654801',
        '77 / T-1: 2026-08-10 150.00',
        'contrato: contract-assumed',
      ],
    ]);
  });
});

describe('a list of a school', () => {
  it('has the pupil beside the person who pays, and no documents of the pupil', () => {
    const rows = fileOf(
      'Matrícula;Aluno;Nome do Responsável;Nome do Titular;CPF do Titular;Celular;Parcela;Vencimento;Saldo',
      `2026-17;Davi;Eva Exemplo;Eva Exemplo;${BIA};(85) 99876-5432;05/12;05/05/2026;780`,
    );
    expect(rowsOf(rows).map(wordsOf)).toEqual([
      [
        `2026-17 | Eva Exemplo | ${BIA}`,
        '85998765432',
        '2026-17 / 05/12: 2026-05-05 780.00',
        'contrato: contract-assumed',
        'dropped: Aluno, Nome do Responsável',
      ],
    ]);
  });
});

describe('a list of a service bureau', () => {
  it('has people and phones only, with whole numbers under names that say so', () => {
    const header = 'Nome;CPF;DDD/Telefone 1;DDD/Telefone 2;Telefone de Contato;Fone 2 Recado';
    const rows = fileOf(header, `Caio Exemplo;${CAIO};11987650601;1134560601;21987658048;`);
    expect(rowsOf(rows).map(wordsOf)).toEqual([
      [`Caio Exemplo | ${CAIO}`, '11987650601 1134560601 21987658048'],
    ]);
    expect(planOf(rows).unused).toEqual([]);
  });
});

describe('a list of an agency, with its client in each row', () => {
  it('is about the debtor, and the client’s columns are dropped', () => {
    expect(
      read(
        'Cliente;CNPJ Cliente;Devedor;CPF;Telefone;Vencimento;Valor;Contrato',
        `Lojas Exemplo;${LENDER};Maria Aparecida Exemplo;${ANA};11987658042;10/10/2026;100,00;C-1`,
      ),
    ).toEqual([
      [
        `Maria Aparecida Exemplo | ${ANA}`,
        '11987658042',
        'C-1 / 1: 2026-10-10 100.00',
        'dropped: Cliente, CNPJ Cliente',
      ],
    ]);
  });
});

describe('a list of invoices', () => {
  it('has a number under “documento” and a person under “CPF”', () => {
    expect(
      read(
        'Documento;Nome;CPF;Telefone;Vencimento;Valor',
        `457300;Nota Exemplo;${ANA};11987658043;10/10/2026;100,00`,
        `457301;Nota Exemplar;${BIA};11987658044;10/10/2026;100,00`,
      ),
    ).toEqual([
      [
        `Nota Exemplo | ${ANA}`,
        '11987658043',
        '1 / 1: 2026-10-10 100.00',
        'contrato: contract-assumed',
        'dropped: Documento',
      ],
      [
        `Nota Exemplar | ${BIA}`,
        '11987658044',
        '1 / 1: 2026-10-10 100.00',
        'contrato: contract-assumed',
        'dropped: Documento',
      ],
    ]);
  });
});

describe('a list saved by a program that reads numbers', () => {
  it('has tails of nought in every column, and loses none of its meaning', () => {
    expect(
      read(
        'nome;cpf;ddd;telefone;contrato;vencimento;valor',
        `Ana Exemplo;${ANA}.0;11.0;987657000.0;S1;2026-10-10 00:00:00.000;1234.5600`,
      ),
    ).toEqual([[`Ana Exemplo | ${ANA}`, '11987657000', 'S1 / 1: 2026-10-10 1234.56']]);
  });

  it('lost the noughts at the front of CPF and CEP, which are restored and told', () => {
    const rows = fileOf('nome;cpf;cep;telefone', 'Ana Exemplo;1234567890;1310100;11987657000');
    const [row] = rowsOf(rows);
    expect(row).toMatchObject({ document: '01234567890', postalCode: '01310100' });
    expect(row && warningsOf(row)).toEqual(['cpf: left-zeros-added', 'cep: left-zeros-added']);
  });
});

describe('a list in English', () => {
  it('means the same as one in Portuguese', () => {
    const english = 'external id;name;document;phone number;contract;due date;amount;state;zip';
    const portuguese = 'id externo;nome;documento;telefone;contrato;vencimento;valor;uf;cep';
    const line = `X-1;Ana Exemplo;${ANA};11987654801;A-7;2026-08-10;150.00;SP;01310-100`;
    expect(rowsOf(fileOf(english, line))).toEqual(rowsOf(fileOf(portuguese, line)));
    expect(read(english, line)[0]?.[0]).toBe(`X-1 | Ana Exemplo | ${ANA} | SP`);
  });
});

describe('a list with a phone in each row', () => {
  it('repeats the person, once with each number', () => {
    const rows = read(
      'nome;cpf;ddd;numero telefone;contrato;parcela;vencimento;valor',
      `Ana Exemplo;${ANA};11;987654801;A-7;1;10/08/2026;100,00`,
      `Ana Exemplo;${ANA};21;34567801;A-7;2;10/09/2026;100,00`,
    );
    expect(rows.map(([who]) => who)).toEqual([`Ana Exemplo | ${ANA}`, `Ana Exemplo | ${ANA}`]);
    expect(rows.map(([, phones]) => phones)).toEqual(['11987654801', '2134567801']);
  });
});

describe('a record of a CRM', () => {
  it('is nested, and says the same as the flat row of one instalment', () => {
    const flat = {
      ...{ idExterno: 'X-1', nome: 'Ana Exemplo', cpfCnpj: ANA, credor: '12', uf: 'SP' },
      ...{ telefone: '11987654801', contrato: 'A-7', produto: 'CDC', parcela: '3' },
      ...{ vencimento: '2026-08-10', valor: 150, valorAtualizado: 160.5 },
    };
    const nested = {
      ...{ idExterno: 'X-1', nome: 'Ana Exemplo', cpfCnpj: ANA, credor: '12', uf: 'SP' },
      telefones: [{ numero: '11987654801' }],
      contratos: [
        {
          ...{ numero: 'A-7', produto: 'CDC' },
          parcelas: [
            {
              numero: '3',
              vencimento: '2026-08-10',
              valorCentavos: 15_000,
              valorAtualizado: 160.5,
            },
          ],
        },
      ],
    };
    expect(rowOf(importRow(nested))).toEqual(rowOf(importRow(flat)));
  });

  it('may have its area codes in columns that it does not explain: it is refused, not guessed', () => {
    const record = { nome: 'Ana', cpf: ANA, fone: '987654801', ddd: '11', cel: '987654802' };
    expect(importRow(record)).toEqual({
      ...{
        ok: false,
        code: 'columns-unclear',
        reason: 'columns-area-code',
        field: 'fone, ddd, cel',
      },
    });
  });
});
