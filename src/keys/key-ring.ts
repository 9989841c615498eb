/**
 * The keys of an installation, kept outside of the database: a copy of one is useless without the
 * other. The current key seals; older ones still open what they sealed. As text, the keys are on
 * separate lines or between commas, the current one first:
 *
 *     3f9a1c2b7d04 2026-11-22 <64 hexadecimal digits>
 *
 * The id is derived from the key, so that a damaged line is noticed before anything is sealed with
 * it.
 */
import { createHash, hkdfSync, randomBytes } from 'node:crypto';
import { type IsoDate, parseIsoDate } from '../lib/time.ts';
import { KeyRingError } from './key-ring-error.ts';
import { KEY_BYTES, keyIdOf, type Place, type SealingKey, seal, unseal } from './seal.ts';

/**
 * Enough for four years of monthly rotation. More are useless, because old data is sealed again.
 */
export const KEYS_MAX = 50;
const ID_LENGTH = 12;
const LINE = /^([0-9a-f]{12}) (\d{4}-\d{2}-\d{2}) ([0-9a-f]{64})$/;

/** The public part of a key. */
export type KnownKey = { readonly id: string; readonly madeOn: IsoDate };

type RingKey = KnownKey & { readonly line: string; readonly sealing: SealingKey };

export class KeyRing {
  // Private fields, so that no log, JSON or inspection shows the keys.
  readonly #read: () => string;
  #keys: ReadonlyMap<string, RingKey>;
  #current: RingKey;

  /**
   * `read` returns the text of the ring; {@link refresh} calls it again. Throws its errors, and
   * KeyRingError('damaged').
   */
  constructor(read: () => string) {
    this.#read = read;
    [this.#keys, this.#current] = ringOf(read());
  }

  get currentId(): string {
    return this.#current.id;
  }

  /** The known keys, the current one first. */
  get keys(): readonly KnownKey[] {
    return [...this.#keys.values()].map(({ id, madeOn }) => ({ id, madeOn }));
  }

  has(id: string): boolean {
    return this.#keys.has(id);
  }

  /** Reads the ring again, which may have been rotated. On an error the keys stay as they were. */
  refresh(): void {
    [this.#keys, this.#current] = ringOf(this.#read());
  }

  seal(value: Uint8Array, place: Place): string {
    return seal(value, this.#current.sealing, place);
  }

  /** Throws KeyRingError('key-gone' | 'not-as-sealed'). */
  unseal(sealed: string, place: Place): Buffer {
    const id = keyIdOf(sealed);
    // Another process may have rotated the ring and sealed with the new key.
    if (!this.has(id)) this.refresh();
    const key = this.#keys.get(id);
    if (key) return unseal(sealed, key.sealing, place);
    throw new KeyRingError(
      'key-gone',
      `${place.table} ${place.rowId}: ${place.column} was sealed with the key ${id}, which the ring does not have`,
    );
  }
}

/** The text of a ring with a new key in front of those of `text`. */
export function rotated(text: string, today: IsoDate): string {
  const old = text === '' ? [] : [...ringOf(text)[0].values()].map(({ line }) => line);
  if (old.length >= KEYS_MAX) {
    throw new KeyRingError(
      'damaged',
      `the key ring has ${KEYS_MAX} keys: remove those that nothing needs first (npm run keys -- list)`,
    );
  }
  const secret = randomBytes(KEY_BYTES).toString('hex');
  return `${HEADER}${[`${idOf(secret)} ${today} ${secret}`, ...old].join('\n')}\n`;
}

const HEADER = `# The key ring of this installation, the current key first (npm run keys -- list).
# Without it, what is sealed in the database is lost: keep a copy, and never beside one of the database.
`;

function ringOf(text: string): [ReadonlyMap<string, RingKey>, RingKey] {
  const lines = text
    .split('\n')
    .filter((line) => !line.startsWith('#'))
    .flatMap((line) => line.split(','))
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const keys = lines.map(keyOf);
  const [current] = keys;
  if (!current) throw new KeyRingError('damaged', 'the key ring is damaged: it has no key');
  return [new Map(keys.map((key) => [key.id, key])), current];
}

function keyOf(line: string, index: number): RingKey {
  const [, id = '', date = '', secret = ''] = LINE.exec(line) ?? [];
  const madeOn = parseIsoDate(date);
  if (!madeOn || id !== idOf(secret)) {
    throw new KeyRingError(
      'damaged',
      `the key ring is damaged at its key number ${index + 1}: put a copy of it back`,
    );
  }
  const bytes = hkdfSync('sha256', Buffer.from(secret, 'hex'), '', 'cadencia seal 1', KEY_BYTES);
  return { id, madeOn, line, sealing: { id, bytes: new Uint8Array(bytes) } };
}

function idOf(secret: string): string {
  return createHash('sha256').update(`cadencia key ${secret}`).digest('hex').slice(0, ID_LENGTH);
}
