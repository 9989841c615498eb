/** A way to a PostgreSQL server that can be cut at a commit. */
import { connect, createServer, type Socket } from 'node:net';

export type CuttingProxy = {
  readonly port: number;
  /** Cuts at the next commit: before the server hears it, or before its answer is heard. */
  cutAtCommit(where: 'before-it' | 'before-its-answer'): void;
  stop(): Promise<void>;
};

export async function startCuttingProxy(serverPort: number): Promise<CuttingProxy> {
  let cut: 'before-it' | 'before-its-answer' | undefined;
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(serverPort, '127.0.0.1');
    let isDeaf = false;
    const end = (): void => {
      client.destroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', end);
      socket.on('close', end);
    }
    client.on('data', (bytes) => {
      const isCommit = cut !== undefined && bytes.includes('commit\0');
      if (isCommit && cut === 'before-it') {
        cut = undefined;
        end();
        return;
      }
      if (isCommit) {
        cut = undefined;
        isDeaf = true;
      }
      upstream.write(bytes);
    });
    upstream.on('data', (bytes) => {
      if (isDeaf) end();
      else client.write(bytes);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    cutAtCommit: (where) => {
      cut = where;
    },
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
