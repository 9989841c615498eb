import { expect, it } from 'vitest';
import { held } from '../../src/engine/hold-lead.ts';
import { aLead } from '../support/store-records.ts';

it('a lead that rests for another reason keeps no clause of the reason before', () => {
  const lead = { ...aLead(), holdReason: 'promise', holdClause: 'BR-01' } as const;
  const rests = held(lead, 'retry-delay', 60_000);
  expect(rests).toMatchObject({ state: 'waiting', holdReason: 'retry-delay', notBeforeAt: 60_000 });
  expect(rests).not.toHaveProperty('holdClause');
});
