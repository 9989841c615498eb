/** Chooses ports for a private Asterisk, so that several can run on one machine. */
import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isAlive } from './process.ts';

/** `rtpStart` is even, `rtpEnd` odd and included: RTP and RTCP come in pairs. */
export type AsteriskPorts = {
  readonly http: number;
  /** UDP port on loopback where the dialer receives copies of SIP messages. */
  readonly sipMirror: number;
  readonly sip: number;
  readonly rtpStart: number;
  readonly rtpEnd: number;
};

/** Below 32768, from where Linux assigns ports to outgoing connections. */
const FIRST_PORT = 12_288;
const BLOCK_SIZE = 512;
const BLOCK_COUNT = 39;
/** Files that reserve a block for a process; those of dead processes are taken over. */
const CLAIMS_DIRECTORY = join(tmpdir(), `cadencia-ports-${process.getuid?.() ?? 0}`);

/**
 * Reserves a block of free ports on `address`: HTTP (TCP), SIP (TCP and UDP), SIP copies and 508
 * ports of RTP, enough for 250 legs.
 *
 * @throws Error when no block is free.
 */
export async function chooseFreePorts(address: string): Promise<AsteriskPorts> {
  const first = randomInt(BLOCK_COUNT);
  for (let turn = 0; turn < BLOCK_COUNT; turn += 1) {
    const start = FIRST_PORT + ((first + turn) % BLOCK_COUNT) * BLOCK_SIZE;
    if (!(await claim(start))) continue;
    const ports = {
      http: start,
      sipMirror: start + 1,
      sip: start + 2,
      rtpStart: start + 4,
      rtpEnd: start + BLOCK_SIZE - 1,
    };
    if (await areFree(ports, address)) return ports;
  }
  throw new Error(`No ${BLOCK_SIZE} free ports in a row from ${FIRST_PORT} on ${address}`);
}

async function claim(start: number): Promise<boolean> {
  await mkdir(CLAIMS_DIRECTORY, { recursive: true, mode: 0o700 });
  const file = join(CLAIMS_DIRECTORY, String(start));
  for (const mayClean of [true, false]) {
    try {
      await writeFile(file, String(process.pid), { flag: 'wx' });
      return true;
    } catch {
      const holder = Number(await readFile(file, 'utf8').catch(() => '0'));
      if (!mayClean || holder === 0 || isAlive(holder)) return false;
      await rm(file, { force: true }).catch(() => undefined);
    }
  }
  return false;
}

async function areFree(ports: AsteriskPorts, address: string): Promise<boolean> {
  if (!(await isTcpFree(ports.http, address)) || !(await isTcpFree(ports.sip, address)))
    return false;
  if (!(await isUdpFree(ports.sip, address))) return false;
  if (!(await isUdpFree(ports.sipMirror, '127.0.0.1'))) return false;
  for (let port = ports.rtpStart; port <= ports.rtpEnd; port += 1) {
    if (!(await isUdpFree(port, address))) return false;
  }
  return true;
}

function isTcpFree(port: number, address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, address, () => server.close(() => resolve(true)));
  });
}

function isUdpFree(port: number, address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4');
    socket.once('error', () => {
      socket.close();
      resolve(false);
    });
    socket.bind(port, address, () => socket.close(() => resolve(true)));
  });
}
