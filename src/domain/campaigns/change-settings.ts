/**
 * What a change does to a campaign's settings, why it may be refused, and what it leaves in the
 * audit trail.
 */
import { unreachable } from '../../lib/assert.ts';
import { SECOND_MS } from '../../lib/time.ts';
import { type Said, say } from '../../words/say.ts';
import type { ComplianceProfile } from '../compliance/profile.ts';
import { type AbandonmentMessage, messageProblem } from './abandonment-message.ts';
import type { Campaign } from './campaign.ts';
import {
  boundsWithin,
  type CampaignChange,
  type CampaignPacing,
  isInMode,
  type NumberSetting,
  type PacingMode,
  type ProfileBounds,
  SETTING_NAMES,
  type SettingName,
  type SettingValue,
  settingOf,
} from './settings.ts';

type AnyValue = { [Name in SettingName]: SettingValue<Name> }[SettingName];
/** Values by name, as asked for or stored; settings that the mode does not have are absent. */
export type SettingValues = Readonly<Partial<Record<SettingName, AnyValue | null>>>;

/** Why a setting may not have this value. */
export type SettingProblem = { readonly setting: SettingName; readonly said: Said };

/**
 * The campaign's settings. A setting is absent when the mode does not have it, or when it is a
 * limit that is not set.
 */
export function settingsOf(campaign: Campaign): Readonly<Partial<Record<SettingName, AnyValue>>> {
  const { pacing, ...others } = campaign;
  const held: SettingValues = { ...others, ...pacing };
  return Object.fromEntries(
    SETTING_NAMES.filter((name) => held[name] !== undefined).map((name) => [name, held[name]]),
  );
}

/** The campaign after a change. A change of mode keeps the settings that the new mode has. */
export function changed(campaign: Campaign, change: CampaignChange): Campaign {
  const before: SettingValues = settingsOf(campaign);
  const mode = change.mode ?? campaign.pacing.mode;
  const values = SETTING_NAMES.filter((name) => name !== 'mode' && isInMode(name, mode)).flatMap(
    (name) => {
      const asked: AnyValue | null | undefined = change[name];
      const value = asked === undefined ? (before[name] ?? defaultOf(name)) : asked;
      return value === undefined || value === null ? [] : [[name, value] as const];
    },
  );
  const held = (where: 'campaign' | 'pacing') =>
    Object.fromEntries(values.filter(([name]) => settingOf(name).in === where));
  return {
    ...campaign,
    ...held('campaign'),
    pacing: { mode, ...held('pacing') } as CampaignPacing,
  };
}

function defaultOf(name: SettingName): AnyValue | undefined {
  return settingOf(name).default as AnyValue | undefined;
}

/**
 * The first reason against a change; undefined when it is allowed. Only what is asked for is
 * judged, except limits that contradict each other. `after`: the campaign after the change.
 */
export function changeProblem(
  change: SettingValues,
  after: Pick<Campaign, 'pacing'>,
  profile: ProfileTerms,
): SettingProblem | undefined {
  return changeProblems(change, after, profile)[0];
}

type ProfileTerms = Pick<ComplianceProfile, 'ring'>;

/** All reasons against a change, at most one for each setting. */
export function changeProblems(
  change: SettingValues,
  { pacing }: Pick<Campaign, 'pacing'>,
  profile: ProfileTerms,
): readonly SettingProblem[] {
  const problems = SETTING_NAMES.flatMap((setting) => {
    const said = settingProblem(setting, change[setting], pacing.mode, profile);
    return said ? [{ setting, said }] : [];
  });
  const { linesPerAgentMin, linesPerAgentMax }: SettingValues = { ...pacing };
  const least = Number(linesPerAgentMin ?? 0);
  const most = Number(linesPerAgentMax ?? Number.POSITIVE_INFINITY);
  const isClear = problems.every(({ setting }) => !setting.startsWith('linesPerAgent'));
  return isClear && least > most
    ? [...problems, { setting: 'linesPerAgentMin', said: say('setting-least-above-most') }]
    : problems;
}

function settingProblem(
  name: SettingName,
  asked: AnyValue | null | undefined,
  mode: PacingMode,
  profile: ProfileTerms,
): Said | undefined {
  // Nothing was asked for, or a limit is removed, which may already be missing.
  if (asked === undefined || asked === null) return undefined;
  const entry = settingOf(name);
  const setting = say(`setting.${name}`);
  if (!isInMode(name, mode)) return say('setting-not-in-mode', { setting, mode });
  switch (entry.kind) {
    case 'number':
      return numberProblem(entry, setting, asked, entry.inProfile?.(profile));
    case 'choice':
      return entry.offered.some((one) => one === asked)
        ? undefined
        : say('setting-not-offered', { setting, choices: entry.offered.join(', ') });
    case 'message':
      return messageProblem(asked as AbandonmentMessage);
    case 'flag':
      return undefined;
    default:
      return unreachable(entry);
  }
}

function numberProblem(
  entry: NumberSetting,
  setting: Said,
  asked: AnyValue,
  ofProfile: ProfileBounds | undefined,
): Said | undefined {
  if (ofProfile?.forbidden) {
    return say('setting-not-in-profile', { setting, clause: ofProfile.clause });
  }
  const { min, max } = boundsWithin(entry, ofProfile);
  const value = Number(asked);
  if (!(value >= min && value <= max)) {
    if (entry.unit !== 'ms') return say('setting-out-of-bounds', { setting, min, max });
    const seconds = { min: min / SECOND_MS, max: max / SECOND_MS };
    return ofProfile
      ? say('setting-out-of-profile', { setting, ...seconds, clause: ofProfile.clause })
      : say('setting-out-of-bounds-seconds', { setting, ...seconds });
  }
  return entry.isWhole && !Number.isSafeInteger(value)
    ? say('setting-not-whole', { setting })
    : undefined;
}

/** The profile's bounds for the settings it mentions. */
export function profileBoundsOf(
  profile: ProfileTerms,
): Readonly<Partial<Record<SettingName, ProfileBounds>>> {
  return Object.fromEntries(
    SETTING_NAMES.flatMap((name) => {
      const entry = settingOf(name);
      if (entry.kind !== 'number' || !entry.inProfile) return [];
      const allowed = entry.inProfile(profile);
      return [
        [name, allowed.forbidden ? allowed : { ...allowed, ...boundsWithin(entry, allowed) }],
      ];
    }),
  );
}

// ── In the audit trail ──────────────────────────────────────────────────────────────────────────

export type Difference = {
  readonly change: SettingName;
  readonly from: string;
  readonly to: string;
};

/** The differences, in words that are stored; an empty text stands for nothing. */
export function differences(before: Campaign, after: Campaign): readonly Difference[] {
  const were: SettingValues = settingsOf(before);
  const are: SettingValues = settingsOf(after);
  return SETTING_NAMES.map((change) => ({
    ...{ change, from: stored(were[change]), to: stored(are[change]) },
  })).filter(({ from, to }) => from !== to);
}

function stored(value: AnyValue | null | undefined): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value !== 'object') return `${value}`;
  const { text, soundFile } = value;
  return soundFile === undefined ? text : `${text} [${soundFile}]`;
}
