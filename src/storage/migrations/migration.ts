/** One step of the schema; ../README.md says how to add one. */
export type Migration = {
  /** 1, 2, 3, … */
  readonly number: number;
  readonly name: string;
  /** An older server could misread or damage what this one writes. */
  readonly breaking: boolean;
  readonly statements: readonly string[];
};
