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
 *
 * The law counts at the end of the window. Once windows have ended, it is known about how many answers
 * one has, and so how many are left in this one. That changes three things:
 * - A bank that is larger than needed is spent over the answers left.
 * - A window with much of it left may owe up to two abandonments, and no more than a fifth of what its
 *   other answers will earn. Before, one loss in the first minutes of a day meant one to one until the
 *   thirty-fourth answer.
 * - Near its end it owes nothing, and the bank must hold the next losses, because no answers are left
 *   to earn them back.
 */
import { given } from '../../lib/given.ts';
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
/** Abandonments that stay in the bank while what is above them is spent. */
const KEPT = 2;
/** The most by which the share spent is raised where the bank is larger than needed: bursts cost more. */
const RAISED_MAX = 1.3;
/** The most that a window may owe, in abandonments, and as a share of what its other answers earn. */
const OWED_MAX = 2;
const OWED_SHARE = 0.2;
/** The bank that the last answers of a window need, in abandonments: losses come in pairs. */
const HELD_AT_THE_END = 2.5;
/** Of what is still to be earned, the share that is counted on towards the end. */
const EARNED_SURELY = 0.6;
/** A window turned when the bank is nearly new: so few answers, and no more than a share of those before. */
const TURNED_ANSWERS_MAX = 20;
const TURNED_SHARE = 0.1;
/** A window is learned from where at least this share of its answers was seen here. */
const SEEN_SHARE_MIN = 0.5;
/** Weight of the newest window in the answers that one has. */
const NEWEST_WINDOW_WEIGHT = 0.5;
/** A window with so many times the answers that one has is unlike the others: nothing is known of its rest. */
const LONGER_MAX = 1.25;
/** Where the bank we are told stays at nothing after so many answers, nobody keeps it: ours is used. */
const ANSWERS_UNBANKED_MAX = 50;

export type RiskTargetState = {
  readonly logRisk: number;
  readonly own: PacingBank;
  readonly bankAnswers: number;
  /** Answers observed since the window turned; absent in a record of before this was kept. */
  readonly answersSeen?: number;
  /** Answers of a window by its end; absent until one has ended. */
  readonly windowAnswers?: number;
};

export class RiskTarget {
  private logRisk: number;
  /** Answers and losses observed in this window. */
  private own: { answers: number; abandoned: number };
  private bankAnswers: number;
  private answersSeen: number;
  private windowAnswers: number | undefined;
  /** Share of the cap to be spent, as of the newest plan. */
  private spent = 1;

  constructor(state?: RiskTargetState) {
    this.logRisk = state?.logRisk ?? Math.log(RISK_FIRST);
    this.own = { answers: 0, abandoned: 0, ...state?.own };
    this.bankAnswers = state?.bankAnswers ?? 0;
    this.answersSeen = state?.answersSeen ?? 0;
    this.windowAnswers = state?.windowAnswers;
  }

  /** A person answered and was connected in time, or was lost. */
  answered(lost: boolean, rateMax: number): void {
    this.own.answers += 1;
    this.answersSeen += 1;
    if (lost) this.own.abandoned += 1;
    const moved = this.logRisk + GAIN * (this.spent * rateMax - (lost ? 1 : 0));
    this.logRisk = Math.min(Math.log(RISK_MAX), Math.max(Math.log(RISK_MIN), moved));
  }

  /** θ for a window that stands so, and a team of this size. */
  riskMax(bank: PacingBank, { rateMax }: PacingAbandonment, agents: number): number {
    this.follow(bank);
    const isKept = bank.answers > 0 || this.own.answers < ANSWERS_UNBANKED_MAX;
    const { answers, abandoned } = isKept ? bank : this.own;
    const team = Math.max(1, agents);
    const inBank = rateMax * answers - abandoned;
    const surplus = inBank + headStart(team) + this.mayOwe(bank, rateMax);
    this.spent =
      spentOfFull(team) *
      (1 - Math.exp(-Math.max(0.1, surplus) / BANK_SCALE)) *
      this.raise(bank, rateMax, inBank);
    return Math.min(RISK_MAX, Math.exp(this.logRisk) * this.spent);
  }

  /**
   * The campaign is to be dialed one to one: its window owes as much as it may, or near its end has too
   * little to bear the next loss. Where no window has ended yet, the same as {@link isEmpty}.
   */
  isUsedUp(bank: PacingBank, { rateMax }: PacingAbandonment): boolean {
    const { answers, abandoned } = bank;
    return abandoned > 0 && abandoned >= rateMax * answers + this.mayOwe(bank, rateMax);
  }

  toJSON(): RiskTargetState {
    return {
      logRisk: rounded(this.logRisk),
      own: { ...this.own },
      bankAnswers: this.bankAnswers,
      answersSeen: this.answersSeen,
      ...given({ windowAnswers: this.windowAnswers }),
    };
  }

  /** Notices that a window ended, and how many answers it had. */
  private follow({ answers }: PacingBank): void {
    if (answers < this.bankAnswers) this.own = { answers: 0, abandoned: 0 };
    if (answers < this.bankAnswers && answers <= turnedAt(this.bankAnswers)) this.turn();
    this.bankAnswers = answers;
  }

  private turn(): void {
    if (this.answersSeen >= SEEN_SHARE_MIN * this.bankAnswers) {
      const known = this.windowAnswers ?? this.bankAnswers;
      this.windowAnswers = known + NEWEST_WINDOW_WEIGHT * (this.bankAnswers - known);
    }
    this.answersSeen = 0;
  }

  /** Answers still to come in this window; undefined where nothing is known of it. */
  private answersLeft({ answers }: PacingBank): number | undefined {
    const { windowAnswers } = this;
    if (windowAnswers === undefined || answers > LONGER_MAX * windowAnswers) return undefined;
    return Math.max(0, windowAnswers - answers);
  }

  /** Abandonments beyond the cap that the window may owe now; below 0 what must be in the bank instead. */
  private mayOwe(bank: PacingBank, rateMax: number): number {
    const left = this.answersLeft(bank);
    if (left === undefined) return 0;
    const earned = rateMax * left;
    const held = Math.max(0, HELD_AT_THE_END - EARNED_SURELY * earned);
    return Math.min(OWED_MAX, OWED_SHARE * earned) - held;
  }

  /** By how much more of the cap is spent, so that a large bank is used before the window ends. */
  private raise(bank: PacingBank, rateMax: number, inBank: number): number {
    const left = this.answersLeft(bank);
    if (left === undefined) return 1;
    const over = Math.max(0, inBank - KEPT);
    return Math.min(RAISED_MAX, 1 + over / Math.max(1, rateMax * left));
  }
}

/** The most answers that a new window's bank has where the one before had so many. */
function turnedAt(answersBefore: number): number {
  return Math.min(TURNED_ANSWERS_MAX, TURNED_SHARE * answersBefore);
}

/** The window has used up what the cap allows so far. */
export function isEmpty(bank: PacingBank, { rateMax }: PacingAbandonment): boolean {
  return bank.abandoned > 0 && bank.abandoned >= rateMax * bank.answers;
}
