/** The HTTP server for pages and the CRM, with the SIP connections beside it. */
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type Server, STATUS_CODES } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  fastify,
  LogController,
} from 'fastify';
import { sweepRejections } from '../imports/rejections.ts';
import { MINUTE_MS, SECOND_MS } from '../lib/time.ts';
import { languageOfHeader } from '../words/language.ts';
import { type Language, say } from '../words/say.ts';
import { type Addresses, createAddresses } from './addresses.ts';
import { createAuditTrail } from './audit-trail.ts';
import { createAuth, guardRoutes } from './auth.ts';
import { boundConnections, type Connections } from './connections.ts';
import { ProblemError, problemOf, problemOfConnection } from './errors.ts';
import { createKnownDevices } from './known-devices.ts';
import { createLoopMonitor } from './loop-delay.ts';
import { createOrigins, type Origins } from './origins.ts';
import {
  DEBTOR_SIP_PATH,
  type HttpParts,
  type RequestLimits,
  SIP_PATH,
  type WebSettings,
} from './parts.ts';
import { isPaced, isTooDeep, JSON_DEPTH_MAX, type Pace, textOf } from './read-body.ts';
import { addRoutes, type Route } from './route.ts';
import { agentRoutes } from './routes/agents.ts';
import { approvalRoutes } from './routes/approvals.ts';
import { auditRoutes } from './routes/audit.ts';
import { campaignRoutes } from './routes/campaigns.ts';
import { debtorPhoneRoutes } from './routes/debtor-phone.ts';
import { healthRoutes } from './routes/health.ts';
import { leadRoutes } from './routes/leads.ts';
import { listRoutes } from './routes/lists.ts';
import { openApiRoutes } from './routes/openapi.ts';
import { AT_A_DESK } from './routes/roles.ts';
import { sessionRoutes } from './routes/session.ts';
import { tokenRoutes } from './routes/tokens.ts';
import { undisposedRoutes } from './routes/undisposed.ts';
import { unwantedPhoneRoutes } from './routes/unwanted-phones.ts';
import { userRoutes } from './routes/users.ts';
import { whatIfRoutes } from './routes/what-if.ts';
import { addSecurityHeaders } from './security-headers.ts';
import { createSessions, type Sessions } from './sessions.ts';
import { createSipProxy, type SipDoor } from './sip-proxy.ts';
import { addWebFiles } from './web-files.ts';

export type HttpServer = {
  /** The server to attach socket.io to, before the start. */
  readonly server: Server;
  /** Sessions, also used by the realtime gateway. */
  readonly sessions: Sessions;
  readonly origins: Origins;
  /** Client addresses of connections. */
  readonly addresses: Addresses;
  /** Told of connections that presented a session. */
  readonly connections: Connections;
  /** All routes, for the OpenAPI document and for tests. */
  readonly routes: readonly Route[];
  start(): Promise<{ readonly url: string }>;
  /** Takes no more requests, cuts SIP connections, and waits for requests under way. */
  stop(): Promise<void>;
};

/** The path of socket.io on the same server. */
export const REALTIME_PATH = '/socket.io/';

const SWEEP_EVERY_MS = 10 * MINUTE_MS;
/** Requests still under way afterwards are cut; the rows of an upload so far are stored. */
const STOP_WITHIN_MS = 5 * SECOND_MS;
const JSON_BYTES_MAX = 64 * 1024;
/** A page sends its next request within seconds, or not for a long time. */
const KEEP_ALIVE_MS = 15 * SECOND_MS;
const TLS_MAX_MS = 10 * SECOND_MS;
/** Connections of all addresses together: the process's limit of open files, less its own needs. */
const CONNECTIONS_MAX = 8_000;
const LIMITS: RequestLimits = {
  headersMaxMs: 15 * SECOND_MS,
  // 64 KB at the pace of a bad mobile network.
  requestMaxMs: 20 * SECOND_MS,
  checkEveryMs: 2 * SECOND_MS,
  // At this pace a file of 200 MB takes at most two hours.
  pace: { bytes: 256 * 1024, windowMs: 10 * SECOND_MS },
  // The browsers of three hundred agents behind one address, all opening the page at once.
  strangersPerAddressMax: 2_000,
};

