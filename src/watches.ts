/** What the process checks regularly beside its engine, in real time. */
import type { Commands } from './engine/commands.ts';
import type { PeopleWatch } from './engine/watch-people.ts';
import type { FreeSpace, Measured } from './storage/free-space.ts';

/** Delay until the process sees users changed by another process. */
const PEOPLE_EVERY_MS = 1_000;
/** A runaway program can fill some gigabytes between two checks. */
const DISK_EVERY_MS = 2_000;

export type Watches = { start(): void; stop(): void };

export function createWatches(
  people: PeopleWatch,
  freeSpace: FreeSpace,
  commands: Commands,
): Watches {
  const timers: NodeJS.Timeout[] = [];
  return {
    start() {
      timers.push(every(PEOPLE_EVERY_MS, people.look));
      timers.push(every(DISK_EVERY_MS, tellRoom(freeSpace, commands)));
    },
    stop() {
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
