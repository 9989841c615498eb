import type { E164 } from '../../lib/phone-number.ts';

/** `(11) ****-4321`: enough to follow one call on a screen that many people see. */
export function lastFour(number: E164): string {
  return `(${number.slice(3, 5)}) ****-${number.slice(-4)}`;
}
