/**
 * The connection to one PBX: requests (`ari-client.ts`), events (`event-socket.ts`), and what keeps them
 * honest.
 *
 *   connecting ──open, filter set, listener agreed──▶ up ──closed, no pong, no echo──▶ connecting …
 *        └───────────────────────────────────────────┴──── replaced ────▶ replaced
 *
 * - connecting: tried again for ever, from 100 ms to 5 s apart. Requests work as far as the PBX does, so
 *   that a call can be hung up while events are away.
 * - up: events flow. An echo goes through the whole event path every five seconds, because a wedged
 *   application looks alive to every ping.
 * - replaced: another process opened the same application and took its events. It is not fought: two
 *   processes that take the events from each other in turn would serve nobody.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { DurationMs } from '../lib/time.ts';
import type { AriApi, AriInfo } from './ari-api.ts';
import { type AriAddress, createAriTransport } from './ari-client.ts';
import { AriError, errorOfTransport } from './ari-error.ts';
import { type AriEvent, EVENT_FILTER, readAriEvent } from './ari-events.ts';
import { type EventSocket, openEventSocket } from './event-socket.ts';
import { createRequestLanes, type Lane } from './request-lanes.ts';

const RETRY_FIRST_MS = 100;
export const RETRY_MAX_MS = 5_000;
export const ECHO_EVERY_MS = 5_000;
/** An echo that takes longer means that events do not flow, whatever the socket says. */
export const ECHO_DEADLINE_MS = 10_000;
/** At most this long are requests waited for at the end. */
const DRAIN_MAX_MS = 2_000;
const ECHO_EVENT = 'cadencia-echo';

export type AriConnectionOptions = AriAddress & {
  readonly application: string;
  readonly log: Logger;
};

/** Who the PBX is. `instance` changes when it was restarted. */
export type PbxIdentity = { readonly instance: string; readonly version: string };

export type ConnectionListener = {
  /** Every event but our echo. Only takes it in; must not throw. */
  onEvent(event: AriEvent): void;
  /**
   * Events flow again. The connection is up when this resolves, and then does what it resolved to;
   * where it rejects, the socket is cut and all begins anew.
   */
  onOpened(pbx: PbxIdentity): Promise<() => void>;
  /** It is not up: after it was, or because the first attempt failed. Once until the next opening. */
  onDown(because: string): void;
};

export type AriConnection = {
  start(listener: ConnectionListener): void;
  stop(): Promise<void>;
  /**
   * Asks the PBX. Waits for its turn in the lane, then calls `ask`; rejects with {@link AriError},
   * or with what `ask` itself throws.
   */
  request<T>(lane: Lane, ask: (api: AriApi) => PromiseLike<T>): Promise<T>;
  isUp(): boolean;
  health(): ConnectionHealth;
};

export type ConnectionHealth = {
  readonly connected: boolean;
  readonly silentForMs?: DurationMs;
  readonly lagMs?: DurationMs;
  readonly requestsInFlight: number;
  readonly unknownEvents: number;
  readonly version?: string;
};

