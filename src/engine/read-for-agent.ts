import type { LegId } from '../lib/ids.ts';
import type { EpochMs } from '../lib/time.ts';
import type { Memory } from './memory.ts';
import { campaignOf } from './settle-call.ts';
import { isLive } from './state.ts';

/**
 * What an agent's screen will show and who of them knows the person: read when somebody answers, and
 * not when the call is placed, because six calls in seven reach nobody.
 */
export async function readForAgent(memory: Memory, legId: LegId, now: EpochMs): Promise<void> {
  const callId = memory.state.legs.get(legId);
  const live = callId && memory.state.calls.get(callId);
  if (!live || !isLive(live) || live.call.answeredAt !== undefined) return;
  const { id, creditorIds } = campaignOf(memory, live).campaign;
  const { debtorId } = live.call;
  await memory.store.read(async (view) => {
    const agentsWhoKnow = await view.agentsWhoKnow(debtorId, id);
    const file = await view.debtorFile(debtorId, creditorIds, now);
    memory.draft.change(live, { agentsWhoKnow, ...(file ? { file } : {}) });
  });
}
