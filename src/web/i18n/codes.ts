import { useTranslation } from 'react-i18next';
import type { codeTexts } from './code-texts.ts';
import { textAt } from './text-at.ts';

/** The tables of words for codes that come from the server. */
export type CodeGroup = keyof (typeof codeTexts)['portuguese'];

/**
 * The words for a code of the server. A code without words is shown as it is, because the server
 * may be newer than the page.
 */
export function wordsFor(
  group: CodeGroup,
  code: string,
  values: Readonly<Record<string, string | number | boolean>> = {},
): string {
  return textAt(`codes.${String(group)}.${code}`, values) ?? code;
}

/**
 * The code with the best words for a refusal: `detail` if it has words, as for forms; otherwise
 * `code`.
 */
export function refusalCodeOf({ code, detail }: { code: string; detail: string }): string {
  const hasWords = textAt(`codes.problem.${detail}`, {}) !== undefined;
  return code === 'form-invalid' && hasWords ? detail : code;
}

/** The result of an attempt: our disposition, the network's outcome, or the CRM's own words. */
export function resultWords(result: string): string {
  const disposition = wordsFor('disposition', result);
  return disposition === result ? wordsFor('outcome', result) : disposition;
}

/** {@link wordsFor} for a component, which is redrawn when the language changes. */
export function useWords(): typeof wordsFor {
  useTranslation();
  return wordsFor;
}
