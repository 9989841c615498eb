import { describe, expect, it } from 'vitest';
import {
  dispositionOf,
  isConfirmed,
  isDispositionMissing,
  mayConfirmNow,
  type NegotiationSignal,
  resumeNegotiation,
} from '../../../src/domain/negotiations/negotiation.ts';
import { SECOND_MS } from '../../../src/lib/time.ts';
import { AGENT, aDraft, draftTyped, heard, NEW, said, step, TALK_AT, typed } from './signals.ts';

const GIVEN_UP = { kind: 'given-up', isListed: true } as const;

function mayConfirmIn(negotiation = NEW) {
  return mayConfirmNow(negotiation, typed('right').moment, TALK_AT + SECOND_MS);
}

describe('the right party', () => {
  it('is confirmed by right answers, after the newest stored fact', () => {
    const { negotiation, facts, confirmedBy, refused } = step(NEW, typed('right'));
    expect(isConfirmed(negotiation)).toBe(true);
    expect(negotiation.rightParty.confirmedAfter).toBe(7);
    expect(facts).toEqual([
      {
        kind: 'right-party-asked',
        items: ['document', 'birth-day'],
        result: 'right',
        attempt: 1,
      },
      { kind: 'right-party-confirmed', by: 'answers' },
    ]);
    expect(confirmedBy).toEqual({ by: 'answers', items: ['document', 'birth-day'] });
    expect(refused).toBeUndefined();
  });

  it('is confirmed by a known voice without a question among the facts', () => {
    const reason = '  spoke with her this morning ';
    const { facts, confirmedBy } = step(
      NEW,
      typed('right', { evidence: { by: 'known-voice', reason }, knownVoiceAllowed: true }),
    );
    expect(facts).toEqual([{ kind: 'right-party-confirmed', by: 'known-voice' }]);
    expect(confirmedBy).toEqual({ by: 'known-voice', items: [], reason: reason.trim() });
  });

  it('is a third party after three wrong answers, and nobody is asked again', () => {
    const second = step(heard(typed('wrong')), typed('wrong'));
    expect(second.refused).toBe('evidence-wrong');
    expect(second.facts.map((fact) => fact.kind)).toEqual(['right-party-asked']);
    const third = step(second.negotiation, typed('wrong'));
    expect(third.refused).toBe('third-party-call');
    expect(third.facts.map((fact) => fact.kind)).toEqual([
      'right-party-asked',
      'third-party-presumed',
    ]);
    const fourth = step(third.negotiation, typed('right'));
    expect(fourth).toMatchObject({ refused: 'third-party-call', facts: [] });
    expect(mayConfirmIn(third.negotiation)).toEqual({ may: false, reason: 'third-party-call' });
  });

  it('counts the attempts before the right one', () => {
    const { facts } = step(heard(typed('wrong'), typed('wrong')), typed('right'));
    expect(facts[0]).toMatchObject({ result: 'right', attempt: 3 });
  });

  it('stays confirmed whatever is typed afterwards', () => {
    const confirmed = heard(typed('right'));
    expect(step(confirmed, typed('wrong'))).toEqual({ negotiation: confirmed, facts: [] });
  });

  it('is not asked for once the call has its disposition', () => {
    const disposed = heard(said('dropped'));
    expect(step(disposed, typed('right')).refused).toBe('already-disposed');
    expect(mayConfirmIn(disposed)).toEqual({ may: false, reason: 'already-disposed' });
  });
});

describe('a disposition', () => {
  it('is recorded once', () => {
    const disposed = heard(said('dropped'));
    expect(dispositionOf(disposed)).toBe('dropped');
    expect(step(disposed, said('machine'))).toEqual({
      negotiation: disposed,
      facts: [],
      refused: 'has-disposition',
    });
  });

  it('of the right party needs a confirmation', () => {
    expect(step(NEW, said('refusal')).refused).toBe('right-party-needed');
    expect(step(heard(typed('right')), said('refusal')).refused).toBeUndefined();
  });

  it('that nobody chooses, or that does not exist, is refused', () => {
    expect(step(NEW, said('busy')).refused).toBe('unknown-disposition');
    expect(step(NEW, said('nothing-of-ours')).refused).toBe('unknown-disposition');
  });

  it('is refused with the problem of its form', () => {
    expect(step(heard(typed('right')), said('promise')).refused).toBe('promise-missing');
  });

  it('says with what follows from it', () => {
    const { disposed } = step(NEW, said('wrong-number'));
    expect(disposed).toMatchObject({
      disposition: { code: 'wrong-number' },
      effects: { phoneStatus: 'wrong', block: { scope: 'phone' } },
      correction: false,
      withdraws: false,
    });
  });

  it.each(['third-party', 'wrong-number', 'deceased', 'machine'])(
    'that it was somebody else (%s) takes a confirmation back, if the agent agrees',
    (code) => {
      const confirmed = heard(typed('right'));
      expect(step(confirmed, said(code)).refused).toBe('right-party-confirmed');
      const { negotiation, facts, disposed } = step(confirmed, said(code, { withdraws: true }));
      expect(isConfirmed(negotiation)).toBe(false);
      expect(disposed?.withdraws).toBe(true);
      expect(facts).toEqual([
        { kind: 'right-party-withdrawn', because: code },
        { kind: 'disposition-recorded', code, correction: false },
      ]);
    },
  );

  it('of a dropped line leaves the confirmation as it is', () => {
    const { negotiation, disposed } = step(
      heard(typed('right')),
      said('dropped', { withdraws: true }),
    );
    expect(isConfirmed(negotiation)).toBe(true);
    expect(disposed?.withdraws).toBe(false);
  });
});

