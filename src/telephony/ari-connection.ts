/**
 * The connection to one PBX: requests (`ari-client.ts`), events (`event-socket.ts`), and the checks
 * that both still work.
 *
 *   connecting ──open, filter set, listener agreed──▶ up ──closed, no pong, no echo──▶ connecting …
 *        └───────────────────────────────────────────┴──── replaced ────▶ replaced
 *
 * - connecting: retried for ever, from 100 ms to 5 s apart. Requests work as far as the PBX does,
 *   so a call can be hung up while no events arrive.
 * - up: events flow. An echo goes through the whole event path every five seconds, because a stuck
 *   application still answers pings.
 * - replaced: another process opened the same application and took its events. We do not take them
 *   back: two processes that did so in turn would serve nobody.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { DurationMs } from '../lib/time.ts';
import type { AriApi } from './ari-api.ts';
import { type AriAddress, type AriTransport, createAriTransport } from './ari-client.ts';
import { AriError, errorOfTransport } from './ari-error.ts';
import { type AriEvent, EVENT_FILTER, readAriEvent } from './ari-events.ts';
import { type EventSocket, openEventSocket } from './event-socket.ts';
import { createRequestLanes, type Lane } from './request-lanes.ts';

const RETRY_FIRST_MS = 100;
export const RETRY_MAX_MS = 5_000;
export const ECHO_EVERY_MS = 5_000;
/** An echo that takes longer means that events do not flow, whatever the socket says. */
export const ECHO_DEADLINE_MS = 10_000;
const ECHO_LOOK_MS = 500;
/** Longest wait for requests under way when stopping. */
const DRAIN_MAX_MS = 2_000;
const ECHO_EVENT = 'cadencia-echo';

export type AriConnectionOptions = AriAddress & {
  readonly application: string;
  readonly log: Logger;
};

/** The PBX's identity. `instance` changes when it restarts. */
export type PbxIdentity = { readonly instance: string; readonly version: string };

export type ConnectionListener = {
  /** Receives every event except our echo. It only queues the event; it must not throw. */
  onEvent(event: AriEvent): void;
  /**
   * Events flow again. When this resolves, the connection is up and calls the function it resolved
   * to. When it rejects, the socket is cut and connecting begins again.
   */
  onOpened(pbx: PbxIdentity): Promise<() => void>;
  /** The connection went down, or the first attempt failed. Called once until the next opening. */
  onDown(because: string): void;
};

export type ConnectionHealth = {
  readonly connected: boolean;
  readonly silentForMs?: DurationMs;
  readonly lagMs?: DurationMs;
  readonly requestsInFlight: number;
  readonly unknownEvents: number;
  readonly version?: string;
};

export class AriConnection {
  readonly #options: AriConnectionOptions;
  readonly #log: Logger;
  readonly #transport: AriTransport;
  readonly #lanes = createRequestLanes();
  readonly #ending = new AbortController();
  #listener: ConnectionListener | undefined;
  #running: Promise<void> | undefined;
  #api: AriApi | undefined;
  #version: string | undefined;
  #socket: EventSocket | undefined;
  #isUp = false;
  #saidDown = false;
  #isReplaced = false;
  #unknownEvents = 0;
  #lastHeardAt: number | undefined;
  #lagMs: number | undefined;
  #echo: { readonly id: string; readonly sentAt: number } | undefined;
  #echoesSent = 0;

  constructor(options: AriConnectionOptions) {
    this.#options = options;
    this.#log = options.log;
    this.#transport = createAriTransport(options);
  }

  start(listener: ConnectionListener): void {
    this.#listener = listener;
    this.#running ??= this.#run();
  }

