import { describe, expect, it } from 'vitest';
import { english } from '../../src/words/english.ts';
import { languageOfEnvironment, languageOfHeader } from '../../src/words/language.ts';
import { portuguese } from '../../src/words/portuguese.ts';
import { type Said, say, sentenceOf, type WordKey } from '../../src/words/say.ts';

const KEYS = Object.keys(english) as WordKey[];
const LANGUAGES = ['pt-BR', 'en'] as const;
/** Reasons that the rest of their sentence says already. */
const SAYS_NOTHING = KEYS.filter((key) => english[key] === '');

const placeholders = (text: string) =>
  [...text.matchAll(/\{([a-zA-Z]+)\}/g)].map((match) => match[1] ?? '').sort();

describe('the words of the server', () => {
  it('stand in both languages, with the same values', () => {
    expect(Object.keys(portuguese).sort()).toEqual([...KEYS].sort());
    for (const key of KEYS) {
      expect(placeholders(portuguese[key]), key).toEqual(placeholders(english[key]));
    }
  });

  it('are empty for the same reasons only', () => {
    expect(KEYS.filter((key) => portuguese[key] === '')).toEqual(SAYS_NOTHING);
    expect(SAYS_NOTHING.every((key) => key.startsWith('row-reason.'))).toBe(true);
  });

  it('leave no value unfilled', () => {
    for (const key of KEYS) {
      const values = Object.fromEntries(placeholders(english[key]).map((name) => [name, 'x']));
      for (const language of LANGUAGES) {
        expect(sentenceOf({ key, values }, language), key).not.toMatch(/[{}]/);
      }
    }
  });
});

describe('a sentence', () => {
  const bounds: Said = say('setting-out-of-bounds', {
    ...{ setting: say('setting.linesMax'), min: 0.5, max: 10_000 },
  });

  it('writes numbers and the words inside it as its language does', () => {
    expect(sentenceOf(bounds, 'en')).toBe('Choose for "most lines" a value from 0.5 to 10,000.');
    expect(sentenceOf(bounds, 'pt-BR')).toBe(
      'Escolha para "máximo de linhas" um valor de 0,5 a 10.000.',
    );
  });

  it('is data that may be sent and stored', () => {
    expect(sentenceOf(structuredClone(bounds), 'en')).toBe(sentenceOf(bounds, 'en'));
  });
});

describe('the language', () => {
  it.each([
    ['pt-BR,pt;q=0.9,en;q=0.8', 'pt-BR'],
    ['pt-PT', 'pt-BR'],
    ['en-US,en;q=0.9,pt;q=0.8', 'en'],
    ['fr;q=1, pt;q=0.4, en;q=0.5', 'en'],
    ['en;q=0, pt', 'pt-BR'],
    ['de', 'en'],
    ['', 'en'],
    [undefined, 'en'],
  ])('of the header %s is %s', (header, language) => {
    expect(languageOfHeader(header)).toBe(language);
  });

  it.each([
    [{ LANG: 'pt_BR.UTF-8' }, 'pt-BR'],
    [{ LANG: 'pt_BR.UTF-8', LC_ALL: 'en_US.UTF-8' }, 'en'],
    [{ LANG: 'C.UTF-8' }, 'en'],
    [{}, 'en'],
  ])('of the environment %o is %s', (environment, language) => {
    expect(languageOfEnvironment(environment)).toBe(language);
  });
});