describe('a disposition that is missing', () => {
  it('was given up once, and not after one was recorded', () => {
    const missing = step(NEW, GIVEN_UP);
    expect(missing.facts).toEqual([{ kind: 'disposition-missing' }]);
    expect(isDispositionMissing(missing.negotiation)).toBe(true);
    expect(step(missing.negotiation, GIVEN_UP).facts).toEqual([]);
    expect(step(heard(said('dropped')), GIVEN_UP).facts).toEqual([]);
  });

  it.each(['disposed', 'corrected'] as const)('is %s as a correction', (kind) => {
    const { facts, disposed } = step(heard(GIVEN_UP), said('dropped', { kind }));
    expect(facts).toEqual([{ kind: 'disposition-recorded', code: 'dropped', correction: true }]);
    expect(disposed?.correction).toBe(true);
  });

  it('is the only one that a supervisor corrects', () => {
    const corrected = said('dropped', { kind: 'corrected' });
    expect(step(NEW, corrected).refused).toBe('lacks-no-disposition');
    expect(step(heard(GIVEN_UP, corrected), corrected).refused).toBe('lacks-no-disposition');
  });

  it('still lets the agent confirm while there is time', () => {
    expect(mayConfirmIn(heard(GIVEN_UP))).toEqual({ may: true });
  });
});

describe('a draft', () => {
  const TYPED = heard(draftTyped(3));

  it('is what the agent typed last, with when', () => {
    const { negotiation, facts } = step(NEW, draftTyped(1, { code: 'dropped' }));
    expect(facts).toEqual([]);
    expect(negotiation.draft).toEqual({
      ...aDraft(1, { code: 'dropped' }),
      agentId: AGENT,
      at: TALK_AT + 10 * SECOND_MS,
    });
  });

  it.each([2, 3])('of revision %i does not replace revision 3', (revision) => {
    const late = step(TYPED, draftTyped(revision, { note: 'late' }));
    expect(late).toEqual({ negotiation: TYPED, facts: [], refused: 'draft-stale' });
    const newer = step(TYPED, draftTyped(4, { note: 'newer' }));
    expect(newer.negotiation.draft?.note).toBe('newer');
  });

  it.each<[string, NegotiationSignal]>([
    ['the disposition', said('dropped')],
    ['nobody being asked', { kind: 'not-asked' }],
    ['being given up where no supervisor corrects', { ...GIVEN_UP, isListed: false }],
    ['another agent having the debtor', { kind: 'passed-on', toAgentId: 'user_2' }],
  ])('ends with %s', (_end, signal) => {
    expect(step(TYPED, signal).negotiation).not.toHaveProperty('draft');
  });

  it.each<[string, NegotiationSignal]>([
    ['a refused disposition', said('promise')],
    ['a wrong answer', typed('wrong')],
    ['a confirmation', typed('right')],
    ['waiting for a supervisor', GIVEN_UP],
    ['the same agent having the debtor again', { kind: 'passed-on', toAgentId: AGENT }],
  ])('outlives %s', (_what, signal) => {
    expect(step(TYPED, signal).negotiation.draft).toEqual(TYPED.draft);
  });

  it('of another agent begins anew', () => {
    const theirs = step(TYPED, draftTyped(1, { note: 'other words' }, 'user_2')).negotiation;
    expect(theirs.draft).toMatchObject({ agentId: 'user_2', revision: 1, note: 'other words' });
  });

  it('is not kept once there is a disposition', () => {
    expect(step(heard(said('dropped')), draftTyped(9)).refused).toBe('has-disposition');
  });

  it('may be typed on while a supervisor could correct', () => {
    expect(step(heard(GIVEN_UP), draftTyped(1)).negotiation.draft?.revision).toBe(1);
  });
});

describe('a negotiation that the store knows', () => {
  const about = NEW.about;

  it('goes on where it was', () => {
    const record = { rightPartyConfirmed: true, evidenceMisses: 1 };
    const open = resumeNegotiation(about, record);
    expect(open).toEqual({
      about,
      rightParty: { standing: 'confirmed', misses: 1 },
      result: { kind: 'open' },
    });
    const draft = { ...aDraft(4), agentId: AGENT, at: TALK_AT };
    expect(resumeNegotiation(about, { ...record, draft }).draft).toEqual(draft);
    expect(isConfirmed(resumeNegotiation(about, { ...record, rightPartyConfirmed: false }))).toBe(
      false,
    );
    const over = resumeNegotiation(about, { ...record, disposition: 'refusal' });
    expect(dispositionOf(over)).toBe('refusal');
  });
});
