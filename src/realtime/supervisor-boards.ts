/**
 * The supervisors' screens: whole boards, a few a second at most, and the live log in sequence. A
 * screen that missed lines notices by their numbers and asks for a snapshot.
 */
import type { Logger } from 'pino';
import type { Socket } from 'socket.io';
import type { Fact } from '../domain/facts.ts';
import { HOUSE, keyOfScope, type Scope } from '../engine/ports/scope.ts';
import type { Published, Queries } from '../engine/queries.ts';
import type { EpochMs } from '../lib/time.ts';
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
import type { EarlierLog } from './earlier-log.ts';
import { createPlanPace } from './plan-pace.ts';
import { presentBoard } from './projections/board.ts';
import { presentLine } from './projections/log.ts';
import { createRateLimit } from './rate-limit.ts';
import { isBehind } from './slow-client.ts';

export type SupervisorSocket = Socket<SupervisorClientEvents, SupervisorServerEvents>;

export type SupervisorBoards = {
  /** `scope`: for whom the page asks; it is shown no more than that. */
  connect(socket: SupervisorSocket, scope: Scope): void;
  /** Lines of before this process, which the log begins with. */
  remember(earlier: EarlierLog): void;
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

/** The pages of one scope, which are all shown the same. */
type Audience = {
  readonly sockets: Set<SupervisorSocket>;
  readonly lines: Lines;
  board(): BoardMessage;
  snapshot(): SupervisorSnapshot;
};

type Shown = {
  readonly queries: Queries;
  /** Since when a night has had no backup; absent where none are made. */
  readonly noBackUpSince?: () => EpochMs | undefined;
};

export function createSupervisorBoards(parts: Shown & { readonly log: Logger }): SupervisorBoards {
  const { queries, log } = parts;
  const house = createAudience(parts, HOUSE, []);
  // Those of limited accounts come and go with their pages.
  const audiences = new Map([[keyOfScope(HOUSE), house]]);
  const audienceOf = (scope: Scope): Audience => {
    const key = keyOfScope(scope);
    const known = audiences.get(key) ?? createAudience(parts, scope, house.lines.newest());
    audiences.set(key, known);
    return known;
  };
  const leave = (socket: SupervisorSocket, scope: Scope) => {
    const audience = audienceOf(scope);
    audience.sockets.delete(socket);
    if (audience !== house && audience.sockets.size === 0) audiences.delete(keyOfScope(scope));
  };
  const toAll = ({ sockets }: Audience, send: (socket: SupervisorSocket) => void) => {
    for (const socket of sockets) if (!isBehind(socket)) send(socket);
  };
  const drawFor = (audience: Audience) => {
    if (audience.sockets.size === 0) return;
    try {
      const message = audience.board();
      toAll(audience, (socket) => socket.emit('board', message));
    } catch (error) {
      log.error({ err: error }, 'board could not be drawn');
    }
  };
  const boards = coalesce({
    everyMs: BOARD_EVERY_MS,
    atLeastEveryMs: BOARD_AT_LEAST_EVERY_MS,
    send: () => {
      for (const audience of audiences.values()) drawFor(audience);
    },
  });
  const logs = coalesce({
    everyMs: LOG_EVERY_MS,
    send: () => {
      for (const audience of audiences.values()) {
        const batch = audience.lines.take();
        toAll(audience, (socket) => socket.emit('log', { epoch: queries.epoch, ...batch }));
      }
    },
  });

  return {
    connect(socket, scope) {
      const audience = audienceOf(scope);
      audience.sockets.add(socket);
      socket.on('disconnect', () => leave(socket, scope));
      const rate = createRateLimit(SNAPSHOTS_PER_SECOND_MAX);
      socket.on('snapshot', (...sent: unknown[]) => {
        const answer = sent.at(-1);
        if (typeof answer !== 'function') return;
        const refuse = (code: string, detail: string) => answer({ ok: false, code, detail });
        if (!rate.takes()) return refuse('too-many-requests', 'Slower, please.');
        try {
          answer(audience.snapshot());
        } catch (error) {
          log.error({ err: error }, 'snapshot could not be drawn');
          refuse('mistake', 'It was written to the log.');
        }
      });
    },
    remember(earlier) {
      for (const { lines } of audiences.values()) lines.remember(earlier);
    },
    published(change) {
      for (const { lines } of audiences.values()) lines.add(change);
      boards.soon();
      logs.soon();
    },
    stop() {
      boards.stop();
      logs.stop();
    },
  };
}

function createAudience(shown: Shown, scope: Scope, before: readonly SaidLine[]): Audience {
  const { queries, noBackUpSince } = shown;
  const lines = createLines(queries, scope, before);
  const paced = createPlanPace();
  const boardMessage = (): BoardMessage => ({
    epoch: queries.epoch,
    upTo: queries.upTo(),
    board: paced(boardSchema.parse(presentBoard(queries.board(scope), queries, noBackUpSince?.()))),
  });
  let kept: { readonly at: number; readonly message: BoardMessage } | undefined;
  /** One board is drawn for all pages that ask at about the same time. */
  const boardForMany = () => {
    const isFresh = kept && performance.now() - kept.at < BOARD_KEPT_MS;
    if (!kept || !isFresh || kept.message.upTo !== queries.upTo()) {
      kept = { at: performance.now(), message: boardMessage() };
    }
    return kept.message;
  };
  return {
    sockets: new Set(),
    lines,
    board: boardMessage,
    snapshot: () => ({
      ...boardForMany(),
      // The sequence after which the next message continues, not the newest fact's.
      upTo: lines.sentUpTo(),
      log: lines.sent(),
    }),
  };
}

type LineBatch = {
  readonly after: number;
  readonly upTo: number;
  readonly lines: LogLine[];
  readonly omitted: number;
};

/** A line with its fact, which says for whom else it is. */
type SaidLine = { readonly fact: Fact; readonly line: LogLine };

type Lines = {
  remember(earlier: EarlierLog): void;
  add(change: Published): void;
  /** The lines since the last call, as many as may be sent now. */
  take(): LineBatch;
  sentUpTo(): number;
  sent(): LogLine[];
  /** Those sent and those that wait, the oldest first. */
  newest(): readonly SaidLine[];
};

/** `before`: lines from which the log begins, as far as they are within the scope. */
function createLines(queries: Queries, scope: Scope, before: readonly SaidLine[]): Lines {
  const rate = createRateLimit(LINES_PER_SECOND_MAX);
  let kept: readonly SaidLine[] = before.filter(({ fact }) => queries.seesFact(scope, fact));
  let waiting: readonly SaidLine[] = [];
  let waitingOmitted = 0;
  let upTo = queries.upTo();
  let sentUpTo = upTo;
  const lineOf = (fact: Fact, earlier?: EarlierLog): SaidLine[] => {
    if (!queries.seesFact(scope, fact)) return [];
    const line = presentLine(fact, queries, earlier?.calls);
    return line ? [{ fact, line: logLine.parse(line) }] : [];
  };
  return {
    remember(earlier) {
      const known = new Set([...kept, ...waiting].map(({ line }) => line.sequence));
      const facts = earlier.facts.filter(({ sequence }) => !known.has(sequence));
      kept = [...facts.flatMap((fact) => lineOf(fact, earlier)), ...kept].slice(-LINES_KEPT_MAX);
    },
    add(change) {
      upTo = change.upTo;
      waiting = [...waiting, ...change.facts.flatMap((fact) => lineOf(fact))];
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
      return { after, upTo, lines: chosen.map(({ line }) => line), omitted };
    },
    sentUpTo: () => sentUpTo,
    sent: () => kept.map(({ line }) => line),
    newest: () => [...kept, ...waiting],
  };
}
