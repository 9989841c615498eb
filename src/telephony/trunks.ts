/**
 * The configuration objects of a trunk and of a headset, in the order of pushing. They are removed
 * in reverse: an endpoint goes before the objects it refers to. Pure.
 */
import { dialedNumber, type NumberFormat, type Trunk } from '../domain/trunks/trunk.ts';
import type { HeadsetCredentials } from '../engine/ports/telephony.ts';
import type { HeadsetId, TrunkId } from '../lib/ids.ts';
import type { ConfigField } from './ari-api.ts';
import { inboundEndpoint, trunkEndpoint } from './channel-names.ts';

export type ConfigObject = {
  readonly configClass: 'res_pjsip';
  readonly objectType: 'auth' | 'aor' | 'endpoint' | 'identify' | 'registration';
  readonly id: string;
  readonly fields: readonly ConfigField[];
};

export type MediaAddresses = {
  /**
   * Address for trunks' audio; when absent, Asterisk chooses by route and binds to every address.
   */
  readonly mediaAddress?: string;
  /** The same for the audio of agents' browsers. */
  readonly headsetMediaAddress?: string;
};

/** Seconds between two OPTIONS to a carrier; an unreachable one is refused at once instead of dialed. */
const QUALIFY_EVERY_S = 30;
const QUALIFY_TIMEOUT_S = 3;
const REGISTRATION_EXPIRES_S = 300;
const REGISTRATION_RETRY_S = 20;

/**
 * A trunk has two endpoints. Calls go out by one that lives in the empty context `nothing`: a
 * carrier's 302 makes Asterisk dial the new target in the context of the endpoint, and there it
 * finds no way to anybody whom the gate has not allowed. Calls come in by the other, `…-in`, in
 * `trunk-in`, which is recognized only by the address they come from.
 *
 * There is no `rtp_timeout`: a muted person with silence suppression sends nothing, and its check
 * is one half of a deadlock in Asterisk before 22.11. Session timers and TIMEOUT(absolute) end a
 * dead call instead.
 */
export function objectsOfTrunk(trunk: Trunk, media: MediaAddresses): readonly ConfigObject[] {
  const id = trunkEndpoint(trunk.id);
  const inId = inboundEndpoint(trunk.id);
  const objects: ConfigObject[] = [];
  if (trunk.authentication) {
    const { username, password } = trunk.authentication;
    objects.push(object('auth', id, { auth_type: 'userpass', username, password }));
  }
  objects.push(
    object('aor', id, {
      contact: `sip:${trunk.host}:${trunk.port}`,
      qualify_frequency: QUALIFY_EVERY_S,
      qualify_timeout: QUALIFY_TIMEOUT_S,
    }),
    object('endpoint', id, {
      ...trunkEndpointFields(media),
      ...callerIdFields(trunk),
      context: 'nothing',
      identify_by: 'ip',
      aors: id,
      ...(trunk.authentication && { outbound_auth: id }),
    }),
  );
  if (trunk.matchAddresses.length > 0) {
    objects.push(
      object('endpoint', inId, {
        ...trunkEndpointFields(media),
        context: 'trunk-in',
        identify_by: 'ip',
        trust_id_inbound: 'yes',
      }),
      object('identify', id, {
        endpoint: inId,
        match: trunk.matchAddresses.join(','),
        srv_lookups: 'no',
      }),
    );
  }
  if (trunk.registers && trunk.authentication) {
    objects.push(
      object('registration', id, registrationFields(trunk, trunk.authentication.username)),
    );
  }
  return objects;
}

/** Every object a trunk may ever have had; the PBX cannot list them. */
export function everyObjectOfTrunk(trunkId: TrunkId): readonly ConfigObject[] {
  const id = trunkEndpoint(trunkId);
  return [
    object('auth', id, {}),
    object('aor', id, {}),
    object('endpoint', id, {}),
    object('endpoint', inboundEndpoint(trunkId), {}),
    object('identify', id, {}),
    object('registration', id, {}),
  ];
}

/**
 * Packets of 10 ms to and from browsers, which ask for them, and of 20 ms to carriers. The
 * difference makes Asterisk repacketize the audio, and only then does it number and time the
 * packets itself. With equal packets it passes on the speaker's numbering, which begins at random
 * for each debtor. A browser then took the second debtor's packets of the day for very old or
 * future ones: seconds of silence (seen on 22.10.1 with Chromium 156).
 */
