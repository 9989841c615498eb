/**
 * Finds sealed values by their hash under a secret key (HMAC-SHA-256). With the database alone
 * nobody can read a value or try all possible ones. Each column has its own purpose: the same value
 * has a different hash in each, so no two columns can be compared.
 */
import { createHmac } from 'node:crypto';

/** 128 bits: among a billion values, two hashes are alike with a chance of 1 in 10²⁰. */
const HASH_BYTES = 16;
/** Shorter beginnings would match half of all names. */
const PREFIX_LETTERS_MIN = 3;
/** Letters of a longer word beyond these are ignored. */
const PREFIX_LETTERS_MAX = 20;
/**
 * Beginnings kept for one name; words beyond them are left out. A name of five words has about
 * thirty.
 */
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
   * The hashes by which a name is found: each beginning of each word, from three letters on, and
   * shorter words as a whole.
   */
  ofName(name: string): readonly string[] {
    const prefixes = new Set(wordsOf(name).flatMap(prefixesOf));
    return [...prefixes].slice(0, PREFIXES_MAX).map((prefix) => this.#of('debtor.name', prefix));
  }

  /**
   * The hashes that a search for beginnings of words looks for. A name is found when {@link ofName}
   * has all of them; an empty search finds everything.
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
 * The words of a name, in lower case and without accents. A hyphen separates words, an apostrophe
 * does not: D'Ávila is often written Davila.
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
