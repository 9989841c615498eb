/**
 * The supervisors' screens: whole boards, a few a second at most, and the live log in sequence. A
 * screen that missed lines notices by their numbers and asks for a snapshot.
 */
import type { Logger } from 'pino';
import type { Socket } from 'socket.io';
import type { Published, Queries } from '../engine/queries.ts';
import {
  type BoardMessage,
  board as boardSchema,
  type LogLine,
  logLine,
  type SupervisorClientEvents,
  type SupervisorServerEvents,
  type SupervisorSnapshot,
} from '../protocol/supervisor.ts';
import { coalesce } from './coalesce.ts';
import { createPlanPace } from './plan-pace.ts';
import { presentBoard } from './projections/board.ts';
import { presentLine } from './projections/log.ts';
import { createRateLimit } from './rate-limit.ts';
import { isBehind } from './slow-client.ts';

export type SupervisorSocket = Socket<SupervisorClientEvents, SupervisorServerEvents>;

export type SupervisorBoards = {
  connect(socket: SupervisorSocket): void;
  published(change: Published): void;
  stop(): void;
};

const BOARD_EVERY_MS = 500;
/** A page that hears nothing for five seconds says that its figures are old. */
const BOARD_AT_LEAST_EVERY_MS = 2_000;
const LOG_EVERY_MS = 250;
const LINES_PER_SECOND_MAX = 20;
/** Shorter than a person notices, and longer than sending to all supervisors of a floor takes. */
const BOARD_KEPT_MS = 250;
/** Lines in a snapshot. */
const LINES_KEPT_MAX = 200;
const SNAPSHOTS_PER_SECOND_MAX = 2;

export function createSupervisorBoards(parts: {
  readonly queries: Queries;
  readonly log: Logger;
}): SupervisorBoards {
  const { queries, log } = parts;
  const sockets = new Set<SupervisorSocket>();
  const lines = createLines(queries);
  const paced = createPlanPace();

  const boardMessage = (): BoardMessage => ({
    epoch: queries.epoch,
    upTo: queries.upTo(),
    board: paced(boardSchema.parse(presentBoard(queries.board(), queries))),
  });
  /** One board is drawn for all pages that ask at about the same time. */
  const boardForMany = () => {
    const isFresh = kept && performance.now() - kept.at < BOARD_KEPT_MS;
    if (!kept || !isFresh || kept.message.upTo !== queries.upTo()) {
      kept = { at: performance.now(), message: boardMessage() };
    }
    return kept.message;
  };
  let kept: { readonly at: number; readonly message: BoardMessage } | undefined;
  const toAll = (send: (socket: SupervisorSocket) => void) => {
    for (const socket of sockets) if (!isBehind(socket)) send(socket);
  };
  const safely = (send: () => void) => () => {
    if (sockets.size === 0) return;
    try {
      send();
    } catch (error) {
      log.error({ err: error }, 'board could not be drawn');
    }
  };
  const boards = coalesce({
    everyMs: BOARD_EVERY_MS,
    atLeastEveryMs: BOARD_AT_LEAST_EVERY_MS,
    send: safely(() => {
      const message = boardMessage();
      toAll((socket) => socket.emit('board', message));
    }),
  });
  const logs = coalesce({
    everyMs: LOG_EVERY_MS,
    send: () => {
      const batch = lines.take();
      toAll((socket) => socket.emit('log', { epoch: queries.epoch, ...batch }));
    },
  });
  const snapshot = (): SupervisorSnapshot => ({
    ...boardForMany(),
    // The sequence after which the next message continues, not the newest fact's.
    upTo: lines.sentUpTo(),
    log: lines.sent(),
  });

  return {
    connect(socket) {
      sockets.add(socket);
      socket.on('disconnect', () => sockets.delete(socket));
      const rate = createRateLimit(SNAPSHOTS_PER_SECOND_MAX);
      socket.on('snapshot', (...sent: unknown[]) => {
        const answer = sent.at(-1);
        if (typeof answer !== 'function') return;
        const refuse = (code: string, detail: string) => answer({ ok: false, code, detail });
        if (!rate.takes()) return refuse('too-many-requests', 'Slower, please.');
        try {
          answer(snapshot());
        } catch (error) {
          log.error({ err: error }, 'snapshot could not be drawn');
          refuse('mistake', 'It was written to the log.');
        }
      });
    },
    published(change) {
      lines.add(change);
      boards.soon();
      logs.soon();
    },
    stop() {
      boards.stop();
      logs.stop();
    },
  };
}

type LineBatch = {
  readonly after: number;
  readonly upTo: number;
  readonly lines: LogLine[];
  readonly omitted: number;
};

type Lines = {
  add(change: Published): void;
  /** The lines since the last call, as many as may be sent now. */
  take(): LineBatch;
  sentUpTo(): number;
  sent(): LogLine[];
};

function createLines(queries: Queries): Lines {
  const rate = createRateLimit(LINES_PER_SECOND_MAX);
  let kept: LogLine[] = [];
  let waiting: LogLine[] = [];
  let waitingOmitted = 0;
  let upTo = queries.upTo();
  let sentUpTo = upTo;
  return {
    add(change) {
      upTo = change.upTo;
      for (const fact of change.facts) {
        const line = presentLine(fact, queries);
        if (line) waiting.push(logLine.parse(line));
      }
      if (waiting.length <= LINES_KEPT_MAX) return;
      waitingOmitted += waiting.length - LINES_KEPT_MAX;
      waiting = waiting.slice(-LINES_KEPT_MAX);
    },
    take() {
      let allowed = 0;
      while (allowed < waiting.length && rate.takes()) allowed += 1;
      // The newest lines matter most.
      const chosen = allowed === 0 ? [] : waiting.slice(-allowed);
      const omitted = waitingOmitted + waiting.length - chosen.length;
      kept = [...kept, ...waiting].slice(-LINES_KEPT_MAX);
      waiting = [];
      waitingOmitted = 0;
      const after = sentUpTo;
      sentUpTo = upTo;
      return { after, upTo, lines: chosen, omitted };
    },
    sentUpTo: () => sentUpTo,
    sent: () => kept,
  };
}
