import { describe, expect, it } from 'vitest';
import {
  columnOf,
  IMPORT_FIELDS,
  type ImportField,
  type PhoneKind,
  plainName,
} from '../../../src/domain/leads/import-columns.ts';
import { seededRandom } from '../../../src/lib/random.ts';
import { oneOf, whole } from '../../support/walks.ts';

describe('the name of a phone’s column', () => {
  it.each<[string, PhoneKind, string]>([
    ['telefone', 'any', ''],
    ['TEL', 'any', ''],
    ['phone_number', 'any', ''],
    ['telefone 1', 'any', '1'],
    ['FONE_010', 'any', '10'],
    ['Celular', 'mobile', ''],
    ['cel2', 'mobile', '2'],
    ['WhatsApp', 'mobile', ''],
    ['Zap do cliente', 'mobile', ''],
    ['Tel. Móvel', 'mobile', ''],
    ['Telefone Residencial', 'home', ''],
    ['fone_res_2', 'home', '2'],
    ['Telefone Comercial', 'work', ''],
    ['telefone do trabalho', 'work', ''],
    ['Fone Fixo', 'fixed', ''],
    ['telefone recado', 'messages', ''],
    ['Fone p/ recado', 'none', ''],
    // Of two kinds the mobile one counts.
    ['celular comercial', 'mobile', ''],
    ['Número do Telefone', 'any', ''],
    ['telefone do devedor', 'any', ''],
    ['Telefone do Titular 3', 'any', '3'],
    ['outro telefone', 'any', ''],
  ])('%j: of kind %s with number %j', (header, kind, index) => {
    const column = columnOf(header);
    if (kind === 'none') expect(column).toBeUndefined();
    else expect(column).toMatchObject({ field: 'phone', kind, index, isAreaCodeOrPhone: false });
  });

  it.each([
    'telefone do avalista',
    'fone da mãe',
    'telefone do fiador',
    'telefone vizinho',
    'telefonista',
    'contato',
    'residencial',
    'número',
    'operadora do celular',
    'fone 123',
  ])('is not %j: somebody else’s phone, or none', (header) => {
    expect(columnOf(header)).toBeUndefined();
  });
});

describe('the name of an area code’s column', () => {
  it.each<[string, PhoneKind, string, boolean]>([
    ['DDD', 'none', '', false],
    ['ddd2', 'none', '2', false],
    ['area code', 'none', '', false],
    ['ddd_fone', 'any', '', true],
    ['DDD Celular', 'mobile', '', true],
    ['ddd_cel_02', 'mobile', '2', true],
    ['ddd residencial', 'home', '', false],
    ['DDD Res.', 'home', '', false],
    ['DDD Comercial', 'work', '', false],
    ['ddd fixo', 'fixed', '', false],
    ['fone_ddd', 'any', '', true],
    ['Telefone e DDD', 'any', '', true],
    ['DDD e Telefone', 'any', '', true],
    ['Telefone com DDD', 'any', '', true],
    ['DDD/Celular 1', 'mobile', '1', true],
    ['ddd padrão', 'every', '', false],
    ['DDD_PADRAO', 'every', '', false],
  ])('%j: for %s with number %j, perhaps the phone itself: %s', (header, kind, index, both) => {
    expect(columnOf(header)).toMatchObject({
      ...{ field: 'areaCode', kind, index, isAreaCodeOrPhone: both },
    });
  });

  it.each(['ddd do avalista', 'ddi', 'ddd origem', 'código de área do fiador'])(
    'is not %j',
    (header) => {
      expect(columnOf(header)).toBeUndefined();
    },
  );
});

