/**
 * What is known of each debtor's leg, and which signals say something new. Events come doubled,
 * late and out of order, from several threads of the PBX and from our own checks. A leg only goes
 * forward: placing → ringing → answered → over.
 */
import type { HangUpIntent } from '../domain/calls/outcome.ts';
import type { TelephonySignal } from '../engine/ports/telephony.ts';
import { unreachable } from '../lib/assert.ts';
import type { BridgeId, LegId } from '../lib/ids.ts';
import type { EpochMs } from '../lib/time.ts';

/** ITU-T Q.850: redirection to new destination. */
const CAUSE_FORWARDED = 23;

/** Ended legs still remembered, so that a late event revives none and no leg is sent twice. */
export const LEGS_REMEMBERED_MAX = 20_000;

export type LegRecord = {
  readonly legId: LegId;
  stage: 'placing' | 'ringing' | 'answered';
  earlyMedia: boolean;
  /** Whether its answer described no audio: the PBX is about to end it. */
  withoutMedia: boolean;
  /**
   * The answer while it waits for the copy of its SIP answer, which may arrive in the same turn;
   * otherwise absent.
   */
  heldAnswer?: Extract<TelephonySignal, { readonly kind: 'leg-answered' }>;
  /** Whether the far end redirected it; we never follow. */
  forwarded: boolean;
  /** Our first reason to end it; absent while we have none. */
  intent?: HangUpIntent;
  /** Whether the PBX agreed to end it. */
  hungUp: boolean;
  /** The bridge it is in; absent outside of one. */
  bridgeId?: BridgeId;
  /**
   * The bridge it was last asked into; it may enter at any moment. Absent before the first request.
   */
  askedBridgeId?: BridgeId;
  held: boolean;
  /** Whether an announcement is playing; absent when this process asked for none. */
  announcing?: boolean;
  /** State of its one screening for a machine; absent before. */
  screening?: 'under-way' | 'done';
  /** Whether it waits for its turn to be sent. */
  queued: boolean;
  /**
   * When the PBX was asked to place it; absent while it waits, and for legs of an earlier process.
   */
  sentAt?: EpochMs;
  /**
   * Whether the PBX was asked to dial it, or may have been by an earlier process. False means that
   * nothing was dialed and nothing will be, because only we would ask.
   */
  mayHaveLeft: boolean;
  /**
   * Whether a request to place it is under way; until then its absence from the PBX means nothing.
   */
  requesting: boolean;
  /** Whether its channel entered our application; `create-and-dial` dials then. */
  entered: boolean;
  onEntered?: () => void;
};

export type LegSignal = Extract<TelephonySignal, { readonly legId: LegId }>;

type LegEnded = Extract<LegSignal, { readonly kind: 'leg-ended' }>;

export class Legs {
  readonly #records = new Map<LegId, LegRecord>();
  readonly #over = new Set<LegId>();

  /**
   * Opens a new leg, which waits to be sent; undefined when the leg is already known, live or over.
   */
  open(legId: LegId): LegRecord | undefined {
    if (this.#records.has(legId) || this.#over.has(legId)) return undefined;
    const record = this.#make(legId);
    record.queued = true;
    record.mayHaveLeft = false;
    return record;
  }

  get(legId: LegId): LegRecord | undefined {
    return this.#records.get(legId);
  }

  /**
   * The record, made when missing (a leg of an earlier process). Undefined for a leg that is over.
   */
  adopt(legId: LegId): LegRecord | undefined {
    return this.#records.get(legId) ?? (this.#over.has(legId) ? undefined : this.#make(legId));
  }

  isOver(legId: LegId): boolean {
    return this.#over.has(legId);
  }

  all(): readonly LegRecord[] {
    return [...this.#records.values()];
  }

  /** The signal as it should be posted, or undefined when it says nothing new. */
  accept(signal: LegSignal): LegSignal | undefined {
    // Always new: the engine asked because earlier signals may not have been understood.
    if (signal.kind === 'leg-looked-at') return signal;
    const record = this.adopt(signal.legId);
    if (!record) return undefined;
    switch (signal.kind) {
      case 'leg-ringing':
        if (record.stage !== 'placing') return undefined;
        record.stage = 'ringing';
        return signal;
      case 'leg-early-media':
        if (record.earlyMedia || record.stage === 'answered') return undefined;
        record.earlyMedia = true;
        return signal;
      case 'leg-answered':
        if (record.stage === 'answered') return undefined;
        record.stage = 'answered';
        return signal;
      case 'leg-bridged':
        if (record.bridgeId === signal.bridgeId) return undefined;
        record.bridgeId = signal.bridgeId;
        return signal;
      case 'leg-bridge-failed':
        return signal;
      case 'leg-screened':
        if (record.screening !== 'under-way') return undefined;
        record.screening = 'done';
        return signal;
      case 'announcement-replaced':
        return record.announcing === false ? undefined : signal;
      case 'announcement-ended':
        if (record.announcing === false) return undefined;
        record.announcing = false;
        return signal;
      case 'leg-ended':
        this.#finish(record);
        if (!record.mayHaveLeft) return neverLeft(signal, record);
        return { ...withCause(signal, record), ...(record.intent && { intent: record.intent }) };
      case 'leg-lost':
        this.#finish(record);
        return record.mayHaveLeft ? signal : neverLeft(signal, record);
      case 'leg-refused':
        this.#finish(record);
        return signal;
      default:
        return unreachable(signal);
    }
  }

  forwarded(legId: LegId): void {
    const record = this.#records.get(legId);
    if (record) record.forwarded = true;
  }

  left(legId: LegId, bridgeId: string): void {
    const record = this.#records.get(legId);
    if (record?.bridgeId === bridgeId) delete record.bridgeId;
  }

  #make(legId: LegId): LegRecord {
    const record: LegRecord = {
      legId,
      stage: 'placing',
      earlyMedia: false,
      withoutMedia: false,
      forwarded: false,
      hungUp: false,
      held: false,
      queued: false,
      mayHaveLeft: true,
      requesting: false,
      entered: false,
    };
    this.#records.set(legId, record);
    return record;
  }

  #finish(record: LegRecord): void {
    this.#records.delete(record.legId);
    this.#over.add(record.legId);
    record.onEntered?.();
    if (this.#over.size <= LEGS_REMEMBERED_MAX) return;
    const [oldest] = this.#over;
    if (oldest) this.#over.delete(oldest);
  }
}

/** The signal for a leg whose channel never dialed: the place is given back. */
export function neverLeft(
  { legId, at }: { readonly legId: LegId; readonly at: EpochMs },
  { intent }: LegRecord,
): LegSignal {
  const isOurWish = intent !== undefined && intent !== 'ring-timeout' && intent !== 'orphaned';
  return { kind: 'leg-refused', legId, reason: isOurWish ? 'vetoed' : 'never-left', at };
}

/**
 * Sets the cause of a redirected leg. The event of its dialing reports the redirection reliably;
 * its end has cause 23, 16 or none, depending on a race (asterisk/README.md).
 */
function withCause(signal: LegEnded, { forwarded, stage }: LegRecord): LegEnded {
  if (!forwarded || stage === 'answered') return signal;
  const { techCause, reasonCause: _reason, ...end } = signal;
  const isRedirection = techCause !== undefined && techCause < 400;
  return { ...end, cause: CAUSE_FORWARDED, ...(isRedirection && { techCause }) };
}
