import i18next from 'i18next';

/**
 * The text at a key known only at run time, because it contains a code of the server; undefined
 * without one. Everything else uses the typed `t`.
 */
export function textAt(
  key: string,
  values: Readonly<Record<string, string | number | boolean>> = {},
): string | undefined {
  if (!i18next.exists(key)) return undefined;
  return (i18next.t as (key: string, values: object) => string)(key, values);
}
