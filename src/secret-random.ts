import { randomBytes } from 'node:crypto';

/** Unguessable numbers in [0, 1), for ids made at a door. */
export function secretRandom(): number {
  return randomBytes(6).readUIntBE(0, 6) / 2 ** 48;
}
