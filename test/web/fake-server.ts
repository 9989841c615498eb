/**
 * A server which speaks the protocol and knows nothing: the built pages, believable states, and what a
 * test wants to happen next. Everything it says is parsed with the schemas of the protocol, so that it
 * cannot drift away from the real one unseen. `npx tsx test/web/fake-server.ts` serves it by hand.
 */
import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { fastifyStatic } from '@fastify/static';
import Fastify, { type FastifyInstance } from 'fastify';
import { type Namespace, Server } from 'socket.io';
import {
  auditView,
  campaignsView,
  changeUserRequest,
  createdTokenView,
  createdUserView,
  createTokenRequest,
  createUserRequest,
  listsView,
  listView,
  passwordResetView,
  tokensView,
  usersView,
} from '../../src/protocol/admin.ts';
import { agentCommand, type OpenShiftAnswer, openShiftAnswer } from '../../src/protocol/agent.ts';
import type { User } from '../../src/protocol/common.ts';
import {
  type Board,
  type BoardCampaign,
  boardMessage,
  correctDispositionRequest,
  type LogLine,
  logMessage,
  planRestRequest,
  screeningReport,
  supervisorSnapshot,
  undisposedCalls,
} from '../../src/protocol/supervisor.ts';
import { whatIfRequest, whatIfView } from '../../src/protocol/what-if.ts';
import { fakeAudit } from './fake-audit.ts';
import { CREDITORS, person, USERS } from './fake-data.ts';
import { createFakeDesk, type FakeDesk } from './fake-desk.ts';
import { decided, fakeBoard, fakeLog } from './fake-floor.ts';
import { addSession, refuse } from './fake-session.ts';
import { addSettings } from './fake-settings.ts';
import { createFakeSip, type FakeSip } from './fake-sip.ts';
import { fakeUndisposed } from './fake-undisposed.ts';
import { addUnwanted } from './fake-unwanted.ts';

export const BUILT_WEB = fileURLToPath(new URL('../../.cadencia/build/web', import.meta.url));

export const FAKE_PASSWORD = 'senha-de-teste';

export type FakeServer = {
  readonly url: string;
  readonly desk: FakeDesk;
  readonly sip: FakeSip;
  readonly requests: readonly {
    readonly method: string;
    readonly url: string;
    readonly body: unknown;
  }[];
  /** Raw frames sent to agents' pages, as text. */
  readonly agentFrames: readonly string[];
  changeBoard(change: (board: Board) => Board): void;
  /** Another person changes a campaign's settings. */
  changeSettings(id: string, change: Partial<BoardCampaign>, by: string): void;
  log(lines: readonly LogLine[], after?: number): void;
  /** Boards are no longer sent. */
  freezeBoards(): void;
  /** Cuts all sockets; with `refuse` no new one is let in. */
  cutSockets(refuse: boolean): void;
  letIn(): void;
  /** Another place took the shift of the agents who are connected. */
  takeOver(): void;
  stop(): Promise<void>;
};

