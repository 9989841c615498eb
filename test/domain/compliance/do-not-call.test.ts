import { describe, expect, it } from 'vitest';
import {
  type Block,
  type BlockReason,
  blockApplies,
  doNotCallRule,
} from '../../../src/domain/compliance/do-not-call.ts';
import { mayDial } from '../../../src/domain/compliance/gate.ts';
import { type ContactPoint, voiceAt } from '../../../src/domain/contacts/contact.ts';
import { DAY_MS } from '../../../src/lib/time.ts';
import {
  aBlock,
  aHistory,
  aRequest,
  brasilia,
  COLLECTION,
  MOBILE,
  MONDAY,
  phone,
} from './builders.ts';

const SUBJECT = {
  contact: MOBILE,
  debtorId: 'debtor_1',
  creditorId: 'creditor_1',
} as const;

function phoneBlock(overrides: Partial<Block> = {}): Block {
  const { debtorId: _debtor, ...block } = aBlock({
    scope: 'phone',
    phone: SUBJECT.contact.address,
  });
  return { ...block, ...overrides };
}

describe('a block', () => {
  it.each<[string, Block, boolean]>([
    ['of the person', aBlock(), true],
    ['of another person', aBlock({ debtorId: 'debtor_2' }), false],
    ['of the person, for this creditor', aBlock({ creditorId: 'creditor_1' }), true],
    ['of the person, for another creditor', aBlock({ creditorId: 'creditor_2' }), false],
    ['of the number, for all', phoneBlock(), true],
    ['of the number, for this debtor', phoneBlock({ debtorId: 'debtor_1' }), true],
    ['of the number, for another debtor', phoneBlock({ debtorId: 'debtor_2' }), false],
    ['of another number', phoneBlock({ phone: phone('11 3456-7890') }), false],
    ['of the person on another number', aBlock({ phone: phone('11 3456-7890') }), false],
    ['that begins tomorrow', aBlock({ effectiveFrom: MONDAY + DAY_MS }), false],
    ['that begins now', aBlock({ effectiveFrom: MONDAY }), true],
    ['that has expired', aBlock({ expiresAt: MONDAY }), false],
    ['that expires tomorrow', aBlock({ expiresAt: MONDAY + DAY_MS }), true],
  ])('%s: %#', (_name, block, applies) => {
    expect(blockApplies(block, SUBJECT, MONDAY)).toBe(applies);
  });
});

describe('the rule on blocks', () => {
  it.each<[BlockReason, string]>([
    ['opt-out', 'do-not-call'],
    ['wrong-number', 'phone-wrong'],
    ['public-list', 'do-not-call'],
    ['deceased', 'do-not-call'],
    ['lawyer', 'do-not-call'],
    ['court-order', 'do-not-call'],
    ['dispute', 'debt-held'],
    ['paid', 'debt-held'],
    ['claims-paid', 'debt-held'],
    ['promise', 'debt-held'],
    ['agreement', 'debt-held'],
    ['creditor-stop', 'do-not-call'],
    ['other', 'do-not-call'],
  ])('refuses for %s as %s, with a clause', (reason, refused) => {
    const answer = doNotCallRule([aBlock({ reason })], SUBJECT, MONDAY);
    expect(answer.refusal).toMatchObject({
      reason: refused,
      clause: expect.stringMatching(/^BR-1/),
    });
  });

  it('waits for the longest of several blocks, and for ever where one has no end', () => {
    const soon = aBlock({ id: 'block_soon', expiresAt: MONDAY + DAY_MS });
    const later = aBlock({ id: 'block_later', expiresAt: MONDAY + 3 * DAY_MS });
    const never = aBlock({ id: 'block_never' });
    const ofTwo = doNotCallRule([soon, later], SUBJECT, MONDAY);
    expect(ofTwo.refusal?.retryAt).toBe(MONDAY + 3 * DAY_MS);
    expect(doNotCallRule([soon, never, later], SUBJECT, MONDAY).refusal).not.toHaveProperty(
      'retryAt',
    );
  });

  it('stops every number of a person who promised, until the day after', () => {
    const block = aBlock({ reason: 'promise', expiresAt: brasilia('2026-11-28 00:00') });
    const answer = mayDial(aRequest(), aHistory({ blocks: [block] }), COLLECTION, MONDAY);
    expect(answer).toMatchObject({
      allowed: false,
      reason: 'debt-held',
      retryAt: brasilia('2026-11-28 08:00'),
    });
  });
});

describe('the channels of a block', () => {
  const number = phone('11 98765-4321');
  const points: readonly ContactPoint[] = [
    voiceAt(number),
    { channel: 'sms', address: number },
    { channel: 'whatsapp', address: number },
    { channel: 'email', address: 'ana@example.com' },
  ];

  function heldOn(block: Block): readonly string[] {
    const held = points.filter((contact) => blockApplies(block, { ...SUBJECT, contact }, MONDAY));
    return held.map(({ channel }) => channel);
  }

  it.each<[string, Block, readonly string[]]>([
    ['whose telephone refuses our calls', phoneBlock({ reason: 'unwanted' }), ['voice']],
    ['on a public list', phoneBlock({ reason: 'public-list' }), ['voice', 'sms', 'whatsapp']],
    [
      'of somebody else, on what its number reaches',
      phoneBlock({ reason: 'wrong-number' }),
      ['voice', 'sms', 'whatsapp'],
    ],
    [
      'of a person who asked for peace, on every channel',
      aBlock({ reason: 'opt-out' }),
      ['voice', 'sms', 'whatsapp', 'email'],
    ],
    [
      'of a person who paid, on every channel',
      aBlock({ reason: 'paid' }),
      ['voice', 'sms', 'whatsapp', 'email'],
    ],
    [
      'of a person on another number, on none of these',
      aBlock({ phone: phone('11 3456-7890') }),
      [],
    ],
  ])('one %s', (_name, block, channels) => {
    expect(heldOn(block)).toEqual(channels);
  });
});
