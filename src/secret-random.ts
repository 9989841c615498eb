import { randomBytes } from 'node:crypto';

/** Numbers in [0, 1) that nobody can foresee, for ids made at a door. */
export function secretRandom(): number {
  return randomBytes(6).readUIntBE(0, 6) / 2 ** 48;
}
