import i18next from 'i18next';

/**
 * The text at a key that is only known when the page runs, because a code of the server is part of
 * it; undefined when there is none. Everything else goes through the typed `t`.
 */
export function textAt(
  key: string,
  values: Readonly<Record<string, string | number | boolean>> = {},
): string | undefined {
  if (!i18next.exists(key)) return undefined;
  return (i18next.t as (key: string, values: object) => string)(key, values);
}
