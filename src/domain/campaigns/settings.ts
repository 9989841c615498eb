/**
 * Every setting of a campaign that a supervisor may change while it dials, with one entry each. The
 * entries determine the campaign's type and defaults, its columns, the protocol's request, the
 * change and its refusals, the audit trail, the board, the forms, the operation file and what may
 * be estimated. What only the operation file sets (script, weight, wrap-up …) is in `campaign.ts`.
 *
 * A new setting needs an entry here, its words (`setting.<name>` in `src/words`, and the form's
 * label) and a column of the same name in a migration. A setting of the pacing needs no column.
 *
 * Browsers read this file through `src/protocol/settings.ts`, so it holds only plain data and
 * imports nothing heavy.
 */
import { type DurationMs, MINUTE_MS, SECOND_MS } from '../../lib/time.ts';
import { AMD_MODES, AMD_SAMPLE_SHARE_DEFAULT } from '../calls/screening.ts';
import type { ComplianceProfile } from '../compliance/profile.ts';
import { ABANDONMENT_MESSAGE_DEFAULT, type AbandonmentMessage } from './abandonment-message.ts';

export const PACING_MODES = ['predictive', 'ratio', 'progressive', 'preview'] as const;
export type PacingMode = (typeof PACING_MODES)[number];

export type Bounds = { readonly min: number; readonly max: number };

/** The values that a compliance profile allows; `forbidden`: the setting may not be set at all. */
export type ProfileBounds = { readonly clause: string } & (
  | ({ readonly forbidden: false } & Bounds)
  | { readonly forbidden: true }
);

type Place = {
  /** Where the campaign stores it: as a field of its own, or within its pacing. */
  readonly in: 'campaign' | 'pacing';
  /** Modes that have it; absent for every mode. Only for settings within the pacing. */
  readonly modes?: readonly PacingMode[];
  /** The form of the supervisor's page that sets it; `row`: the campaign's line in the table. */
  readonly form: 'row' | 'pacing' | 'answering' | 'after-call';
  /** Whether the operation file may hold it. */
  readonly inFile: boolean;
  /** Whether the effect of changing it can be estimated. */
  readonly whatIf: boolean;
};

export type NumberSetting = Place & {
  readonly kind: 'number';
  /** `share` is 0 to 1 and shown in percent; `ms` is shown in seconds. */
  readonly unit: 'ms' | 'lines' | 'days' | 'share';
  readonly isWhole: boolean;
  /** The widest bounds for any campaign. */
  readonly bounds: Bounds;
  /** The compliance profile's narrower bounds; absent when it has none. */
  readonly inProfile?: (profile: Pick<ComplianceProfile, 'ring'>) => ProfileBounds;
} & (
    | { readonly default: number; readonly isLimit?: never }
    /** A limit that may be missing: null removes it. */
    | { readonly isLimit: true; readonly default?: never }
  );

export type FlagSetting = Place & { readonly kind: 'flag'; readonly default: boolean };

export type ChoiceSetting = Place & {
  readonly kind: 'choice';
  readonly of: readonly string[];
  /** The choices that may be made now; others can only be stored already. */
  readonly offered: readonly string[];
  readonly default: string;
};

export type MessageSetting = Place & {
  readonly kind: 'message';
  readonly default: AbandonmentMessage;
};

export type Setting = NumberSetting | FlagSetting | ChoiceSetting | MessageSetting;

/**
 * No call is given up before it rang this long, whatever a profile says: nobody reaches a telephone
 * sooner.
 */
const CANCEL_AFTER_RINGING_MIN_MS: DurationMs = 15 * SECOND_MS;
const CANCEL_AFTER_RINGING_MAX_MS: DurationMs = MINUTE_MS;

