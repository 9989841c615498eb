/**
 * Messages that may wait for one browser. A screen shows only the newest state, so nothing is
 * queued for a slow one: it is redrawn once it can read, or asks for a snapshot.
 */
const UNSENT_MAX = 6;

type AnySocket = { readonly conn: object };

/** The shape of socket.io's connection at run time; its types keep the buffer private. */
type Connection = {
  readonly writeBuffer: readonly unknown[];
  once(event: 'drain', callback: () => void): void;
};

export function isBehind(socket: AnySocket): boolean {
  return connectionOf(socket).writeBuffer.length >= UNSENT_MAX;
}

/** Calls back once, when the browser has read the waiting messages. */
export function whenCaughtUp(socket: AnySocket, callback: () => void): void {
  connectionOf(socket).once('drain', callback);
}

function connectionOf({ conn }: AnySocket): Connection {
  return conn as Connection;
}
