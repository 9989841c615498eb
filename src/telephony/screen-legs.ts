/**
 * Finds out whether a machine answered. A listening copy (Snoop) of the debtor's leg goes through
 * `AMD()` in the PBX's dialplan and comes back with a verdict. The leg itself stays in our
 * application, so it can be bridged, played to and hung up meanwhile.
 *
 *   asked ──copy in our application──▶ listening ──back with AMD's words──▶ verdict, copy ended
 *     └── refused, or no verdict in time ──▶ unsure, copy ended
 *
 * Each screened leg gives one signal, unless it ends first. We end every copy; an unknown one (of
 * an earlier process, or given up) is ended when it is seen.
 */
import type { Logger } from 'pino';
import type { ScreeningVerdict } from '../domain/calls/screening.ts';
import type { TelephonySignal } from '../engine/ports/telephony.ts';
import { given } from '../lib/given.ts';
import type { LegId } from '../lib/ids.ts';
import type { DurationMs, EpochMs } from '../lib/time.ts';
import type { AriApi, AriChannel } from './ari-api.ts';
import type { AriConnection } from './ari-connection.ts';
import { errorOfTransport } from './ari-error.ts';
import type { AriEvent } from './ari-events.ts';
import { copiedLegOf, copyOfLeg } from './channel-names.ts';
import { endChannel } from './end-channel.ts';
import type { Legs } from './legs.ts';

/** The PBX itself stops listening after `total_analysis_time` (asterisk/dialer/amd.conf). */
export const VERDICT_MAX_MS: DurationMs = 6_000;
/** First arguments of the Stasis application for a copy: before AMD and after it. */
const COPY_DOOR = 'copy';
const SCREENED_DOOR = 'screened';
/** Dialplan place that runs AMD (asterisk/dialer/extensions.conf). */
const PLACE = { context: 'answering-machine', extension: 's', priority: 1 };
const CAUSE_LENGTH_MAX = 64;

export type ScreenLegsOptions = {
  readonly connection: AriConnection;
  readonly legs: Legs;
  readonly application: string;
  readonly log: Logger;
  now(): EpochMs;
  post(signal: TelephonySignal): void;
};

type Copy = {
  readonly askedAt: EpochMs;
  readonly tooLate: NodeJS.Timeout;
};

export class ScreenLegs {
  readonly #options: ScreenLegsOptions;
  /** Copies whose verdict is still awaited. */
  readonly #copies = new Map<LegId, Copy>();

  constructor(options: ScreenLegsOptions) {
    this.#options = options;
  }

  screen(legId: LegId): void {
    const { application: app, legs, now } = this.#options;
    const record = legs.adopt(legId);
    if (!record || record.screening) return;
    record.screening = 'under-way';
    const tooLate = setTimeout(() => this.#conclude(legId, 'unsure', 'TOO-LATE'), VERDICT_MAX_MS);
    tooLate.unref();
    this.#copies.set(legId, { askedAt: now(), tooLate });
    const snoopId = copyOfLeg(legId);
    const ask = { channelId: legId, snoopId, spy: 'in', app, appArgs: COPY_DOOR } as const;
    this.#tried(legId, 'COPY-REFUSED', (api) => api.channels.snoopChannelWithId(ask));
  }

  /** A channel entered our application; channels other than copies are ignored. */
  entered({ channel, args }: Extract<AriEvent, { type: 'StasisStart' }>): void {
    const legId = copiedLegOf(channel);
    if (!legId) return;
    const [door, status = '', cause = ''] = args;
    if (!this.#copies.has(legId)) this.#end(legId);
    else if (door === COPY_DOOR) this.#listen(legId);
    else if (door === SCREENED_DOOR) {
      const verdict = verdictOf(status, cause);
      this.#conclude(
        legId,
        verdict,
        (cause || status).slice(0, CAUSE_LENGTH_MAX),
        silenceOf(cause),
      );
    }
  }

  /** The leg ended: its verdict is no longer awaited. */
  legOver(legId: LegId): void {
    if (this.#forget(legId)) this.#end(legId);
  }

  /** Ends copies found in the PBX whose verdict is not awaited. */
  sweep(channels: readonly AriChannel[]): void {
    for (const channel of channels) {
      const legId = copiedLegOf(channel);
      if (legId && !this.#copies.has(legId)) this.#end(legId);
    }
  }

  stop(): void {
    for (const legId of [...this.#copies.keys()]) this.#forget(legId);
  }

  #listen(legId: LegId): void {
    const ask = { channelId: copyOfLeg(legId), ...PLACE };
    this.#tried(legId, 'NOT-STARTED', (api) => api.channels.continueInDialplan(ask));
  }

  /**
   * Sends a request. If it failed but may have been carried out, the verdict is still awaited; if
   * not, the verdict is unsure.
   */
  #tried(legId: LegId, cause: string, ask: (api: AriApi) => PromiseLike<unknown>): void {
    const { connection, log } = this.#options;
    connection.request('urgent', ask).catch((problem: unknown) => {
      const error = errorOfTransport(problem);
      if (!this.#copies.has(legId)) return;
      log.warn({ legId, cause, err: error }, 'a leg could not be screened');
      if (!error.maybeDone) this.#conclude(legId, 'unsure', cause);
    });
  }

  #conclude(legId: LegId, verdict: ScreeningVerdict, cause: string, silentMs?: DurationMs): void {
    const { now, post } = this.#options;
    const copy = this.#forget(legId);
    if (!copy) return;
    this.#end(legId);
    const at = now();
    const screenedMs = Math.max(0, at - copy.askedAt);
    const silence = given({ silentMs });
    post({ kind: 'leg-screened', legId, verdict, cause, screenedMs, ...silence, at });
  }

  #forget(legId: LegId): Copy | undefined {
    const copy = this.#copies.get(legId);
    if (copy) clearTimeout(copy.tooLate);
    this.#copies.delete(legId);
    return copy;
  }

  #end(legId: LegId): void {
    const { connection, log } = this.#options;
    void endChannel(connection, copyOfLeg(legId), 'normal', log);
  }
}

/**
 * Our reading of AMD's status, which doubts one more case: silence may be a hesitant person or a
 * machine that has not begun.
 */
export function verdictOf(status: string, cause: string): ScreeningVerdict {
  if (status === 'HUMAN') return 'person';
  return status === 'MACHINE' && !cause.startsWith('INITIALSILENCE') ? 'machine' : 'unsure';
}

/**
 * The silence AMD had heard when it decided for a person: `HUMAN-512-500` is 512 ms after the end
 * of the greeting, where 500 were asked for. Undefined for other causes.
 */
export function silenceOf(cause: string): DurationMs | undefined {
  const silence = /^HUMAN-(\d{1,5})-\d+$/.exec(cause)?.[1];
  return silence === undefined ? undefined : Number(silence);
}
