/** Columns' names are the customer's; beyond this they are cut. */
const NAME_LETTERS_MAX = 120;

/** The name under which a column without use is counted and shown. */
export function countedColumnName(name: string): string {
  return name.slice(0, NAME_LETTERS_MAX);
}
