import type { Language } from './say.ts';

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
