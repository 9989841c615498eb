/** `npm start` itself, in a folder of its own: what it touches when one of its parts fails. */
import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterEach, expect, it } from 'vitest';
import { commandLineOf, isAlive, processIds, waitUntil } from '../../scripts/asterisk/process.ts';
import { openToOthers } from '../../scripts/private-folder.ts';

const ROOT = join(import.meta.dirname, '../..');
const READY_MAX_MS = 120_000;
const SOON_MS = 20_000;

type Start = {
  readonly child: ChildProcess;
  text(): string;
  /** Waits until the output since the last wait contains the text. */
  says(words: RegExp, maxMs?: number): Promise<void>;
  readonly ended: Promise<number | null>;
};

const starts: Start[] = [];
const folders: string[] = [];

afterEach(async () => {
  for (const { child, ended } of starts.splice(0)) {
    child.kill('SIGTERM');
    await ended;
  }
  for (const folder of folders.splice(0)) {
    for (const pid of [...processesOf(folder), ...dialersIn(folder)]) process.kill(pid, 'SIGKILL');
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
});

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'cadencia-start-'));
  folders.push(folder);
  return folder;
}

function start(folder: string, ...more: string[]): Start {
  const words = ['--import', 'tsx', 'scripts/start.ts', '--folder', folder, ...more];
  const child = spawn(process.execPath, words, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  let seen = 0;
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
  }
  const ended = new Promise<number | null>((resolve) => {
    // Not `close`: a dialer that outlives its start keeps the pipe open.
    child.once('exit', (code) => setTimeout(() => resolve(code), 100));
  });
  const one: Start = {
    child,
    ended,
    text: () => text,
    async says(words, maxMs = SOON_MS) {
      const hasSaid = () => words.test(text.slice(seen));
      if (!(await waitUntil(hasSaid, maxMs))) throw new Error(`not said: ${words}\n${text}`);
      seen = text.length;
    },
  };
  starts.push(one);
  return one;
}

/** Every process that works in the folder: both Asterisks, by the configuration they name. */
function processesOf(folder: string): readonly number[] {
  return processIds().filter(
    (pid) => isAlive(pid) && commandLineOf(pid).some((word) => word.startsWith(`${folder}/`)),
  );
}

/** Those that a start which failed half-way left. */
function dialersIn(folder: string): readonly number[] {
  try {
    return [dialerIn(folder)].filter(isAlive);
  } catch {
    return [];
  }
}

const pidIn = (folder: string, part: string): number =>
  JSON.parse(readFileSync(join(folder, part, 'instance.json'), 'utf8')).pid;
const dialerIn = (folder: string): number =>
  JSON.parse(readFileSync(join(folder, 'start.json'), 'utf8')).dialer.pid;

it('a start that fails for good names the file or the port, and leaves nothing running', async () => {
  const folder = newFolder();
  mkdirSync(join(folder, 'cadencia.db'));
  const taken = createServer();
  const port = await new Promise<number>((resolve) => {
    taken.listen(0, '127.0.0.1', () => resolve((taken.address() as { port: number }).port));
  });
  const noPort = start(folder, '--port', `${port}`);
  expect(await noPort.ended).toBe(1);
  expect(noPort.text()).toContain(`port ${port} of 127.0.0.1 is taken by another process`);
  taken.close();
  const noFile = start(folder);
  expect(await noFile.ended).toBe(1);
  expect(noFile.text()).toContain(`the database ${folder}/cadencia.db cannot be opened: it is a`);
  expect(noFile.text()).not.toMatch(/\n\s+at /);
  expect(processesOf(folder)).toEqual([]);
}, 180_000);

it('neither the end of a part nor that of the start itself ends another part', async () => {
  const folder = newFolder();
  const first = start(folder);
  await first.says(/Ready\./, READY_MAX_MS);
  const pbx = pidIn(folder, 'dialer-asterisk');
  expect(openToOthers(folder)).toEqual([]);

  // A second one, by mistake.
  const second = start(folder);
  expect(await second.ended).toBe(1);
  expect(second.text()).toContain(`runs already in ${folder} (process ${first.child.pid})`);

  // The dialer dies while another process holds the database.
  const other = new Sqlite(join(folder, 'cadencia.db'));
  other.exec('begin immediate');
  process.kill(dialerIn(folder), 'SIGKILL');
  await first.says(/The dialer was killed \(SIGKILL\)\. Calls go on in the PBX\./);
  await first.says(/another process holds the database/);
  other.close();
  await first.says(/The dialer is up again/, READY_MAX_MS);
  expect(pidIn(folder, 'dialer-asterisk')).toBe(pbx);
  expect(isAlive(pbx)).toBe(true);

  // The start itself is killed: the next one takes over what it left, and no part runs twice.
  const dialer = dialerIn(folder);
  first.child.kill('SIGKILL');
  await first.ended;
  expect([isAlive(pbx), isAlive(dialer)]).toEqual([true, true]);
  chmodSync(join(folder, 'installation.json'), 0o644);
  const third = start(folder);
  await third.says(/Ready\./, READY_MAX_MS);
  expect(third.text()).toContain(`Open to others until now, in ${folder}: 1 files`);
  expect(openToOthers(folder)).toEqual([]);
  expect(third.text()).toMatch(/The PBX of the last start still runs/);
  expect(third.text()).toMatch(new RegExp(`dialer of the last start .*process ${dialer}\\D`));
  expect(pidIn(folder, 'dialer-asterisk')).toBe(pbx);
  expect([isAlive(pbx), isAlive(dialer)]).toEqual([true, false]);

  // The PBX dies: only it is started again, and the last report says so.
  const next = dialerIn(folder);
  process.kill(pbx, 'SIGKILL');
  await third.says(/The PBX .*Its calls are gone\./);
  await third.says(/The PBX is up again/);
  expect(isAlive(next)).toBe(true);

  third.child.kill('SIGTERM');
  expect(await third.ended).toBe(0);
  expect([...processesOf(folder), next].filter(isAlive)).toEqual([]);
}, 150_000);
