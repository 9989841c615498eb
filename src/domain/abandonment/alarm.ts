/**
 * What supervisors are told of a bank, and when: once at the alarm's share of the cap, at each reaching
 * and leaving of the cap, and when it has recovered.
 */
import type { EpochMs } from '../../lib/time.ts';
import type { AbandonmentBank, AbandonmentTerms, BankState } from './bank.ts';

/** What is remembered of a bank between two looks at it. */
export type BankWatch = {
  readonly state: BankState;
  /** Since when it is in this state. */
  readonly since: EpochMs;
};

/** The watch of a campaign whose bank was never looked at. */
export const FIRST_WATCH: BankWatch = { state: 'ok', since: 0 };

export type BankFact =
  /** The alarm's share of the cap is used. Once, and again only after it had recovered. */
  | {
      readonly kind: 'abandonment-alarm';
      readonly abandoned: number;
      readonly answers: number;
      readonly rateMax: number;
      /** Abandoned ÷ what the cap allows; 1 and more: the bank is empty. */
      readonly budgetUsed: number;
      readonly windowFrom: EpochMs;
    }
  /** As many were abandoned as the cap allows: from here on one call for each free agent. */
  | {
      readonly kind: 'abandonment-cap-reached';
      readonly abandoned: number;
      readonly answers: number;
      readonly rateMax: number;
      readonly windowFrom: EpochMs;
    }
  /** The bank is positive again, and the campaign's mode dials as it would. */
  | {
      readonly kind: 'abandonment-cap-left';
      readonly abandoned: number;
      readonly answers: number;
      readonly rateMax: number;
    }
  /** Answers, or a new window, brought it well below the alarm. */
  | {
      readonly kind: 'abandonment-recovered';
      readonly abandoned: number;
      readonly answers: number;
      readonly rateMax: number;
    };

/**
 * An alarm stays on until less than this part of its share is used: eight tenths of the cap where it
 * begins at nine tenths. A bank that lives near its cap, as a good day's does, would ring at every person.
 */
const ALARM_OFF_SHARE = 8 / 9;

/** The state that is told: the bank's own, except that an alarm ends only well below where it began. */
export function steadyState(
  before: BankState,
  { state, abandoned, budgetUsed }: AbandonmentBank,
  { alarmShare }: Pick<AbandonmentTerms, 'alarmShare'>,
): BankState {
  if (state !== 'ok' || before === 'ok' || abandoned === 0) return state;
  return budgetUsed >= ALARM_OFF_SHARE * alarmShare ? 'alarm' : 'ok';
}

/** Looks at the bank again. The same watch is returned where its state did not change. */
export function watchBank(
  watch: BankWatch,
  bank: AbandonmentBank,
  terms: Pick<AbandonmentTerms, 'alarmShare'>,
  now: EpochMs,
): { readonly watch: BankWatch; readonly facts: readonly BankFact[] } {
  const state = steadyState(watch.state, bank, terms);
  if (watch.state === state) return { watch, facts: [] };
  const { abandoned, answers, rateMax, budgetUsed, windowFrom } = bank;
  const common = { abandoned, answers, rateMax };
  const facts: BankFact[] = [];
  if (watch.state === 'ok') {
    facts.push({ kind: 'abandonment-alarm', ...common, budgetUsed, windowFrom });
  }
  if (state === 'empty') facts.push({ kind: 'abandonment-cap-reached', ...common, windowFrom });
  if (watch.state === 'empty') facts.push({ kind: 'abandonment-cap-left', ...common });
  if (state === 'ok') facts.push({ kind: 'abandonment-recovered', ...common });
  return { watch: { state, since: now }, facts };
}
