/** Raw socket.io, to send what no client library would, such as numbers out of all bounds. */
import { WebSocket } from 'ws';
import type { RealDoors, Who } from './real-doors.ts';

/** A page that can send any text and reopens a closed connection. */
export class RawSocket {
  readonly #doors: RealDoors;
  readonly #namespace: string;
  readonly #who: Who;
  #socket: Promise<WebSocket> | undefined;
  readonly #waiting = new Map<string, (text: string | undefined) => void>();
  #sent = 0;

  constructor(doors: RealDoors, namespace: string, who: Who) {
    this.#doors = doors;
    this.#namespace = namespace;
    this.#who = who;
  }

  /** Returns the answer as JSON; undefined when the connection was closed instead. */
  async send(event: string, ...values: string[]): Promise<string | undefined> {
    this.#socket ??= this.#open();
    const socket = await this.#socket;
    this.#sent += 1;
    const id = String(this.#sent);
    const answer = new Promise<string | undefined>((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`${event} was not answered`)), 15_000);
      this.#waiting.set(id, (text) => {
        clearTimeout(late);
        resolve(text);
      });
    });
    socket.send(`42${this.#namespace},${id}[${[JSON.stringify(event), ...values].join(',')}]`);
    return answer;
  }

  async join(): Promise<void> {
    this.#socket ??= this.#open();
    await this.#socket;
  }

  close(): void {
    void this.#socket?.then((socket) => socket.close());
  }

  async #open(): Promise<WebSocket> {
    const headers = await this.#doors.headersOf(this.#who);
    const url = `${this.#doors.origin.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`;
    const socket = new WebSocket(url, { headers: { ...headers } });
    return new Promise((resolve, reject) => {
      socket.on('message', (bytes) => {
        const text = String(bytes);
        if (text.startsWith('0')) socket.send(`40${this.#namespace},`);
        else if (text === '2') socket.send('3');
        else if (text.startsWith(`40${this.#namespace},`)) resolve(socket);
        else if (text.startsWith('44')) reject(new Error(text));
        else this.#hear(text);
      });
      socket.on('error', reject);
      socket.on('close', () => {
        this.#socket = undefined;
        for (const tell of this.#waiting.values()) tell(undefined);
        this.#waiting.clear();
      });
    });
  }

  #hear(text: string): void {
    const [, id, answer] = /^43[^,]+,(\d+)\[(.*)\]$/s.exec(text) ?? [];
    if (id === undefined) return;
    this.#waiting.get(id)?.(answer);
    this.#waiting.delete(id);
  }
}
