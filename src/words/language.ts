import type { Language } from './say.ts';

/** Our language that a browser or a program prefers; English when it names none of ours. */
export function languageOfHeader(acceptLanguage: string | undefined): Language {
  const wishes = (acceptLanguage ?? '')
    .split(',', WISHES_MAX)
    .map((wish) => {
      const [tag = '', ...parameters] = wish.trim().toLowerCase().split(';');
      const weight = parameters.map((one) => /^\s*q=([\d.]+)$/.exec(one)?.[1]).find(Boolean);
      return { tag, weight: weight === undefined ? 1 : Number(weight) };
    })
    .filter(({ weight }) => weight > 0)
    .sort((one, other) => other.weight - one.weight);
  for (const { tag } of wishes) {
    const language = languageOfTag(tag);
    if (language) return language;
  }
  return 'en';
}

const WISHES_MAX = 20;

/** The language of a command line, from the environment: `LANG=pt_BR.UTF-8`. */
export function languageOfEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
): Language {
  const { LC_ALL, LC_MESSAGES, LANG } = environment;
  return languageOfTag((LC_ALL || LC_MESSAGES || LANG || '').toLowerCase()) ?? 'en';
}

function languageOfTag(tag: string): Language | undefined {
  if (/^pt\b|^pt_/.test(tag)) return 'pt-BR';
  return /^en\b|^en_/.test(tag) ? 'en' : undefined;
}