export async function createHttpServer(parts: HttpParts): Promise<HttpServer> {
  const { accounts, now, log, web } = parts;
  const origins = createOrigins(web);
  const limits = parts.sessionLimits;
  const sessions = createSessions({ accounts, limits, secure: origins.areSecure, now });
  const addresses = createAddresses(web.trustedProxies);
  const trail = createAuditTrail({ accounts, key: keyOf(parts, 'audit of logins'), now, log });
  const devices = createKnownDevices({
    key: keyOf(parts, 'known devices'),
    secure: origins.areSecure,
    now,
  });
  const requestLimits = { ...LIMITS, ...parts.limits };
  const loop = createLoopMonitor();
  const app = createApp(parts, requestLimits);
  const connections = boundConnections(app.server, {
    perAddressMax: requestLimits.strangersPerAddressMax,
    isFrontDoor: addresses.isTrusted,
    event: web.tls ? 'secureConnection' : 'connection',
  });
  const authParts = { accounts, sessions, origins, addresses, trail, connections, devices, now };
  readJsonBodies(app, requestLimits.pace);
  addSecurityHeaders(app, origins, web);
  addProblems(app, parts);
  guardRoutes(app, authParts);

  const auth = createAuth(authParts);
  const routes = routesOf({ ...parts, auth, sessions, trail, pace: requestLimits.pace }, loop);
  addRoutes(app, routes, { addresses, queries: parts.queries });
  await addWebFiles(app, web);
  await app.ready();

  const doors = sipDoors(parts);
  const othersPaths = [REALTIME_PATH];
  const proxy = createSipProxy({
    ...{ server: app.server, doors, sessions, origins, addresses, connections, log, othersPaths },
  });
  const sweep = () => {
    const sweeps = [
      sessions.sweep(),
      sweepRejections(parts.rejectionsFolder, now()),
      parts.lists.closeInterrupted(now(), 'silent'),
    ];
    Promise.all(sweeps).catch((error: unknown) =>
      log.error({ err: error }, 'expired data could not be removed'),
    );
  };
  let sweeping: NodeJS.Timeout | undefined;

  return {
    server: app.server,
    sessions,
    origins,
    addresses,
    connections,
    routes,
    async start() {
      // No upload can be running: this server has not begun to listen, and we hold the lease.
      await parts.lists.closeInterrupted(now(), 'of-server');
      await app.listen({ host: web.host, port: web.port });
      const { port } = app.server.address() as AddressInfo;
      origins.listening(port);
      sweep();
      sweeping = setInterval(sweep, SWEEP_EVERY_MS).unref();
      return { url: urlOf(origins, web, port) };
    },
    async stop() {
      clearInterval(sweeping);
      proxy.stop();
      loop.stop();
      const late = setTimeout(() => app.server.closeAllConnections(), STOP_WITHIN_MS);
      await app.close();
      clearTimeout(late);
    },
  };
}

/**
 * Derives a separate key for each purpose, so that a signature for one proves nothing for another.
 */
function keyOf({ secret }: HttpParts, purpose: string): Buffer {
  return createHmac('sha256', secret).update(`door: ${purpose}`).digest();
}

function createApp({ log, web }: HttpParts, limits: RequestLimits): FastifyInstance {
  const options = {
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: JSON_BYTES_MAX,
    requestTimeout: limits.requestMaxMs,
    keepAliveTimeout: KEEP_ALIVE_MS,
    forceCloseConnections: 'idle' as const,
    frameworkErrors: (error: FastifyError, _request: unknown, reply: FastifyReply) =>
      sendProblem(reply, problemOf(error)),
    clientErrorHandler: refuseConnection,
  };
  const timeouts = {
    headersTimeout: limits.headersMaxMs,
    connectionsCheckingInterval: limits.checkEveryMs,
  };
  const tls = { ...timeouts, minVersion: 'TLSv1.2' as const, handshakeTimeout: TLS_MAX_MS };
  // The types differ by the kind of server; nothing here depends on it.
  const app = (web.tls
    ? fastify({ ...options, https: { ...tls, ...keysOf(web.tls) } })
    : fastify({ ...options, http: timeouts })) as unknown as FastifyInstance;
  app.server.maxConnections = CONNECTIONS_MAX;
  app.addHook('onResponse', async (request, reply) => {
    // Logs the route's pattern, because a URL may name a person.
    const fields = { method: request.method, route: request.routeOptions.url };
    const ms = Math.round(reply.elapsedTime);
    log.debug({ ...fields, status: reply.statusCode, ms }, 'request answered');
  });
  return app;
}

