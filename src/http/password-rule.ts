/**
 * Which passwords are accepted, on a person's page, for an admin and on the command line. Length
 * gives the strength (NIST SP 800-63B, 5.1.1.2). Beside it only a guesser's first tries are
 * refused: common words with digits, rows of keys, and what everybody knows of the person. No kinds
 * of characters are demanded, because that produces `Senha@123`.
 */
import { PASSWORD_LENGTH_MIN } from '../protocol/session.ts';
import { COMMON_WORDS } from './common-passwords.ts';
import { randomPassword } from './passwords.ts';

export type PasswordRefusal = 'password-too-short' | 'password-common' | 'password-personal';

type Person = { readonly login: string; readonly name: string };

/** Letters outside of common words and names that a password needs. */
const OWN_LETTERS_MIN = 4;
/** Different characters a password needs; `aaaaaaaaaa` and `1212121212` have fewer. */
const DIFFERENT_MIN = 5;
/** Shorter parts of a name occur in many words by chance. */
const NAME_LENGTH_MIN = 3;

export function passwordRefusal(password: string, person: Person): PasswordRefusal | undefined {
  const typed = password.normalize('NFKC');
  if ([...typed].length < PASSWORD_LENGTH_MIN) return 'password-too-short';
  if (new Set(typed.toLowerCase()).size < DIFFERENT_MIN) return 'password-common';
  // The text is read twice: without its digits, and with each digit as the letter it may stand for.
  const readings = [lettersOf(typed), lettersOf(lettersMeantBy(typed))];
  const isExplained = (words: readonly string[]) =>
    readings.some((letters) => lettersLeft(letters, words) < OWN_LETTERS_MIN);
  if (isExplained(COMMON_WORDS)) return 'password-common';
  const names = namesOf(person).filter((one) => one.length >= NAME_LENGTH_MIN);
  return isExplained([...names, ...COMMON_WORDS]) ? 'password-personal' : undefined;
}

/** A first password, which the person must change at once. */
export function firstPasswordFor(person: Person): string {
  for (;;) {
    const password = randomPassword();
    if (passwordRefusal(password, person) === undefined) return password;
  }
}

function namesOf({ login, name }: Person): readonly string[] {
  return [login, name, ...login.split(/[._-]/), ...name.split(/\s+/)].map(lettersOf);
}

/** Only the letters of a text, small and without accents. */
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

/** The smallest number of letters left when these words are removed. */
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
