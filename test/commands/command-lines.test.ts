import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { importFile } from '../../src/commands/import-leads.ts';
import { runUserCommand } from '../../src/commands/user.ts';
import { openStorage } from '../../src/storage/store.ts';
import { next, openDoors, PASSWORD, type TestDoors } from '../support/doors.ts';
import { BANK, SHOP } from '../support/store.ts';

const ROOT = new URL('../..', import.meta.url).pathname;

let doors: TestDoors;

beforeAll(async () => {
  doors = await openDoors();
});
afterAll(() => doors.stop());

const user = (
  words: string[],
  options: { name?: string; role?: string; creditor?: string[] } = {},
) => runUserCommand(doors.storage, words, options, Date.now());

const passwordIn = (text: string) => /password (\S+)/.exec(text)?.[1] ?? '';

test('adds a user beside the running server, who signs in and chooses a password', async () => {
  const told = await user(['add', 'carla'], { name: 'Carla Dias', role: 'agent' });
  const answer = await doors.signIn('carla', passwordIn(told));
  expect(answer.json.user).toMatchObject({ login: 'carla', mustChangePassword: true });
  await expect(user(['add', 'carla'], { name: 'Carla Dias', role: 'agent' })).rejects.toThrow(
    'login already',
  );
  await expect(user(['add', 'X'], { name: 'X', role: 'boss' })).rejects.toThrow('role');
});

test('resets a password and ends the sessions under the old one', async () => {
  await doors.signIn('bruno');
  const told = await user(['reset', 'BRUNO']);
  expect((await doors.ask('GET', '/api/session', { as: 'bruno' })).status).toBe(401);
  expect((await doors.signIn('bruno', PASSWORD)).status).toBe(401);
  expect((await doors.signIn('bruno', passwordIn(told))).status).toBe(200);
});

test('a user disabled by another process loses the live page at the next check', async () => {
  await doors.signIn('ana');
  const socket = await doors.connect('/agent', 'ana');
  const told = next(socket, 'signed-out', 8_000);
  await user(['disable', 'ana']);
  await told;
  expect(await user(['list'])).toContain('DISABLED Ana');
  await user(['enable', 'ana']);
  expect((await doors.signIn('ana')).status).toBe(200);
  await expect(user(['disable', 'nobody'])).rejects.toThrow('no user "nobody"');
});

test('a role changed from the command line gives the same audit row as one changed on the page', async () => {
  await user(['add', 'dora'], { name: 'Dora Pires', role: 'agent' });
  await user(['role', 'dora'], { role: 'supervisor' });
  const [newest] = await doors.storage.store.read((view) => view.auditEntries(1));
  expect(newest).toMatchObject({
    change: 'changed',
    from: JSON.stringify({ name: 'Dora Pires', role: 'agent', enabled: true }),
    to: JSON.stringify({ name: 'Dora Pires', role: 'supervisor', enabled: true }),
  });
});

test('limits an account to creditors by name or id, signs it out, and lifts the limit', async () => {
  await doors.signIn('supervisora');
  const told = await user(['limit', 'supervisora'], {
    creditor: [BANK.name.toUpperCase(), SHOP.id],
  });
  expect(told).toBe(`supervisora sees only ${BANK.name}, ${SHOP.name} now.`);
  expect((await doors.ask('GET', '/api/session', { as: 'supervisora' })).status).toBe(401);
  await doors.signIn('supervisora');
  const session = await doors.ask('GET', '/api/session', { as: 'supervisora' });
  expect(session.json.user.limitedTo).toEqual([BANK.id, SHOP.id].sort());
  expect(await user(['list'])).toContain(`Supervisora (only ${BANK.name}, ${SHOP.name})`);
  const [newest] = await doors.storage.store.read((view) =>
    view.auditEntries(1, { subjects: ['user'] }),
  );
  const rights = { name: 'Supervisora', role: 'supervisor', enabled: true };
  expect(newest).toMatchObject({
    from: JSON.stringify(rights),
    to: JSON.stringify({ ...rights, limitedTo: [BANK.name, SHOP.name] }),
  });
  await expect(user(['limit', 'supervisora'], { creditor: ['Lua'] })).rejects.toThrow(
    `no creditor "Lua". All: ${BANK.id} (${BANK.name})`,
  );
  await expect(user(['limit', 'supervisora'])).rejects.toThrow('npm run user');
  await expect(user(['unlimit', 'supervisora'], { creditor: [SHOP.id] })).rejects.toThrow();
  expect(await user(['unlimit', 'supervisora'])).toBe('supervisora sees all creditors now.');
  expect(await user(['list'])).not.toContain('(only');
});

test('runs as a command on the database file', async () => {
  const script = ['--import', 'tsx', 'src/commands/user.ts'];
  const run = (...words: string[]) =>
    promisify(execFile)(
      process.execPath,
      [...script, ...words, '--database', doors.storage.database],
      {
        cwd: ROOT,
      },
    );
  expect((await run('list')).stdout).toContain('supervisora');
  await expect(run('conjure')).rejects.toMatchObject({ code: 1 });
});

test('copies the database beside the running server, and never over an existing file', async () => {
  const copy = join(doors.folder, 'copy.db');
  const run = () =>
    promisify(execFile)(
      process.execPath,
      ['--import', 'tsx', 'src/commands/backup.ts', copy, '--database', doors.storage.database],
      { cwd: ROOT },
    );
  expect((await run()).stdout).toContain('the copy is sound');
  const copied = await openStorage({ database: copy, now: Date.now, random: Math.random });
  expect((await copied.accounts.users()).length).toBeGreaterThan(0);
  await copied.close();
  await expect(run()).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining('exists') });
});

test('imports a file from the command line and keeps its refused rows', async () => {
  const file = join(doors.folder, 'remessa.csv');
  const rejected = join(doors.folder, 'refused');
  const rows = ['João;52998224725;11 98765-0002 ramal 3;A;10/08/2026;1,00;21987650077', 'Zé;;;;;;'];
  writeFileSync(
    file,
    Buffer.from(
      ['nome;cpf;fone;contrato;venc;valor;telefone do avalista', ...rows].join('\n'),
      'latin1',
    ),
  );
  const lines: string[] = [];
  const { storage } = doors;
  const report = (line: string) => lines.push(line);
  const given = { file, rejected, report, campaign: 'campaign_1' };
  const record = await importFile(storage, given);
  expect(record).toMatchObject({
    ...{ name: 'remessa.csv', origin: 'command-line' },
    totals: { read: 2, created: 1, rejected: 1 },
  });
  expect(lines.join('\n')).toContain('2 read = 1 created + 0 updated + 0 unchanged + 1 rejected');
  expect(lines.join('\n')).toContain("1 refused: CPF/CNPJ or the debtor's code is missing");
  expect(lines.join('\n')).toContain('1 × extension kept beside its phone');
  expect(lines.join('\n')).toContain('--column "telefone do avalista=phone" takes it');
  expect(lines.join('\n')).toContain('first values of telefone do avalista: 21987650077');
  expect(readFileSync(join(rejected, `${record.listId}.csv`), 'utf8')).toContain('Zé;;;;;;');
  await expect(importFile(storage, { ...given, campaign: 'x' })).rejects.toThrow('campaign_1');
});
