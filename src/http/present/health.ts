import type { JobCounts } from '../../engine/ports/jobs.ts';
import type { EngineHealth } from '../../engine/queries.ts';
import type { HealthView } from '../../protocol/admin.ts';
import type { LoopDelay } from '../loop-delay.ts';

export type HealthSources = {
  readonly engine: EngineHealth;
  readonly loop: LoopDelay;
  readonly isCheckpointFailing: boolean;
  readonly noBackUpSince: number | undefined;
  readonly jobs: JobCounts;
  readonly lastFactSequence: number;
  readonly version: string;
  readonly upSeconds: number;
};

/** A fuller inbox makes commands wait noticeably, and the engine soon stops placing calls. */
const INBOX_SHARE_MAX = 0.8;
/**
 * With a longer delay a ring or an answer would be seen too late for the two seconds of
 * abandonment.
 */
const LOOP_DELAY_P99_MAX_MS = 500;
const TELEPHONY_LAG_MAX_MS = 1_000;
const TELEPHONY_SILENT_MAX_MS = 15_000;
/**
 * With more drift the local hour at the debtor's place is unreliable. It is a warning only: calls
 * need not stop.
 */
const CLOCK_DRIFT_MAX_MS = 5_000;

export function presentHealth(sources: HealthSources): HealthView {
  const { engine, loop, lastFactSequence, version, upSeconds } = sources;
  const { telephony } = engine;
  const failures = failuresOf(engine, loop);
  const warnings = [
    ...warningsOf(engine),
    ...when(sources.isCheckpointFailing, 'checkpoint-failing'),
    ...when(sources.jobs.dead > 0, 'jobs-dead'),
    ...when(sources.noBackUpSince !== undefined, 'backup-late'),
  ];
  return {
    ok: failures.length === 0,
    version,
    upSeconds,
    eventLoopDelayMs: loop,
    inbox: { depth: engine.inboxDepth, max: engine.inboxMax },
    telephony: {
      connected: telephony.connected,
      lagMs: telephony.lagMs ?? null,
      silentForMs: telephony.silentForMs ?? null,
      unknownEvents: telephony.unknownEvents,
      version: telephony.version ?? null,
    },
    clock: { driftMs: engine.clockDriftMs, jumps: engine.clockJumps },
    store: {
      lastFactSequence,
      commitMsP99: engine.commitMsP99 ?? null,
      room: engine.storage.room,
      roomSince: engine.storage.since,
      freeBytes: engine.storage.freeBytes ?? null,
      heldUp: engine.storage.heldUp ?? null,
    },
    jobs: { ...sources.jobs },
    noBackUpSince: sources.noBackUpSince ?? null,
    mistakes: { ...engine.mistakes },
    callsInDoubt: engine.callsInDoubt,
    abandonment: byState(engine.abandonment),
    problems: [...failures, ...warnings],
  };
}

function byState(banks: EngineHealth['abandonment']): HealthView['abandonment'] {
  const counts = { ok: 0, alarm: 0, empty: 0 };
  for (const { state } of banks) counts[state] += 1;
  return counts;
}

/** Warnings: an operator should look, but calls can go on. */
function warningsOf({ clockDriftMs, abandonment, storage, mistakes }: EngineHealth): string[] {
  return [
    ...when(Math.abs(clockDriftMs) > CLOCK_DRIFT_MAX_MS, 'clock-drifted'),
    ...when(
      abandonment.some(({ state }) => state !== 'ok'),
      'abandonment-alarm',
    ),
    ...when(storage.room === 'low', 'disk-low'),
    ...when(Object.keys(mistakes).length > 0, 'mistakes'),
  ];
}

function when(isSo: boolean, problem: string): string[] {
  return isSo ? [problem] : [];
}

function failuresOf({ telephony, ...engine }: EngineHealth, loop: LoopDelay): string[] {
  const { connected, lagMs = 0, silentForMs = 0 } = telephony;
  return [
    ...when(engine.draining, 'draining'),
    ...when(!connected, 'telephony-disconnected'),
    ...when(connected && silentForMs > TELEPHONY_SILENT_MAX_MS, 'telephony-silent'),
    ...when(connected && lagMs > TELEPHONY_LAG_MAX_MS, 'telephony-slow'),
    ...when(engine.inboxDepth > engine.inboxMax * INBOX_SHARE_MAX, 'inbox-nearly-full'),
    ...when(engine.storage.room === 'full', 'disk-full'),
    ...when(engine.storage.heldUp !== undefined, 'store-held-up'),
    ...when(loop.p99 > LOOP_DELAY_P99_MAX_MS, 'event-loop-slow'),
  ];
}
