import {
  type Invitation,
  Inviter,
  Registerer,
  type Session,
  SessionState,
  UserAgent,
  UserAgentState,
  Web,
} from 'sip.js';
import type { DebtorPhoneView } from '../../protocol/session.ts';

/** The visitor's telephone at the simulated carrier. */
export type DebtorPhone =
  | { readonly kind: 'off' }
  | { readonly kind: 'connecting'; readonly trouble?: DebtorTrouble }
  | { readonly kind: 'idle' }
  /** `silent`: the debtor turned the ring off without answering. */
  | { readonly kind: 'ringing'; readonly from: string; readonly silent: boolean }
  | { readonly kind: 'calling'; readonly number: string }
  | { readonly kind: 'talking'; readonly with: string };

export type DebtorTrouble =
  | { readonly kind: 'refused'; readonly status: number }
  | { readonly kind: 'lost' };

export type DebtorLine = {
  turnOn(): void;
  turnOff(): void;
  answer(): void;
  reject(): void;
  stayQuiet(): void;
  hangUp(): void;
  callIn(number: string): void;
};

export type DebtorLineParts = {
  readonly account: DebtorPhoneView;
  microphone(): MediaStream;
  changed(phone: DebtorPhone): void;
  heard(stream: MediaStream | undefined): void;
};

const RECONNECT_AFTER_MS = 2_000;
const KEEP_ALIVE_SECONDS = 20;
const ICE_GATHERING_MAX_MS = 500;

export function createDebtorLine(parts: DebtorLineParts): DebtorLine {
  let agent: UserAgent | undefined;
  let session: Session | undefined;
  let phone: DebtorPhone = { kind: 'off' };

  const become = (next: DebtorPhone) => {
    phone = next;
    parts.changed(next);
  };

  const follow = (current: Session, other: string) => {
    session = current;
    current.stateChange.addListener((state) => {
      if (session !== current) return;
      if (state === SessionState.Established) {
        parts.heard(remoteStream(current));
        become({ kind: 'talking', with: other });
      }
      if (state === SessionState.Terminated) {
        session = undefined;
        parts.heard(undefined);
        if (phone.kind !== 'off') become({ kind: 'idle' });
      }
    });
  };

  const ring = (invitation: Invitation) => {
    // One call at a time: a second caller hears busy.
    if (session) return void invitation.reject({ statusCode: 486 }).catch(() => undefined);
    const from = invitation.remoteIdentity.uri.user ?? '?';
    follow(invitation, from);
    become({ kind: 'ringing', from, silent: false });
  };

  return {
    turnOn() {
      become({ kind: 'connecting' });
      const made = makeAgent(parts, ring);
      agent = made;
      // A call survives the loss of the socket, and the phone shows it while it lasts.
      const becomeUnlessBusy = (next: DebtorPhone) => session === undefined && become(next);
      keepRegistered(made, () => agent === made, becomeUnlessBusy);
    },
    turnOff() {
      const old = agent;
      agent = undefined;
      session = undefined;
      parts.heard(undefined);
      become({ kind: 'off' });
      old?.stop().catch(() => undefined);
    },
    answer: () => void (session as Invitation | undefined)?.accept().catch(() => undefined),
    reject: () =>
      void (session as Invitation | undefined)?.reject({ statusCode: 603 }).catch(() => undefined),
    stayQuiet() {
      if (phone.kind === 'ringing') become({ ...phone, silent: true });
    },
    hangUp() {
      if (session?.state === SessionState.Established) session.bye().catch(() => undefined);
      else if (session instanceof Inviter) session.cancel().catch(() => undefined);
    },
    callIn(number) {
      const target = UserAgent.makeURI(
        `sip:${number.replace(/[^\d+]/g, '')}@${parts.account.domain}`,
      );
      if (!agent || !target || session) return;
      const call = new Inviter(agent, target);
      follow(call, number);
      become({ kind: 'calling', number });
      call.invite().catch(() => become({ kind: 'idle' }));
    },
  };
}

function makeAgent(parts: DebtorLineParts, ring: (invitation: Invitation) => void): UserAgent {
  const { account } = parts;
  const uri = UserAgent.makeURI(`sip:${account.username}@${account.domain}`);
  if (!uri) throw new Error('the server sent SIP credentials that form no address');
  const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
  return new UserAgent({
    uri,
    authorizationUsername: account.username,
    authorizationPassword: account.password,
    contactName: account.username,
    transportOptions: {
      server: `${scheme}://${location.host}${account.socketPath}`,
      keepAliveInterval: KEEP_ALIVE_SECONDS,
    },
    reconnectionAttempts: 0,
    logBuiltinEnabled: false,
    logConfiguration: false,
    delegate: { onInvite: ring },
    sessionDescriptionHandlerFactory: Web.defaultSessionDescriptionHandlerFactory(() =>
      Promise.resolve(parts.microphone().clone()),
    ),
    sessionDescriptionHandlerFactoryOptions: {
      iceGatheringTimeout: ICE_GATHERING_MAX_MS,
      peerConnectionConfiguration: { iceServers: [] },
    },
  });
}

/** Connects and registers, again after each loss, while the phone is on. */
function keepRegistered(
  agent: UserAgent,
  isOn: () => boolean,
  become: (phone: DebtorPhone) => void,
): void {
  const registerer = new Registerer(agent, { expires: 120 });
  const register = () =>
    registerer
      .register({
        requestDelegate: {
          onAccept: () => isOn() && become({ kind: 'idle' }),
          onReject: (response) => {
            const status = response.message.statusCode ?? 0;
            if (isOn()) become({ kind: 'connecting', trouble: { kind: 'refused', status } });
          },
        },
      })
      .catch(() => undefined);
  const connect = () => {
    if (!isOn()) return;
    // A started user agent resolves `start` at once without connecting.
    const isStarted = agent.state === UserAgentState.Started;
    (isStarted ? agent.reconnect() : agent.start()).catch(lost);
  };
  const lost = () => {
    if (!isOn()) return;
    become({ kind: 'connecting', trouble: { kind: 'lost' } });
    setTimeout(connect, RECONNECT_AFTER_MS);
  };
  agent.delegate = {
    ...agent.delegate,
    onConnect: () => isOn() && void register(),
    onDisconnect: (error) => error && lost(),
  };
  connect();
}

function remoteStream(session: Session): MediaStream | undefined {
  const handler = session.sessionDescriptionHandler;
  return handler instanceof Web.SessionDescriptionHandler ? handler.remoteMediaStream : undefined;
}
