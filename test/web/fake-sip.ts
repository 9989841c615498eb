/**
 * A SIP user agent just real enough for sip.js: it answers INVITE, re-INVITE, BYE and REGISTER over a
 * WebSocket. No audio flows; what is tested with it is the page. Real audio needs a real Asterisk.
 */
import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';

export type FakeSip = {
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** INVITEs and re-INVITEs seen so far. */
  readonly invites: readonly { readonly callId: string; readonly again: boolean }[];
  /** Cuts the SIP sockets and leaves the calls alone. */
  cutSockets(): void;
  /** The far end hangs up every call. */
  hangUpAll(): void;
  /** Calls the registered client. */
  ring(fromNumber: string): void;
  /** INVITEs from now on are refused with this status; undefined: answered. */
  refuseWith(status: number | undefined): void;
  stop(): void;
};

type Message = {
  readonly start: string;
  readonly headers: ReadonlyMap<string, string>;
};

type Call = {
  readonly socket: WebSocket;
  readonly headers: ReadonlyMap<string, string>;
  toTag: string;
};

export function createFakeSip(events: { pinned(): void; lost(): void }): FakeSip {
  const server = new WebSocketServer({ noServer: true, handleProtocols: () => 'sip' });
  const invites: { callId: string; again: boolean }[] = [];
  const calls = new Map<string, Call>();
  const registered = new Map<WebSocket, string>();
  let refusal: number | undefined;

  const onMessage = (socket: WebSocket, message: Message) => {
    const method = message.start.split(' ')[0] ?? '';
    const callId = message.headers.get('call-id') ?? '';
    switch (method) {
      case 'INVITE': {
        const known = calls.get(callId);
        invites.push({ callId, again: known !== undefined });
        if (refusal !== undefined) return socket.send(reply(message, refusal, 'Refused', 'x'));
        const toTag = known?.toTag ?? randomBytes(4).toString('hex');
        calls.set(callId, { socket, headers: message.headers, toTag });
        socket.send(reply(message, 200, 'OK', toTag, answerSdp()));
        if (!known) events.pinned();
        return;
      }
      case 'BYE':
        calls.delete(callId);
        socket.send(reply(message, 200, 'OK', ''));
        if (calls.size === 0) events.lost();
        return;
      case 'REGISTER':
        registered.set(socket, /<([^>]+)>/.exec(message.headers.get('contact') ?? '')?.[1] ?? '');
        return socket.send(reply(message, 200, 'OK', 'reg', undefined, message.headers));
      default:
        return;
    }
  };

  server.on('connection', (socket: WebSocket) => {
    socket.on('message', (data) => {
      const text = String(data);
      // An empty line is the keep-alive.
      if (text.trim() !== '') onMessage(socket, parse(text));
    });
    socket.on('close', () => registered.delete(socket));
  });

  return {
    invites,
    handleUpgrade: (request, socket, head) =>
      server.handleUpgrade(request, socket, head, (one) => server.emit('connection', one, request)),
    cutSockets() {
      for (const client of server.clients) client.terminate();
    },
    hangUpAll() {
      for (const [callId, call] of calls) call.socket.send(byeOf(callId, call));
      calls.clear();
      events.lost();
    },
    ring(fromNumber) {
      for (const [socket, contact] of registered) socket.send(inviteTo(contact, fromNumber));
    },
    refuseWith(status) {
      refusal = status;
    },
    stop() {
      for (const client of server.clients) client.terminate();
      server.close();
    },
  };
}

function parse(text: string): Message {
  const [head = ''] = text.split('\r\n\r\n');
  const [start = '', ...lines] = head.split('\r\n');
  const headers = new Map<string, string>();
  for (const line of lines) {
    const at = line.indexOf(':');
    const name = line.slice(0, at).trim().toLowerCase();
    const value = line.slice(at + 1).trim();
    headers.set(name, headers.has(name) ? `${headers.get(name)}\r\nvia: ${value}` : value);
  }
  return { start, headers };
}

function reply(
  { headers }: Message,
  status: number,
  phrase: string,
  toTag: string,
  sdp?: string,
  register?: ReadonlyMap<string, string>,
): string {
  const to = headers.get('to') ?? '';
  const lines = [
    `SIP/2.0 ${status} ${phrase}`,
    `Via: ${headers.get('via')}`,
    `From: ${headers.get('from')}`,
    `To: ${to.includes('tag=') || toTag === '' ? to : `${to};tag=${toTag}`}`,
    `Call-ID: ${headers.get('call-id')}`,
    `CSeq: ${headers.get('cseq')}`,
  ];
  if (register) lines.push(`Contact: ${register.get('contact')}`, 'Expires: 120');
  else lines.push('Contact: <sip:fake@fake.invalid;transport=ws>');
  return withBody(lines, sdp);
}

function byeOf(callId: string, call: Call): string {
  const contact = /<([^>]+)>/.exec(call.headers.get('contact') ?? '')?.[1] ?? '';
  return withBody([
    `BYE ${contact} SIP/2.0`,
    `Via: SIP/2.0/WS fake.invalid;branch=z9hG4bK${randomBytes(6).toString('hex')}`,
    'Max-Forwards: 70',
    `From: ${call.headers.get('to')};tag=${call.toTag}`,
    `To: ${call.headers.get('from')}`,
    `Call-ID: ${callId}`,
    'CSeq: 4711 BYE',
  ]);
}

function inviteTo(contact: string, fromNumber: string): string {
  return withBody(
    [
      `INVITE ${contact} SIP/2.0`,
      `Via: SIP/2.0/WS fake.invalid;branch=z9hG4bK${randomBytes(6).toString('hex')}`,
      'Max-Forwards: 70',
      `From: <sip:${fromNumber}@fake.invalid>;tag=${randomBytes(4).toString('hex')}`,
      `To: <${contact}>`,
      `Call-ID: ${randomBytes(8).toString('hex')}`,
      'CSeq: 1 INVITE',
      'Contact: <sip:fake@fake.invalid;transport=ws>',
    ],
    answerSdp('actpass'),
  );
}

function withBody(lines: readonly string[], sdp?: string): string {
  const body = sdp ?? '';
  return [
    ...lines,
    ...(sdp === undefined ? [] : ['Content-Type: application/sdp']),
    `Content-Length: ${Buffer.byteLength(body)}`,
    '',
    body,
  ].join('\r\n');
}

/** A description that browsers accept; nobody stands behind its address. */
function answerSdp(setup: 'active' | 'actpass' = 'active'): string {
  const fingerprint = Array.from(randomBytes(32), (byte) =>
    byte.toString(16).padStart(2, '0').toUpperCase(),
  ).join(':');
  return [
    'v=0',
    'o=- 1 1 IN IP4 127.0.0.1',
    's=fake',
    'c=IN IP4 127.0.0.1',
    't=0 0',
    'a=group:BUNDLE 0',
    'm=audio 9 UDP/TLS/RTP/SAVPF 0 101',
    'a=mid:0',
    'a=sendrecv',
    'a=rtcp-mux',
    'a=rtpmap:0 PCMU/8000',
    'a=rtpmap:101 telephone-event/8000',
    'a=ice-ufrag:fake',
    'a=ice-pwd:fakefakefakefakefakefake',
    `a=fingerprint:sha-256 ${fingerprint}`,
    `a=setup:${setup}`,
    '',
  ].join('\r\n');
}
