/**
 * A PBX that fails on request: HTTP and WebSocket like ARI, with the api-docs of a real 22.10.1,
 * and faults a real one cannot produce on demand. It holds channels, bridges and configuration and
 * does nothing by itself; the test plays the far end.
 */
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';

const DOCS = new Map<string, object>(
  readFileSync(new URL('../fixtures/ari/api-docs.jsonl', import.meta.url), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
    .map(({ path, doc }) => [path, doc]),
);

export type Fault =
  /** The connection is reset before the request is carried out. */
  | { readonly kind: 'reset' }
  /** The request is carried out, and the connection is reset before the answer. */
  | { readonly kind: 'reset-after' }
  /** The request is carried out at once and answered later. */
  | { readonly kind: 'slow'; readonly ms: number }
  /** Refused with this status. */
  | { readonly kind: 'status'; readonly status: number; readonly body?: string }
  /** Answered with 204 without carrying out the request. */
  | { readonly kind: 'ignored' };

type FakeChannel = {
  readonly id: string;
  readonly name: string;
  state: string;
  app: string;
  readonly exten: string;
};

type Request = {
  readonly method: string;
  /** Without the query: `/channels/leg_1`. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: Readonly<Record<string, unknown>>;
};

export type FakeAri = {
  readonly url: string;
  readonly requests: readonly Request[];
  readonly channels: ReadonlyMap<string, FakeChannel>;
  readonly bridges: ReadonlyMap<string, Set<string>>;
  /** `endpoint trunk_1` → its fields. */
  readonly objects: ReadonlyMap<string, unknown>;
  /** The next matching request gets this fault; with `times`, that many requests. */
  fail(method: string, path: RegExp, fault: Fault, times?: number): void;
  /** Sends to the event socket as it is. */
  say(text: string): void;
  /** What the far end does. */
  ring(id: string): void;
  answer(id: string): void;
  redirect(id: string, forward: string): void;
  end(id: string, cause: number, techCause?: number, how?: { silently: boolean }): void;
  /** The copy of a leg comes back from AMD with its words. */
  screen(legId: string, status: string, cause: string): void;
  arrive(channel: { id: string; name: string; exten?: string }, args: readonly string[]): void;
  /** Sends no more events, but still answers pings. */
  wedge(isWedged: boolean): void;
  /** Sends nothing more, not even pongs; TCP stays open. */
  freeze(): void;
  cutSockets(): void;
  socketsOpened(): number;
  /** Forgets everything, resets connections, and becomes another instance. */
  restart(): void;
  /** Another process opens the application. */
  replace(): void;
  stop(): Promise<void>;
};

export const FAKE_PASSWORD = 'secret';

export async function startFakeAri(password = FAKE_PASSWORD, port = 0): Promise<FakeAri> {
  const fake = new Fake(password);
  await fake.listen(port);
  return fake;
}

class Fake implements FakeAri {
  readonly requests: Request[] = [];
  readonly channels = new Map<string, FakeChannel>();
  readonly bridges = new Map<string, Set<string>>();
  readonly objects = new Map<string, unknown>();
  readonly #authorization: string;
  readonly #server = createServer((request, response) => void this.#serve(request, response));
  readonly #events = new WebSocketServer({ noServer: true, autoPong: false });
  readonly #connections = new Set<Socket>();
  #faults: { method: string; path: RegExp; fault: Fault; times: number }[] = [];
  #socket: WebSocket | undefined;
  #opened = 0;
  #isWedged = false;
  #isFrozen = false;
  #startedAt = new Date('2026-11-22T10:00:00Z');
  #named = 0;

  constructor(password: string) {
    this.#authorization = `Basic ${Buffer.from(`dialer:${password}`).toString('base64')}`;
    this.#server.on('connection', (socket) => {
      this.#connections.add(socket);
      socket.on('close', () => this.#connections.delete(socket));
      socket.on('error', () => undefined);
    });
    this.#server.on('upgrade', (request, socket, head) => {
      if (request.headers.authorization !== this.#authorization) {
        socket.end('HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n');
        return;
      }
      this.#events.handleUpgrade(request, socket, head, (opened) => {
        this.#opened += 1;
        this.#socket = opened;
        opened.on('ping', (data) => {
          if (!this.#isFrozen) opened.pong(data);
        });
      });
    });
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  listen(port: number): Promise<void> {
    return new Promise((resolve) => this.#server.listen(port, '127.0.0.1', resolve));
  }

  fail(method: string, path: RegExp, fault: Fault, times = 1): void {
    this.#faults.push({ method, path, fault, times });
  }

  say(text: string): void {
    if (!this.#isWedged && !this.#isFrozen) this.#socket?.send(text);
  }

  ring(id: string): void {
    const channel = this.#channel(id);
    channel.state = 'Ringing';
    this.#emit({ type: 'Dial', dialstatus: 'RINGING', peer: show(channel) });
    this.#emit({ type: 'ChannelStateChange', channel: show(channel) });
  }

  redirect(id: string, forward: string): void {
    const peer = show(this.#channel(id));
    this.#emit({ type: 'Dial', dialstatus: 'CANCEL', forward, peer });
  }

  answer(id: string): void {
    const channel = this.#channel(id);
    const wasCreated = channel.app === 'Stasis';
    channel.state = 'Up';
    this.#emit({ type: 'ChannelStateChange', channel: show(channel) });
    this.#emit({ type: 'Dial', dialstatus: 'ANSWER', peer: show(channel) });
    channel.app = 'Stasis';
    if (!wasCreated) this.#emit({ type: 'StasisStart', args: ['leg'], channel: show(channel) });
  }

  end(id: string, cause: number, techCause?: number, how = { silently: false }): void {
    const channel = this.#channel(id);
    this.channels.delete(id);
    for (const members of this.bridges.values()) members.delete(id);
    if (how.silently) return;
    this.#emit({
      type: 'ChannelDestroyed',
      cause,
      cause_txt: '',
      ...(techCause && { tech_cause: techCause }),
      channel: show(channel),
    });
  }

  arrive(from: { id: string; name: string; exten?: string }, args: readonly string[]): void {
    const channel = { exten: 's', ...from, state: 'Ring', app: 'Stasis' };
    this.channels.set(channel.id, channel);
    this.#emit({ type: 'StasisStart', args, channel: show(channel) });
  }

  screen(legId: string, status: string, cause: string): void {
    const channel = show(this.#channel(`copy-${legId}`));
    this.#emit({ type: 'StasisStart', args: ['screened', status, cause], channel });
  }

  wedge(isWedged: boolean): void {
    this.#isWedged = isWedged;
  }

  freeze(): void {
    this.#isFrozen = true;
  }

  cutSockets(): void {
    this.#socket?.terminate();
    this.#isFrozen = false;
  }

  socketsOpened(): number {
    return this.#opened;
  }

  restart(): void {
    this.#startedAt = new Date(this.#startedAt.getTime() + 60_000);
    this.channels.clear();
    this.bridges.clear();
    this.objects.clear();
    for (const connection of this.#connections) connection.resetAndDestroy();
  }

  replace(): void {
    this.#emit({ type: 'ApplicationReplaced', application: 'dialer' });
    this.#socket?.close();
  }

  async stop(): Promise<void> {
    for (const connection of this.#connections) connection.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #emit(event: object): void {
    this.say(JSON.stringify({ application: 'dialer', timestamp: new Date(), ...event }));
  }

  #channel(id: string): FakeChannel {
    const channel = this.channels.get(id);
    if (!channel) throw new Error(`the fake PBX has no channel ${id}`);
    return channel;
  }

  async #serve(http: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of http) chunks.push(chunk as Buffer);
    const url = new URL(http.url ?? '/', 'http://fake');
    const text = Buffer.concat(chunks).toString();
    const request: Request = {
      method: http.method ?? '',
      path: url.pathname.replace(/^\/ari/, ''),
      query: url.searchParams,
      body: text ? JSON.parse(text) : {},
    };
    if (http.headers.authorization !== this.#authorization) {
      response.writeHead(401).end('{"message":"Authentication required"}');
      return;
    }
    const doc = /^\/api-docs\/(.+)$/.exec(request.path)?.[1];
    if (doc) {
      const basePath = `http://${http.headers.host}/ari`;
      response.end(JSON.stringify({ ...DOCS.get(doc), basePath }));
      return;
    }
    this.requests.push(request);
    const fault = this.#faultFor(request);
    if (fault?.kind === 'reset') {
      http.socket.resetAndDestroy();
      return;
    }
    const [status, body] =
      fault?.kind === 'status'
        ? [fault.status, fault.body ?? '{"message":"said the test"}']
        : fault?.kind === 'ignored'
          ? [204, '']
          : this.#do(request);
    if (fault?.kind === 'reset-after') {
      http.socket.resetAndDestroy();
      return;
    }
    if (fault?.kind === 'slow') await new Promise((resolve) => setTimeout(resolve, fault.ms));
    response.writeHead(status, { 'content-type': 'application/json' }).end(body);
  }

  #faultFor({ method, path }: Request): Fault | undefined {
    const due = this.#faults.find((fault) => fault.method === method && fault.path.test(path));
    if (!due) return undefined;
    due.times -= 1;
    this.#faults = this.#faults.filter(({ times }) => times > 0);
    return due.fault;
  }

  #do({ method, path, query, body }: Request): readonly [number, string] {
    const [, root = '', id = '', verb = '', more = ''] = path.split('/');
    const what = `${method} /${root}`;
    if (what === 'GET /asterisk') {
      const startup_time = this.#startedAt.toISOString();
      return json({ system: { entity_id: 'fake', version: '22.10.1' }, status: { startup_time } });
    }
    if (root === 'asterisk') return this.#configure(method, path, body);
    if (what === 'GET /endpoints') {
      const names = [...this.objects.keys()].filter((key) => key.startsWith('endpoint '));
      return json(names.map((key) => ({ technology: 'PJSIP', resource: key.slice(9) })));
    }
    if (root === 'applications') return json({ name: 'dialer' });
    if (root === 'events') {
      this.#emit({
        type: 'ChannelUserevent',
        eventname: more || verb,
        userevent: body.variables,
      });
      return [204, ''];
    }
    if (root === 'bridges') return this.#bridge(method, id, verb, query);
    if (root === 'channels') return this.#ofChannels(method, id, verb, more, query);
    return [404, '{"message":"Resource not found"}'];
  }

  #configure(method: string, path: string, body: unknown): readonly [number, string] {
    const [, type = '', id = ''] = /res_pjsip\/([a-z]+)\/(.+)$/.exec(path) ?? [];
    const key = `${type} ${id}`;
    if (method === 'PUT') this.objects.set(key, body);
    else if (!this.objects.delete(key)) return [404, '{"message":"Object not found"}'];
    return method === 'PUT' ? json([]) : [204, ''];
  }

  #ofChannels(
    method: string,
    id: string,
    verb: string,
    more: string,
    query: URLSearchParams,
  ): readonly [number, string] {
    if (method === 'GET' && !id) return json([...this.channels.values()].map(show));
    if (method === 'POST' && !verb) {
      const channelId = id === 'create' ? (query.get('channelId') ?? '') : id;
      if (this.channels.has(channelId)) return [409, '{"message":"Channel exists"}'];
      this.#named += 1;
      const trunk = query.get('endpoint')?.split('@')[1] ?? 'nobody';
      const channel = {
        id: channelId,
        name: `PJSIP/${trunk}-${this.#named.toString(16).padStart(8, '0')}`,
        state: 'Down',
        app: id === 'create' ? 'Stasis' : 'AppDial2',
        exten: 's',
      };
      this.channels.set(channelId, channel);
      // As the real one may: the event overtakes the answer.
      const entered = { type: 'StasisStart', args: ['leg'], channel: show(channel) };
      if (id === 'create') this.#emit(entered);
      return json(show(channel));
    }
    const channel = this.channels.get(id);
    if (!channel) return [404, '{"message":"Channel not found"}'];
    if (method === 'GET') return json(show(channel));
    if (method === 'DELETE' && !verb) {
      this.end(id, query.get('reason') === 'no_answer' ? 19 : 16);
    }
    if (verb === 'snoop') {
      this.arrive({ id: more, name: `Snoop/${id}-00000001` }, [query.get('appArgs') ?? '']);
      return json(show(this.#channel(more)));
    }
    if (verb === 'answer') channel.state = 'Up';
    return verb === 'play' ? json({ id: 'playback' }) : [204, ''];
  }

  #bridge(
    method: string,
    id: string,
    verb: string,
    query: URLSearchParams,
  ): readonly [number, string] {
    if (method === 'GET' && !id) {
      return json([...this.bridges].map(([bridge, members]) => showBridge(bridge, members)));
    }
    const members = this.bridges.get(id);
    if (method === 'POST' && !verb) {
      if (members) return [409, '{"message":"Bridge exists"}'];
      this.bridges.set(id, new Set());
      return json(showBridge(id, new Set()));
    }
    if (!members) return [404, '{"message":"Bridge not found"}'];
    if (method === 'GET') return json(showBridge(id, members));
    if (method === 'DELETE') this.bridges.delete(id);
    const channel = this.channels.get(query.get('channel') ?? '');
    if (verb && !channel) return [400, '{"message":"Channel not found"}'];
    if (verb === 'addChannel' && channel) {
      members.add(channel.id);
      const bridge = showBridge(id, members);
      this.#emit({ type: 'ChannelEnteredBridge', channel: show(channel), bridge });
    }
    if (verb === 'removeChannel' && channel && members.delete(channel.id)) {
      const bridge = showBridge(id, members);
      this.#emit({ type: 'ChannelLeftBridge', channel: show(channel), bridge });
    }
    return [204, ''];
  }
}

function json(value: unknown): readonly [number, string] {
  return [200, JSON.stringify(value)];
}

function showBridge(id: string, members: ReadonlySet<string>) {
  return { id, technology: 'simple_bridge', bridge_type: 'mixing', channels: [...members] };
}

function show({ id, name, state, app, exten }: FakeChannel) {
  return {
    id,
    name,
    state,
    caller: { name: '', number: '+5511988887777' },
    connected: { name: '', number: '' },
    dialplan: { context: 'default', exten, priority: 1, app_name: app, app_data: '' },
  };
}
