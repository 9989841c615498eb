import { io, type Socket } from 'socket.io-client';
import {
  boardMessage,
  logMessage,
  type SupervisorClientEvents,
  type SupervisorServerEvents,
  supervisorSnapshot,
} from '../../protocol/supervisor.ts';
import { stillSignedIn } from '../live/session.ts';
import { createStore, type Store } from '../live/store.ts';
import {
  FIRST_SUPERVISOR_SCREEN,
  reduceSupervisor,
  type SupervisorAction,
  type SupervisorScreen,
} from './board.ts';

export type SupervisorSession = {
  readonly screen: Store<SupervisorScreen, SupervisorAction>;
  open(): void;
  close(): void;
};

const SNAPSHOT_WITHIN_MS = 5_000;
const REFUSED_WAIT_MS = 1_000;

/**
 * The supervisor's socket. After a gap, a new epoch or a new connection it asks for a snapshot, one
 * at a time.
 */
export function createSupervisorSession(): SupervisorSession {
  const screen = createStore(reduceSupervisor, FIRST_SUPERVISOR_SCREEN);
  const { dispatch } = screen;
  const socket: Socket<SupervisorServerEvents, SupervisorClientEvents> = io('/supervisor', {
    autoConnect: false,
    transports: ['websocket'],
    reconnectionDelay: 250,
    reconnectionDelayMax: 2_000,
  });
  let asking = false;
  const askForSnapshot = async () => {
    if (asking || !socket.connected) return;
    asking = true;
    try {
      const answer: unknown = await socket.timeout(SNAPSHOT_WITHIN_MS).emitWithAck('snapshot');
      const parsed = supervisorSnapshot.safeParse(answer);
      if (parsed.success) dispatch({ kind: 'snapshot', snapshot: parsed.data, at: Date.now() });
    } catch {
      // The next message that does not fit will ask again.
    } finally {
      asking = false;
    }
  };
  screen.subscribe(() => {
    if (screen.get().gap) void askForSnapshot();
  });
  socket.on('connect', () => {
    dispatch({ kind: 'link', link: 'up' });
    void askForSnapshot();
  });
  socket.on('disconnect', (reason) => {
    // We closed it ourselves after a message that said why.
    if (reason === 'io client disconnect') return;
    dispatch({ kind: 'link', link: 'down' });
    if (reason === 'io server disconnect') socket.connect();
  });
  socket.on('connect_error', () => {
    dispatch({ kind: 'link', link: 'down' });
    void stillSignedIn().then((signedIn) => {
      if (!signedIn) dispatch({ kind: 'link', link: 'signed-out' });
      else if (!socket.active) setTimeout(() => socket.connect(), REFUSED_WAIT_MS);
    });
  });
  socket.on('board', (message) => {
    const parsed = boardMessage.safeParse(message);
    if (parsed.success) dispatch({ kind: 'board', message: parsed.data, at: Date.now() });
  });
  socket.on('log', (message) => {
    const parsed = logMessage.safeParse(message);
    if (parsed.success) dispatch({ kind: 'log', message: parsed.data });
  });
  socket.on('taken-over', () => {
    socket.disconnect();
    dispatch({ kind: 'link', link: 'elsewhere' });
  });
  socket.on('signed-out', () => {
    socket.disconnect();
    dispatch({ kind: 'link', link: 'signed-out' });
  });
  return { screen, open: () => socket.connect(), close: () => socket.disconnect() };
}