export async function startFakeServer(
  options: {
    readonly port?: number;
    readonly web?: string;
    /** A second person has to approve that a telephone is released. */
    readonly needsApproval?: boolean;
  } = {},
): Promise<FakeServer> {
  const app = Fastify({ forceCloseConnections: true });
  const requests: { method: string; url: string; body: unknown }[] = [];
  const agentFrames: string[] = [];
  app.addContentTypeParser('text/csv', { parseAs: 'string' }, (_request, body, done) =>
    done(null, body),
  );
  app.addHook('preHandler', async (request) => {
    if (request.url.startsWith('/api/')) {
      requests.push({ method: request.method, url: request.url, body: request.body });
    }
  });
  const people = [...USERS];
  addSession(app, people, FAKE_PASSWORD);
  addAdmin(app, people);
  addUnwanted(app, people, options.needsApproval ?? false);
  await addPages(app, options.web ?? BUILT_WEB);

  let refusing = false;
  const io = new Server(app.server, {
    destroyUpgrade: false,
    serveClient: false,
    allowRequest: (_request, answer) => answer(null, !refusing),
  });
  const agents = io.of('/agent');
  const emit = (event: string, message: unknown) => {
    agentFrames.push(`${event} ${JSON.stringify(message)}`);
    agents.emit(event, message);
  };
  const desk = createFakeDesk(emit, () => Date.now());
  const sip = createFakeSip({
    pinned: () => setTimeout(() => desk.headset(true), 50),
    lost: () => desk.headset(false),
  });
  serveAgents(agents, desk);
  const floor = serveSupervisors(io.of('/supervisor'), app);
  app.server.on('upgrade', (request, socket, head) => {
    const path = (request.url ?? '').split('?')[0];
    if (path === '/sip' || path === '/debtor-sip') sip.handleUpgrade(request, socket, head);
  });
  await app.listen({ host: '127.0.0.1', port: options.port ?? 0 });
  const { port } = app.server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    desk,
    sip,
    requests,
    agentFrames,
    ...floor.control,
    cutSockets(refuse) {
      refusing = refuse;
      // The way a pulled cable or a dying server looks: no word of farewell.
      for (const path of ['/agent', '/supervisor']) {
        for (const socket of io.of(path).sockets.values()) socket.conn.close();
      }
    },
    letIn() {
      refusing = false;
    },
    takeOver() {
      agents.emit('taken-over');
    },
    async stop() {
      floor.stop();
      sip.stop();
      await io.close();
      await app.close();
    },
  };
}

function addAdmin(app: FastifyInstance, people: User[]): void {
  const now = Date.now();
  const lists = [
    listView.parse({
      id: 'list_1',
      name: 'Remessa de novembro, segunda carga com os telefones higienizados',
      origin: 'csv-upload',
      startedAt: now - 7_200_000,
      finishedAt: now - 7_150_000,
      brokenOffBecause: null,
      totals: { read: 50_120, created: 48_900, updated: 1_080, unchanged: 20, rejected: 120 },
      notes: [{ code: 'ninth-digit-inserted', rows: 1_204 }],
      refusals: [{ code: 'no-valid-phone', reason: 'empty', rows: 120 }],
      unusedColumns: [
        { name: 'telefone do avalista', rows: 310, looksLikePhones: true, firstValues: [] },
      ],
      rejections: [
        {
          index: 4,
          externalId: 'CRM-991',
          code: 'no-valid-phone',
          reason: 'missing-area-code',
          field: null,
        },
        {
          index: 17,
          externalId: null,
          code: 'document-invalid',
          reason: 'rounded-by-spreadsheet',
          field: 'cpf_cnpj',
        },
      ],
    }),
  ];
  app.get('/api/users', () => usersView.parse({ users: people, creditors: CREDITORS }));
  app.post('/api/users', (request, reply) => {
    const { login, name, role, limitedTo = null } = createUserRequest.parse(request.body);
    if (people.some((one) => one.login === login)) return refuse(reply, 409, 'login-taken');
    const made = person(`user_${login}`, login, name, role);
    const user = { ...made, limitedTo, mustChangePassword: true };
    people.push(user);
    return createdUserView.parse({ user, password: 'k7Qm-29xv-Tz4p' });
  });
  app.patch<{ Params: { id: string } }>('/api/users/:id', (request) => {
    const { enabled, limitedTo } = changeUserRequest.parse(request.body);
    const at = people.findIndex((one) => one.id === request.params.id);
    const user = people[at];
    if (user) {
      people[at] = {
        ...user,
        enabled: enabled ?? user.enabled,
        limitedTo: limitedTo === undefined ? user.limitedTo : limitedTo,
      };
    }
    return { user: people[at] };
  });
  app.post('/api/users/:id/password-reset', () =>
    passwordResetView.parse({ password: 'w3Rt-81ab-Lk0z' }),
  );
  app.get('/api/tokens', () =>
    tokensView.parse({
      creditors: CREDITORS,
      tokens: [
        {
          id: 'token_1',
          name: 'CRM Horizonte',
          scopes: ['lists:write', 'lists:read'],
          limitedTo: ['creditor_horizonte'],
          createdAt: now - 86_400_000,
          expiresAt: now + 200 * 86_400_000,
          revokedAt: null,
        },
      ],
    }),
  );
  app.post('/api/tokens', (request) => {
    createTokenRequest.parse(request.body);
    return createdTokenView.parse({ id: 'token_2', token: 'cadencia_fake-token-shown-once' });
  });
  app.delete('/api/tokens/:id', (_request, reply) => reply.code(204).send());
  let undisposed = fakeUndisposed(Date.now());
  app.get('/api/undisposed-calls', () => undisposedCalls.parse({ calls: undisposed, more: false }));
  const takeOff = (id: string) => {
    undisposed = undisposed.filter(({ callId }) => callId !== id);
  };
  app.post<{ Params: { id: string } }>('/api/calls/:id/disposition', (request, reply) => {
    correctDispositionRequest.parse(request.body);
    takeOff(request.params.id);
    return reply.code(204).send();
  });
  app.post<{ Params: { id: string } }>('/api/calls/:id/give-back', (request, reply) => {
    takeOff(request.params.id);
    return reply.code(204).send();
  });
  app.get('/api/campaigns', () =>
    campaignsView.parse({
      campaigns: fakeBoard(now).campaigns.map(({ id, name, state, creditors }) => ({
        id,
        name,
        state,
        creditors,
      })),
    }),
  );
  app.get('/api/campaigns/:id/screening', () =>
    screeningReport.parse({
      since: Date.now() - 30 * 86_400_000,
      ...{ person: 812, unsure: 40, machine: 214, sampled: 9, judged: 8, people: 1, missed: 17 },
    }),
  );
  app.get('/api/campaigns/:id/lists', () => listsView.parse({ lists }));
  app.post<{ Querystring: { name: string } }>('/api/campaigns/:id/lists', (request, reply) => {
    const rows = String(request.body).trim().split('\n').length - 1;
    const totals = { read: rows, created: rows, updated: 0, unchanged: 0, rejected: 0 };
    const list = listView.parse({
      id: `list_${lists.length + 1}`,
      name: request.query.name,
      origin: 'csv-upload',
      startedAt: Date.now(),
      finishedAt: Date.now(),
      brokenOffBecause: null,
      totals,
      ...{ notes: [], refusals: [], rejections: [] },
      unusedColumns: [{ name: 'loja', rows: 2, looksLikePhones: false, firstValues: ['12', '13'] }],
    });
    const unusedColumns = list.unusedColumns.map((one) => ({ ...one, firstValues: [] }));
    lists.unshift({ ...list, unusedColumns });
    return reply.code(201).send(list);
  });
  app.get('/api/audit', () => auditView.parse({ entries: fakeAudit(now), isMore: false }));
}

