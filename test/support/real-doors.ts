/**
 * The doors on real sockets in front of the real engine with its real database and a simulated
 * network. Time passes only when the test tells the world.
 */
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pino } from 'pino';
import type { Command } from '../../src/engine/commands.ts';
import type { Role, User } from '../../src/engine/ports/accounts.ts';
import type { AuditEntry } from '../../src/engine/ports/audit.ts';
import type { Publisher } from '../../src/engine/queries.ts';
import { watchPeople } from '../../src/engine/watch-people.ts';
import { makeApiToken } from '../../src/http/auth.ts';
import { SIP_PATH } from '../../src/http/parts.ts';
import { hashPassword } from '../../src/http/passwords.ts';
import { createHttpServer, type HttpServer } from '../../src/http/server.ts';
import { createGateway } from '../../src/realtime/gateway.ts';
import { makeDirectory } from '../../src/simulator/world-database.ts';
import { type Answer, send } from './send.ts';
import { World, type WorldOptions } from './world.ts';

export const PASSWORD = 'senha-de-teste-1';
const HOURS_MS = 3_600_000;

/** Who sends a request. Agents are the world's: `agent1` and so on. */
export type Who = 'admin' | 'supervisor' | `agent${number}` | 'crm' | 'stranger';

export type RealDoors = {
  readonly world: World;
  readonly http: HttpServer;
  readonly origin: string;
  /** Warnings and errors of the log. */
  readonly complaints: string[];
  /** Headers that identify this caller. */
  headersOf(who: Who): Promise<Readonly<Record<string, string>>>;
  ask(
    who: Who,
    method: string,
    path: string,
    body?: string,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Answer>;
  stop(): Promise<void>;
};

export async function openRealDoors(options: WorldOptions = {}): Promise<RealDoors> {
  const folder = makeDirectory('cadencia-doors-');
  const world = await World.begin(options);
  const { accounts, lists, scoped } = world.storage;
  const now = () => world.clock.now();
  const passwordHash = await hashPassword(PASSWORD);
  for (const role of ['admin', 'supervisor'] as const) {
    const audit = userAudit(role, 'created', now());
    await accounts.insertUser(person(role, now()), passwordHash, audit);
  }
  const crm = makeApiToken();
  await accounts.insertToken(
    {
      id: 'token_crm',
      name: 'CRM',
      scopes: ['lists:write', 'lists:read', 'calls:read', 'campaigns:read'],
      createdAt: now(),
    },
    crm.tokenHash,
    { at: now(), subject: 'token', subjectId: 'token_crm', change: 'created' },
  );
  const complaints: string[] = [];
  const log = pino({ level: 'warn' }, { write: (line: string) => complaints.push(line) });
  const commands = { run: (command: Command) => world.engine.run(command) };
  const http = await createHttpServer({
    web: {
      host: '127.0.0.1',
      port: 0,
      publicOrigins: [],
      trustedProxies: [],
      folder: join(folder, 'no-build'),
    },
    sessionLimits: { idleMs: 1_000 * HOURS_MS, lifetimeMs: 10_000 * HOURS_MS },
    sipUpstream: { host: '127.0.0.1', port: 9, path: '/ws' },
    rejectionsFolder: join(folder, 'rejections'),
    secret: 'a secret of this test, long enough',
    version: '0.0.0-test',
    accounts,
    lists,
    store: scoped,
    commands,
    people: watchPeople({ accounts, commands }),
    queries: world.engine,
    whatIf: { estimate: async () => ({ ok: false, because: 'busy' }), stop() {} },
    log,
    now,
  });
  const gateway = createGateway({
    httpServer: http.server,
    sessions: http.sessions,
    origins: http.origins,
    addresses: http.addresses,
    connections: http.connections,
    audit: accounts,
    now,
    commands,
    queries: world.engine,
    headset: { socketPath: SIP_PATH, domain: 'test.invalid' },
    log,
  });
  const publish: Publisher['published'] = (change) => gateway.published(change);
  world.onPublished.push(publish);
  gateway.start();
  await http.start();
  const { port } = http.server.address() as AddressInfo;
  const origin = `http://127.0.0.1:${port}`;
  const cookies = new Map<string, string>();

  /**
   * The cookie of a user signed in with their original role and password, whatever was changed
   * since.
   */
  const cookieOf = async (login: string): Promise<string> => {
    const known = cookies.get(login);
    const role = login.startsWith('agent') ? 'agent' : (login as Role);
    const identity =
      known === undefined ? undefined : await http.sessions.identify({ cookie: known });
    if (known !== undefined && identity?.user.role === role && !identity.user.mustChangePassword) {
      return known;
    }
    const user = { ...person(role, now()), id: `user_${login}` as const, login };
    const audit = userAudit(login, 'changed', now());
    await accounts.saveUser(user, audit);
    await accounts.setPassword(user.id, passwordHash, false, audit);
    await world.run({ kind: 'people-changed' });
    const { cookie } = await http.sessions.begin(user, '127.0.0.1');
    const short = cookie.split(';')[0] ?? '';
    cookies.set(login, short);
    return short;
  };
  const headersOf = async (who: Who): Promise<Record<string, string>> => {
    if (who === 'stranger') return { origin };
    if (who === 'crm') return { authorization: `Bearer ${crm.token}` };
    return { origin, cookie: await cookieOf(who) };
  };

  return {
    world,
    http,
    origin,
    complaints,
    headersOf,
    async ask(who, method, path, body, headers = {}) {
      const own = { ...(await headersOf(who)), ...headers };
      return send({ url: origin + path, method, body, ca: undefined }, own);
    },
    async stop() {
      gateway.stop();
      await http.stop();
      await world.end();
    },
  };
}

function userAudit(login: string, change: string, at: number): AuditEntry {
  return { at, subject: 'user', subjectId: `user_${login}`, change };
}

function person(role: Role, createdAt: number): User {
  return {
    id: `user_${role}`,
    login: role,
    name: role[0]?.toUpperCase() + role.slice(1),
    role,
    enabled: true,
    mustChangePassword: false,
    language: null,
    createdAt,
  };
}