/** Answers connections that the HTTP parser refused or that timed out. */
function refuseConnection(error: NodeJS.ErrnoException, socket: Socket): void {
  // The pace limits a long body, not the request's deadline.
  if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT' && isPaced(socket)) return;
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const problem = problemOfConnection(error.code);
  const body = JSON.stringify(problem);
  const head = [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`,
    'Connection: close',
    'Content-Type: application/problem+json',
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
  socket.destroySoon();
}

/** Reads JSON bodies within limits on depth and pace. */
function readJsonBodies(app: FastifyInstance, pace: Pace): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', async (request: FastifyRequest) => {
    const { bodyLimit, config } = request.routeOptions;
    const text = await textOf(request.raw, bodyLimit, config.bodyPaced ? pace : undefined);
    if (text === '') return undefined;
    if (isTooDeep(text)) {
      const detail = say('nested-too-deep', { depth: JSON_DEPTH_MAX });
      throw new ProblemError('malformed-request', detail);
    }
    return new Promise((resolve, reject) => {
      void parse(request, text, (error, value) => (error ? reject(error) : resolve(value)));
    });
  });
}

function keysOf(tls: NonNullable<WebSettings['tls']>): { cert: Buffer; key: Buffer } {
  return { cert: readFileSync(tls.certificateFile), key: readFileSync(tls.keyFile) };
}

function addProblems(app: FastifyInstance, { log }: HttpParts): void {
  app.setErrorHandler((error, request, reply) => {
    const problem = problemOf(error);
    if (problem.status >= 500 && problem.code === 'mistake') {
      log.error({ err: loggable(error), route: request.routeOptions.url }, 'request failed');
    }
    // The server no longer waits for the rest of the body.
    if (problem.code === 'too-slow') reply.header('connection', 'close');
    return sendProblem(reply, problem);
  });
  app.setNotFoundHandler((_request, reply) =>
    sendProblem(reply, new ProblemError('not-found', say('nothing-at-address'))),
  );
}

function sendProblem(reply: FastifyReply, problem: ProblemError): FastifyReply {
  const { status, retryAfterSeconds } = problem;
  if (retryAfterSeconds !== undefined) reply.header('retry-after', String(retryAfterSeconds));
  const told = problem.told(languageOf(reply.request));
  return reply.code(status).type('application/problem+json').send(told);
}

/** The language that the user chose; else what the browser or the program prefers. */
function languageOf({ caller, headers }: FastifyRequest): Language {
  const chosen = caller?.kind === 'person' ? caller.identity.user.language : null;
  return chosen ?? languageOfHeader(headers['accept-language']);
}

/**
 * An error with only name, message and stack. Other fields may hold personal data, such as a URL.
 */
function loggable(error: unknown): Error {
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
  return Object.assign(new Error(message), { name, stack });
}

function routesOf(
  parts: Parameters<typeof sessionRoutes>[0],
  loop: Parameters<typeof healthRoutes>[1],
): Route[] {
  const routes = [
    ...sessionRoutes(parts),
    ...userRoutes(parts),
    ...tokenRoutes(parts),
    ...campaignRoutes(parts),
    ...whatIfRoutes(parts),
    ...agentRoutes(parts),
    ...unwantedPhoneRoutes(parts),
    ...approvalRoutes(parts),
    ...undisposedRoutes(parts),
    ...leadRoutes(parts),
    ...listRoutes(parts),
    ...auditRoutes(parts),
    ...debtorPhoneRoutes(parts),
    ...healthRoutes(parts, loop),
  ];
  return [...routes, ...openApiRoutes(routes, parts.version)];
}

function sipDoors({ sipUpstream, debtorPhone }: HttpParts): SipDoor[] {
  const headsets: SipDoor = { path: SIP_PATH, upstream: sipUpstream, open: AT_A_DESK };
  if (!debtorPhone) return [headsets];
  return [headsets, { path: DEBTOR_SIP_PATH, upstream: debtorPhone.upstream, open: 'visitors' }];
}

function urlOf(origins: Origins, web: WebSettings, port: number): string {
  return web.publicOrigins[0] ?? origins.all()[0] ?? `http://${web.host}:${port}`;
}
