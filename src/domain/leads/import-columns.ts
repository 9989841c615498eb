/**
 * The field that a column of a customer's file holds: many names, in Portuguese and English, for
 * the same field.
 */

export const IMPORT_FIELDS = [
  'externalId',
  'name',
  'document',
  'birthDate',
  'creditorKey',
  'addressState',
  'postalCode',
  'email',
  'contract',
  'product',
  'instalment',
  'dueDate',
  'value',
  'valueCentavos',
  'updatedValue',
  'updatedValueCentavos',
  'priority',
  'areaCode',
  'phone',
  'source',
  'score',
  'phones',
  'emails',
  'contracts',
  'instalments',
] as const;

export type ImportField = (typeof IMPORT_FIELDS)[number];

/**
 * What a column's name says. `index` is the number in it, as in `fone2`. `rank` orders the names of
 * one field, the most specific first. `kind` says which of several phones it is about.
 */
export type ImportColumn = {
  readonly field: ImportField;
  readonly index: string;
  readonly rank: number;
  readonly kind: PhoneKind;
  /**
   * Whether the name, like `DDD/Telefone 1`, fits both; its values decide whether it holds area
   * codes or phones.
   */
  readonly isAreaCodeOrPhone: boolean;
};

/**
 * `any`: a phone of unknown kind. `none`: the name mentions no phone, like a bare `ddd`. `every`:
 * all phones.
 */
export type PhoneKind =
  | 'mobile'
  | 'home'
  | 'work'
  | 'fixed'
  | 'messages'
  | 'any'
  | 'every'
  | 'none';

/** The meaning of the column; undefined when it is not ours to store. */
export function columnOf(header: string): ImportColumn | undefined {
  const known = columns.get(header);
  if (known !== undefined) return known ?? undefined;
  const plain = plainName(header);
  const found = exactly(plain) ?? ofPhone(plain) ?? numbered(plain);
  if (columns.size >= COLUMNS_KEPT_MAX) columns.clear();
  columns.set(header, found ?? null);
  return found;
}

const COLUMNS_KEPT_MAX = 2_000;
const columns = new Map<string, ImportColumn | null>();

/** `Telefone_Celular 2` → `telefonecelular2`. */
export function plainName(header: string): string {
  return header
    .normalize('NFD')
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '');
}

function exactly(name: string, index = ''): ImportColumn | undefined {
  const known = FIELD_OF.get(name);
  return known && { ...known, index, kind: 'none', isAreaCodeOrPhone: false };
}

/**
 * Only fields of which a person has several are numbered; `contrato2` would lose its instalments.
 */
function numbered(name: string): ImportColumn | undefined {
  const { letters, index } = withoutNumber(name);
  if (index === '') return undefined;
  const column = exactly(letters, index);
  return column?.field === 'email' ? column : undefined;
}

function withoutNumber(name: string): { readonly letters: string; readonly index: string } {
  const parts = /^([a-z]+)0*(\d{1,2})([a-z]*)$/.exec(name);
  if (!parts) return { letters: name, index: '' };
  return { letters: `${parts[1]}${parts[3]}`, index: parts[2] ?? '' };
}

// ── phones ──────────────────────────────────────────────────────────────────────────────────────

const PHONE_WORDS =
  'telefone|telef|fone|tel|celular|cel|whatsapp|whats|zap|mobile|movel|phonenumber|phone';
/** Words that do not change whose phone it is; `telefone do avalista` is not among them. */
const WORDS_BESIDE =
  'residencial|residencia|res|comercial|comerc|com|fixo|recado|contato|principal|alternativo|adicional|secundario|outro|particular|pessoal|trabalho|devedor|cliente|titular|numero|num|nr|de|do|da|para';
const OF_PHONE = new RegExp(
  `^(ddd|areacode)?(?:e|com)?((?:${PHONE_WORDS}|${WORDS_BESIDE})*?)(?:(?:e|com)?(ddd))?$`,
);
const A_PHONE_WORD = new RegExp(PHONE_WORDS);

const KINDS: readonly (readonly [PhoneKind, RegExp])[] = [
  ['mobile', /cel|whats|zap|mobile|movel/],
  ['messages', /recado/],
  ['home', /res/],
  ['work', /com|trabalho/],
  ['fixed', /fixo/],
];

/**
 * Recognizes names of phones and of their area codes, which are put together from the trade's
 * words.
 */
