/** Raw SIP over UDP, for what no well-behaved phone would do. */
import { randomUUID } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';

type Target = { readonly address: string; readonly port: number };

/** Sends an INVITE without credentials and returns the status of its first final answer. */
export async function inviteStatus(
  to: Target,
  call: { fromAddress: string; fromUser: string; dialed: string },
): Promise<number> {
  const socket = await bind(call.fromAddress);
  try {
    return await new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('no final answer in 5 s')), 5_000);
      socket.on('message', (message) => {
        const status = Number(/^SIP\/2\.0 (\d+)/.exec(message.toString('latin1'))?.[1] ?? 0);
        if (status < 200) return;
        clearTimeout(timer);
        resolve(status);
      });
      const local = `${call.fromAddress}:${socket.address().port}`;
      socket.send(invite(to, local, call), to.port, to.address);
    });
  } finally {
    socket.close();
  }
}

/** A gateway that sends every call elsewhere: 302 with the Contact given. */
export async function startRedirector(
  address: string,
  contact: string,
): Promise<Target & { stop(): void }> {
  const socket = await bind(address);
  socket.on('message', (message, from) => {
    const request = message.toString('latin1');
    if (!request.startsWith('INVITE ')) return;
    const copied = ['Via', 'From', 'Call-ID', 'CSeq'].map((name) => header(request, name));
    const lines = [
      'SIP/2.0 302 Moved Temporarily',
      ...copied,
      `${header(request, 'To')};tag=${randomUUID()}`,
      `Contact: <${contact}>`,
      'Content-Length: 0',
    ];
    socket.send(`${lines.join('\r\n')}\r\n\r\n`, from.port, from.address);
  });
  return { address, port: socket.address().port, stop: () => socket.close() };
}

function bind(address: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = createSocket('udp4');
    socket.once('error', reject);
    socket.bind(0, address, () => resolve(socket));
  });
}

function header(message: string, name: string): string {
  return (
    message.split('\r\n').find((line) => line.toLowerCase().startsWith(`${name.toLowerCase()}:`)) ??
    ''
  );
}

function invite(
  to: Target,
  local: string,
  call: { fromAddress: string; fromUser: string; dialed: string },
): string {
  const description = [
    'v=0',
    `o=- 1 1 IN IP4 ${call.fromAddress}`,
    's=-',
    `c=IN IP4 ${call.fromAddress}`,
    't=0 0',
    'm=audio 39998 RTP/AVP 0',
    'a=rtpmap:0 PCMU/8000',
    '',
  ].join('\r\n');
  const target = `sip:${call.dialed}@${to.address}:${to.port}`;
  return [
    `INVITE ${target} SIP/2.0`,
    `Via: SIP/2.0/UDP ${local};rport;branch=z9hG4bK${randomUUID()}`,
    'Max-Forwards: 70',
    `From: <sip:${call.fromUser}@${local}>;tag=${randomUUID()}`,
    `To: <${target}>`,
    `Call-ID: ${randomUUID()}`,
    'CSeq: 1 INVITE',
    `Contact: <sip:${call.fromUser}@${local}>`,
    'Content-Type: application/sdp',
    `Content-Length: ${description.length}`,
    '',
    description,
  ].join('\r\n');
}
