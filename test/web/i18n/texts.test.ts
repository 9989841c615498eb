import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { english, portuguese } from '../../../src/web/i18n/texts.ts';

const WEB = fileURLToPath(new URL('../../../src/web', import.meta.url));

/** `agent.bar.pause` → the text. */
function flat(tree: object, path = ''): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  for (const [name, value] of Object.entries(tree)) {
    const key = path === '' ? name : `${path}.${name}`;
    if (typeof value === 'string') texts.set(key, value);
    else for (const [inner, text] of flat(value, key)) texts.set(inner, text);
  }
  return texts;
}

function sources(folder: string): readonly string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return sources(path);
    return /\.tsx?$/.test(name) && !name.endsWith('-texts.ts') ? [readFileSync(path, 'utf8')] : [];
  });
}

const texts = { 'pt-BR': flat(portuguese), en: flat(english) };
const roots = Object.keys(portuguese).join('|');
const code = sources(WEB).join('\n');

/** Keys written out in the code, and the beginnings (and ends) of those that are put together. */
const written = new Set(
  [...code.matchAll(new RegExp(`['"\`]((?:${roots})(?:\\.[\\w-]+)+)['"\`]`, 'g'))].map(
    (match) => match[1] ?? '',
  ),
);
const composed = [
  ...code.matchAll(
    new RegExp(`\`((?:${roots})(?:\\.[\\w-]+)*\\.)\\$\\{[^}]+\\}([\\w.-]*)(.)`, 'g'),
  ),
].map((match) => ({ begin: match[1] ?? '', end: match[3] === '`' ? (match[2] ?? '') : '' }));

const withoutPlural = (key: string) => key.replace(/_(?:zero|one|other)$/, '');
const isUsed = (key: string) =>
  written.has(withoutPlural(key)) ||
  composed.some(({ begin, end }) => key.startsWith(begin) && key.endsWith(end));

describe('both languages', () => {
  it('have the same keys', () => {
    expect([...texts.en.keys()].sort()).toEqual([...texts['pt-BR'].keys()].sort());
  });

  it('have no empty text', () => {
    for (const [key, text] of [...texts.en, ...texts['pt-BR']]) {
      expect(text.trim(), key).not.toBe('');
    }
  });

  it('fill the same values into a sentence', () => {
    for (const [key, text] of texts['pt-BR']) {
      expect(valuesIn(texts.en.get(key) ?? ''), key).toEqual(valuesIn(text));
    }
  });
});

describe('the code and the texts', () => {
  it('has a text for every key it names', () => {
    const keys = new Set([...texts['pt-BR'].keys()].map(withoutPlural));
    const missing = [...written].filter((key) => !keys.has(key));
    expect(missing).toEqual([]);
  });

  it('has a text for every beginning it completes', () => {
    for (const { begin } of composed) {
      const known = [...texts['pt-BR'].keys()].some((key) => key.startsWith(begin));
      expect(known, begin).toBe(true);
    }
  });

  it('uses every text', () => {
    expect([...texts['pt-BR'].keys()].filter((key) => !isUsed(key))).toEqual([]);
  });
});

function valuesIn(text: string): readonly string[] {
  return [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1] ?? '').sort();
}
