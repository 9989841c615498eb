import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  attemptGapsRule,
  type PastAttempt,
  redialRule,
  rightPartyContactRule,
} from '../../../src/domain/compliance/attempt-limits.ts';
import type { ComplianceProfile } from '../../../src/domain/compliance/profile.ts';
import { type CallPurpose, voiceAt } from '../../../src/domain/contacts/contact.ts';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../src/lib/time.ts';
import {
  aLimitInput,
  anAttempt,
  aProfile,
  brasilia,
  COLLECTION,
  DEMONSTRATION,
  inFlight,
  phone,
} from './builders.ts';

const NOW = brasilia('2026-11-23 15:00');
const ENDED = NOW - 30 * SECOND_MS;
const HOME = voiceAt(phone('11 3456-1000'));
const { gapPhoneMs, gapPersonMs, gapAfterBusyMs } = COLLECTION.frequency;

/** An attempt that ended half a minute ago. */
function justEnded(overrides: Partial<PastAttempt> = {}): PastAttempt {
  return anAttempt(ENDED - 30 * SECOND_MS, { endedAt: ENDED, ...overrides });
}

function gapOf(
  attempts: readonly PastAttempt[],
  now = NOW,
  profile: ComplianceProfile = COLLECTION,
  purpose: CallPurpose = 'campaign',
) {
  return attemptGapsRule(aLimitInput({ attempts, now, profile, call: { purpose } })).refusal;
}

describe('the gap after an attempt', () => {
  it.each<[string, Partial<PastAttempt>, string | undefined, number]>([
    ['on the same number', {}, 'gap-phone', gapPhoneMs],
    ['on another number of the person', { to: HOME }, 'gap-person', gapPersonMs],
    ['to somebody else on the number', { debtorId: 'debtor_2' }, 'gap-phone', gapPhoneMs],
    ['to somebody else elsewhere', { debtorId: 'debtor_2', to: HOME }, undefined, 0],
    ['that a person answered', { outcome: 'person' }, 'gap-phone', gapPhoneMs],
    ['that a machine answered', { outcome: 'machine' }, 'gap-phone', gapPhoneMs],
    ['that was busy', { outcome: 'busy' }, 'gap-after-busy', gapAfterBusyMs],
    [
      'that was busy and not counted',
      { outcome: 'busy', counts: false },
      'gap-after-busy',
      300_000,
    ],
    ['that was busy on another number', { outcome: 'busy', to: HOME }, 'gap-after-busy', 300_000],
    [
      'to somebody else, busy',
      { outcome: 'busy', debtorId: 'debtor_2' },
      'gap-after-busy',
      gapAfterBusyMs,
    ],
    ['that does not exist', { outcome: 'invalid-number', counts: false }, 'gap-phone', gapPhoneMs],
    [
      'on another number that does not exist',
      { outcome: 'invalid-number', counts: false, to: HOME },
      undefined,
      0,
    ],
    ['that the network congested', { outcome: 'congestion', counts: false }, undefined, 0],
    ['that never rang', { outcome: 'no-answer', counts: false }, undefined, 0],
  ])('%s is %s of %i ms from its end', (_name, overrides, reason, gapMs) => {
    const attempts = [justEnded(overrides)];
    expect(gapOf(attempts)?.reason).toBe(reason);
    if (!reason) return;
    expect(gapOf(attempts)?.retryAt).toBe(ENDED + gapMs);
    expect(gapOf(attempts, ENDED + gapMs - 1)).toBeDefined();
    expect(gapOf(attempts, ENDED + gapMs)).toBeUndefined();
  });

  it('is kept from the end of a long conversation, not from its beginning', () => {
    const talk = anAttempt(NOW - 3 * HOUR_MS, { endedAt: NOW - MINUTE_MS, outcome: 'person' });
    expect(gapOf([talk])?.retryAt).toBe(NOW - MINUTE_MS + gapPhoneMs);
  });

  it('is kept from the placing while the call is in flight', () => {
    expect(gapOf([inFlight(NOW - MINUTE_MS)])?.retryAt).toBe(NOW - MINUTE_MS + gapPhoneMs);
  });

  it('to the own number is the person’s where that is the longer one', () => {
    const profile = aProfile({ frequency: { gapPersonMs: 4 * HOUR_MS } });
    expect(gapOf([justEnded()], NOW, profile)).toMatchObject({
      reason: 'gap-person',
      retryAt: ENDED + 4 * HOUR_MS,
    });
    const neighbour = [justEnded({ debtorId: 'debtor_2' })];
    expect(gapOf(neighbour, NOW, profile)).toMatchObject({ reason: 'gap-phone' });
  });

  it('of nought is none', () => {
    expect(
      gapOf([justEnded(), justEnded({ outcome: 'busy' })], NOW, DEMONSTRATION),
    ).toBeUndefined();
  });

  it('tells how many seconds are left, rounded up, and the profile’s line', () => {
    const answer = attemptGapsRule(
      aLimitInput({ attempts: [justEnded({ outcome: 'busy' })], now: NOW + 1 }),
    );
    expect(answer).toMatchObject({
      detail: 'gap-after-busy: 270 s left',
      refusal: { clause: `BR-04: ${COLLECTION.frequency.clause}` },
    });
  });
});

