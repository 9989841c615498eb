import type { AgentId } from '../../lib/ids.ts';
import type { EpochMs } from '../../lib/time.ts';

export type FreeAgent = {
  readonly agentId: AgentId;
  readonly freeSince: EpochMs;
  /** Whether they spoke with this debtor before, in this campaign. */
  readonly knowsDebtor: boolean;
};

export type AgentChoice = {
  readonly agentId: AgentId;
  readonly because: 'knows-debtor' | 'longest-free' | 'only-one-free';
};

/**
 * Chooses who takes an answered call: the agent who spoke with this debtor before, or else the one
 * who has been free longest. Undefined when nobody is free.
 */
export function chooseAgent(free: readonly FreeAgent[]): AgentChoice | undefined {
  const [first, ...rest] = [...free].sort(byPreference);
  if (!first) return undefined;
  if (rest.length === 0) return { agentId: first.agentId, because: 'only-one-free' };
  return { agentId: first.agentId, because: first.knowsDebtor ? 'knows-debtor' : 'longest-free' };
}

function byPreference(left: FreeAgent, right: FreeAgent): number {
  if (left.knowsDebtor !== right.knowsDebtor) return left.knowsDebtor ? -1 : 1;
  return left.freeSince - right.freeSince || left.agentId.localeCompare(right.agentId);
}
