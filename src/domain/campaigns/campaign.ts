import type {
  CallerIdId,
  CampaignId,
  CreditorId,
  DispositionId,
  LegalEntityId,
  PortfolioId,
} from '../../lib/ids.ts';
import { type DurationMs, MINUTE_MS, SECOND_MS } from '../../lib/time.ts';
import { AMD_SAMPLE_SHARE_DEFAULT, type AmdMode } from '../calls/screening.ts';
import { DEFAULT_RETRY_RULES, type RetryRules } from '../leads/next-attempt.ts';
import { ABANDONMENT_MESSAGE_DEFAULT, type AbandonmentMessage } from './abandonment-message.ts';

/** How many lines are dialed for the agents at hand; one clause for each mode. */
export type CampaignPacing =
  /** Lines by forecast, under the profile's cap on abandonment. */
  | ({
      readonly mode: 'predictive';
      readonly linesMax: number;
      /** Calls that rang this long may be given up when too many are about to be answered. */
      readonly cancelAfterRingingMs?: DurationMs;
    } & LinesPerAgent)
  /** A fixed number of lines for each free agent. */
  | ({
      readonly mode: 'ratio';
      readonly ratio: number;
      readonly linesMax: number;
    } & Pick<LinesPerAgent, 'linesPerAgentMax'>)
  /** One line for each free agent. */
  | { readonly mode: 'progressive'; readonly linesMax: number }
  /** The agent reads first and then dials. */
  | { readonly mode: 'preview'; readonly linesMax: number };

/** A supervisor's clamps on the calls on the way, over agents who are signed in and not paused. */
export type LinesPerAgent = {
  readonly linesPerAgentMax?: number;
  readonly linesPerAgentMin?: number;
};

export type CampaignState =
  | 'running'
  /** No new calls; calls in progress and callbacks of agents go on. */
  | 'paused'
  /** No new calls of any kind, and leads are not reserved. */
  | 'stopped';

export type Campaign = {
  readonly id: CampaignId;
  readonly name: string;
  readonly portfolioId: PortfolioId;
  /** The creditors whose debts its agents may see. */
  readonly creditorIds: readonly CreditorId[];
  /** Who calls: holder of the trunks and of the numbers shown. */
  readonly legalEntityId: LegalEntityId;
  /** The compliance profile, by the `id` in its file. */
  readonly profileId: string;
  readonly state: CampaignState;
  readonly pacing: CampaignPacing;
  /** Kept within the profile's minimum and maximum by the gate. */
  readonly ringTimeoutMs: DurationMs;
  /** Whether, and when, it is listened for answering machines. */
  readonly amd: AmdMode;
  /** Share of the machine verdicts that are connected all the same, 0 to 1: the only measure of false ones. */
  readonly amdSampleShare: number;
  readonly retryRules: RetryRules;
  /** Shown where we hold no number in the debtor's area. */
  readonly fallbackCallerIdId?: CallerIdId;
  /** What a person hears for whom nobody was free. */
  readonly abandonmentMessage: AbandonmentMessage;
  /** Whether an agent may confirm the right party by the voice, with a reason; usually nobody may. */
  readonly knownVoiceAllowed: boolean;
  /** What the agent reads, step by step; plain text, empty when there is none. */
  readonly script: string;
  /** Where a disposition has no time of its own. */
  readonly wrapUpMs: DurationMs;
  /** An agent is offered no call while the last one lacks its disposition. */
  readonly dispositionRequired: boolean;
  /** How long after the wrap-up it is waited for; then the call is a supervisor's to correct. */
  readonly dispositionWaitMs: DurationMs;
  /** How far ahead a promise may be due, in days; today is 0. */
  readonly promiseDaysMax: number;
  /** From the end of an agent's wrap-up until the next call may be given to them. */
  readonly restBetweenCallsMs: DurationMs;
  /** The dispositions offered, in the order of the screen; empty: the whole catalog. */
  readonly dispositionIds: readonly DispositionId[];
  /** Share of agents and lines among campaigns that compete for them; 1 is usual. */
  readonly weight: number;
};

export const RING_TIMEOUT_DEFAULT_MS: DurationMs = 25 * SECOND_MS;
export const WRAP_UP_DEFAULT_MS: DurationMs = 30 * SECOND_MS;
export const DISPOSITION_WAIT_DEFAULT_MS: DurationMs = 2 * MINUTE_MS;
export const DISPOSITION_WAIT_MIN_MS: DurationMs = 10 * SECOND_MS;
export const DISPOSITION_WAIT_MAX_MS: DurationMs = 30 * MINUTE_MS;
export const PROMISE_DAYS_DEFAULT = 30;
/** Whoever promises for later is asked again. */
export const PROMISE_DAYS_MAX = 90;
export const LINES_MAX_DEFAULT = 30;
/** No call is given up before it rang this long, whatever a profile says: no person is sooner at a telephone. */
export const CANCEL_AFTER_RINGING_MIN_MS: DurationMs = 15 * SECOND_MS;
export const LINES_PER_AGENT_MAX = 20;
/** A longer rest than this is a pause, and is asked for as one. */
export const REST_BETWEEN_CALLS_MAX_MS: DurationMs = 120 * SECOND_MS;

/** What a new campaign starts with; it does not dial before somebody runs it. */
export const CAMPAIGN_DEFAULTS = {
  state: 'stopped',
  pacing: { mode: 'predictive', linesMax: LINES_MAX_DEFAULT },
  ringTimeoutMs: RING_TIMEOUT_DEFAULT_MS,
  amd: 'parallel',
  amdSampleShare: AMD_SAMPLE_SHARE_DEFAULT,
  retryRules: DEFAULT_RETRY_RULES,
  abandonmentMessage: ABANDONMENT_MESSAGE_DEFAULT,
  knownVoiceAllowed: false,
  script: '',
  wrapUpMs: WRAP_UP_DEFAULT_MS,
  dispositionRequired: true,
  dispositionWaitMs: DISPOSITION_WAIT_DEFAULT_MS,
  promiseDaysMax: PROMISE_DAYS_DEFAULT,
  restBetweenCallsMs: 0,
  dispositionIds: [],
  weight: 1,
} as const satisfies Partial<Campaign>;
