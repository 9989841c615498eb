/** Checks whether a SIP server answers. */
import { randomUUID } from 'node:crypto';
import { createSocket } from 'node:dgram';

const ANSWER_TIMEOUT_MS = 500;

/** Sends one OPTIONS over UDP from `fromAddress`; true when any SIP answer comes back in time. */
export function sipAnswers(address: string, port: number, fromAddress: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4');
    const finish = (answered: boolean) => {
      clearTimeout(timer);
      socket.removeAllListeners();
      socket.on('error', () => undefined);
      socket.close();
      resolve(answered);
    };
    const timer = setTimeout(() => finish(false), ANSWER_TIMEOUT_MS);
    socket.once('error', () => finish(false));
    socket.once('message', (message) => finish(message.toString('latin1').startsWith('SIP/2.0 ')));
    socket.bind(0, fromAddress, () => {
      const local = `${fromAddress}:${socket.address().port}`;
      socket.send(optionsRequest(`${address}:${port}`, local), port, address);
    });
  });
}

function optionsRequest(target: string, local: string): string {
  return [
    `OPTIONS sip:${target} SIP/2.0`,
    `Via: SIP/2.0/UDP ${local};rport;branch=z9hG4bK${randomUUID()}`,
    'Max-Forwards: 70',
    `From: <sip:probe@${local}>;tag=${randomUUID()}`,
    `To: <sip:${target}>`,
    `Call-ID: ${randomUUID()}`,
    'CSeq: 1 OPTIONS',
    'Content-Length: 0',
    '',
    '',
  ].join('\r\n');
}
