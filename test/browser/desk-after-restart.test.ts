import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  confirmRightParty,
  goAvailable,
  launchBrowser,
  MICROPHONE_HERTZ,
  signIn,
  type TestBrowser,
  untilState,
} from '../support/browser.ts';
import { type Floor, startFloor } from '../support/floor.ts';
import { secondsOfTone } from '../support/wav.ts';

/** They answer, send a steady tone, record what they hear, and say the same of themselves. */
const DEBTORS = ['529.982.247-25', '111.444.777-35'].map((cpf, index) => ({
  nome: `Maria das Dores ${index + 1}`,
  cpf,
  nascimento: '09/03/1980',
  cep: '01234-567',
  fone1: `119${index + 1}3210001`,
  contrato: `CT-7788-${index + 1}`,
  parcela: '1',
  vencimento: '10/10/2026',
  valor: '1.234,56',
}));
const NOTE = 'pediu para ligar depois das 18h';

let floor: Floor;
let browser: TestBrowser;
let page: Page;

beforeAll(async () => {
  floor = await startFloor({
    name: 'desk-after-restart',
    debtors: DEBTORS,
    campaign: { wrapUpMs: 180_000 },
  });
  browser = await launchBrowser();
  page = await browser.open(floor.url);
  await signIn(page, 'agent1', floor.password);
  await goAvailable(page);
  await untilState(page, 'talking');
});

afterAll(async () => {
  await browser?.close();
  await floor?.stop();
});

const body = async () => (await page.locator('body').textContent()) ?? '';

/** `kill -9` and a new process; the page resumes its shift by itself. */
async function restart(): Promise<void> {
  await floor.killDialer();
  await page.getByText('SEM SERVIDOR', { exact: true }).waitFor();
  await floor.startDialer();
  await page.getByText('SEM SERVIDOR', { exact: true }).waitFor({ state: 'detached' });
}

async function reload(state: string): Promise<void> {
  await page.reload();
  await untilState(page, state);
  await page.waitForFunction(() => window.__cadencia?.phone() === 'up');
}

async function expectDesk(stage: 'masked' | 'full'): Promise<void> {
  await page
    .getByText(/Maria das Dores \d/)
    .first()
    .waitFor();
  await page
    .getByText(stage === 'full' ? '1.234,56' : 'Dívida protegida')
    .first()
    .waitFor();
  const text = await body();
  expect(text.includes('Titular confirmado')).toBe(stage === 'full');
  expect(text.includes('Dívida protegida')).toBe(stage === 'masked');
  expect(text).not.toContain('--:--');
  expect(await page.evaluate(() => window.__cadencia?.connectedAt())).toBeGreaterThan(0);
  expect(await page.getByLabel('Observação').inputValue()).toBe(NOTE);
}

/** What the newest debtor heard of the microphone's beeps, in seconds. */
async function heardOfAgent(): Promise<number> {
  const folder = floor.pair.carrier.heardDirectory;
  const [newest] = readdirSync(folder)
    .filter((name) => name.endsWith('.wav'))
    .map((name) => join(folder, name))
    .sort((one, other) => statSync(other).mtimeMs - statSync(one).mtimeMs);
  return newest === undefined ? 0 : secondsOfTone(newest, MICROPHONE_HERTZ);
}

async function cpfShown(): Promise<string> {
  const [, n = '1'] = /Maria das Dores (\d)/.exec(await body()) ?? [];
  return DEBTORS[Number(n) - 1]?.cpf.slice(0, 3) ?? '';
}

describe('a dialer that is killed', () => {
  it('before the confirmation leaves name, clock and typed words, masked, and so does a reload', async () => {
    await page.getByLabel('Observação').fill(NOTE);
    await restart();
    await expectDesk('masked');
    await reload('talking');
    await expectDesk('masked');
  });

  it('after the confirmation leaves the debts on the screen, and so does a reload', async () => {
    await confirmRightParty(page, `${await cpfShown()}0903`);
    await expectDesk('full');
    await restart();
    await expectDesk('full');
    await reload('talking');
    await expectDesk('full');
  });

  it('keeps a muted agent muted: no audio is sent after a reload until the agent unmutes', async () => {
    await page.keyboard.press('F2');
    await page.getByText('Tirar do mudo').first().waitFor();
    await page.waitForTimeout(1_000);
    const before = await heardOfAgent();
    await reload('talking');
    expect(await body()).toContain('Tirar do mudo');
    await restart();
    expect(await body()).toContain('Tirar do mudo');
    await page.waitForTimeout(3_000);
    expect((await heardOfAgent()) - before).toBeLessThan(0.1);
    await page.keyboard.press('F2');
    await expect
      .poll(async () => (await heardOfAgent()) - before, { timeout: 10_000 })
      .toBeGreaterThan(0.3);
    await page.keyboard.press('F2');
    await page.getByText('Tirar do mudo').first().waitFor();
  });

  it('in the wrap-up leaves everything on the screen, and so does a reload', async () => {
    await page.keyboard.press('F8');
    await untilState(page, 'wrapping-up');
    await restart();
    await untilState(page, 'wrapping-up');
    await expectDesk('full');
    await reload('wrapping-up');
    await expectDesk('full');
  });
});

describe('the card', () => {
  it('is gone from screen and storage with the wrap-up', async () => {
    await page.getByRole('radio', { name: /CPC sem promessa/ }).click();
    await page.keyboard.press('Control+Enter');
    await page.getByText('Tabulação salva').waitFor();
    await page.keyboard.press('Alt+p');
    await page.getByRole('menuitem', { name: 'Banheiro', exact: true }).click();
    await untilState(page, 'paused');
    await expect.poll(body).not.toMatch(/Maria das Dores/);
    const stored = await page.evaluate(() =>
      JSON.stringify([{ ...sessionStorage }, { ...localStorage }]),
    );
    expect(stored).not.toContain(NOTE);
  });
});
