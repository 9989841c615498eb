import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { ConfigError, readConfig } from '../src/config.ts';
import type { Environment } from '../src/gather-settings.ts';

const folder = mkdtempSync(join(tmpdir(), 'cadencia-config-'));
afterAll(() => rmSync(folder, { recursive: true }));

const LEAST: Environment = {
  CADENCIA_ARI_PASSWORD: 'only-for-this-test',
  CADENCIA_SECRET: 'only-for-this-test-and-long-enough',
};

function problemsOf(environment: Environment): readonly string[] {
  try {
    readConfig(environment, folder);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

test('listens on loopback with the defaults when only the required is set', () => {
  const config = readConfig(LEAST, folder);
  expect(config.web.host).toBe('127.0.0.1');
  expect(config.web.tls).toBeUndefined();
  expect(config.debtorPhone).toBeUndefined();
  expect(config.sip.upstream).toEqual({ host: '127.0.0.1', port: 8088, path: '/ws' });
  expect(config.sessions).toEqual({ idleMs: 3_600_000, lifetimeMs: 50_400_000 });
  expect(config.database).toBe(join(folder, '.cadencia/cadencia.db'));
  expect(config.log).toEqual({ level: 'info', showPersonalData: false });
});

test('wants a second person for nothing by default, and only for what it knows', () => {
  expect(readConfig(LEAST, folder).approvalNeededFor).toEqual([]);
  const name = 'CADENCIA_APPROVAL_NEEDED_FOR';
  const wanted = readConfig({ ...LEAST, [name]: 'release-unwanted' }, folder);
  expect(wanted.approvalNeededFor).toEqual(['release-unwanted']);
  const [problem] = problemsOf({ ...LEAST, [name]: 'release-unwanted, everything' });
  expect(problem).toContain('is none of release-unwanted');
});

test('lists every problem in one message, with what to do', () => {
  const attempt = () =>
    readConfig({ CADENCIA_WEB_PORT: '80800', CADENCIA_LOG_LEVEL: 'loud', CADENCIA_WEB_PROT: '1' });
  expect(attempt).toThrow(ConfigError);
  const problems = problemsOf({
    CADENCIA_WEB_PORT: '80800',
    CADENCIA_LOG_LEVEL: 'loud',
    CADENCIA_WEB_PROT: '1',
  });
  expect(problems).toHaveLength(5);
  const text = problems.join('\n');
  expect(text).toContain('CADENCIA_WEB_PORT: "80800" is not a whole number from 0 to 65535');
  expect(text).toContain('CADENCIA_LOG_LEVEL: "loud" is none of trace, debug');
  expect(text).toContain('CADENCIA_WEB_PROT is no setting');
  expect(text).toContain('CADENCIA_ARI_PASSWORD is missing');
});

test('prefers the environment to the file, and the file to the default', () => {
  const file = join(folder, 'settings.json');
  writeFileSync(
    file,
    JSON.stringify({
      webPort: 9_000,
      drainSeconds: 7,
      debtorPhoneNumbers: ['+5511988880099'],
      ariPassword: 'from-the-file',
      secret: 'only-for-this-test-and-long-enough',
    }),
  );
  const config = readConfig({ CADENCIA_CONFIG_FILE: file, CADENCIA_WEB_PORT: '9001' }, folder);
  expect(config.web.port).toBe(9_001);
  expect(config.drainMs).toBe(7_000);
  expect(config.ari.password).toBe('from-the-file');
});

test('names problems in the file, and a missing file', () => {
  const file = join(folder, 'wrong.json');
  writeFileSync(file, JSON.stringify({ webPrt: 1, drainSeconds: null }));
  const text = problemsOf({ ...LEAST, CADENCIA_CONFIG_FILE: file }).join('\n');
  expect(text).toContain('"webPrt"');
  expect(text).toContain('"drainSeconds"');
  expect(problemsOf({ ...LEAST, CADENCIA_CONFIG_FILE: 'absent.json' })[0]).toContain('absent.json');
});

test('refuses to be reached from other machines without TLS or a front door', () => {
  const open = { ...LEAST, CADENCIA_WEB_HOST: '0.0.0.0' };
  expect(problemsOf(open)[0]).toContain('CADENCIA_WEB_HOST');
  expect(
    problemsOf({ ...open, CADENCIA_WEB_PUBLIC_ORIGINS: 'https://discador.example.com' }),
  ).toEqual([]);
});

test('requires certificate and key together, and readable', () => {
  const alone = { ...LEAST, CADENCIA_WEB_TLS_CERTIFICATE_FILE: 'absent.pem' };
  const text = problemsOf(alone).join('\n');
  expect(text).toContain('belong together');
  expect(text).toContain('absent.pem');
});

test('requires all settings of the debtor phone once it is enabled', () => {
  const enabled = { ...LEAST, CADENCIA_DEBTOR_PHONE_ENABLED: 'true' };
  expect(problemsOf(enabled)).toHaveLength(2);
  const config = readConfig(
    {
      ...enabled,
      CADENCIA_DEBTOR_PHONE_UPSTREAM_URL: 'ws://127.0.0.2:8089/ws',
      CADENCIA_DEBTOR_PHONE_PASSWORD: 'x',
      CADENCIA_DEBTOR_PHONE_NUMBERS: '+5511988880099, +5521988880099',
    },
    folder,
  );
  expect(config.debtorPhone?.upstream).toEqual({ host: '127.0.0.2', port: 8089, path: '/ws' });
  expect(config.debtorPhone?.numbers).toEqual(['+5511988880099', '+5521988880099']);
});

test('takes the address of a server in place of a database file', () => {
  const url = 'postgres://dialer:hush-hush@db.example.com:5432/cadencia';
  expect(readConfig({ ...LEAST, CADENCIA_DATABASE_URL: url }, folder).database).toBe(url);
  for (const wrong of [
    'mysql://dialer:hush-hush@db.example.com/cadencia',
    'postgres://dialer:hush-hush@db.example.com',
    `${url}?options=-c%20statement_timeout%3D1`,
  ]) {
    const [problem, ...others] = problemsOf({ ...LEAST, CADENCIA_DATABASE_URL: wrong });
    expect(problem).toContain('CADENCIA_DATABASE_URL');
    expect(problem).not.toContain('hush-hush');
    expect(others).toEqual([]);
  }
});

test('never repeats a secret in its message', () => {
  const text = problemsOf({
    CADENCIA_ARI_PASSWORD: 'hush-hush',
    CADENCIA_SECRET: 'hush-hush',
    CADENCIA_WEB_PORT: 'x',
  }).join('\n');
  expect(text).not.toContain('hush-hush');
});
