import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { type Language, language as languageSchema } from '../../protocol/common.ts';
import { english, portuguese } from './texts.ts';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation';
    resources: { translation: typeof portuguese };
  }
}

const STORED_AS = 'cadencia-language';

/**
 * Starts with the language last used in this browser, otherwise the browser's own. Texts are ready
 * when it returns.
 */
export function startTexts(): void {
  void i18next.use(initReactI18next).init({
    lng: storedLanguage() ?? languageOfBrowser(navigator.languages),
    // There is one namespace, and some codes of the server contain colons: `lists:write`.
    nsSeparator: false,
    fallbackLng: 'pt-BR',
    resources: { 'pt-BR': { translation: portuguese }, en: { translation: english } },
    initAsync: false,
    interpolation: { escapeValue: false },
    returnNull: false,
  });
  tellDocument(currentLanguage());
}

export function currentLanguage(): Language {
  return i18next.language === 'en' ? 'en' : 'pt-BR';
}

/** Changes the language of the page and remembers it in this browser. */
export function setLanguage(language: Language): void {
  void i18next.changeLanguage(language);
  tellDocument(language);
  try {
    localStorage.setItem(STORED_AS, language);
  } catch {
    // Private windows may forbid storage; the language then lasts only as long as the page.
  }
}

/** Portuguese unless the browser asks for another language first. */
export function languageOfBrowser(languages: readonly string[]): Language {
  const first = languages[0] ?? 'pt-BR';
  return first.toLowerCase().startsWith('pt') ? 'pt-BR' : 'en';
}

function tellDocument(language: Language): void {
  document.documentElement.lang = language;
}

function storedLanguage(): Language | undefined {
  try {
    const parsed = languageSchema.safeParse(localStorage.getItem(STORED_AS));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}
