import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { KEYS_MAX, KeyRing, rotated } from '../../src/keys/key-ring.ts';
import {
  makeKeyRing,
  openKeyRing,
  openKeyRingIfAny,
  requireKeys,
  rotateKeyRing,
} from '../../src/keys/key-ring-file.ts';
import type { Place } from '../../src/keys/seal.ts';

const PLACE: Place = { table: 'trunk', column: 'authentication_sealed', rowId: 'trunk_1' };
const VALUE = Buffer.from('senha');

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cadencia-keys-'));
  file = join(folder, 'within', 'key-ring');
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const failure = (code: string) => expect.objectContaining({ name: 'KeyRingError', code });

function secretsIn(text: string): readonly string[] {
  return text.match(/[0-9a-f]{64}/g) ?? [];
}

describe('the file of the key ring', () => {
  it('is made once, only its owner may read it, and nothing else is left beside it', () => {
    const ring = makeKeyRing(file, [], '2026-11-22');
    expect(ring.keys).toEqual([{ id: ring.currentId, madeOn: '2026-11-22' }]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(folder, 'within'))).toEqual(['key-ring']);
    expect(() => makeKeyRing(file, [], '2026-11-22')).toThrow(/EEXIST/);
    expect(openKeyRing({ file }).currentId).toBe(ring.currentId);
  });

  it('is not made anew when something was sealed with a lost one', () => {
    expect(() => makeKeyRing(file, ['3f9a1c2b7d04'], '2026-11-22')).toThrow(failure('missing'));
    expect(() => makeKeyRing(file, ['3f9a1c2b7d04'], '2026-11-22')).toThrow(/3f9a1c2b7d04/);
    expect(existsSync(file)).toBe(false);
  });

  it('keeps its old keys when it is rotated, and they open what they sealed', () => {
    const before = makeKeyRing(file, [], '2026-11-22');
    const sealed = before.seal(VALUE, PLACE);
    const after = rotateKeyRing(file, '2026-12-22');
    expect(after.keys.map(({ madeOn }) => madeOn)).toEqual(['2026-12-22', '2026-11-22']);
    expect(after.currentId).not.toBe(before.currentId);
    expect(after.unseal(sealed, PLACE)).toEqual(VALUE);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('keeps every key that several processes announce at once, past what a killed one left', async () => {
    makeKeyRing(file, [], '2026-11-22');
    const gone = spawn(process.execPath, ['-e', '']);
    await once(gone, 'exit');
    writeFileSync(`${file}.lock`, `${gone.pid} of-a-killed-process`);
    const module = new URL('../../src/keys/key-ring-file.ts', import.meta.url).href;
    const program = `const { rotateKeyRing } = await import(${JSON.stringify(module)});
      for (let n = 0; n < 4; n += 1)
        console.log(rotateKeyRing(${JSON.stringify(file)}, '2026-12-22').currentId);`;
    const rotate = async (): Promise<readonly string[]> => {
      const child = spawn(process.execPath, ['--input-type=module', '-e', program]);
      const said = await text(child.stdout);
      return said.trim().split('\n');
    };
    const announced = (await Promise.all([rotate(), rotate(), rotate()])).flat();
    const ring = openKeyRing({ file });
    expect(announced.filter((id) => ring.has(id))).toHaveLength(12);
    expect(readdirSync(join(folder, 'within'))).toEqual(['key-ring']);
  }, 30_000);

  it('is not changed while another process changes it', () => {
    makeKeyRing(file, [], '2026-11-22');
    const before = readFileSync(file, 'utf8');
    writeFileSync(`${file}.lock`, `${process.ppid} of-a-living-process`);
    expect(() => rotateKeyRing(file, '2026-12-22')).toThrow(failure('in-use'));
    expect(readFileSync(file, 'utf8')).toBe(before);
  }, 30_000);

  it('is read again by a process that finds an unknown key', () => {
    const running = makeKeyRing(file, [], '2026-11-22');
    const sealed = rotateKeyRing(file, '2026-12-22').seal(VALUE, PLACE);
    expect(running.unseal(sealed, PLACE)).toEqual(VALUE);
  });

  it('is refused when others may read it, with what to do', () => {
    makeKeyRing(file, [], '2026-11-22');
    chmodSync(file, 0o640);
    expect(() => openKeyRing({ file })).toThrow(failure('open-to-others'));
    expect(() => openKeyRing({ file })).toThrow(`chmod 600 ${file}`);
  });

  it('is refused when missing, but may be absent where none is needed', () => {
    expect(() => openKeyRing({ file })).toThrow(failure('missing'));
    expect(openKeyRingIfAny({ file })).toBeUndefined();
  });

  it.each([
    [
      'a digit of a key',
      (text: string) => text.replace(/.$/m, (digit) => (digit === '0' ? '1' : '0')),
    ],
    ['its end', (text: string) => text.slice(0, -10)],
    ['everything', () => ''],
    ['all keys', (text: string) => text.replace(/^[0-9a-f].*$/gm, '')],
  ])('is refused where %s is damaged, without telling a key', (_, damage) => {
    const key = rotated('', '2026-11-22').split('\n').at(-2) ?? '';
    writeFileSync(join(folder, 'ring'), damage(key), { mode: 0o600 });
    let said = '';
    try {
      openKeyRing({ file: join(folder, 'ring') });
    } catch (error) {
      said = inspect(error);
    }
    expect(said).toContain('damaged');
    for (const secret of secretsIn(key)) expect(said).not.toContain(secret.slice(0, 16));
  });
});

describe('the key ring', () => {
  it('may be a text with commas between the keys', () => {
    const [first, second] = [rotated('', '2026-11-22'), rotated('', '2026-10-22')].map(
      (text) => text.split('\n').at(-2) ?? '',
    );
    const ring = openKeyRing({ file, text: `${first}, ${second}` });
    expect(ring.keys.map(({ madeOn }) => madeOn)).toEqual(['2026-11-22', '2026-10-22']);
  });

  it('does not open without a key that stored data needs, and names it', () => {
    const ring = makeKeyRing(file, [], '2026-11-22');
    requireKeys(ring, [ring.currentId]);
    expect(() => requireKeys(ring, [ring.currentId, '3f9a1c2b7d04'])).toThrow(failure('key-gone'));
    expect(() => requireKeys(ring, ['3f9a1c2b7d04'])).toThrow(/3f9a1c2b7d04/);
  });

  it('says which key is gone when it finds something sealed with it', () => {
    const sealed = makeKeyRing(file, [], '2026-11-22').seal(VALUE, PLACE);
    const other = makeKeyRing(join(folder, 'other'), [], '2026-11-22');
    expect(() => other.unseal(sealed, PLACE)).toThrow(failure('key-gone'));
  });

  it('shows no key, however it is logged, inspected or written as JSON', () => {
    const ring = makeKeyRing(file, [], '2026-11-22');
    const shown = `${inspect(ring, { depth: 9, showHidden: true })}${JSON.stringify(ring)}${String(ring)}`;
    const [secret = ''] = secretsIn(readFileSync(file, 'utf8'));
    expect(secret).toHaveLength(64);
    expect(shown).not.toContain(secret);
    expect(shown).not.toMatch(/Uint8Array|Buffer/);
  });

  it('has a bounded number of keys', () => {
    let text = '';
    for (let made = 0; made < KEYS_MAX; made += 1) text = rotated(text, '2026-11-22');
    expect(new KeyRing(() => text).keys).toHaveLength(KEYS_MAX);
    expect(() => rotated(text, '2026-11-22')).toThrow(/remove those/);
  });
});