const HEADSET_CODECS = 'ulaw:10,alaw:10';
const TRUNK_CODECS = 'ulaw:20,alaw:20';

/**
 * An agent's browser. It only calls in, so an endpoint that asks for the password is enough,
 * without registration. Its name is the username, so a call is tied to one headset by its password.
 */
export function objectsOfHeadset(
  credentials: HeadsetCredentials,
  media: MediaAddresses,
): readonly ConfigObject[] {
  const { headsetId, username, password } = credentials;
  return [
    object('auth', headsetId, { auth_type: 'userpass', username, password }),
    object('endpoint', headsetId, {
      webrtc: 'yes',
      context: 'headsets-in',
      auth: headsetId,
      identify_by: 'username',
      disallow: 'all',
      allow: HEADSET_CODECS,
      use_ptime: 'yes',
      direct_media: 'no',
      allow_transfer: 'no',
      allow_subscribe: 'no',
      rtp_symmetric: 'yes',
      force_rport: 'yes',
      rewrite_contact: 'yes',
      send_connected_line: 'no',
      ...mediaFields(media.headsetMediaAddress),
    }),
  ];
}

export function everyObjectOfHeadset(headsetId: HeadsetId): readonly ConfigObject[] {
  return [object('auth', headsetId, {}), object('endpoint', headsetId, {})];
}

/**
 * The number we show, written as this carrier writes numbers. The carrier code of `zero-carrier` is
 * dialed but never shown.
 */
export function shownNumber(callerId: `+${string}`, format: NumberFormat): string {
  return dialedNumber(callerId, format.kind === 'zero-carrier' ? { kind: 'national' } : format);
}

function trunkEndpointFields(media: MediaAddresses) {
  return {
    transport: 'transport-udp',
    disallow: 'all',
    allow: TRUNK_CODECS,
    direct_media: 'no',
    allow_transfer: 'no',
    allow_subscribe: 'no',
    rtp_symmetric: 'yes',
    dtmf_mode: 'rfc4733',
    // Otherwise bridging would tell the carrier by a re-INVITE who is at the other end.
    send_connected_line: 'no',
    // Carriers change the far end between 183 and 200; without these two the answer has one-way
    // audio.
    follow_early_media_fork: 'yes',
    accept_multiple_sdp_answers: 'yes',
    // A 183 without SDP carries no audio and is no early media.
    ignore_183_without_sdp: 'yes',
    ...mediaFields(media.mediaAddress),
  };
}

/**
 * Asterisk writes the number of the call into From, and into P-Asserted-Identity where asked.
 * Carriers that want it only in P-Asserted-Identity expect their account in From.
 */
function callerIdFields(trunk: Trunk) {
  const account = trunk.authentication?.username;
  return {
    send_pai: trunk.callerIdHeader === 'from' ? 'no' : 'yes',
    trust_id_outbound: trunk.callerIdHeader === 'from' ? 'no' : 'yes',
    ...(trunk.callerIdHeader === 'p-asserted-identity' && account && { from_user: account }),
    ...(trunk.fromDomain && { from_domain: trunk.fromDomain }),
  };
}

function registrationFields(trunk: Trunk, username: string) {
  return {
    transport: 'transport-udp',
    outbound_auth: trunkEndpoint(trunk.id),
    server_uri: `sip:${trunk.host}:${trunk.port}`,
    client_uri: `sip:${username}@${trunk.fromDomain ?? trunk.host}`,
    contact_user: username,
    expiration: REGISTRATION_EXPIRES_S,
    retry_interval: REGISTRATION_RETRY_S,
    forbidden_retry_interval: REGISTRATION_RETRY_S,
    fatal_retry_interval: REGISTRATION_RETRY_S,
    // Retries for ever: a carrier may come back after any time.
    max_retries: 4_294_967_295,
    auth_rejection_permanent: 'no',
    // By default the first registration waits up to ten seconds, which helps only a PBX with many.
    max_random_initial_delay: 1,
  };
}

function mediaFields(address: string | undefined) {
  return address ? { media_address: address, bind_rtp_to_media_address: 'yes' } : {};
}

function object(
  objectType: ConfigObject['objectType'],
  id: string,
  fields: Readonly<Record<string, string | number>>,
): ConfigObject {
  return {
    configClass: 'res_pjsip',
    objectType,
    id,
    fields: Object.entries(fields).map(([attribute, value]) => ({ attribute, value: `${value}` })),
  };
}
