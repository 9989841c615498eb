import type { Socket } from 'socket.io-client';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { type Desk, deskMessage, fullPop, maskedPop } from '../../src/protocol/agent.ts';
import { say } from '../../src/words/say.ts';
import { aCall, aShift, CONNECTED_AT } from '../support/builders.ts';
import {
  aDebtorFile,
  aDesk,
  connected,
  next,
  openDoors,
  openSocket,
  type TestDoors,
  until,
} from '../support/doors.ts';

let doors: TestDoors;
const opened: Socket[] = [];

beforeAll(async () => {
  doors = await openDoors();
});
afterAll(() => doors.stop());
beforeEach(async () => {
  doors.engine.ran.length = 0;
  doors.engine.answer = () => ({ ok: true });
  doors.engine.desks.clear();
  for (const login of ['ana', 'supervisora', 'admin']) await doors.signIn(login);
});
afterEach(async () => {
  for (const socket of opened.splice(0)) socket.disconnect();
  await new Promise((resolve) => setTimeout(resolve, 50));
});

async function sit(login = 'ana'): Promise<Socket> {
  const socket = await doors.connect('/agent', login);
  opened.push(socket);
  return socket;
}

function send(socket: Socket, command: unknown): Promise<unknown> {
  return socket.timeout(2_000).emitWithAck('command', command);
}

const talking = (given: object = {}) => {
  const call = aCall({ state: 'talking' });
  return aDesk({
    shift: aShift({ activity: 'talking' }),
    campaigns: doors.engine.campaigns.slice(0, 1),
    call: {
      ...{ call, connectedAt: CONNECTED_AT, file: aDebtorFile(), rightPartyConfirmed: false },
      ...{ isCardOpen: true, dispositionMissing: false, ...given },
    },
  });
};

const show = (desk: ReturnType<typeof aDesk>) => {
  doors.engine.desks.set('user_ana', desk);
  doors.engine.publish([], { agentIds: ['user_ana'] });
};

// ── who may connect ─────────────────────────────────────────────────────────────────────────────

test.each([
  ['nobody', () => ({ origin: doors.origin })],
  ['a made-up cookie', () => ({ origin: doors.origin, cookie: 'cadencia=made-up' })],
  ['a foreign page', () => ({ origin: 'https://evil.example', cookie: doors.cookieOf('ana') })],
  ['no page', () => ({ cookie: doors.cookieOf('ana') })],
])('refuses %s', async (_name, headers) => {
  const socket = openSocket(`${doors.url}/agent`, headers() as Record<string, string>);
  await expect(connected(socket)).rejects.toThrow();
  socket.disconnect();
});

test('refuses an admin as an agent, and an agent on the board', async () => {
  await expect(doors.connect('/agent', 'admin')).rejects.toThrow('role-not-allowed');
  await expect(doors.connect('/supervisor', 'ana')).rejects.toThrow('role-not-allowed');
});

// ── commands ────────────────────────────────────────────────────────────────────────────────────

test('hands a command to the engine in the name of its agent, and its answer back', async () => {
  const socket = await sit();
  expect(await send(socket, { kind: 'go-available' })).toEqual({ ok: true });
  doors.engine.answer = () => ({ ok: false, code: 'not-now', detail: say('call-in-hand') });
  const answer = await send(socket, { kind: 'pause', reason: 'rest' });
  expect(answer).toEqual({ ok: false, code: 'not-now', detail: 'There is a call in hand.' });
  expect(doors.engine.ranOf('go-available', 'pause')).toEqual([
    { kind: 'go-available', agentId: 'user_ana' },
    { kind: 'pause', agentId: 'user_ana', reason: 'rest' },
  ]);
});

test('gives the headset its credentials when the shift is opened', async () => {
  doors.engine.answer = () => ({
    ok: true,
    headset: { headsetId: 'headset_1', username: 'headset_1', password: 'for one shift' },
  });
  const socket = await sit();
  expect(await send(socket, { kind: 'open-shift', pageId: 'page-1234' })).toEqual({
    ok: true,
    headset: {
      ...{ socketPath: '/sip', domain: 'test.invalid', target: 'sip:headset@test.invalid' },
      ...{ username: 'headset_1', password: 'for one shift' },
    },
  });
});

