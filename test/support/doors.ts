/**
 * The doors on real sockets and real storage, in front of a scripted engine. It records every
 * command, gives the test's answers, and shows the screens the test puts into it.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { io, type Socket } from 'socket.io-client';
import type { Call } from '../../src/domain/calls/call.ts';
import type { Campaign } from '../../src/domain/campaigns/campaign.ts';
import type { CampaignChange } from '../../src/domain/campaigns/settings.ts';
import type { DebtorFile } from '../../src/domain/debtors/history.ts';
import type { Fact, FactBody } from '../../src/domain/facts.ts';
import type { Command, CommandResult, Commands } from '../../src/engine/commands.ts';
import type { Role, User } from '../../src/engine/ports/accounts.ts';
import type { Person } from '../../src/engine/ports/records.ts';
import type { WhatIf, WhatIfAnswer, WhatIfQuestion } from '../../src/engine/ports/what-if.ts';
import type {
  BoardState,
  DeskState,
  EngineHealth,
  Publisher,
  Queries,
  WhatIfAsked,
} from '../../src/engine/queries.ts';
import { type PeopleWatch, watchPeople } from '../../src/engine/watch-people.ts';
import { type RequestLimits, SIP_PATH } from '../../src/http/parts.ts';
import { hashPassword } from '../../src/http/passwords.ts';
import { createHttpServer, type HttpServer } from '../../src/http/server.ts';
import type { AgentId, CampaignId, UserId } from '../../src/lib/ids.ts';
import type { EarlierLog } from '../../src/realtime/earlier-log.ts';
import { createGateway, type Gateway } from '../../src/realtime/gateway.ts';
import { GOOD_HEALTH, QUIET_BOARD } from './quiet-engine.ts';
import { type Answer, send } from './send.ts';
import { BANK, insertOperation, openTestStorage, SHOP, type TestStorage } from './store.ts';

export type { Answer } from './send.ts';

export const PASSWORD = 'senha-de-teste-1';

export const PEOPLE: Readonly<Record<string, Role>> = {
  admin: 'admin',
  supervisora: 'supervisor',
  ana: 'agent',
  bruno: 'agent',
};

// ── the scripted engine ─────────────────────────────────────────────────────────────────────────

export class ScriptedEngine implements Commands, Queries, WhatIf {
  readonly epoch = 'epoch-1';
  readonly ran: Command[] = [];
  readonly whatIfs: { readonly campaignId: CampaignId; readonly change: CampaignChange }[] = [];
  /** The answer to commands; yes by default. */
  answer: (command: Command) => CommandResult | Promise<CommandResult> = () => ({ ok: true });
  readonly desks = new Map<AgentId, DeskState>();
  readonly calls = new Map<string, Call>();
  people: readonly Person[] = [];
  campaigns: readonly Campaign[] = [];
  boardState: BoardState = QUIET_BOARD;
  healthState: EngineHealth = GOOD_HEALTH;
  publisher: Publisher | undefined;
  #sequence = 100;

  async run(command: Command): Promise<CommandResult> {
    this.ran.push(command);
    return this.answer(command);
  }

  /** Holds back the answers to commands until the returned function is called. */
  holdBack(): () => void {
    let goOn = () => {};
    const held = new Promise<CommandResult>((resolve) => {
      goOn = () => resolve({ ok: true });
    });
    this.answer = () => held;
    return () => {
      this.answer = () => ({ ok: true });
      goOn();
    };
  }

  upTo(): number {
    return this.#sequence;
  }

  now(): number {
    return Date.now();
  }

  desk(agentId: AgentId): DeskState {
    return this.desks.get(agentId) ?? aDesk();
  }

  board(): BoardState {
    return this.boardState;
  }

  /** Everybody sees what the test publishes. */
  seesFact(): boolean {
    return true;
  }

  health(): EngineHealth {
    return this.healthState;
  }

  call(id: string): Call | undefined {
    return this.calls.get(id);
  }

  campaign(id: CampaignId): Campaign | undefined {
    return this.campaigns.find((one) => one.id === id);
  }

  /** What a what-if would simulate, and its result. */
  asked: WhatIfAsked = { ok: false, because: 'not-dialing' };
  estimated: WhatIfAnswer = { ok: false, because: 'busy' };
  readonly questions: WhatIfQuestion[] = [];

  whatIf(campaignId: CampaignId, change: CampaignChange): WhatIfAsked {
    this.whatIfs.push({ campaignId, change });
    return this.asked;
  }

  estimate(question: WhatIfQuestion): Promise<WhatIfAnswer> {
    this.questions.push(question);
    return Promise.resolve(this.estimated);
  }

  stop(): void {}

  person(id: UserId): Person | undefined {
    return this.people.find((one) => one.id === id);
  }

  learned(): undefined {
    return undefined;
  }

  /** Whether releasing a telephone that refused us needs a second person. */
  wantsApproval = false;

  needsApproval(): boolean {
    return this.wantsApproval;
  }

  creditor(id: string) {
    return [BANK, SHOP].find((one) => one.id === id);
  }

  creditors() {
    return [BANK, SHOP];
  }

  /** Publishes facts to the doors as if they were committed. */
  publish(bodies: readonly FactBody[], given: Partial<Fact> & { agentIds?: AgentId[] } = {}): void {
    const { agentIds = [], ...fields } = given;
    const facts = bodies.map((body): Fact => {
      this.#sequence += 1;
      return { at: this.now(), ...fields, sequence: this.#sequence, body };
    });
    const { epoch } = this;
    this.publisher?.published({ epoch, facts, upTo: this.#sequence, agentIds, campaignIds: [] });
  }

  /** The commands of these kinds, oldest first. */
  ranOf<Kind extends Command['kind']>(...kinds: Kind[]): Extract<Command, { kind: Kind }>[] {
    return this.ran.filter((one) => (kinds as string[]).includes(one.kind)) as never;
  }
}

export function aDesk(given: Partial<DeskState> = {}): DeskState {
  return {
    campaigns: [],
    today: { calls: 0, rightParty: 0, promises: 0, promisedCentavos: 0, talkMs: 0 },
    telephonyUp: true,
    ...given,
  };
}

/** A debtor who owed 1.234,56, now 1.399,87, on contract `CT-778899`. */
export function aDebtorFile(given: Partial<DebtorFile> = {}): DebtorFile {
  return {
    debtor: {
      id: 'debtor_1',
      name: 'Maria da Conceição Souza',
      document: '52998224725',
      birthDate: '1980-03-09',
      emails: ['maria@example.com'],
      addresses: [
        { street: 'Rua das Flores, 10', city: 'Campinas', state: 'SP', postalCode: '13010002' },
      ],
    },
    creditors: [BANK],
    contracts: [
      {
        id: 'contract_1',
        creditorId: BANK.id,
        portfolioId: 'portfolio_1',
        number: 'CT-778899',
        product: 'Cartão',
        instalments: [
          {
            id: 'instalment_1',
            number: '1',
            dueDate: '2026-08-10',
            originalValue: { centavos: 123_456 },
            updatedValue: { centavos: 139_987 },
            computedAt: 1,
            state: 'open',
          },
        ],
      },
    ],
    phones: [
      {
        id: 'phone_1',
        debtorId: 'debtor_1',
        number: '+5511987654321',
        kind: 'mobile',
        source: 'crm',
        collectedAt: 1,
        score: 50,
        status: 'unknown',
        statusAt: 1,
      },
    ],
    promises: [],
    contacts: [
      {
        id: 'contact_1',
        at: 5,
        channel: 'sms',
        direction: 'outbound',
        creditorId: BANK.id,
        source: 'crm',
        result: 'proposta de R$ 1.399,87',
        address: '+5511987654321',
      },
    ],
    readAt: 1,
    ...given,
  };
}

// ── the doors ───────────────────────────────────────────────────────────────────────────────────

export type Ask = {
  readonly as?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Origin header; our own when absent, none when null. */
  readonly origin?: string | null;
};

export type TestDoors = {
  readonly url: string;
  readonly origin: string;
  readonly http: HttpServer;
  readonly gateway: Gateway;
  readonly engine: ScriptedEngine;
  readonly storage: TestStorage;
  readonly folder: string;
  readonly clock: { skipMs: number };
  userId(login: string): UserId;
  /** Signs in once and keeps the cookie for later requests `as` this login. */
  signIn(login: string, password?: string): Promise<Answer>;
  cookieOf(login: string): string;
  ask(method: string, path: string, ask?: Ask): Promise<Answer>;
  /** Connects a page's socket. */
  /** Looks whether users were changed, as the process does every second. */
  readonly people: PeopleWatch;
  connect(namespace: '/agent' | '/supervisor', login: string): Promise<Socket>;
  stop(): Promise<void>;
};

export type DoorsOptions = {
  readonly isDiskFull?: () => boolean;
  readonly noBackUpSince?: () => number | undefined;
  readonly isCheckpointFailing?: () => boolean;
  readonly debtorPhone?: boolean;
  readonly sipUpstreamPort?: number;
  readonly idleMs?: number;
  readonly lifetimeMs?: number;
  readonly webFolder?: string;
  readonly publicOrigins?: readonly string[];
  readonly tls?: { certificateFile: string; keyFile: string; authorityFile: string };
  readonly limits?: Partial<RequestLimits>;
  /** What the live log begins with. */
  readonly earlierLog?: EarlierLog;
  /** Writes what an earlier server left in the store. */
  readonly leftBefore?: (storage: TestStorage) => Promise<void>;
  /** Receives every line of the log; absent when it is not needed. */
  readonly logLine?: (line: string) => void;
};

let passwordHash: Promise<string> | undefined;

export async function openDoors(options: DoorsOptions = {}): Promise<TestDoors> {
  const folder = mkdtempSync(join(tmpdir(), 'cadencia-doors-'));
  const { isDiskFull } = options;
  const storage = await openTestStorage(isDiskFull ? { isDiskFull } : {});
  await insertOperation(storage);
  await options.leftBefore?.(storage);
  const engine = new ScriptedEngine();
  engine.campaigns = await storage.store.read((view) => view.campaigns());
  const users = await insertPeople(storage);
  engine.people = users;
  const clock = { skipMs: 0 };
  const { logLine } = options;
  const log = logLine ? pino({ level: 'trace' }, { write: logLine }) : pino({ level: 'silent' });
  const upstream = { host: '127.0.0.1', port: options.sipUpstreamPort ?? 9, path: '/ws' };
  const people = watchPeople({
    ...{ accounts: storage.accounts, commands: engine },
    onChange: () => gateway.peopleChanged(),
  });
  const http = await createHttpServer({
    web: {
      host: '127.0.0.1',
      port: 0,
      publicOrigins: options.publicOrigins ?? [],
      trustedProxies: [],
      folder: options.webFolder ?? join(folder, 'no-build'),
      ...(options.tls ? { tls: options.tls, authorityFile: options.tls.authorityFile } : {}),
    },
    sessionLimits: {
      idleMs: options.idleMs ?? 3_600_000,
      lifetimeMs: options.lifetimeMs ?? 36_000_000,
    },
    sipUpstream: upstream,
    ...(options.debtorPhone ? { debtorPhone: { ...DEBTOR_PHONE, upstream } } : {}),
    rejectionsFolder: join(folder, 'rejections'),
    ...(options.limits ? { limits: options.limits } : {}),
    secret: 'a secret of this test, long enough',
    version: '0.0.0-test',
    accounts: storage.accounts,
    lists: storage.lists,
    store: storage.scoped,
    commands: engine,
    isCheckpointFailing: options.isCheckpointFailing ?? (() => false),
    noBackUpSince: options.noBackUpSince ?? (() => undefined),
    people,
    queries: engine,
    whatIf: engine,
    log,
    now: () => Date.now() + clock.skipMs,
  });
  const gateway = createGateway({
    httpServer: http.server,
    sessions: http.sessions,
    origins: http.origins,
    addresses: http.addresses,
    connections: http.connections,
    audit: storage.accounts,
    now: () => Date.now() + clock.skipMs,
    commands: engine,
    queries: engine,
    noBackUpSince: options.noBackUpSince ?? (() => undefined),
    headset: { socketPath: SIP_PATH, domain: 'test.invalid' },
    log,
  });
  engine.publisher = gateway;
  gateway.start(options.earlierLog);
  await http.start();
  const { port } = http.server.address() as AddressInfo;
  const ca = options.tls && readFileSync(options.tls.authorityFile);
  const base = {
    ...{ http, gateway, engine, storage, folder, clock, users, people },
    ...(ca ? { ca } : {}),
  };
  const url = `${ca ? 'https' : 'http'}://127.0.0.1:${port}`;
  return assemble(base, url, options.publicOrigins?.[0]);
}

const DEBTOR_PHONE = {
  domain: 'carrier.invalid',
  username: 'debtor',
  password: 'only-for-this-test',
  numbers: ['+5511988880099'],
  people: [],
  operationNumbers: ['+551133330000'],
};

async function insertPeople(storage: TestStorage): Promise<User[]> {
  passwordHash ??= hashPassword(PASSWORD);
  const users: User[] = [];
  for (const [login, role] of Object.entries(PEOPLE)) {
    const id: UserId = `user_${login}`;
    const user: User = {
      ...{ id, login, role, name: login[0]?.toUpperCase() + login.slice(1), enabled: true },
      ...{ mustChangePassword: false, language: null, createdAt: 1 },
    };
    const audit = { at: 1, subject: 'user' as const, subjectId: id, change: 'created' };
    await storage.accounts.insertUser(user, await passwordHash, audit);
    users.push(user);
  }
  return users;
}

type Base = Pick<
  TestDoors,
  'http' | 'gateway' | 'engine' | 'storage' | 'folder' | 'clock' | 'people'
> & {
  readonly users: readonly User[];
  readonly ca?: Buffer;
};

function assemble(base: Base, url: string, publicOrigin: string | undefined): TestDoors {
  const { http, gateway, engine, storage, folder, clock, users, people, ca } = base;
  const cookies = new Map<string, string>();
  const sockets = new Set<Socket>();
  const origin = publicOrigin ?? url;
  const cookieOf = (login: string) => {
    const cookie = cookies.get(login);
    if (!cookie) throw new Error(`${login} is not signed in`);
    return cookie;
  };
  const ask = (method: string, path: string, given: Ask = {}) => {
    const { as, body, headers = {}, origin: from = origin } = given;
    const isRaw = typeof body === 'string' || body instanceof Uint8Array;
    const content = isRaw ? body : body && JSON.stringify(body);
    return send(
      { url: `${url}${path}`, method, body: content, ca },
      {
        ...(as ? { cookie: cookieOf(as) } : {}),
        ...(from === null ? {} : { origin: from }),
        ...(body === undefined || isRaw ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
    );
  };
  return {
    ...{ url, origin, http, gateway, engine, storage, folder, clock, people, cookieOf, ask },
    userId: (login) => users.find((one) => one.login === login)?.id ?? 'user_nobody',
    async signIn(login, password = PASSWORD) {
      const answer = await ask('POST', '/api/session', { body: { login, password } });
      const cookie = answer.headers['set-cookie']?.[0]?.split(';')[0];
      if (answer.status === 200 && cookie) cookies.set(login, cookie);
      return answer;
    },
    async connect(namespace, login) {
      const socket = openSocket(url + namespace, { origin, cookie: cookieOf(login) }, ca);
      sockets.add(socket);
      await connected(socket);
      return socket;
    },
    async stop() {
      for (const socket of sockets) socket.disconnect();
      gateway.stop();
      await http.stop();
      await storage.dispose();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export function openSocket(
  url: string,
  headers: Readonly<Record<string, string>>,
  ca?: Buffer,
): Socket {
  return io(url, {
    ...(ca ? { ca: ca.toString() } : {}),
    transports: ['websocket'],
    extraHeaders: { ...headers },
    reconnection: false,
    forceNew: true,
  });
}

export function connected(socket: Socket): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', reject);
  });
}

/** The next message of this name; fails after two seconds. */
// biome-ignore lint/suspicious/noExplicitAny: tests look into messages of many shapes.
export function next(socket: Socket, name: string, withinMs = 2_000): Promise<any> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`no ${name} came`)), withinMs);
    socket.once(name, (message: unknown) => {
      clearTimeout(late);
      resolve(message);
    });
  });
}

/** Waits until the condition holds, checking often. */
export async function until(isSo: () => boolean, withinMs = 3_000): Promise<void> {
  const end = Date.now() + withinMs;
  while (!isSo()) {
    if (Date.now() > end) throw new Error(`not so within ${withinMs} ms: ${isSo}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
