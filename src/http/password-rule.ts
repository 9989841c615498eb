/**
 * Which passwords are taken, for whoever sets one: people on their page, an admin, the command line.
 * Length does the work (NIST SP 800-63B, 5.1.1.2); beside it only what a guesser tries first is refused:
 * common words with digits behind them, rows of keys, and what everybody knows of the person. No kinds
 * of letters are demanded, because that brings `Senha@123`.
 */
import { PASSWORD_LENGTH_MIN } from '../protocol/session.ts';
import { COMMON_WORDS } from './common-passwords.ts';
import { randomPassword } from './passwords.ts';

export type PasswordRefusal = 'password-too-short' | 'password-common' | 'password-personal';

type Person = { readonly login: string; readonly name: string };

/** Of letters that no common word and no name explains, so many are enough. */
const OWN_LETTERS_MIN = 4;
/** Of different signs; `aaaaaaaaaa` and `1212121212` have fewer. */
const DIFFERENT_MIN = 5;
/** A shorter part of a name stands in many words by chance. */
const NAME_LENGTH_MIN = 3;

export function passwordRefusal(password: string, person: Person): PasswordRefusal | undefined {
  const typed = password.normalize('NFKC');
  if ([...typed].length < PASSWORD_LENGTH_MIN) return 'password-too-short';
  if (new Set(typed.toLowerCase()).size < DIFFERENT_MIN) return 'password-common';
  // Digits are read both as digits, which explain themselves, and as the letters they may stand for.
  const readings = [lettersOf(typed), lettersOf(lettersMeantBy(typed))];
  const isExplained = (words: readonly string[]) =>
    readings.some((letters) => lettersLeft(letters, words) < OWN_LETTERS_MIN);
  if (isExplained(COMMON_WORDS)) return 'password-common';
  const names = namesOf(person).filter((one) => one.length >= NAME_LENGTH_MIN);
  return isExplained([...names, ...COMMON_WORDS]) ? 'password-personal' : undefined;
}

/** A first password for somebody, which they change at once. */
export function firstPasswordFor(person: Person): string {
  for (;;) {
    const password = randomPassword();
    if (passwordRefusal(password, person) === undefined) return password;
  }
}

function namesOf({ login, name }: Person): readonly string[] {
  return [login, name, ...login.split(/[._-]/), ...name.split(/\s+/)].map(lettersOf);
}

/** Small letters without accents, and nothing else. */
function lettersOf(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z]/g, '');
}

/** `S3nh@` is `Senha`. */
function lettersMeantBy(text: string): string {
  return text.replace(/[@4301$5!7]/g, (sign) => LETTER_OF[sign] ?? '');
}

const LETTER_OF: Readonly<Record<string, string>> = {
  '@': 'a',
  '4': 'a',
  '3': 'e',
  '0': 'o',
  '1': 'i',
  '!': 'i',
  $: 's',
  '5': 's',
  '7': 't',
};

/** How many letters are left at least, when words of these are taken out. */
function lettersLeft(letters: string, words: readonly string[]): number {
  const leftUpTo = [0];
  for (let end = 1; end <= letters.length; end += 1) {
    let left = (leftUpTo[end - 1] ?? 0) + 1;
    for (const word of words) {
      if (letters.endsWith(word, end)) left = Math.min(left, leftUpTo[end - word.length] ?? left);
    }
    leftUpTo.push(left);
  }
  return leftUpTo.at(-1) ?? 0;
}
