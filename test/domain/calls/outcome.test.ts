import { describe, expect, it } from 'vitest';
import {
  type CallOutcome,
  classifyEnd,
  type HangUpIntent,
  type LegEnd,
  reachedTelephone,
} from '../../../src/domain/calls/outcome.ts';

function outcomeOf(end: Partial<LegEnd>): CallOutcome {
  return classifyEnd({ cause: 0, answered: false, rang: false, ...end });
}

/** Seen on Asterisk 22.10.1: `cause/tech_cause` of ChannelDestroyed for what the far end said. */
const MEASURED: readonly (readonly [farEnd: string, end: Partial<LegEnd>, outcome: CallOutcome])[] =
  [
    ['486 Busy Here', { cause: 17, techCause: 486 }, 'busy'],
    ['404 Not Found', { cause: 1, techCause: 404 }, 'invalid-number'],
    ['603 Decline', { cause: 21, techCause: 603 }, 'rejected'],
    ['180, then 480', { cause: 19, techCause: 480, rang: true }, 'no-answer'],
    [
      '480 with Reason: Q.850;cause=1',
      { cause: 19, techCause: 480, reasonCause: 1 },
      'invalid-number',
    ],
    [
      '503 with Reason: Q.850;cause=1',
      { cause: 34, techCause: 503, reasonCause: 1 },
      'invalid-number',
    ],
    ['503 with Reason: Q.850;cause=17', { cause: 34, techCause: 503, reasonCause: 17 }, 'busy'],
    ['404 with Reason: Q.850;cause=20', { cause: 1, techCause: 404, reasonCause: 20 }, 'no-answer'],
    ['480 with Reason: Q.850;cause=21', { cause: 19, techCause: 480, reasonCause: 21 }, 'rejected'],
    ['503 Service Unavailable', { cause: 34, techCause: 503 }, 'congestion'],
    ['484 Address Incomplete', { cause: 28, techCause: 484 }, 'invalid-number'],
    ['607 Unwanted', { cause: 127, techCause: 607 }, 'unwanted'],
    ['608 Rejected', { cause: 127, techCause: 608 }, 'spam-refused'],
    ['183 with audio, then 404', { cause: 1, techCause: 404 }, 'invalid-number'],
    ['302 Moved', { cause: 23, techCause: 302 }, 'forwarded'],
    ['300 Multiple Choices', { cause: 16, techCause: 300 }, 'forwarded'],
    ['305 Use Proxy', { cause: 16, techCause: 305 }, 'forwarded'],
    ['380 Alternative Service', { cause: 16, techCause: 380 }, 'forwarded'],
    ['500 Server Error', { cause: 38, techCause: 500 }, 'trunk-failed'],
    ['488 Not Acceptable Here', { cause: 58, techCause: 488 }, 'media-failed'],
    ['410 Gone', { cause: 22, techCause: 410 }, 'invalid-number'],
    ['604 Does Not Exist', { cause: 1, techCause: 604 }, 'invalid-number'],
  ];

describe('an attempt that nobody answered, as Asterisk told it', () => {
  it.each(MEASURED)('%s is read', (_farEnd, end, outcome) => {
    expect(outcomeOf(end)).toBe(outcome);
  });

  it('that we gave up after our ring time is no answer, whether it rang or was never heard of', () => {
    const ours = { cause: 19, techCause: 480, intent: 'ring-timeout' } as const;
    expect(outcomeOf({ ...ours, rang: true })).toBe('no-answer');
    expect(outcomeOf({ ...ours, rang: false })).toBe('no-answer');
  });
});

/** SIP status → outcome, whatever cause Asterisk made of it. */
const BY_STATUS: Readonly<Record<CallOutcome, readonly number[]>> = {
  person: [],
  machine: [],
  cancelled: [],
  lost: [],
  busy: [486, 600],
  'no-answer': [480, 487],
  'invalid-number': [404, 410, 484, 485, 604],
  rejected: [603],
  unwanted: [607],
  'spam-refused': [608],
  // The STIR ones: RFC 8224 §6.2.2.
  'caller-id-refused': [401, 402, 403, 407, 428, 436, 437, 438],
  congestion: [482, 483, 491, 503],
  'trunk-failed': [400, 500, 501, 502, 504, 505],
  'media-failed': [406, 415, 488, 606],
  forwarded: [300, 301, 302, 305, 380],
};

