import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Need } from '../../src/engine/ports/needs.ts';
import { StoreHeldUpError } from '../../src/engine/ports/store.ts';
import { askingOf, keepAnswers, PreparedAnswers } from '../../src/engine/prepared.ts';

const ENGINE = join(import.meta.dirname, '../../src/engine');
/** The loop asks beforehand and commits; a start reads what was left, with the pacers' facts. */
const MAY_ASK = ['keep-learning.ts', 'prepared.ts', 'recover.ts', 'turns.ts'];
/** Between two looks at a list the store is asked again; each look is one decision. */
const BETWEEN_DECISIONS = ['dial-leads.ts', 'place-calls.ts'];

function filesWith(pattern: RegExp): readonly string[] {
  return readdirSync(ENGINE)
    .filter((file) => file.endsWith('.ts'))
    .filter((file) => pattern.test(readFileSync(join(ENGINE, file), 'utf8')))
    .sort();
}

describe('decisions of the engine', () => {
  it('have no store to read from', () => {
    expect(filesWith(/\bstore\.(read|prepare|commit)\(|\bview\.\w+\(/)).toEqual(MAY_ASK);
  });

  it('wait for nothing', () => {
    const waits = filesWith(/\bawait /);
    const others = ['engine.ts', 'watch-people.ts'];
    expect(waits).toEqual([...MAY_ASK, ...BETWEEN_DECISIONS, ...others].sort());
  });
});

describe('what was asked beforehand', () => {
  const PEOPLE = { kind: 'people' } as const;
  const LEAD = { kind: 'lead', leadId: 'lead_1' } as const;

  it('is found by its need, no matter who asks, and is a mistake where it was not asked for', async () => {
    const prepared = new PreparedAnswers();
    prepared.keep(LEAD, { ok: true, answer: undefined });
    expect(prepared.has({ kind: 'lead', leadId: 'lead_1' })).toBe(true);
    expect(prepared.of({ kind: 'lead', leadId: 'lead_1' })).toBeUndefined();
    expect(() => prepared.of(PEOPLE)).toThrow(/people/);
  });

  it('throws in the decision that reads it, where the store could not be asked', async () => {
    const heldUp = new StoreHeldUpError('busy', 'held up');
    const needs: readonly Need[] = [PEOPLE, LEAD];
    const prepared = new PreparedAnswers();
    const ask = askingOf({ prepare: () => Promise.reject(heldUp) });
    await keepAnswers(ask, prepared, needs);
    expect(() => prepared.of(PEOPLE)).toThrow(heldUp);
    expect(prepared.found(LEAD)).toBeUndefined();
  });
});
