/**
 * Sends odd values to every command of every role and every route of the API: each gets our answer,
 * none causes a mistake, and refused ones store nothing. Commands and routes come from the schemas
 * and the routes themselves, so new ones are included.
 */
import fc from 'fast-check';
import { Socket as ServerSocket } from 'socket.io';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { DISPOSITIONS } from '../../src/domain/dispositions/catalog.ts';
import type { Route } from '../../src/http/route.ts';
import { given } from '../../src/lib/given.ts';
import { DAY_MS, localTime } from '../../src/lib/time.ts';
import { agentCommand } from '../../src/protocol/agent.ts';
import { personWho, UNWANTED } from '../../src/simulator/behaviours.ts';
import { ZONE } from '../../src/simulator/operation.ts';
import { saidBy } from '../../src/simulator/said-by.ts';
import { AgentScenes, SCENES } from '../support/agent-scenes.ts';
import {
  changed,
  type Json,
  oddTexts,
  rightValues,
  type Vocabulary,
  written,
} from '../support/odd-values.ts';
import { RawSocket } from '../support/raw-socket.ts';
import { openRealDoors, PASSWORD, type RealDoors, type Who } from '../support/real-doors.ts';
import { type Onlooker, watchRows } from '../support/stored-rows.ts';

/** `RUNS=50000 SEED=7` for a long run, which also prints counts of the answers. */
const RUNS = Number(process.env.RUNS ?? 250);
const SEED = Number(process.env.SEED ?? 91);

const DEBTORS = 300;

let doors: RealDoors;
let onlooker: Onlooker;
let desk: RawSocket;
let board: RawSocket;
let scenes: AgentScenes;
/** What the server listens for, by namespace. */
const listened = new Map<string, Set<string>>();
/** How often what was answered how. */
const answers = new Map<string, Map<string, number>>();

beforeAll(async () => {
  const on = ServerSocket.prototype.on;
  vi.spyOn(ServerSocket.prototype, 'on').mockImplementation(function (
    this: ServerSocket,
    ...[name, listener]: Parameters<typeof on>
  ) {
    const names = listened.get(this.nsp.name) ?? new Set();
    listened.set(this.nsp.name, names.add(String(name)));
    return on.call(this, name, listener);
  });
  // The doors' rate limits use real time, so each look at the clock is a second later.
  const realNow = performance.now.bind(performance);
  let skippedMs = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => {
    skippedMs += 1_000;
    return realNow() + skippedMs;
  });
  doors = await openRealDoors({
    agents: 3,
    debtors: DEBTORS,
    // The campaign may call at every hour.
    profileId: 'demonstration',
    behaviour: ({ phone }) => (phone.endsWith('17') ? UNWANTED : personWho(1_000, 3_600_000)),
    campaign: { knownVoiceAllowed: true },
    approvalNeededFor: ['release-unwanted'],
  });
  onlooker = watchRows(doors.world.file());
  desk = new RawSocket(doors, '/agent', 'agent1');
  scenes = new AgentScenes(doors, desk, DEBTORS);
  board = new RawSocket(doors, '/supervisor', 'supervisor');
});
afterAll(async () => {
  vi.restoreAllMocks();
  desk?.close();
  board?.close();
  onlooker?.close();
  await doors?.stop();
});

// ── the world at the moment of sending ──────────────────────────────────────────────────────────

/** The newest of each kind that an id may be of. */
const NEWEST: Readonly<Record<string, string>> = {
  token: "select id from api_token where id <> 'token_crm' order by rowid desc limit 1",
  list: 'select id from list order by rowid desc limit 1',
  approval: 'select id from approval order by rowid desc limit 1',
  block: 'select id from block order by rowid desc limit 1',
  undisposed: 'select call_id as id from undisposed_call order by rowid desc limit 1',
};

function mark(name: string): string {
  const { world } = doors;
  const { call } = world.engine.desk('user_agent1');
  const said = call?.file ? saidBy(call.file.debtor) : undefined;
  switch (name) {
    case 'now':
      return String(world.clock.now());
    case 'call':
    case 'ended':
      return call?.call.id ?? 'call_of-nobody';
    case 'birth-day':
    case 'postal-code':
      return (said?.by === 'answers' ? said.answers[name] : undefined) ?? '01/01';
    case 'tomorrow':
      return localTime(world.clock.now() + DAY_MS, ZONE).date;
    default:
      return world.query<{ id: string }>(NEWEST[name] ?? 'unknown mark')[0]?.id ?? 'call_of-nobody';
  }
}

