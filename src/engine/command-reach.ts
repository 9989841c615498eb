/**
 * Whether a command is about what is theirs who ask it. It is looked at before the command is decided,
 * and here only: what a command then does needs no thought about who sees what.
 */
import type { AgentId, BlockId, CallId, CampaignId } from '../lib/ids.ts';
import { say } from '../words/say.ts';
import type {
  AgentCommand,
  Command,
  CommandRefusal,
  CommandResult,
  HouseCommand,
  SupervisorCommand,
} from './commands.ts';
import { isTheirs, type Scope } from './ports/scope.ts';
import { unwantedBlock } from './review-unwanted.ts';
import type { Turn } from './turn.ts';

/** A person who steers, and what is known when their command is decided. */
type Asking = { readonly turn: Turn; readonly scope: Scope };

/**
 * How far a command reaches.
 *
 * - `own`: an agent's own work, which the rules of the shift and the call decide;
 * - `house`: said by the house itself;
 * - a function: a person steers, and whether it is theirs depends on what the command is about.
 */
type ReachOf<One> = One extends AgentCommand
  ? 'own'
  : One extends HouseCommand
    ? 'house'
    : (asking: Asking, command: One) => boolean;

/** Every command has its reach; one without does not compile. */
export const COMMAND_REACH: {
  readonly [Kind in Command['kind']]: ReachOf<Extract<Command, { readonly kind: Kind }>>;
} = {
  'open-shift': 'own',
  'go-available': 'own',
  pause: 'own',
  'take-pause-back': 'own',
  'plan-rest': 'own',
  'hang-up': 'own',
  'confirm-right-party': 'own',
  dispose: 'own',
  'keep-draft': 'own',
  'extend-wrap-up': 'own',
  'headset-lost': 'own',
  'sign-out': 'own',
  'take-sign-out-back': 'own',
  'screen-connected': 'own',
  'screen-lost': 'own',

  'change-campaign': (asking, { campaignId }) => isCampaignTheirs(asking, campaignId),
  'assign-agent': (asking, { campaignId, agentId, assigned }) =>
    isCampaignTheirs(asking, campaignId) && (!assigned || mayJoin(asking, agentId)),
  'pause-agent': (asking, { agentId }) => isAgentTheirs(asking, agentId),
  'plan-agent-rest': (asking, { agentId }) => isAgentTheirs(asking, agentId),
  'sign-out-agent': (asking, { agentId }) => isAgentTheirs(asking, agentId),
  'take-back-from-agent': (asking, { agentId }) => isAgentTheirs(asking, agentId),
  'review-unwanted': (asking, { blockId }) => isBlockTheirs(asking, blockId) ?? true,
  'ask-approval': (asking, { asks }) => isBlockTheirs(asking, asks.blockId) ?? true,
  'decide-approval'(asking, { approvalId }) {
    const approval = asking.turn.state.approvals.get(approvalId);
    // A request about what is gone could still be refused: by somebody who sees everything.
    return !approval || (isBlockTheirs(asking, approval.asks.blockId) ?? false);
  },
  // Only the person who asked withdraws.
  'withdraw-approval': () => true,
  'correct-disposition': (asking, { callId }) => isCallTheirs(asking, callId),
  'give-back-call': (asking, { callId }) => isCallTheirs(asking, callId),

  'leads-changed': 'house',
  'people-changed': 'house',
  'storage-room-changed': 'house',
};

/** Undefined where it may be decided. What nobody knows is left to the command, which refuses it. */
export function refusalOfReach(turn: Turn, command: Command): CommandResult | undefined {
  if (!('scope' in command) || command.scope.kind === 'house') return undefined;
  const reach = COMMAND_REACH[command.kind] as (
    asking: Asking,
    command: SupervisorCommand,
  ) => boolean;
  return reach({ turn, scope: command.scope }, command) ? undefined : NOT_YOURS;
}

const NOT_YOURS: CommandResult = {
  ok: false,
  code: 'not-yours' satisfies CommandRefusal,
  detail: say('not-your-creditors'),
};

function isCampaignTheirs({ turn, scope }: Asking, campaignId: CampaignId): boolean {
  const runtime = turn.state.campaigns.get(campaignId);
  return !runtime || isTheirs(scope, runtime.campaign.creditorIds);
}

/** Pausing an agent takes them from each of their campaigns: all of these have to be theirs. */
function isAgentTheirs(asking: Asking, agentId: AgentId): boolean {
  const campaignIds = campaignsOf(asking, agentId);
  return campaignIds.length > 0 && campaignIds.every((id) => isCampaignTheirs(asking, id));
}

/** An agent without a campaign may join any. */
function mayJoin(asking: Asking, agentId: AgentId): boolean {
  return campaignsOf(asking, agentId).every((id) => isCampaignTheirs(asking, id));
}

function campaignsOf({ turn }: Asking, agentId: AgentId): readonly CampaignId[] {
  return [...turn.state.campaigns.values()].flatMap(({ campaign, agentIds }) =>
    agentIds.has(agentId) ? [campaign.id] : [],
  );
}

/** Of a call that lacks its disposition, from memory or the store. */
function isCallTheirs(asking: Asking, callId: CallId): boolean {
  const { state, prepared } = asking.turn;
  const call =
    state.calls.get(callId)?.call ?? prepared.found({ kind: 'undisposed-call', callId })?.call;
  return !call || isCampaignTheirs(asking, call.campaignId);
}

/** Undefined where nothing is blocked any more. */
function isBlockTheirs(asking: Asking, blockId: BlockId): boolean | undefined {
  const block = unwantedBlock(asking.turn, blockId);
  if (!block) return undefined;
  return block.refused !== undefined && isCampaignTheirs(asking, block.refused.campaignId);
}
