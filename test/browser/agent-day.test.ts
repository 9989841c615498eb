import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  confirmRightParty,
  goAvailable,
  inboundLoudness,
  launchBrowser,
  MICROPHONE_HERTZ,
  signIn,
  type TestBrowser,
  untilState,
} from '../support/browser.ts';
import { type Floor, startFloor } from '../support/floor.ts';
import { secondsOfTone } from '../support/wav.ts';

/** Numbers ending 0001 answer after a second, send a steady tone and record what they hear. */
const DEBTORS = [1, 2, 3].map((n) => ({
  nome: `Maria das Dores ${n}`,
  cpf: ['529.982.247-25', '111.444.777-35', '123.456.789-09'][n - 1] ?? '',
  nascimento: '09/03/1980',
  fone1: `119${n}3210001`,
  contrato: `CT-7788-${n}`,
  parcela: '1',
  vencimento: '10/10/2026',
  valor: '1.234,56',
}));

let floor: Floor;
let browser: TestBrowser;
let page: Page;
const framesReceived: string[] = [];

beforeAll(async () => {
  floor = await startFloor({ name: 'agent-day', debtors: DEBTORS });
  browser = await launchBrowser();
  page = await browser.open(floor.url);
  page.on('websocket', (socket) =>
    socket.on('framereceived', ({ payload }) => framesReceived.push(payload.toString())),
  );
});

afterAll(async () => {
  await browser?.close();
  await floor?.stop();
});

describe('an agent in a browser, on the real PBX and the simulated carrier', () => {
  it('signs in, has the audio checked, and is put through to a debtor that the server dialed', async () => {
    await signIn(page, 'agent1', floor.password);
    await goAvailable(page);
    await untilState(page, 'talking');
    await page.getByText('Maria das Dores').first().waitFor();
    await page
      .getByText(/(Bom dia|Boa tarde|Boa noite), aqui é .+ com Maria das Dores \d\?/)
      .waitFor();
  });

  it('hears the debtor, and is heard', async () => {
    expect(await inboundLoudness(page)).toBeGreaterThan(0.05);
    await page.waitForTimeout(3_000);
    const [recording] = heard();
    expect(recording).toBeDefined();
    expect(
      await secondsOfTone(
        join(floor.pair.carrier.heardDirectory, recording ?? ''),
        MICROPHONE_HERTZ,
      ),
    ).toBeGreaterThan(0.5);
  });

  it('gets no amount and no contract before the right party is confirmed, in no frame of any socket', async () => {
    const received = framesReceived.join('\n');
    expect(received).toContain('Maria das Dores');
    expect(received).not.toContain('123456');
    expect(received).not.toContain('CT-7788');
    expect(received).not.toMatch(/52998224725|11144477735|12345678909/);
    expect((await page.locator('body').textContent()) ?? '').not.toMatch(/1\.234,56|CT-7788/);
  });

  it('sees debts and history once the right party is confirmed', async () => {
    await confirmRightParty(page, await saidBy(page));
    await page.getByText('1.234,56').first().waitFor();
    await page
      .getByText(/CT-7788-\d/)
      .first()
      .waitFor();
    expect(framesReceived.join('\n')).toContain('123456');
  });

  it('hangs up, records a disposition by keyboard, and gets the next debtor', async () => {
    const before = (await page.locator('body').textContent()) ?? '';
    await page.keyboard.press('F8');
    await untilState(page, 'wrapping-up');
    await page.keyboard.press('7');
    await page.keyboard.press('Control+Enter');
    // It was somebody else after all: the page asks, and hides the debt again.
    await page.getByText('O titular foi confirmado: corrigir?').waitFor();
    await page.getByRole('button', { name: 'Corrigir e salvar' }).click();
    await page.getByText('Dívida protegida').waitFor();
    await page.getByText('Recado com terceiro').first().waitFor();
    await page
      .getByRole('button', { name: /Estou pronto/ })
      .first()
      .click();
    await untilState(page, 'talking');
    const name = /Maria das Dores \d/;
    await expect
      .poll(async () => name.exec((await page.locator('body').textContent()) ?? '')?.[0])
      .not.toBe(name.exec(before)?.[0]);
    // The classic failure: sound on the first call of the day and silence on the second.
    await expect.poll(() => inboundLoudness(page), { timeout: 5_000 }).toBeGreaterThan(0.05);
    const database = await floor.openDatabase();
    const facts = await database.store.read((view) =>
      view.facts({ stream: 'engine', after: 0, limit: 1_000 }),
    );
    await database.close();
    expect(facts.map((fact) => fact.body)).toContainEqual(
      expect.objectContaining({ kind: 'disposition-recorded', code: 'third-party' }),
    );
    expect(facts.map((fact) => fact.body)).toContainEqual(
      expect.objectContaining({ kind: 'right-party-withdrawn', because: 'third-party' }),
    );
  });

  it('is back in the call after a reload, with audio and the right screen', async () => {
    await confirmRightParty(page, await saidBy(page));
    await page.getByText('1.234,56').first().waitFor();
    await page.reload();
    await untilState(page, 'talking');
    await page.waitForFunction(() => window.__cadencia?.phone() === 'up');
    await page.getByText('1.234,56').first().waitFor();
    await expect.poll(() => inboundLoudness(page), { timeout: 10_000 }).toBeGreaterThan(0.05);
  });
});

/** What the debtor on the screen would say: the first digits of the CPF and the birthday. */
async function saidBy(shown: Page): Promise<string> {
  const text = (await shown.locator('body').textContent()) ?? '';
  const [, n = '1'] = /Maria das Dores (\d)/.exec(text) ?? [];
  return `${DEBTORS[Number(n) - 1]?.cpf.slice(0, 3)}0903`;
}

function heard(): string[] {
  return readdirSync(floor.pair.carrier.heardDirectory).filter((name) => name.endsWith('.wav'));
}
