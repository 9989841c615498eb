import type { Call } from '../domain/calls/call.ts';
import type { Fact } from '../domain/facts.ts';
import { ENGINE_STREAM } from '../engine/ports/commit.ts';
import type { Store, StoreView } from '../engine/ports/store.ts';
import type { CallId } from '../lib/ids.ts';

/** The newest facts of before this process, oldest first, and the calls they are about. */
export type EarlierLog = {
  readonly facts: readonly Fact[];
  readonly calls: ReadonlyMap<CallId, Call>;
};

/** Some facts show no line, so more are read than lines are kept. */
const FACTS_READ = 600;

/** What the live log begins with after a restart: otherwise it would be empty until something happens. */
export function readEarlierLog(store: Store, upTo: number): Promise<EarlierLog> {
  return store.read(async (view) => {
    const after = Math.max(0, upTo - FACTS_READ);
    const facts = await view.facts({ stream: ENGINE_STREAM, after, limit: FACTS_READ });
    return { facts, calls: await callsOf(view, facts) };
  });
}

async function callsOf(
  view: StoreView,
  facts: readonly Fact[],
): Promise<ReadonlyMap<CallId, Call>> {
  const ids = new Set(facts.flatMap(({ callId }) => callId ?? []));
  const calls = new Map<CallId, Call>();
  for (const id of ids) {
    const call = await view.call(id);
    if (call) calls.set(id, call);
  }
  return calls;
}
