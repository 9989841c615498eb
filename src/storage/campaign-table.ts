import type { CampaignSettings } from '../domain/campaigns/settings.ts';

export type CampaignTable = CampaignSettingColumns & {
  id: string;
  name: string;
  portfolio_id: string;
  legal_entity_id: string;
  profile_id: string;
  /** JSON text, like `retry_rules` and `disposition_ids`. */
  pacing: string;
  retry_rules: string;
  fallback_caller_id_id: string | null;
  script: string;
  wrap_up_ms: number;
  disposition_ids: string;
  weight: number;
};

/** A column for each setting stored outside `pacing`: `ringTimeoutMs` in `ring_timeout_ms`. */
export type CampaignSettingColumns = {
  [Name in keyof CampaignSettings as SnakeCase<Name>]: CampaignSettings[Name] extends boolean
    ? 0 | 1
    : CampaignSettings[Name] extends number
      ? number
      : string;
};

type SnakeCase<Text extends string> = Text extends `${infer Letter}${infer Rest}`
  ? Letter extends Lowercase<Letter>
    ? `${Letter}${SnakeCase<Rest>}`
    : `_${Lowercase<Letter>}${SnakeCase<Rest>}`
  : '';
