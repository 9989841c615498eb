/** What exists in the PBX, read from its lists. Pure. */
import type { FoundLeg, TelephonySurvey } from '../engine/ports/telephony.ts';
import { type BridgeId, isId } from '../lib/ids.ts';
import type { AriBridge, AriChannel } from './ari-api.ts';
import { endpointOf, headsetOf, legOf, trunkOfEndpoint } from './channel-names.ts';

/**
 * Recognizes our objects by ids: legs by the channel's, headsets by their endpoint's, bridges by
 * their own.
 */
export function surveyOf(
  instance: string,
  channels: readonly AriChannel[],
  bridges: readonly AriBridge[],
): Omit<TelephonySurvey, 'placing'> {
  const bridgeOf = bridgesOf(bridges);
  const legs: TelephonySurvey['legs'][number][] = [];
  const headsets: TelephonySurvey['headsets'][number][] = [];
  for (const channel of channels) {
    const bridgeId = bridgeOf.get(channel.id);
    const inBridge = bridgeId && { bridgeId };
    const legId = legOf(channel);
    const headsetId = headsetOf(channel);
    if (legId) legs.push({ legId, state: stateOf(channel), ...inBridge });
    else if (headsetId) headsets.push({ headsetId, channelId: channel.id, ...inBridge });
  }
  return { instance, legs, headsets };
}

/** The state of one leg. */
export function foundLeg(channel: AriChannel, bridges: readonly AriBridge[]): FoundLeg {
  const bridgeId = bridgesOf(bridges).get(channel.id);
  return { state: stateOf(channel), ...(bridgeId && { bridgeId }) };
}

/** The bridge of ours that each channel is in. */
function bridgesOf(bridges: readonly AriBridge[]): ReadonlyMap<string, BridgeId> {
  const bridgeOf = new Map<string, BridgeId>();
  for (const bridge of bridges) {
    if (!isId('bridge', bridge.id)) continue;
    for (const channelId of bridge.channels) bridgeOf.set(channelId, bridge.id);
  }
  return bridgeOf;
}

/**
 * Outgoing calls on a trunk that this product did not place: a mistake, a redirection or an
 * intruder.
 */
export function strangersIn(channels: readonly AriChannel[]): readonly AriChannel[] {
  return channels.filter((channel) => {
    const endpoint = endpointOf(channel);
    return endpoint && trunkOfEndpoint(endpoint) === endpoint && !legOf(channel);
  });
}

/** Our empty bridges. Asterisk never removes a bridge by itself. */
export function emptyBridges(bridges: readonly AriBridge[]): readonly BridgeId[] {
  const ids: BridgeId[] = [];
  for (const { id, channels } of bridges) {
    if (channels.length === 0 && isId('bridge', id)) ids.push(id);
  }
  return ids;
}

/** After a 183 a channel stays `Down`, as it does without any answer. */
function stateOf(channel: AriChannel): 'down' | 'ringing' | 'up' {
  if (channel.state === 'Up') return 'up';
  return channel.state === 'Ringing' || channel.state === 'Ring' ? 'ringing' : 'down';
}
