import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';

/** The fate of one call. Times are in ms since the INVITE. */
export type FarEndFate = {
  /** Infinity when it never rings. */
  readonly ringsAfterMs: number;
  readonly endsAfterMs: number;
  /** Status of the final answer: 200, or a failure. */
  readonly status: number;
  /** Headers of the final answer, whole lines. */
  readonly headers?: readonly string[];
  /** Whether it sends early media: 183 with SDP in place of 180. */
  readonly speaksEarly?: boolean;
  /** Whether the 200 has no SDP, so that there is no audio. */
  readonly answersWithoutSdp?: boolean;
  /**
   * Time from the answer until the person hangs up, unless {@link SipFarEnd.keep} was called
   * before.
   */
  readonly hangsUpAfterMs: number;
};

export type FarEndOptions = {
  readonly address: string;
  readonly toneHz: number;
  /** The fate of the k-th call (from 0), to this dialed number. */
  fateOf(call: number, number: string): FarEndFate;
};

const PACKET_MS = 20;
const SAMPLES = 160;
/** Calls at the same time; each has a timer that sends its audio. */
const CALLS_MAX = 500;
const SSRC = 0x0cade0c1;

type Call = {
  readonly number: string;
  readonly from: RemoteInfo;
  readonly invite: Message;
  readonly tag: string;
  media: { readonly host: string; readonly port: number };
  sequence: number;
  timers: NodeJS.Timeout[];
  patience?: NodeJS.Timeout;
  speaking?: NodeJS.Timeout;
};

type Message = {
  readonly first: string;
  readonly headers: Map<string, string[]>;
  readonly body: string;
};

/** Everybody answers after `ringMs` and hangs up `talkMs` later. */
export function answersAlways(ringMs: number, talkMs: number): () => FarEndFate {
  return () => ({ ringsAfterMs: 0, endsAfterMs: ringMs, status: 200, hangsUpAfterMs: talkMs });
}

/**
 * A telephone network in one process, for measurements: each call has a given fate. It notes by the
 * host's clock when an INVITE came and when its 200 OK left, and then sends a steady tone. It works
 * only on loopback, because it never retransmits.
 */
export class SipFarEnd {
  /** When the first 200 OK for a dialed number left, as `performance.timeOrigin + performance.now()`. */
  readonly answeredAt = new Map<string, number>();
  /** When the first INVITE for a dialed number came, by the same clock. */
  readonly invitedAt = new Map<string, number>();
  private invited = 0;
  private readonly options: FarEndOptions;
  private readonly sip: Socket;
  private readonly media: Socket;
  private readonly calls = new Map<string, Call>();
  private readonly tone: Uint8Array;

  static async start(options: FarEndOptions): Promise<SipFarEnd> {
    return new SipFarEnd(options, await bound(options.address), await bound(options.address));
  }

  private constructor(options: FarEndOptions, sip: Socket, media: Socket) {
    this.options = options;
    this.sip = sip;
    this.media = media;
    this.tone = toneSamples(options.toneHz);
    sip.on('message', (data, from) => this.hear(parse(data.toString('utf8')), from));
  }

  get address(): string {
    return this.options.address;
  }

  /** Number of calls, each INVITE counted once. */
  get invites(): number {
    return this.invited;
  }

  get port(): number {
    return this.sip.address().port;
  }

  stop(): void {
    for (const callId of [...this.calls.keys()]) this.end(callId);
    this.sip.close();
    this.media.close();
  }

  /** The person at this number is connected and no longer loses patience. */
  keep(number: string): void {
    for (const call of this.calls.values()) {
      if (call.number === number) clearTimeout(call.patience);
    }
  }

