/** Why a row of a list was refused, in the words of the people who correct the file. */

export type RefusalLanguage = 'pt-BR' | 'en';

type Texts = {
  readonly column: string;
  readonly codes: Readonly<Record<string, string>>;
  readonly reasons: Readonly<Record<string, string>>;
  readonly notes: Readonly<Record<string, string>>;
};

/** The sentence for a repair or an omission in a row. */
export function rowNoteWords(code: string, language: RefusalLanguage): string {
  const { notes, reasons } = TEXTS[language];
  return notes[code] ?? reasons[code] ?? code;
}

/** The sentence for a refusal. A code or reason without words is shown as it is. */
export function rowRefusalSentence(
  refusal: { readonly code: string; readonly reason: string; readonly field?: string | null },
  language: RefusalLanguage,
): string {
  const { code, reason, field } = refusal;
  const { column, codes, reasons } = TEXTS[language];
  const what = codes[code] ?? code;
  const why = reasons[reason] ?? (reason === code ? '' : reason);
  const where = field ? ` (${column} ${field})` : '';
  return `${what}${where}${why === '' ? '' : `: ${why}`}`;
}

const TEXTS: Readonly<Record<RefusalLanguage, Texts>> = {
  'pt-BR': {
    column: 'coluna',
    codes: {
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
      'columns-unclear': 'Não dá para saber o que são as colunas',
      'document-of-creditor': 'O CPF/CNPJ é o do credor',
      'too-many-columns': 'A linha tem mais colunas que o cabeçalho',
      'letters-unreadable': 'Letras ilegíveis; salve o arquivo como CSV UTF-8',
      'quote-not-closed': 'Aspas abertas e não fechadas',
      'record-too-long': 'Linha longa demais',
      'storage-refused': 'O banco de dados não aceitou a linha',
    },
    reasons: {
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
      'several-numbers': 'vários telefones onde cabe um',
      'area-codes-differ': 'o DDD da coluna e o do telefone são diferentes',
      'grouping-unclear': 'os separadores não mostram um número inteiro',
      'not-money': 'não é um valor em reais',
      'not-positive': 'o valor deve ser maior que zero',
      'ambiguous-separator': 'escreva 1.234,00 ou 1,23, ou informe o separador decimal do arquivo',
      'not-a-date': 'não é uma data',
      'not-a-list': 'esperava-se uma lista',
      'not-an-object': 'esperava-se um objeto',
      'number-missing': 'falta o número',
      nul: 'há um caractere nulo na linha',
      'columns-ambiguous': 'elas dizem a mesma coisa e discordam',
      'columns-area-code': 'não está claro de qual telefone é o DDD',
    },
    notes: {
      'ninth-digit-inserted': 'nono dígito acrescentado',
      'area-code-assumed': 'DDD da lista usado em telefone sem DDD',
      'carrier-code-dropped': 'código da operadora retirado',
      'extension-cut': 'ramal guardado ao lado do telefone',
      'second-line-cut': 'final de segunda linha retirado do telefone',
      'second-number-taken': 'segundo telefone da mesma célula aproveitado',
      'phone-repeated': 'telefone repetido na linha',
      'too-long': 'célula de telefone muito longa',
      'left-zeros-added': 'zeros à esquerda recolocados',
      'contract-assumed': 'dívida sem número de contrato',
      'instalment-repeated': 'parcela repetida no contrato; vale a última',
      'due-date-far': 'vencimento a mais de dez anos',
      'unknown-state': 'UF desconhecida deixada de fora',
      'not-a-postal-code': 'CEP inválido deixado de fora',
      'not-a-priority': 'prioridade inválida deixada de fora',
      'not-an-email': 'e-mail inválido deixado de fora',
      'double-encoding-repaired': 'acentos consertados',
    },
  },
  en: {
    column: 'column',
    codes: {
      'row-empty': 'Row without any value',
      'name-missing': 'The name is missing',
      'identity-missing': "CPF/CNPJ or the debtor's code is missing",
      'document-invalid': 'Invalid CPF/CNPJ',
      'no-valid-phone': 'No valid phone',
      'due-date-missing': 'The due date is missing',
      'due-date-invalid': 'Invalid due date',
      'value-missing': 'The amount is missing',
      'value-invalid': 'Invalid amount',
      'value-ambiguous': 'Amount that can be read in two ways',
      'too-many-parts': 'Too many items in one row',
      'shape-invalid': 'Invalid structure',
      'columns-unclear': 'It cannot be told what the columns are',
      'document-of-creditor': "The CPF/CNPJ is the creditor's",
      'too-many-columns': 'The row has more columns than the header',
      'letters-unreadable': 'Unreadable letters; save the file as CSV UTF-8',
      'quote-not-closed': 'Quotation mark opened and never closed',
      'record-too-long': 'Row too long',
      'storage-refused': 'The database did not take the row',
    },
    reasons: {
      empty: '',
      encoding: '',
      limit: '',
      'rounded-by-spreadsheet': 'Excel rounded this number; format the column as Text',
      'wrong-length': 'wrong count of digits',
      'repeated-digits': 'repeated digits',
      'check-digits': 'the check digits do not match',
      'not-a-document': 'neither CPF nor CNPJ',
      'unknown-area-code': 'no such area code',
      'not-dialable-service': 'service number (0800, 4004, 3003)',
      'missing-area-code': 'the area code is missing',
      'not-a-number': 'not a phone number',
      foreign: 'phone of another country',
      'several-numbers': 'several phones where one fits',
      'area-codes-differ': 'the area code of the column and that of the phone differ',
      'grouping-unclear': 'the separators do not show a whole number',
      'not-money': 'not an amount in reais',
      'not-positive': 'the amount must be more than zero',
      'ambiguous-separator': "write 1.234,00 or 1,23, or name the file's decimal separator",
      'not-a-date': 'not a date',
      'not-a-list': 'a list was expected',
      'not-an-object': 'an object was expected',
      'number-missing': 'the number is missing',
      nul: 'there is a NUL character in the row',
      'columns-ambiguous': 'they say the same thing and disagree',
      'columns-area-code': 'it is not clear which phone the area code belongs to',
    },
    notes: {
      'ninth-digit-inserted': 'ninth digit added',
      'area-code-assumed': "the list's area code used for a phone without one",
      'carrier-code-dropped': "carrier's code dropped",
      'extension-cut': 'extension kept beside its phone',
      'second-line-cut': "second line's digits cut off a phone",
      'second-number-taken': 'second phone of the same cell taken',
      'phone-repeated': 'phone repeated in the row',
      'too-long': 'very long phone cell',
      'left-zeros-added': 'zeros on the left put back',
      'contract-assumed': 'debt without a contract number',
      'instalment-repeated': 'instalment repeated in its contract; the last one counts',
      'due-date-far': 'due date more than ten years away',
      'unknown-state': 'unknown state left out',
      'not-a-postal-code': 'invalid postal code left out',
      'not-a-priority': 'invalid priority left out',
      'not-an-email': 'invalid e-mail left out',
      'double-encoding-repaired': 'accents mended',
    },
  },
};