/** Q.850 cause → outcome, where no SIP status is known. */
const BY_CAUSE: Readonly<Record<CallOutcome, readonly number[]>> = {
  person: [],
  machine: [],
  cancelled: [],
  lost: [],
  unwanted: [],
  'spam-refused': [],
  busy: [17],
  'no-answer': [18, 19, 20],
  'invalid-number': [1, 2, 3, 22, 28],
  rejected: [21],
  'caller-id-refused': [52, 57],
  congestion: [34, 41, 42, 44, 47],
  'trunk-failed': [0, 16, 27, 31, 38, 102, 127],
  'media-failed': [58, 65, 88],
  forwarded: [23],
};

const OUTCOMES = Object.keys(BY_STATUS) as CallOutcome[];

describe('a SIP status', () => {
  const cases = OUTCOMES.flatMap((outcome) => BY_STATUS[outcome].map((one) => [one, outcome]));

  it.each(cases as [number, CallOutcome][])('%i means %s over any cause', (techCause, outcome) => {
    for (const cause of [0, 1, 17, 19, 34, 127]) {
      expect(outcomeOf({ cause, techCause }), `cause ${cause}`).toBe(outcome);
    }
  });

  it('408 is nobody at home after it rang, and a dead gateway before', () => {
    expect(outcomeOf({ cause: 18, techCause: 408, rang: true })).toBe('no-answer');
    expect(outcomeOf({ cause: 18, techCause: 408, rang: false })).toBe('trunk-failed');
  });

  it('that says nothing known leaves the word to the cause', () => {
    expect(outcomeOf({ cause: 17, techCause: 499 })).toBe('busy');
    expect(outcomeOf({ cause: 34, techCause: 580 })).toBe('congestion');
    expect(outcomeOf({ cause: 127, techCause: 699 })).toBe('trunk-failed');
  });
});

describe('a Reason header', () => {
  it('wins over the status that a gateway made of it', () => {
    for (const techCause of [403, 404, 408, 480, 486, 487, 500, 503]) {
      expect(outcomeOf({ cause: 34, techCause, reasonCause: 1 })).toBe('invalid-number');
    }
  });

  it('says nothing where its cause is any end or any translation', () => {
    for (const reasonCause of [0, 16, 31, 127]) {
      expect(outcomeOf({ cause: 19, techCause: 480, reasonCause })).toBe('no-answer');
      expect(outcomeOf({ cause: 34, techCause: 503, reasonCause })).toBe('congestion');
    }
  });

  it('never overrules a redirection or the last word of a 6xx', () => {
    expect(outcomeOf({ cause: 23, techCause: 302, reasonCause: 1 })).toBe('forwarded');
    expect(outcomeOf({ cause: 127, techCause: 607, reasonCause: 17 })).toBe('unwanted');
    expect(outcomeOf({ cause: 127, techCause: 608, reasonCause: 1 })).toBe('spam-refused');
    expect(outcomeOf({ cause: 21, techCause: 603, reasonCause: 1 })).toBe('rejected');
  });

  it.each([
    [399, 'trunk-failed'],
    [400, 'invalid-number'],
    [599, 'invalid-number'],
    [600, 'busy'],
  ])(
    'is believed over the statuses from 400 to 599 and no others: %i is %s',
    (techCause, outcome) => {
      expect(outcomeOf({ cause: 127, techCause, reasonCause: 1 })).toBe(outcome);
    },
  );

  it('is believed alone, where no status is known', () => {
    expect(outcomeOf({ cause: 17, reasonCause: 21 })).toBe('rejected');
  });

  it('gives way to our own intent and to what the trunk means by the status', () => {
    const end = { cause: 19, techCause: 480, reasonCause: 1 };
    expect(outcomeOf({ ...end, intent: 'ring-timeout' })).toBe('no-answer');
    expect(outcomeOf({ ...end, causeOverrides: { 480: 'busy' } })).toBe('busy');
  });
});

