/**
 * Bodies of requests, read within bounds: so many bytes, so many levels, and a pace. A short body has
 * the request's own deadline (`requestMaxMs` of the server's limits). A long one may take its time as long as
 * it comes at the least pace; what falls below it loses its place, so that nobody holds a door open by
 * sending one byte every ten seconds.
 */
import type { IncomingMessage } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { ProblemError } from './errors.ts';
import type { Turns } from './slots.ts';

/** At least so many bytes in this time, of which only the time that we waited for the sender counts. */
export type Pace = { readonly bytes: number; readonly windowMs: number };

/** Levels of arrays and objects in a body of JSON. Rows of leads have five. */
export const JSON_DEPTH_MAX = 32;

const paced = new WeakSet<object>();

/** Whether the pace watches over this connection, and the server's deadline for requests does not. */
export function isPaced(socket: object): boolean {
  return paced.has(socket);
}

/**
 * The body as it comes, each piece in a turn of its own: the turn is given back while the sender is
 * waited for. Throws the problem `too-slow` where the pace falls under the least. After an early end
 * the rest is read and dropped, at the same pace: a browser sends all of its file before it reads the
 * answer, and would see a cut connection instead.
 */
export async function* pacedBody(
  request: IncomingMessage,
  pace: Pace,
  turns?: Turns,
): AsyncGenerator<Uint8Array> {
  const pieces: AsyncIterator<Uint8Array> = unbroken(request);
  const clock = createPaceClock(pace);
  const { socket } = request;
  let endTurn: (() => void) | undefined;
  let isWaiting = false;
  paced.add(socket);
  try {
    for (;;) {
      endTurn?.();
      endTurn = undefined;
      isWaiting = true;
      const piece = await clock.within(pieces.next());
      isWaiting = false;
      if (piece.done) return;
      clock.came(piece.value.length);
      endTurn = await turns?.take();
      yield piece.value;
    }
  } finally {
    endTurn?.();
    // What is still waited for came too slowly; its connection is closed after the answer.
    if (isWaiting) paced.delete(socket);
    else {
      await pieces.return?.();
      dropRest(request, pace);
    }
  }
}

/** All of a body as text. Throws problems: `too-large`, `too-slow`. */
export async function textOf(
  request: IncomingMessage,
  bytesMax: number,
  pace: Pace | undefined,
): Promise<string> {
  if (Number(request.headers['content-length'] ?? 0) > bytesMax) throw tooLarge();
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of pace ? pacedBody(request, pace) : unbroken(request)) {
    bytes += piece.length;
    if (bytes > bytesMax) throw tooLarge();
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
}

/** The pieces of the body; the connection lives on where its reader stops early. */
async function* unbroken(request: IncomingMessage): AsyncGenerator<Uint8Array> {
  try {
    yield* request.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>;
  } catch {
    throw new ProblemError('malformed-request', 'The connection ended before the body did.');
  }
}

/**
 * Whether a text of JSON has more levels than it may, without reading it as JSON: whoever walks over a
 * value level by level afterwards cannot run out of stack.
 */
export function isTooDeep(text: string): boolean {
  let depth = 0;
  let inString = false;
  for (let place = 0; place < text.length; place += 1) {
    const letter = text.charCodeAt(place);
    if (inString) {
      if (letter === BACKSLASH) place += 1;
      else if (letter === QUOTE) inString = false;
    } else if (letter === QUOTE) {
      inString = true;
    } else if (letter === OPEN_ARRAY || letter === OPEN_OBJECT) {
      depth += 1;
      if (depth > JSON_DEPTH_MAX) return true;
    } else if (letter === CLOSE_ARRAY || letter === CLOSE_OBJECT) {
      depth -= 1;
    }
  }
  return false;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

function tooLarge(): ProblemError {
  return new ProblemError('too-large', 'Send less in one request.');
}

function tooSlow(): ProblemError {
  return new ProblemError('too-slow', 'The body came too slowly. Send it again, or send less.');
}

type PaceClock = {
  came(bytes: number): void;
  /** What is waited for, or the problem `too-slow`. */
  within<T>(coming: Promise<T>): Promise<T>;
};

function createPaceClock(pace: Pace): PaceClock {
  let bytes = 0;
  let waitedMs = 0;
  return {
    came(more) {
      bytes += more;
      if (bytes < pace.bytes) return;
      bytes = 0;
      waitedMs = 0;
    },
    async within(coming) {
      const begunAt = performance.now();
      const given = new AbortController();
      const late = pause(Math.max(0, pace.windowMs - waitedMs), 'late' as const, {
        signal: given.signal,
      });
      late.catch(() => {});
      coming.catch(() => {});
      const first = await Promise.race([coming, late]);
      given.abort();
      if (first === 'late') throw tooSlow();
      waitedMs += performance.now() - begunAt;
      return first;
    },
  };
}

/** Reads on and throws away, until the end of the body or until it comes too slowly. */
function dropRest(request: IncomingMessage, pace: Pace): void {
  const { socket } = request;
  const over = () => paced.delete(socket);
  if (request.complete || request.destroyed) {
    over();
    return;
  }
  let bytes = 0;
  request.on('data', (piece: Uint8Array) => {
    bytes += piece.length;
  });
  request.resume();
  const watch = setInterval(() => {
    if (bytes < pace.bytes) socket.destroy();
    bytes = 0;
  }, pace.windowMs).unref();
  const done = () => {
    clearInterval(watch);
    over();
  };
  request.once('end', done);
  request.once('close', done);
}
