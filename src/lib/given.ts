/** The fields that may be undefined become optional ones that may not. */
type Given<Fields> = {
  [Name in keyof Fields as undefined extends Fields[Name] ? never : Name]: Fields[Name];
} & {
  [Name in keyof Fields as undefined extends Fields[Name] ? Name : never]?: Exclude<
    Fields[Name],
    undefined
  >;
};

/**
 * A copy without the fields that are undefined, for optional fields that are absent rather than
 * undefined: `{ id, ...given({ retryAt }) }`. The order of the fields stays, and `null`, `0`, `false`
 * and `''` are kept.
 */
export function given<const Fields extends Readonly<Record<string, unknown>>>(
  fields: Fields,
): Given<Fields> {
  const present: Record<string, unknown> = {};
  for (const name of Object.keys(fields)) {
    if (fields[name] !== undefined) present[name] = fields[name];
  }
  return present as Given<Fields>;
}