describe('a Q.850 cause without a status', () => {
  const cases = OUTCOMES.flatMap((outcome) => BY_CAUSE[outcome].map((one) => [one, outcome]));

  it.each(cases as [number, CallOutcome][])('%i means %s', (cause, outcome) => {
    expect(outcomeOf({ cause })).toBe(outcome);
  });
});

const BY_INTENT: Readonly<Record<HangUpIntent, CallOutcome>> = {
  'ring-timeout': 'no-answer',
  cancelled: 'cancelled',
  agent: 'cancelled',
  'after-announcement': 'cancelled',
  machine: 'cancelled',
  orphaned: 'lost',
};

describe('our own intent', () => {
  for (const [intent, outcome] of Object.entries(BY_INTENT) as [HangUpIntent, CallOutcome][]) {
    it(`${intent} makes it ${outcome}, whatever code comes back`, () => {
      for (const techCause of [404, 486, 503, 603]) {
        const causeOverrides = { [techCause]: 'busy' } as const;
        expect(outcomeOf({ cause: 1, techCause, intent, causeOverrides })).toBe(outcome);
      }
      expect(outcomeOf({ cause: 127, intent })).toBe(outcome);
    });
  }
});

describe('a trunk that reads a status in its own way', () => {
  const causeOverrides = { 404: 'congestion', 999: 'rejected' } as const;

  it('is believed before us', () => {
    expect(outcomeOf({ cause: 1, techCause: 404, causeOverrides })).toBe('congestion');
    expect(outcomeOf({ cause: 0, techCause: 999, causeOverrides })).toBe('rejected');
  });

  it('says nothing about other statuses, nor about causes', () => {
    expect(outcomeOf({ cause: 17, techCause: 486, causeOverrides })).toBe('busy');
    expect(outcomeOf({ cause: 404, causeOverrides })).toBe('trunk-failed');
  });
});

describe('an answered leg', () => {
  it('is a machine where screening had it hung up as one', () => {
    expect(outcomeOf({ cause: 16, answered: true, intent: 'machine' })).toBe('machine');
    expect(outcomeOf({ cause: 17, techCause: 486, answered: true, intent: 'machine' })).toBe(
      'machine',
    );
  });

  it('is a person, whatever codes and other intents its end brings', () => {
    // 16: hung up by us; 0: the far end's BYE; 58 and 127: left behind by a failed re-INVITE; 44: no audio.
    for (const cause of [16, 0, 58, 127, 44, 17, 1]) {
      expect(outcomeOf({ cause, answered: true, rang: true })).toBe('person');
      expect(outcomeOf({ cause, answered: true, techCause: 488 })).toBe('person');
    }
    for (const intent of Object.keys(BY_INTENT) as HangUpIntent[]) {
      if (intent === 'machine') continue;
      expect(outcomeOf({ cause: 16, answered: true, intent })).toBe('person');
    }
  });

  it('is a person also to a trunk that reads the status otherwise', () => {
    const end = { cause: 16, techCause: 404, causeOverrides: { 404: 'busy' } } as const;
    expect(outcomeOf({ ...end, answered: true })).toBe('person');
  });
});

const REACHES: Readonly<Record<CallOutcome, boolean | 'if-it-rang'>> = {
  person: true,
  machine: true,
  // A busy telephone disturbed nobody, unless it rang first and was then declined.
  busy: 'if-it-rang',
  'no-answer': true,
  rejected: true,
  unwanted: true,
  // Nobody knows: the careful reading is that it disturbed somebody.
  lost: true,
  cancelled: 'if-it-rang',
  'invalid-number': false,
  congestion: false,
  'trunk-failed': false,
  'caller-id-refused': false,
  'spam-refused': false,
  forwarded: false,
  'media-failed': false,
};

describe('whether an attempt reached a telephone', () => {
  for (const outcome of OUTCOMES) {
    it(`${outcome}: ${REACHES[outcome]}`, () => {
      const reaches = REACHES[outcome];
      expect(reachedTelephone(outcome, true)).toBe(reaches !== false);
      expect(reachedTelephone(outcome, false)).toBe(reaches === true);
    });
  }
});
