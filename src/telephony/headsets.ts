/**
 * Agents' browsers. Each calls in once and stays in a bridge of its own; a reload calls in again before
 * Asterisk knows that the old browser is gone, and the new channel then takes the old one's place.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { ChannelId, TelephonySignal } from '../engine/ports/telephony.ts';
import { type BridgeId, type HeadsetId, isId } from '../lib/ids.ts';
import type { EpochMs } from '../lib/time.ts';
import type { AriConnection } from './ari-connection.ts';
import { errorOfTransport } from './ari-error.ts';
import { endChannel, isAlive } from './end-channel.ts';
import { createInOrder } from './in-order.ts';

const ENTER_BRIDGE_MAX_MS = 400;
const END_EVENT_MAX_MS = 2_000;

export type HeadsetSignal = Extract<TelephonySignal, { readonly headsetId: HeadsetId }>;

export type Headsets = {
  pin(headsetId: HeadsetId, channelId: ChannelId, bridgeId: BridgeId): void;
  /** Hangs up all its channels, then removes the bridge. */
  close(headsetId: HeadsetId, bridgeId: BridgeId): void;
  refuse(channelId: ChannelId): void;
  /** The signal as it should be posted, or undefined when it says nothing new. */
  accept(signal: HeadsetSignal): HeadsetSignal | undefined;
  left(headsetId: HeadsetId, channelId: ChannelId): void;
  /** Its channel left our application: its end should follow. */
  stopped(headsetId: HeadsetId, channelId: ChannelId): void;
  /** What the PBX has; a channel that is missing there has ended. */
  survey(found: readonly { readonly headsetId: HeadsetId; readonly channelId: ChannelId }[]): void;
  /** A bridge of ours with nobody in it. */
  dissolve(bridgeId: string): Promise<void>;
};

type HeadsetChannel = { readonly headsetId: HeadsetId; bridgeId?: BridgeId };

