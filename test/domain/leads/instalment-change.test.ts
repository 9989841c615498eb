import { describe, expect, it } from 'vitest';
import { instalmentChange } from '../../../src/domain/leads/instalment-change.ts';

const INSTALMENT = {
  number: '1',
  dueDate: '2026-08-10',
  originalValue: { centavos: 100 },
} as const;

describe('an instalment that is stored already', () => {
  const stored = { ...INSTALMENT, updatedValue: { centavos: 100 } };

  it('is unchanged by the same row', () => {
    expect(instalmentChange(stored, INSTALMENT)).toBe('unchanged');
  });

  it.each([
    { dueDate: '2026-08-11' },
    { originalValue: { centavos: 101 } },
    { updatedValue: { centavos: 120 } },
  ] as const)('is updated by %o', (change) => {
    expect(instalmentChange(stored, { ...INSTALMENT, ...change })).toBe('updated');
  });
});
