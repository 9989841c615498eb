/**
 * Agents' browsers. Each calls in once and stays in its own bridge. After a reload the browser
 * calls in again before Asterisk knows that the old one is gone; the new channel then replaces the
 * old one.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { ChannelId, TelephonySignal } from '../engine/ports/telephony.ts';
import { unreachable } from '../lib/assert.ts';
import type { BridgeId, HeadsetId } from '../lib/ids.ts';
import type { EpochMs } from '../lib/time.ts';
import type { AriConnection } from './ari-connection.ts';
import { errorOfTransport } from './ari-error.ts';
import { endChannel, isAlive } from './end-channel.ts';
import { createInOrder, type InOrder } from './in-order.ts';

const ENTER_BRIDGE_MAX_MS = 400;
const END_EVENT_MAX_MS = 2_000;
const END_LOOK_MS = 100;

export type HeadsetSignal = Extract<TelephonySignal, { readonly headsetId: HeadsetId }>;

export type HeadsetsOptions = {
  readonly connection: AriConnection;
  readonly application: string;
  readonly log: Logger;
  now(): EpochMs;
  post(signal: TelephonySignal): void;
};

type HeadsetChannel = {
  readonly headsetId: HeadsetId;
  bridgeId?: BridgeId;
  /** Whether we are subscribed to its end. */
  isFollowed: boolean;
};

export class Headsets {
  readonly #options: HeadsetsOptions;
  readonly #channels = new Map<ChannelId, HeadsetChannel>();
  readonly #inOrder: InOrder;

