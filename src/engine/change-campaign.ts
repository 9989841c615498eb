import {
  type AbandonmentMessage,
  messageProblem,
  messageProblemSentence,
} from '../domain/campaigns/abandonment-message.ts';
import {
  CANCEL_AFTER_RINGING_MIN_MS,
  type Campaign,
  type CampaignPacing,
  DISPOSITION_WAIT_MAX_MS,
  DISPOSITION_WAIT_MIN_MS,
  LINES_PER_AGENT_MAX,
  type LinesPerAgent,
  PROMISE_DAYS_MAX,
  REST_BETWEEN_CALLS_MAX_MS,
} from '../domain/campaigns/campaign.ts';
import type { ComplianceProfile } from '../domain/compliance/profile.ts';
import { unreachable } from '../lib/assert.ts';
import type { DurationMs } from '../lib/time.ts';
import {
  askedBy,
  type CampaignChange,
  type CommandResult,
  type SupervisorCommand,
} from './commands.ts';
import type { CampaignRuntime } from './state.ts';
import type { House, Turn } from './work.ts';

type ChangeCommand = Extract<SupervisorCommand, { kind: 'change-campaign' }>;
type AssignCommand = Extract<SupervisorCommand, { kind: 'assign-agent' }>;

/** The ratio of a campaign that is put into that mode for the first time. */
const RATIO_DEFAULT = 1.5;

/** Changes a campaign while it runs: at once, with who, what it was and what it is. */
export function changeCampaign(house: House, turn: Turn, command: ChangeCommand): CommandResult {
  const runtime = house.state.campaigns.get(command.campaignId);
  if (!runtime)
    return { ok: false, code: 'unknown-campaign', detail: 'There is no such campaign.' };
  const profile = house.state.profiles.get(runtime.campaign.profileId);
  if (!profile) {
    return {
      ok: false,
      code: 'not-now',
      detail: `The compliance profile ${runtime.campaign.profileId} is not loaded.`,
    };
  }
  const before = runtime.campaign;
  const after = changed(before, command.change);
  const problem = problemOf(command, profile, after);
  if (problem) return { ok: false, code: 'form-invalid', detail: problem };
  const changes = differences(before, after);
  if (changes.length === 0) {
    return { ok: false, code: 'nothing-to-change', detail: 'It is like that already.' };
  }
  house.draft.change(runtime, { campaign: after, noLeadsBefore: 0 });
  turn.batch.change({ kind: 'save-campaign', campaign: after });
  for (const { change, from, to } of changes) record(turn, runtime, command, change, from, to);
  turn.batch.paceSoon();
  return { ok: true };
}

/** The campaign as a change would leave it, or why the change would be refused. */
export function changedBy(
  campaign: Campaign,
  profile: ComplianceProfile,
  change: CampaignChange,
):
  | { readonly ok: true; readonly campaign: Campaign }
  | { readonly ok: false; readonly detail: string } {
  const after = changed(campaign, change);
  const detail = problemOf({ change }, profile, after);
  return detail === undefined ? { ok: true, campaign: after } : { ok: false, detail };
}

/** The campaign's limits as far as its compliance profile lets them be. */
export function limitsInForce(
  { pacing }: Pick<Campaign, 'pacing'>,
  ring: ComplianceProfile['ring'],
): Limits {
  const { cancelAfterRingingMs, ...limits } = limitsOf(pacing);
  if (cancelAfterRingingMs === undefined || !ring.mayBeCancelled) return limits;
  return {
    ...limits,
    cancelAfterRingingMs: Math.max(cancelAfterRingingMs, cancelAfterMinMs(ring)),
  };
}

type Limits = LinesPerAgent & { readonly cancelAfterRingingMs?: DurationMs };

/** The limits that stand, of those which the mode has. */
export function limitsOf(pacing: CampaignPacing): Limits {
  switch (pacing.mode) {
    case 'predictive': {
      const { mode: _mode, linesMax: _lines, ...limits } = pacing;
      return limits;
    }
    case 'ratio': {
      const { mode: _mode, linesMax: _lines, ratio: _ratio, ...limits } = pacing;
      return limits;
    }
    case 'progressive':
    case 'preview':
      return {};
    default:
      return unreachable(pacing);
  }
}

