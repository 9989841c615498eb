/**
 * Acts on an existing leg: bridge, hold, announce, end. Tasks of one leg run one after the other;
 * only its end overtakes.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { HangUpIntent } from '../domain/calls/outcome.ts';
import type { Announcement, TelephonySignal } from '../engine/ports/telephony.ts';
import { unreachable } from '../lib/assert.ts';
import type { BridgeId, LegId } from '../lib/ids.ts';
import type { EpochMs } from '../lib/time.ts';
import type { AriApi } from './ari-api.ts';
import type { AriConnection } from './ari-connection.ts';
import { errorOfTransport } from './ari-error.ts';
import { announcementPlayback, messagePlayback } from './ari-signals.ts';
import { endChannel, type HangUpReason, isAlive } from './end-channel.ts';
import { createInOrder, type InOrder } from './in-order.ts';
import { type LegRecord, type Legs, neverLeft } from './legs.ts';

/**
 * Asterisk agrees to bridge a channel that is just leaving, and then does nothing. So we rely on
 * the event, and check the bridge when it does not come.
 */
const ENTER_BRIDGE_MAX_MS = 400;
/**
 * How long the event of a leg's end may take after the PBX agreed to hang up or knew no such leg.
 */
const END_EVENT_MAX_MS = 2_000;
/**
 * Longer than any message. After this time it counts as ended, so that no person is kept on the
 * line.
 */
const ANNOUNCEMENT_MAX_MS = 30_000;
/** Q.850, normal clearing. */
const NORMAL_CLEARING = 16;

export type Prompts = {
  readonly announcements: Readonly<Record<Announcement, string>>;
  /** Folder of the campaigns' recordings. */
  readonly messagesFolder: string;
  readonly holdMusicClass: string;
};

export type SteerLegsOptions = {
  readonly connection: AriConnection;
  readonly legs: Legs;
  readonly prompts: Prompts;
  readonly log: Logger;
  now(): EpochMs;
  post(signal: TelephonySignal): void;
};

export class SteerLegs {
  readonly #options: SteerLegsOptions;
  readonly #inOrder: InOrder;

