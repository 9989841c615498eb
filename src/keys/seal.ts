/**
 * Seals one value: AES-256-GCM with a random nonce (NIST SP 800-38D). The value's place is
 * associated data, so a value moved to another row or column does not open. As text:
 * `1.<key>.<nonce, tag and cipher text in base64url>`. The first part is the format; the second
 * names the key, among its owner's keys.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { KeyRingError } from './key-ring-error.ts';

/** The place of a sealed value. */
export type Place = { readonly table: string; readonly column: string; readonly rowId: string };

export const KEY_BYTES = 32;
const ALGORITHM = 'aes-256-gcm';
const FORMAT = '1';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

export type SealingKey = { readonly id: string; readonly bytes: Uint8Array };

/** `nonce` is only for known-answer tests: the same one twice under one key breaks the cipher. */
export function seal(
  value: Uint8Array,
  key: SealingKey,
  place: Place,
  nonce: Uint8Array = randomBytes(NONCE_BYTES),
): string {
  const cipher = createCipheriv(ALGORITHM, key.bytes, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(associatedData(place));
  const text = Buffer.concat([cipher.update(value), cipher.final()]);
  const payload = Buffer.concat([nonce, cipher.getAuthTag(), text]).toString('base64url');
  return `${FORMAT}.${key.id}.${payload}`;
}

/** The id of the key that a value was sealed with. Throws KeyRingError('not-as-sealed'). */
export function keyIdOf(sealed: string): string {
  return partsOf(sealed).keyId;
}

/**
 * Opens a sealed value. Throws KeyRingError('not-as-sealed') when a bit, the key or the place
 * differs.
 */
export function unseal(sealed: string, key: SealingKey, place: Place): Buffer {
  const bytes = Buffer.from(partsOf(sealed).payload, 'base64url');
  if (bytes.length < NONCE_BYTES + TAG_BYTES) throw notAsSealed(place);
  const nonce = bytes.subarray(0, NONCE_BYTES);
  const decipher = createDecipheriv(ALGORITHM, key.bytes, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(associatedData(place));
  decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
  try {
    return Buffer.concat([
      decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)),
      decipher.final(),
    ]);
  } catch {
    throw notAsSealed(place);
  }
}

function partsOf(sealed: string): { readonly keyId: string; readonly payload: string } {
  const [format, keyId, payload, ...rest] = sealed.split('.');
  if (format !== FORMAT || !keyId || payload === undefined || rest.length > 0) {
    throw new KeyRingError('not-as-sealed', 'a sealed value has a form that is not known');
  }
  return { keyId, payload };
}

/** The place as JSON, so that no two places have the same text. */
function associatedData({ table, column, rowId }: Place): Buffer {
  return Buffer.from(JSON.stringify([table, column, rowId]), 'utf8');
}

function notAsSealed({ table, column, rowId }: Place): KeyRingError {
  return new KeyRingError(
    'not-as-sealed',
    `${table} ${rowId}: ${column} is not as it was sealed: altered, or moved from another row`,
  );
}
