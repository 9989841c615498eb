/** Seeds that found something, beyond the twenty that are always played; and what it was. */
export const REGRESSIONS: readonly { readonly seed: number; readonly what: string }[] = [
  { seed: 60, what: 'somebody was still talking when everybody had gone home' },
];
