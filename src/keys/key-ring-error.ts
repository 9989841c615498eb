/** Why there is no key to seal or to open with. Messages name files, ids and what to do; never a key. */
export type KeyRingErrorCode =
  | 'missing'
  | 'open-to-others'
  | 'damaged'
  /** A stored value was sealed with a key that the ring no longer has. */
  | 'key-gone'
  /** Another process changes the ring. */
  | 'in-use'
  /** The sealed value was altered or moved to another place. */
  | 'not-as-sealed';

export class KeyRingError extends Error {
  override readonly name = 'KeyRingError';
  readonly code: KeyRingErrorCode;

  constructor(code: KeyRingErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
