/** The text of a cell as people read it, without the marks by which spreadsheets keep text as text. */

const TEXT_MAX = 200;

/** Undefined for what is neither text nor a number; empty where there is nothing. */
export function cellText(value: unknown): string | undefined {
  if (typeof value === 'string') return withoutMarks(value).slice(0, TEXT_MAX);
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  return undefined;
}

/**
 * `'0012` and `="0012"` are how Excel is told that 0012 is text; the quote before a lower-case letter
 * belongs to a name (`'t Hooft`).
 */
function withoutMarks(text: string): string {
  const trimmed = text.trim();
  const formula = /^="(.*)"$/s.exec(trimmed)?.[1];
  if (formula !== undefined) return formula.replaceAll('""', '"').trim();
  return trimmed.replace(/^'(?!\p{Ll})/u, '').trim();
}
