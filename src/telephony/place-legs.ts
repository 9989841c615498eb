/**
 * Places a call, at most once for each permit.
 *
 *   queued ──sent──▶ agreed ──▶ events tell the rest
 *      │                └── answer lost ──▶ looked for ──found──▶ events tell the rest
 *      ▼                                        └── not found ──▶ lost
 *   refused ◀── created only, never asked to dial: nothing left
 *
 * - queued: waits for its turn; an expired permit, a hang-up or a lost connection refuses it here.
 * - sent: it is never sent again. The PBX refuses a second channel of this id only while the first
 *   lives; after a busy or a hang-up it would dial again (seen on 22.10.1).
 * - created only: between the two requests the PBX went silent, the permit expired or the call was
 *   hung up. Only we could have it dialed, and we never will: the permit is given back at no
 *   charge.
 * - looked for: the answer to our request was lost, so we look for the channel in the PBX for some
 *   seconds.
 *
 * There are two ways, measured in README.md. `originate` is one request, and the channel is ours at
 * the answer. `create-and-dial` is two requests: the channel is ours before anything is dialed, and
 * nothing is dialed while our application is away.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { LegRefusal } from '../domain/calls/call.ts';
import type { DialPermit } from '../domain/compliance/gate.ts';
import { dialedNumber, type Trunk } from '../domain/trunks/trunk.ts';
import type { TelephonySignal } from '../engine/ports/telephony.ts';
import type { LegId, TrunkId } from '../lib/ids.ts';
import { type DurationMs, type EpochMs, SECOND_MS } from '../lib/time.ts';
import type { AriConnection } from './ari-connection.ts';
import { AriError, errorOfTransport } from './ari-error.ts';
import { isInOurHands, LEG_DOOR, trunkEndpoint } from './channel-names.ts';
import type { LegRecord, Legs } from './legs.ts';
import { shownNumber } from './trunks.ts';

export type Placing = 'originate' | 'create-and-dial';

/**
 * The engine ends a call that rings too long. The PBX does the same this much later, in case no
 * engine is running.
 */
const RING_BOUND_S = 3;
/** Longest length of a call, counted from its placing, even if our side forgets it. */
const CALL_LENGTH_MAX_S = 2 * 3_600;
/** Pauses before each look for a leg whose answer was lost. */
const LOOK_AFTER_MS: readonly DurationMs[] = [200, 800, 2_000, 4_000];
/** How long a created channel may take to enter our application. Normally below 5 ms. */
const ENTER_MAX_MS = 2_000;

export type PlaceLegsOptions = {
  readonly connection: AriConnection;
  readonly legs: Legs;
  readonly application: string;
  readonly placing: Placing;
  readonly log: Logger;
  now(): EpochMs;
  trunk(trunkId: TrunkId): Trunk | undefined;
  post(signal: TelephonySignal): void;
  /** Prepares to read the far end's answer on the call to this number. */
  expectWord(legId: LegId, dialed: string): void;
  /** Ends a channel; retried until it is gone. */
  endLeg(legId: LegId): void;
};

type Order = {
  readonly channelId: LegId;
  readonly dialed: string;
  readonly endpoint: string;
  readonly readsReason: boolean;
  readonly callerId: string;
  readonly ringS: number;
  readonly variables: Readonly<Record<string, string>>;
};

export class PlaceLegs {
  readonly #options: PlaceLegsOptions;

  constructor(options: PlaceLegsOptions) {
    this.#options = options;
  }

  place(permit: DialPermit): void {
    const { legs, log } = this.#options;
    const { legId } = permit;
    const record = legs.open(legId);
    if (!record) {
      log.error({ legId }, 'a call was to be placed twice; the second was left out');
      return;
    }
    const objection = this.#objection(permit, record);
    if (objection) this.#refuse(legId, objection);
    else void this.#send(permit, record);
  }

