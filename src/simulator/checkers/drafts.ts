/** What agents have typed is in the store while somebody is to say what came of the call, and no longer. */
import { callOf } from '../../domain/agents/agent-shift.ts';
import type { Fact } from '../../domain/facts.ts';
import type { AgentId, CallId } from '../../lib/ids.ts';
import type { Watched } from './watched.ts';

const PROPERTY = 'drafts-end-with-disposition';

export function draftsAreKept(watch: Watched): void {
  const { world, checks } = watch;
  const [disposed] = world.query<{ call_id: string }>(
    `select draft.call_id from negotiation_draft as draft
     join disposition on disposition.call_id = draft.call_id and is_current = 1`,
  );
  checks.must(PROPERTY, disposed === undefined, () => {
    return `${disposed?.call_id} has a disposition and still what was typed before it`;
  });
  const rows = world.query<{ call_id: CallId; agent_id: AgentId; revision: number }>(
    'select call_id, agent_id, revision from negotiation_draft',
  );
  const listed = new Set(
    world
      .query<{ call_id: string }>('select call_id from undisposed_call')
      .map((one) => one.call_id),
  );
  for (const { call_id: callId, agent_id: agentId } of rows) {
    const isAsked =
      listed.has(callId) || isLive(watch, callId) || hasInHand(watch, agentId, callId);
    checks.must(PROPERTY, isAsked, () => `nobody is asked about ${callId}, and its draft is kept`);
  }
  const stored = new Map(rows.map((row) => [row.call_id, row]));
  for (const [callId, { agentId, revision }] of world.keptDrafts) {
    if (!listed.has(callId) && !hasInHand(watch, agentId, callId)) continue;
    if (isDisposed(watch, callId)) continue;
    const row = stored.get(callId);
    const isKept = row?.agent_id === agentId && row.revision >= revision;
    checks.must(PROPERTY, isKept, () => {
      return `revision ${revision} of ${callId} was kept for ${agentId}, ${row?.revision} is stored`;
    });
  }
}

/** Who takes a person over begins with nothing. */
export function forgetTypingOfOthers({ world }: Watched, { callId, body }: Fact): void {
  if (body.kind !== 'call-connected' || !callId) return;
  const typed = world.keptDrafts.get(callId);
  if (typed && typed.agentId !== body.agentId) world.keptDrafts.delete(callId);
}

function isLive({ world }: Watched, callId: CallId): boolean {
  const state = world.engine.call(callId)?.state.kind;
  return state !== undefined && state !== 'ended';
}

function hasInHand({ world }: Watched, agentId: AgentId, callId: CallId): boolean {
  const { shift } = world.engine.desk(agentId);
  return shift !== undefined && callOf(shift) === callId;
}

function isDisposed({ world }: Watched, callId: CallId): boolean {
  const rows = world.query(
    'select 1 from disposition where call_id = ? and is_current = 1',
    callId,
  );
  return rows.length > 0;
}
