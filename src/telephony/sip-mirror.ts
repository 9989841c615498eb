/**
 * What far ends said on failed calls, from the copies of SIP messages that the PBX sends us over
 * loopback (`asterisk/dialer/hep.conf`). A copy usually comes before the event it caused (0.6 ms
 * earlier in the median of 100 calls, at worst 0.2 ms later; 22.10.1), but nothing guarantees it.
 * The end of a failed call therefore waits a moment for its copy and then goes on without it. An
 * answer never waits.
 */
import { createHash } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import type { Logger } from 'pino';
import type { LegId } from '../lib/ids.ts';
import { type MirroredSip, readMirrored } from './mirrored-sip.ts';

/** How long the end of a failed call may wait for the copy of the far end's final answer. */
const FINAL_WAIT_MAX_MS = 100;
const BIND_AGAIN_MS = 5_000;
const ADDRESS = '127.0.0.1';

/**
 * A key known only to our PBX, so that no other program on this machine can forge a carrier's
 * answer.
 */
export function mirrorKeyOf(ariPassword: string): string {
  return createHash('sha256').update(`sip-mirror ${ariPassword}`).digest('hex').slice(0, 32);
}

export type FarEndWord = {
  readonly status: number;
  readonly reasonCause?: number;
  readonly hasMedia: boolean;
};

type Heard = {
  readonly dialed: string;
  callId?: string;
  word?: FarEndWord;
  waiting?: { readonly status: number | undefined; readonly done: (word?: FarEndWord) => void };
};

export class SipMirror {
  readonly #key: string;
  readonly #log: Logger;
  readonly #heard = new Map<LegId, Heard>();
  readonly #byCallId = new Map<string, Heard>();
  /** Legs whose INVITE was not seen yet, by dialed number, in dialing order. */
  readonly #dialed = new Map<string, Heard[]>();
  #socket: Socket | undefined;
  #again: NodeJS.Timeout | undefined;

  constructor(ariPassword: string, log: Logger) {
    this.#key = mirrorKeyOf(ariPassword);
    this.#log = log;
  }

  start(port: number): void {
    const socket = createSocket('udp4');
    this.#socket = socket;
    socket.on('message', (packet) => {
      const message = readMirrored(packet, this.#key);
      if (message) this.#hear(message);
    });
    // Calls go on without copies. Another process of ours may still hold the port.
    socket.on('error', (problem) => {
      this.#log.warn({ err: problem, port }, 'copies of SIP messages cannot be received');
      socket.close();
      this.#socket = undefined;
      this.#again = setTimeout(() => this.start(port), BIND_AGAIN_MS).unref();
    });
    socket.bind(port, ADDRESS);
  }

  stop(): void {
    clearTimeout(this.#again);
    this.#socket?.removeAllListeners('error');
    this.#socket?.close();
    this.#socket = undefined;
  }

  /** The next INVITE to this number belongs to this leg. */
  expect(legId: LegId, dialed: string): void {
    const heard: Heard = { dialed };
    this.#heard.set(legId, heard);
    this.#dialed.set(dialed, [...(this.#dialed.get(dialed) ?? []), heard]);
  }

  isExpected(legId: LegId): boolean {
    return this.#heard.has(legId);
  }

  /** Whether its copies are read and its final answer was not read yet. */
  isWordOpen(legId: LegId): boolean {
    const heard = this.#heard.get(legId);
    return heard?.callId !== undefined && heard.word === undefined;
  }

  /** Whether its 200 is known to describe no audio. */
  isAnswerWithoutMedia(legId: LegId): boolean {
    const word = this.#heard.get(legId)?.word;
    return word?.status === 200 && !word.hasMedia;
  }

  /**
   * Passes on what the far end said when it ended the call with this status; undefined when no copy
   * came.
   */
  wordOf(legId: LegId, status: number | undefined, done: (word?: FarEndWord) => void): void {
    const heard = this.#heard.get(legId);
    if (!heard?.callId || endedTheCall(heard.word, status)) {
      done(heard?.callId ? heard.word : undefined);
      return;
    }
    const late = setTimeout(() => heard.waiting?.done(), FINAL_WAIT_MAX_MS);
    heard.waiting = {
      status,
      done: (word) => {
        clearTimeout(late);
        delete heard.waiting;
        done(word);
      },
    };
  }

  forget(legId: LegId): void {
    const heard = this.#heard.get(legId);
    if (!heard) return;
    this.#heard.delete(legId);
    if (heard.callId) this.#byCallId.delete(heard.callId);
    const waiting = this.#dialed.get(heard.dialed) ?? [];
    this.#put(
      heard.dialed,
      waiting.filter((one) => one !== heard),
    );
  }

  #hear(message: MirroredSip): void {
    const { callId } = message;
    if (message.kind === 'invite') {
      // A repetition: with a password, or because no answer came.
      if (this.#byCallId.has(callId)) return;
      const [heard, ...later] = this.#dialed.get(message.dialed) ?? [];
      if (!heard) return;
      heard.callId = callId;
      this.#byCallId.set(callId, heard);
      this.#put(message.dialed, later);
      return;
    }
    const heard = this.#byCallId.get(callId);
    if (!heard) return;
    const { status, reasonCause, hasMedia } = message;
    heard.word = { status, hasMedia, ...(reasonCause !== undefined && { reasonCause }) };
    if (heard.waiting && endedTheCall(heard.word, heard.waiting.status))
      heard.waiting.done(heard.word);
  }

  #put(dialed: string, waiting: Heard[]): void {
    if (waiting.length > 0) this.#dialed.set(dialed, waiting);
    else this.#dialed.delete(dialed);
  }
}

/** Whether this answer ended the call; an earlier one may only have asked for a password. */
function endedTheCall(word: FarEndWord | undefined, status: number | undefined): boolean {
  return word !== undefined && (status === undefined || word.status === status);
}
