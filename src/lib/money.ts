import { assert } from './assert.ts';

/**
 * An amount in reais, stored as whole centavos. It is a checked safe integer because JSON has no
 * bigint.
 */
export type Money = { readonly centavos: number };

/** Throws {@link MistakeError} unless the number is a safe integer. */
export function money(centavos: number): Money {
  assert(Number.isSafeInteger(centavos), 'an amount is a whole number of centavos');
  return { centavos };
}

export function sumMoney(amounts: readonly Money[]): Money {
  return money(amounts.reduce((total, amount) => total + amount.centavos, 0));
}
