/**
 * `ari-client` on a transport of ours. We keep its methods, which it makes from the PBX's own
 * api-docs, and replace its transport because (seen with 2.2.0 on Node 20):
 *
 * - after a reset or refused connection, or an answer later than 5 s, its promise stays pending for
 *   ever;
 * - errors carry no status;
 * - the credentials of the newest client are used for every host;
 * - with https the api-docs' own `http://` address is followed, password and all;
 * - `connect()` against a PBX that answers 401 or 503 throws a string past every handler;
 * - it opens as many connections as it has requests.
 *
 * So `SwaggerHttp` hands its requests to undici here, and the package's own `request` and `shred`
 * are never loaded. `start()` and `channel.on()` are not used: see `event-socket.ts`.
 */
import { createRequire } from 'node:module';
import { Pool } from 'undici';
import type { AriApi } from './ari-api.ts';
import { AriError, errorOfStatus, errorOfTransport } from './ari-error.ts';
import { REQUESTS_IN_FLIGHT_MAX } from './request-lanes.ts';

/** How long one request may take. A PBX on the same machine answers in milliseconds. */
const REQUEST_TIMEOUT_MS = 4_000;
const CONNECT_TIMEOUT_MS = 2_000;
/** Below the PBX's `session_keep_alive` of 15 s, so that our side closes idle connections. */
const KEEP_ALIVE_MS = 8_000;

export type AriAddress = {
  readonly url: string;
  readonly username: string;
  readonly password: string;
};

/** One PBX: its operations, and a way to close the connections. */
export type AriTransport = {
  /** Reads the api-docs and makes the operations. Rejects only with {@link AriError}. */
  load(): Promise<AriApi>;
  close(): Promise<void>;
};

type SwaggerRequest = {
  readonly url: string;
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body?: string | undefined;
  readonly on: {
    error(problem: unknown): void;
    response(answer: { status: number; headers: object; data: Buffer; obj?: unknown }): void;
  };
};

type Target = { readonly pool: Pool; readonly basePath: string; readonly authorization: string };

/**
 * PBX addresses by the host name a client uses. Asterisk copies a request's Host header into the
 * api-docs, and the operations follow it. Each transport uses a name of its own, which keeps two
 * transports in one process apart, even to one PBX.
 */
const targets = new Map<string, Target>();
let targetsMade = 0;

export function createAriTransport(address: AriAddress): AriTransport {
  const url = new URL(address.url);
  const pool = new Pool(url.origin, {
    connections: REQUESTS_IN_FLIGHT_MAX,
    pipelining: 1,
    connect: { timeout: CONNECT_TIMEOUT_MS },
    headersTimeout: REQUEST_TIMEOUT_MS,
    bodyTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    keepAliveMaxTimeout: KEEP_ALIVE_MS,
  });
  targetsMade += 1;
  const name = `pbx-${targetsMade}.invalid`;
  targets.set(name, {
    pool,
    basePath: url.pathname.replace(/\/(ari\/?)?$/, ''),
    authorization: `Basic ${Buffer.from(`${address.username}:${address.password}`).toString('base64')}`,
  });

  return {
    async load() {
      try {
        // A first request of our own, whose errors say what is wrong; the client's own say
        // "undefined".
        await send({ url: `http://${name}/ari/asterisk/info?only=status`, method: 'GET' });
        return await ariClient().connect(`http://${name}`, address.username, address.password);
      } catch (problem) {
        // The client rejects with a string when its api-docs could not be read.
        throw typeof problem === 'string'
          ? new AriError('unavailable', 0, problem)
          : errorOfTransport(problem);
      }
    },
    async close() {
      targets.delete(name);
      await pool.destroy();
    },
  };
}

/** SwaggerHttp.execute: calls back exactly once, whatever happens, and never throws. */
function execute(ask: SwaggerRequest): void {
  void send(ask).then(
    (answer) => settle(ask, () => ask.on.response(answer)),
    (problem) => settle(ask, () => ask.on.error(errorOfTransport(problem))),
  );
}

async function send(ask: Pick<SwaggerRequest, 'url' | 'method' | 'body'>) {
  const url = new URL(ask.url);
  const target = targets.get(url.hostname);
  if (!target) throw new AriError('unavailable', 0, 'this connection was closed');
  const method = ask.method.toUpperCase();
  const answer = await target.pool.request({
    path: `${target.basePath}${url.pathname}${url.search}`,
    method: method as 'GET' | 'POST' | 'PUT' | 'DELETE',
    headers: {
      host: url.hostname,
      authorization: target.authorization,
      accept: 'application/json',
      ...(ask.body && { 'content-type': 'application/json' }),
    },
    body: ask.body && method !== 'GET' ? ask.body : null,
  });
  const text = await answer.body.text();
  if (answer.statusCode >= 400) throw errorOfStatus(answer.statusCode, text);
  return { status: answer.statusCode, headers: answer.headers, data: Buffer.from(text) };
}

/** The client's own callbacks throw: a string when api-docs are missing, a SyntaxError for bad JSON. */
function settle(ask: SwaggerRequest, callBack: () => void): void {
  try {
    callBack();
  } catch (thrown) {
    try {
      ask.on.error(new AriError('unavailable', 0, `unreadable answer: ${String(thrown)}`, true));
    } catch {
      // The client has already rejected its promise.
    }
  }
}

type AriClientModule = {
  connect(url: string, username: string, password: string): PromiseLike<AriApi>;
};

let loaded: AriClientModule | undefined;

/** Loads the package once, after its transport is replaced. */
function ariClient(): AriClientModule {
  if (loaded) return loaded;
  const require = createRequire(import.meta.url);
  const fromAriClient = createRequire(require.resolve('ari-client'));
  // `connect()` first fetches the api-docs with `request` and looks at nothing but the connection's
  // error. The transport reports that error as well, so the first fetch is left out.
  const filename = fromAriClient.resolve('request');
  const skipped = (_url: string, done: (error: null) => void) => queueMicrotask(() => done(null));
  require.cache[filename] = Object.assign(Object.create(null), {
    id: filename,
    filename,
    loaded: true,
    exports: skipped,
    children: [],
    paths: [],
  });
  const swagger = fromAriClient('swagger-client');
  swagger.SwaggerHttp.prototype.execute = execute;
  // The package logs remarks through a global, such as "deprecated version of Swagger".
  Object.assign(globalThis, { log: () => undefined });
  loaded = require('ari-client') as AriClientModule;
  return loaded;
}