export function createAriConnection(options: AriConnectionOptions): AriConnection {
  const { log, application } = options;
  const transport = createAriTransport(options);
  const lanes = createRequestLanes();
  const ending = new AbortController();
  let listener: ConnectionListener | undefined;
  let api: AriApi | undefined;
  let version: string | undefined;
  let socket: EventSocket | undefined;
  let up = false;
  let saidDown = false;
  let replaced = false;
  let unknownEvents = 0;
  let lastHeardAt: number | undefined;
  let lagMs: number | undefined;
  let echo: { readonly id: string; readonly sentAt: number } | undefined;
  let echoesSent = 0;

  const request = async <T>(lane: Lane, ask: (api: AriApi) => PromiseLike<T>): Promise<T> =>
    await lanes.run(lane, async () => {
      if (!api) throw new AriError('unavailable', 0, 'the PBX was not reached yet');
      try {
        return await ask(api);
      } catch (problem) {
        // The client's promises reject with AriError; anything else is the asker's own.
        throw problem instanceof Error ? problem : errorOfTransport(problem);
      }
    });

  const onMessage = (text: string) => {
    lastHeardAt = performance.now();
    const event = readAriEvent(text);
    if (!event) {
      unknownEvents += 1;
    } else if (event.type === 'ChannelUserevent') {
      if (echo && event.eventname === ECHO_EVENT && event.userevent['id'] === echo.id) {
        lagMs = lastHeardAt - echo.sentAt;
        echo = undefined;
      }
    } else if (event.type === 'ApplicationReplaced') {
      replaced = true;
      log.error({ application }, 'another process took over the telephony events; staying down');
      socket?.cut('another process took over the application');
    } else {
      listener?.onEvent(event);
    }
  };

  /** Who answers, by a PBX whose operations are known: read again when its version changed. */
  const meet = async (): Promise<PbxIdentity> => {
    api ??= await transport.load();
    const info: AriInfo = await request('background', (pbx) => pbx.asterisk.getInfo());
    if (version !== undefined && version !== info.system.version) api = await transport.load();
    version = info.system.version;
    return { instance: `${info.system.entity_id} ${info.status.startup_time}`, version };
  };

  const watchEchoes = async (over: AbortSignal): Promise<void> => {
    while (!over.aborted) {
      const id = String(echoesSent++);
      echo = { id, sentAt: performance.now() };
      await request('urgent', (pbx) => {
        echo = { id, sentAt: performance.now() };
        return pbx.events.userEvent({
          eventName: ECHO_EVENT,
          application,
          variables: { id },
        });
      }).catch((problem: unknown) => log.warn({ err: problem }, 'telephony echo not sent'));
      await pause(ECHO_EVERY_MS, undefined, { signal: over }).catch(() => undefined);
      while (echo && !over.aborted) {
        if (performance.now() - echo.sentAt > ECHO_DEADLINE_MS) {
          socket?.cut('no echo came through the event path');
          return;
        }
        await pause(ECHO_EVERY_MS / 10, undefined, { signal: over }).catch(() => undefined);
      }
    }
  };

  /** One life of the connection, from opening to closing. Resolves with the reason of its end. */
  const live = async (): Promise<string> => {
    const pbx = await meet();
    const over = new AbortController();
    const closed = new Promise<string>((resolve) => {
      over.signal.addEventListener('abort', () => resolve(String(over.signal.reason)));
    });
    socket = await openEventSocket({
      ...options,
      onMessage,
      onClosed: (because) => over.abort(because),
    });
    try {
      if (ending.signal.aborted) return 'stopped';
      await request('background', (known) =>
        known.applications.filter({ applicationName: application, filter: EVENT_FILTER }),
      );
      const cut = closed.then((because) => {
        throw new AriError('unavailable', 0, because);
      });
      const onUp = await Promise.race([listener?.onOpened(pbx), cut]);
      up = true;
      saidDown = false;
      onUp?.();
      log.info({ application, version: pbx.version, instance: pbx.instance }, 'telephony is up');
      void watchEchoes(over.signal);
      return await closed;
    } finally {
      up = false;
      echo = undefined;
      socket.cut('given up');
      await closed;
    }
  };

  const run = async () => {
    let failures = 0;
    while (!ending.signal.aborted && !replaced) {
      let because: string;
      try {
        because = await live();
        failures = 0;
      } catch (problem) {
        because = problem instanceof Error ? problem.message : String(problem);
        failures += 1;
      }
      if (ending.signal.aborted) return;
      if (!saidDown) {
        saidDown = true;
        log.warn({ because }, 'telephony is down');
        listener?.onDown(because);
      }
      const waitMs = Math.min(RETRY_FIRST_MS * 2 ** failures, RETRY_MAX_MS);
      const jittered = waitMs * (0.5 + Math.random() / 2);
      await pause(jittered, undefined, { signal: ending.signal }).catch(() => undefined);
    }
  };

  let running: Promise<void> | undefined;
  return {
    start(to) {
      listener = to;
      running ??= run();
    },
    async stop() {
      ending.abort();
      const until = performance.now() + DRAIN_MAX_MS;
      while (lanes.inFlight() > 0 && performance.now() < until) await pause(20);
      socket?.cut('stopped');
      await transport.close();
      await running;
    },
    request,
    isUp: () => up,
    health: () => ({
      connected: up,
      ...(lastHeardAt !== undefined && { silentForMs: performance.now() - lastHeardAt }),
      ...(lagMs !== undefined && { lagMs }),
      requestsInFlight: lanes.inFlight(),
      unknownEvents,
      ...(version !== undefined && { version }),
    }),
  };
}
