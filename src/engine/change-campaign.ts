import type { Campaign } from '../domain/campaigns/campaign.ts';
import {
  changed,
  changeProblem,
  differences,
  settingsOf,
} from '../domain/campaigns/change-settings.ts';
import { given } from '../lib/given.ts';
import { say } from '../words/say.ts';
import { askedBy, type CommandResult, type SupervisorCommand } from './commands.ts';
import type { CampaignRuntime } from './state.ts';
import type { Turn } from './turn.ts';

type ChangeCommand = Extract<SupervisorCommand, { kind: 'change-campaign' }>;
type AssignCommand = Extract<SupervisorCommand, { kind: 'assign-agent' }>;

/** Changes a campaign while it runs: at once, with who, what it was and what it is. */
export function changeCampaign(turn: Turn, command: ChangeCommand): CommandResult {
  const runtime = turn.state.campaigns.get(command.campaignId);
  if (!runtime) return { ok: false, code: 'unknown-campaign', detail: say('no-such-campaign') };
  const profile = turn.state.profiles.get(runtime.campaign.profileId);
  if (!profile) {
    return {
      ok: false,
      code: 'not-now',
      detail: say('profile-not-loaded', { profile: runtime.campaign.profileId }),
    };
  }
  if (isStale(runtime, command)) {
    return { ok: false, code: 'settings-stale', detail: say('settings-stale') };
  }
  const before = runtime.campaign;
  const after = changed(before, command.change);
  const problem = changeProblem(command.change, after, profile);
  if (problem) return { ok: false, code: 'form-invalid', detail: problem.said };
  const changes = differences(before, after);
  if (changes.length === 0) {
    return { ok: false, code: 'nothing-to-change', detail: say('like-that-already') };
  }
  const settingVersion = versionOf(runtime) + 1;
  keepVersions(turn, runtime, command, after);
  turn.draft.change(runtime, { campaign: after, settingVersion, noLeadsBefore: 0 });
  turn.batch.change({ kind: 'save-campaign', campaign: after });
  for (const { change, from, to } of changes) record(turn, runtime, command, change, from, to);
  turn.batch.paceSoon();
  return { ok: true };
}

/** The first version is how the campaign was before its first change. */
export function versionOf({ settingVersion }: Pick<CampaignRuntime, 'settingVersion'>): number {
  return Math.max(1, settingVersion);
}

/** Somebody else was quicker. To pause, stop or start is never too late: it says what is to be. */
function isStale(runtime: CampaignRuntime, { change, madeOn }: ChangeCommand): boolean {
  const isOfStateOnly = Object.keys(change).every((name) => name === 'state');
  return madeOn !== undefined && madeOn !== versionOf(runtime) && !isOfStateOnly;
}

function keepVersions(
  { batch }: Turn,
  { campaign, settingVersion }: CampaignRuntime,
  { byUserId, because }: ChangeCommand,
  after: Campaign,
): void {
  const of = { subject: 'campaign' as const, subjectId: campaign.id, at: batch.now };
  if (settingVersion === 0) {
    const version = { ...of, settings: settingsOf(campaign) };
    batch.change({ kind: 'add-setting-version', version });
  }
  const version = { ...of, byUserId, settings: settingsOf(after), ...given({ because }) };
  batch.change({ kind: 'add-setting-version', version });
}

/** Who works for which campaign; changeable in mid-shift, from the next call on. */
export function assignAgent(turn: Turn, command: AssignCommand): CommandResult {
  const { campaignId, agentId, assigned } = command;
  const runtime = turn.state.campaigns.get(campaignId);
  if (!runtime) return { ok: false, code: 'unknown-campaign', detail: say('no-such-campaign') };
  const person = turn.state.people.get(agentId);
  if (person?.role !== 'agent') {
    return { ok: false, code: 'unknown-agent', detail: say('no-such-agent') };
  }
  if (runtime.agentIds.has(agentId) === assigned) {
    return { ok: false, code: 'nothing-to-change', detail: say('like-that-already') };
  }
  if (assigned) turn.draft.add(runtime.agentIds, agentId);
  else turn.draft.remove(runtime.agentIds, agentId);
  const assignment = { campaignId, agentId };
  turn.batch.change({ kind: 'save-assignment', assignment, assigned });
  turn.batch.fact(
    { kind: 'campaign-assigned', agentId, assigned },
    { campaignId, agentId, byUserId: command.byUserId },
  );
  audit(turn, command, assigned ? 'agent-assigned' : 'agent-removed', '', agentId);
  turn.batch.paceSoon();
  turn.seat();
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
    ...given({ because: command.kind === 'change-campaign' ? command.because : undefined }),
  };
  batch.change({ kind: 'insert-audit', entry });
}