// ── what is sent ────────────────────────────────────────────────────────────────────────────────

const ROW: Json = {
  id: 'CRM-900001',
  nome: 'Josefa Antunes Prado',
  cpf: '39053344705',
  nascimento: '1979-05-21',
  cep: '13010-111',
  uf: 'SP',
  email: 'josefa@example.com',
  telefones: [{ numero: '(19) 98111-2233', origem: 'crm', score: 70 }, '1932334455'],
  contratos: [
    {
      numero: 'K-1',
      produto: 'Cartão',
      parcelas: [
        { numero: '1', vencimento: '2026-09-10', valor: 150.5, valor_atualizado: '171,20' },
      ],
    },
  ],
  prioridade: 40,
};
const FILE = [
  ['id', 'nome', 'cpf', 'nascimento', 'cep', 'fone1', 'fone2', 'contrato', 'vencimento', 'valor'],
  [
    'CRM-7',
    'Josefa Antunes Prado',
    '39053344705',
    '21/05/1979',
    '13010-111',
    '(19) 98111-2233',
    '',
    'K-2',
    '10/09/2026',
    '150,50',
  ],
  [
    'CRM-8',
    'Raimundo Teles Brito',
    '',
    '',
    '',
    '19 98111-2244',
    '1932334466',
    'K-3',
    '10/08/2026',
    '1.150,50',
  ],
];

/** Of texts whose form no schema tells. */
const WORDS: Vocabulary = {
  callId: fc.constantFrom('@call@', '@call@', 'call_of-nobody'),
  code: fc.constantFrom(...DISPOSITIONS.map(({ code }) => code)),
  dueDate: fc.constantFrom('@tomorrow@', '2026-11-27', '2027-01-04'),
  'birth-day': fc.constantFrom('@birth-day@', '31/12'),
  'postal-code': fc.constantFrom('@postal-code@', '13010-111'),
  login: fc.constantFrom('supervisor', 'outra.pessoa', 'nova.pessoa'),
  password: fc.constantFrom(PASSWORD, 'senha-errada'),
  currentPassword: fc.constantFrom(PASSWORD, 'senha-errada'),
  newPassword: fc.constant('outra senha de teste'),
  rows: fc.constant([ROW]),
  column: fc.constantFrom('cpf=ignore', ['fone1=phone', 'cep=ignore'], []),
  areaCode: fc.constantFrom('11', '19'),
  userId: fc.constantFrom('user_agent1', 'user_admin'),
  from: fc.constantFrom(0, 1_795_438_800_000),
  before: fc.constantFrom(1, 1_795_538_800_000),
  olderThanId: fc.constantFrom(0, 1_000),
};

/** Whose id stands behind this word of a path. */
const IDS: Readonly<Record<string, readonly string[]>> = {
  campaigns: ['campaign_varejo'],
  agents: ['user_agent1', 'user_agent2'],
  users: ['user_agent3', 'user_agent1', 'user_admin', 'user_supervisor'],
  tokens: ['@token@'],
  lists: ['@list@'],
  calls: ['@call@', '@undisposed@'],
  unwanted: ['@block@'],
  approvals: ['@approval@'],
};

type Step =
  | {
      readonly door: 'socket';
      readonly event: string;
      readonly namespace: string;
      readonly kind: string;
      readonly values: readonly Json[];
    }
  | {
      readonly door: 'http';
      readonly who: Who;
      readonly method: string;
      readonly path: string;
      readonly target: readonly Json[];
      readonly query: Json;
      readonly body: Json | undefined;
      readonly file: readonly (readonly string[])[] | undefined;
      readonly key: string | undefined;
    };

