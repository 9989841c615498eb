/** Worlds stored in PostgreSQL. */
import { createRequire } from 'node:module';
import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads';
import type { WorldDatabase, WorldDatabases } from '../../src/simulator/world-database.ts';
import { makePostgresDatabase } from './shared-postgres.ts';

/**
 * A thread that asks the server, so that a question is answered at once: who asks stands still until it
 * has the answer. Plain JavaScript given as text, as a thread has no loader of ours.
 */
const THREAD = `
const { workerData } = require('node:worker_threads');
const pg = require(workerData.pg);
const { url, port, answered } = workerData;
for (const oid of [20, 1700]) pg.types.setTypeParser(oid, Number);
const client = new pg.Client({ connectionString: url });
client.on('error', () => {});
const connected = client.connect();
port.on('message', async ({ text, values }) => {
  let answer;
  try {
    await connected;
    answer = { rows: (await client.query({ text, values })).rows };
  } catch (error) {
    answer = { failed: error.message };
  }
  port.postMessage(answer);
  Atomics.store(answered, 0, 1);
  Atomics.notify(answered, 0);
});
`;

const ANSWER_MAX_MS = 20_000;

export const POSTGRES_WORLDS: WorldDatabases = {
  async make(template) {
    const { url, remove } = await makePostgresDatabase(template);
    const asking = askingBeside(url);
    return {
      database: url,
      query: asking.query,
      async remove() {
        await asking.remove();
        await remove();
      },
    };
  },
};

/** A database's questions, of which the thread is there when the first is asked. */
export function askingBeside(url: string): Pick<WorldDatabase, 'query' | 'remove'> {
  let asker: Asker | undefined;
  return {
    query<Row>(sql: string, values: readonly (string | number)[]): Row[] {
      asker ??= startAsker(url);
      return asker.ask(numbered(sql), values) as Row[];
    },
    async remove() {
      await asker?.stop();
    },
  };
}

type Asker = {
  ask(text: string, values: readonly (string | number)[]): unknown[];
  stop(): Promise<unknown>;
};

function startAsker(url: string): Asker {
  const answered = new Int32Array(new SharedArrayBuffer(4));
  const { port1, port2 } = new MessageChannel();
  const pg = createRequire(import.meta.url).resolve('pg');
  const thread = new Worker(THREAD, {
    eval: true,
    execArgv: [],
    workerData: { pg, url, port: port2, answered },
    transferList: [port2],
  });
  thread.unref();
  port1.unref();
  return {
    ask(text, values) {
      Atomics.store(answered, 0, 0);
      port1.postMessage({ text, values });
      Atomics.wait(answered, 0, 0, ANSWER_MAX_MS);
      const answer = receiveMessageOnPort(port1)?.message as
        | { rows?: unknown[]; failed?: string }
        | undefined;
      if (!answer?.rows) throw new Error(`${text}: ${answer?.failed ?? 'no answer'}`);
      return answer.rows;
    },
    stop: () => thread.terminate(),
  };
}

/** `?` is PostgreSQL's `$1`, and so on. */
function numbered(sql: string): string {
  let place = 0;
  return sql.replace(/\?/g, () => {
    place += 1;
    return `$${place}`;
  });
}
