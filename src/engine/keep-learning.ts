/**
 * What pacers learned outlives the process: each campaign's record is saved every few seconds with the
 * sequence of the newest fact in it, read at the start, and the facts after it are taught again.
 */
import type { NewFact } from '../domain/facts.ts';
import type { CampaignLearned, Pacer, PacerState } from '../domain/pacing/pacer.ts';
import type { CampaignId } from '../lib/ids.ts';
import type { Memory } from './memory.ts';
import type { EngineLog } from './mistakes.ts';
import { observationsOf } from './observations.ts';
import { ENGINE_STREAM } from './ports/commit.ts';
import type { PacerRecord } from './ports/records.ts';
import type { StoreView } from './ports/store.ts';
import type { Turn } from './turn.ts';

/** The shape of {@link CampaignLearned} that this version reads and writes. */
const SCHEMA_VERSION: PacerState['schemaVersion'] = 2;
/** Facts taught again at a start, the newest; a few seconds of a large floor are hundreds. */
const FACTS_TAUGHT_MAX = 50_000;
const FACTS_READ_AT_ONCE = 1_000;
/** A record that did not change is written again after so many facts, so that a start reads few. */
const FACTS_BEHIND_MAX = 5_000;

/** What changes as facts are taught. */
export type Remembering = Pick<Memory, 'state' | 'draft'>;

export type SavedLearning = { readonly learned?: CampaignLearned; readonly upTo?: number };

/** The records of all campaigns. One of another version is left out, which is told. */
export async function readLearning(
  view: StoreView,
  log: Pick<EngineLog, 'warn'> | undefined,
): Promise<ReadonlyMap<CampaignId, SavedLearning>> {
  const saved = new Map<CampaignId, SavedLearning>();
  for (const { campaignId, schemaVersion, factSequence, learned } of await view.pacerStates()) {
    if (schemaVersion === SCHEMA_VERSION) {
      saved.set(campaignId, { learned, upTo: factSequence });
      continue;
    }
    log?.warn(
      { campaignId, schemaVersion, known: SCHEMA_VERSION },
      'what the pacer learned was saved by another version and is dropped',
    );
  }
  return saved;
}

/** Teaches what happened after the records were saved; of a campaign without one, the newest facts. */
export async function teachLaterFacts(memory: Remembering, view: StoreView): Promise<void> {
  const { state } = memory;
  const oldest = state.upTo - FACTS_TAUGHT_MAX;
  const sequences = [...state.campaigns.values()].map(({ learning }) => learning.savedUpTo);
  if (sequences.length === 0) return;
  let after = Math.max(oldest, Math.min(...sequences), 0);
  while (after < state.upTo) {
    const facts = await view.facts({ stream: ENGINE_STREAM, after, limit: FACTS_READ_AT_ONCE });
    const last = facts.at(-1);
    if (!last) return;
    for (const fact of facts) {
      const runtime = fact.campaignId && state.campaigns.get(fact.campaignId);
      if (runtime && fact.sequence > runtime.learning.savedUpTo) teach(memory, fact);
    }
    after = last.sequence;
  }
}

/** Lets the pacer of the fact's campaign learn from it. The fact is committed. */
export function teach({ state, draft }: Remembering, fact: NewFact): void {
  const runtime = fact.campaignId && state.campaigns.get(fact.campaignId);
  if (!runtime) return;
  for (const observation of observationsOf(fact)) {
    runtime.group.pacer.observe(observation);
    draft.change(runtime.learning, { isChanged: true });
  }
}

/** Writes the records that changed with this batch; they hold the facts of the commits before it. */
export function saveLearning(turn: Turn): void {
  const { state, draft, batch } = turn;
  const states = new Map<Pacer, PacerState>();
  for (const { campaign, group, learning } of state.campaigns.values()) {
    if (!learning.isChanged && state.upTo - learning.savedUpTo < FACTS_BEHIND_MAX) continue;
    const pacerState = states.get(group.pacer) ?? group.pacer.toJSON();
    states.set(group.pacer, pacerState);
    const record: PacerRecord = {
      campaignId: campaign.id,
      schemaVersion: SCHEMA_VERSION,
      factSequence: state.upTo,
      learned: pacerState.campaigns[campaign.id] ?? {},
    };
    batch.change({ kind: 'save-pacer-state', record, at: batch.now });
    draft.change(learning, { isChanged: false, savedUpTo: state.upTo });
  }
}
