/** Lists kept in order. */

/**
 * Inserts the item in the order of its key, after equal ones. Fast when items come nearly in order.
 */
export function insertSorted<Item>(list: Item[], item: Item, keyOf: (item: Item) => number): void {
  const key = keyOf(item);
  let index = list.length;
  while (index > 0 && keyOf(list[index - 1] as Item) > key) index -= 1;
  list.splice(index, 0, item);
}