describe('several gaps', () => {
  it('are over with the last of them, whichever began it', () => {
    const busy = justEnded({ outcome: 'busy' });
    const home = justEnded({ to: HOME });
    const long = anAttempt(NOW - HOUR_MS);
    expect(gapOf([busy, home, long])).toMatchObject({
      reason: 'gap-phone',
      retryAt: NOW - HOUR_MS + 30_000 + gapPhoneMs,
    });
    expect(gapOf([busy, home])).toMatchObject({ reason: 'gap-person' });
  });

  it('are, in any order, the latest end that any one attempt gives', () => {
    const anyAttempt = fc.record({
      agoMs: fc.integer({ min: 1_000, max: 4 * HOUR_MS }),
      debtorId: fc.constantFrom('debtor_1' as const, 'debtor_2' as const),
      isHere: fc.boolean(),
      counts: fc.boolean(),
      outcome: fc.constantFrom('no-answer', 'busy', 'person', 'invalid-number', 'congestion'),
    });
    fc.assert(
      fc.property(fc.array(anyAttempt, { maxLength: 8 }), (some) => {
        const attempts = some.map(({ agoMs, debtorId, isHere, counts, outcome }) =>
          anAttempt(NOW - agoMs, {
            ...{ debtorId, counts, outcome, endedAt: NOW - agoMs + 500 },
            ...(isHere ? {} : { to: HOME }),
          }),
        );
        const alone = attempts.map((one) => gapOf([one])?.retryAt ?? 0);
        expect(gapOf(attempts)?.retryAt ?? 0).toBe(Math.max(0, ...alone));
        expect(gapOf(attempts.toReversed())?.retryAt).toBe(gapOf(attempts)?.retryAt);
      }),
      { numRuns: 300, seed: 4 },
    );
  });
});

describe('the evidence of a callback', () => {
  const askedAt = NOW - HOUR_MS;
  const talk = anAttempt(askedAt - 10 * MINUTE_MS, { endedAt: askedAt, outcome: 'person' });

  function isFree(call: object, attempts: readonly PastAttempt[] = [talk]): boolean {
    return attemptGapsRule(aLimitInput({ attempts, call })).refusal === undefined;
  }

  const asked = { purpose: 'callback', callbackAskedAt: askedAt };

  it.each<[string, object, readonly PastAttempt[], boolean]>([
    ['asked for an hour ago', asked, [talk], true],
    ['without a moment', { purpose: 'callback' }, [talk], false],
    ['asked for in the future', { ...asked, callbackAskedAt: NOW + 1 }, [talk], false],
    ['asked for this moment', { ...asked, callbackAskedAt: NOW }, [talk], true],
    ['of a call of the campaign', { ...asked, purpose: 'campaign' }, [talk], false],
    ['used up since', asked, [talk, anAttempt(askedAt + 1)], false],
    ['used up on another number', asked, [talk, anAttempt(askedAt + 1, { to: HOME })], false],
    [
      'tried since, but it never rang',
      asked,
      [talk, anAttempt(askedAt + 1, { counts: false })],
      true,
    ],
    [
      'with a call since to somebody else',
      asked,
      [talk, anAttempt(askedAt + 1, { debtorId: 'debtor_2' })],
      true,
    ],
    ['with a call at the very moment it was asked', asked, [anAttempt(askedAt)], true],
  ])('%s passes the gap: %#', (_name, call, attempts, passes) => {
    expect(isFree(call, attempts)).toBe(passes);
  });
});

