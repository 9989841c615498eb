/** The `WhatIf` port: answers each question in a separate process of low priority. */
import { fork } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { WhatIf, WhatIfAnswer, WhatIfEstimate } from '../engine/ports/what-if.ts';
import { type DurationMs, SECOND_MS } from '../lib/time.ts';

/** Questions at once; further callers are told to ask again. */
const RUNNING_MAX = 1;
/** Shorter than a browser's wait for an answer. */
const TIMEOUT_MS: DurationMs = 12 * SECOND_MS;

/** Whether we run from the sources (with a TypeScript loader) or from the build. */
const IS_SOURCE = import.meta.url.endsWith('.ts');
const PROCESS_FILE = fileURLToPath(
  new URL(IS_SOURCE ? './process.ts' : './process.js', import.meta.url),
);

export function createWhatIf(timeoutMs: DurationMs = TIMEOUT_MS): WhatIf {
  const running = new Set<() => void>();
  return {
    estimate(question) {
      if (running.size >= RUNNING_MAX) return Promise.resolve({ ok: false, because: 'busy' });
      return new Promise<WhatIfAnswer>((resolve) => {
        // The process gets none of our settings and so no secret.
        const child = fork(PROCESS_FILE, {
          env: {},
          execArgv: IS_SOURCE ? ['--import', 'tsx'] : [],
          stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
        });
        const settle = (answer: WhatIfAnswer): void => {
          clearTimeout(timer);
          running.delete(giveUp);
          child.removeAllListeners();
          child.on('error', () => {});
          child.kill();
          resolve(answer);
        };
        const giveUp = (): void => settle({ ok: false, because: 'failed' });
        const timer = setTimeout(giveUp, timeoutMs);
        running.add(giveUp);
        child.on('message', (estimate: WhatIfEstimate) => settle({ ok: true, estimate }));
        child.on('error', giveUp);
        child.on('exit', giveUp);
        lowerPriority(child.pid);
        child.send(question, (error) => error && giveUp());
      });
    },
    stop() {
      for (const giveUp of [...running]) giveUp();
    },
  };
}

/** Lowers the priority below the dialer and the PBX, if the system allows it. */
function lowerPriority(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    setPriority(pid, constants.priority.PRIORITY_LOW);
  } catch {
    // The process may have ended already, or the system forbids it.
  }
}
