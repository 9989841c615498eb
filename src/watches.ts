/** What the process checks regularly beside its engine, in real time. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Commands } from './engine/commands.ts';
import type { PeopleWatch } from './engine/watch-people.ts';
import type { Logger } from './log.ts';
import type { FreeSpace, Measured } from './storage/free-space.ts';
import type { Sealing } from './storage/sealing.ts';

/** Delay until the process sees users changed by another process. */
const PEOPLE_EVERY_MS = 1_000;
/** A runaway program can fill some gigabytes between two checks. */
const DISK_EVERY_MS = 2_000;
/** A rotated key ring is taken so late. */
const SEALS_EVERY_MS = 30_000;
/** Between two steps of sealing, so that the engine's commits find room. */
const SEAL_PAUSE_MS = 50;

export type Watches = { start(): void; stop(): void };

type Watched = {
  readonly people: PeopleWatch;
  /** Undefined: the database is on no disk of ours. */
  readonly freeSpace: FreeSpace | undefined;
  readonly commands: Commands;
  readonly storage: { readonly sealing: Pick<Sealing, 'refresh' | 'step'> };
  readonly log: Logger;
};

export function createWatches({ people, freeSpace, commands, storage, log }: Watched): Watches {
  let isOver = false;
  const timers: NodeJS.Timeout[] = [];
  return {
    start() {
      timers.push(every(PEOPLE_EVERY_MS, people.look));
      if (freeSpace) timers.push(every(DISK_EVERY_MS, tellRoom(freeSpace, commands)));
      timers.push(every(SEALS_EVERY_MS, () => sealWhatIsLeft(storage.sealing, log, () => isOver)));
    },
    stop() {
      isOver = true;
      for (const timer of timers.splice(0)) clearInterval(timer);
    },
  };
}

/** Looks now and then every `everyMs`. Looks never overlap. */
function every(everyMs: number, look: () => Promise<void>): NodeJS.Timeout {
  let isLooking = false;
  const lookOnce = async (): Promise<void> => {
    if (isLooking) return;
    isLooking = true;
    await look();
    isLooking = false;
  };
  void lookOnce();
  return setInterval(() => void lookOnce(), everyMs).unref();
}

/**
 * Takes a rotated key ring, and seals with its current key what is not: step by step, until nothing is
 * left. What keeps it from that is logged and tried again later; nothing else waits for it.
 */
export async function sealWhatIsLeft(
  sealing: Pick<Sealing, 'refresh' | 'step'>,
  log: Logger,
  isOver: () => boolean,
): Promise<void> {
  try {
    sealing.refresh();
    while (!isOver() && (await sealing.step()) > 0) await sleep(SEAL_PAUSE_MS);
  } catch (error) {
    log.warn({ err: error }, 'what is in clear or under an older key could not be sealed yet');
  }
}

/** Measures, and tells the engine of news: another state, or the room left while it is low. */
export function tellRoom(
  freeSpace: Pick<FreeSpace, 'look'>,
  commands: Commands,
): () => Promise<void> {
  let told: Measured = { room: 'ok' };
  return async () => {
    const { room, freeBytes } = await freeSpace.look();
    const isNews = room !== told.room || (room !== 'ok' && freeBytes !== told.freeBytes);
    if (!isNews || freeBytes === undefined) return;
    const before = told;
    told = { room, freeBytes };
    // Not awaited: an engine whose store is held up answers late, and the disk must still be
    // checked.
    void commands.run({ kind: 'storage-room-changed', room, freeBytes }).then(({ ok }) => {
      if (!ok) told = before;
    });
  };
}
