/**
 * The typed values of a settings form, read by the one table of settings and the campaign's
 * profile.
 */
import { SECOND_MS } from '../../lib/time.ts';
import {
  campaignSettings,
  type NumberSetting,
  type SettingName,
  type SettingWith,
} from '../../protocol/settings.ts';
import type { BoardCampaign, ChangeCampaignRequest } from '../../protocol/supervisor.ts';

/** A field as typed: a number, a choice, or text that is not a number yet. */
export type Typed = number | string | boolean;

/** Typed values: times in seconds, shares in percent; an empty limit means none. */
export type SettingDraft = Readonly<Partial<Record<SettingName, Typed>>>;

/** A form of the page; message texts have their own draft. */
export type SettingForm = 'pacing' | 'answering' | 'after-call';

/** Settings typed as a number or set by a switch. */
export type FieldName = SettingWith<{ kind: 'number' }> | SettingWith<{ kind: 'flag' }>;

export type FieldRule = {
  readonly min: number;
  readonly max: number;
  readonly decimals: 0 | 1;
  /** Factor from the typed to the sent value. */
  readonly factor: number;
  /** Whether it may be left empty for no limit. */
  readonly optional: boolean;
  /** The profile's clause that bounds it; absent without one. */
  readonly clause: string | undefined;
  /** Whether the profile forbids setting it at all. */
  readonly forbidden: boolean;
};

export type DraftProblem = 'out-of-range' | 'min-over-max';

export type DraftResult = {
  readonly problems: Readonly<Partial<Record<SettingName, DraftProblem>>>;
  /** What differs from the campaign; undefined while there is a problem. */
  readonly change: ChangeCampaignRequest | undefined;
};

export function draftOf(campaign: BoardCampaign, form: SettingForm): SettingDraft {
  return Object.fromEntries(namesOf(form).map((name) => [name, shownOf(name, campaign)]));
}

/** The fields of a form that apply in a mode, in the order of the table. */
export function fieldsOf(form: SettingForm, mode: BoardCampaign['mode']): readonly FieldName[] {
  return namesOf(form).filter(
    (name): name is FieldName =>
      ['number', 'flag'].includes(campaignSettings.of(name).kind) &&
      campaignSettings.isInMode(name, mode),
  );
}

function namesOf(form: SettingForm): readonly SettingName[] {
  return campaignSettings.names.filter((name) => {
    const entry = campaignSettings.of(name);
    return entry.form === form && entry.kind !== 'message';
  });
}

/** The bounds of a number by the table and the campaign's compliance profile. */
export function ruleOf(name: SettingName, campaign: Pick<BoardCampaign, 'bounds'>): FieldRule {
  const entry = campaignSettings.of(name) as NumberSetting;
  const ofProfile = campaign.bounds[name];
  const { min, max } = campaignSettings.boundsWithin(entry, ofProfile);
  const factor = factorOf(entry);
  return {
    min: Math.ceil(min / factor),
    max: max / factor,
    decimals: entry.unit !== 'ms' && !entry.isWhole ? 1 : 0,
    factor,
    optional: entry.isLimit === true,
    clause: ofProfile?.clause,
    forbidden: ofProfile?.forbidden === true,
  };
}

function factorOf({ unit }: NumberSetting): number {
  if (unit === 'ms') return SECOND_MS;
  return unit === 'share' ? 0.01 : 1;
}

/** The present value in the form's unit. */
function shownOf(name: SettingName, campaign: BoardCampaign): Typed {
  const entry = campaignSettings.of(name);
  const value = campaign[name];
  if (value === null) return '';
  if (entry.kind !== 'number' || typeof value !== 'number') return value as Typed;
  // Rounded to tenths, because 0.29 ÷ 0.01 is not exactly 29 in floating point.
  return entry.unit === 'share' ? Math.round(value * 1_000) / 10 : value / factorOf(entry);
}

/** Reads a draft: its problems, or the change it asks for. */
export function readDraft(
  campaign: BoardCampaign,
  form: SettingForm,
  draft: SettingDraft,
): DraftResult {
  const problems: Partial<Record<SettingName, DraftProblem>> = {};
  const changed: Record<string, Typed | null> = {};
  const mode = (draft.mode ?? campaign.mode) as BoardCampaign['mode'];
  for (const name of namesOf(form).filter((one) => campaignSettings.isInMode(one, mode))) {
    const entry = campaignSettings.of(name);
    const typed = draft[name] ?? '';
    const isNew = !campaignSettings.isInMode(name, campaign.mode) && entry.default !== undefined;
    if (typed === shownOf(name, campaign) && !isNew) continue;
    const value = entry.kind === 'number' ? readTyped(typed, ruleOf(name, campaign)) : typed;
    if (value === 'forbidden') continue;
    if (value === undefined) problems[name] = 'out-of-range';
    else if (isNew || value !== campaign[name]) changed[name] = value;
  }
  const { linesPerAgentMin: least = '', linesPerAgentMax: most = '' } = draft;
  const bothTyped = mode === 'predictive' && least !== '' && most !== '';
  if (bothTyped && Number(least) > Number(most)) problems.linesPerAgentMin ??= 'min-over-max';
  const isGood = Object.keys(problems).length === 0;
  return { problems, change: isGood ? (changed as ChangeCampaignRequest) : undefined };
}

/** The typed value; null for no limit, undefined when it is invalid. */
function readTyped(typed: Typed, rule: FieldRule): number | null | undefined | 'forbidden' {
  if (rule.forbidden) return 'forbidden';
  if (typed === '') return rule.optional ? null : undefined;
  const value = Number(typed);
  if (!(value >= rule.min && value <= rule.max)) return undefined;
  if (rule.decimals === 0 && !Number.isInteger(value)) return undefined;
  return rule.factor === 0.01 ? Math.round(value * 10) / 1_000 : value * rule.factor;
}
