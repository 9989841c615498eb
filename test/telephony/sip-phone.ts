/**
 * A minimal telephone over UDP: it calls the PBX like an agent's browser, or waits to be called and
 * keeps the messages it gets. It speaks just enough SIP (RFC 3261) and no audio.
 */
import { createHash, randomUUID } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';

export type SipMessage = {
  /** `INVITE sip:… SIP/2.0` or `SIP/2.0 200 OK` */
  readonly first: string;
  readonly method?: string;
  readonly status?: number;
  header(name: string): string | undefined;
  headers(name: string): readonly string[];
  readonly body: string;
};

type Peer = { readonly address: string; readonly port: number };

export type SipPhone = {
  readonly address: string;
  readonly port: number;
  /** Requests that came in, except OPTIONS, which are answered with 200. */
  readonly received: readonly SipMessage[];
  /** How an INVITE is answered; 486 unless said otherwise. 200 comes with SDP. */
  answerWith(statuses: readonly number[]): void;
  /** Calls the PBX with digest authentication. Resolves at the final answer. */
  call(to: Peer, ask: CallAsk): Promise<SipCall>;
  close(): Promise<void>;
};

export type CallAsk = {
  readonly username: string;
  readonly password: string;
  readonly dialed: string;
  readonly sdp: (port: number) => string;
};

export type SipCall = {
  readonly status: number;
  hangUp(): void;
  /** Resolves when the PBX sends BYE. */
  readonly ended: Promise<void>;
};

export async function startSipPhone(address: string): Promise<SipPhone> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, address, resolve));
  const { port } = socket.address();
  const received: SipMessage[] = [];
  const calls = new Map<string, (message: SipMessage) => void>();
  let answers: readonly number[] = [486];

  socket.on('message', (data, peer) => {
    const message = parse(data.toString());
    const own = calls.get(message.header('call-id') ?? '');
    if (message.status !== undefined) {
      own?.(message);
      return;
    }
    if (message.method === 'OPTIONS' || message.method === 'BYE')
      reply(socket, peer, message, 200, '');
    if (message.method === 'CANCEL') reply(socket, peer, message, 200, '');
    if (message.method === 'OPTIONS') return;
    received.push(message);
    own?.(message);
    if (message.method !== 'INVITE') return;
    for (const status of answers) {
      const sdp = status === 200 || status === 183 ? plainSdp(address, port + 2) : '';
      reply(socket, peer, message, status, sdp, `<sip:phone@${address}:${port}>`);
    }
  });

  return {
    address,
    port,
    received,
    answerWith(statuses) {
      answers = statuses;
    },
    call: (to, ask) => placeCall(socket, { address, port }, to, ask, calls),
    close: () => new Promise((resolve) => socket.close(() => resolve())),
  };
}

function placeCall(
  socket: Socket,
  own: Peer,
  to: Peer,
  ask: CallAsk,
  calls: Map<string, (message: SipMessage) => void>,
): Promise<SipCall> {
  const callId = randomUUID();
  const fromTag = randomUUID().slice(0, 8);
  const uri = `sip:${ask.dialed}@${to.address}:${to.port}`;
  const from = `<sip:${ask.username}@${to.address}>;tag=${fromTag}`;
  let sequence = 1;
  let target = uri;
  let toHeader = `<${uri}>`;
  let ended = () => undefined as unknown;
  const whenEnded = new Promise<void>((resolve) => {
    ended = () => resolve();
  });
  const send = (method: string, cseq: number, extra: readonly string[], body: string) => {
    const lines = [
      `${method} ${target} SIP/2.0`,
      `Via: SIP/2.0/UDP ${own.address}:${own.port};branch=z9hG4bK${randomUUID()};rport`,
      'Max-Forwards: 70',
      `From: ${from}`,
      `To: ${toHeader}`,
      `Call-ID: ${callId}`,
      `CSeq: ${cseq} ${method}`,
      `Contact: <sip:${ask.username}@${own.address}:${own.port}>`,
      ...extra,
      ...(body ? ['Content-Type: application/sdp'] : []),
      `Content-Length: ${Buffer.byteLength(body)}`,
    ];
    socket.send(`${lines.join('\r\n')}\r\n\r\n${body}`, to.port, to.address);
  };
  const sdp = ask.sdp(own.port + 2);
  return new Promise((resolve) => {
    calls.set(callId, (message) => {
      if (message.method === 'BYE') ended();
      if (message.status === undefined || message.status < 200) return;
      if (message.header('cseq') !== `${sequence} INVITE`) return;
      const answered = message.status === 200;
      toHeader = message.header('to') ?? toHeader;
      if (answered) target = /<([^>]+)>/.exec(message.header('contact') ?? '')?.[1] ?? uri;
      send('ACK', sequence, [], '');
      if (message.status === 401 && sequence === 1) {
        sequence = 2;
        toHeader = `<${uri}>`;
        const challenge = message.header('www-authenticate') ?? '';
        send('INVITE', sequence, [`Authorization: ${digest(challenge, ask, uri)}`], sdp);
        return;
      }
      resolve({
        status: message.status,
        hangUp: () => send('BYE', sequence + 1, [], ''),
        ended: whenEnded,
      });
    });
    send('INVITE', sequence, [], sdp);
  });
}

