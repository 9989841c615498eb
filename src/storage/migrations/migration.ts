/** One step of the schema; ../README.md says how to add one. */
export type Migration = {
  /** 1, 2, 3, … */
  readonly number: number;
  readonly name: string;
  /** An older server could misread or damage what this one writes. */
  readonly breaking: boolean;
  readonly statements: readonly Statement[];
};

export type Statement =
  /** In words that both databases know, or that translate.ts has for PostgreSQL. */
  | string
  /** What each database has to be told in its own words, as a trigger. */
  | { readonly sqlite: readonly string[]; readonly postgres: readonly string[] };
