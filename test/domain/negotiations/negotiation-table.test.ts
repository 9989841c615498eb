/** Every signal in every state of a negotiation: what is told, what is refused, and what it leads to. */
import { describe, expect, it } from 'vitest';
import {
  dispositionOf,
  isConfirmed,
  isDispositionMissing,
  type Negotiation,
  type NegotiationRefusal,
  type NegotiationSignal,
} from '../../../src/domain/negotiations/negotiation.ts';
import type { AgentId } from '../../../src/lib/ids.ts';
import { AGENT, aDraft, draftTyped, heard, NEW, said, step, TALK_AT, typed } from './signals.ts';

const OTHER: AgentId = 'user_2';
const GIVEN_UP = { kind: 'given-up', isListed: true } as const;

/** A name says who is on the line, what came of it, and whether something is typed. */
const STATES = {
  'nobody known': NEW,
  'one miss': heard(typed('wrong')),
  'third party': heard(typed('wrong'), typed('wrong'), typed('wrong')),
  confirmed: heard(typed('right')),
  'confirmed, typed': heard(typed('right'), draftTyped(3)),
  typed: heard(draftTyped(3)),
  missing: heard(GIVEN_UP),
  'missing, typed': heard(draftTyped(3), GIVEN_UP),
  'missing, confirmed': heard(typed('right'), GIVEN_UP),
  recorded: heard(said('dropped')),
  'recorded, confirmed': heard(typed('right'), said('dropped')),
} as const satisfies Record<string, Negotiation>;
type StateName = keyof typeof STATES;

const SIGNALS = {
  'right answers': typed('right'),
  'wrong answers': typed('wrong'),
  'right party says no': said('refusal'),
  'somebody else': said('third-party'),
  'somebody else, withdrawn': said('third-party', { withdraws: true }),
  dropped: said('dropped'),
  'corrected to dropped': said('dropped', { kind: 'corrected' }),
  'no such code': said('not-a-code'),
  'given up for a supervisor': GIVEN_UP,
  'given up for good': { kind: 'given-up', isListed: false },
  'older draft': draftTyped(2),
  'newer draft': draftTyped(4),
  'draft of another': draftTyped(1, {}, OTHER),
  'passed to another': { kind: 'passed-on', toAgentId: OTHER },
  'passed to the same': { kind: 'passed-on', toAgentId: AGENT },
  'nobody asked': { kind: 'not-asked' },
} as const satisfies Record<string, NegotiationSignal>;
type SignalName = keyof typeof SIGNALS;

/** What is said to the agent, in the order of {@link SIGNALS}: a refusal, the first fact, or nothing. */
type Answer = NegotiationRefusal | 'asked' | 'withdrawn' | 'recorded' | 'missing' | 'quiet';

const OPEN_UNKNOWN: readonly Answer[] = [
  ...(['asked', 'evidence-wrong', 'right-party-needed', 'recorded', 'recorded'] as const),
  ...(['recorded', 'lacks-no-disposition', 'unknown-disposition', 'missing', 'missing'] as const),
  ...(['quiet', 'quiet', 'quiet', 'quiet', 'quiet', 'quiet'] as const),
];
const OPEN_CONFIRMED: readonly Answer[] = [
  ...(['quiet', 'quiet', 'recorded', 'right-party-confirmed', 'withdrawn'] as const),
  ...(['recorded', 'lacks-no-disposition', 'unknown-disposition', 'missing', 'missing'] as const),
  ...(['quiet', 'quiet', 'quiet', 'quiet', 'quiet', 'quiet'] as const),
];
const RECORDED: readonly Answer[] = [
  ...(['already-disposed', 'already-disposed', 'has-disposition', 'has-disposition'] as const),
  ...(['has-disposition', 'has-disposition', 'lacks-no-disposition', 'has-disposition'] as const),
  ...(['quiet', 'quiet', 'has-disposition', 'has-disposition', 'has-disposition'] as const),
  ...(['quiet', 'quiet', 'quiet'] as const),
];

const places = Object.keys(SIGNALS) as SignalName[];
const row = (answers: readonly Answer[], change: Partial<Record<SignalName, Answer>> = {}) =>
  Object.fromEntries(places.map((name, place) => [name, change[name] ?? answers[place]])) as Record<
    SignalName,
    Answer
  >;

const TABLE: Record<StateName, Record<SignalName, Answer>> = {
  'nobody known': row(OPEN_UNKNOWN),
  'one miss': row(OPEN_UNKNOWN),
  'third party': row(OPEN_UNKNOWN, {
    'right answers': 'third-party-call',
    'wrong answers': 'third-party-call',
  }),
  confirmed: row(OPEN_CONFIRMED),
  'confirmed, typed': row(OPEN_CONFIRMED, { 'older draft': 'draft-stale' }),
  typed: row(OPEN_UNKNOWN, { 'older draft': 'draft-stale' }),
  missing: row(OPEN_UNKNOWN, {
    'corrected to dropped': 'recorded',
    'given up for a supervisor': 'quiet',
    'given up for good': 'quiet',
  }),
  'missing, typed': row(OPEN_UNKNOWN, {
    'corrected to dropped': 'recorded',
    'given up for a supervisor': 'quiet',
    'given up for good': 'quiet',
    'older draft': 'draft-stale',
  }),
  'missing, confirmed': row(OPEN_CONFIRMED, {
    'corrected to dropped': 'recorded',
    'given up for a supervisor': 'quiet',
    'given up for good': 'quiet',
  }),
  recorded: row(RECORDED),
  'recorded, confirmed': row(RECORDED, { 'right answers': 'quiet', 'wrong answers': 'quiet' }),
};

