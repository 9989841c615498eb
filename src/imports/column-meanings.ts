/**
 * Column meanings given by a person: `cnpj=ignore`, `contato=phone`, `ddd=areaCode:fone,celular`.
 */
import type { ColumnMeaning, Meanings } from '../domain/leads/column-evidence.ts';
import { IMPORT_FIELDS } from '../domain/leads/import-columns.ts';

/** A word that cannot be understood names an unknown column, which the answer reports. */
export function meaningsOf(words: readonly string[]): Meanings {
  return new Map(words.map(meaningOf));
}

function meaningOf(word: string): readonly [string, ColumnMeaning] {
  // A column's name may contain the sign; no meaning does.
  const at = word.lastIndexOf('=');
  if (at < 1) return [word, { kind: 'ignore' }];
  const [name, meaning] = [word.slice(0, at), word.slice(at + 1)];
  if (meaning === 'ignore') return [name, { kind: 'ignore' }];
  const [field, phones] = meaning.split(':');
  if (field === 'areaCode' && phones !== undefined) {
    return [name, { kind: 'area-code-of', phones: phones.split(',') }];
  }
  const known = IMPORT_FIELDS.find((one) => one === meaning);
  return known ? [name, { kind: 'field', field: known }] : [word, { kind: 'ignore' }];
}