  /** Waits within bounds for requests under way, then closes everything. */
  async stop(): Promise<void> {
    this.#ending.abort();
    const until = performance.now() + DRAIN_MAX_MS;
    while (this.#lanes.inFlight() > 0 && performance.now() < until) await pause(20);
    this.#socket?.cut('stopped');
    await this.#transport.close();
    await this.#running;
  }

  /**
   * Sends a request: waits for its turn in the lane, then calls `ask`. Rejects with {@link
   * AriError}, or with what `ask` itself throws.
   */
  async request<T>(lane: Lane, ask: (api: AriApi) => PromiseLike<T>): Promise<T> {
    return await this.#lanes.run(lane, async () => {
      if (!this.#api) throw new AriError('unavailable', 0, 'the PBX was not reached yet');
      try {
        return await ask(this.#api);
      } catch (problem) {
        // The client rejects with AriError; any other error is the asker's own.
        throw problem instanceof Error ? problem : errorOfTransport(problem);
      }
    });
  }

  isUp(): boolean {
    return this.#isUp;
  }

  health(): ConnectionHealth {
    const heardAt = this.#lastHeardAt;
    return {
      connected: this.#isUp,
      ...(heardAt !== undefined && { silentForMs: performance.now() - heardAt }),
      ...(this.#lagMs !== undefined && { lagMs: this.#lagMs }),
      requestsInFlight: this.#lanes.inFlight(),
      unknownEvents: this.#unknownEvents,
      ...(this.#version !== undefined && { version: this.#version }),
    };
  }

  /** Connects again and again until stopped or replaced. */
  async #run(): Promise<void> {
    let failures = 0;
    while (!this.#ending.signal.aborted && !this.#isReplaced) {
      let because: string;
      try {
        because = await this.#live();
        failures = 0;
      } catch (problem) {
        because = problem instanceof Error ? problem.message : String(problem);
        failures += 1;
      }
      if (this.#ending.signal.aborted) return;
      this.#sayDown(because);
      const waitMs = Math.min(RETRY_FIRST_MS * 2 ** failures, RETRY_MAX_MS);
      await this.#pause(waitMs * (0.5 + Math.random() / 2), this.#ending.signal);
    }
  }

  #sayDown(because: string): void {
    if (this.#saidDown) return;
    this.#saidDown = true;
    this.#log.warn({ because }, 'telephony is down');
    this.#listener?.onDown(because);
  }

  /**
   * One connection from opening to closing. Resolves with the reason of its end; rejects when it
   * never came up.
   */
  async #live(): Promise<string> {
    const pbx = await this.#meet();
    const over = new AbortController();
    const closed = new Promise<string>((resolve) => {
      over.signal.addEventListener('abort', () => resolve(String(over.signal.reason)));
    });
    const socket = await openEventSocket({
      ...this.#options,
      onMessage: (text) => this.#onMessage(text),
      onClosed: (because) => over.abort(because),
    });
    this.#socket = socket;
    try {
      await this.#comeUp(pbx, closed);
      void this.#watchEchoes(socket, over.signal);
      return await closed;
    } finally {
      this.#isUp = false;
      this.#echo = undefined;
      socket.cut('given up');
      await closed;
    }
  }

  /** Identifies the PBX. Reads its operations first, and again when its version changed. */
  async #meet(): Promise<PbxIdentity> {
    this.#api ??= await this.#transport.load();
    const { system, status } = await this.request('background', (api) => api.asterisk.getInfo());
    if (this.#version !== undefined && this.#version !== system.version) {
      this.#api = await this.#transport.load();
    }
    this.#version = system.version;
    return { instance: `${system.entity_id} ${status.startup_time}`, version: system.version };
  }

  async #comeUp(pbx: PbxIdentity, closed: Promise<string>): Promise<void> {
    const { application } = this.#options;
    if (this.#ending.signal.aborted) throw new AriError('unavailable', 0, 'stopped');
    await this.request('background', (api) =>
      api.applications.filter({ applicationName: application, filter: EVENT_FILTER }),
    );
    const cut = closed.then((because) => {
      throw new AriError('unavailable', 0, because);
    });
    const onUp = await Promise.race([this.#listener?.onOpened(pbx), cut]);
    this.#isUp = true;
    this.#saidDown = false;
    this.#log.info({ application, ...pbx }, 'telephony is up');
    onUp?.();
  }

  #onMessage(text: string): void {
    this.#lastHeardAt = performance.now();
    const event = readAriEvent(text);
    if (!event) {
      this.#unknownEvents += 1;
    } else if (event.type === 'ChannelUserevent') {
      this.#onEcho(event.userevent.id);
    } else if (event.type === 'ApplicationReplaced') {
      this.#isReplaced = true;
      this.#log.error(
        { application: event.application },
        'another process took over the telephony events; staying down',
      );
      this.#socket?.cut('another process took over the telephony events');
    } else {
      this.#listener?.onEvent(event);
    }
  }

  #onEcho(id: unknown): void {
    if (!this.#echo || id !== this.#echo.id) return;
    this.#lagMs = performance.now() - this.#echo.sentAt;
    this.#echo = undefined;
  }

  async #watchEchoes(socket: EventSocket, over: AbortSignal): Promise<void> {
    while (!over.aborted) {
      await this.#sendEcho();
      await this.#pause(ECHO_EVERY_MS, over);
      while (this.#echo && !over.aborted) {
        if (performance.now() - this.#echo.sentAt > ECHO_DEADLINE_MS) {
          socket.cut('no echo came through the event path');
          return;
        }
        await this.#pause(ECHO_LOOK_MS, over);
      }
    }
  }

  async #sendEcho(): Promise<void> {
    const { application } = this.#options;
    this.#echoesSent += 1;
    const id = String(this.#echoesSent);
    this.#echo = { id, sentAt: performance.now() };
    try {
      await this.request('urgent', (api) => {
        // The clock starts here, because the wait in the lane says nothing about the PBX.
        this.#echo = { id, sentAt: performance.now() };
        return api.events.userEvent({ eventName: ECHO_EVENT, application, variables: { id } });
      });
    } catch (problem) {
      this.#log.warn({ err: problem }, 'telephony echo not sent');
    }
  }

  async #pause(ms: number, signal: AbortSignal): Promise<void> {
    await pause(ms, undefined, { signal }).catch(() => undefined);
  }
}