/** The settings, in the order of the forms and of the audit trail. */
export const SETTINGS = {
  /**
   * Whether it dials. `paused`: calls in progress go on. `stopped`: it reserves no leads either.
   */
  state: {
    ...{ kind: 'choice', in: 'campaign', form: 'row', inFile: false, whatIf: false },
    of: ['running', 'paused', 'stopped'],
    offered: ['running', 'paused', 'stopped'],
    default: 'stopped',
  },
  /**
   * How many calls are placed for the agents at hand. `predictive`: by forecast, under the
   * profile's cap on abandonment. `ratio`: a fixed number for each free agent. `progressive`: one
   * for each free agent. `preview`: the agent reads first and then dials.
   */
  mode: {
    ...{ kind: 'choice', in: 'pacing', form: 'pacing', inFile: true, whatIf: true },
    of: PACING_MODES,
    // `preview` is missing because the agent's page has no key to dial yet.
    offered: ['predictive', 'progressive', 'ratio'],
    default: 'predictive',
  },
  /** Lines for each free agent. */
  ratio: {
    ...{ kind: 'number', in: 'pacing', form: 'pacing', inFile: true, whatIf: true },
    modes: ['ratio'],
    ...{ unit: 'lines', isWhole: false, bounds: { min: 1, max: 10 } },
    default: 1.5,
  },
  /** Calls that may be under way at once. */
  linesMax: {
    ...{ kind: 'number', in: 'pacing', form: 'pacing', inFile: true, whatIf: true },
    modes: PACING_MODES,
    ...{ unit: 'lines', isWhole: true, bounds: { min: 0, max: 10_000 } },
    default: 30,
  },
  /** Ring time after which a call is given up; the gate also keeps it within the profile. */
  ringTimeoutMs: {
    ...{ kind: 'number', in: 'campaign', form: 'pacing', inFile: true, whatIf: true },
    ...{ unit: 'ms', isWhole: true, bounds: { min: SECOND_MS, max: 2 * MINUTE_MS } },
    inProfile: ({ ring }) => ({
      ...{ forbidden: false, clause: ring.clause, min: ring.minMs, max: ring.maxMs },
    }),
    default: 25 * SECOND_MS,
  },
  /** Least calls under way, for each agent who is signed in and not paused. */
  linesPerAgentMin: {
    ...{ kind: 'number', in: 'pacing', form: 'pacing', inFile: true, whatIf: true },
    modes: ['predictive'],
    ...{ unit: 'lines', isWhole: false, bounds: { min: 0, max: 20 } },
    isLimit: true,
  },
  /** Most calls under way, for each agent who is signed in and not paused. */
  linesPerAgentMax: {
    ...{ kind: 'number', in: 'pacing', form: 'pacing', inFile: true, whatIf: true },
    modes: ['predictive', 'ratio'],
    ...{ unit: 'lines', isWhole: false, bounds: { min: 0, max: 20 } },
    isLimit: true,
  },
  /** Calls that rang this long may be given up when too many others are about to be answered. */
  cancelAfterRingingMs: {
    ...{ kind: 'number', in: 'pacing', form: 'pacing', inFile: true, whatIf: true },
    modes: ['predictive'],
    ...{ unit: 'ms', isWhole: true },
    bounds: { min: CANCEL_AFTER_RINGING_MIN_MS, max: CANCEL_AFTER_RINGING_MAX_MS },
    inProfile: ({ ring: { mayBeCancelled, clause, minMs, maxMs } }) =>
      mayBeCancelled
        ? { forbidden: false, clause, min: minMs, max: maxMs }
        : { forbidden: true, clause },
    isLimit: true,
  },
  /**
   * From the end of an agent's wrap-up until they may be given the next call; a longer rest is a
   * pause.
   */
  restBetweenCallsMs: {
    ...{ kind: 'number', in: 'campaign', form: 'pacing', inFile: true, whatIf: true },
    ...{ unit: 'ms', isWhole: true, bounds: { min: 0, max: 2 * MINUTE_MS } },
    default: 0,
  },
  /** Whether an agent is offered no call while the last one lacks its disposition. */
  dispositionRequired: {
    ...{ kind: 'flag', in: 'campaign', form: 'after-call', inFile: true, whatIf: false },
    default: true,
  },
  /**
   * How long after the wrap-up a disposition is waited for; then the call is a supervisor's to
   * correct.
   */
  dispositionWaitMs: {
    ...{ kind: 'number', in: 'campaign', form: 'after-call', inFile: true, whatIf: false },
    ...{ unit: 'ms', isWhole: true, bounds: { min: 10 * SECOND_MS, max: 30 * MINUTE_MS } },
    default: 2 * MINUTE_MS,
  },
  /** Days until a promise must be due at the latest; today is 0. */
  promiseDaysMax: {
    ...{ kind: 'number', in: 'campaign', form: 'after-call', inFile: true, whatIf: false },
    ...{ unit: 'days', isWhole: true, bounds: { min: 0, max: 90 } },
    default: 30,
  },
  /** Whether, and when, to listen for answering machines. */
  amd: {
    ...{ kind: 'choice', in: 'campaign', form: 'answering', inFile: true, whatIf: true },
    of: AMD_MODES,
    offered: AMD_MODES,
    default: 'parallel',
  },
  /**
   * Share of machine verdicts that are connected nevertheless: the only way to measure false ones.
   */
  amdSampleShare: {
    ...{ kind: 'number', in: 'campaign', form: 'answering', inFile: true, whatIf: true },
    ...{ unit: 'share', isWhole: false, bounds: { min: 0, max: 1 } },
    default: AMD_SAMPLE_SHARE_DEFAULT,
  },
  /** Whether an agent may confirm the right party by the voice, with a reason; usually not. */
  knownVoiceAllowed: {
    ...{ kind: 'flag', in: 'campaign', form: 'answering', inFile: true, whatIf: false },
    default: false,
  },
  /** The message to a person for whom no agent was free. */
  abandonmentMessage: {
    ...{ kind: 'message', in: 'campaign', form: 'answering', inFile: true, whatIf: false },
    default: ABANDONMENT_MESSAGE_DEFAULT,
  },
} as const satisfies Readonly<Record<string, Setting>>;

