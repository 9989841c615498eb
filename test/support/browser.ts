import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import type { Measures } from '../../src/web/agent/measures.ts';

declare global {
  interface Window {
    __cadencia?: Measures;
  }
}

/** Debian's own Chromium; none is downloaded. */
const CHROMIUM = '/usr/bin/chromium';

/** The fake microphone's sound, repeated: a beep of 300 ms and 700 ms of silence. */
export const MICROPHONE_HERTZ = 1_000;

export type TestBrowser = {
  /** Opens a browser window with its own cookies and storage. */
  open(url: string, options?: { readonly locale?: string }): Promise<Page>;
  close(): Promise<void>;
};

export async function launchBrowser(): Promise<TestBrowser> {
  const folder = mkdtempSync(join(tmpdir(), 'cadencia-microphone-'));
  const microphone = join(folder, 'beep.wav');
  writeFileSync(microphone, beepWav());
  const browser: Browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: [
      '--no-sandbox',
      '--headless=new',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--autoplay-policy=no-user-gesture-required',
      '--use-fake-device-for-media-stream',
      '--use-fake-ui-for-media-stream',
      `--use-file-for-fake-audio-capture=${microphone}`,
    ],
  });
  return {
    async open(url, { locale = 'pt-BR' } = {}) {
      const context: BrowserContext = await browser.newContext({
        viewport: { width: 1366, height: 768 },
        locale,
        permissions: ['microphone'],
      });
      const page = await context.newPage();
      page.setDefaultTimeout(20_000);
      await page.goto(url);
      return page;
    },
    async close() {
      await browser.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Signs in by keyboard, as people do. */
export async function signIn(page: Page, login: string, password: string): Promise<void> {
  await page.locator('input[autocomplete="username"]').fill(login);
  await page.locator('input[type="password"]').fill(password);
  await page.keyboard.press('Enter');
  await page.locator('input[type="password"]').waitFor({ state: 'detached' });
}

/** Confirms the right party as agents do: F4, the person's answers typed without a pause, Enter. */
export async function confirmRightParty(page: Page, said: string): Promise<void> {
  await page.keyboard.press('F4');
  await page.waitForFunction(() => document.activeElement?.hasAttribute('data-evidence') === true);
  await page.keyboard.type(said);
  await page.keyboard.press('Enter');
}

/** Goes through the audio check, opens the shift, waits for the headset and becomes available. */
export async function goAvailable(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Testar microfone' }).click();
  await page.getByRole('button', { name: 'Iniciar turno' }).click();
  // The server reports the pinned headset a moment after the browser's call is up.
  await untilState(page, 'not-ready');
  await page.waitForFunction(() => window.__cadencia?.phone() === 'up');
  await page
    .getByRole('button', { name: /Estou pronto/ })
    .first()
    .click();
  await untilState(page, 'available');
}

/**
 * From here on only `page.clock.runFor` moves the page's timers. Notices shown for some seconds
 * then stay as long as the test needs them, however busy the machine is.
 */
export async function holdTime(page: Page): Promise<void> {
  const now = await page.evaluate(() => Date.now());
  await page.clock.install({ time: now });
  await page.clock.pauseAt(now + 1_000);
}

/** Longer than a dialog's opening or closing. */
export const ANIMATED_MS = 500;

export async function stateOf(page: Page): Promise<string> {
  return page.evaluate(() => window.__cadencia?.state() ?? 'none');
}

export async function untilState(page: Page, state: string, timeout = 20_000): Promise<void> {
  await page
    .waitForFunction((wanted) => window.__cadencia?.state() === wanted, state, { timeout })
    .catch(async (error: unknown) => {
      throw new Error(`the page is ${await stateOf(page)}, not ${state}`, { cause: error });
    });
}

/** The page's memory after a garbage collection. */
export async function heapSnapshot(page: Page): Promise<string> {
  const session = await page.context().newCDPSession(page);
  const chunks: string[] = [];
  session.on('HeapProfiler.addHeapSnapshotChunk', ({ chunk }) => chunks.push(chunk));
  await session.send('HeapProfiler.collectGarbage');
  await session.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false });
  await session.detach();
  return chunks.join('');
}

/** The loudest of the samples taken over a second, 0 to 1. */
export async function inboundLoudness(page: Page): Promise<number> {
  return page.evaluate(async () => {
    let loudest = 0;
    for (let sample = 0; sample < 20; sample += 1) {
      loudest = Math.max(loudest, window.__cadencia?.inboundLevel() ?? 0);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return loudest;
  });
}

function beepWav(): Buffer {
  const rate = 48_000;
  const samples = Buffer.alloc(rate * 2);
  for (let index = 0; index < rate * 0.3; index += 1) {
    const value = 16_000 * Math.sin((2 * Math.PI * MICROPHONE_HERTZ * index) / rate);
    samples.writeInt16LE(Math.round(value), index * 2);
  }
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.writeUInt32LE(36 + samples.length, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(rate, 24);
  header.writeUInt32LE(rate * 2, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36);
  header.writeUInt32LE(samples.length, 40);
  return Buffer.concat([header, samples]);
}
