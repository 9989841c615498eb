import type { Campaign, CampaignPacing } from '../domain/campaigns/campaign.ts';
import type { ComplianceProfile } from '../domain/compliance/profile.ts';
import { createPacer, type Pacer, type PacerState } from '../domain/pacing/pacer.ts';
import type { CommandResult, SupervisorCommand } from './commands.ts';
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
  const problem = problemOf(command, profile);
  if (problem) return { ok: false, code: 'form-invalid', detail: problem };
  const before = runtime.campaign;
  const after = changed(before, command.change);
  const changes = differences(before, after);
  if (changes.length === 0) {
    return { ok: false, code: 'nothing-to-change', detail: 'It is like that already.' };
  }
  runtime.campaign = after;
  runtime.pacer = pacerFor(after, profile, runtime.pacer.toJSON());
  runtime.noLeadsBefore = 0;
  turn.batch.write((transaction) => transaction.saveCampaign(after));
  for (const { change, from, to } of changes) record(turn, runtime, command, change, from, to);
  turn.batch.paceNow = true;
  return { ok: true };
}

export function pacerFor(
  campaign: Campaign,
  { abandonment }: ComplianceProfile,
  state?: PacerState,
): Pacer {
  const { pacing } = campaign;
  return createPacer(
    {
      mode: pacing.mode,
      abandonment: {
        rateMax: abandonment.rateMax,
        waitMaxMs: abandonment.waitMaxMs,
        clockStart: abandonment.clockStart,
        earlyHangUpCounts: abandonment.earlyHangUpCounts,
      },
      ringTimeoutMs: campaign.ringTimeoutMs,
      ...(pacing.mode === 'ratio' ? { ratio: pacing.ratio } : {}),
    },
    state,
  );
}

function problemOf({ change }: ChangeCommand, { ring }: ComplianceProfile): string | undefined {
  const { ringTimeoutMs, ratio, linesMax } = change;
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
  return undefined;
}

function changed(campaign: Campaign, change: ChangeCommand['change']): Campaign {
  return {
    ...campaign,
    state: change.state ?? campaign.state,
    ringTimeoutMs: change.ringTimeoutMs ?? campaign.ringTimeoutMs,
    pacing: pacingAfter(campaign.pacing, change),
  };
}

function pacingAfter(pacing: CampaignPacing, change: ChangeCommand['change']): CampaignPacing {
  const linesMax = change.linesMax ?? pacing.linesMax;
  const mode = change.mode ?? pacing.mode;
  if (mode === 'ratio') {
    const ratio = change.ratio ?? (pacing.mode === 'ratio' ? pacing.ratio : RATIO_DEFAULT);
    return { mode, ratio, linesMax };
  }
  return mode === pacing.mode ? { ...pacing, linesMax } : { mode, linesMax };
}

type Difference = { readonly change: string; readonly from: string; readonly to: string };

function differences(before: Campaign, after: Campaign): Difference[] {
  const pairs: Difference[] = [
    { change: 'state', from: before.state, to: after.state },
    { change: 'mode', from: before.pacing.mode, to: after.pacing.mode },
    { change: 'ratio', from: ratioOf(before), to: ratioOf(after) },
    { change: 'linesMax', from: `${before.pacing.linesMax}`, to: `${after.pacing.linesMax}` },
    { change: 'ringTimeoutMs', from: `${before.ringTimeoutMs}`, to: `${after.ringTimeoutMs}` },
  ];
  return pairs.filter(({ from, to }) => from !== to);
}

function ratioOf({ pacing }: Campaign): string {
  return pacing.mode === 'ratio' ? `${pacing.ratio}` : '';
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
  if (assigned) runtime.agentIds.add(agentId);
  else runtime.agentIds.delete(agentId);
  turn.batch.write((transaction) => transaction.saveAssignment({ campaignId, agentId }, assigned));
  turn.batch.fact(
    { kind: 'campaign-assigned', agentId, assigned },
    { campaignId, agentId, byUserId: command.byUserId },
  );
  audit(turn, command, assigned ? 'agent-assigned' : 'agent-removed', '', agentId);
  turn.batch.paceNow = true;
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
  for (const agentId of runtime.agentIds) turn.batch.agentIds.add(agentId);
}

function audit(
  { batch }: Turn,
  { byUserId, campaignId }: ChangeCommand | AssignCommand,
  change: string,
  from: string,
  to: string,
): void {
  const entry = {
    at: batch.now,
    byUserId,
    subject: 'campaign',
    subjectId: campaignId,
    change,
    from,
    to,
  };
  batch.write((transaction) => transaction.insertAudit(entry));
}