  constructor(options: HeadsetsOptions) {
    this.#options = options;
    this.#inOrder = createInOrder((headsetId) =>
      options.log.error({ headsetId }, 'too many tasks wait for one headset'),
    );
  }

  pin(headsetId: HeadsetId, channelId: ChannelId, bridgeId: BridgeId): void {
    const { log } = this.#options;
    this.note(headsetId, channelId);
    this.#inOrder.run(headsetId, async () => {
      this.left(channelId);
      try {
        await this.#enter(channelId, bridgeId);
        void this.#checkEntered(headsetId, channelId, bridgeId);
      } catch (problem) {
        log.warn({ headsetId, channelId, err: problem }, 'headset could not be pinned, hung up');
        void this.#hangUp(channelId);
      }
    });
  }

  /** Hangs up all its channels, then removes the bridge. */
  close(headsetId: HeadsetId, bridgeId: BridgeId): void {
    this.#inOrder.run(headsetId, () => this.#close(headsetId, bridgeId));
  }

  refuse(channelId: ChannelId): void {
    void this.#hangUp(channelId);
  }

  /** The signal as it should be posted, or undefined when it says nothing new. */
  accept(signal: HeadsetSignal): HeadsetSignal | undefined {
    const { headsetId, channelId } = signal;
    const channel = this.#channels.get(channelId);
    switch (signal.kind) {
      case 'headset-arrived':
        if (channel) return undefined;
        this.note(headsetId, channelId);
        return signal;
      case 'headset-pinned':
        if (!channel || channel.bridgeId === signal.bridgeId) return undefined;
        channel.bridgeId = signal.bridgeId;
        this.#replaceOthers(headsetId, channelId);
        return signal;
      case 'headset-ended':
        return this.#channels.delete(channelId) ? signal : undefined;
      default:
        return unreachable(signal);
    }
  }

  left(channelId: ChannelId): void {
    delete this.#channels.get(channelId)?.bridgeId;
  }

  /** Its channel left our application; its end should follow. */
  stopped(channelId: ChannelId): void {
    if (this.#channels.has(channelId)) void this.#checkEnded(channelId);
  }

  known(): readonly ChannelId[] {
    return [...this.#channels.keys()];
  }

  /** Channels that the PBX does not have (any more). */
  forget(channelIds: readonly ChannelId[]): void {
    const { now, post } = this.#options;
    for (const channelId of channelIds) {
      const channel = this.#channels.get(channelId);
      if (!channel) continue;
      post({ kind: 'headset-ended', headsetId: channel.headsetId, channelId, at: now() });
    }
  }

  /** Removes an empty bridge of ours. */
  async dissolve(bridgeId: BridgeId): Promise<void> {
    const { connection, log } = this.#options;
    try {
      await connection.request('background', (api) => api.bridges.destroy({ bridgeId }));
    } catch (problem) {
      const error = errorOfTransport(problem);
      if (error.code !== 'gone') log.warn({ bridgeId, err: error }, 'bridge not removed');
    }
  }

  /**
   * Notes a channel and subscribes to its end.
   *
   * A channel that came in through the dialplan is subscribed only while it is in our application,
   * but its end comes later: without a subscription of its own we would miss it.
   */
  note(headsetId: HeadsetId, channelId: ChannelId): void {
    const { connection, application: applicationName, log } = this.#options;
    const channel = this.#channels.get(channelId) ?? { headsetId, isFollowed: false };
    this.#channels.set(channelId, channel);
    if (channel.isFollowed) return;
    channel.isFollowed = true;
    const eventSource = `channel:${channelId}`;
    connection
      .request('urgent', (api) => api.applications.subscribe({ applicationName, eventSource }))
      .catch((problem: unknown) => {
        channel.isFollowed = false;
        log.warn({ headsetId, channelId, err: problem }, 'headset is not followed');
      });
  }

  async #enter(channelId: ChannelId, bridgeId: BridgeId): Promise<void> {
    const { connection } = this.#options;
    await connection.request('urgent', (api) => api.channels.answer({ channelId }));
    try {
      await connection.request('urgent', (api) =>
        api.bridges.createWithId({ bridgeId, type: 'mixing', name: bridgeId }),
      );
    } catch (problem) {
      // The bridge exists already: the browser called in again.
      if (errorOfTransport(problem).code !== 'conflict') throw problem;
    }
    await connection.request('urgent', (api) =>
      api.bridges.addChannel({ bridgeId, channel: channelId, inhibitConnectedLineUpdates: true }),
    );
  }

  /**
   * Checks that a channel entered its bridge: the PBX agrees to bridge a channel that is just
   * leaving, and then does nothing.
   */
  async #checkEntered(
    headsetId: HeadsetId,
    channelId: ChannelId,
    bridgeId: BridgeId,
  ): Promise<void> {
    const { connection, log, now, post } = this.#options;
    await pause(ENTER_BRIDGE_MAX_MS, undefined, { ref: false });
    const channel = this.#channels.get(channelId);
    if (!channel || channel.bridgeId === bridgeId) return;
    const isIn = await connection
      .request('urgent', (api) => api.bridges.get({ bridgeId }))
      .then((bridge) => bridge.channels.includes(channelId))
      .catch(() => false);
    if (!this.#channels.has(channelId) || channel.bridgeId === bridgeId) return;
    if (isIn) {
      post({ kind: 'headset-pinned', headsetId, channelId, bridgeId, at: now() });
    } else {
      log.warn({ headsetId, channelId, bridgeId }, 'headset did not enter its bridge, hung up');
      await this.#hangUp(channelId);
    }
  }

  #replaceOthers(headsetId: HeadsetId, channelId: ChannelId): void {
    for (const [other, channel] of this.#channels) {
      if (channel.headsetId === headsetId && other !== channelId) void this.#hangUp(other);
    }
  }

  /**
   * Hangs up first: removing the bridge while a channel leaves it could change the cause of the
   * channel's end.
   */
  async #close(headsetId: HeadsetId, bridgeId: BridgeId): Promise<void> {
    const own = [...this.#channels].filter(([, channel]) => channel.headsetId === headsetId);
    await Promise.all(own.map(([channelId]) => this.#hangUp(channelId)));
    const bridge = await this.#options.connection
      .request('background', (api) => api.bridges.get({ bridgeId }))
      .catch(() => undefined);
    // The sweep removes a bridge that is not empty yet.
    if (bridge?.channels.length === 0) await this.dissolve(bridgeId);
  }

  async #hangUp(channelId: ChannelId): Promise<void> {
    const { connection, log } = this.#options;
    const ending = await endChannel(connection, channelId, 'normal', log);
    if (ending !== 'failed') await this.#checkEnded(channelId);
  }

  /** Asks whether the event of its end, which should have come, was missed. */
  async #checkEnded(channelId: ChannelId): Promise<void> {
    const { connection, now, post } = this.#options;
    for (let waited = 0; waited < END_EVENT_MAX_MS; waited += END_LOOK_MS) {
      await pause(END_LOOK_MS, undefined, { ref: false });
      if (!this.#channels.has(channelId)) return;
    }
    if ((await isAlive(connection, channelId)) !== false) return;
    const channel = this.#channels.get(channelId);
    if (!channel) return;
    post({ kind: 'headset-ended', headsetId: channel.headsetId, channelId, at: now() });
  }
}
