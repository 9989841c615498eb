import fc from 'fast-check';
import {
  type AbandonmentBank,
  type AbandonmentTerms,
  bankOf,
} from '../../../src/domain/abandonment/bank.ts';
import { type AbandonmentLedger, tally } from '../../../src/domain/abandonment/ledger.ts';
import { STANDINGS, type Standing } from '../../../src/domain/calls/standing.ts';
import { DAY_MS, type EpochMs } from '../../../src/lib/time.ts';

export const ZONE = 'America/Sao_Paulo';
export const NOON: EpochMs = Date.parse('2026-11-23T12:00:00-03:00');

/** As in br-cobranca. */
export const TERMS: AbandonmentTerms = {
  rateMax: 0.03,
  waitMaxMs: 2_000,
  clockStart: 'answered',
  denominator: 'people-answered',
  window: 'calendar-day',
  alarmShare: 0.9,
  earlyHangUpCounts: false,
  falseMachineShare: 0,
};

/** So many calls of each kind, all answered at a moment. */
export function answered(
  calls: Partial<Record<Standing, number>>,
  at: EpochMs = NOON,
  before: AbandonmentLedger = [],
): AbandonmentLedger {
  let ledger = before;
  for (const standing of STANDINGS) {
    for (let n = 0; n < (calls[standing] ?? 0); n += 1) {
      ledger = tally(ledger, at, undefined, standing);
    }
  }
  return ledger;
}

export function bank(
  calls: Partial<Record<Standing, number>>,
  terms: Partial<AbandonmentTerms> = {},
): AbandonmentBank {
  return bankOf(answered(calls), { ...TERMS, ...terms }, NOON, ZONE);
}

/** A call's way through its standings. */
const ways: readonly (readonly Standing[])[] = [
  ['waiting', 'connected'],
  ['waiting', 'connected', 'machine'],
  ['waiting', 'abandoned'],
  ['waiting', 'abandoned', 'machine'],
  ['waiting', 'hung-up-waiting'],
  ['waiting'],
];
/** Answered calls of two days, in any order, each with its way. */
export const calls = fc.array(
  fc.record({ afterMs: fc.integer({ min: 0, max: 2 * DAY_MS }), way: fc.constantFrom(...ways) }),
  { maxLength: 60 },
);
