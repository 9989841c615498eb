/**
 * Connections of people who did not show a session yet. An address may have some, as many as a floor
 * needs whose browsers all open the page at once; beyond that the oldest of them has to go, which is
 * the one that takes its time.
 */
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { networkOf } from './addresses.ts';

export type Connections = {
  /** A session or a token came over it: it is no longer a stranger's. */
  admitted(request: IncomingMessage): void;
};

type Listened = Duplex & { readonly remoteAddress?: string | undefined };

export function boundConnections(
  server: Server,
  limits: {
    readonly perAddressMax: number;
    /** A front door of ours brings everybody's connections, and bounds them itself. */
    readonly isFrontDoor: (address: string) => boolean;
    /** With TLS a connection is one only once both sides agreed. */
    readonly event: 'connection' | 'secureConnection';
  },
): Connections {
  const strangers = new Map<string, Set<Listened>>();
  const forget = (socket: Listened, network: string) => {
    const all = strangers.get(network);
    all?.delete(socket);
    if (all?.size === 0) strangers.delete(network);
  };
  const networks = new WeakMap<Listened, string>();
  server.on(limits.event, (socket: Listened) => {
    const address = socket.remoteAddress ?? '';
    if (limits.isFrontDoor(address)) return;
    const network = networkOf(address);
    const all = strangers.get(network) ?? new Set();
    strangers.set(network, all.add(socket));
    networks.set(socket, network);
    socket.once('close', () => forget(socket, network));
    const [oldest] = all;
    if (all.size > limits.perAddressMax && oldest) {
      forget(oldest, network);
      oldest.destroy();
    }
  });
  return {
    admitted({ socket }) {
      const network = networks.get(socket);
      if (network !== undefined) forget(socket, network);
    },
  };
}
