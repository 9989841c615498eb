import { describe, expect, test } from 'vitest';
import { readMirrored } from '../../src/telephony/mirrored-sip.ts';

const KEY = 'a key of our PBX';

/** As `res_hep` of 22.10.1 writes it: chunks of the generic vendor, the key before the payload. */
function packet(text: string, key = KEY): Buffer {
  const chunks = [
    chunk(0x0001, Buffer.from([2])),
    chunk(0x0003, Buffer.from([127, 0, 0, 2])),
    chunk(0x000e, Buffer.from(key)),
    chunk(0x0011, Buffer.from('call-1')),
    chunk(0x000f, Buffer.from(text)),
  ];
  const body = Buffer.concat(chunks);
  const head = Buffer.alloc(6);
  head.write('HEP3');
  head.writeUInt16BE(body.length + 6, 4);
  return Buffer.concat([head, body]);
}

function chunk(type: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(6);
  head.writeUInt16BE(type, 2);
  head.writeUInt16BE(payload.length + 6, 4);
  return Buffer.concat([head, payload]);
}

function answer(status: string, ...headers: readonly string[]): Buffer {
  const lines = [`SIP/2.0 ${status}`, 'Call-ID: call-1', 'CSeq: 1 INVITE', ...headers];
  return packet(`${lines.join('\r\n')}\r\n\r\nReason: Q.850;cause=99`);
}

describe('a copy of a SIP message', () => {
  test('reports an INVITE that left, and the number it dials', () => {
    const text =
      'INVITE sip:+5511987654321@127.0.0.2:5060 SIP/2.0\r\ni: call-1\r\nCSeq: 7 INVITE\r\n\r\n';
    expect(readMirrored(packet(text), KEY)).toEqual({
      kind: 'invite',
      callId: 'call-1',
      dialed: '+5511987654321',
    });
  });

  test.each([
    [['Reason: Q.850;cause=1'], 1],
    [['reason : Q.850 ; cause=17 ; text="User busy"'], 17],
    [['Reason: Q.850;text="cause=3";cause=16'], 16],
    [['Reason: SIP;cause=480;text="x"', 'Reason: Q.850;cause=22'], 22],
    [['Reason: SIP;cause=480, q.850;Cause=20'], 20],
    [['Reason: SIP;cause=480'], undefined],
    [['Reason: Q.850'], undefined],
    [[], undefined],
  ])('reads the Q.850 cause of %j', (headers, reasonCause) => {
    const message = readMirrored(answer('480 Temporarily Unavailable', ...headers), KEY);
    expect(message).toMatchObject({
      kind: 'final',
      status: 480,
      callId: 'call-1',
      hasMedia: false,
    });
    expect(message && 'reasonCause' in message ? message.reasonCause : undefined).toBe(reasonCause);
  });

  test('tells an answer that describes its audio from one that does not', () => {
    const head = 'SIP/2.0 200 OK\r\nCall-ID: call-1\r\nCSeq: 1 INVITE\r\n\r\n';
    expect(readMirrored(packet(head), KEY)).toMatchObject({ status: 200, hasMedia: false });
    const whole = readMirrored(packet(`${head}v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\n`), KEY);
    expect(whole).toMatchObject({ status: 200, hasMedia: true });
  });

  test('says nothing of provisional answers, of other requests, or with another key', () => {
    expect(readMirrored(answer('180 Ringing'), KEY)).toBeUndefined();
    const bye = packet('SIP/2.0 200 OK\r\nCall-ID: call-1\r\nCSeq: 2 BYE\r\n\r\n');
    expect(readMirrored(bye, KEY)).toBeUndefined();
    expect(readMirrored(answer('480 Gone'), 'another key')).toBeUndefined();
    expect(readMirrored(packet('SIP/2.0 480 No\r\n\r\n'), KEY)).toBeUndefined();
  });

  test('that is cut, garbled or empty is no message and no error', () => {
    const whole = answer('480 Temporarily Unavailable', 'Reason: Q.850;cause=1');
    for (let length = 0; length < whole.length; length += 1) {
      readMirrored(whole.subarray(0, length), KEY);
      const garbled = Buffer.from(whole);
      garbled[length] = 0xff;
      readMirrored(garbled, KEY);
    }
    expect(readMirrored(Buffer.alloc(0), KEY)).toBeUndefined();
  });
});
