import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keyIdOf, type Place, seal, unseal } from '../../src/keys/seal.ts';

const PLACE: Place = { table: 'trunk', column: 'authentication_sealed', rowId: 'trunk_1' };
const KEY = { id: 'k1', bytes: Uint8Array.from({ length: 32 }, (_, index) => index) };
const OTHER_KEY = { id: 'k1', bytes: Uint8Array.from({ length: 32 }, (_, index) => index + 1) };
const NONCE = Uint8Array.from({ length: 12 }, (_, index) => index);
const broken = expect.objectContaining({ name: 'KeyRingError', code: 'not-as-sealed' });

const text = (value: string): Uint8Array => Buffer.from(value, 'utf8');

describe('a sealed value', () => {
  // Computed independently of this code, with AESGCM of Python's package "cryptography".
  it('is AES-256-GCM with the place as associated data', () => {
    const sealed = seal(text('senha do tronco'), KEY, PLACE, NONCE);
    expect(sealed).toBe('1.k1.AAECAwQFBgcICQoL7ygiTysRYCMijL-LcdMzXjRnuHOkxaZ0rTXl5N-KFw');
  });

  it('opens at its place with its key, whatever its content', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), (value, rowId) => {
        const place = { ...PLACE, rowId };
        expect(unseal(seal(text(value), KEY, place), KEY, place).toString('utf8')).toBe(
          text(value).toString(),
        );
      }),
    );
  });

  it('is never the same twice, and says which key it was sealed with', () => {
    const [one, other] = [seal(text('a'), KEY, PLACE), seal(text('a'), KEY, PLACE)];
    expect(one).not.toBe(other);
    expect(keyIdOf(one)).toBe('k1');
  });

  it('does not open with another key', () => {
    const sealed = seal(text('a'), KEY, PLACE);
    expect(() => unseal(sealed, OTHER_KEY, PLACE)).toThrow(broken);
  });

  it.each([
    ['row', { rowId: 'trunk_2' }],
    ['column', { column: 'password' }],
    ['table', { table: 'contact' }],
  ])('does not open in another %s', (_, moved) => {
    const sealed = seal(text('a'), KEY, PLACE);
    expect(() => unseal(sealed, KEY, { ...PLACE, ...moved })).toThrow(broken);
  });

  it('does not open once any of its bits was changed', () => {
    const [format, id, payload = ''] = seal(text('ab'), KEY, PLACE).split('.');
    const bytes = Buffer.from(payload, 'base64url');
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const changed = Buffer.from(bytes);
      changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      const sealed = [format, id, changed.toString('base64url')].join('.');
      expect(() => unseal(sealed, KEY, PLACE)).toThrow(broken);
    }
  });

  it.each(['', '1.k1', '2.k1.AAAA', '1..AAAA', '1.k1.AAAA', '1.k1.AAAA.AAAA', 'senha'])(
    'does not open where it is "%s"',
    (sealed) => {
      expect(() => unseal(sealed, KEY, PLACE)).toThrow(broken);
    },
  );
});
