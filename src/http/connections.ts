/**
 * Connections that have not presented a session yet. An address may have enough for a floor whose
 * browsers all open the page at once. Beyond that its oldest one is closed, because that one is the
 * slow client.
 */
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { networkOf } from './addresses.ts';

export type Connections = {
  /** The connection presented a session or a token, so it no longer counts as a stranger's. */
  admitted(request: IncomingMessage): void;
};

type Listened = Duplex & { readonly remoteAddress?: string | undefined };

export function boundConnections(
  server: Server,
  limits: {
    readonly perAddressMax: number;
    /**
     * Whether it is a trusted proxy, which carries all clients' connections and limits them itself.
     */
    readonly isFrontDoor: (address: string) => boolean;
    /** With TLS a connection counts after the handshake. */
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
