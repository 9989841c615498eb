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
import type { AgentId } from '../../../src/lib/ids.ts';
import type { Random } from '../../../src/lib/random.ts';
import { everyWalk, oneOf, whole } from '../../support/walks.ts';
import { AGENT, draftTyped, NEW, said, step, typed } from './signals.ts';

const SIGNALS_MAX = 14;
const CODES = [...DISPOSITIONS.map((one) => one.code), 'nothing-of-ours'];
const AGENTS: readonly AgentId[] = [AGENT, 'user_2'];
const PROMISE = { value: { centavos: 18_990 }, dueDate: '2026-11-27' } as const;

function anySignal(random: Random): NegotiationSignal {
  switch (whole(random, 8)) {
    case 0:
      return typed('right');
    case 1:
      return typed('wrong');
    case 2:
      return { kind: 'given-up', isListed: random() < 0.5 };
    case 3:
      return { kind: 'not-asked' };
    case 4:
      return { kind: 'passed-on', toAgentId: oneOf(random, AGENTS) };
    case 5:
      return draftTyped(1 + whole(random, 4), {}, oneOf(random, AGENTS));
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
  const { draft } = negotiation;
  assert(draft === undefined || code === undefined, 'no draft stays beside a disposition');
  assert(
    draft === before.draft || draft === undefined || signal.kind === 'draft-typed',
    'a draft changes by typing only',
  );
  assert(
    draft === before.draft ||
      draft?.agentId !== before.draft?.agentId ||
      (draft?.revision ?? 0) > (before.draft?.revision ?? 0),
    'the draft of one agent only gets newer',
  );
  assert(
    signal.kind !== 'passed-on' || draft === undefined || draft.agentId === signal.toAgentId,
    'nobody has the draft of another agent',
  );
  assert(
    negotiation !== before || facts.length === 0,
    `where nothing changes nothing is a fact: ${signal.kind}`,
  );
}

it('records one disposition and never keeps a confirmation that it contradicts', () => {
  const ends = { disposed: 0, corrected: 0, withdrawn: 0, typed: 0 };
  everyWalk((random, note) => {
    let negotiation = NEW;
    for (let count = whole(random, SIGNALS_MAX); count > 0; count -= 1) {
      const signal = anySignal(random);
      note(JSON.stringify(signal));
      const after = step(negotiation, signal);
      check(negotiation, signal, after);
      if (after.disposed) ends[after.disposed.correction ? 'corrected' : 'disposed'] += 1;
      if (after.disposed?.withdraws) ends.withdrawn += 1;
      if (after.negotiation.draft !== negotiation.draft) ends.typed += 1;
      negotiation = after.negotiation;
    }
  });
  // The walks reach every way out.
  expect(Math.min(...Object.values(ends))).toBeGreaterThan(50);
});
