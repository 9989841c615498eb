/** One step of the schema; ../README.md says how to add one. */
export type Migration = {
  /** 1, 2, 3, … */
  readonly number: number;
  readonly name: string;
  /** Whether an older server could misread or damage what this one writes. */
  readonly breaking: boolean;
  readonly statements: readonly Statement[];
};

export type Statement =
  /** A statement in words that both databases know, or that translate.ts puts into PostgreSQL's. */
  | string
  /** A statement that each database needs in its own words, such as a trigger. */
  | { readonly sqlite: readonly string[]; readonly postgres: readonly string[] };
