import { given } from '../lib/given.ts';
import type { BlockId, UserId } from '../lib/ids.ts';
import { say } from '../words/say.ts';
import { askedBy, type CommandResult, type SupervisorCommand } from './commands.ts';
import type { UnwantedPhone } from './ports/records.ts';
import type { Turn } from './turn.ts';

/**
 * Decided by a person, with their name and their words in the audit trail, and with who approved it
 * where a second person had to.
 */
export function reviewUnwanted(
  turn: Turn,
  command: Omit<Extract<SupervisorCommand, { kind: 'review-unwanted' }>, 'scope'>,
  approvedBy?: UserId,
): CommandResult {
  const { batch } = turn;
  const { blockId, byUserId, callAgain, because } = command;
  const block = unwantedBlock(turn, blockId);
  if (!block) return { ok: false, code: 'unknown-block', detail: say('nothing-blocked') };
  if (!callAgain && block.keptByUserId !== undefined) {
    return { ok: false, code: 'nothing-to-change', detail: say('kept-already') };
  }
  const entry = {
    at: batch.now,
    ...askedBy(command),
    subject: 'block' as const,
    subjectId: blockId,
    change: callAgain ? 'lifted' : 'kept-blocked',
    because,
    ...given({ to: approvedBy }),
  };
  batch.change(
    callAgain
      ? { kind: 'lift-block', blockId, at: batch.now }
      : { kind: 'keep-block', blockId, byUserId },
  );
  batch.change({ kind: 'insert-audit', entry });
  batch.blockReviewed(blockId, callAgain ? 'lifted' : byUserId);
  return { ok: true };
}

/** As it stands after what this turn decided; undefined: it stands no more. */
export function unwantedBlock(turn: Turn, blockId: BlockId): UnwantedPhone | undefined {
  const { batch } = turn;
  const reviewed = batch.reviewed.get(blockId);
  if (reviewed === 'lifted') return undefined;
  const standing = turn.prepared.of({ kind: 'unwanted-phones', now: batch.now });
  const block = standing.find((one) => one.blockId === blockId);
  return block && reviewed ? { ...block, keptByUserId: reviewed } : block;
}
