/**
 * The marginal risk that is accepted now (θ). The optimum for exponential times has one θ in every
 * state, so it is learned as one number: each answer moves its logarithm by a gain times the share of
 * the cap that is aimed at less one if the person was lost (integral control). Beside it, the bank of
 * the law's window (cap × answers − abandonments) is kept at a small reserve, so that the hard brake of
 * an empty bank is seldom met.
 */
import { rounded } from './durations.ts';
import type { PacingAbandonment, PacingBank } from './pacing-interface.ts';

/** What the average is steered to, as a share of the cap. */
const AIM = 0.96;
const RISK_FIRST = 0.02;
const RISK_MIN = 0.0005;
const RISK_MAX = 0.3;
/** Of the integral, in logarithms for one abandonment. */
const GAIN = 0.04;
/** Abandonments that the bank should be able to stand. */
const RESERVE = 1.5;
/** In logarithms for each abandonment that the bank is away from its reserve. */
const BANK_GAIN = 0.12;
const BANK_REACH = 4;

export type RiskTargetState = { readonly logRisk: number };

export class RiskTarget {
  private logRisk: number;

  constructor(state?: RiskTargetState) {
    this.logRisk = state?.logRisk ?? Math.log(RISK_FIRST);
  }

  /** A person answered and was connected in time, or was lost. */
  answered(lost: boolean, rateMax: number): void {
    const moved = this.logRisk + GAIN * (AIM * rateMax - (lost ? 1 : 0));
    this.logRisk = Math.min(Math.log(RISK_MAX), Math.max(Math.log(RISK_MIN), moved));
  }

  /** θ for a window that stands so. */
  riskMax(bank: PacingBank, { rateMax }: PacingAbandonment): number {
    const surplus = rateMax * bank.answers - bank.abandoned - RESERVE;
    const bounded = Math.min(BANK_REACH, Math.max(-BANK_REACH, surplus));
    return Math.min(RISK_MAX, Math.exp(this.logRisk + BANK_GAIN * bounded));
  }

  toJSON(): RiskTargetState {
    return { logRisk: rounded(this.logRisk) };
  }
}

/** The window has used up what the cap allows: one call for one agent until it has not. */
export function isEmpty(bank: PacingBank, { rateMax }: PacingAbandonment): boolean {
  return bank.abandoned > 0 && bank.abandoned >= rateMax * bank.answers;
}
