import i18next from 'i18next';
import type { Language } from '../../../src/protocol/common.ts';
import { english, portuguese } from '../../../src/web/i18n/texts.ts';

/** The texts without a browser around them. */
export async function startTestTexts(language: Language): Promise<void> {
  await i18next.init({
    // There is one namespace, and codes of the server have colons: `lists:write`.
    nsSeparator: false,
    lng: language,
    resources: { 'pt-BR': { translation: portuguese }, en: { translation: english } },
    interpolation: { escapeValue: false },
  });
}
