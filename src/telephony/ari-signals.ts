/**
 * Translates ARI's events into our signals. Pure: one event in, signals out, nothing remembered.
 * `legs.ts` knows what was said before, why we hung up and what is over.
 *
 * The meanings were observed on a running 22.10.1 (test/fixtures/ari):
 *
 * - A leg is answered when it is `Up` *and* in our application: a call placed with `originate` is `Up` a
 *   little before it enters Stasis, and a request to bridge it in between is refused.
 * - 183 changes no channel state; only `Dial` with PROGRESS tells of it.
 * - `Dial` with NOANSWER covers every kind of failure and is ignored.
 * - `StasisEnd` is not the end of a channel; `ChannelDestroyed` is.
 */
import type { Announcement, TelephonySignal } from '../engine/ports/telephony.ts';
import { unreachable } from '../lib/assert.ts';
import { type BridgeId, isId, type LegId } from '../lib/ids.ts';
import type { EpochMs } from '../lib/time.ts';
import type { AriChannel } from './ari-api.ts';
import type { AriEvent } from './ari-events.ts';
import {
  HEADSET_DOOR,
  headsetOf,
  INBOUND_DOOR,
  inboundTrunkOf,
  isInOurHands,
  legOf,
} from './channel-names.ts';

/** The signals of an event, usually one or none. `at` is when it reached us. */
export function toSignals(event: AriEvent, at: EpochMs): readonly TelephonySignal[] {
  switch (event.type) {
    case 'StasisStart':
      return arrived(event.channel, event.args[0], at);
    case 'ChannelStateChange':
      return ofState(event.channel, at);
    case 'Dial':
      return ofDial(event.peer, event.dialstatus, at);
    case 'ChannelEnteredBridge':
      return entered(event.channel, event.bridge.id, at);
    case 'ChannelDestroyed':
      return destroyed(event.channel, event.cause, event.tech_cause, at);
    case 'PlaybackFinished':
      return failedMessageOf(event) ? [] : played(event.playback.id, at);
    case 'StasisEnd':
    case 'ChannelLeftBridge':
    case 'ChannelUserevent':
    case 'ApplicationReplaced':
      return [];
    default:
      return unreachable(event);
  }
}

/** Id of the playback of an announcement on a leg; the leg is read back from it. */
export function announcementPlayback(legId: LegId, announcement: Announcement): string {
  return `announcement-${announcement}-${legId}`;
}

/** Id of the playback of a campaign's own recording. */
export function messagePlayback(legId: LegId, announcement: Announcement): string {
  return `message-${announcement}-${legId}`;
}

/**
 * The leg and announcement of a campaign's own recording that could not be played, for example
 * because the file is missing.
 */
export function failedMessageOf({
  playback,
}: Extract<AriEvent, { type: 'PlaybackFinished' }>):
  | { readonly legId: LegId; readonly announcement: Announcement }
  | undefined {
  if (playback.state !== 'failed') return undefined;
  const [, announcement, legId] = MESSAGE_PLAYBACK.exec(playback.id) ?? [];
  if (announcement !== 'abandonment' && announcement !== 'agent-lost') return undefined;
  return legId && isId('leg', legId) ? { legId, announcement } : undefined;
}

const MESSAGE_PLAYBACK = /^message-([a-z-]+)-(leg_[0-9a-z-]+)$/;

function arrived(
  channel: AriChannel,
  door: string | undefined,
  at: EpochMs,
): readonly TelephonySignal[] {
  const legId = legOf(channel);
  if (legId) return isInOurHands(channel) ? [{ kind: 'leg-answered', legId, at }] : [];
  if (door === HEADSET_DOOR) {
    const headsetId = headsetOf(channel);
    return headsetId ? [{ kind: 'headset-arrived', headsetId, channelId: channel.id, at }] : [];
  }
  if (door === INBOUND_DOOR) {
    const trunkId = inboundTrunkOf(channel);
    if (!trunkId) return [];
    const from = channel.caller.number;
    const to = channel.dialplan.exten;
    return [{ kind: 'inbound-arrived', channelId: channel.id, trunkId, from, to, at }];
  }
  return [];
}

function ofState(channel: AriChannel, at: EpochMs): readonly TelephonySignal[] {
  const legId = legOf(channel);
  if (!legId) return [];
  if (channel.state === 'Ringing') return [{ kind: 'leg-ringing', legId, at }];
  return isInOurHands(channel) ? [{ kind: 'leg-answered', legId, at }] : [];
}

function ofDial(peer: AriChannel, status: string, at: EpochMs): readonly TelephonySignal[] {
  const legId = legOf(peer);
  if (!legId) return [];
  if (status === 'RINGING') return [{ kind: 'leg-ringing', legId, at }];
  if (status === 'PROGRESS') return [{ kind: 'leg-early-media', legId, at }];
  if (status === 'ANSWER' && isInOurHands(peer)) return [{ kind: 'leg-answered', legId, at }];
  return [];
}

function entered(channel: AriChannel, bridge: string, at: EpochMs): readonly TelephonySignal[] {
  if (!isId('bridge', bridge)) return [];
  const bridgeId: BridgeId = bridge;
  const legId = legOf(channel);
  if (legId) return [{ kind: 'leg-bridged', legId, bridgeId, at }];
  const headsetId = headsetOf(channel);
  if (!headsetId) return [];
  return [{ kind: 'headset-pinned', headsetId, channelId: channel.id, bridgeId, at }];
}

function destroyed(
  channel: AriChannel,
  cause: number,
  techCause: number | undefined,
  at: EpochMs,
): readonly TelephonySignal[] {
  const legId = legOf(channel);
  if (legId) {
    return [{ kind: 'leg-ended', legId, cause, ...(techCause && { techCause }), at }];
  }
  const headsetId = headsetOf(channel);
  return headsetId ? [{ kind: 'headset-ended', headsetId, channelId: channel.id, at }] : [];
}

function played(playbackId: string, at: EpochMs): readonly TelephonySignal[] {
  const legId = /^(?:announcement|message)-[a-z-]+-(leg_[0-9a-z-]+)$/.exec(playbackId)?.[1];
  return legId && isId('leg', legId) ? [{ kind: 'announcement-ended', legId, at }] : [];
}
