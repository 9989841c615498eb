import type { LegId } from '../lib/ids.ts';
import type { EpochMs } from '../lib/time.ts';
import { campaignOf } from './settle-call.ts';
import { isLive } from './state.ts';
import type { House } from './work.ts';

/**
 * What an agent's screen will show and who of them knows the person: read when somebody answers, and
 * not when the call is placed, because six calls in seven reach nobody.
 */
export async function readForAgent(house: House, legId: LegId, now: EpochMs): Promise<void> {
  const callId = house.state.legs.get(legId);
  const live = callId && house.state.calls.get(callId);
  if (!live || !isLive(live) || live.call.answeredAt !== undefined) return;
  const { id, creditorIds } = campaignOf(house, live).campaign;
  const { debtorId } = live.call;
  await house.store.read(async (view) => {
    const agentsWhoKnow = await view.agentsWhoKnow(debtorId, id);
    const file = await view.debtorFile(debtorId, creditorIds, now);
    house.draft.change(live, { agentsWhoKnow, ...(file ? { file } : {}) });
  });
}