test('takes what the agent has typed, and sends it back with the desk', async () => {
  const socket = await sit();
  const form = {
    ...{ promiseValue: '12,', confirmedValue: '', promiseDate: '5/1' },
    ...{ callbackDate: '', callbackHour: '' },
  };
  const draft = { revision: 3, code: 'promise', note: 'paga dia', form };
  const keep = { kind: 'keep-draft', callId: 'call_1', draft };
  expect(await send(socket, keep)).toEqual({ ok: true });
  expect(doors.engine.ranOf('keep-draft')).toEqual([{ agentId: 'user_ana', ...keep }]);
  const coming = next(socket, 'desk');
  show(talking({ draft: { ...draft, agentId: 'user_ana', at: CONNECTED_AT } }));
  expect((await coming).desk.call?.draft).toEqual(draft);
});

test.each<[string, object]>([
  ['a longer note', { note: 'a'.repeat(2_001) }],
  ['a longer field', { form: { promiseValue: '1'.repeat(41) } }],
  ['no revision', { revision: 0 }],
  ['something else', { mood: 'good' }],
])('takes no draft with %s', async (_what, { form, ...change }: { form?: object }) => {
  const socket = await sit();
  const fields = {
    ...{ promiseValue: '', confirmedValue: '', promiseDate: '' },
    ...{ callbackDate: '', callbackHour: '' },
  };
  const draft = { revision: 1, note: '', ...change, form: { ...fields, ...form } };
  expect(await send(socket, { kind: 'keep-draft', callId: 'call_1', draft })).toMatchObject({
    code: 'malformed-request',
  });
  expect(doors.engine.ranOf('keep-draft')).toEqual([]);
});

test('keeps the form of a disposition', async () => {
  const socket = await sit();
  const promise = { valueCentavos: 10_000, dueDate: '2026-12-01' };
  await send(socket, {
    ...{
      kind: 'dispose',
      callId: 'call_1',
      code: 'promise',
      note: 'paga dia 1',
      form: { promise },
    },
  });
  expect(doors.engine.ranOf('dispose')).toEqual([
    {
      address: '127.0.0.1',
      ...{ kind: 'dispose', agentId: 'user_ana', callId: 'call_1', code: 'promise' },
      ...{ note: 'paga dia 1', form: { promise } },
    },
  ]);
});

test('refuses a promise due on a day that no calendar has, however often it is sent', async () => {
  const socket = await sit();
  const dispose = { kind: 'dispose', callId: 'call_1', code: 'promise' };
  const days = ['2026-12-32', '2026-13-01', '2026-12-00', '2026-11-31', '2027-02-30'];
  for (let times = 0; times < 9; times += 1) {
    const form = { promise: { valueCentavos: 10_000, dueDate: days[times % days.length] } };
    expect(await send(socket, { ...dispose, form })).toMatchObject({
      ok: false,
      code: 'malformed-request',
    });
  }
  expect(doors.engine.ranOf('dispose')).toEqual([]);
});

test.each([
  ['nothing', undefined],
  ['a text', 'go-available'],
  ['an unknown kind', { kind: 'screen-lost' }],
  ['another agent', { kind: 'go-available', agentId: 'user_bruno' }],
  ['a call that is no id', { kind: 'hang-up', callId: "1' or 1=1" }],
  ['a pause that nobody may choose', { kind: 'pause', reason: 'by-supervisor' }],
  ['a note of a book', { kind: 'dispose', callId: 'call_1', code: 'x', note: 'x'.repeat(2_001) }],
])('answers %s as malformed', async (_name, command) => {
  const socket = await sit();
  expect(await send(socket, command)).toMatchObject({ ok: false, code: 'malformed-request' });
  const kinds = doors.engine.ran.map((one) => one.kind);
  expect(kinds.filter((kind) => kind !== 'screen-connected')).toEqual([]);
});

test('answers messages it does not know, and outlives those that are no messages at all', async () => {
  const socket = await sit();
  const answer = await socket.timeout(2_000).emitWithAck('sudo', 'rm');
  expect(answer).toMatchObject({ ok: false, code: 'malformed-request' });
  socket.emit('command');
  socket.emit('command', { kind: 'go-available' });
  socket.emit('command', null, 7, []);
  expect(await send(socket, { kind: 'go-available' })).toEqual({ ok: true });
});

