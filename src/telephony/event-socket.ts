/**
 * One event socket, from its opening to its closing. The PBX never pings and waits for ever, so
 * only our own pings reveal a half-open connection.
 */
import { WebSocket } from 'ws';

/** How often we ping, and how long a pong may take. */
export const PING_EVERY_MS = 5_000;
const PONG_DEADLINE_MS = 5_000;
const HANDSHAKE_TIMEOUT_MS = 4_000;
/** Bound on one event; the largest we know is below 10 kB. */
const MESSAGE_BYTES_MAX = 1_000_000;

export type EventSocketOptions = {
  /** Address of the PBX: `http://host:port`. */
  readonly url: string;
  readonly username: string;
  readonly password: string;
  readonly application: string;
  onMessage(text: string): void;
  /** Called once after a successful opening, for every kind of end. */
  onClosed(because: string): void;
};

export type EventSocket = {
  /** Ends it now; `onClosed` follows with this reason. */
  cut(because: string): void;
};

/** Resolves when events can flow; rejects with an Error that says why it cannot be opened. */
export function openEventSocket(options: EventSocketOptions): Promise<EventSocket> {
  const url = new URL(options.url);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  url.pathname = `${url.pathname.replace(/\/(ari\/?)?$/, '')}/ari/events`;
  url.searchParams.set('app', options.application);
  const credentials = Buffer.from(`${options.username}:${options.password}`).toString('base64');
  const socket = new WebSocket(url, {
    headers: { authorization: `Basic ${credentials}` },
    handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
    maxPayload: MESSAGE_BYTES_MAX,
    perMessageDeflate: false,
  });
  let reason: string | undefined;
  let opened = false;

  const cut = (because: string) => {
    reason ??= because;
    socket.terminate();
  };

  return new Promise((resolve, reject) => {
    socket.once('open', () => {
      opened = true;
      keepAlive(socket, cut);
      resolve({ cut });
    });
    socket.on('message', (data, isBinary) => {
      if (!isBinary) options.onMessage(data.toString());
    });
    socket.on('error', (error) => {
      reason ??= error.message;
      reject(error);
    });
    socket.once('close', (code, text) => {
      const closed = `closed with ${code}${text.length > 0 ? ` ${text.toString()}` : ''}`;
      if (opened) options.onClosed(reason ?? closed);
      else reject(new Error(reason ?? closed));
    });
  });
}

function keepAlive(socket: WebSocket, cut: (because: string) => void): void {
  let deadline: NodeJS.Timeout | undefined;
  const timer = setInterval(() => {
    socket.ping();
    deadline ??= setTimeout(() => cut('the PBX answered no ping'), PONG_DEADLINE_MS);
  }, PING_EVERY_MS);
  socket.on('pong', () => {
    clearTimeout(deadline);
    deadline = undefined;
  });
  socket.once('close', () => {
    clearInterval(timer);
    clearTimeout(deadline);
  });
}