describe('after the debtor in person was spoken to', () => {
  function contact(rightPartyContactAt: number | undefined, overrides: object = {}) {
    const input = { ...aLimitInput(), ...overrides };
    return rightPartyContactRule(
      rightPartyContactAt === undefined ? input : { ...input, rightPartyContactAt },
    ).refusal;
  }

  it.each([
    ['2026-11-23 00:00', true],
    ['2026-11-23 14:59', true],
    ['2026-11-22 23:59:59', false],
    ['2026-11-01 10:00', false],
    // A clock that was ahead: it was today.
    ['2026-11-24 09:00', true],
  ])('at %s they are left in peace today: %s', (at, isRefused) => {
    expect(contact(brasilia(at)) !== undefined).toBe(isRefused);
  });

  it('they may be called from midnight on, as far as this rule goes', () => {
    expect(contact(NOW)).toEqual({
      reason: 'right-party-contact-today',
      clause: `BR-04: ${COLLECTION.frequency.clause}`,
      retryAt: brasilia('2026-11-24 00:00'),
    });
    const tomorrow = brasilia('2026-11-24 00:00');
    expect(contact(NOW, { now: tomorrow })).toBeUndefined();
  });

  it('nobody is refused who was never spoken to, nor under a profile without the rule', () => {
    expect(contact(undefined)).toBeUndefined();
    const profile = aProfile({ frequency: { stopAfterRightPartyContact: false } });
    expect(contact(NOW, { profile })).toBeUndefined();
  });

  it('the callback they asked for is let through, a redial is not', () => {
    const askedAt = NOW - 1;
    const callback = aLimitInput({ call: { purpose: 'callback', callbackAskedAt: askedAt } });
    expect(contact(NOW - 1, callback)).toBeUndefined();
    const redial = aLimitInput({
      call: { purpose: 'redial-after-abandonment', callbackAskedAt: askedAt },
    });
    expect(contact(NOW - 1, redial)).toBeDefined();
  });
});

describe('after we left a person without an agent', () => {
  const { redialAfterMs } = COLLECTION.abandonment;
  const at = NOW - 20 * MINUTE_MS;
  const left = anAttempt(at, { outcome: 'person', abandoned: true });
  const TOMORROW = brasilia('2026-11-24 00:00');

  function redial(
    attempts: readonly PastAttempt[],
    call: object = { purpose: 'redial-after-abandonment' },
    now = NOW,
  ) {
    return redialRule(aLimitInput({ attempts, call, now })).refusal;
  }

  it.each<[string, readonly PastAttempt[], number | undefined]>([
    ['a quarter of an hour ago', [left], undefined],
    ['a minute ago', [{ ...left, endedAt: NOW - MINUTE_MS }], NOW - MINUTE_MS + redialAfterMs],
    ['yesterday', [{ ...left, at: at - 20 * HOUR_MS }], undefined],
    ['twice today', [left, { ...left, at: at - 3 * HOUR_MS }], TOMORROW],
    ['and redialed already', [left, anAttempt(at + MINUTE_MS)], TOMORROW],
    ['and redialed on another number', [left, anAttempt(at + 1, { to: HOME })], TOMORROW],
    ['and a redial never rang', [left, anAttempt(at + 1, { counts: false })], undefined],
    [
      'and somebody else was called',
      [left, anAttempt(at + 1, { debtorId: 'debtor_2', to: HOME })],
      undefined,
    ],
  ])('%s: with an agent kept, when (%#)', (_name, attempts, retryAt) => {
    expect(redial(attempts)?.retryAt).toBe(retryAt);
  });

  it('nothing but a redial with an agent kept is placed that day', () => {
    for (const purpose of ['campaign', 'callback'] as const) {
      expect(redial([left], { purpose })).toMatchObject({
        reason: 'redial-after-abandonment',
        retryAt: TOMORROW,
      });
    }
  });

  it('a callback they asked for since is placed, one asked for before is not', () => {
    const callback = (callbackAskedAt: number) => ({ purpose: 'callback', callbackAskedAt });
    expect(redial([left], callback(at + MINUTE_MS))).toBeUndefined();
    expect(redial([left], callback(at - MINUTE_MS))?.retryAt).toBe(TOMORROW);
  });

  it('the number waits too, for whichever person it was dialed', () => {
    const neighbour = { ...left, debtorId: 'debtor_2' } as const;
    expect(redial([neighbour], { purpose: 'campaign' })).toBeDefined();
    expect(redial([{ ...neighbour, to: HOME }], { purpose: 'campaign' })).toBeUndefined();
  });

  it('the gap to the abandoned call itself does not hold the redial up, others do', () => {
    const purpose = 'redial-after-abandonment';
    expect(gapOf([left], NOW, COLLECTION, purpose)).toBeUndefined();
    expect(gapOf([left], NOW, COLLECTION)).toMatchObject({ reason: 'gap-phone' });
    const before = anAttempt(at - MINUTE_MS, { to: HOME, endedAt: NOW - MINUTE_MS });
    expect(gapOf([before, left], NOW, COLLECTION, purpose)).toMatchObject({ reason: 'gap-person' });
  });

  it('only the last abandoned call is made good by a redial', () => {
    const earlier = { ...left, at: at - 30 * MINUTE_MS, endedAt: at - 30 * MINUTE_MS };
    const gap = gapOf([earlier, left], NOW, COLLECTION, 'redial-after-abandonment');
    expect(gap?.retryAt).toBe(at - 30 * MINUTE_MS + gapPhoneMs);
  });
});
