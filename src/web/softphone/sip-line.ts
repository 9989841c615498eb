import {
  Inviter,
  type Session,
  type SessionDescriptionHandlerModifier,
  SessionState,
  UserAgent,
  UserAgentState,
  Web,
} from 'sip.js';
import { onlyCodecs, withPacketTime } from './sdp.ts';
import type { SoftphoneSignal } from './softphone.ts';

/** Address and credentials with which the browser calls in. */
export type SipAccount = {
  /** Path of the SIP-over-WebSocket proxy at our own origin. */
  readonly socketPath: string;
  readonly domain: string;
  /** `sip:headset@<domain>` */
  readonly target: string;
  readonly username: string;
  readonly password: string;
};

export type SipLineParts = {
  account(): SipAccount;
  /** A copy of the microphone's stream: sip.js stops the tracks of a call when it ends. */
  microphone(): MediaStream;
  signal(signal: SoftphoneSignal): void;
  /** Receives the far end's sound; undefined when the call is over. */
  heard(stream: MediaStream | undefined): void;
};

/** Carries out the machine's effects with sip.js. It never decides, retries or waits. */
export type SipLine = {
  openSocket(): void;
  closeSocket(): void;
  invite(): void;
  resume(): void;
  endCall(): void;
  /** The live call's connection, for statistics; undefined without a call. */
  connection(): RTCPeerConnection | undefined;
  /** Hangs up while the page is being left; there is no time for more. */
  leave(): void;
};

const KEEP_ALIVE_SECONDS = 20;
const CONNECT_WITHIN_SECONDS = 5;
/** Longest wait for ICE candidates; on a local network they are there within a few milliseconds. */
const ICE_GATHERING_MAX_MS = 500;
const CODECS = ['PCMU', 'telephone-event'];
/** Not the 20 ms that carriers send: see {@link withPacketTime}. */
const PACKET_MS = 10;

export function createSipLine(parts: SipLineParts): SipLine {
  let agent: UserAgent | undefined;
  let agentAccount: SipAccount | undefined;
  let session: Session | undefined;

  const discardAgent = () => {
    const old = agent;
    agent = undefined;
    if (!old) return;
    old.delegate = {};
    old.stop().catch(() => undefined);
  };

  const makeAgent = (account: SipAccount): UserAgent => {
    discardAgent();
    const made = new UserAgent(agentOptions(account, () => parts.microphone()));
    made.delegate = {
      onConnect: () => agent === made && parts.signal({ kind: 'socket-open' }),
      onDisconnect: () => agent === made && parts.signal({ kind: 'socket-lost' }),
    };
    agentAccount = account;
    return made;
  };

  const endCall = () => {
    const old = session;
    session = undefined;
    parts.heard(undefined);
    if (old) finish(old);
  };

  return {
    openSocket() {
      const account = parts.account();
      if (!agent || (!session && !sameAccount(agentAccount, account))) agent = makeAgent(account);
      const current = agent;
      if (current.isConnected()) {
        queueMicrotask(() => agent === current && parts.signal({ kind: 'socket-open' }));
        return;
      }
      // A started user agent resolves `start` at once without connecting.
      const isStarted = current.state === UserAgentState.Started;
      (isStarted ? current.reconnect() : current.start()).catch(
        () => agent === current && parts.signal({ kind: 'socket-lost' }),
      );
    },
    closeSocket: discardAgent,
    invite() {
      endCall();
      if (!agent) return parts.signal({ kind: 'socket-lost' });
      const current = placeCall(agent, parts, (one) => session === one);
      session = current;
    },
    resume() {
      if (session?.state !== SessionState.Established) {
        return parts.signal({ kind: 'resume-refused' });
      }
      resumeCall(session, parts.signal);
    },
    endCall,
    connection: () => (session ? connectionOf(session) : undefined),
    leave() {
      if (session?.state === SessionState.Established) session.bye().catch(() => undefined);
    },
  };
}

