/**
 * People on the line without an agent: how long they wait, and whether an agent could have taken
 * them.
 */
import type { CallId, LegId } from '../../lib/ids.ts';
import { SECOND_MS } from '../../lib/time.ts';
import { isEquipped } from './stored-bodies.ts';
import type { Watched } from './watched.ts';
import { isHeldUp } from './within.ts';

/** The profile's limit, written again as its file says. */
const WAIT_MAX_MS = 2 * SECOND_MS;
/** The longest time for which a person may wait beside an agent who is free for them. */
const TOGETHER_MAX_MS = 500;
const LOOKS_AT_MS = [600, 600 + TOGETHER_MAX_MS] as const;

/** Follows one person from the answer on. */
export function watchWaiting(watch: Watched, callId: CallId): void {
  const { clock } = watch.world;
  const at = (afterMs: number, check: () => void): void =>
    clock.at(clock.now() + afterMs, () => watch.guard(check));
  let freeBefore: readonly string[] = [];
  for (const afterMs of LOOKS_AT_MS) {
    at(afterMs, () => {
      const free = isHeldUp(watch) ? [] : freeForHim(watch, callId);
      const still = free.filter((agentId) => freeBefore.includes(agentId));
      freeBefore = free;
      watch.checks.must('nobody-waits-for-nothing', still.length === 0, () => {
        return `${callId} waits although ${still[0]} has been free for ${TOGETHER_MAX_MS} ms`;
      });
    });
  }
  if (!watch.settings.isQuiet) return;
  at(WAIT_MAX_MS + 1, () => {
    watch.checks.must('waits-are-bounded', wasMet(watch, callId), () => {
      return `${callId} was answered and heard nothing for ${WAIT_MAX_MS} ms`;
    });
  });
}

/**
 * Agents of the campaign who are free, as stored, while the person waits; none when all free agents
 * are kept for other calls.
 */
function freeForHim({ world }: Watched, callId: CallId): readonly string[] {
  const call = world.isRunning ? world.engine.call(callId) : undefined;
  // A person who answers a call that was hung up a moment before is gone before an agent could be
  // there.
  if (call?.state.kind !== 'waiting' || call.hangUpIntent) return [];
  const available = world.query<{ agent_id: string; body: string }>(
    `select shift.agent_id, shift.body from shift
     join assignment on assignment.agent_id = shift.agent_id
     join call on call.campaign_id = assignment.campaign_id
     where call.id = ? and call.state = 'waiting' and shift.ended_at is null
       and shift.activity = 'available'
     order by shift.agent_id`,
    callId,
  );
  const free = available.filter(isEquipped);
  const [row] = world.query<{ kept: number }>(
    `select count(*) as kept from call join lead on lead.id = call.lead_id
     where call.state <> 'ended' and lead.agent_first = 1 and call.id <> ?`,
    callId,
  );
  return free.length > (row?.kept ?? 0) ? free.map((one) => one.agent_id) : [];
}

/** Whether the person is with an agent or on the way to one, hears the message, or has hung up. */
function wasMet({ world, book }: Watched, callId: CallId): boolean {
  if (!world.isRunning || book.live.get(callId)?.state !== 'answered') return true;
  const legId: LegId | undefined = world.engine.call(callId)?.legId;
  return world.network.asked.some(
    (one) => one.legId === legId && (one.what === 'bridge' || one.what.startsWith('announce')),
  );
}
