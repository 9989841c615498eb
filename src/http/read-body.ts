/**
 * Reads request bodies within bounds on bytes, levels and pace. A short body has the request's
 * deadline (`requestMaxMs` of the server's limits). A long one has no deadline while it keeps the
 * least pace; a slower one is refused, so that a client cannot hold a slot by sending one byte
 * every ten seconds.
 */
import type { IncomingMessage } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { say } from '../words/say.ts';
import { ProblemError } from './errors.ts';
import type { Turns } from './slots.ts';

/**
 * The least pace: at least `bytes` in `windowMs`, counting only the time we waited for the sender.
 */
export type Pace = { readonly bytes: number; readonly windowMs: number };

/** Levels of arrays and objects in a body of JSON. Rows of leads have five. */
export const JSON_DEPTH_MAX = 32;

const paced = new WeakSet<object>();

/** Whether the pace limits this connection instead of the server's deadline for requests. */
export function isPaced(socket: object): boolean {
  return paced.has(socket);
}

/**
 * Yields the body as it arrives. Each piece is handled in a turn, which is given back while we wait
 * for the sender. Throws the problem `too-slow` below the least pace. When the reader stops early,
 * the rest is read at the same pace and dropped: a browser sends its whole file before it reads the
 * answer, and would otherwise see a cut connection.
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
    // The sender was too slow; the connection is closed after the answer.
    if (isWaiting) paced.delete(socket);
    else {
      await pieces.return?.();
      dropRest(request, pace);
    }
  }
}

/** The whole body as text. Throws the problems `too-large` and `too-slow`. */
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

/** The pieces of the body. The connection stays open when the reader stops early. */
async function* unbroken(request: IncomingMessage): AsyncGenerator<Uint8Array> {
  try {
    yield* request.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>;
  } catch {
    throw new ProblemError('malformed-request', say('body-cut-off'));
  }
}

/**
 * Whether JSON text is nested too deeply, found without parsing it. Code that later recurses into
 * the value thus cannot run out of stack.
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
  return new ProblemError('too-large', say('send-less'));
}

function tooSlow(): ProblemError {
  return new ProblemError('too-slow', say('body-too-slow'));
}

type PaceClock = {
  came(bytes: number): void;
  /** Waits for the promise; throws the problem `too-slow` when the pace is broken. */
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

/** Reads and drops the rest of the body, unless it comes too slowly. */
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
