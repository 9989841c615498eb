import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  confirmRightParty,
  goAvailable,
  holdTime,
  launchBrowser,
  signIn,
  type TestBrowser,
} from '../../support/browser.ts';
import { buildWeb, type WebBuild } from '../build-web.ts';
import { FAKE_PASSWORD, type FakeServer, startFakeServer } from '../fake-server.ts';

let web: WebBuild;
let browser: TestBrowser;
let server: FakeServer;
let page: Page;

beforeAll(async () => {
  web = await buildWeb();
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser?.close();
  await web?.remove();
});
beforeEach(async () => {
  server = await startFakeServer({ web: web.folder });
  page = await browser.open(`${server.url}/entrar`);
  await signIn(page, 'ana', FAKE_PASSWORD);
});
afterEach(async () => {
  await page.context().close();
  await server.stop();
});

const commands = (kind: string) => server.desk.commands.filter((one) => one.kind === kind);
const talk = async (name: string) => {
  const callId = server.desk.connectCall({ name });
  await page.getByText(name).first().waitFor();
  return callId;
};

describe('what was typed and not saved', () => {
  const kept = () => server.desk.desk.call?.draft;

  it('is there in another browser when the first one crashed', async () => {
    await goAvailable(page);
    const callId = await talk('Marta Silva');
    await confirmRightParty(page, '1231703');
    await page.getByText('R$ 2.034,18').waitFor();
    await page.keyboard.press('1');
    await page.locator('[data-field=promiseValue]:focus').waitFor();
    await page.keyboard.type('248,71');
    await page.getByLabel('Observação').fill('pede o boleto por e-mail');
    await expect.poll(() => kept()?.note).toBe('pede o boleto por e-mail');
    // Typing is sent when it pauses, not with each key.
    expect(commands('keep-draft').length).toBeLessThan(6);
    const before = page.context();
    page = await browser.open(`${server.url}/entrar`);
    await before.close();
    await signIn(page, 'ana', FAKE_PASSWORD);
    await page.getByText('Marta Silva').first().waitFor();
    await expect
      .poll(() => page.getByLabel('Observação').inputValue())
      .toBe('pede o boleto por e-mail');
    expect(await page.locator('[data-field=promiseValue]').inputValue()).toBe('248,71');
    await page.getByLabel('Observação').fill('pede o boleto');
    await expect
      .poll(() => kept())
      .toMatchObject({
        code: 'promise',
        note: 'pede o boleto',
        form: { promiseValue: '248,71' },
      });
    expect(commands('keep-draft').at(-1)).toMatchObject({ callId });
  });

  it('is sent at once when the page is left', async () => {
    await goAvailable(page);
    await talk('Marta Silva');
    await holdTime(page);
    await page.getByLabel('Observação').fill('liga depois');
    expect(commands('keep-draft')).toEqual([]);
    await page.evaluate(() => window.dispatchEvent(new PageTransitionEvent('pagehide')));
    await expect.poll(() => kept()?.note).toBe('liga depois');
  });

  it('is sent again when the server could not keep it', async () => {
    await goAvailable(page);
    await talk('Marta Silva');
    server.desk.refuseOnce('keep-draft', 'store-held-up');
    await page.getByLabel('Observação').fill('disco cheio');
    await expect.poll(() => commands('keep-draft').length).toBe(1);
    expect(kept()).toBeNull();
    await expect.poll(() => kept()?.note, { timeout: 10_000 }).toBe('disco cheio');
  });

  it('is sent when the connection is back', async () => {
    await goAvailable(page);
    await talk('Marta Silva');
    server.cutSockets(true);
    await page.getByLabel('Observação').fill('sem servidor');
    await page.waitForTimeout(1_500);
    expect(commands('keep-draft')).toEqual([]);
    server.letIn();
    await expect.poll(() => kept()?.note, { timeout: 10_000 }).toBe('sem servidor');
  });
});