export function createHeadsets(options: {
  readonly connection: AriConnection;
  readonly application: string;
  readonly log: Logger;
  now(): EpochMs;
  post(signal: TelephonySignal): void;
}): Headsets {
  const { connection, application, log, now, post } = options;
  const channels = new Map<ChannelId, HeadsetChannel>();
  const inOrder = createInOrder((headsetId) =>
    log.error({ headsetId }, 'too much asked of a headset'),
  );

  const hangUp = async (channelId: ChannelId): Promise<void> => {
    const ending = await endChannel(connection, channelId, 'normal', log);
    if (ending !== 'failed') await checkEnded(channelId);
  };

  /** The event of its end should have come; asks whether it was missed. */
  const checkEnded = async (channelId: ChannelId): Promise<void> => {
    await pause(END_EVENT_MAX_MS, undefined, { ref: false });
    const channel = channels.get(channelId);
    if (!channel || (await isAlive(connection, channelId)) !== false) return;
    post({ kind: 'headset-ended', headsetId: channel.headsetId, channelId, at: now() });
  };

  /**
   * A channel that came in through the dialplan is subscribed only while it is in our application, and
   * its end is told after that; without a subscription of its own the end goes unheard.
   */
  const follow = (channelId: ChannelId): Promise<unknown> =>
    connection.request('urgent', (api) =>
      api.applications.subscribe({
        applicationName: application,
        eventSource: `channel:${channelId}`,
      }),
    );

  const enter = async (channelId: ChannelId, bridgeId: BridgeId): Promise<void> => {
    await connection.request('urgent', (api) => api.channels.answer({ channelId }));
    await connection.request('urgent', (api) =>
      api.bridges.createWithId({ bridgeId, type: 'mixing', name: bridgeId }),
    );
    await connection.request('urgent', (api) =>
      api.bridges.addChannel({ bridgeId, channel: channelId, inhibitConnectedLineUpdates: true }),
    );
  };

  /** As with legs: the PBX agrees to bridge a channel that is leaving, and does nothing. */
  const checkEntered = async (
    headsetId: HeadsetId,
    channelId: ChannelId,
    bridgeId: BridgeId,
  ): Promise<void> => {
    await pause(ENTER_BRIDGE_MAX_MS, undefined, { ref: false });
    const channel = channels.get(channelId);
    if (!channel || channel.bridgeId === bridgeId) return;
    const bridge = await connection.request('urgent', (api) => api.bridges.get({ bridgeId }));
    if (bridge.channels.includes(channelId)) {
      post({ kind: 'headset-pinned', headsetId, channelId, bridgeId, at: now() });
    } else {
      log.warn({ headsetId, channelId, bridgeId }, 'headset did not enter its bridge, hung up');
      await hangUp(channelId);
    }
  };

  const pinned = (headsetId: HeadsetId, channelId: ChannelId) => {
    for (const [other, channel] of channels) {
      if (channel.headsetId === headsetId && other !== channelId) void hangUp(other);
    }
  };

  const dissolve = async (bridgeId: string): Promise<void> => {
    try {
      await connection.request('background', (api) => api.bridges.destroy({ bridgeId }));
    } catch (problem) {
      const error = errorOfTransport(problem);
      if (error.code !== 'gone') log.warn({ bridgeId, err: error }, 'bridge not removed');
    }
  };

  /** Hang up first: a bridge that goes while a channel leaves it could change the cause of its end. */
  const close = async (headsetId: HeadsetId, bridgeId: BridgeId): Promise<void> => {
    const own = [...channels].filter(([, channel]) => channel.headsetId === headsetId);
    await Promise.all(own.map(([channelId]) => hangUp(channelId)));
    const bridge = await connection
      .request('background', (api) => api.bridges.get({ bridgeId }))
      .catch(() => undefined);
    // Somebody is still in it: the sweep removes it when it is empty.
    if (bridge && bridge.channels.length === 0) await dissolve(bridgeId);
  };

  return {
    pin(headsetId, channelId, bridgeId) {
      channels.set(channelId, channels.get(channelId) ?? { headsetId });
      inOrder.run(headsetId, async () => {
        try {
          await enter(channelId, bridgeId);
          await checkEntered(headsetId, channelId, bridgeId);
        } catch (problem) {
          log.warn({ headsetId, channelId, err: problem }, 'headset could not be pinned, hung up');
          await hangUp(channelId);
        }
      });
    },
    close(headsetId, bridgeId) {
      inOrder.run(headsetId, () => close(headsetId, bridgeId));
    },
    refuse(channelId) {
      void hangUp(channelId);
    },
    accept(signal) {
      const { headsetId, channelId } = signal;
      const channel = channels.get(channelId);
      switch (signal.kind) {
        case 'headset-arrived':
          if (channel) return undefined;
          channels.set(channelId, { headsetId });
          follow(channelId).catch((problem: unknown) =>
            log.warn({ headsetId, channelId, err: problem }, 'headset is not followed'),
          );
          return signal;
        case 'headset-pinned':
          if (!channel || channel.bridgeId === signal.bridgeId) return undefined;
          channel.bridgeId = signal.bridgeId;
          pinned(headsetId, channelId);
          return signal;
        case 'headset-ended':
          return channels.delete(channelId) ? signal : undefined;
        default:
          return signal satisfies never;
      }
    },
    left(_headsetId, channelId) {
      delete channels.get(channelId)?.bridgeId;
    },
    stopped(_headsetId, channelId) {
      if (channels.has(channelId)) void checkEnded(channelId);
    },
    survey(found) {
      const alive = new Set(found.map(({ channelId }) => channelId));
      for (const { headsetId, channelId } of found) {
        if (channels.has(channelId)) continue;
        channels.set(channelId, { headsetId });
        follow(channelId).catch(() => undefined);
      }
      for (const [channelId, { headsetId }] of channels) {
        if (alive.has(channelId)) continue;
        post({ kind: 'headset-ended', headsetId, channelId, at: now() });
      }
    },
    dissolve,
  };
}

/** Bridges of ours by their id. */
export function isOurBridge(id: string): id is BridgeId {
  return isId('bridge', id);
}
