/** Does what is asked for one leg, or one headset, one after the other; different ones side by side. */
export type InOrder = {
  run(key: string, task: () => Promise<void>): void;
};

/** Tasks of one key that wait; more are dropped, and said so. A leg is bridged, held, announced to. */
const WAITING_MAX = 32;

/**
 * Tasks deal with their own failures. One that throws all the same is a mistake, and ends the process
 * as an unhandled rejection.
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
