/** Why a row was refused, in the words of the people who correct the file. */
export function reasonSentence(refusal: {
  readonly code: string;
  readonly reason: string;
  readonly field?: string;
}): string {
  const { code, reason, field } = refusal;
  const what = CODES[code] ?? code;
  const why = REASONS[reason] ?? (reason === code ? '' : reason);
  const where = field ? ` (coluna ${field})` : '';
  return `${what}${where}${why === '' ? '' : `: ${why}`}`;
}

const CODES: Readonly<Record<string, string>> = {
  'row-empty': 'Linha sem nenhum valor',
  'name-missing': 'Falta o nome',
  'identity-missing': 'Falta CPF/CNPJ ou código do devedor',
  'document-invalid': 'CPF/CNPJ inválido',
  'no-valid-phone': 'Nenhum telefone válido',
  'due-date-missing': 'Falta o vencimento',
  'due-date-invalid': 'Vencimento inválido',
  'value-missing': 'Falta o valor',
  'value-invalid': 'Valor inválido',
  'value-ambiguous': 'Valor com dois sentidos possíveis',
  'too-many-parts': 'Itens demais em uma linha',
  'shape-invalid': 'Estrutura inválida',
  'too-many-columns': 'A linha tem mais colunas que o cabeçalho',
  'letters-unreadable': 'Letras ilegíveis; salve o arquivo como CSV UTF-8',
  'quote-not-closed': 'Aspas abertas e não fechadas',
  'record-too-long': 'Linha longa demais',
};

const REASONS: Readonly<Record<string, string>> = {
  empty: '',
  encoding: '',
  limit: '',
  'rounded-by-spreadsheet': 'o Excel arredondou este número; formate a coluna como Texto',
  'wrong-length': 'quantidade de dígitos errada',
  'repeated-digits': 'dígitos repetidos',
  'check-digits': 'dígitos verificadores não conferem',
  'not-a-document': 'não é CPF nem CNPJ',
  'unknown-area-code': 'DDD inexistente',
  'not-dialable-service': 'número de serviço (0800, 4004, 3003)',
  'missing-area-code': 'falta o DDD',
  'not-a-number': 'não é um telefone',
  foreign: 'telefone de outro país',
  'not-money': 'não é um valor em reais',
  'not-positive': 'o valor deve ser maior que zero',
  'ambiguous-separator': 'escreva 1.234,00 ou 1,23, ou informe o separador decimal do arquivo',
  'not-a-date': 'não é uma data',
  'not-a-list': 'esperava-se uma lista',
  'not-an-object': 'esperava-se um objeto',
  'number-missing': 'falta o número',
};
