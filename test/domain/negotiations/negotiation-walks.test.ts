import { expect, it } from 'vitest';
import { DISPOSITIONS, dispositionByCode } from '../../../src/domain/dispositions/catalog.ts';
import { isNotRightParty } from '../../../src/domain/dispositions/disposition.ts';
import {
  dispositionOf,
  isConfirmed,
  type Negotiation,
  type NegotiationSignal,
  type NegotiationStep,
} from '../../../src/domain/negotiations/negotiation.ts';
import { assert } from '../../../src/lib/assert.ts';
import type { Random } from '../../../src/lib/random.ts';
import { everyWalk, oneOf, whole } from '../../support/walks.ts';
import { NEW, said, step, typed } from './signals.ts';

const SIGNALS_MAX = 14;
const CODES = [...DISPOSITIONS.map((one) => one.code), 'nothing-of-ours'];
const PROMISE = { value: { centavos: 18_990 }, dueDate: '2026-11-27' } as const;

function anySignal(random: Random): NegotiationSignal {
  switch (whole(random, 5)) {
    case 0:
      return typed('right');
    case 1:
      return typed('wrong');
    case 2:
      return { kind: 'given-up' };
    default:
      return said(oneOf(random, CODES), {
        kind: oneOf(random, ['disposed', 'corrected']),
        withdraws: random() < 0.5,
        input: random() < 0.5 ? { promise: PROMISE } : {},
      });
  }
}

/** What holds after any step. */
function check(before: Negotiation, signal: NegotiationSignal, after: NegotiationStep): void {
  const { negotiation, facts, refused, disposed, confirmedBy } = after;
  const code = dispositionOf(negotiation);
  const disposition = code === undefined ? undefined : dispositionByCode(code);
  assert(
    !(isConfirmed(negotiation) && disposition && isNotRightParty(disposition)),
    'nobody is confirmed who was somebody else by the disposition',
  );
  const wasCode = dispositionOf(before);
  assert(wasCode === undefined || code === wasCode, 'a recorded disposition stays');
  assert((disposed !== undefined) === (code !== wasCode), 'what is recorded is told');
  assert(
    disposed === undefined || disposed.correction === (before.result.kind === 'missing'),
    'a correction is the disposition that was missing, and no other',
  );
  assert(
    negotiation.rightParty.misses >= before.rightParty.misses && negotiation.rightParty.misses <= 3,
    'misses are counted up to three',
  );
  assert(
    !isConfirmed(negotiation) || isConfirmed(before) || confirmedBy !== undefined,
    'a confirmation has its evidence',
  );
  const isLost = isConfirmed(before) && !isConfirmed(negotiation);
  assert(isLost === (disposed?.withdraws === true), 'only a disposition takes a confirmation back');
  const isMiss = facts.some((fact) => fact.kind === 'right-party-asked' && fact.result === 'wrong');
  assert(
    refused === undefined || isMiss || (negotiation === before && facts.length === 0),
    'a refusal changes nothing, unless it was a wrong answer',
  );
  assert(
    negotiation !== before || facts.length === 0,
    `where nothing changes nothing is a fact: ${signal.kind}`,
  );
}

it('records one disposition and never keeps a confirmation that it contradicts', () => {
  const ends = { disposed: 0, corrected: 0, withdrawn: 0 };
  everyWalk((random, note) => {
    let negotiation = NEW;
    for (let count = whole(random, SIGNALS_MAX); count > 0; count -= 1) {
      const signal = anySignal(random);
      note(JSON.stringify(signal));
      const after = step(negotiation, signal);
      check(negotiation, signal, after);
      if (after.disposed) ends[after.disposed.correction ? 'corrected' : 'disposed'] += 1;
      if (after.disposed?.withdraws) ends.withdrawn += 1;
      negotiation = after.negotiation;
    }
  });
  // The walks reach every way out.
  expect(Math.min(ends.disposed, ends.corrected, ends.withdrawn)).toBeGreaterThan(50);
});