const ANSWERS: Readonly<Record<string, Answer>> = {
  'right-party-asked': 'asked',
  'right-party-withdrawn': 'withdrawn',
  'disposition-recorded': 'recorded',
  'disposition-missing': 'missing',
};

const cells = (Object.keys(STATES) as StateName[]).flatMap((state) =>
  places.map((signal) => [state, signal, TABLE[state][signal]] as const),
);

describe('every signal in every state of a negotiation', () => {
  it.each(cells)('%s: %s is answered %s', (state, signal, answer) => {
    const before = STATES[state];
    const { facts, refused, negotiation, disposed } = step(before, SIGNALS[signal]);
    const [first] = facts;
    expect(refused ?? (first ? ANSWERS[first.kind] : 'quiet')).toBe(answer);
    // A refusal changes nothing but the count of wrong answers, and a disposition is told once.
    if (refused !== undefined && refused !== 'evidence-wrong') expect(negotiation).toBe(before);
    const recorded = facts.filter(({ kind }) => kind === 'disposition-recorded');
    expect(recorded).toHaveLength(disposed ? 1 : 0);
    expect(disposed !== undefined).toBe(
      dispositionOf(before) === undefined && dispositionOf(negotiation) !== undefined,
    );
    if (disposed) expect(negotiation.draft).toBeUndefined();
    if (disposed) expect(disposed.correction).toBe(isDispositionMissing(before));
    if (disposed) expect(disposed.withdraws).toBe(isConfirmed(before) && !isConfirmed(negotiation));
  });

  it.each<[StateName, SignalName, AgentId | undefined]>([
    ['typed', 'passed to another', undefined],
    ['typed', 'passed to the same', AGENT],
    ['typed', 'nobody asked', undefined],
    ['typed', 'given up for a supervisor', AGENT],
    ['typed', 'given up for good', undefined],
    ['typed', 'newer draft', AGENT],
    ['typed', 'draft of another', OTHER],
    ['typed', 'older draft', AGENT],
    ['missing, typed', 'given up for good', AGENT],
    ['confirmed, typed', 'wrong answers', AGENT],
    ['confirmed, typed', 'somebody else', AGENT],
    ['confirmed, typed', 'somebody else, withdrawn', undefined],
    ['missing, typed', 'corrected to dropped', undefined],
  ])('%s: after %s the draft is that of %s', (state, signal, agentId) => {
    expect(step(STATES[state], SIGNALS[signal]).negotiation.draft?.agentId).toBe(agentId);
  });

  it('keeps a draft with its moment and its revision, and what was typed as it was typed', () => {
    const { negotiation } = step(STATES.typed, draftTyped(9, { code: 'promise', note: ' x ' }));
    expect(negotiation.draft).toEqual({
      ...aDraft(9, { code: 'promise', note: ' x ' }),
      agentId: AGENT,
      at: TALK_AT + 10_000,
    });
    expect(negotiation.rightParty).toEqual(STATES.typed.rightParty);
  });
});

describe('the attempts that facts and state count', () => {
  it.each([
    [0, 'right', 1, true],
    [1, 'right', 2, true],
    [2, 'right', 3, true],
    [0, 'wrong', 1, false],
    [1, 'wrong', 2, false],
    [2, 'wrong', 3, false],
  ] as const)('after %d misses %s answers are attempt %d', (misses, which, attempt, confirms) => {
    const before = heard(...Array.from({ length: misses }, () => typed('wrong')));
    const { facts, negotiation, refused } = step(before, typed(which));
    expect(facts[0]).toEqual({
      ...{ kind: 'right-party-asked', items: ['document', 'birth-day'], attempt },
      result: which,
    });
    expect(isConfirmed(negotiation)).toBe(confirms);
    expect(negotiation.rightParty.misses).toBe(confirms ? misses : attempt);
    const isLast = !confirms && attempt === 3;
    expect(facts.slice(1)).toEqual(
      confirms
        ? [{ kind: 'right-party-confirmed', by: 'answers' }]
        : isLast
          ? [{ kind: 'third-party-presumed', attempts: 3 }]
          : [],
    );
    expect(refused).toBe(confirms ? undefined : isLast ? 'third-party-call' : 'evidence-wrong');
  });

  it('are kept when a confirmation is withdrawn: nobody gets three more', () => {
    const confirmed = heard(typed('wrong'), typed('wrong'), typed('right'));
    const { negotiation } = step(confirmed, SIGNALS['somebody else, withdrawn']);
    expect(negotiation.rightParty).toEqual({ standing: 'unconfirmed', misses: 2 });
  });
});
