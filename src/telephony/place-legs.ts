/**
 * Placing a call, at most once for a permit.
 *
 *   queued ──sent──▶ agreed ──▶ events tell the rest
 *      │                └── answer lost ──▶ looked for ──found──▶ events tell the rest
 *      ▼                                        └── not found ──▶ lost
 *   refused ◀── created only, never asked to dial: nothing left
 *
 * - queued: waits for its turn; a permit that grew old, a hang-up or a lost connection refuses it here.
 * - sent: nothing sends it again. The PBX refuses a second channel of this id only while the first
 *   lives; after a busy or a hang-up it would dial again (seen on 22.10.1).
 * - created only: between its two requests the PBX went silent, the permit grew old or somebody hung up.
 *   Only we would have it dialed, and we never shall: it is given back, charged to nobody.
 * - looked for: the answer to our request was lost, so we ask the PBX for the channel for some seconds.
 *
 * Two ways, measured in README.md: `originate` is one request and the channel is ours at the answer;
 * `create-and-dial` is two, the channel is ours before anything is dialed, and nothing is dialed when
 * our application is away.
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
 * The engine ends a call that rings too long. The PBX does it so much later, for the day when no engine
 * is there to do it.
 */
const RING_BOUND_S = 3;
/** No call outlives this, whoever forgot it. Counted from the placing. */
const CALL_LENGTH_MAX_S = 2 * 3_600;
/** When a leg is looked for after its answer was lost, counted from the loss and from each other. */
const LOOK_AFTER_MS: readonly DurationMs[] = [200, 800, 2_000, 4_000];
/** How long a created channel may take to come into our application. Normally below 5 ms. */
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
  /** What the far end says on the call to this number is to be read. */
  expectWord(legId: LegId, dialed: string): void;
  /** Ends a channel, in earnest: tried until it is gone. */
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
    // It was hung up while our request was under way: the PBX may have known no such channel then.
    const isOver = legs.isOver(permit.legId);
    if (record.intent && !(isOver && record.mayHaveLeft)) endLeg(permit.legId);
  }

  /** The first request, sent when its turn comes, if it still may be. */
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
        // There is no parameter for the number we show; From is made of the connected number.
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

  /** Why this must not be sent (any more); asked when it comes and again before each request. */
  #objection(permit: DialPermit, record: LegRecord): LegRefusal | undefined {
    const { connection, now, trunk } = this.#options;
    if (record.intent) return 'vetoed';
    if (now() > permit.expiresAt) return 'permit-expired';
    if (!connection.isUp()) return 'telephony-down';
    return trunk(permit.trunkId) ? undefined : 'trunk-unavailable';
  }

  /** What the PBX is asked for. Refuses a number that would mean something else to it. */
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
    // A created channel that was not dialed is there, or comes yet.
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
      // Were the dialing done later, a telephone would ring for a permit that is void by then.
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
   * The answer to the request was lost. Events that came meanwhile have moved the leg already; where
   * none came, the PBX is asked. When it cannot be reached at all, the survey after the next connect
   * decides.
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
        // Created and never dialed: nobody's telephone rings, and nothing would ever end it.
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

/** Refused by ourselves before anything left this process. */
class NotSent extends Error {
  readonly reason: LegRefusal;

  constructor(reason: LegRefusal) {
    super(reason);
    this.reason = reason;
  }
}

/** Whether the created channel came into our application in time. */
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

/** `/`, `@`, `&` and `;` in a dial string would say something else than a number. */
function isPlainNumber(text: string): boolean {
  return /^\+?[0-9]{2,20}$/.test(text);
}

function refusalOf(error: AriError): LegRefusal {
  // 500 "Allocation failed" is its word for every endpoint that is missing, unreachable or resting.
  if (error.status === 500) return 'trunk-unavailable';
  return error.code === 'unavailable' || error.code === 'timeout'
    ? 'telephony-down'
    : 'refused-by-pbx';
}
