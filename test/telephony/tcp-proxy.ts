/** A cable between adapter and PBX that a test can pull. */
import { type AddressInfo, createServer, connect as dial, type Socket } from 'node:net';

export type TcpProxy = {
  readonly port: number;
  /** Resets every connection; `refuseNew` resets new ones too until told otherwise. */
  cut(refuseNew: boolean): void;
  mend(): void;
  close(): Promise<void>;
};

export async function startTcpProxy(to: { host: string; port: number }): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  let isRefusing = false;
  const server = createServer((near) => {
    if (isRefusing) {
      near.resetAndDestroy();
      return;
    }
    const far = dial(to);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one);
      one.setNoDelay(true);
      one.on('error', () => undefined);
      one.on('close', () => {
        sockets.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cut = (refuseNew: boolean) => {
    isRefusing = refuseNew;
    for (const socket of sockets) socket.resetAndDestroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    cut,
    mend() {
      isRefusing = false;
    },
    close() {
      cut(true);
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
