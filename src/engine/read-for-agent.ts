import { given } from '../lib/given.ts';
import type { LegId } from '../lib/ids.ts';
import type { Memory } from './memory.ts';
import type { Need } from './ports/needs.ts';
import { campaignOf } from './settle-call.ts';
import { isLive, type LiveCall } from './state.ts';
import type { Turn } from './turn.ts';

/**
 * What an agent's screen will show and who of them knows the person: read when somebody answers, and
 * not when the call is placed, because six calls in seven reach nobody.
 */
export function showFile(turn: Turn, legId: LegId): void {
  const live = answering(turn, legId);
  const need = live && fileNeedOf(turn, legId);
  if (!live || !need) return;
  const { agentsWhoKnow, file } = turn.prepared.of(need);
  turn.draft.change(live, { agentsWhoKnow, ...given({ file }) });
}

/** Undefined: the leg is of no call that is being answered. */
export function fileNeedOf(
  memory: Pick<Turn, keyof Memory | 'now'>,
  legId: LegId,
): (Need & { readonly kind: 'debtor-file' }) | undefined {
  const live = answering(memory, legId);
  if (!live) return undefined;
  const { id: campaignId, creditorIds } = campaignOf(memory, live).campaign;
  const { debtorId } = live.call;
  return { kind: 'debtor-file', debtorId, campaignId, creditorIds, now: memory.now };
}

function answering({ state }: Pick<Memory, 'state'>, legId: LegId): LiveCall | undefined {
  const callId = state.legs.get(legId);
  const live = callId && state.calls.get(callId);
  return live && isLive(live) && live.call.answeredAt === undefined ? live : undefined;
}
