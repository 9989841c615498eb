/**
 * The agents' screens. Each agent has one page: the newest takes over. At a change the pop goes out
 * before the desk, in the same turn in which the engine published it.
 */
import type { Logger } from 'pino';
import type { Socket } from 'socket.io';
import type { Commands } from '../engine/commands.ts';
import type { Accounts } from '../engine/ports/accounts.ts';
import { debtsShownAudit } from '../engine/ports/audit.ts';
import type { DeskState, Queries } from '../engine/queries.ts';
import type { AgentId, CallId } from '../lib/ids.ts';
import type { EpochMs } from '../lib/time.ts';
import {
  type AgentClientEvents,
  type AgentServerEvents,
  deskMessage,
  type Pop,
  pop as popSchema,
} from '../protocol/agent.ts';
import { type HeadsetAddress, presentResult, readCommand } from './agent-commands.ts';
import { createPresence, type Presence } from './presence.ts';
import { presentDesk } from './projections/agent-desk.ts';
import { popOf, presentPop } from './projections/pop.ts';
import { createRateLimit } from './rate-limit.ts';
import { isBehind, whenCaughtUp } from './slow-client.ts';

export type AgentSocket = Socket<AgentClientEvents, AgentServerEvents>;

export type AgentDesks = {
  /** `address`: the page's IP address, for the audit rows of the debts it shows. */
  connect(agentId: AgentId, socket: AgentSocket, address: string): void;
  /** Redraws the screens of these agents. */
  changed(agentIds: readonly AgentId[]): void;
  /** From now on a closing socket is not reported to the engine. */
  stop(): void;
};

export type AgentDesksParts = {
  readonly commands: Commands;
  readonly queries: Queries;
  readonly headset: HeadsetAddress;
  readonly audit: Pick<Accounts, 'insertAudit'>;
  readonly now: () => EpochMs;
  readonly log: Logger;
};

/** More than a quick hand can send. */
const COMMANDS_PER_SECOND_MAX = 20;

/** What one page shows now. */
type Page = {
  readonly socket: AgentSocket;
  readonly address: string;
  /** The call whose debtor is on the screen. */
  shown?: { readonly callId: CallId | string; readonly stage: Pop['stage'] };
  /** Whether the page waits to be drawn because its browser reads slowly. */
  isWaiting: boolean;
};

export function createAgentDesks(parts: AgentDesksParts): AgentDesks {
  const { queries, commands, log } = parts;
  const pages = new Map<AgentId, Page>();
  const presences = new Map<AgentId, Presence>();
  const looks = createLooks(parts);
  let stopped = false;

  const presenceOf = (agentId: AgentId): Presence => {
    const known = presences.get(agentId) ?? createPresence(agentId, commands, log);
    presences.set(agentId, known);
    return known;
  };

  const draw = (agentId: AgentId) => {
    const page = pages.get(agentId);
    if (!page || page.isWaiting) return;
    if (isBehind(page.socket)) {
      page.isWaiting = true;
      whenCaughtUp(page.socket, () => {
        page.isWaiting = false;
        draw(agentId);
      });
      return;
    }
    const state = queries.desk(agentId);
    if (drawPop(page, state, queries)) looks.debtsShown(agentId, page.address, state);
    page.socket.emit('desk', deskMessageOf(state, queries));
  };

  const drawSafely = (agentId: AgentId) => {
    try {
      draw(agentId);
    } catch (error) {
      log.error({ err: error, agentId }, 'desk could not be drawn');
    }
  };

  return {
    connect(agentId, socket, address) {
      const before = pages.get(agentId);
      const page: Page = { socket, address, isWaiting: false };
      pages.set(agentId, page);
      if (before) {
        before.socket.emit('taken-over');
        before.socket.disconnect(true);
      }
      socket.on('disconnect', () => {
        if (pages.get(agentId) !== page) return;
        pages.delete(agentId);
        if (!stopped) presenceOf(agentId).is(false);
      });
      listen(agentId, page, parts);
      presenceOf(agentId).is(true);
      drawSafely(agentId);
    },
    changed(agentIds) {
      for (const agentId of agentIds) drawSafely(agentId);
    },
    stop() {
      stopped = true;
    },
  };
}

/** Parsing outgoing messages drops fields the protocol does not name, such as a debt. */
function deskMessageOf(state: DeskState, queries: Queries): ReturnType<typeof deskMessage.parse> {
  const { epoch } = queries;
  return deskMessage.parse({ epoch, upTo: queries.upTo(), desk: presentDesk(state, queries) });
}

/** Sends the pop that is due. True when it shows debts that were not shown before. */
function drawPop(page: Page, state: DeskState, queries: Queries): boolean {
  const due = popOf(state);
  const { shown, socket } = page;
  if (shown && shown.callId !== due?.callId) {
    socket.emit('pop-cleared', { callId: shown.callId });
    delete page.shown;
  }
  // Desks are drawn far more often than pops change, and pops are the larger messages.
  if (!due || (shown?.callId === due.callId && shown.stage === due.stage)) return false;
  socket.emit('pop', popSchema.parse(presentPop(state, queries)));
  page.shown = due;
  return due.stage === 'full';
}

/** Writes one audit row for each call and address at which an agent's screen showed debts. */
function createLooks({ audit, now, log }: AgentDesksParts): {
  debtsShown(agentId: AgentId, address: string, state: DeskState): void;
} {
  const newest = new Map<AgentId, string>();

  return {
    debtsShown(agentId, address, { call }) {
      if (!call) return;
      const look = `${call.call.id} ${address}`;
      if (newest.get(agentId) === look) return;
      newest.set(agentId, look);
      const { debtorId } = call.call;
      const entry = debtsShownAudit({ at: now(), byUserId: agentId, debtorId, address });
      audit.insertAudit(entry).catch((error: unknown) => {
        log.error({ err: error, agentId }, 'audit row could not be written');
      });
    },
  };
}

function listen(agentId: AgentId, { socket, address }: Page, parts: AgentDesksParts): void {
  const { commands, headset, log } = parts;
  const rate = createRateLimit(COMMANDS_PER_SECOND_MAX);
  socket.on('command', (...sent: unknown[]) => {
    // An event that expects an answer gets one, whatever arguments came with it.
    const answer = sent.pop();
    if (typeof answer !== 'function') return;
    const refuse = (code: string, detail: string) => answer({ ok: false, code, detail });
    if (!rate.takes()) return refuse('too-many-requests', 'Slower, please.');
    const command = sent.length === 1 ? readCommand(agentId, sent[0], address) : undefined;
    if (!command) return refuse('malformed-request', 'This is no command the server knows.');
    commands.run(command).then(
      (result) => answer(presentResult(result, headset)),
      (error: unknown) => {
        log.error({ err: error, agentId, command: command.kind }, 'command failed');
        refuse('mistake', 'It was written to the log.');
      },
    );
  });
}
