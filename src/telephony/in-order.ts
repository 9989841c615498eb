/**
 * Runs the tasks of one leg or headset one after the other, and those of different ones side by
 * side.
 */
export type InOrder = {
  run(key: string, task: () => Promise<void>): void;
};

/**
 * Waiting tasks of one key; further ones are dropped and reported. A leg needs few: bridge, hold,
 * announce.
 */
const WAITING_MAX = 32;

/**
 * Tasks handle their own failures. A task that throws is a mistake and ends the process as an
 * unhandled rejection.
 */
export function createInOrder(dropped: (key: string) => void): InOrder {
  const waiting = new Map<string, (() => Promise<void>)[]>();

  const drain = async (key: string, tasks: (() => Promise<void>)[]) => {
    for (let task = tasks[0]; task; task = tasks[0]) {
      await task();
      tasks.shift();
    }
    waiting.delete(key);
  };

  return {
    run(key, task) {
      const tasks = waiting.get(key);
      if (!tasks) {
        const first = [task];
        waiting.set(key, first);
        void drain(key, first);
      } else if (tasks.length < WAITING_MAX) {
        tasks.push(task);
      } else {
        dropped(key);
      }
    },
  };
}
