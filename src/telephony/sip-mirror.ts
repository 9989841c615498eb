/**
 * What far ends said on calls that failed, from the copies of SIP messages that the PBX sends us over
 * loopback (`asterisk/dialer/hep.conf`). A copy comes before the event of what it brought about (0.6 ms in
 * the middle of 100 calls, at worst 0.2 ms after it; 22.10.1), but nothing promises it: the end of a call
 * that failed waits for it a moment, and goes on without it where it stays away. An answer never waits.
 */
import { createHash } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import type { Logger } from 'pino';
import type { LegId } from '../lib/ids.ts';
import { type MirroredSip, readMirrored } from './mirrored-sip.ts';

/** How long the end of a call that failed may wait for the copy of the far end's last word. */
const FINAL_WAIT_MAX_MS = 100;
const BIND_AGAIN_MS = 5_000;
const ADDRESS = '127.0.0.1';

/** Only our PBX knows it, so that nobody else on this machine can put words into a carrier's mouth. */
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
  /** Dialed numbers whose INVITE was not seen yet, in the order of the dialing. */
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
    // The calls go on without it; another process of ours may just be leaving.
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

  /** The INVITE to this number that leaves next is this leg's. */
  expect(legId: LegId, dialed: string): void {
    const heard: Heard = { dialed };
    this.#heard.set(legId, heard);
    this.#dialed.set(dialed, [...(this.#dialed.get(dialed) ?? []), heard]);
  }

  isExpected(legId: LegId): boolean {
    return this.#heard.has(legId);
  }

  /** Its copies are read, and that of its last word was not read yet. */
  isWordOpen(legId: LegId): boolean {
    const heard = this.#heard.get(legId);
    return heard?.callId !== undefined && heard.word === undefined;
  }

  /** Whether its 200 is known to have said nothing of its audio. */
  isAnswerWithoutMedia(legId: LegId): boolean {
    const word = this.#heard.get(legId)?.word;
    return word?.status === 200 && !word.hasMedia;
  }

  /** What the far end said when it ended the call with this status; undefined where no copy came. */
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
      // Sent once more with a password, or again for want of an answer.
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

/** Whether it is the word that the PBX ended the call by: a request for a password came before it. */
function endedTheCall(word: FarEndWord | undefined, status: number | undefined): boolean {
  return word !== undefined && (status === undefined || word.status === status);
}
