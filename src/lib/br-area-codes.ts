import type { ZoneName } from './time.ts';

/**
 * The 67 area codes (DDD) of Brazil, with the states they serve and the legal time zones of those
 * states.
 *
 * We keep our own data because libphonenumber's zones are wrong for Brazil: they put Recife on the
 * time of Fernando de Noronha and parts of Pará on that of Manaus, so we would dial at seven in the
 * morning. Zones follow Lei 12.876/2013 and the tz database.
 */
export type StateCode =
  | 'AC'
  | 'AL'
  | 'AM'
  | 'AP'
  | 'BA'
  | 'CE'
  | 'DF'
  | 'ES'
  | 'GO'
  | 'MA'
  | 'MG'
  | 'MS'
  | 'MT'
  | 'PA'
  | 'PB'
  | 'PE'
  | 'PI'
  | 'PR'
  | 'RJ'
  | 'RN'
  | 'RO'
  | 'RR'
  | 'RS'
  | 'SC'
  | 'SE'
  | 'SP'
  | 'TO';

export type AreaCode = {
  /** Two digits. */
  readonly code: string;
  /** More than one where the code crosses a border: 42 also serves Porto União (SC). */
  readonly states: readonly StateCode[];
  /** More than one where the code crosses a zone border; a call must be allowed in all of them. */
  readonly zones: readonly ZoneName[];
  readonly places: readonly string[];
};

/** The area code with these two digits, or undefined when there is none (`23`, `30`, …). */
export function areaCode(code: string): AreaCode | undefined {
  return byCode.get(code);
}

/** The state for a text such as `sp` or ` SP `, or undefined. */
export function stateCode(text: string): StateCode | undefined {
  const upper = text.trim().toUpperCase();
  return upper in ZONES ? (upper as StateCode) : undefined;
}

/**
 * Every zone used in an inhabited part of the state. Pernambuco here means the mainland: Fernando
 * de Noronha (UTC-2, three thousand people) shares its area code, and only a postcode tells it
 * apart.
 */
export function zonesOfState(state: StateCode): readonly ZoneName[] {
  return ZONES[state];
}

const BRASILIA: readonly ZoneName[] = ['America/Sao_Paulo'];

const ZONES: Readonly<Record<StateCode, readonly ZoneName[]>> = {
  AC: ['America/Rio_Branco'],
  AL: ['America/Maceio'],
  // West of the line from Tabatinga to Porto Acre the state keeps UTC-5.
  AM: ['America/Manaus', 'America/Eirunepe'],
  AP: ['America/Belem'],
  BA: ['America/Bahia'],
  CE: ['America/Fortaleza'],
  DF: BRASILIA,
  ES: BRASILIA,
  GO: BRASILIA,
  MA: ['America/Fortaleza'],
  MG: BRASILIA,
  MS: ['America/Campo_Grande'],
  MT: ['America/Cuiaba'],
  PA: ['America/Belem', 'America/Santarem'],
  PB: ['America/Fortaleza'],
  PE: ['America/Recife'],
  PI: ['America/Fortaleza'],
  PR: BRASILIA,
  RJ: BRASILIA,
  RN: ['America/Fortaleza'],
  RO: ['America/Porto_Velho'],
  RR: ['America/Boa_Vista'],
  RS: BRASILIA,
  SC: BRASILIA,
  SE: ['America/Maceio'],
  SP: BRASILIA,
  TO: ['America/Araguaina'],
};

function code(
  code: string,
  states: readonly StateCode[],
  zones: readonly ZoneName[],
  places: readonly string[],
): AreaCode {
  return { code, states, zones, places };
}

/**
 * Notes on single codes. 61 serves Brasília and the towns of Goiás around it. 66: some eastern towns
 * of Mato Grosso live on Brasília time, the law says UTC-4. 97 is the only code with two zones.
 */
