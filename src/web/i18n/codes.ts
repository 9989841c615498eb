import { useTranslation } from 'react-i18next';
import type { codeTexts } from './code-texts.ts';
import { textAt } from './text-at.ts';

/** The tables of words for codes that come from the server. */
export type CodeGroup = keyof (typeof codeTexts)['portuguese'];

/**
 * The words for a code of the server. A server may be newer than the page, so a code without words
 * is shown as it is rather than hidden.
 */
export function wordsFor(
  group: CodeGroup,
  code: string,
  values: Readonly<Record<string, string | number | boolean>> = {},
): string {
  return textAt(`codes.${String(group)}.${code}`, values) ?? code;
}

/** The code whose words say a refusal best: what is wrong with a form has words of its own. */
export function refusalCodeOf({ code, detail }: { code: string; detail: string }): string {
  const hasWords = textAt(`codes.problem.${detail}`, {}) !== undefined;
  return code === 'form-invalid' && hasWords ? detail : code;
}

/** What an attempt ended with: a disposition of ours, an outcome of the network, or the CRM's words. */
export function resultWords(result: string): string {
  const disposition = wordsFor('disposition', result);
  return disposition === result ? wordsFor('outcome', result) : disposition;
}

/** {@link wordsFor} in a component: drawn again when the language changes. */
export function useWords(): typeof wordsFor {
  useTranslation();
  return wordsFor;
}
