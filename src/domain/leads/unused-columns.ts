/** The customer names the columns; longer names are cut. */
const NAME_LETTERS_MAX = 120;

/** The name under which an unused column is counted and shown. */
export function countedColumnName(name: string): string {
  return name.slice(0, NAME_LETTERS_MAX);
}