function agentOptions(account: SipAccount, microphone: () => MediaStream) {
  const uri = UserAgent.makeURI(`sip:${account.username}@${account.domain}`);
  if (!uri) throw new Error('the server sent SIP credentials that form no address');
  const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
  return {
    uri,
    authorizationUsername: account.username,
    authorizationPassword: account.password,
    transportOptions: {
      server: `${scheme}://${location.host}${account.socketPath}`,
      keepAliveInterval: KEEP_ALIVE_SECONDS,
      connectionTimeout: CONNECT_WITHIN_SECONDS,
      traceSip: false,
    },
    // Reconnecting is the machine's decision.
    reconnectionAttempts: 0,
    logBuiltinEnabled: false,
    logConfiguration: false,
    sessionDescriptionHandlerFactory: Web.defaultSessionDescriptionHandlerFactory(() =>
      Promise.resolve(microphone()),
    ),
    sessionDescriptionHandlerFactoryOptions: {
      iceGatheringTimeout: ICE_GATHERING_MAX_MS,
      peerConnectionConfiguration: { iceServers: [], bundlePolicy: 'max-bundle' },
    },
  };
}

const asWeWantIt: SessionDescriptionHandlerModifier = (description) =>
  Promise.resolve({
    ...description,
    sdp: withPacketTime(onlyCodecs(description.sdp ?? '', CODECS), PACKET_MS),
  });

function placeCall(
  agent: UserAgent,
  parts: SipLineParts,
  isCurrent: (session: Session) => boolean,
): Session {
  const target = UserAgent.makeURI(parts.account().target);
  if (!target) throw new Error('the server sent a SIP target that is no address');
  const call = new Inviter(agent, target, {
    sessionDescriptionHandlerModifiers: [asWeWantIt],
    sessionDescriptionHandlerOptions: { constraints: { audio: true, video: false } },
  });
  call.stateChange.addListener((state) => {
    if (!isCurrent(call)) return;
    if (state === SessionState.Established) {
      watchMedia(call, parts, () => isCurrent(call));
      parts.signal({ kind: 'call-up' });
    }
    if (state === SessionState.Terminated) parts.signal({ kind: 'call-ended' });
  });
  call
    .invite({
      requestDelegate: {
        onReject: (response) => {
          if (!isCurrent(call)) return;
          parts.signal({ kind: 'call-refused', status: response.message.statusCode ?? 0 });
        },
      },
    })
    .catch(() => isCurrent(call) && parts.signal({ kind: 'call-refused', status: 0 }));
  return call;
}

/**
 * Reports lost media: ICE gives up after some fifteen seconds without a packet, and then there is
 * no audio, whatever SIP says.
 */
function watchMedia(call: Session, parts: SipLineParts, isCurrent: () => boolean): void {
  const connection = connectionOf(call);
  const handler = call.sessionDescriptionHandler;
  if (!connection || !(handler instanceof Web.SessionDescriptionHandler)) return;
  parts.heard(handler.remoteMediaStream);
  connection.addEventListener('iceconnectionstatechange', () => {
    if (connection.iceConnectionState === 'failed' && isCurrent()) {
      parts.signal({ kind: 'media-lost' });
    }
  });
}

/**
 * Resumes a call by a re-INVITE. On Asterisk 22.10.1 with Chromium it takes 15 ms and the audio
 * never stops.
 */
function resumeCall(session: Session, signal: SipLineParts['signal']): void {
  session
    .invite({
      sessionDescriptionHandlerModifiers: [asWeWantIt],
      requestDelegate: {
        onAccept: () => signal({ kind: 'resumed' }),
        onReject: () => signal({ kind: 'resume-refused' }),
      },
    })
    .catch(() => signal({ kind: 'resume-refused' }));
}

function finish(session: Session): void {
  switch (session.state) {
    case SessionState.Established:
      session.bye().catch(() => undefined);
      break;
    case SessionState.Initial:
    case SessionState.Establishing:
      if (session instanceof Inviter) session.cancel().catch(() => undefined);
      break;
    default:
      break;
  }
  // Without a socket the BYE fails and leaves the connection open, so we close it ourselves.
  session.sessionDescriptionHandler?.close();
}

function connectionOf(session: Session): RTCPeerConnection | undefined {
  const handler = session.sessionDescriptionHandler;
  return handler instanceof Web.SessionDescriptionHandler ? handler.peerConnection : undefined;
}

function sameAccount(one: SipAccount | undefined, other: SipAccount): boolean {
  return one?.username === other.username && one.password === other.password;
}
