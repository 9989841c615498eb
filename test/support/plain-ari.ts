/** Plain ARI for tests of the PBX itself: fetch, one WebSocket, every event kept. */
import WebSocket from 'ws';
import type { RunningCarrier, RunningDialer } from '../../scripts/asterisk/run.ts';

export type AriEvent = {
  readonly type: string;
  readonly args?: readonly string[];
  readonly cause?: number;
  readonly tech_cause?: number;
  readonly dialstatus?: string;
  readonly recording?: { readonly name: string };
  readonly playback?: { readonly id: string };
  readonly channel?: {
    readonly id: string;
    readonly state: string;
    readonly caller: { readonly number: string };
    readonly dialplan: { readonly exten: string };
  };
};

export type AriReply = { readonly status: number; readonly body: unknown };

export type PlainAri = {
  readonly events: readonly AriEvent[];
  request(method: string, path: string, body?: object): Promise<AriReply>;
  /** Creates or changes one object of the SIP stack: `push('aor', 'carrier', { contact: … })`. */
  push(type: string, id: string, fields: Readonly<Record<string, string>>): Promise<void>;
  /** The first event, past or future, that matches. */
  waitFor(matches: (event: AriEvent) => boolean, timeoutMs?: number): Promise<AriEvent>;
  close(): Promise<void>;
};

/** Connects as the dialer's Stasis application. */
export async function connectAri({ ariUrl, ari }: RunningDialer): Promise<PlainAri> {
  const credentials = Buffer.from(`${ari.username}:${ari.password}`).toString('base64');
  const headers = { authorization: `Basic ${credentials}` };
  const socket = new WebSocket(`${ariUrl}/events?app=${ari.application}`.replace('http', 'ws'), {
    headers,
  });
  const events: AriEvent[] = [];
  const listeners = new Set<(event: AriEvent) => void>();
  socket.on('message', (data) => {
    const event = JSON.parse(String(data)) as AriEvent;
    events.push(event);
    for (const listener of listeners) listener(event);
  });
  await new Promise((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  const request = async (method: string, path: string, body?: object): Promise<AriReply> => {
    const response = await fetch(ariUrl + path, {
      method,
      headers: { ...headers, 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text ? JSON.parse(text) : undefined };
  };
  const push = async (type: string, id: string, fields: Readonly<Record<string, string>>) => {
    const list = Object.entries(fields).map(([attribute, value]) => ({ attribute, value }));
    const path = `/asterisk/config/dynamic/res_pjsip/${type}/${id}`;
    const reply = await request('PUT', path, { fields: list });
    if (reply.status !== 200) throw new Error(`${path}: ${JSON.stringify(reply)}`);
  };
  const waitFor = (
    matches: (event: AriEvent) => boolean,
    timeoutMs = 15_000,
  ): Promise<AriEvent> => {
    const past = events.find(matches);
    if (past) return Promise.resolve(past);
    return new Promise((resolve, reject) => {
      const finish = (act: () => void) => {
        clearTimeout(timer);
        listeners.delete(listen);
        act();
      };
      const listen = (event: AriEvent) => {
        if (matches(event)) finish(() => resolve(event));
      };
      const timer = setTimeout(
        () => finish(() => reject(new Error(`no such event in ${timeoutMs} ms: ${matches}`))),
        timeoutMs,
      );
      listeners.add(listen);
    });
  };
  const close = () =>
    new Promise<void>((resolve) => {
      socket.once('close', () => resolve());
      socket.close();
    });
  return { events, request, push, waitFor, close };
}

/** The trunk to the simulated carrier, as endpoint `carrier`; calls from it arrive in `context`. */
export async function pushCarrierTrunk(
  ari: PlainAri,
  { addresses, ports }: RunningCarrier,
  context: 'nothing' | 'trunk-in',
): Promise<void> {
  await ari.push('aor', 'carrier', { contact: `sip:${addresses.sip}:${ports.sip}` });
  await ari.push('endpoint', 'carrier', {
    transport: 'transport-udp',
    context,
    aors: 'carrier',
    disallow: 'all',
    allow: 'ulaw,alaw',
    direct_media: 'no',
    allow_transfer: 'no',
    allow_subscribe: 'no',
    rtp_symmetric: 'yes',
    media_address: '127.0.0.1',
    bind_rtp_to_media_address: 'yes',
    send_pai: 'yes',
  });
  await ari.push('identify', 'carrier', { endpoint: 'carrier', match: addresses.sip });
}

/** Places one call by the trunk, with a given channel id. */
export async function dial(
  ari: PlainAri,
  call: { channelId: string; number: string; endpoint?: string; ringTimeoutSeconds?: number },
): Promise<void> {
  const reply = await ari.request('POST', `/channels/${call.channelId}`, {
    endpoint: `PJSIP/${call.number}@${call.endpoint ?? 'carrier'}`,
    app: 'dialer',
    appArgs: 'debtor',
    callerId: '<+551133334444>',
    timeout: call.ringTimeoutSeconds ?? 4,
    formats: 'ulaw',
  });
  if (reply.status !== 200) throw new Error(`${call.number}: ${JSON.stringify(reply)}`);
}
