/**
 * What a channel's id and name mean. A leg's id is its channel's id, chosen by us. Asterisk names
 * headsets and incoming calls after their endpoint: `PJSIP/<endpoint>-0000001f`.
 */
import { type HeadsetId, isId, type LegId, type TrunkId } from '../lib/ids.ts';
import type { AriChannel } from './ari-api.ts';

/** First argument of the Stasis application: how a channel entered. */
export const LEG_DOOR = 'leg';
export const HEADSET_DOOR = 'headset';
export const INBOUND_DOOR = 'inbound';

const COPY_PREFIX = 'copy-';

/** Suffix of a trunk's second endpoint, for incoming calls; `trunks.ts` says why. */
const INBOUND_SUFFIX = '-in';

/** The endpoint for calls out by this trunk; also the id of its aor, auth and registration. */
export function trunkEndpoint(trunkId: TrunkId): string {
  return trunkId;
}

export function inboundEndpoint(trunkId: TrunkId): string {
  return `${trunkId}${INBOUND_SUFFIX}`;
}

/** The trunk that either endpoint belongs to. */
export function trunkOfEndpoint(endpoint: string): TrunkId | undefined {
  const id = endpoint.endsWith(INBOUND_SUFFIX)
    ? endpoint.slice(0, -INBOUND_SUFFIX.length)
    : endpoint;
  return isId('trunk', id) ? id : undefined;
}

export function endpointOf(channel: Pick<AriChannel, 'name'>): string | undefined {
  return /^PJSIP\/(.+)-[0-9a-f]{8}$/.exec(channel.name)?.[1];
}

export function legOf(channel: Pick<AriChannel, 'id'>): LegId | undefined {
  return isId('leg', channel.id) ? channel.id : undefined;
}

export function headsetOf(channel: Pick<AriChannel, 'id' | 'name'>): HeadsetId | undefined {
  const endpoint = endpointOf(channel);
  return endpoint && isId('headset', endpoint) ? endpoint : undefined;
}

export function inboundTrunkOf(channel: Pick<AriChannel, 'id' | 'name'>): TrunkId | undefined {
  if (legOf(channel)) return undefined;
  const endpoint = endpointOf(channel);
  return endpoint ? trunkOfEndpoint(endpoint) : undefined;
}

/** Id of the listening copy of a leg. A leg has at most one, so the leg's id is enough. */
export function copyOfLeg(legId: LegId): string {
  return `${COPY_PREFIX}${legId}`;
}

export function copiedLegOf(channel: Pick<AriChannel, 'id'>): LegId | undefined {
  if (!channel.id.startsWith(COPY_PREFIX)) return undefined;
  const legId = channel.id.slice(COPY_PREFIX.length);
  return isId('leg', legId) ? legId : undefined;
}

/** Whether it is answered and in our application, so that it can be bridged. */
export function isInOurHands(channel: AriChannel): boolean {
  return channel.state === 'Up' && channel.dialplan.app_name === 'Stasis';
}
