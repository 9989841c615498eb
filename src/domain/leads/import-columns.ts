/** Which field a column of a customer's file is: many names, in Portuguese and English, for one thing. */

export type ImportField =
  | 'externalId'
  | 'name'
  | 'document'
  | 'birthDate'
  | 'creditorKey'
  | 'addressState'
  | 'postalCode'
  | 'email'
  | 'contract'
  | 'product'
  | 'instalment'
  | 'dueDate'
  | 'value'
  | 'valueCentavos'
  | 'updatedValue'
  | 'updatedValueCentavos'
  | 'priority'
  | 'areaCode'
  | 'phone'
  | 'source'
  | 'score'
  | 'phones'
  | 'emails'
  | 'contracts'
  | 'instalments';

/** `column` is its name in the file; `index` the number at its end, as in `fone2`. */
export type ImportColumn = { readonly field: ImportField; readonly index: string };

/** What the column means, or undefined for one that is not ours to keep. */
export function columnOf(header: string): ImportColumn | undefined {
  const known = columns.get(header);
  if (known !== undefined) return known ?? undefined;
  const plain = plainName(header);
  const found = exactly(plain, '') ?? numbered(plain);
  if (columns.size >= COLUMNS_KEPT_MAX) columns.clear();
  columns.set(header, found ?? null);
  return found;
}

const COLUMNS_KEPT_MAX = 2_000;
const columns = new Map<string, ImportColumn | null>();

/** `Telefone_Celular 2` → `telefonecelular2`. */
function plainName(header: string): string {
  return header
    .normalize('NFD')
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '');
}

function exactly(name: string, index: string): ImportColumn | undefined {
  const field = FIELD_OF.get(name);
  return field && { field, index };
}

/** Only what a person has several of is numbered; `contrato2` would lose its instalments. */
function numbered(name: string): ImportColumn | undefined {
  const parts = /^([a-z]+)0*(\d{1,2})([a-z]*)$/.exec(name);
  if (!parts) return undefined;
  const column = exactly(`${parts[1]}${parts[3]}`, parts[2] ?? '');
  return column && NUMBERED.includes(column.field) ? column : undefined;
}

const NUMBERED: readonly ImportField[] = ['phone', 'areaCode', 'email'];

const NAMES: Readonly<Record<ImportField, string>> = {
  externalId:
    'externalid idexterno id codigo codcliente codigocliente coddevedor codigodevedor iddevedor idcliente idcrm matricula',
  name: 'name nome nomecliente nomedocliente nomedevedor nomedodevedor nomecompleto cliente devedor razaosocial',
  document:
    'document documento doc cpf cnpj cpfcnpj cnpjcpf cpfoucnpj nrcpf numcpf numerocpf nrcpfcnpj cgccpf cpfdevedor cpfcliente',
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
    'value amount originalvalue valor valororiginal valorparcela valordaparcela valortitulo valordivida valordadivida valoremaberto vlr vlroriginal vlrparcela vloriginal saldo saldodevedor',
  valueCentavos:
    'valuecentavos originalvaluecentavos amountcentavos valorcentavos valororiginalcentavos',
  updatedValue:
    'updatedvalue updatedamount valoratualizado valorcorrigido vlratualizado vlrcorrigido vlatualizado saldoatualizado',
  updatedValueCentavos: 'updatedvaluecentavos valoratualizadocentavos valorcorrigidocentavos',
  priority: 'priority prioridade',
  areaCode: 'areacode ddd dddpadrao dddfone dddtelefone dddtel dddcelular dddcel',
  phone:
    'phone phonenumber mobile fone telefone tel celular cel whatsapp foneresidencial fonecomercial fonecelular fonefixo fonerecado telefoneresidencial telefonecomercial telefonecelular telefonefixo telefonerecado telres telcom telcel',
  source: 'source origem fonte',
  score: 'score pontuacao',
  phones: 'phones telefones fones',
  emails: 'emails',
  contracts: 'contracts contratos',
  instalments: 'instalments installments parcelas titulos',
};

const FIELD_OF: ReadonlyMap<string, ImportField> = new Map(
  Object.entries(NAMES).flatMap(([field, names]) =>
    names.split(' ').map((name) => [name, field as ImportField] as const),
  ),
);
