/** Names for screens that many people see: just enough to tell one from another. */

/** `Maria S. C.`: the first name and initials. */
export function maskedName(name: string): string {
  const [first = '', ...others] = name.trim().split(/\s+/);
  const initials = others
    .filter((part) => !/^(d[aeo]s?|e)$/i.test(part))
    .map((part) => `${[...part][0]?.toUpperCase()}.`);
  return [first, ...initials].join(' ');
}