function reply(
  socket: Socket,
  peer: Peer,
  request: SipMessage,
  status: number,
  body: string,
  contact?: string,
): void {
  const to = request.header('to') ?? '';
  const lines = [
    `SIP/2.0 ${status} Answer`,
    ...request.headers('via').map((via) => `Via: ${via}`),
    `From: ${request.header('from')}`,
    `To: ${to.includes('tag=') || status === 100 ? to : `${to};tag=phone`}`,
    `Call-ID: ${request.header('call-id')}`,
    `CSeq: ${request.header('cseq')}`,
    ...(contact ? [`Contact: ${contact}`] : []),
    ...(body ? ['Content-Type: application/sdp'] : []),
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  socket.send(`${lines.join('\r\n')}\r\n\r\n${body}`, peer.port, peer.address);
}

function parse(text: string): SipMessage {
  const [head = '', body = ''] = text.split('\r\n\r\n', 2);
  const [first = '', ...lines] = head.split('\r\n');
  const headers = (name: string) =>
    lines
      .filter((line) => line.toLowerCase().startsWith(`${name}:`))
      .map((line) => line.slice(name.length + 1).trim());
  const status = /^SIP\/2\.0 (\d{3})/.exec(first)?.[1];
  return {
    first,
    ...(status ? { status: Number(status) } : { method: first.split(' ', 1)[0] ?? '' }),
    header: (name) => headers(name)[0],
    headers,
    body,
  };
}

/** RFC 2617 with MD5, as SIP.js does it. */
function digest(challenge: string, ask: CallAsk, uri: string): string {
  const part = (name: string) => new RegExp(`${name}="?([^",]+)"?`).exec(challenge)?.[1] ?? '';
  const md5 = (text: string) => createHash('md5').update(text).digest('hex');
  const [realm, nonce, opaque] = [part('realm'), part('nonce'), part('opaque')];
  const cnonce = randomUUID().slice(0, 8);
  const secret = md5(`${ask.username}:${realm}:${ask.password}`);
  const response = md5(`${secret}:${nonce}:00000001:${cnonce}:auth:${md5(`INVITE:${uri}`)}`);
  return (
    `Digest username="${ask.username}", realm="${realm}", nonce="${nonce}", uri="${uri}", ` +
    `response="${response}", algorithm=MD5, cnonce="${cnonce}", qop=auth, nc=00000001` +
    (opaque ? `, opaque="${opaque}"` : '')
  );
}

function plainSdp(address: string, port: number): string {
  return (
    `v=0\r\no=- 1 1 IN IP4 ${address}\r\ns=-\r\nc=IN IP4 ${address}\r\nt=0 0\r\n` +
    `m=audio ${port} RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\na=sendrecv\r\n`
  );
}

/** What a browser offers, as far as the PBX looks at it. Its DTLS handshake then never comes. */
export function browserSdp(port: number): string {
  const fingerprint = Array.from({ length: 32 }, () => 'AB').join(':');
  return [
    'v=0',
    'o=- 1 1 IN IP4 127.0.0.1',
    's=-',
    't=0 0',
    'a=group:BUNDLE 0',
    `m=audio ${port} UDP/TLS/RTP/SAVPF 0`,
    'c=IN IP4 127.0.0.1',
    'a=mid:0',
    'a=rtcp-mux',
    'a=rtpmap:0 PCMU/8000',
    'a=sendrecv',
    'a=setup:actpass',
    `a=fingerprint:sha-256 ${fingerprint}`,
    'a=ice-ufrag:abcd',
    'a=ice-pwd:abcdefghijklmnopqrstuvwx',
    `a=candidate:1 1 udp 2122260223 127.0.0.1 ${port} typ host`,
    '',
  ].join('\r\n');
}