async function addPages(app: FastifyInstance, web: string): Promise<void> {
  const page = await readFile(join(web, 'index.html'), 'utf8');
  await app.register(fastifyStatic, { root: web, wildcard: false, index: false });
  app.setNotFoundHandler((request, reply) => {
    if (request.url.startsWith('/api/')) return refuse(reply, 404, 'not-found');
    return reply.type('text/html').header('content-security-policy', POLICY).send(page);
  });
}

/** The policy of the real server: what it forbids must not be needed. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
  "font-src 'self'; media-src 'self' blob:; connect-src 'self'; base-uri 'none'; form-action 'self'";

function serveAgents(agents: Namespace, desk: FakeDesk): void {
  agents.on('connection', (socket) => {
    socket.emit('desk', desk.message());
    const pop = desk.currentPop();
    if (pop && desk.desk.call) socket.emit('pop', pop);
    socket.on('command', (said: unknown, answer: (answer: unknown) => void) => {
      const command = agentCommand.parse(said);
      const result = desk.run(command);
      answer(command.kind === 'open-shift' ? withHeadset(result) : result);
    });
  });
}

function withHeadset(result: { ok: boolean }): OpenShiftAnswer {
  const headset = {
    socketPath: '/sip',
    domain: 'fake.invalid',
    target: 'sip:headset@fake.invalid',
    username: 'headset_1',
    password: 'fake',
  };
  return openShiftAnswer.parse(result.ok ? { ok: true, headset } : result);
}

const BOARD_EVERY_MS = 500;

function serveSupervisors(supervisors: Namespace, app: FastifyInstance) {
  const epoch = 'epoch-1';
  const lines = fakeLog(Date.now());
  let upTo = lines.at(-1)?.sequence ?? 0;
  let shape = (board: Board): Board => board;
  let frozen = false;
  const current = () => decided(shape(fakeBoard(Date.now())));
  const send = () => {
    if (frozen) return;
    supervisors.emit('board', boardMessage.parse({ epoch, upTo, board: current() }));
  };
  const timer = setInterval(send, BOARD_EVERY_MS);
  supervisors.on('connection', (socket) => {
    socket.on('snapshot', (answer: (snapshot: unknown) => void) =>
      answer(supervisorSnapshot.parse({ epoch, upTo, board: current(), log: lines })),
    );
  });
  const changeBoard = (change: (board: Board) => Board) => {
    const before = shape;
    shape = (board) => change(before(board));
    send();
  };
  const changeSettings = addSettings(app, current, changeBoard);
  app.post<{ Params: { id: string } }>('/api/campaigns/:id/what-if', (request) => {
    const change = whatIfRequest.parse(request.body);
    const near = (middle: number) => ({ middle, low: 0.96 * middle, high: 1.03 * middle });
    const figures = (utilisation: number, abandonment: number, waitMs: number) => ({
      conversationsPerHour: near(26 * utilisation),
      utilisation: near(utilisation),
      abandonment: near(abandonment),
      waitMs: near(waitMs),
    });
    return whatIfView.parse(
      request.params.id === 'campaign_varejo'
        ? {
            ok: true,
            ...{ spans: 6, spanMs: 3_600_000, agents: 13 },
            now: figures(0.86, 0.027, 22_400),
            changed:
              change.mode === 'progressive'
                ? figures(0.54, 0, 118_000)
                : figures(0.81, 0.019, 31_000),
            others: [
              {
                campaignId: 'campaign_cartao',
                name: 'Cartão de crédito',
                abandonment: { now: near(0.012), changed: near(0.024) },
                isNotable: change.mode === 'progressive',
              },
            ],
            basis: {
              amd: { now: 'parallel', changed: change.amd ?? 'parallel' },
              machines: 'measured',
              restBetweenCallsMs: { now: 0, changed: change.restBetweenCallsMs ?? 0 },
              restsAhead: 2,
            },
          }
        : { ok: false, because: 'learning' },
    );
  });
  for (const path of ['pause', 'sign-out']) {
    app.post(`/api/agents/:id/${path}`, (_request, reply) => reply.code(204).send());
  }
  app.post<{ Params: { id: string } }>('/api/agents/:id/rest', (request, reply) => {
    const { at } = planRestRequest.parse(request.body);
    const { id } = request.params;
    if (at !== null && at <= Date.now()) return refuse(reply, 422, 'rest-out-of-reach');
    changeBoard((board) => ({
      ...board,
      agents: board.agents.map((agent) =>
        agent.id === id && agent.shift
          ? { ...agent, shift: { ...agent.shift, restsAt: at } }
          : agent,
      ),
    }));
    return reply.code(204).send();
  });
  app.put('/api/campaigns/:id/agents/:agentId', (_request, reply) => reply.code(204).send());
  app.delete('/api/campaigns/:id/agents/:agentId', (_request, reply) => reply.code(204).send());
  const log = (fresh: readonly LogLine[], after = upTo) => {
    lines.push(...fresh);
    upTo = fresh.at(-1)?.sequence ?? upTo;
    const message = { epoch, after, upTo, lines: fresh, omitted: 0 };
    supervisors.emit('log', logMessage.parse(message));
  };
  return {
    control: {
      changeBoard,
      changeSettings,
      log,
      freezeBoards: () => {
        frozen = true;
      },
    },
    stop: () => clearInterval(timer),
  };
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const server = await startFakeServer({ port: 4173 });
  console.log(`${server.url} (ana, sup, adm, novo; ${FAKE_PASSWORD})`);
}
