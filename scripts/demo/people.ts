/**
 * Invented people and companies. Names, documents and numbers are random; check digits are right,
 * so that the list reads like a customer's. The demonstration can call no real person: its profile
 * dials only on simulated trunks.
 */
import { formatDocument } from '../../src/lib/br-document.ts';

export type Random = () => number;

/** A row of the list as a CRM sends it, with the CRM's field names. */
export type RawRow = Record<string, unknown>;

export type Person = {
  readonly name: string;
  readonly isCompany: boolean;
  /** CPF or CNPJ without punctuation. */
  readonly document: string;
  readonly state: string;
  readonly areaCode: string;
  /** CEP, eight digits. */
  readonly postalCode: string;
  /** A person's birth date; absent for companies. */
  readonly birthDate?: string;
};

const WOMEN =
  'Maria Ana Francisca Antônia Adriana Juliana Márcia Fernanda Patrícia Aline Sandra Camila Amanda Bruna Jéssica Letícia Júlia Luciana Vanessa Mariana Gabriela Vera Vitória Larissa Cláudia Beatriz Luana Rita Sônia Renata Eliane Débora Simone Priscila Conceição Rosângela Tânia Lívia Cecília Iracema'.split(
    ' ',
  );

const MEN =
  'José João Antônio Francisco Carlos Paulo Pedro Lucas Luiz Marcos Luís Gabriel Rafael Daniel Marcelo Bruno Eduardo Felipe Raimundo Rodrigo Manoel Mateus André Fernando Fábio Leonardo Gustavo Guilherme Leandro Tiago Anderson Ricardo Márcio Jorge Sebastião Alexandre Roberto Édson Sérgio Cláudio'.split(
    ' ',
  );

const SECOND = [
  'Aparecida',
  'das Graças',
  'de Fátima',
  'Regina',
  'Cristina',
  'Lúcia',
  'Helena',
  'Henrique',
  'Augusto',
  'César',
  'Vinícius',
  'Otávio',
];

const SURNAMES =
  'Silva Santos Oliveira Souza Rodrigues Ferreira Alves Pereira Lima Gomes Costa Ribeiro Martins Carvalho Almeida Lopes Soares Fernandes Vieira Barbosa Rocha Dias Nascimento Andrade Moreira Nunes Marques Machado Mendes Freitas Cardoso Ramos Gonçalves Santana Teixeira Araújo Cavalcanti Figueirêdo Guimarães Brandão Assunção Paixão Conceição Damasceno Falcão Leitão Magalhães Simões Trindade Sampaio Xavier Queiroz'.split(
    ' ',
  );

const TRADES = [
  'Comércio de Calçados',
  'Transportes e Logística',
  'Materiais de Construção',
  'Padaria e Confeitaria',
  'Auto Peças',
  'Serviços de Informática',
  'Distribuidora de Bebidas',
  'Clínica Odontológica',
  'Confecções',
  'Comércio e Representações de Produtos Agropecuários',
];

const FORMS = ['Ltda.', 'Ltda. ME', 'EIRELI', 'S.A.', 'Ltda. EPP'];

/** Long names, to see their effect on a screen. */
const LONG_NAMES = [
  'Maria Aparecida das Graças Nascimento de Albuquerque Cavalcanti e Figueirêdo Sobrinha',
  'Antônio Francisco de Assis Bragança Vasconcelos dos Santos Conceição Júnior',
  'João Batista do Espírito Santo Pereira de Magalhães Guimarães Neto',
  'Wanderleia Cristina Przybyszewski de Oliveira Wojciechowski',
];

const LONG_COMPANY =
  'Irmãos Vasconcelos & Assunção Comércio, Importação e Distribuição de Materiais Elétricos, Hidráulicos e de Construção Ltda. EPP';

/** First two digits of each state's CEPs. */
const POSTAL_PREFIXES: Readonly<Record<string, string>> = {
  SP: '05',
  RJ: '22',
  MG: '31',
  PR: '81',
  SC: '89',
  RS: '91',
  DF: '70',
  GO: '74',
  MS: '79',
  BA: '41',
  PE: '51',
  CE: '60',
  PA: '66',
  AM: '69',
  AC: '69',
};

/** Area code, state and its share of the list. */
const PLACES: readonly (readonly [string, string, number])[] = [
  ['11', 'SP', 26],
  ['19', 'SP', 6],
  ['21', 'RJ', 14],
  ['31', 'MG', 10],
  ['34', 'MG', 3],
  ['41', 'PR', 7],
  ['47', 'SC', 4],
  ['51', 'RS', 7],
  ['61', 'DF', 5],
  ['62', 'GO', 3],
  ['67', 'MS', 2],
  ['71', 'BA', 6],
  ['81', 'PE', 5],
  ['85', 'CE', 4],
  ['91', 'PA', 2],
  ['92', 'AM', 2],
  ['68', 'AC', 1],
];