  constructor(options: SteerLegsOptions) {
    this.#options = options;
    this.#inOrder = createInOrder((legId) =>
      options.log.error({ legId }, 'too many tasks wait for one leg'),
    );
  }

  hangUp(legId: LegId, intent: HangUpIntent): void {
    const record = this.#options.legs.adopt(legId);
    if (!record) return;
    record.intent ??= intent;
    const { now, post } = this.#options;
    // Sent but not dialed, and now it never will be: there is nothing to wait for.
    if (!record.queued && !record.mayHaveLeft) post(neverLeft({ legId, at: now() }, record));
    void this.#hangUp(record, reasonOf(record.intent));
  }

  /** Like `hangUp`, for the adapter's own reasons; also for legs that are over for the engine. */
  end(legId: LegId): void {
    const { connection, legs, log } = this.#options;
    const record = legs.get(legId);
    if (record) void this.#hangUp(record, record.intent ? reasonOf(record.intent) : 'normal');
    else void endChannel(connection, legId, 'normal', log);
  }

  bridge(legId: LegId, bridgeId: BridgeId): void {
    const { legs, now, post } = this.#options;
    this.#steer(legId, async (record) => {
      await this.#stopMusic(record);
      record.askedBridgeId = bridgeId;
      // Makes the next entering news, even into the same bridge.
      delete record.bridgeId;
      const added = await this.#tried('bridge', legId, (api) =>
        api.bridges.addChannel({ bridgeId, channel: legId, inhibitConnectedLineUpdates: true }),
      );
      if (added !== 'refused') void this.#checkEntered(record, bridgeId);
      else if (!legs.isOver(legId)) post({ kind: 'leg-bridge-failed', legId, bridgeId, at: now() });
    });
  }

  hold(legId: LegId): void {
    const mohClass = this.#options.prompts.holdMusicClass;
    this.#steer(legId, async (record) => {
      await this.#leaveBridge(record);
      record.held = true;
      await this.#tried('hold', legId, (api) =>
        api.channels.startMoh({ channelId: legId, mohClass }),
      );
    });
  }

  announce(legId: LegId, announcement: Announcement, soundFile?: string): void {
    const { prompts } = this.#options;
    this.#steer(legId, async (record) => {
      await this.#leaveBridge(record);
      await this.#stopMusic(record);
      record.announcing = true;
      if (soundFile === undefined) return this.#playOurs(legId, announcement);
      const playbackId = messagePlayback(legId, announcement);
      const media = `sound:${prompts.messagesFolder}/${soundFile}`;
      await this.#play(legId, playbackId, media);
    });
  }

  /**
   * Plays our message when a campaign's own recording could not be played, so that the person hears
   * something.
   */
  async announceOurs(legId: LegId, announcement: Announcement): Promise<void> {
    const { connection, legs, log, now, post } = this.#options;
    // A playback also fails when the person hangs up during it.
    if (legs.isOver(legId) || (await isAlive(connection, legId)) === false) return;
    log.error(
      { legId, announcement },
      'a campaign has no such recording in the PBX: ours is played',
    );
    post({ kind: 'announcement-replaced', legId, at: now() });
    await this.#playOurs(legId, announcement);
  }

  #playOurs(legId: LegId, announcement: Announcement): Promise<void> {
    const media = `sound:${this.#options.prompts.announcements[announcement]}`;
    return this.#play(legId, announcementPlayback(legId, announcement), media);
  }

  async #play(legId: LegId, playbackId: string, media: string): Promise<void> {
    const { legs, now, post } = this.#options;
    const end = () => {
      if (!legs.isOver(legId)) post({ kind: 'announcement-ended', legId, at: now() });
    };
    const played = await this.#tried('announce', legId, (api) =>
      api.channels.playWithId({ channelId: legId, playbackId, media }),
    );
    if (played === 'refused') end();
    else setTimeout(end, ANNOUNCEMENT_MAX_MS).unref();
  }

  /** Runs a task in the leg's order; skips it when the leg is over by then. */
  #steer(legId: LegId, task: (record: LegRecord) => Promise<void>): void {
    this.#inOrder.run(legId, async () => {
      const record = this.#options.legs.adopt(legId);
      if (record) await task(record);
    });
  }

  /** Sends a request and returns its result. A leg that ended meanwhile is not worth a warning. */
  async #tried(
    what: string,
    legId: LegId,
    ask: (api: AriApi) => PromiseLike<unknown>,
  ): Promise<'done' | 'refused' | 'unknown'> {
    const { connection, log } = this.#options;
    try {
      await connection.request('urgent', ask);
      return 'done';
    } catch (problem) {
      const error = errorOfTransport(problem);
      const isUsual = error.code === 'gone' || error.code === 'conflict';
      log[isUsual ? 'debug' : 'warn']({ legId, what, err: error }, 'a leg could not be steered');
      return error.maybeDone ? 'unknown' : 'refused';
    }
  }

  async #stopMusic(record: LegRecord): Promise<void> {
    if (!record.held) return;
    record.held = false;
    const channelId = record.legId;
    await this.#tried('stop music', channelId, (api) => api.channels.stopMoh({ channelId }));
  }

  async #leaveBridge(record: LegRecord): Promise<void> {
    const bridgeId = record.bridgeId ?? record.askedBridgeId;
    delete record.askedBridgeId;
    if (!bridgeId) return;
    await this.#tried('leave bridge', record.legId, (api) =>
      api.bridges.removeChannel({ bridgeId, channel: record.legId }),
    );
    delete record.bridgeId;
  }

  async #checkEntered(record: LegRecord, bridgeId: BridgeId): Promise<void> {
    const { connection, legs, now, post } = this.#options;
    const { legId } = record;
    const isSettled = () =>
      legs.isOver(legId) || record.bridgeId === bridgeId || record.askedBridgeId !== bridgeId;
    await pause(ENTER_BRIDGE_MAX_MS, undefined, { ref: false });
    if (isSettled()) return;
    const isIn = await connection
      .request('urgent', (api) => api.bridges.get({ bridgeId }))
      .then((bridge) => bridge.channels.includes(legId))
      .catch(() => false);
    if (isSettled()) return;
    post({ kind: isIn ? 'leg-bridged' : 'leg-bridge-failed', legId, bridgeId, at: now() });
  }

  async #hangUp(record: LegRecord, reason: HangUpReason): Promise<void> {
    // Not sent yet: `place-legs.ts` sees the intent at its turn and gives the permit back.
    if (record.queued) return;
    const { connection, log } = this.#options;
    const ending = await endChannel(connection, record.legId, reason, log);
    if (ending === 'hung-up') record.hungUp = true;
    if (ending !== 'failed') await this.checkEnded(record.legId);
  }

  /** Waits for the event of the end, then asks whether it was missed. */
  async checkEnded(legId: LegId): Promise<void> {
    const { connection, legs, now, post } = this.#options;
    await pause(END_EVENT_MAX_MS, undefined, { ref: false });
    const record = legs.get(legId);
    if (!record || record.requesting) return;
    if ((await isAlive(connection, legId)) !== false || legs.isOver(legId)) return;
    if (!record.hungUp) post({ kind: 'leg-lost', legId, at: now() });
    else post({ kind: 'leg-ended', legId, cause: NORMAL_CLEARING, at: now() });
  }
}

/** The cause sent to the carrier. */
function reasonOf(intent: HangUpIntent): HangUpReason {
  switch (intent) {
    case 'ring-timeout':
      return 'no_answer';
    case 'cancelled':
    case 'agent':
    case 'after-announcement':
    case 'machine':
    case 'orphaned':
      return 'normal';
    default:
      return unreachable(intent);
  }
}
