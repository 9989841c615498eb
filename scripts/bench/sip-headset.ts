import { randomBytes } from 'node:crypto';
import {
  Inviter,
  type SessionDescriptionHandler,
  SessionState,
  UserAgent,
  UserAgentState,
} from 'sip.js';
import WebSocket from 'ws';
import type { HeadsetCredentials } from '../../src/engine/ports/telephony.ts';

export type SipHeadset = { stop(): Promise<void> };

const ESTABLISHED_MAX_MS = 10_000;
const DOMAIN = 'headset.invalid';
const SDP_TYPE = 'application/sdp';

/**
 * An agent's headset without a browser: it calls in like a browser, by SIP over WebSocket with its
 * credentials, and stays. Its SDP promises encrypted audio but it sends none: the signalling is
 * complete, without sound. Resolves when the PBX has answered.
 *
 * @throws Error when the call is refused or not answered within ten seconds.
 */
export async function callIn(
  socketUrl: string,
  { username, password }: HeadsetCredentials,
): Promise<SipHeadset> {
  // sip.js uses the browser's global.
  Object.assign(globalThis, { WebSocket });
  const uri = UserAgent.makeURI(`sip:${username}@${DOMAIN}`);
  const target = UserAgent.makeURI(`sip:headset@${DOMAIN}`);
  if (!uri || !target) throw new Error(`no SIP address can be made of ${username}`);
  const agent = new UserAgent({
    uri,
    authorizationUsername: username,
    authorizationPassword: password,
    transportOptions: { server: socketUrl, keepAliveInterval: 20 },
    logBuiltinEnabled: false,
    logConfiguration: false,
    sessionDescriptionHandlerFactory: silentMedia,
  });
  await agent.start();
  const call = new Inviter(agent, target);
  await established(call);
  return {
    async stop() {
      if (call.state === SessionState.Established) await call.bye().catch(() => undefined);
      if (agent.state === UserAgentState.Started) await agent.stop();
    },
  };
}

function established(call: Inviter): Promise<void> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(
      () => reject(new Error(`headset not answered within ${ESTABLISHED_MAX_MS} ms`)),
      ESTABLISHED_MAX_MS,
    );
    call.stateChange.addListener((state) => {
      if (state !== SessionState.Established) return;
      clearTimeout(late);
      resolve();
    });
    const onReject = ({ message }: { message: { statusCode?: number | undefined } }) => {
      clearTimeout(late);
      reject(new Error(`headset refused: ${message.statusCode}`));
    };
    call.invite({ requestDelegate: { onReject } }).catch(reject);
  });
}

function silentMedia(): SessionDescriptionHandler {
  const body = description();
  return {
    close() {},
    getDescription: async () => ({ body, contentType: SDP_TYPE }),
    hasDescription: (contentType) => contentType === SDP_TYPE,
    setDescription: async () => {},
    sendDtmf: () => false,
  };
}

/** An SDP like a browser's, with a random fingerprint that belongs to no key. */
function description(): string {
  const fingerprint = [...randomBytes(32)].map((byte) => byte.toString(16).padStart(2, '0'));
  return [
    'v=0',
    'o=- 1 1 IN IP4 127.0.0.1',
    's=-',
    't=0 0',
    'm=audio 9 UDP/TLS/RTP/SAVPF 0 101',
    'c=IN IP4 127.0.0.1',
    'a=rtcp-mux',
    'a=mid:0',
    'a=sendrecv',
    `a=ice-ufrag:${randomBytes(4).toString('hex')}`,
    `a=ice-pwd:${randomBytes(16).toString('hex')}`,
    `a=fingerprint:sha-256 ${fingerprint.join(':').toUpperCase()}`,
    'a=setup:actpass',
    'a=candidate:1 1 udp 2122260223 127.0.0.1 9 typ host',
    'a=rtpmap:0 PCMU/8000',
    'a=rtpmap:101 telephone-event/8000',
    'a=ptime:10',
    '',
  ].join('\r\n');
}
