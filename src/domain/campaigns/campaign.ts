import type {
  CallerIdId,
  CampaignId,
  CreditorId,
  DispositionId,
  LegalEntityId,
  PortfolioId,
} from '../../lib/ids.ts';
import { type DurationMs, SECOND_MS } from '../../lib/time.ts';
import { DEFAULT_RETRY_RULES, type RetryRules } from '../leads/next-attempt.ts';
import {
  type CampaignPacing,
  type CampaignSettings,
  SETTING_NAMES,
  SETTINGS,
  settingOf,
} from './settings.ts';

/** A campaign with its settings, which have one entry each in `settings.ts`. */
export type Campaign = CampaignSettings & {
  readonly id: CampaignId;
  readonly name: string;
  readonly portfolioId: PortfolioId;
  /** The creditors whose debts its agents may see. */
  readonly creditorIds: readonly CreditorId[];
  /** The company that calls: holder of the trunks and of the numbers shown. */
  readonly legalEntityId: LegalEntityId;
  /** The compliance profile, by the `id` in its file. */
  readonly profileId: string;
  readonly pacing: CampaignPacing;
  readonly retryRules: RetryRules;
  /** Shown when we hold no number in the debtor's area; absent for none. */
  readonly fallbackCallerIdId?: CallerIdId;
  /** What the agent reads, step by step; plain text, empty when there is none. */
  readonly script: string;
  /** Wrap-up for dispositions without a time of their own. */
  readonly wrapUpMs: DurationMs;
  /** The dispositions offered, in the order of the screen; empty for the whole catalog. */
  readonly dispositionIds: readonly DispositionId[];
  /** Share of agents and lines when campaigns compete for them; 1 is usual. */
  readonly weight: number;
};

export const WRAP_UP_DEFAULT_MS: DurationMs = 30 * SECOND_MS;

type SettingDefaults = {
  readonly [Name in keyof CampaignSettings]: (typeof SETTINGS)[Name]['default'];
};

/** The settings of a new campaign; it does not dial before somebody starts it. */
export const CAMPAIGN_DEFAULTS = {
  ...(Object.fromEntries(
    SETTING_NAMES.filter((name) => SETTINGS[name].in === 'campaign').map((name) => [
      name,
      settingOf(name).default,
    ]),
  ) as SettingDefaults),
  pacing: { mode: SETTINGS.mode.default, linesMax: SETTINGS.linesMax.default },
  retryRules: DEFAULT_RETRY_RULES,
  script: '',
  wrapUpMs: WRAP_UP_DEFAULT_MS,
  dispositionIds: [],
  weight: 1,
} as const satisfies Partial<Campaign>;
