import { resolve } from 'node:path';
import { gather } from '../gather-settings.ts';
import type { KeyRing } from '../keys/key-ring.ts';
import { KEY_RING_FILE, type KeyRingPlace, openKeyRingIfAny } from '../keys/key-ring-file.ts';
import { given } from '../lib/given.ts';

/** Where the dialer of this folder has its key ring, by its settings; the others are none of a command's. */
export function keyRingPlace(): KeyRingPlace {
  const settings = gather(process.env, '.', ['keyRingFile', 'keyRing'], []);
  return {
    file: resolve(settings.get('keyRingFile')?.text ?? KEY_RING_FILE),
    ...given({ text: settings.get('keyRing')?.text }),
  };
}

/** A setting of the dialer of this folder as it was given; undefined where it was not. */
export function settingOf(name: string): string | undefined {
  return gather(process.env, '.', [name], []).get(name)?.text;
}

/** For opening the database; without one, all but what is sealed can be read and written. */
export function keysIfAny(): { readonly keys?: KeyRing } {
  return given({ keys: openKeyRingIfAny(keyRingPlace()) });
}