describe('the name of another column', () => {
  /** Headers of lists as creditors and bureaus send them. */
  const HEADERS: Readonly<Partial<Record<ImportField, readonly string[]>>> = {
    externalId: ['ID_CLIENTE', 'cod. cliente', 'Código Devedor', 'Matrícula', 'id externo'],
    name: ['NOME', 'Nome Completo', 'nome_devedor', 'Razão Social', 'Nome do Titular', 'Sacado'],
    document: [
      'CPF',
      'CPF do Devedor',
      'CPF do Titular',
      'CPF/CNPJ',
      'CPF ou CNPJ',
      'cgc_cpf',
      'Documento',
      'nr_cpf_cnpj',
      'CNPJ',
    ],
    birthDate: ['Data de Nascimento', 'DT_NASC', 'nascimento'],
    creditorKey: ['Credor', 'Empresa', 'CNPJ Credor', 'cod_credor'],
    addressState: ['UF', 'Estado', 'uf_endereco'],
    postalCode: ['CEP', 'cep residencial', 'Código Postal'],
    email: ['E-mail', 'EMAIL', 'Correio Eletrônico', 'e-mail 1', 'email_03'],
    contract: ['Contrato', 'Nr. Contrato', 'Número do Contrato'],
    product: ['Produto'],
    instalment: ['Parcela', 'Nr Parcela', 'Título', 'Número da Parcela'],
    dueDate: ['Vencimento', 'Data de Vencimento', 'DT_VENC', 'Vcto'],
    value: ['Valor', 'VALOR ORIGINAL', 'Vlr. Parcela', 'Saldo Devedor', 'Valor em Aberto'],
    updatedValue: ['Valor Atualizado', 'vlr_corrigido', 'Saldo Atualizado'],
    priority: ['Prioridade'],
    source: ['Origem', 'Fonte'],
    score: ['Score', 'Pontuação'],
  };
  const named = Object.entries(HEADERS).flatMap(([field, headers]) =>
    headers.filter((header) => header !== 'Sacado').map((header) => [header, field] as const),
  );

  it.each(named)('%j is the %s', (header, field) => {
    expect(columnOf(header)?.field).toBe(field);
  });

  it.each([
    'Sacado',
    'nome da mãe',
    'Nome 2 do avalista',
    'CPF do cônjuge',
    'cpf avalista',
    'valor pago',
    'data de pagamento',
    'desconto máximo',
    'contrato 2',
    'parcela 12',
    'vencimento 2',
    'observações',
    'bairro',
    '',
    '---',
  ])('%j means nothing here', (header) => {
    expect(columnOf(header)).toBeUndefined();
  });

  it.each(IMPORT_FIELDS.filter((field) => field !== 'areaCode'))(
    '%s is a name of its own field, as the API writes it',
    (field) => {
      expect(columnOf(field)?.field).toBe(field);
    },
  );

  it.each([
    ['devedor', 'nome'],
    ['nome', 'razão social'],
    ['razão social', 'nome do titular'],
    ['nome do titular', 'cliente'],
    ['cpf do devedor', 'cpf'],
    ['cpf', 'cpf do titular'],
    ['cpf do titular', 'cnpj'],
    ['cnpj', 'documento'],
    ['id externo', 'id cliente'],
    ['id cliente', 'código'],
    // Where nothing says which is meant, the order of the names decides.
    ['valor original', 'saldo'],
    ['vencimento', 'venc'],
  ])('%j goes before %j', (one, other) => {
    const rank = (header: string) => columnOf(header)?.rank ?? Number.NaN;
    expect(rank(one)).toBeLessThan(rank(other));
  });

  it.each([
    ['cpf', 'CPF/CNPJ'],
    ['nome do titular', 'nome cliente'],
    ['id cliente', 'cod cliente'],
    ['name', 'nome completo'],
  ])('%j says as much as %j', (one, other) => {
    expect(columnOf(one)?.rank).toBe(columnOf(other)?.rank);
  });
});

describe('how a name is written', () => {
  const written = (header: string, random: () => number): string => {
    const words = header.split(' ').map((word) => {
      const letters = word.normalize(random() < 0.5 ? 'NFC' : 'NFD');
      return random() < 0.5 ? letters.toUpperCase() : letters;
    });
    return ` ${words.join(oneOf(random, [' ', '_', '-', '.', ' / ']))}`.slice(whole(random, 2));
  };

  it('changes nothing: capitals, accents, spaces and marks', () => {
    const random = seededRandom(11);
    const names = [
      'telefone celular 2',
      'data de nascimento',
      'número do contrato',
      'razão social',
    ];
    for (const name of [...names, 'ddd padrão', 'telefone do avalista', 'código do devedor']) {
      for (let time = 0; time < 20; time += 1) {
        expect(columnOf(written(name, random))).toEqual(columnOf(name));
      }
    }
  });

  it('is forgotten for comparing: only letters without accents, and figures, are left', () => {
    expect(plainName(' Nº da Parcela: 03 ')).toBe('ndaparcela03');
    expect(plainName('Telefone_Celular 2')).toBe('telefonecelular2');
    expect(plainName('!?')).toBe('');
  });

  it('means the same after thousands of other names were read', () => {
    const before = columnOf('Fone 7');
    for (let place = 0; place < 4_500; place += 1) columnOf(`coluna ${place}`);
    expect(columnOf('Fone 7')).toEqual(before);
    expect(before).toMatchObject({ field: 'phone', index: '7' });
    expect(columnOf('coluna 12')).toBeUndefined();
  });
});
