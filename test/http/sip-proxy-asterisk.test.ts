import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { startTelephonyPair, type TelephonyPair } from '../support/asterisk.ts';
import { openDoors, type TestDoors } from '../support/doors.ts';

let pair: TelephonyPair;
let doors: TestDoors;

beforeAll(async () => {
  pair = await startTelephonyPair({ name: 'sip-door' });
  doors = await openDoors({ sipUpstreamPort: Number(new URL(pair.dialer.sipWebSocketUrl).port) });
  await doors.signIn('ana');
});
afterAll(async () => {
  await doors.stop();
  await pair.stop();
});

test('carries SIP between a page and Asterisk', async () => {
  const socket = new WebSocket(`${doors.url.replace('http', 'ws')}/sip`, 'sip', {
    headers: { cookie: doors.cookieOf('ana'), origin: doors.origin },
  });
  await new Promise((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  expect(socket.protocol).toBe('sip');
  const answer = new Promise<string>((resolve) => {
    socket.once('message', (data) => resolve(String(data)));
  });
  socket.send(
    [
      'INVITE sip:headset@test.invalid SIP/2.0',
      'Via: SIP/2.0/WS page.invalid;branch=z9hG4bK1',
      'Max-Forwards: 70',
      'From: <sip:nobody@test.invalid>;tag=1',
      'To: <sip:headset@test.invalid>',
      'Call-ID: door-1',
      'CSeq: 1 INVITE',
      'Contact: <sip:nobody@page.invalid;transport=ws>',
      'Content-Length: 0',
      ...['', ''],
    ].join('\r\n'),
  );
  // A client without a headset is asked for a password or refused.
  const text = await answer;
  expect(text).toMatch(/^SIP\/2\.0 (100|40[0-9]) /);
  expect(text).toContain('Call-ID: door-1');
  socket.terminate();
});