test('limits a page that sends commands without end', async () => {
  const socket = await sit();
  const answers = await Promise.all(
    Array.from({ length: 60 }, () => send(socket, { kind: 'go-available' })),
  );
  const refused = answers.filter((one) => !(one as { ok: boolean }).ok);
  expect(refused.length).toBeGreaterThan(30);
  expect(refused[0]).toMatchObject({ code: 'too-many-requests' });
});

test('a command that fails inside is answered as our mistake', async () => {
  const socket = await sit();
  doors.engine.answer = () => Promise.reject(new Error('secret detail'));
  const answer = await send(socket, { kind: 'go-available' });
  expect(answer).toMatchObject({ ok: false, code: 'mistake' });
  expect(JSON.stringify(answer)).not.toContain('secret detail');
});

// ── the desk ────────────────────────────────────────────────────────────────────────────────────

test('sends the whole desk on connecting and after each change', async () => {
  doors.engine.desks.set('user_ana', aDesk({ shift: aShift({ activity: 'available' }) }));
  const socket = openSocket(`${doors.url}/agent`, {
    ...{ origin: doors.origin, cookie: doors.cookieOf('ana') },
  });
  opened.push(socket);
  const first = deskMessage.parse(await next(socket, 'desk'));
  expect(first.desk.shift?.activity.kind).toBe('available');
  const second = next(socket, 'desk');
  show(talking());
  const message = deskMessage.parse(await second);
  expect(message).toMatchObject({ epoch: 'epoch-1', upTo: doors.engine.upTo() });
  expect(message.desk.call).toMatchObject({
    ...{ state: 'talking', phone: '(11) 98765-4321', rightPartyConfirmed: false, ending: null },
  });
});

test('offers the dispositions of the catalog with keys, groups and forms', async () => {
  const socket = await sit();
  const coming = next(socket, 'desk');
  show(talking());
  const { dispositions }: Desk = (await coming).desk;
  expect(dispositions.length).toBeGreaterThan(9);
  expect(dispositions.map((one) => one.key).slice(0, 10)).toEqual([
    ...[1, 2, 3, 4, 5, 6, 7, 8, 9, null],
  ]);
  expect(dispositions.find((one) => one.code === 'promise')).toMatchObject({
    ...{ group: 'right-party', needsRightParty: true, form: 'promise', wrapUpMs: 60_000 },
  });
  expect(dispositions.find((one) => one.code === 'machine')?.group).toBe('nobody');
  expect(dispositions.find((one) => one.code === 'wrong-number')?.group).toBe('third-party');
  expect(dispositions.map((one) => one.code)).not.toContain('busy');
});

test('pops before the desk, in the same turn as the change', async () => {
  const socket = await sit();
  const order: string[] = [];
  socket.onAny((name: string) => order.push(name));
  await until(() => doors.engine.ranOf('screen-connected').length > 0);
  await new Promise((resolve) => setTimeout(resolve, 50));
  order.length = 0;
  const startedAt = performance.now();
  const coming = next(socket, 'pop');
  show(talking());
  await coming;
  const tookMs = performance.now() - startedAt;
  await until(() => order.length === 2);
  expect(order).toEqual(['pop', 'desk']);
  expect(tookMs).toBeLessThan(100);
  // Not again for the same call.
  doors.engine.publish([], { agentIds: ['user_ana'] });
  await until(() => order.length === 3);
  expect(order[2]).toBe('desk');
});

test('does not pop before the call is connected to the agent', async () => {
  const socket = await sit();
  const names: string[] = [];
  socket.onAny((name: string) => names.push(name));
  const desk = talking();
  const { connectedAt: _, ...waiting } = desk.call ?? ({} as never);
  const coming = next(socket, 'desk');
  show({ ...desk, call: waiting as never });
  await coming;
  expect(names).not.toContain('pop');
});

