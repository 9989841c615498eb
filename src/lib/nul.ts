/**
 * Where a value holds the character U+0000, as a path of keys; undefined where it does not. No text of ours
 * has a use for it, and PostgreSQL stores no text with it.
 */
export function nulIn(value: unknown): readonly string[] | undefined {
  if (typeof value === 'string') return value.includes('\0') ? [] : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, one] of Object.entries(value)) {
    if (key.includes('\0')) return [];
    const within = nulIn(one);
    if (within) return [key, ...within];
  }
  return undefined;
}
