import type { LegId } from '../lib/ids.ts';
import { decideMessage } from './decisions.ts';
import type { Claim } from './ports/commit.ts';
import type { Turn } from './turn.ts';

/**
 * Somebody else called the person or the number, moved the lead or filled a cap, between the reading and
 * the commit. The call is not dialed: it was refused like any other that never left, counts nowhere and
 * its lead waits. Each leg loses its claims once, so that storing the batch again comes to an end.
 */
export function loseClaims(turn: Turn, lost: readonly Claim[]): void {
  for (const legId of new Set(lost.map((claim) => claim.legId))) {
    turn.batch.takeBackDialing(legId);
    refuse(turn, legId);
  }
  for (const claim of lost) {
    if (claim.kind === 'lead') turn.batch.leaveLead(claim.lead.id);
  }
}

function refuse(turn: Turn, legId: LegId): void {
  const signal = { kind: 'leg-refused', legId, reason: 'claim-lost', at: turn.batch.now } as const;
  decideMessage(turn, { kind: 'signal', signal });
}
