/** Why a row of a list was refused, in the words of the people who correct the file. */
import { isWordKey, type Language, say, sentenceOf } from './say.ts';

/** The sentence for a repair or an omission in a row. */
export function rowNoteWords(code: string, language: Language): string {
  return wordsAt(`row-note.${code}`, language) ?? wordsAt(`row-reason.${code}`, language) ?? code;
}

/** The sentence for a refusal. A code or reason without words is shown as it is. */
export function rowRefusalSentence(
  refusal: { readonly code: string; readonly reason: string; readonly field?: string | null },
  language: Language,
): string {
  const { code, reason, field } = refusal;
  const what = wordsAt(`row-code.${code}`, language) ?? code;
  const why = wordsAt(`row-reason.${reason}`, language) ?? (reason === code ? '' : reason);
  const where = field ? ` (${sentenceOf(say('row-column'), language)} ${field})` : '';
  return `${what}${where}${why === '' ? '' : `: ${why}`}`;
}

/** Undefined when a key has no words; empty when the rest of the sentence says everything. */
function wordsAt(key: string, language: Language): string | undefined {
  return isWordKey(key) ? sentenceOf({ key, values: {} }, language) : undefined;
}
