/**
 * The marginal risk that is accepted now (θ). The optimum for exponential times has one θ in every
 * state, so it is learned as one number, and steered by the bank of the law's window: what the cap
 * allows on the answers so far, less the abandonments.
 *
 * An empty bank means one to one until it is positive again, and that costs far more than a smaller
 * risk does. How much of the cap to spend at which bank is therefore a problem of its own; solved as a
 * dynamic programme (steps: answers; cost: time for each answer; losses come in clusters) its answer
 * for teams of 3 to 60 is close to a share of the cap that grows with the bank as below: a tenth at
 * nothing for twenty agents, all of it at a dozen abandonments.
 *
 * So each answer moves the logarithm of θ by a gain times (the share of the cap to be spent now − one
 * if the person was lost): integral control, which finds the θ that spends so much.
 */
import { rounded } from './curve.ts';
import type { PacingAbandonment, PacingBank } from './pacing-interface.ts';

const RISK_FIRST = 0.02;
const RISK_MIN = 0.0005;
const RISK_MAX = 0.3;
/** Of the integral, in logarithms for each abandonment more or fewer than intended. */
const GAIN = 0.04;
/** Abandonments in the bank by which the share spent nears its highest by a factor e. */
const BANK_SCALE = 6.3;
/** What is spent of a full bank and of an empty one; a small team feels the brake less, a low risk more. */
const spentOfFull = (agents: number): number => 1.08 + 1 / agents;
const headStart = (agents: number): number => 0.3 + 5 / agents;
/** Where the bank we are told stays at nothing after so many answers, nobody keeps it: ours is used. */
const ANSWERS_UNBANKED_MAX = 50;

export type RiskTargetState = {
  readonly logRisk: number;
  readonly own: PacingBank;
  readonly bankAnswers: number;
};

export class RiskTarget {
  private logRisk: number;
  /** Answers and losses observed in this window. */
  private own: { answers: number; abandoned: number };
  private bankAnswers: number;
  /** Share of the cap to be spent, as of the newest plan. */
  private spent = 1;

  constructor(state?: RiskTargetState) {
    this.logRisk = state?.logRisk ?? Math.log(RISK_FIRST);
    this.own = { answers: 0, abandoned: 0, ...state?.own };
    this.bankAnswers = state?.bankAnswers ?? 0;
  }

  /** A person answered and was connected in time, or was lost. */
  answered(lost: boolean, rateMax: number): void {
    this.own.answers += 1;
    if (lost) this.own.abandoned += 1;
    const moved = this.logRisk + GAIN * (this.spent * rateMax - (lost ? 1 : 0));
    this.logRisk = Math.min(Math.log(RISK_MAX), Math.max(Math.log(RISK_MIN), moved));
  }

  /** θ for a window that stands so, and a team of this size. */
  riskMax(bank: PacingBank, { rateMax }: PacingAbandonment, agents: number): number {
    if (bank.answers < this.bankAnswers) this.own = { answers: 0, abandoned: 0 };
    this.bankAnswers = bank.answers;
    const isKept = bank.answers > 0 || this.own.answers < ANSWERS_UNBANKED_MAX;
    const { answers, abandoned } = isKept ? bank : this.own;
    const team = Math.max(1, agents);
    const surplus = rateMax * answers - abandoned + headStart(team);
    this.spent = spentOfFull(team) * (1 - Math.exp(-Math.max(0.1, surplus) / BANK_SCALE));
    return Math.min(RISK_MAX, Math.exp(this.logRisk) * this.spent);
  }

  toJSON(): RiskTargetState {
    return { logRisk: rounded(this.logRisk), own: { ...this.own }, bankAnswers: this.bankAnswers };
  }
}

/** The window has used up what the cap allows: one call for one agent until it has not. */
export function isEmpty(bank: PacingBank, { rateMax }: PacingAbandonment): boolean {
  return bank.abandoned > 0 && bank.abandoned >= rateMax * bank.answers;
}
