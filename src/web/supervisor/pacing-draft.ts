import { unreachable } from '../../lib/assert.ts';
import { SECOND_MS } from '../../lib/time.ts';
import {
  type BoardCampaign,
  type ChangeCampaignRequest,
  LINES_MAX,
  LINES_PER_AGENT_MAX,
  pacingMode,
  RATIO_MAX,
  RATIO_MIN,
  REST_BETWEEN_CALLS_MAX_MS,
} from '../../protocol/supervisor.ts';

/** A field of the form as typed: a number, or text that is not one yet. */
export type Typed = number | string;

export type PacingField =
  | 'ratio'
  | 'linesMax'
  | 'linesPerAgentMin'
  | 'linesPerAgentMax'
  | 'ringTimeoutMs'
  | 'cancelAfterRingingMs'
  | 'restBetweenCallsMs';

export type PacingDraft = {
  readonly mode: BoardCampaign['mode'];
  /** Typed values. Lengths are in seconds; an empty limit means none. */
  readonly typed: Readonly<Record<PacingField, Typed>>;
};

export type FieldRule = {
  readonly min: number;
  readonly max: number;
  readonly decimals: 0 | 1;
  /** Whether it is typed in seconds and sent in milliseconds. */
  readonly inSeconds: boolean;
  /** Whether it may be left empty for no limit. */
  readonly optional: boolean;
};

export type DraftProblem = 'out-of-range' | 'min-over-max';

export type DraftResult = {
  readonly problems: Readonly<Partial<Record<PacingField, DraftProblem>>>;
  /** What differs from the campaign; undefined while there is a problem. */
  readonly change: ChangeCampaignRequest | undefined;
};

export function draftOf(campaign: BoardCampaign): PacingDraft {
  const seconds = (lengthMs: number | null) => (lengthMs === null ? '' : lengthMs / SECOND_MS);
  return {
    mode: campaign.mode,
    typed: {
      ratio: campaign.ratio,
      linesMax: campaign.linesMax,
      linesPerAgentMin: campaign.linesPerAgentMin ?? '',
      linesPerAgentMax: campaign.linesPerAgentMax ?? '',
      ringTimeoutMs: seconds(campaign.ringTimeoutMs),
      cancelAfterRingingMs: seconds(campaign.cancelAfterRingingMs),
      restBetweenCallsMs: seconds(campaign.restBetweenCallsMs),
    },
  };
}

const FIELDS: Readonly<Record<BoardCampaign['mode'], readonly PacingField[]>> = {
  predictive: [
    'linesMax',
    'ringTimeoutMs',
    'linesPerAgentMin',
    'linesPerAgentMax',
    'cancelAfterRingingMs',
    'restBetweenCallsMs',
  ],
  ratio: ['ratio', 'linesPerAgentMax', 'linesMax', 'ringTimeoutMs', 'restBetweenCallsMs'],
  progressive: ['linesMax', 'ringTimeoutMs', 'restBetweenCallsMs'],
  preview: ['linesMax', 'ringTimeoutMs', 'restBetweenCallsMs'],
};

/** The settings that apply in a mode, in the order of the form. */
export function fieldsOf(mode: BoardCampaign['mode']): readonly PacingField[] {
  return FIELDS[mode];
}

/** The bounds of a field by the protocol and the campaign's compliance profile. */
export function ruleOf(field: PacingField, campaign: BoardCampaign): FieldRule {
  const plain = { decimals: 0, inSeconds: false, optional: false } as const;
  switch (field) {
    case 'ratio':
      return { ...plain, min: RATIO_MIN, max: RATIO_MAX, decimals: 1 };
    case 'linesMax':
      return { ...plain, min: 0, max: LINES_MAX };
    case 'linesPerAgentMin':
    case 'linesPerAgentMax':
      return { ...plain, min: 0, max: LINES_PER_AGENT_MAX, decimals: 1, optional: true };
    case 'ringTimeoutMs': {
      const { minMs, maxMs } = campaign.ringAllowed;
      return { ...plain, ...inSeconds(minMs, maxMs) };
    }
    case 'cancelAfterRingingMs': {
      const minMs = campaign.cancelAfterRingingMinMs ?? 0;
      return { ...plain, ...inSeconds(minMs, campaign.ringAllowed.maxMs), optional: true };
    }
    case 'restBetweenCallsMs':
      return { ...plain, ...inSeconds(0, REST_BETWEEN_CALLS_MAX_MS) };
    default:
      return unreachable(field);
  }
}

function inSeconds(minMs: number, maxMs: number) {
  return { min: Math.ceil(minMs / SECOND_MS), max: maxMs / SECOND_MS, inSeconds: true } as const;
}

/** Reads a draft: its problems, or the change it asks for. */
export function readDraft(campaign: BoardCampaign, draft: PacingDraft): DraftResult {
  const problems: Partial<Record<PacingField, DraftProblem>> = {};
  const changed: Partial<Record<PacingField, number | null>> = {};
  for (const field of fieldsOf(draft.mode)) {
    if (field === 'cancelAfterRingingMs' && campaign.cancelAfterRingingMinMs === null) continue;
    const rule = ruleOf(field, campaign);
    const value = readTyped(draft.typed[field], rule);
    if (value === undefined) problems[field] = 'out-of-range';
    else if (value !== standingOf(field, campaign, draft.mode)) changed[field] = value;
  }
  const { linesPerAgentMin: least, linesPerAgentMax: most } = draft.typed;
  const bothTyped = draft.mode === 'predictive' && least !== '' && most !== '';
  if (bothTyped && Number(least) > Number(most)) problems.linesPerAgentMin ??= 'min-over-max';
  if (Object.keys(problems).length > 0) return { problems, change: undefined };
  const mode = pacingMode.safeParse(draft.mode);
  const newMode = mode.success && mode.data !== campaign.mode ? { mode: mode.data } : {};
  return { problems, change: { ...newMode, ...changed } as ChangeCampaignRequest };
}

/** The typed value; null for no limit, undefined when it is invalid. */
function readTyped(typed: Typed, rule: FieldRule): number | null | undefined {
  if (typed === '') return rule.optional ? null : undefined;
  const value = Number(typed);
  if (!(value >= rule.min && value <= rule.max)) return undefined;
  return rule.inSeconds ? Math.round(value * SECOND_MS) : value;
}

/** The present value of a field. A ratio exists only while the campaign is in that mode. */
function standingOf(
  field: PacingField,
  campaign: BoardCampaign,
  mode: BoardCampaign['mode'],
): number | null | undefined {
  if (field === 'ratio' && campaign.mode !== mode) return undefined;
  return campaign[field];
}
