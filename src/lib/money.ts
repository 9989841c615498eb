import { assert } from './assert.ts';

/** An amount in reais, kept as whole centavos. JSON has no bigint, so it is a checked safe integer. */
export type Money = { readonly centavos: number };

/** Throws a mistake when the number is not a whole, safe count of centavos. */
export function money(centavos: number): Money {
  assert(Number.isSafeInteger(centavos), 'an amount is a whole number of centavos');
  return { centavos };
}

export function sumMoney(amounts: readonly Money[]): Money {
  return money(amounts.reduce((total, amount) => total + amount.centavos, 0));
}
