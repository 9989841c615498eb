import { describe, expect, it } from 'vitest';
import {
  type CallOutcome,
  reachedTelephone,
  type UnansweredCount,
  unansweredCount,
} from '../../../src/domain/calls/outcome.ts';

type Counted = readonly [onBoards: UnansweredCount | undefined, ifItRang: boolean, ifNot: boolean];

/** How each end is shown on boards, and whether it uses up an attempt of the caps by law. */
const COUNTED: Readonly<Record<CallOutcome, Counted>> = {
  person: [undefined, true, true],
  machine: [undefined, true, true],
  'no-answer': ['noAnswer', true, true],
  rejected: ['rejected', true, true],
  unwanted: ['rejected', true, true],
  // What cannot be known is taken to have disturbed somebody.
  lost: ['failed', true, true],
  busy: ['busy', true, false],
  cancelled: ['failed', true, false],
  'invalid-number': ['invalid', false, false],
  congestion: ['failed', false, false],
  'trunk-failed': ['failed', false, false],
  'caller-id-refused': ['failed', false, false],
  'spam-refused': ['failed', false, false],
  forwarded: ['failed', false, false],
  'media-failed': ['failed', false, false],
};

describe('how an end of a call is counted', () => {
  it.each(Object.entries(COUNTED))('%s: %j', (outcome, [onBoards, ifItRang, ifNot]) => {
    const end = outcome as CallOutcome;
    expect(unansweredCount(end)).toBe(onBoards);
    expect(reachedTelephone(end, true)).toBe(ifItRang);
    expect(reachedTelephone(end, false)).toBe(ifNot);
  });
});
