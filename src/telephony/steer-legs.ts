/**
 * What is done to a leg that exists: bridge, hold, announce, end. One thing after the other for each
 * leg; only its end overtakes.
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
import { announcementPlayback } from './ari-signals.ts';
import { endChannel, type HangUpReason, isAlive } from './end-channel.ts';
import { createInOrder } from './in-order.ts';
import type { LegRecord, Legs } from './legs.ts';

/**
 * Asterisk agrees to bridge a channel that is just leaving, and then does nothing. So the event counts,
 * and when it stays away the bridge is looked at.
 */
const ENTER_BRIDGE_MAX_MS = 400;
/** After the PBX agreed to a hang-up, or knew no such leg: how long the event of its end may take. */
const END_EVENT_MAX_MS = 2_000;
/** The longest message, and more. Afterwards it counts as ended, so that nobody is kept on the line. */
const ANNOUNCEMENT_MAX_MS = 30_000;
/** Q.850, normal clearing. */
const NORMAL_CLEARING = 16;

export type Prompts = {
  readonly announcements: Readonly<Record<Announcement, string>>;
  readonly holdMusicClass: string;
};

export type SteerLegs = {
  hangUp(legId: LegId, intent: HangUpIntent): void;
  /** As `hangUp`, where nothing needs to be told: the leg is over for us already. */
  end(legId: LegId): void;
  bridge(legId: LegId, bridgeId: BridgeId): void;
  hold(legId: LegId): void;
  announce(legId: LegId, announcement: Announcement): void;
};

export function createSteerLegs(options: {
  readonly connection: AriConnection;
  readonly legs: Legs;
  readonly prompts: Prompts;
  readonly log: Logger;
  now(): EpochMs;
  post(signal: TelephonySignal): void;
}): SteerLegs {
  const { connection, legs, prompts, log, now, post } = options;
  const inOrder = createInOrder((legId) => log.error({ legId }, 'too much is asked of one leg'));

  /** Asks, and says what came of it. Legs end while we ask: that is not worth a warning. */
  const tried = async (
    what: string,
    legId: LegId,
    ask: (api: AriApi) => PromiseLike<unknown>,
  ): Promise<'done' | 'refused' | 'unknown'> => {
    try {
      await connection.request('urgent', ask);
      return 'done';
    } catch (problem) {
      const error = errorOfTransport(problem);
      const isUsual = error.code === 'gone' || error.code === 'conflict';
      log[isUsual ? 'debug' : 'warn']({ legId, what, err: error }, 'a leg could not be steered');
      return error.maybeDone ? 'unknown' : 'refused';
    }
  };

  const stopMusic = async (record: LegRecord): Promise<void> => {
    if (!record.held) return;
    record.held = false;
    const channelId = record.legId;
    await tried('stop music', channelId, (api) => api.channels.stopMoh({ channelId }));
  };

  const leaveBridge = async (record: LegRecord): Promise<void> => {
    const bridgeId = record.bridgeId ?? record.askedBridgeId;
    delete record.askedBridgeId;
    if (!bridgeId) return;
    await tried('leave bridge', record.legId, (api) =>
      api.bridges.removeChannel({ bridgeId, channel: record.legId }),
    );
  };

  /** Runs in the leg's order; does nothing for a leg that is over when its turn comes. */
  const steer = (legId: LegId, task: (record: LegRecord) => Promise<void>) =>
    inOrder.run(legId, async () => {
      const record = legs.adopt(legId);
      if (record) await task(record);
    });

  const checkEntered = async (record: LegRecord, bridgeId: BridgeId): Promise<void> => {
    await pause(ENTER_BRIDGE_MAX_MS, undefined, { ref: false });
    const { legId } = record;
    const isAskedElsewhere = () => record.askedBridgeId !== bridgeId;
    if (legs.isOver(legId) || record.bridgeId === bridgeId || isAskedElsewhere()) return;
    const isIn = await connection
      .request('urgent', (api) => api.bridges.get({ bridgeId }))
      .then((bridge) => bridge.channels.includes(legId))
      .catch(() => false);
    if (legs.isOver(legId) || isAskedElsewhere()) return;
    post({ kind: isIn ? 'leg-bridged' : 'leg-bridge-failed', legId, bridgeId, at: now() });
  };

  /** An event of the end should have come. Asks whether it was missed. */
  const checkEnded = async (record: LegRecord): Promise<void> => {
    await pause(END_EVENT_MAX_MS, undefined, { ref: false });
    const { legId } = record;
    if (legs.isOver(legId) || record.requesting) return;
    if ((await isAlive(connection, legId)) !== false || legs.isOver(legId)) return;
    post(
      record.hungUp
        ? { kind: 'leg-ended', legId, cause: NORMAL_CLEARING, at: now() }
        : { kind: 'leg-lost', legId, at: now() },
    );
  };

  const hangUp = async (record: LegRecord, reason: HangUpReason): Promise<void> => {
    // Not sent yet: `place-legs.ts` sees the intent when its turn comes, and gives the permit back.
    if (record.queued) return;
    const ending = await endChannel(connection, record.legId, reason, log);
    if (ending === 'hung-up') record.hungUp = true;
    if (ending !== 'failed') await checkEnded(record);
  };

  return {
    hangUp(legId, intent) {
      const record = legs.adopt(legId);
      if (!record) return;
      record.intent ??= intent;
      void hangUp(record, reasonOf(record.intent));
    },
    end(legId) {
      const record = legs.get(legId);
      if (record) void hangUp(record, record.intent ? reasonOf(record.intent) : 'normal');
      else void endChannel(connection, legId, 'normal', log);
    },
    bridge(legId, bridgeId) {
      steer(legId, async (record) => {
        await stopMusic(record);
        record.askedBridgeId = bridgeId;
        const added = await tried('bridge', legId, (api) =>
          api.bridges.addChannel({ bridgeId, channel: legId, inhibitConnectedLineUpdates: true }),
        );
        if (added !== 'refused') void checkEntered(record, bridgeId);
        else if (!legs.isOver(legId)) {
          post({ kind: 'leg-bridge-failed', legId, bridgeId, at: now() });
        }
      });
    },
    hold(legId) {
      steer(legId, async (record) => {
        await leaveBridge(record);
        record.held = true;
        const mohClass = prompts.holdMusicClass;
        await tried('hold', legId, (api) => api.channels.startMoh({ channelId: legId, mohClass }));
      });
    },
    announce(legId, announcement) {
      steer(legId, async (record) => {
        await leaveBridge(record);
        await stopMusic(record);
        const playbackId = announcementPlayback(legId, announcement);
        const media = `sound:${prompts.announcements[announcement]}`;
        record.announcing = true;
        const played = await tried('announce', legId, (api) =>
          api.channels.playWithId({ channelId: legId, playbackId, media }),
        );
        const end = () => {
          if (!legs.isOver(legId)) post({ kind: 'announcement-ended', legId, at: now() });
        };
        if (played !== 'refused') setTimeout(end, ANNOUNCEMENT_MAX_MS).unref();
        else end();
      });
    },
  };
}

/** The cause that the carrier is told. */
function reasonOf(intent: HangUpIntent): HangUpReason {
  switch (intent) {
    case 'ring-timeout':
      return 'no_answer';
    case 'cancelled':
    case 'agent':
    case 'supervisor':
    case 'after-announcement':
    case 'vetoed':
    case 'orphaned':
    case 'shift-ended':
      return 'normal';
    default:
      return unreachable(intent);
  }
}