function commandsToSend(isOdd: boolean): fc.Arbitrary<Step>[] {
  const odd = (right: fc.Arbitrary<Json>) => (isOdd ? changed(right) : right);
  const own = agentCommand.options.map((option) =>
    odd(rightValues(option, WORDS)).map((value): Step => {
      const [kind = ''] = [...option.shape.kind.values];
      return { door: 'socket', namespace: '/agent', event: 'command', kind, values: [value] };
    }),
  );
  const others = [...listened].flatMap(([namespace, names]) =>
    [...names]
      .filter((name) => !['disconnect', 'error', 'command'].includes(name))
      .map((event) =>
        fc
          .array(odd(fc.constant({})), { maxLength: isOdd ? 2 : 0 })
          .map((values): Step => ({ door: 'socket', namespace, event, kind: event, values })),
      ),
  );
  return [...own, ...others];
}

function requestsToSend(route: Route, isOdd: boolean): fc.Arbitrary<Step> {
  const odd = (right: fc.Arbitrary<Json>) => (isOdd ? changed(right) : right);
  const words = [...route.path.matchAll(/([^/]+)\/:\w+/g)].map(([, word = '']) => {
    const known = IDS[word];
    if (!known) throw new Error(`say whose id stands in ${route.path} behind "${word}": IDS`);
    return fc.oneof(
      { arbitrary: fc.constantFrom<Json>(...known), weight: 5 },
      { arbitrary: isOdd ? oddTexts : fc.constantFrom<Json>(...known), weight: 1 },
    );
  });
  const cells = FILE.map((row) =>
    fc.tuple(
      ...row.map((cell) =>
        isOdd
          ? fc.oneof(
              { arbitrary: fc.constant(cell), weight: 9 },
              { arbitrary: oddTexts, weight: 1 },
            )
          : fc.constant(cell),
      ),
    ),
  );
  return fc.record({
    door: fc.constant('http' as const),
    who: isOdd ? anyone(route) : fc.constantFrom(...mayCall(route)),
    method: fc.constant(route.method),
    path: fc.constant(route.path),
    target: fc.tuple(...words) as fc.Arbitrary<Json[]>,
    query: route.query ? odd(rightValues(route.query, WORDS)) : fc.constant({}),
    body: route.body ? odd(rightValues(route.body, WORDS)) : fc.constant(undefined),
    file: route.bodyStream
      ? (fc.tuple(...cells) as fc.Arbitrary<string[][]>)
      : fc.constant(undefined),
    key: fc.option(isOdd ? fc.constantFrom('k1', 'k2', '', 'x'.repeat(201)) : fc.constant('k1'), {
      nil: undefined,
      freq: 1,
    }),
  });
}

function mayCall({ access }: Route): Who[] {
  if (access === 'public') return ['stranger', 'admin'];
  const people = access.roles.map((role): Who => (role === 'agent' ? 'agent1' : role));
  return access.scope ? [...people, 'crm'] : people;
}

function anyone(route: Route): fc.Arbitrary<Who> {
  return fc.oneof(
    { arbitrary: fc.constantFrom(...mayCall(route)), weight: 6 },
    {
      arbitrary: fc.constantFrom<Who>('admin', 'supervisor', 'agent1', 'crm', 'stranger'),
      weight: 1,
    },
  );
}

/** As bytes of a URL; half a surrogate becomes what UTF-8 has for it. */
function percent(value: Json): string {
  const json = written(value, mark);
  const text: string = json.startsWith('"') ? JSON.parse(json) : json;
  return [...Buffer.from(text, 'utf8')]
    .map((byte) => `%${byte.toString(16).padStart(2, '0')}`)
    .join('');
}

function targetOf({ path, target, query }: Extract<Step, { door: 'http' }>): string {
  let next = 0;
  const filled = path.replace(/:\w+/g, () => {
    next += 1;
    return percent(target[next - 1] ?? 'x');
  });
  const pairs =
    typeof query === 'object' && query !== null
      ? Object.entries(query).flatMap(([name, value]) =>
          [value].flat().map((one) => `${percent(name)}=${percent(one as Json)}`),
        )
      : [percent(query)];
  return `${filled}?${pairs.slice(0, 100).join('&').slice(0, 8_000)}`;
}

type Told = { readonly what: string; readonly isRefused: boolean; readonly code: string };

