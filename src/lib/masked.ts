/** What screens show that many people see: enough to tell one from another, and no more. */

/** `Maria S. C.`: the first name and initials. */
export function maskedName(name: string): string {
  const [first = '', ...others] = name.trim().split(/\s+/);
  const initials = others
    .filter((part) => !/^(d[aeo]s?|e)$/i.test(part))
    .map((part) => `${[...part][0]?.toUpperCase()}.`);
  return [first, ...initials].join(' ');
}
