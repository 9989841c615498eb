import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { lanCertificate } from '../../scripts/lan-certificate.ts';
import { next, openDoors, type TestDoors } from '../support/doors.ts';

let doors: TestDoors;
const folder = mkdtempSync(join(tmpdir(), 'cadencia-tls-'));

beforeAll(async () => {
  doors = await openDoors({ tls: await lanCertificate(folder, '127.0.0.1') });
});
afterAll(async () => {
  await doors.stop();
  rmSync(folder, { recursive: true });
});

test('speaks https and wss, with a cookie that never leaves them', async () => {
  const answer = await doors.signIn('ana');
  expect(String(answer.headers['set-cookie'])).toMatch(/^__Host-cadencia=.*; Secure$/);
  expect(answer.headers['content-security-policy']).toContain('wss://127.0.0.1:');
  // A default address must not force https on other servers of the machine.
  expect(answer.headers['strict-transport-security']).toBeUndefined();
  const socket = await doors.connect('/agent', 'ana');
  const coming = next(socket, 'desk');
  doors.engine.publish([], { agentIds: ['user_ana'] });
  expect((await coming).epoch).toBe('epoch-1');
});

test('offers the root certificate of its own authority', async () => {
  const head = await doors.ask('HEAD', '/ca.crt');
  expect(head.status).toBe(200);
  const { text, headers } = await doors.ask('GET', '/ca.crt');
  expect(text).toContain('BEGIN CERTIFICATE');
  expect(text).not.toContain('PRIVATE KEY');
  expect(headers['content-type']).toBe('application/x-x509-ca-cert');
});