test('sends the debts only after the right party was confirmed', async () => {
  const socket = await sit();
  const first = next(socket, 'pop');
  show(talking());
  expect(maskedPop.parse(await first)).toEqual({
    ...{ stage: 'masked', callId: 'call_1', campaignId: 'campaign_1' },
    ...{ debtorName: 'Maria da Conceição Souza', document: '***.982.247-**' },
    ...{ dialedPhone: '(11) 98765-4321', dialedExtension: null, creditors: ['Banco Aroeira'] },
    ...{ script: '', place: 'Campinas, SP' },
  });
  const second = next(socket, 'pop');
  show(talking({ rightPartyConfirmed: true }));
  const full = fullPop.parse(await second);
  expect(full.debtor).toMatchObject({ document: '529.982.247-25', birthDate: '1980-03-09' });
  expect(full.totals).toEqual({
    ...{ originalCentavos: 123_456, updatedCentavos: 139_987, openInstalments: 1 },
    oldestDueDate: '2026-08-10',
  });
  expect(full.contracts[0]?.instalments[0]?.daysPastDue).toBeGreaterThan(0);
  expect(full.phones[0]?.dialedNow).toBe(true);
  expect(full.timeline[0]?.address).toBe('(11) 98765-4321');
  expect(full.debtor.addresses).toEqual(['Rua das Flores, 10, Campinas, SP, 13010-002']);
});

test('fills the script for the agent, the debtor and the debtor’s local hour', async () => {
  const said = '{Saudacao}, aqui é {agente}. Falo com {devedor}? Pode me dizer {confirmacao}?';
  const { campaigns } = doors.engine;
  doors.engine.campaigns = campaigns.map((one) => ({ ...one, script: said }));
  const socket = await sit();
  const coming = next(socket, 'pop');
  // Noon in Manaus is one in the afternoon in São Paulo.
  const connectedAt = Date.parse('2026-11-23T11:59:00-04:00');
  const call = aCall({ state: 'talking', phone: '+5592987654321' });
  const { debtor } = aDebtorFile();
  const addresses = [{ city: 'Manaus', state: 'AM', postalCode: '69005-010' }];
  show(talking({ call, connectedAt, file: aDebtorFile({ debtor: { ...debtor, addresses } }) }));
  const { script } = maskedPop.parse(await coming);
  doors.engine.campaigns = campaigns;
  const name = doors.engine.person('user_ana')?.name;
  expect(name).toBeTruthy();
  expect(script).toBe(
    `Bom dia, aqui é ${name}. Falo com Maria da Conceição Souza? ` +
      'Pode me dizer os três primeiros números do CPF e o dia e o mês em que nasceu?',
  );
});

test('clears the screen of one debtor before the next, and at the end of the shift', async () => {
  const socket = await sit();
  const names: string[] = [];
  socket.onAny((name: string, value: { callId?: string }) => names.push(`${name} ${value.callId}`));
  show(talking());
  const other = talking();
  const call = { ...other.call, call: aCall({ state: 'talking', id: 'call_2' }) };
  show({ ...other, call } as typeof other);
  show(aDesk({ shift: aShift({ activity: 'ended' }), call } as never));
  await until(() => names.includes('pop-cleared call_2'));
  expect(names.filter((name) => name.startsWith('pop'))).toEqual([
    ...['pop call_1', 'pop-cleared call_1', 'pop call_2', 'pop-cleared call_2'],
  ]);
});

/** Everything that comes over the wire, as text. */
async function rawFrames(): Promise<{ frames: string[]; socket: WebSocket }> {
  const url = `${doors.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`;
  const socket = new WebSocket(url, {
    headers: { origin: doors.origin, cookie: doors.cookieOf('ana') },
  });
  const frames: string[] = [];
  socket.on('message', (data) => {
    const text = String(data);
    frames.push(text);
    if (text.startsWith('0')) socket.send('40/agent,');
    if (text === '2') socket.send('3');
  });
  await until(() => frames.some((frame) => frame.includes('"desk"')));
  return { frames, socket };
}

test('no frame before the confirmation holds an amount, a contract or the whole document', async () => {
  const { frames, socket } = await rawFrames();
  show(talking());
  doors.engine.publish([], { agentIds: ['user_ana'] });
  await until(() => frames.filter((frame) => frame.includes('"desk"')).length >= 3);
  const before = frames.join('\n');
  expect(before).toContain('Maria da Conceição Souza');
  for (const secret of ['123456', '139987', '1.399', 'CT-778899', '52998224725', '1980-03-09']) {
    expect(before).not.toContain(secret);
  }
  expect(before).not.toContain('maria@example.com');
  show(talking({ rightPartyConfirmed: true }));
  await until(() => frames.some((frame) => frame.includes('CT-778899')));
  expect(frames.join('\n')).toContain('139987');
  socket.terminate();
});