const PLACES_TOTAL = PLACES.reduce((total, [, , share]) => total + share, 0);

export function pick<Item>(random: Random, items: readonly Item[]): Item {
  const item = items[Math.floor(random() * items.length)];
  if (item === undefined) throw new Error('nothing to pick from');
  return item;
}

/** A random whole number, both ends included. */
export function between(random: Random, low: number, high: number): number {
  return low + Math.floor(random() * (high - low + 1));
}

export function inventPerson(random: Random, index: number): Person {
  const [areaCode, state] = inventPlace(random);
  const isCompany = index % 14 === 9;
  return {
    name: isCompany ? companyName(random, index) : personName(random, index),
    isCompany,
    document: isCompany ? inventCnpj(random) : inventCpf(random),
    state,
    areaCode,
    postalCode: inventPostalCode(random, state),
    ...(isCompany ? {} : { birthDate: inventBirthDate(random) }),
  };
}

function inventPostalCode(random: Random, state: string): string {
  return `${POSTAL_PREFIXES[state] ?? '05'}${between(random, 100_000, 899_999)}`;
}

/** The birth date of an adult. */
function inventBirthDate(random: Random): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const day = between(random, 1, 28);
  return `${between(random, 1950, 2004)}-${two(between(random, 1, 12))}-${two(day)}`;
}

function personName(random: Random, index: number): string {
  const long =
    index % 40 === 5 ? LONG_NAMES[Math.floor(index / 40) % LONG_NAMES.length] : undefined;
  if (long !== undefined) return long;
  const first = pick(random, random() < 0.5 ? WOMEN : MEN);
  const second = random() < 0.35 ? ` ${pick(random, SECOND)}` : '';
  const particle = pick(random, ['', '', '', 'da ', 'de ', 'dos ']);
  const surname = pick(random, SURNAMES);
  const last = random() < 0.7 ? ` ${pick(random, SURNAMES)}` : '';
  return `${first}${second} ${particle}${surname}${last}`;
}

function companyName(random: Random, index: number): string {
  if (index === 9) return LONG_COMPANY;
  const owner = random() < 0.4 ? `Irmãos ${pick(random, SURNAMES)}` : pick(random, SURNAMES);
  return `${owner} ${pick(random, TRADES)} ${pick(random, FORMS)}`;
}

function inventPlace(random: Random): readonly [string, string] {
  let rest = random() * PLACES_TOTAL;
  for (const [areaCode, state, share] of PLACES) {
    rest -= share;
    if (rest < 0) return [areaCode, state];
  }
  return ['11', 'SP'];
}

function inventCpf(random: Random): string {
  const base = String(between(random, 10_000_000, 999_999_999)).padStart(9, '0');
  return withCheckDigits(base, 11);
}

function inventCnpj(random: Random): string {
  const base = `${between(random, 10_000_000, 59_999_999)}${pick(random, ['0001', '0001', '0002'])}`;
  return withCheckDigits(base, 9);
}

/** Modulo 11 twice; weights run 2, 3, … from the right and start again after the highest. */
function withCheckDigits(base: string, highestWeight: number): string {
  let digits = base;
  for (let times = 0; times < 2; times += 1) {
    const sum = [...digits]
      .reverse()
      .reduce(
        (total, digit, place) => total + Number(digit) * (2 + (place % (highestWeight - 1))),
        0,
      );
    const rest = sum % 11;
    digits += rest < 2 ? 0 : 11 - rest;
  }
  return digits;
}

/**
 * A random number in one of many spellings. Never one of the simulated carrier's special numbers
 * (…00xx).
 */
export function inventPhone(random: Random, areaCode: string): string {
  const isMobile = random() < 0.8;
  const end = String(between(random, 100, 9_999)).padStart(4, '0');
  const begin = isMobile ? `9${between(random, 6_100, 9_899)}` : `${between(random, 3_100, 3_899)}`;
  const styles = [
    `(${areaCode}) ${begin}-${end}`,
    `${areaCode}${begin}${end}`,
    `+55 ${areaCode} ${begin}-${end}`,
    `0${areaCode} ${begin}-${end}`,
    // A spelling from before mobile numbers had nine digits.
    `${areaCode} ${isMobile ? begin.slice(1) : begin}-${end}`,
  ];
  return pick(random, [...styles.slice(0, 2), ...styles]);
}

/** A document as written in the file, mostly with punctuation. */
export function writtenDocument(random: Random, document: string): string {
  return random() < 0.7 ? formatDocument(document) : document;
}

export function inventEmail(random: Random, name: string): string {
  const words = name
    .normalize('NFD')
    .replace(/[^a-zA-Z ]/g, '')
    .toLowerCase()
    .split(' ')
    .filter((word) => word.length > 2);
  const box = `${words[0] ?? 'contato'}.${words.at(-1) ?? 'cliente'}${between(random, 1, 99)}`;
  return `${box}@${pick(random, ['exemplo.com.br', 'correio.example', 'mail.example'])}`;
}
