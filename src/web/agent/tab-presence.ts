import { z } from 'zod';

/**
 * Messages by which tabs of one browser find each other, before the server has to separate them.
 */
const words = z.object({
  say: z.enum(['anybody-here', 'here', 'mine-now']),
  userId: z.string(),
});

export type TabPresence = {
  /** Whether another tab already works for this agent. */
  anotherTab(): Promise<boolean>;
  /** Makes this tab the working one; others are told and stop. */
  take(): void;
  close(): void;
};

const ANSWER_WITHIN_MS = 150;

export function createTabPresence(userId: string, onTaken: () => void): TabPresence {
  const channel = new BroadcastChannel('cadencia-agent');
  let working = false;
  let onHere: (() => void) | undefined;
  const say = (one: z.infer<typeof words>['say']) => channel.postMessage({ say: one, userId });
  channel.onmessage = (event: MessageEvent<unknown>) => {
    const heard = words.safeParse(event.data);
    if (!heard.success || heard.data.userId !== userId) return;
    if (heard.data.say === 'anybody-here' && working) say('here');
    if (heard.data.say === 'here') onHere?.();
    if (heard.data.say === 'mine-now' && working) {
      working = false;
      onTaken();
    }
  };
  return {
    anotherTab: () =>
      new Promise((resolve) => {
        const timer = setTimeout(() => resolve(false), ANSWER_WITHIN_MS);
        onHere = () => {
          clearTimeout(timer);
          resolve(true);
        };
        say('anybody-here');
      }),
    take() {
      working = true;
      say('mine-now');
    },
    close: () => channel.close(),
  };
}
