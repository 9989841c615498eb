import { StoreError } from '../engine/ports/store.ts';
import type { KeyRing } from '../keys/key-ring.ts';

/** The ring, for what cannot go on without keys: nothing is stored in clear instead. */
export function ringOf(keys: KeyRing | undefined): KeyRing {
  if (keys) return keys;
  throw new StoreError(
    'no-key-ring',
    'this needs the key ring, and there is none: npm run keys -- list says where it is looked for',
  );
}