/** Why the campaign may not become so; undefined where it may. What is not changed is not judged. */
function problemOf(
  { change }: Pick<ChangeCommand, 'change'>,
  { ring }: ComplianceProfile,
  { pacing }: Campaign,
): string | undefined {
  const { ringTimeoutMs, ratio, linesMax, restBetweenCallsMs, amdSampleShare } = change;
  if (
    ringTimeoutMs !== undefined &&
    !(ringTimeoutMs >= ring.minMs && ringTimeoutMs <= ring.maxMs)
  ) {
    return `The ring time must be between ${ring.minMs / 1_000} and ${ring.maxMs / 1_000} seconds (${ring.clause}).`;
  }
  if (ratio !== undefined && !(Number.isFinite(ratio) && ratio >= 1)) {
    return 'The ratio must be at least one line for each free agent.';
  }
  if (linesMax !== undefined && !(Number.isSafeInteger(linesMax) && linesMax >= 0)) {
    return 'The number of lines must be a whole number.';
  }
  if (amdSampleShare !== undefined && !(amdSampleShare >= 0 && amdSampleShare <= 1)) {
    return 'The share of machine verdicts to be checked must be between 0 and 1.';
  }
  if (
    restBetweenCallsMs !== undefined &&
    !(restBetweenCallsMs >= 0 && restBetweenCallsMs <= REST_BETWEEN_CALLS_MAX_MS)
  ) {
    return `The rest between calls must be at most ${REST_BETWEEN_CALLS_MAX_MS / 1_000} seconds.`;
  }
  const ofWork = dispositionProblem(change);
  if (ofWork) return ofWork;
  const message = change.abandonmentMessage && messageProblem(change.abandonmentMessage);
  if (message) return messageProblemSentence(message);
  return (
    foreignLimit(change, pacing) ?? perAgentProblem(pacing) ?? cancelProblem(change, pacing, ring)
  );
}

/** Of what is asked of an agent after a call. */
function dispositionProblem({
  dispositionWaitMs,
  promiseDaysMax,
}: CampaignChange): string | undefined {
  const isWithin = (value: number | undefined, min: number, max: number): boolean =>
    value === undefined || (value >= min && value <= max);
  if (!isWithin(dispositionWaitMs, DISPOSITION_WAIT_MIN_MS, DISPOSITION_WAIT_MAX_MS)) {
    return `A missing disposition is waited for between ${DISPOSITION_WAIT_MIN_MS / 1_000} and ${DISPOSITION_WAIT_MAX_MS / 1_000} seconds.`;
  }
  return isWithin(promiseDaysMax, 0, PROMISE_DAYS_MAX)
    ? undefined
    : `A promise may be due at most ${PROMISE_DAYS_MAX} days ahead.`;
}

/** A limit that was asked for and that the mode does not have. */
function foreignLimit(change: CampaignChange, pacing: CampaignPacing): string | undefined {
  const limits = ['linesPerAgentMax', 'linesPerAgentMin', 'cancelAfterRingingMs'] as const;
  const stands: Readonly<Record<string, unknown>> = pacing;
  const foreign = limits.find((name) => typeof change[name] === 'number' && !(name in stands));
  return foreign && `The mode ${pacing.mode} has no limit ${foreign}.`;
}

function perAgentProblem(pacing: CampaignPacing): string | undefined {
  const { linesPerAgentMax, linesPerAgentMin } = limitsOf(pacing);
  const isGood = (lines: number | undefined): boolean =>
    lines === undefined || (lines >= 0 && lines <= LINES_PER_AGENT_MAX);
  if (!isGood(linesPerAgentMax) || !isGood(linesPerAgentMin)) {
    return `Lines for each agent must be between 0 and ${LINES_PER_AGENT_MAX}.`;
  }
  return (linesPerAgentMin ?? 0) > (linesPerAgentMax ?? Number.POSITIVE_INFINITY)
    ? 'The least lines for each agent must not be more than the most.'
    : undefined;
}

function cancelProblem(
  { cancelAfterRingingMs: askedMs }: CampaignChange,
  { mode }: CampaignPacing,
  ring: ComplianceProfile['ring'],
): string | undefined {
  if (typeof askedMs !== 'number' || mode !== 'predictive') return undefined;
  if (!ring.mayBeCancelled) {
    return `The compliance profile lets no call be cancelled while it rings (${ring.clause}).`;
  }
  const leastMs = cancelAfterMinMs(ring);
  return askedMs >= leastMs
    ? undefined
    : `A call must have rung for ${leastMs / 1_000} seconds before it is cancelled (${ring.clause}).`;
}

/** The shortest ringing after which the profile lets a call be cancelled. */
export function cancelAfterMinMs(ring: ComplianceProfile['ring']): DurationMs {
  return Math.max(ring.minMs, CANCEL_AFTER_RINGING_MIN_MS);
}

function changed(campaign: Campaign, change: CampaignChange): Campaign {
  return {
    ...campaign,
    state: change.state ?? campaign.state,
    ringTimeoutMs: change.ringTimeoutMs ?? campaign.ringTimeoutMs,
    restBetweenCallsMs: change.restBetweenCallsMs ?? campaign.restBetweenCallsMs,
    dispositionRequired: change.dispositionRequired ?? campaign.dispositionRequired,
    dispositionWaitMs: change.dispositionWaitMs ?? campaign.dispositionWaitMs,
    promiseDaysMax: change.promiseDaysMax ?? campaign.promiseDaysMax,
    abandonmentMessage: change.abandonmentMessage ?? campaign.abandonmentMessage,
    amd: change.amd ?? campaign.amd,
    amdSampleShare: change.amdSampleShare ?? campaign.amdSampleShare,
    knownVoiceAllowed: change.knownVoiceAllowed ?? campaign.knownVoiceAllowed,
    pacing: pacingAfter(campaign.pacing, change),
  };
}