  async #send(permit: DialPermit, record: LegRecord): Promise<void> {
    const { legs, placing, endLeg } = this.#options;
    try {
      const order = await this.#sendFirst(permit, record);
      if (placing === 'create-and-dial') await this.#dial(permit, order, record);
    } catch (problem) {
      await this.#failed(record, problem);
    } finally {
      record.requesting = false;
    }
    // It was hung up while our request was under way, when the PBX may not have known the channel
    // yet.
    const isOver = legs.isOver(permit.legId);
    if (record.intent && !(isOver && record.mayHaveLeft)) endLeg(permit.legId);
  }

  /** Sends the first request at its turn, if it is still allowed. */
  #sendFirst(permit: DialPermit, record: LegRecord): Promise<Order> {
    const { connection, application: app, placing, now } = this.#options;
    const appArgs = LEG_DOOR;
    return connection.request('originate', async (api) => {
      const objection = this.#objection(permit, record);
      if (objection) throw new NotSent(objection);
      const order = this.#orderOf(permit);
      const { channelId, endpoint, callerId, ringS: timeout, variables } = order;
      if (order.readsReason) this.#options.expectWord(channelId, order.dialed);
      record.queued = false;
      record.sentAt = now();
      record.requesting = true;
      if (placing === 'originate') {
        const ask = { channelId, endpoint, app, appArgs, timeout, variables };
        record.mayHaveLeft = true;
        await api.channels.originateWithId({ ...ask, callerId: `<${callerId}>` });
      } else {
        // `create` has no parameter for our caller ID; From is made from the connected number.
        const withCallerId = { ...variables, 'CONNECTEDLINE(num,i)': callerId };
        await api.channels.create({ channelId, endpoint, app, appArgs, variables: withCallerId });
      }
      return order;
    });
  }

  async #dial(permit: DialPermit, { channelId, ringS }: Order, record: LegRecord): Promise<void> {
    if (!(await hasEntered(record))) {
      throw new AriError('unavailable', 0, 'the channel did not come into our application');
    }
    const { connection } = this.#options;
    await connection.request('urgent', async (api) => {
      const objection = this.#objection(permit, record);
      if (objection) throw new NotSent(objection);
      record.mayHaveLeft = true;
      await api.channels.dial({ channelId, timeout: ringS });
    });
  }

  /** Why this must not be sent (any more). Checked on arrival and again before each request. */
  #objection(permit: DialPermit, record: LegRecord): LegRefusal | undefined {
    const { connection, now, trunk } = this.#options;
    if (record.intent) return 'vetoed';
    if (now() > permit.expiresAt) return 'permit-expired';
    if (!connection.isUp()) return 'telephony-down';
    return trunk(permit.trunkId) ? undefined : 'trunk-unavailable';
  }

  /**
   * What the PBX is asked for. Refuses a number that would mean something else in a dial string.
   */
  #orderOf(permit: DialPermit): Order {
    const trunk = this.#options.trunk(permit.trunkId);
    if (!trunk) throw new NotSent('trunk-unavailable');
    const number = dialedNumber(permit.phone, trunk.numberFormat);
    const callerId = shownNumber(permit.callerId, trunk.numberFormat);
    if (!isPlainNumber(number) || !isPlainNumber(callerId)) {
      const { legId } = permit;
      this.#options.log.error({ legId, pii: { number, callerId } }, 'a number is not a number');
      throw new NotSent('refused-by-pbx');
    }
    const ringS = Math.ceil(permit.ringTimeoutMs / SECOND_MS) + RING_BOUND_S;
    return {
      channelId: permit.legId,
      dialed: number,
      readsReason: trunk.readsReason,
      endpoint: `PJSIP/${number}@${trunkEndpoint(trunk.id)}`,
      callerId,
      ringS,
      variables: { 'TIMEOUT(absolute)': `${ringS + CALL_LENGTH_MAX_S}` },
    };
  }

  async #failed(record: LegRecord, problem: unknown): Promise<void> {
    const { legs, log, placing, endLeg } = this.#options;
    const { legId } = record;
    // A created channel that was not dialed exists, or may still appear.
    const isCreated = placing === 'create-and-dial' && record.sentAt !== undefined;
    if (legs.isOver(legId)) {
      if (isCreated) endLeg(legId);
      return;
    }
    if (problem instanceof NotSent) {
      this.#refuse(legId, problem.reason);
      if (isCreated) endLeg(legId);
      return;
    }
    const error = errorOfTransport(problem);
    if (error.maybeDone && !record.mayHaveLeft) {
      log.warn({ legId, err: error }, 'the PBX went silent before a call was dialed');
      this.#refuse(legId, 'never-left');
      endLeg(legId);
      return;
    }
    if (error.maybeDone || error.code === 'conflict') {
      // Dialing later would ring a telephone under an expired permit.
      if (isCreated && record.stage === 'placing') {
        record.intent ??= 'orphaned';
        endLeg(legId);
      }
      log.warn({ legId, err: error }, 'outcome of placing a call unknown, looking for it');
      await this.#lookFor(record);
      return;
    }
    const reason = refusalOf(error);
    const level = reason === 'refused-by-pbx' ? 'error' : 'warn';
    log[level]({ legId, err: error, reason }, 'call not placed');
    this.#refuse(legId, reason);
    if (isCreated) endLeg(legId);
  }

  /**
   * Looks for a leg after the answer to its request was lost. Events may already have moved the
   * leg; otherwise the PBX is asked. When it cannot be reached at all, the survey after the next
   * connect decides.
   */
  async #lookFor(record: LegRecord): Promise<void> {
    const { connection, legs, placing, endLeg, now, post } = this.#options;
    const { legId } = record;
    let isUnknownThere = false;
    for (const afterMs of LOOK_AFTER_MS) {
      await pause(afterMs, undefined, { ref: false });
      if (legs.isOver(legId)) return;
      try {
        const ask = { channelId: legId };
        const channel = await connection.request('urgent', (api) => api.channels.get(ask));
        if (isInOurHands(channel)) post({ kind: 'leg-answered', legId, at: now() });
        // Created and never dialed: no telephone rings, and nothing else would end the channel.
        if (placing === 'create-and-dial' && channel.state === 'Down') endLeg(legId);
        return;
      } catch (problem) {
        isUnknownThere = problem instanceof AriError && problem.code === 'gone';
      }
    }
    if (isUnknownThere && !legs.isOver(legId)) post({ kind: 'leg-lost', legId, at: now() });
  }

  #refuse(legId: LegId, reason: LegRefusal): void {
    this.#options.post({ kind: 'leg-refused', legId, reason, at: this.#options.now() });
  }
}

/** Our own refusal, before anything left this process. */
class NotSent extends Error {
  readonly reason: LegRefusal;

  constructor(reason: LegRefusal) {
    super(reason);
    this.reason = reason;
  }
}

/** Whether the created channel entered our application in time. */
function hasEntered(record: LegRecord): Promise<boolean> {
  if (record.entered) return Promise.resolve(true);
  return new Promise((resolve) => {
    const late = setTimeout(() => resolve(false), ENTER_MAX_MS);
    record.onEntered = () => {
      clearTimeout(late);
      resolve(record.entered);
    };
  });
}

/** In a dial string `/`, `@`, `&` and `;` have a meaning of their own. */
function isPlainNumber(text: string): boolean {
  return /^\+?[0-9]{2,20}$/.test(text);
}

function refusalOf(error: AriError): LegRefusal {
  // The PBX answers 500 "Allocation failed" for every endpoint that is missing, unreachable or
  // resting.
  if (error.status === 500) return 'trunk-unavailable';
  return error.code === 'unavailable' || error.code === 'timeout'
    ? 'telephony-down'
    : 'refused-by-pbx';
}
