/**
 * Finding what is sealed: a value is found by its hash under a secret key (HMAC-SHA-256), so that whoever
 * has the database alone can neither read it nor try all values there are. A purpose a column: the same
 * value has another hash in each, and no two columns can be compared.
 */
import { createHmac } from 'node:crypto';

/** 128 bits: two of a billion values are alike with a chance of 1 in 10²⁰. */
const HASH_BYTES = 16;
/** Shorter beginnings would be of half of all names. */
const PREFIX_LETTERS_MIN = 3;
/** Of longer words the rest is not looked at. */
const PREFIX_LETTERS_MAX = 20;
/** Of one name; those of the words after them are left out. A name of five words has some thirty. */
const PREFIXES_MAX = 120;

export type HashPurpose = 'debtor.document' | 'debtor.name';

export class KeyedHash {
  readonly #key: Uint8Array;

  constructor(key: Uint8Array) {
    this.#key = key;
  }

  /** A CPF or CNPJ, with or without its punctuation. */
  ofDocument(document: string): string {
    return this.#of('debtor.document', document.toUpperCase().replace(/[^0-9A-Z]/g, ''));
  }

  /**
   * What a name is found by: each beginning of each of its words, from three letters on, and shorter
   * words as a whole.
   */
  ofName(name: string): readonly string[] {
    const prefixes = new Set(wordsOf(name).flatMap(prefixesOf));
    return [...prefixes].slice(0, PREFIXES_MAX).map((prefix) => this.#of('debtor.name', prefix));
  }

  /**
   * What a search for the beginnings of words looks for. A name is found where {@link ofName} has all
   * of them; an empty search finds everything.
   */
  ofNameSearch(search: string): readonly string[] {
    return [...new Set(wordsOf(search))].map((word) => this.#of('debtor.name', word));
  }

  #of(purpose: HashPurpose, value: string): string {
    const hash = createHmac('sha256', this.#key).update(`${purpose}\0${value}`).digest();
    return hash.subarray(0, HASH_BYTES).toString('base64url');
  }
}

/**
 * In lower case and without accents. A hyphen parts words; an apostrophe does not: D'Ávila is often
 * written Davila.
 */
function wordsOf(name: string): readonly string[] {
  return name
    .normalize('NFKD')
    .replace(/[\p{M}'’`´]/gu, '')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
    .map((word) => [...word].slice(0, PREFIX_LETTERS_MAX).join(''));
}

function prefixesOf(word: string): readonly string[] {
  const letters = [...word];
  if (letters.length < PREFIX_LETTERS_MIN) return [word];
  const count = letters.length - PREFIX_LETTERS_MIN + 1;
  return Array.from({ length: count }, (_, index) =>
    letters.slice(0, PREFIX_LETTERS_MIN + index).join(''),
  );
}
