/**
 * The screens of the load bench, in a separate process: scripted agents, and supervisors who watch.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { io, type Socket } from 'socket.io-client';
import { exponentialOf, randomStream } from '../../src/lib/random.ts';
import type { AgentCommand, DeskMessage } from '../../src/protocol/agent.ts';
import type { LoadAnswer, LoadCounts, LoadOrder, LoadTask } from './load-task.ts';

const CONNECTING_AT_ONCE = 20;
const AVAILABLE_TRIES_MAX = 100;

const sockets: Socket[] = [];
let counts = noCounts();
let isOver = false;

type Counting = {
  messages: Record<string, number>;
  commands: number;
  refused: Record<string, number>;
  answerMs: number[];
  disconnected: number;
};

function noCounts(): Counting {
  return { messages: {}, commands: 0, refused: {}, answerMs: [], disconnected: 0 };
}

const tell = (answer: LoadAnswer): void => {
  process.send?.(answer);
};

process.on('message', (order: LoadOrder) => {
  switch (order.kind) {
    case 'begin':
      begin(order.task).then(
        () => tell({ kind: 'ready' }),
        (error: unknown) => tell({ kind: 'failed', because: String(error) }),
      );
      return;
    case 'count':
      counts = noCounts();
      return;
    case 'end': {
      const counted: LoadCounts = {
        ...counts,
        answerMs: counts.answerMs.sort((one, other) => one - other),
      };
      isOver = true;
      tell({ kind: 'counted', counts: counted });
      for (const socket of sockets) socket.disconnect();
    }
  }
});

async function begin(task: LoadTask): Promise<void> {
  const { agentCookies, supervisorCookies } = task;
  for (const cookie of supervisorCookies) await open(task, '/supervisor', cookie);
  for (let first = 0; first < agentCookies.length; first += CONNECTING_AT_ONCE) {
    const some = agentCookies.slice(first, first + CONNECTING_AT_ONCE);
    await Promise.all(some.map((cookie, index) => comeToWork(task, cookie, first + index)));
  }
}

async function comeToWork(task: LoadTask, cookie: string, n: number): Promise<void> {
  const socket = await open(task, '/agent', cookie);
  await ask(socket, { kind: 'open-shift', pageId: `page-of-agent-${n}` });
  for (let tries = 0; !(await ask(socket, { kind: 'go-available' })); tries += 1) {
    if (tries >= AVAILABLE_TRIES_MAX) throw new Error(`agent ${n} cannot begin`);
    await sleep(100);
  }
  followScript(socket, task, n);
}

/** Hangs up after an exponential talk time and disposes after an exponential wrap-up. */
function followScript(socket: Socket, task: LoadTask, n: number): void {
  const chance = randomStream(n, 'agent');
  let talks = '';
  let wrapsUp = '';
  socket.on('desk', ({ desk }: DeskMessage) => {
    const activity = desk.shift?.activity;
    if (activity?.kind === 'talking' && activity.callId !== talks) {
      const callId = activity.callId;
      talks = callId;
      setTimeout(
        () => void ask(socket, { kind: 'hang-up', callId }),
        exponentialOf(chance, task.talkMeanMs),
      );
    }
    if (activity?.kind === 'wrapping-up' && activity.callId !== wrapsUp) {
      const callId = activity.callId;
      wrapsUp = callId;
      setTimeout(
        () => void disposeAndGoOn(socket, callId, task.disposition),
        exponentialOf(chance, task.wrapUpMeanMs),
      );
    }
  });
}

async function disposeAndGoOn(socket: Socket, callId: string, code: string): Promise<void> {
  await ask(socket, { kind: 'dispose', callId, code });
  await ask(socket, { kind: 'go-available' });
}

async function ask(socket: Socket, command: AgentCommand): Promise<boolean> {
  if (!socket.connected || isOver) return false;
  const askedAt = performance.now();
  const answer: { ok: boolean; code?: string } = await socket
    .emitWithAck('command', command)
    .catch(() => ({ ok: false, code: 'connection-lost' }));
  counts.commands += 1;
  counts.answerMs.push(performance.now() - askedAt);
  if (!answer.ok) {
    const key = `${command.kind} ${answer.code}`;
    counts.refused[key] = (counts.refused[key] ?? 0) + 1;
  }
  return answer.ok;
}

async function open({ url }: LoadTask, namespace: string, cookie: string): Promise<Socket> {
  const socket = io(url + namespace, {
    transports: ['websocket'],
    extraHeaders: { origin: url, cookie },
    reconnection: false,
    forceNew: true,
  });
  sockets.push(socket);
  socket.onAny((name: string) => {
    counts.messages[name] = (counts.messages[name] ?? 0) + 1;
  });
  socket.on('disconnect', () => {
    counts.disconnected += 1;
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', reject);
  });
  return socket;
}
