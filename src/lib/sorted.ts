/** Lists kept in order. */

/** Puts the item where its key belongs, behind equal ones. Quick where most come nearly in order. */
export function insertSorted<Item>(list: Item[], item: Item, keyOf: (item: Item) => number): void {
  const key = keyOf(item);
  let index = list.length;
  while (index > 0 && keyOf(list[index - 1] as Item) > key) index -= 1;
  list.splice(index, 0, item);
}
