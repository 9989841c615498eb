/**
 * Orders requests to the PBX. Each lane has a share of the connections and `urgent` may use them
 * all, so hanging up and bridging never wait behind a burst of new calls.
 */
import { AriError } from './ari-error.ts';

export type Lane =
  /** A person is on the line: hang up, bridge, answer, hold, announce. */
  | 'urgent'
  /** New calls. */
  | 'originate'
  /** Surveys and configuration. */
  | 'background';

/**
 * Simultaneous connections to one PBX. The PBX's own limit is far higher and also counts browsers.
 */
export const REQUESTS_IN_FLIGHT_MAX = 16;
const IN_FLIGHT_MAX: Readonly<Record<Lane, number>> = {
  urgent: REQUESTS_IN_FLIGHT_MAX,
  originate: 8,
  background: 4,
};
/** Waiting requests of a lane; further ones are refused as unavailable and not sent. */
export const WAITING_MAX = 1_000;

type Waiting = { readonly run: () => void };

export type RequestLanes = {
  /** Runs the task at its turn. Rejects when the task does, or when the lane is full. */
  run<T>(lane: Lane, task: () => Promise<T>): Promise<T>;
  inFlight(): number;
};

const ORDER: readonly Lane[] = ['urgent', 'originate', 'background'];

export function createRequestLanes(): RequestLanes {
  const waiting: Record<Lane, Waiting[]> = { urgent: [], originate: [], background: [] };
  const running: Record<Lane, number> = { urgent: 0, originate: 0, background: 0 };

  const inFlight = () => running.urgent + running.originate + running.background;

  const startNext = () => {
    for (const lane of ORDER) {
      while (
        inFlight() < REQUESTS_IN_FLIGHT_MAX &&
        running[lane] < IN_FLIGHT_MAX[lane] &&
        waiting[lane].length > 0
      ) {
        running[lane] += 1;
        waiting[lane].shift()?.run();
      }
    }
  };

  const run = async <T>(lane: Lane, task: () => Promise<T>): Promise<T> => {
    if (waiting[lane].length >= WAITING_MAX) {
      throw new AriError('unavailable', 0, `more than ${WAITING_MAX} requests wait in ${lane}`);
    }
    await new Promise<void>((resolve) => {
      waiting[lane].push({ run: resolve });
      startNext();
    });
    try {
      return await task();
    } finally {
      running[lane] -= 1;
      startNext();
    }
  };

  return { run, inFlight };
}
