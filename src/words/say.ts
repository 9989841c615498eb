/**
 * The server's sentences to people. A rule, a door or a command names a sentence by its key and
 * gives the values; the code that shows it chooses the language. Each language is one file
 * (`english.ts`, `portuguese.ts`); types demand every key in both, with the same values.
 *
 *     say('setting-not-whole', { setting: say('setting.linesMax') })
 *
 * The result is plain data: it can be stored, compared and sent between threads.
 */
import { english } from './english.ts';
import { portuguese } from './portuguese.ts';

export type Language = 'pt-BR' | 'en';

/**
 * A value of a sentence. A number is written in the reader's language; a `Said` becomes part of the
 * sentence.
 */
export type SaidValue = string | number | Said;

export type Said = {
  readonly key: WordKey;
  readonly values: Readonly<Record<string, SaidValue>>;
};

export type WordKey = keyof typeof english;

type Placeholders<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Placeholders<Rest>
  : never;

type NamesOf<Key extends WordKey> = Placeholders<(typeof english)[Key]>;

type Values<Key extends WordKey> = [NamesOf<Key>] extends [never]
  ? []
  : [values: { readonly [Name in NamesOf<Key>]: SaidValue }];

/** Names a sentence. Every value in braces must be given. */
export function say<Key extends WordKey>(key: Key, ...[values]: Values<Key>): Said {
  return { key, values: values ?? {} };
}

/** Whether a key that is made at run time has words. */
export function isWordKey(key: string): key is WordKey {
  return Object.hasOwn(english, key);
}

/** The sentence in a language. */
export function sentenceOf(said: Said, language: Language): string {
  return LANGUAGES[language][said.key].replace(BRACED, (placeholder, name: string) => {
    const value = said.values[name];
    if (value === undefined) return placeholder;
    if (typeof value === 'number') return NUMBERS[language].format(value);
    return typeof value === 'string' ? value : sentenceOf(value, language);
  });
}

const BRACED = /\{([a-zA-Z]+)\}/g;

type Differing = {
  [Key in WordKey]: [Placeholders<(typeof portuguese)[Key]>] extends [NamesOf<Key>]
    ? [NamesOf<Key>] extends [Placeholders<(typeof portuguese)[Key]>]
      ? never
      : Key
    : Key;
}[WordKey];

/** Does not compile when a sentence has different values in Portuguese and in English. */
type Alike<Keys extends never> = Readonly<
  Record<Language, Readonly<Record<WordKey | Keys, string>>>
>;

const LANGUAGES: Alike<Differing> = { 'pt-BR': portuguese, en: english };

const NUMBERS: Readonly<Record<Language, Intl.NumberFormat>> = {
  'pt-BR': new Intl.NumberFormat('pt-BR', { maximumFractionDigits: 3 }),
  en: new Intl.NumberFormat('en', { maximumFractionDigits: 3 }),
};
