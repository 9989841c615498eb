import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';

/** What `/health` says of a dialer. */
export type HealthHeard = { readonly ok: boolean; readonly problems: readonly string[] };

const ASK_MAX_MS = 2_000;
const ASK_EVERY_MS = 2_000;

/** Sentences for problems that a person at the machine can solve. */
const WORDS: Readonly<Record<string, string>> = {
  'telephony-disconnected': 'The dialer does not reach the PBX: nothing is dialed.',
  'store-held-up':
    'The dialer cannot store what happens (its database is held by another process, or its disk is full): nothing is dialed, calls go on.',
  'disk-low': 'The disk of the database is nearly full: make room, or dialing stops.',
  'disk-full':
    'The disk of the database is full: nothing is dialed or imported until there is room.',
  'backup-late':
    'A night has passed without a backup of the database: look at the room in the folder of backups.',
  'checkpoint-failing':
    'The log of the database cannot be copied into its file, and grows: look at its disk.',
};

/**
 * Asks `/health`; undefined when there is no answer. The certificate is not checked, because it may
 * be from our own authority.
 */
export function askHealth(url: string): Promise<HealthHeard | undefined> {
  return new Promise((resolve) => {
    const isSecure = url.startsWith('https:');
    const ask = isSecure ? requestHttps : requestHttp;
    const options = { timeout: ASK_MAX_MS, ...(isSecure ? { rejectUnauthorized: false } : {}) };
    const nobody = () => resolve(undefined);
    const request = ask(`${url}/health`, options, (answer) => {
      let text = '';
      answer.setEncoding('utf8');
      answer.on('data', (some: string) => {
        text += some;
      });
      answer.once('error', nobody);
      answer.once('end', () => resolve(heardIn(text)));
    });
    request.once('timeout', () => request.destroy());
    request.once('error', nobody);
    request.end();
  });
}

/**
 * Reads a health answer. Undefined for other texts: an error's problem document, or another
 * program's answer.
 */
export function heardIn(text: string): HealthHeard | undefined {
  try {
    const { ok, problems } = JSON.parse(text) as Partial<Record<keyof HealthHeard, unknown>>;
    const isHealth = typeof ok === 'boolean' && Array.isArray(problems);
    return isHealth
      ? { ok, problems: problems.filter((one) => typeof one === 'string') }
      : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Reports a problem once it was seen twice in a row, and again when it is over, as long as `goOn`
 * says so.
 */
export async function tellHealth(
  url: string,
  report: (line: string) => void,
  goOn: () => boolean,
): Promise<void> {
  let before: readonly string[] = [];
  const told = new Set<string>();
  while (goOn()) {
    await sleep(ASK_EVERY_MS);
    const heard = await askHealth(url);
    // The supervisor reports a dialer that is down.
    if (!heard) continue;
    for (const problem of heard.problems) {
      const words = WORDS[problem];
      if (!words || told.has(problem) || !before.includes(problem)) continue;
      told.add(problem);
      report(words);
    }
    for (const problem of [...told].filter((one) => !heard.problems.includes(one))) {
      told.delete(problem);
      report(`It is over: ${problem}.`);
    }
    before = heard.problems;
  }
}