  private hear(message: Message, from: RemoteInfo): void {
    const callId = message.headers.get('call-id')?.[0] ?? '';
    const [method = '', uri = ''] = message.first.split(' ');
    if (method === 'INVITE' && !this.calls.has(callId) && this.calls.size < CALLS_MAX) {
      const call: Call = {
        number: /sip:([^@;>]+)@/.exec(uri)?.[1] ?? '',
        from,
        invite: message,
        tag: Math.random().toString(36).slice(2),
        media: mediaOf(message.body, from.address),
        sequence: 0,
        timers: [],
      };
      this.calls.set(callId, call);
      if (!this.invitedAt.has(call.number)) this.invitedAt.set(call.number, hostNow());
      this.reply(call, '100 Trying');
      this.meetFate(callId, call, this.options.fateOf(this.invited, call.number));
      this.invited += 1;
    } else if (method === 'BYE' || method === 'CANCEL' || method === 'OPTIONS') {
      this.sip.send(plainOk(message), from.port, from.address);
      const call = this.calls.get(callId);
      if (method === 'CANCEL' && call) this.reply(call, '487 Request Terminated');
      this.end(callId);
    }
  }

  private meetFate(callId: string, call: Call, fate: FarEndFate): void {
    const { ringsAfterMs, endsAfterMs, status, headers = [] } = fate;
    if (ringsAfterMs < endsAfterMs) {
      const ring = () => {
        if (fate.speaksEarly) this.reply(call, '183 Session Progress', [], this.sdp());
        else this.reply(call, '180 Ringing');
      };
      call.timers.push(setTimeout(ring, ringsAfterMs));
    }
    const end = () => {
      if (status === 200) {
        this.answer(callId, call, fate);
      } else {
        this.reply(call, `${status} ${REASONS[status] ?? 'Failed'}`, headers);
        this.end(callId);
      }
    };
    call.timers.push(setTimeout(end, endsAfterMs));
  }

  private answer(callId: string, call: Call, fate: FarEndFate): void {
    const { hangsUpAfterMs, headers = [], answersWithoutSdp = false } = fate;
    this.reply(call, '200 OK', headers, answersWithoutSdp ? '' : this.sdp());
    if (!this.answeredAt.has(call.number)) this.answeredAt.set(call.number, hostNow());
    this.speak(call);
    if (hangsUpAfterMs === Number.POSITIVE_INFINITY) return;
    call.patience = setTimeout(() => this.hangUp(callId, call), hangsUpAfterMs);
    call.timers.push(call.patience);
  }

  private speak(call: Call): void {
    call.speaking = setInterval(() => {
      const packet = Buffer.alloc(12 + SAMPLES);
      packet[0] = 0x80;
      call.sequence = (call.sequence + 1) & 0xffff;
      packet.writeUInt16BE(call.sequence, 2);
      packet.writeUInt32BE((call.sequence * SAMPLES) >>> 0, 4);
      packet.writeUInt32BE(SSRC, 8);
      for (let index = 0; index < SAMPLES; index += 1) {
        packet[12 + index] =
          this.tone[(call.sequence * SAMPLES + index) % this.tone.length] ?? 0xff;
      }
      this.media.send(packet, call.media.port, call.media.host);
    }, PACKET_MS);
  }

  private hangUp(callId: string, call: Call): void {
    const { headers } = call.invite;
    const target = /<([^>]+)>/.exec(headers.get('contact')?.[0] ?? '')?.[1] ?? '';
    const branch = Math.random().toString(36).slice(2);
    const lines = [
      `BYE ${target} SIP/2.0`,
      `via: SIP/2.0/UDP ${this.options.address}:${this.port};branch=z9hG4bK${branch}`,
      `from: ${headers.get('to')?.[0]};tag=${call.tag}`,
      `to: ${headers.get('from')?.[0]}`,
      `call-id: ${callId}`,
      'cseq: 1 BYE',
      'max-forwards: 70',
    ];
    this.send(call, lines);
    this.end(callId);
  }

  private sdp(): string {
    return sdpOf(this.options.address, this.media.address().port);
  }

