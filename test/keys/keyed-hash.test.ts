import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KeyedHash } from '../../src/keys/keyed-hash.ts';
import { type Random, randomStream } from '../../src/lib/random.ts';

const HASH = new KeyedHash(Uint8Array.from({ length: 32 }, (_, index) => index));
const OTHER = new KeyedHash(Uint8Array.from({ length: 32 }, (_, index) => index + 1));
const CPF = '52998224725';

describe('the hash of a document', () => {
  // Computed independently of this code, with Python's hmac and hashlib.
  it('is HMAC-SHA-256 of purpose and digits, cut to 128 bits', () => {
    expect(HASH.ofDocument(CPF)).toBe('B9-292R5W1MmGZJFjhqmpg');
    expect(HASH.ofNameSearch('Conceição')).toEqual(['8g1RqN39Jum2CocEg5a1BA']);
  });

  it('is the same however the document is written, and differs for any other document', () => {
    expect(HASH.ofDocument('529.982.247-25')).toBe(HASH.ofDocument(CPF));
    expect(HASH.ofDocument('12.abc.345/01de-35')).toBe(HASH.ofDocument('12ABC34501DE35'));
    expect(HASH.ofDocument('52998224726')).not.toBe(HASH.ofDocument(CPF));
  });

  it('depends on the key, and differs from the hash of a name', () => {
    expect(OTHER.ofDocument(CPF)).not.toBe(HASH.ofDocument(CPF));
    expect(HASH.ofName(CPF)).not.toContain(HASH.ofDocument(CPF));
  });
});

// ── Names ───────────────────────────────────────────────────────────────────────────────────────

const FIRST = [
  'Maria',
  'José',
  'Ana',
  'João',
  'Antônio',
  'Inês',
  'Conceição',
  'Luís',
  'Zoé',
  'Íris',
  'Ágatha',
  'Raí',
  'Thaís',
  'Günther',
  'Mª',
  'Ludmila',
  'Nair',
  'Wanderlúcia',
  'Ana-Clara',
  'Vó',
];
const PARTICLES = ['', '', 'da', 'de', 'do', 'dos', 'das', 'e', 'DE', 'd’', "d'"];
const LAST = [
  'Silva',
  'Souza',
  'Sousa',
  'Sá',
  'Ávila',
  'Araújo',
  'Guimarães',
  'Magalhães',
  'Assunção',
  'Brandão',
  'Cônego',
  'Oliveira-Lima',
  'Rêgo',
  'Nuñez',
  'Yamaguchi',
  'Nepomuceno',
  'Li',
  'Ó',
  'Albuquerque',
  'Cavalcânti',
  'Júnior',
  'III',
];

function oneOf<Item>(random: Random, items: readonly Item[]): Item {
  const item = items[Math.floor(random() * items.length)];
  if (item === undefined) throw new Error('there is something to choose of');
  return item;
}

function nameOf(random: Random): string {
  const last = () => {
    const particle = oneOf(random, PARTICLES);
    const isJoined = /[’']$/.test(particle);
    return `${particle}${isJoined || particle === '' ? '' : ' '}${oneOf(random, LAST)}`;
  };
  const words = [oneOf(random, FIRST), last(), last(), random() < 0.5 ? last() : ''];
  const name = words.filter((word) => word !== '').join(oneOf(random, [' ', '  ']));
  return oneOf(random, [name, name.toUpperCase(), name.normalize('NFD')]);
}

/**
 * What {@link KeyedHash} promises, without hashes: beginnings from three letters on, or else whole
 * words.
 */
function isFound(words: readonly string[], search: readonly string[]): boolean {
  return search.every((sought) =>
    words.some((word) => (sought.length < 3 ? word === sought : word.startsWith(sought))),
  );
}

function plainWords(text: string): readonly string[] {
  const plain = text
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[\u0300-\u036f'’]/g, '');
  return plain.split(/[^a-zª0-9]+/).filter((word) => word !== '');
}

function isFoundByHash(name: string, search: string): boolean {
  const known = new Set(HASH.ofName(name));
  return HASH.ofNameSearch(search).every((hash) => known.has(hash));
}

describe('a search by the beginnings of words', () => {
  const random = randomStream(20_261_122, 'names');
  const names = Array.from({ length: 500 }, () => nameOf(random));

  it('finds among 500 names exactly those that a plain search finds', () => {
    const searches = names.flatMap((name) => {
      const words = name.split(/[\s-]+/);
      const word = oneOf(random, words);
      const beginning = [...word].slice(0, 1 + Math.floor(random() * word.length)).join('');
      return [name, word, beginning, `${beginning} ${oneOf(random, words)}`, `${word}x`];
    });
    const known = names.map((name) => ({
      name,
      words: plainWords(name),
      hashes: new Set(HASH.ofName(name)),
    }));
    let found = 0;
    for (const search of searches) {
      const words = plainWords(search);
      const hashes = HASH.ofNameSearch(search);
      const plain = known.filter((one) => isFound(one.words, words));
      const hashed = known.filter((one) => hashes.every((hash) => one.hashes.has(hash)));
      expect(hashed.map(({ name }) => name)).toEqual(plain.map(({ name }) => name));
      found += plain.length;
    }
    expect(found).toBeGreaterThan(searches.length);
  });

  it.each([
    ['maria da conceicao', 'Maria da Conceição Souza', true],
    ['MARIA CONCEI', 'Conceição, Maria', true],
    ['davila', 'João D’Ávila', true],
    ['oliveira lima', 'Ana Oliveira-Lima', true],
    ['de', 'Denise Souza', false],
    ['de', 'José de Souza', true],
    ['ouza', 'José de Souza', false],
    ['', 'José de Souza', true],
  ])('for "%s" finds %s: %s', (search, name, isWanted) => {
    expect(isFoundByHash(name, search)).toBe(isWanted);
  });

  it('keeps a bounded number of hashes for any name, and none twice', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 2_000 }), (name) => {
        const hashes = HASH.ofName(name);
        expect(hashes.length).toBeLessThanOrEqual(120);
        expect(new Set(hashes).size).toBe(hashes.length);
      }),
    );
    expect(Math.max(...names.map((name) => HASH.ofName(name).length))).toBeLessThan(60);
  });
});
