/**
 * What supervisors learn about a bank, and when: once at the alarm's share of the cap, whenever the
 * cap is reached or left, and when the bank has recovered.
 */
import type { EpochMs } from '../../lib/time.ts';
import type { AbandonmentBank, AbandonmentTerms, BankState } from './bank.ts';

/** What is remembered about a bank between two looks. */
export type BankWatch = {
  readonly state: BankState;
  /** When this state began. */
  readonly since: EpochMs;
};

/** The watch for a campaign whose bank was never looked at. */
export const FIRST_WATCH: BankWatch = { state: 'ok', since: 0 };

export type BankFact =
  /** The alarm's share of the cap is used. Reported once, and again only after a recovery. */
  | {
      readonly kind: 'abandonment-alarm';
      readonly abandoned: number;
      readonly answers: number;
      readonly rateMax: number;
      /** Abandoned ÷ what the cap allows; the bank is empty from 1 on. */
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
  /** The bank is positive again, and the campaign's mode dials as usual. */
  | {
      readonly kind: 'abandonment-cap-left';
      readonly abandoned: number;
      readonly answers: number;
      readonly rateMax: number;
    }
  /** Answers, or a new window, brought the bank well below the alarm. */
  | {
      readonly kind: 'abandonment-recovered';
      readonly abandoned: number;
      readonly answers: number;
      readonly rateMax: number;
    };

/**
 * An alarm ends only when less than this part of its share is used: eight tenths of the cap for an
 * alarm at nine tenths. Otherwise a bank that lives near its cap, as on a good day, would ring at
 * every person.
 */
const ALARM_OFF_SHARE = 8 / 9;

/**
 * The state that is reported: the bank's own, except that an alarm ends only well below its
 * beginning.
 */
export function steadyState(
  before: BankState,
  { state, abandoned, budgetUsed }: AbandonmentBank,
  { alarmShare }: Pick<AbandonmentTerms, 'alarmShare'>,
): BankState {
  if (state !== 'ok' || before === 'ok' || abandoned === 0) return state;
  return budgetUsed >= ALARM_OFF_SHARE * alarmShare ? 'alarm' : 'ok';
}

/** Looks at the bank again. Returns the same watch when its state did not change. */
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