  private reply(call: Call, status: string, added: readonly string[] = [], body = ''): void {
    const { headers } = call.invite;
    const lines = [`SIP/2.0 ${status}`];
    for (const name of ['via', 'record-route', 'from', 'call-id', 'cseq']) {
      for (const value of headers.get(name) ?? []) lines.push(`${name}: ${value}`);
    }
    lines.push(`to: ${headers.get('to')?.[0]};tag=${call.tag}`);
    const isContactGiven = added.some((line) => /^contact:/i.test(line));
    const contact = `contact: <sip:${call.number}@${this.options.address}:${this.port}>`;
    this.send(call, [...lines, ...(isContactGiven ? [] : [contact]), ...added], body);
  }

  private send(call: Call, lines: readonly string[], body = ''): void {
    const type = body ? ['content-type: application/sdp'] : [];
    const length = `content-length: ${Buffer.byteLength(body)}`;
    this.sip.send(
      [...lines, ...type, length, '', body].join('\r\n'),
      call.from.port,
      call.from.address,
    );
  }

  private end(callId: string): void {
    const call = this.calls.get(callId);
    if (!call) return;
    this.calls.delete(callId);
    clearInterval(call.speaking);
    for (const timer of call.timers) clearTimeout(timer);
  }
}

const REASONS: Readonly<Record<number, string>> = {
  404: 'Not Found',
  480: 'Temporarily Unavailable',
  486: 'Busy Here',
  503: 'Service Unavailable',
};

const hostNow = (): number => performance.timeOrigin + performance.now();

function sdpOf(address: string, port: number): string {
  return [
    'v=0',
    `o=- 1 1 IN IP4 ${address}`,
    's=-',
    `c=IN IP4 ${address}`,
    't=0 0',
    `m=audio ${port} RTP/AVP 0`,
    'a=rtpmap:0 PCMU/8000',
    'a=ptime:20',
    '',
  ].join('\r\n');
}

function bound(address: string): Promise<Socket> {
  const socket = createSocket('udp4');
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.bind(0, address, () => resolve(socket));
  });
}

function parse(text: string): Message {
  const [head = '', body = ''] = text.split('\r\n\r\n');
  const [first = '', ...lines] = head.split('\r\n');
  const headers = new Map<string, string[]>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    const name =
      LONG_NAMES[line.slice(0, colon).trim().toLowerCase()] ??
      line.slice(0, colon).trim().toLowerCase();
    headers.set(name, [...(headers.get(name) ?? []), line.slice(colon + 1).trim()]);
  }
  return { first, headers, body };
}

const LONG_NAMES: Readonly<Record<string, string>> = {
  v: 'via',
  f: 'from',
  t: 'to',
  i: 'call-id',
  m: 'contact',
};

function mediaOf(sdp: string, fallback: string): { host: string; port: number } {
  const host = /^c=IN IP4 (\S+)/m.exec(sdp)?.[1] ?? fallback;
  return { host, port: Number(/^m=audio (\d+)/m.exec(sdp)?.[1] ?? 0) };
}

function plainOk({ headers }: Message): string {
  const lines = ['SIP/2.0 200 OK'];
  for (const name of ['via', 'from', 'to', 'call-id', 'cseq']) {
    for (const value of headers.get(name) ?? []) lines.push(`${name}: ${value}`);
  }
  return [...lines, 'content-length: 0', '', ''].join('\r\n');
}

/** One second of whole periods of the tone in mu-law (ITU-T G.711). */
function toneSamples(hertz: number): Uint8Array {
  return Uint8Array.from({ length: 8_000 }, (_, index) =>
    muLaw(Math.round(8_000 * Math.sin((2 * Math.PI * hertz * index) / 8_000))),
  );
}

function muLaw(sample: number): number {
  const sign = sample < 0 ? 0x80 : 0;
  const magnitude = Math.min(32_635, Math.abs(sample)) + 132;
  const exponent = Math.max(0, Math.floor(Math.log2(magnitude)) - 7);
  const mantissa = (magnitude >> (exponent + 3)) & 0x0f;
  return ~(sign | (exponent << 4) | mantissa) & 0xff;
}