/** Limits stay over a change of mode where the new mode has them too. */
function pacingAfter(pacing: CampaignPacing, change: CampaignChange): CampaignPacing {
  const linesMax = change.linesMax ?? pacing.linesMax;
  const mode = change.mode ?? pacing.mode;
  const before = limitsOf(pacing);
  const most = limit('linesPerAgentMax', before, change);
  switch (mode) {
    case 'predictive':
      return {
        mode,
        linesMax,
        ...most,
        ...limit('linesPerAgentMin', before, change),
        ...limit('cancelAfterRingingMs', before, change),
      };
    case 'ratio': {
      const ratio = change.ratio ?? (pacing.mode === 'ratio' ? pacing.ratio : RATIO_DEFAULT);
      return { mode, ratio, linesMax, ...most };
    }
    case 'progressive':
    case 'preview':
      return { mode, linesMax };
    default:
      return unreachable(mode);
  }
}

type Limit = 'linesPerAgentMax' | 'linesPerAgentMin' | 'cancelAfterRingingMs';

function limit<Name extends Limit>(
  name: Name,
  before: Limits,
  change: CampaignChange,
): Partial<Record<Name, number>> {
  const after = change[name] === undefined ? before[name] : change[name];
  return after === undefined || after === null
    ? {}
    : ({ [name]: after } as Partial<Record<Name, number>>);
}

type Difference = { readonly change: string; readonly from: string; readonly to: string };

function differences(before: Campaign, after: Campaign): Difference[] {
  const from = settingsOf(before);
  const to = settingsOf(after);
  return Object.keys(from)
    .map((change) => ({ change, from: `${from[change] ?? ''}`, to: `${to[change] ?? ''}` }))
    .filter((difference) => difference.from !== difference.to);
}

/** What a supervisor may change, by the names of the audit trail. */
function settingsOf(campaign: Campaign): Readonly<Record<string, string | number | undefined>> {
  const { pacing } = campaign;
  const limits = limitsOf(pacing);
  return {
    state: campaign.state,
    mode: pacing.mode,
    ratio: pacing.mode === 'ratio' ? pacing.ratio : undefined,
    linesMax: pacing.linesMax,
    linesPerAgentMax: limits.linesPerAgentMax,
    linesPerAgentMin: limits.linesPerAgentMin,
    cancelAfterRingingMs: limits.cancelAfterRingingMs,
    ringTimeoutMs: campaign.ringTimeoutMs,
    restBetweenCallsMs: campaign.restBetweenCallsMs,
    dispositionRequired: campaign.dispositionRequired ? 'yes' : 'no',
    dispositionWaitMs: campaign.dispositionWaitMs,
    promiseDaysMax: campaign.promiseDaysMax,
    abandonmentMessage: messageShown(campaign.abandonmentMessage),
    amd: campaign.amd,
    amdSampleShare: campaign.amdSampleShare,
    knownVoiceAllowed: campaign.knownVoiceAllowed ? 'yes' : 'no',
  };
}

function messageShown({ text, soundFile }: AbandonmentMessage): string {
  return soundFile === undefined ? text : `${text} [${soundFile}]`;
}

/** Who works for which campaign; changeable in mid-shift, from the next call on. */
export function assignAgent(house: House, turn: Turn, command: AssignCommand): CommandResult {
  const { campaignId, agentId, assigned } = command;
  const runtime = house.state.campaigns.get(campaignId);
  if (!runtime)
    return { ok: false, code: 'unknown-campaign', detail: 'There is no such campaign.' };
  const person = house.state.people.get(agentId);
  if (person?.role !== 'agent') {
    return { ok: false, code: 'unknown-agent', detail: 'There is no such agent.' };
  }
  if (runtime.agentIds.has(agentId) === assigned) {
    return { ok: false, code: 'nothing-to-change', detail: 'It is like that already.' };
  }
  if (assigned) house.draft.add(runtime.agentIds, agentId);
  else house.draft.remove(runtime.agentIds, agentId);
  const assignment = { campaignId, agentId };
  turn.batch.change({ kind: 'save-assignment', assignment, assigned });
  turn.batch.fact(
    { kind: 'campaign-assigned', agentId, assigned },
    { campaignId, agentId, byUserId: command.byUserId },
  );
  audit(turn, command, assigned ? 'agent-assigned' : 'agent-removed', '', agentId);
  turn.batch.paceSoon();
  turn.work.push({ kind: 'seat' });
  return { ok: true };
}

function record(
  turn: Turn,
  runtime: CampaignRuntime,
  command: ChangeCommand,
  change: string,
  from: string,
  to: string,
): void {
  turn.batch.fact(
    { kind: 'campaign-changed', change, from, to },
    { campaignId: runtime.campaign.id, byUserId: command.byUserId },
  );
  audit(turn, command, change, from, to);
  for (const agentId of runtime.agentIds) turn.batch.showAgent(agentId);
}

function audit(
  { batch }: Turn,
  command: ChangeCommand | AssignCommand,
  change: string,
  from: string,
  to: string,
): void {
  const entry = {
    at: batch.now,
    ...askedBy(command),
    subject: 'campaign' as const,
    subjectId: command.campaignId,
    change,
    from,
    to,
  };
  batch.change({ kind: 'insert-audit', entry });
}