// ── coming and going ────────────────────────────────────────────────────────────────────────────

const presence = () => doors.engine.ranOf('screen-connected', 'screen-lost').map((one) => one.kind);

test('tells the engine of a closed page at once', async () => {
  const socket = await sit();
  await until(() => presence().length === 1);
  const startedAt = performance.now();
  socket.disconnect();
  await until(() => presence().length === 2);
  expect(presence()).toEqual(['screen-connected', 'screen-lost']);
  expect(performance.now() - startedAt).toBeLessThan(500);
});

test('notices within six seconds that the network was cut', async () => {
  const { socket } = await rawFrames();
  await until(() => presence().length === 1);
  // From here on nothing is read and nothing answered, as with a pulled cable.
  (socket as unknown as { _socket: { pause(): void } })._socket.pause();
  socket.removeAllListeners('message');
  const startedAt = performance.now();
  await until(() => presence().includes('screen-lost'), 7_000);
  expect(performance.now() - startedAt).toBeLessThan(6_000);
  socket.terminate();
});

test('the newest page takes over, and the agent was never away', async () => {
  const first = await sit();
  await until(() => presence().length === 1);
  const told = next(first, 'taken-over');
  const second = await sit();
  await told;
  await until(() => !first.connected);
  expect(second.connected).toBe(true);
  const coming = next(second, 'desk');
  doors.engine.publish([], { agentIds: ['user_ana'] });
  await coming;
  expect(presence()).toEqual(['screen-connected']);
});

test('says again what a full inbox did not take', async () => {
  let refusals = 2;
  doors.engine.answer = ({ kind }) => {
    refusals -= kind === 'screen-lost' ? 1 : 0;
    const isRefused = kind === 'screen-lost' && refusals >= 0;
    return isRefused
      ? { ok: false, code: 'server-busy', detail: say('again-in-a-second') }
      : { ok: true };
  };
  const socket = await sit();
  socket.disconnect();
  await until(() => doors.engine.ranOf('screen-lost').length === 3);
});

test('signs the page out when its session ends elsewhere', async () => {
  const socket = await sit();
  const told = next(socket, 'signed-out');
  await doors.ask('DELETE', '/api/session', { as: 'ana' });
  await told;
  await until(() => !socket.connected);
  await expect(doors.connect('/agent', 'ana')).rejects.toThrow();
});

test('signs the page out when its user is disabled', async () => {
  const socket = await sit();
  const told = next(socket, 'signed-out');
  const body = { enabled: false };
  await doors.ask('PATCH', '/api/users/user_ana', { as: 'admin', body });
  await told;
  await doors.ask('PATCH', '/api/users/user_ana', { as: 'admin', body: { enabled: true } });
});

test('queues nothing for a browser that does not read, and redraws it once it does', async () => {
  const { frames, socket } = await rawFrames();
  const inner = (socket as unknown as { _socket: { pause(): void; resume(): void } })._socket;
  const desk = talking();
  const campaigns = [{ ...doors.engine.campaigns[0], name: 'x'.repeat(200_000) }] as never;
  inner.pause();
  const before = process.memoryUsage().heapUsed + process.memoryUsage().external;
  for (let turn = 1; turn <= 300; turn += 1) {
    doors.engine.desks.set('user_ana', {
      ...{ ...desk, campaigns, today: { ...desk.today, calls: turn } },
    });
    doors.engine.publish([], { agentIds: ['user_ana'] });
    await new Promise((resolve) => setImmediate(resolve));
  }
  const grown = process.memoryUsage().heapUsed + process.memoryUsage().external - before;
  // Kept, they would be 60 MB.
  expect(grown).toBeLessThan(30_000_000);
  inner.resume();
  await until(() => frames.some((frame) => frame.includes('"calls":300')));
  expect(frames.filter((frame) => frame.includes('"calls":')).length).toBeLessThan(100);
  socket.terminate();
});