function ofPhone(name: string): ImportColumn | undefined {
  const { letters, index } = withoutNumber(name);
  if (letters === 'dddpadrao') return areaCodeColumn(index, 'every', false);
  const found = OF_PHONE.exec(letters);
  if (!found) return undefined;
  const [, before, words = '', after] = found;
  const namesPhone = A_PHONE_WORD.test(words);
  const isAreaCode = before !== undefined || after !== undefined;
  const kind = KINDS.find(([, pattern]) => pattern.test(words))?.[0];
  if (isAreaCode) return areaCodeColumn(index, kind ?? (namesPhone ? 'any' : 'none'), namesPhone);
  if (!namesPhone) return undefined;
  return { field: 'phone', index, rank: 0, kind: kind ?? 'any', isAreaCodeOrPhone: false };
}

function areaCodeColumn(index: string, kind: PhoneKind, isAreaCodeOrPhone: boolean): ImportColumn {
  return { field: 'areaCode', index, rank: 0, kind, isAreaCodeOrPhone };
}

// ── names ───────────────────────────────────────────────────────────────────────────────────────

/**
 * The names of each field, the most specific first. Names between bars mean the same: if two of
 * them disagree in a file, nothing here tells which one is meant.
 */
const NAMES: Readonly<Record<Exclude<ImportField, 'phone' | 'areaCode'>, string>> = {
  externalId:
    'externalid idexterno idcrm iddevedor coddevedor codigodevedor | idcliente codcliente codigocliente | id codigo matricula',
  name: 'devedor nomedevedor nomedodevedor | name nome nomecompleto | razaosocial | nomecliente nomedocliente nomepessoa nomedapessoa nometitular nomedotitular nomeconsumidor nomedoconsumidor nomesacado nomedosacado | cliente',
  document:
    'cpfdevedor cpfdodevedor cpfcnpjdevedor cpfcnpjdodevedor | cpf cpfcnpj cnpjcpf cpfoucnpj nrcpf numcpf numerocpf nrcpfcnpj cgccpf | cpfcliente cpfdocliente cpfpessoa cpfdapessoa cpftitular cpfdotitular cpfconsumidor cpfdoconsumidor cpfsacado cpfdosacado | cnpj | document documento doc',
  birthDate: 'birthdate nascimento datanascimento datadenascimento dtnascimento dtnasc',
  creditorKey:
    'creditor creditorkey credor codcredor codigocredor idcredor cnpjcredor empresa empresacredora',
  addressState: 'state addressstate uf estado ufendereco enderecouf ufresidencial ufcliente',
  postalCode:
    'postalcode zip zipcode cep cependereco enderecocep cepresidencial cepresidencia cepcliente cepdevedor codigopostal',
  email: 'email mail correioeletronico',
  contract:
    'contract contractnumber contrato numerocontrato numerodocontrato nrcontrato numcontrato ncontrato',
  product: 'product produto',
  instalment:
    'instalment installment parcela numeroparcela numerodaparcela nrparcela numparcela nparcela idparcela titulo numerotitulo nrtitulo idtitulo',
  dueDate:
    'duedate vencimento datavencimento datadevencimento dtvencimento dtvenc venc vcto dtvcto',
  value:
    'originalvalue valororiginal vlroriginal vloriginal valorparcela valordaparcela vlrparcela valortitulo value valor amount vlr valoremaberto saldodevedor saldo valordivida valordadivida',
  valueCentavos:
    'valuecentavos originalvaluecentavos amountcentavos valorcentavos valororiginalcentavos',
  updatedValue:
    'updatedvalue updatedamount valoratualizado valorcorrigido vlratualizado vlrcorrigido vlatualizado saldoatualizado',
  updatedValueCentavos: 'updatedvaluecentavos valoratualizadocentavos valorcorrigidocentavos',
  priority: 'priority prioridade',
  source: 'source origem fonte',
  score: 'score pontuacao',
  phones: 'phones telefones fones',
  emails: 'emails',
  contracts: 'contracts contratos',
  instalments: 'instalments installments parcelas titulos',
};

const FIELD_OF: ReadonlyMap<string, { readonly field: ImportField; readonly rank: number }> =
  new Map(
    Object.entries(NAMES).flatMap(([field, names]) => {
      const groups = names.includes('|') ? names.split(' | ') : names.split(' ');
      return groups.flatMap((group, rank) =>
        group.split(' ').map((name) => [name, { field: field as ImportField, rank }] as const),
      );
    }),
  );
