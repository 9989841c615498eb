/** What a process looks at again and again beside its engine, in real time. */
export type Watch = { readonly everyMs: number; look(): Promise<void> };

export type Watches = { start(): void; stop(): void };

/** A look that takes longer than its time is waited for. */
export function createWatches(watches: readonly Watch[]): Watches {
  const timers: NodeJS.Timeout[] = [];
  return {
    start() {
      for (const { everyMs, look } of watches) {
        let isLooking = false;
        const lookOnce = async (): Promise<void> => {
          if (isLooking) return;
          isLooking = true;
          await look();
          isLooking = false;
        };
        timers.push(setInterval(() => void lookOnce(), everyMs).unref());
      }
    },
    stop() {
      for (const timer of timers.splice(0)) clearInterval(timer);
    },
  };
}
