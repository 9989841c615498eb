/** The same tree of texts in another language: a missing or surplus key does not compile. */
export type SameKeys<Tree> = {
  readonly [Key in keyof Tree]: Tree[Key] extends string ? string : SameKeys<Tree[Key]>;
};

/** One area's texts, both languages side by side. */
export function both<const Tree extends object>(
  portuguese: Tree,
  english: SameKeys<Tree>,
): { readonly portuguese: Tree; readonly english: SameKeys<Tree> } {
  return { portuguese, english };
}