async function tell(step: Step): Promise<Told> {
  if (step.door === 'socket') {
    const { event, kind, namespace, values } = step;
    const socket = namespace === '/agent' ? desk : board;
    const sent = values.map((one) => written(one, mark));
    const answer = await socket.send(event, ...sent);
    const what = `${namespace} ${kind}`;
    // More than a message may have, or more than a parser takes: the connection ends.
    if (answer === undefined) return { what, isRefused: true, code: 'closed' };
    const read = JSON.parse(answer) as { ok?: boolean; code?: string };
    const isRefused = read.ok === false;
    return { what, isRefused, code: isRefused ? String(read.code) : 'ok' };
  }
  const { who, method, path, body, file, key } = step;
  const text = file
    ? file.map((row) => row.join(';')).join('\r\n')
    : body === undefined
      ? undefined
      : written(body, mark);
  const answer = await doors.ask(who, method, targetOf(step), text, {
    ...(file ? { 'content-type': 'text/csv' } : {}),
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    ...given({ 'idempotency-key': key }),
  });
  const isRefused = answer.status >= 400;
  const code = isRefused ? String(answer.json?.code ?? answer.status) : 'ok';
  // A machine that is slow for a moment says so of its health.
  const isHealth = answer.status === 503 && Array.isArray(answer.json?.problems);
  expect(answer.status < 500 || isHealth, `${answer.status} ${answer.text}`).toBe(true);
  return { what: `${method} ${path}`, isRefused, code };
}

/** What a refusal stores nevertheless, because storing it is its purpose. */
function mayStore(code: string, row: string): boolean {
  if (code === 'evidence-wrong' || code === 'third-party-call')
    return /^[+-] (fact|call|shift) /.test(row);
  return false;
}

async function expectAnAnswer(step: Step): Promise<Told> {
  await doors.headersOf(step.door === 'http' ? step.who : 'agent1');
  await desk.join();
  onlooker.begin();
  const told = await tell(step);
  const { world } = doors;
  await world.engine.settled();
  const ofWhat = answers.get(told.what) ?? new Map<string, number>();
  answers.set(told.what, ofWhat.set(told.code, (ofWhat.get(told.code) ?? 0) + 1));
  expect(told.code).not.toBe('mistake');
  expect(world.fatal).toBeUndefined();
  expect(world.engine.health().mistakes).toEqual({});
  expect(doors.complaints).toEqual([]);
  if (!told.isRefused) {
    await world.pass(10);
    return told;
  }
  const stored = onlooker.stored();
  expect(
    stored.filter((row) => !mayStore(told.code, row)),
    told.code,
  ).toEqual([]);
  return told;
}

// ── the tests ───────────────────────────────────────────────────────────────────────────────────

test('each command and route accepts a valid example generated from its own schema', async () => {
  await scenes.comeTo('talking');
  await board.join();
  expect([...listened.keys()].sort()).toEqual(['/agent', '/supervisor']);
  const all = [
    ...commandsToSend(false),
    ...doors.http.routes.map((route) => requestsToSend(route, false)),
  ];
  for (const right of all) {
    for (const step of fc.sample(right, { numRuns: 5, seed: SEED })) {
      await scenes.comeTo('talking');
      const { code, what } = await expectAnAnswer(step);
      expect(code, `${what} ${JSON.stringify(step)}`).not.toBe('malformed-request');
    }
  }
}, 120_000);

test(
  'odd values cause no mistake, and refused ones store nothing',
  async () => {
    await board.join();
    await desk.join();
    const steps = [
      ...commandsToSend(true),
      ...doors.http.routes.map((route) => requestsToSend(route, true)),
    ];
    const run = fc.record({
      scene: fc.option(fc.constantFrom(...SCENES), { nil: undefined, freq: 3 }),
      step: fc.oneof(...steps),
    });
    await fc.assert(
      fc.asyncProperty(run, async ({ scene, step }) => {
        if (scene) await scenes.comeTo(scene);
        await expectAnAnswer(step);
      }),
      { numRuns: RUNS, seed: SEED, endOnFailure: true },
    );
    await scenes.comeTo('talking');
    expect(await doors.world.dispose(1, 'third-party')).toEqual({ ok: true });
    expect((await doors.ask('admin', 'GET', '/health')).json).toMatchObject({ mistakes: {} });
    if (process.env.RUNS) {
      for (const [what, codes] of [...answers].sort()) console.log(what, Object.fromEntries(codes));
    }
  },
  Math.max(120_000, RUNS * 200),
);
