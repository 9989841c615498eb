import { io, type Socket } from 'socket.io-client';
import {
  type AgentClientEvents,
  type AgentCommand,
  type AgentServerEvents,
  deskMessage,
  type OpenShiftAnswer,
  openShiftAnswer,
  pop,
  popCleared,
} from '../../protocol/agent.ts';
import { type CommandAnswer, commandAnswer } from '../../protocol/common.ts';
import { stillSignedIn } from '../live/session.ts';
import type { ScreenAction } from './screen.ts';

/** The agent's socket. Incoming messages are parsed and passed on as actions. */
export type AgentLink = {
  open(): void;
  close(): void;
  isUp(): boolean;
  /** `no-server` without a connection: a command is never queued, because it may be wrong later. */
  command(command: AgentCommand): Promise<CommandAnswer>;
  openShift(pageId: string): Promise<OpenShiftAnswer>;
};

const ANSWER_WITHIN_MS = 5_000;
const REFUSED_WAIT_MS = 1_000;

export function createAgentLink(
  dispatch: (action: ScreenAction) => void,
  onUp: () => void,
): AgentLink {
  const socket: Socket<AgentServerEvents, AgentClientEvents> = io('/agent', {
    autoConnect: false,
    transports: ['websocket'],
    reconnectionDelay: 250,
    reconnectionDelayMax: 2_000,
    timeout: 5_000,
  });
  socket.on('connect', () => {
    dispatch({ kind: 'link', link: { kind: 'up' } });
    onUp();
  });
  const down = () => dispatch({ kind: 'link', link: { kind: 'down', since: Date.now() } });
  socket.on('disconnect', (reason) => {
    // We closed it ourselves, or a message already said why.
    if (reason === 'io client disconnect') return;
    down();
    if (reason === 'io server disconnect') socket.connect();
  });
  socket.on('connect_error', () => {
    down();
    void stillSignedIn().then((signedIn) => {
      if (!signedIn) {
        socket.disconnect();
        dispatch({ kind: 'link', link: { kind: 'signed-out' } });
      } else if (!socket.active) {
        // After a refusal by the server socket.io does not reconnect by itself.
        setTimeout(() => socket.connect(), REFUSED_WAIT_MS);
      }
    });
  });
  listen(socket, dispatch);
  return {
    open: () => socket.connect(),
    close: () => socket.disconnect(),
    isUp: () => socket.connected,
    command: (command) => send(socket, command, (value) => commandAnswer.parse(value)),
    openShift: (pageId) =>
      send(socket, { kind: 'open-shift', pageId }, (value) => openShiftAnswer.parse(value)),
  };
}

function listen(
  socket: Socket<AgentServerEvents, AgentClientEvents>,
  dispatch: (action: ScreenAction) => void,
): void {
  socket.on('desk', (message) => {
    const parsed = deskMessage.safeParse(message);
    if (parsed.success) dispatch({ kind: 'desk', message: parsed.data, at: Date.now() });
  });
  socket.on('pop', (message) => {
    const parsed = pop.safeParse(message);
    if (parsed.success) dispatch({ kind: 'pop', pop: parsed.data });
  });
  socket.on('pop-cleared', (message) => {
    const parsed = popCleared.safeParse(message);
    if (parsed.success) dispatch({ kind: 'pop-cleared', callId: parsed.data.callId });
  });
  socket.on('taken-over', () => {
    socket.disconnect();
    dispatch({ kind: 'link', link: { kind: 'elsewhere' } });
  });
  socket.on('signed-out', () => {
    socket.disconnect();
    dispatch({ kind: 'link', link: { kind: 'signed-out' } });
  });
}

type Refused = { readonly ok: false; readonly code: string; readonly detail: string };

async function send<Told extends CommandAnswer | OpenShiftAnswer>(
  socket: Socket<AgentServerEvents, AgentClientEvents>,
  command: AgentCommand,
  read: (value: unknown) => Told,
): Promise<Told | Refused> {
  if (!socket.connected) return { ok: false, code: 'no-server', detail: '' };
  try {
    return read(await socket.timeout(ANSWER_WITHIN_MS).emitWithAck('command', command));
  } catch {
    return { ok: false, code: 'no-answer-in-time', detail: '' };
  }
}
