import type { Page } from 'playwright-core';
import { goAvailable, launchBrowser, signIn, untilState } from '../../test/support/browser.ts';
import { type Floor, startFloor } from '../../test/support/floor.ts';
import { answersAlways, SipFarEnd } from './sip-far-end.ts';

/**
 * Measures how long a person who answers waits for a free agent: from the far end's 200 OK to the
 * bridge, to the first sound in the agent's browser, and to the debtor's name on the agent's
 * screen. All clocks are this host's. The physical limit: audio comes in packets of 20 ms, and the
 * browser's jitter buffer holds some of them.
 */
export type BenchConnectOptions = {
  readonly calls: number;
  readonly agents: number;
  report(line: string): void;
};

const FAR_ADDRESS = '127.0.0.3';
const RING_MS = 400;
const TALK_MS = 1_500;
const TONE_HZ = 440;
/** Level above the noise of a silent line and far below the tone. */
const AUDIBLE = 0.02;
const CALL_MAX_MS = 20_000;

type Sample = {
  readonly bridgedMs: number;
  readonly heardMs: number | undefined;
  readonly poppedMs: number | undefined;
};

declare global {
  interface Window {
    /** When sound was first heard after each connect, in epoch ms. */
    heardAt: number[];
  }
}

export async function runBenchConnect(options: BenchConnectOptions): Promise<void> {
  const { report } = options;
  const farEnd = await SipFarEnd.start({
    address: FAR_ADDRESS,
    toneHz: TONE_HZ,
    fateOf: answersAlways(RING_MS, TALK_MS),
  });
  const floor = await startFloor({
    name: 'bench-connect',
    agents: options.agents,
    debtors: Array.from({ length: options.calls + 10 * options.agents }, (_, index) => ({
      fone1: `119${String(81_000_000 + index)}`,
      contrato: `CT-${index}`,
      parcela: '1',
      vencimento: '10/10/2026',
      valor: '100,00',
    })),
    trunk: { host: FAR_ADDRESS, port: farEnd.port, matchAddresses: [FAR_ADDRESS] },
  });
  const browser = await launchBrowser();
  try {
    const shares = Array.from({ length: options.agents }, (_, n) =>
      Math.ceil((options.calls - n) / options.agents),
    );
    const results = await Promise.all(
      shares.map(async (calls, n) => {
        const page = await browser.open(floor.url);
        await signIn(page, `agent${n + 1}`, floor.password);
        await goAvailable(page);
        return work(page, calls, report);
      }),
    );
    const samples = await matched(floor, farEnd, results.flat());
    print(samples, report);
  } finally {
    await browser.close();
    await floor.stop();
    farEnd.stop();
  }
}

type Heard = {
  readonly callId: string;
  readonly heardAt: number | null;
  readonly poppedAt: number | null;
};

/** One agent takes call after call and disposes each with one key. */
async function work(
  page: Page,
  calls: number,
  report: (line: string) => void,
): Promise<readonly Heard[]> {
  const heard: Heard[] = [];
  for (let call = 0; call < calls; call += 1) {
    await untilState(page, 'talking', CALL_MAX_MS);
    heard.push(await listen(page));
    await untilState(page, 'wrapping-up', CALL_MAX_MS);
    await page.keyboard.press('9');
    await page.keyboard.press('Control+Enter');
    await page.waitForFunction(() => {
      const ready = [...document.querySelectorAll('button')].find((one) =>
        one.textContent?.includes('Estou pronto'),
      );
      if (!ready || ready.disabled) return window.__cadencia?.state() === 'available';
      ready.click();
      return true;
    });
    if ((call + 1) % 25 === 0) report(`  ${call + 1} of ${calls}`);
  }
  return heard;
}

/** Samples the line every few milliseconds, beginning before the connect. */
async function listen(page: Page): Promise<Heard> {
  return page.evaluate(
    async ({ audible, waitMaxMs }) => {
      const measures = window.__cadencia;
      const until = performance.now() + waitMaxMs;
      let heardAt: number | null = null;
      while (heardAt === null && performance.now() < until) {
        if ((measures?.inboundLevel() ?? 0) > audible) {
          heardAt = performance.timeOrigin + performance.now();
        }
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
      return {
        callId: measures?.callId() ?? '',
        heardAt,
        poppedAt: measures?.popRenderedAt ?? null,
      };
    },
    { audible: AUDIBLE, waitMaxMs: 1_000 },
  );
}

async function matched(
  floor: Floor,
  farEnd: SipFarEnd,
  heard: readonly Heard[],
): Promise<readonly Sample[]> {
  const database = await floor.openDatabase();
  try {
    const facts = await database.store.read((view) =>
      view.facts({ stream: 'engine', after: 0, limit: 100_000 }),
    );
    const samples: Sample[] = [];
    for (const one of heard) {
      const connected = facts.find(
        (fact) => fact.body.kind === 'call-connected' && fact.callId === one.callId,
      );
      const call = await database.store.read((view) => view.call(one.callId as `call_${string}`));
      const answeredAt = call && farEnd.answeredAt.get(call.phone);
      if (!connected || answeredAt === undefined) continue;
      samples.push({
        bridgedMs: connected.at - answeredAt,
        heardMs: one.heardAt === null ? undefined : one.heardAt - answeredAt,
        poppedMs: one.poppedAt === null ? undefined : one.poppedAt - answeredAt,
      });
    }
    return samples;
  } finally {
    await database.close();
  }
}

function print(samples: readonly Sample[], report: (line: string) => void): void {
  const rows: readonly (readonly [string, readonly number[]])[] = [
    ["200 OK → in the agent's bridge", samples.map((one) => one.bridgedMs)],
    ["200 OK → tone in the agent's audio", samples.flatMap((one) => one.heardMs ?? [])],
    ['200 OK → screen pop rendered', samples.flatMap((one) => one.poppedMs ?? [])],
  ];
  report('');
  report(`${'milliseconds'.padEnd(38)} calls     p50     p95     max`);
  for (const [name, values] of rows) {
    const cells = [quantile(values, 0.5), quantile(values, 0.95), Math.max(...values)];
    report(
      `${name.padEnd(38)} ${String(values.length).padStart(5)} ${cells
        .map((one) => one.toFixed(1).padStart(7))
        .join(' ')}`,
    );
  }
  report(
    'limit: one packet of audio is 20 ms; the browser holds at least one more before it plays',
  );
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