// ── Types ───────────────────────────────────────────────────────────────────────────────────────

type Entries = typeof SETTINGS;
export type SettingName = keyof Entries;

/** Names of the entries that have these fields. */
export type SettingWith<Like> = {
  [Name in SettingName]: Entries[Name] extends Like ? Name : never;
}[SettingName];

/** The value that a campaign stores for a setting. */
export type SettingValue<Name extends SettingName> = Entries[Name] extends { kind: 'number' }
  ? number
  : Entries[Name] extends { kind: 'flag' }
    ? boolean
    : Entries[Name] extends { kind: 'choice'; of: readonly (infer Choice)[] }
      ? Choice
      : AbandonmentMessage;

/** The value that may be asked for; null removes a limit. */
export type SettingAsked<Name extends SettingName> =
  | (Entries[Name] extends { kind: 'choice'; offered: readonly (infer Choice)[] }
      ? Choice
      : SettingValue<Name>)
  | (Entries[Name] extends { isLimit: true } ? null : never);

/** The settings that are fields of the campaign itself. */
export type CampaignSettings = {
  readonly [Name in SettingWith<{ in: 'campaign' }>]: SettingValue<Name>;
};

type PacingName = Exclude<SettingWith<{ in: 'pacing' }>, 'mode'>;
type HasMode<
  Name extends PacingName,
  Mode extends PacingMode,
> = Mode extends Entries[Name]['modes'][number] ? Name : never;
type Flat<Fields> = { [Name in keyof Fields]: Fields[Name] };

type PacingIn<Mode extends PacingMode> = Flat<
  { readonly mode: Mode } & {
    readonly [Name in PacingName as Entries[Name] extends { isLimit: true }
      ? never
      : HasMode<Name, Mode>]: number;
  } & {
    readonly [Name in PacingName as Entries[Name] extends { isLimit: true }
      ? HasMode<Name, Mode>
      : never]?: number;
  }
>;

/** The pacing of a campaign: one variant for each mode, with its settings. */
export type CampaignPacing = { [Mode in PacingMode]: PacingIn<Mode> }[PacingMode];

export type LimitName = SettingWith<{ isLimit: true }>;

/** What a supervisor asks to change. A setting that the mode does not have is refused. */
export type CampaignChange = { readonly [Name in SettingName]?: SettingAsked<Name> };

// ── Reading ─────────────────────────────────────────────────────────────────────────────────────

export const SETTING_NAMES = Object.keys(SETTINGS) as readonly SettingName[];

/** A setting's entry, in the form that all entries share. */
export function settingOf(name: SettingName): Setting {
  return SETTINGS[name];
}

/** Whether a campaign in this mode has the setting. */
export function isInMode(name: SettingName, mode: PacingMode): boolean {
  return settingOf(name).modes?.includes(mode) ?? true;
}

/** The bounds in force: the entry's own, narrowed by the profile's if it has any. */
export function boundsWithin({ bounds }: NumberSetting, ofProfile?: ProfileBounds): Bounds {
  if (!ofProfile || ofProfile.forbidden) return bounds;
  return { min: Math.max(bounds.min, ofProfile.min), max: Math.min(bounds.max, ofProfile.max) };
}