export const AREA_CODES: readonly AreaCode[] = [
  code('11', ['SP'], ['America/Sao_Paulo'], ['São Paulo', 'Jundiaí', 'Bragança Paulista']),
  code('12', ['SP'], ['America/Sao_Paulo'], ['São José dos Campos', 'Taubaté', 'litoral norte']),
  code('13', ['SP'], ['America/Sao_Paulo'], ['Santos', 'Baixada Santista', 'Vale do Ribeira']),
  code('14', ['SP'], ['America/Sao_Paulo'], ['Bauru', 'Marília', 'Botucatu', 'Jaú']),
  code('15', ['SP'], ['America/Sao_Paulo'], ['Sorocaba', 'Itapetininga']),
  code(
    '16',
    ['SP'],
    ['America/Sao_Paulo'],
    ['Ribeirão Preto', 'São Carlos', 'Araraquara', 'Franca'],
  ),
  code('17', ['SP'], ['America/Sao_Paulo'], ['São José do Rio Preto', 'Barretos']),
  code('18', ['SP'], ['America/Sao_Paulo'], ['Presidente Prudente', 'Araçatuba', 'Assis']),
  code('19', ['SP'], ['America/Sao_Paulo'], ['Campinas', 'Piracicaba', 'Limeira']),
  code('21', ['RJ'], ['America/Sao_Paulo'], ['Rio de Janeiro', 'Niterói']),
  code('22', ['RJ'], ['America/Sao_Paulo'], ['Campos', 'Macaé', 'Cabo Frio', 'Nova Friburgo']),
  code('24', ['RJ'], ['America/Sao_Paulo'], ['Volta Redonda', 'Petrópolis', 'Angra dos Reis']),
  code('27', ['ES'], ['America/Sao_Paulo'], ['Vitória', 'Vila Velha', 'Linhares']),
  code('28', ['ES'], ['America/Sao_Paulo'], ['Cachoeiro de Itapemirim']),
  code('31', ['MG'], ['America/Sao_Paulo'], ['Belo Horizonte', 'Ipatinga']),
  code('32', ['MG'], ['America/Sao_Paulo'], ['Juiz de Fora', 'Barbacena']),
  code('33', ['MG'], ['America/Sao_Paulo'], ['Governador Valadares', 'Teófilo Otoni']),
  code('34', ['MG'], ['America/Sao_Paulo'], ['Uberlândia', 'Uberaba']),
  code('35', ['MG'], ['America/Sao_Paulo'], ['Poços de Caldas', 'Varginha', 'Pouso Alegre']),
  code('37', ['MG'], ['America/Sao_Paulo'], ['Divinópolis', 'Itaúna']),
  code('38', ['MG'], ['America/Sao_Paulo'], ['Montes Claros', 'Unaí']),
  code('41', ['PR'], ['America/Sao_Paulo'], ['Curitiba', 'Paranaguá']),
  code('42', ['PR', 'SC'], ['America/Sao_Paulo'], ['Ponta Grossa', 'Guarapuava']),
  code('43', ['PR'], ['America/Sao_Paulo'], ['Londrina', 'Apucarana']),
  code('44', ['PR'], ['America/Sao_Paulo'], ['Maringá', 'Umuarama']),
  code('45', ['PR'], ['America/Sao_Paulo'], ['Cascavel', 'Foz do Iguaçu']),
  code('46', ['PR'], ['America/Sao_Paulo'], ['Francisco Beltrão', 'Pato Branco']),
  code('47', ['SC', 'PR'], ['America/Sao_Paulo'], ['Joinville', 'Blumenau', 'Itajaí']),
  code('48', ['SC'], ['America/Sao_Paulo'], ['Florianópolis', 'Criciúma']),
  code('49', ['SC'], ['America/Sao_Paulo'], ['Chapecó', 'Lages']),
  code('51', ['RS'], ['America/Sao_Paulo'], ['Porto Alegre']),
  code('53', ['RS'], ['America/Sao_Paulo'], ['Pelotas', 'Rio Grande']),
  code('54', ['RS'], ['America/Sao_Paulo'], ['Caxias do Sul', 'Passo Fundo']),
  code('55', ['RS'], ['America/Sao_Paulo'], ['Santa Maria', 'Uruguaiana']),
  code('61', ['DF', 'GO'], ['America/Sao_Paulo'], ['Brasília']),
  code('62', ['GO'], ['America/Sao_Paulo'], ['Goiânia', 'Anápolis']),
  code('63', ['TO'], ['America/Araguaina'], ['Palmas']),
  code('64', ['GO'], ['America/Sao_Paulo'], ['Rio Verde', 'Itumbiara', 'Caldas Novas']),
  code('65', ['MT'], ['America/Cuiaba'], ['Cuiabá', 'Várzea Grande']),
  code('66', ['MT'], ['America/Cuiaba'], ['Rondonópolis', 'Sinop', 'Barra do Garças']),
  code('67', ['MS'], ['America/Campo_Grande'], ['Campo Grande']),
  code('68', ['AC'], ['America/Rio_Branco'], ['Rio Branco']),
  code('69', ['RO'], ['America/Porto_Velho'], ['Porto Velho']),
  code('71', ['BA'], ['America/Bahia'], ['Salvador']),
  code('73', ['BA'], ['America/Bahia'], ['Ilhéus', 'Itabuna', 'Porto Seguro']),
  code('74', ['BA'], ['America/Bahia'], ['Juazeiro', 'Irecê', 'Jacobina']),
  code('75', ['BA'], ['America/Bahia'], ['Feira de Santana', 'Alagoinhas']),
  code('77', ['BA'], ['America/Bahia'], ['Vitória da Conquista', 'Barreiras']),
  code('79', ['SE'], ['America/Maceio'], ['Aracaju']),
  code('81', ['PE'], ['America/Recife'], ['Recife', 'Caruaru']),
  code('82', ['AL'], ['America/Maceio'], ['Maceió']),
  code('83', ['PB'], ['America/Fortaleza'], ['João Pessoa']),
  code('84', ['RN'], ['America/Fortaleza'], ['Natal']),
  code('85', ['CE'], ['America/Fortaleza'], ['Fortaleza']),
  code('86', ['PI'], ['America/Fortaleza'], ['Teresina', 'Parnaíba']),
  code('87', ['PE'], ['America/Recife'], ['Petrolina', 'Garanhuns', 'Serra Talhada']),
  code('88', ['CE'], ['America/Fortaleza'], ['Juazeiro do Norte', 'Sobral']),
  code('89', ['PI'], ['America/Fortaleza'], ['Picos', 'Floriano']),
  code('91', ['PA'], ['America/Belem'], ['Belém', 'Castanhal']),
  code('92', ['AM'], ['America/Manaus'], ['Manaus', 'Parintins', 'Itacoatiara']),
  code('93', ['PA'], ['America/Santarem'], ['Santarém', 'Altamira']),
  code('94', ['PA'], ['America/Belem'], ['Marabá', 'Parauapebas']),
  code('95', ['RR'], ['America/Boa_Vista'], ['Boa Vista']),
  code('96', ['AP'], ['America/Belem'], ['Macapá']),
  code(
    '97',
    ['AM'],
    ['America/Manaus', 'America/Eirunepe'],
    ['Tefé', 'Coari', 'Tabatinga', 'Eirunepé', 'Lábrea'],
  ),
  code('98', ['MA'], ['America/Fortaleza'], ['São Luís']),
  code('99', ['MA'], ['America/Fortaleza'], ['Imperatriz', 'Caxias', 'Timon']),
];

const byCode: ReadonlyMap<string, AreaCode> = new Map(AREA_CODES.map((one) => [one.code, one]));
