/** Every screen by axe-core, in both themes, and the policy of the pages as Chromium reads it. */
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { barriersOf } from '../../support/accessible.ts';
import {
  confirmRightParty,
  goAvailable,
  launchBrowser,
  signIn,
  type TestBrowser,
  untilState,
} from '../../support/browser.ts';
import { openDoors, PASSWORD } from '../../support/doors.ts';
import { buildWeb, type WebBuild } from '../build-web.ts';
import { FAKE_PASSWORD, type FakeServer, startFakeServer } from '../fake-server.ts';

let web: WebBuild;
let browser: TestBrowser;
let server: FakeServer;
let page: Page;
let barriers: string[];

beforeAll(async () => {
  web = await buildWeb();
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser?.close();
  await web?.remove();
});
beforeEach(async () => {
  barriers = [];
  server = await startFakeServer({ web: web.folder });
  page = await browser.open(`${server.url}/entrar`);
});
afterEach(async () => {
  await page.context().close();
  await server.stop();
});

const look = async (scene: string) => {
  barriers.push(...(await barriersOf(page, scene)));
};

it('signing in, the audio check and a debtor’s telephone keep nobody out', async () => {
  await page.getByRole('button', { name: 'Entrar' }).waitFor();
  await look('sign-in');
  await signIn(page, 'ana', FAKE_PASSWORD);
  await page.getByText('Teste de áudio').waitFor();
  await look('audio check');
  await page.goto(`${server.url}/entrar?senha`);
  await page.locator('input[name=next]').fill('curta');
  await look('change of the password');
  await page.goto(`${server.url}/telefone-devedor`);
  await page.getByRole('button', { name: 'Ligar telefone' }).click();
  await page.getByText('Pronto, esperando ligação').waitFor();
  server.sip.ring('+551133334444');
  await page.getByText('De (11) 3333-4444').waitFor();
  await look('telephone of the debtor, ringing');
  expect(barriers).toEqual([]);
});

it('the agent’s screen keeps nobody out, in any state', async () => {
  await signIn(page, 'ana', FAKE_PASSWORD);
  await goAvailable(page);
  await look('waiting');
  server.desk.connectCall({ name: 'Marta Silva' });
  await page.getByText('Marta Silva').first().waitFor();
  await look('in a call');
  await page.keyboard.press('F4');
  await look('asking who it is');
  await page.keyboard.press('Escape');
  await confirmRightParty(page, '1231703');
  await page.getByText('R$ 2.034,18').waitFor();
  await page.keyboard.press('1');
  await look('confirmed, with a form');
  await page.keyboard.press('Alt+p');
  await page.getByRole('menuitem', { name: 'Descanso', exact: true }).waitFor();
  await look('menu of pauses');
  await page.keyboard.press('Enter');
  await page.getByText('Depois: Descanso').waitFor();
  await look('a pause asked for');
  await page.keyboard.press('F8');
  await untilState(page, 'wrapping-up');
  await look('wrap-up');
  expect(barriers).toEqual([]);
});

it('the supervisor’s board and its dialogs keep nobody out', async () => {
  await signIn(page, 'sup', FAKE_PASSWORD);
  await page.getByText('Varejo 31–60').first().waitFor();
  await look('board');
  await page.getByRole('button', { name: 'Ações: Juliana Lima' }).click();
  await page.getByRole('menuitemcheckbox').first().waitFor();
  await look('menu of an agent');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Ajustar ritmo' }).click();
  await page.getByLabel('Máximo de linhas', { exact: true }).fill('20');
  await page.getByRole('button', { name: 'Estimar efeito' }).click();
  await page.getByRole('dialog').waitFor();
  await look('tuning the pace');
  expect(barriers).toEqual([]);
});

it('the admin’s tabs and dialogs keep nobody out', async () => {
  await signIn(page, 'adm', FAKE_PASSWORD);
  await page.getByRole('button', { name: 'Novo usuário' }).waitFor();
  await look('users');
  await page.getByRole('button', { name: 'Novo usuário' }).click();
  await page.locator('input[name=name]').fill('Vera Lúcia');
  await page.locator('input[name=login]').fill('vera');
  await look('a new user');
  await page.getByRole('button', { name: 'Criar usuário' }).click();
  await page.getByText('k7Qm-29xv-Tz4p').waitFor();
  await look('a first password');
  for (const tab of ['lists', 'tokens', 'audit']) {
    await page.goto(`${server.url}/admin#${tab}`);
    await page.reload();
    await page.getByRole('table').first().waitFor();
    await look(tab);
  }
  expect(barriers).toEqual([]);
});

it('the pages keep to their own policy, and the browser finds no fault in it', async () => {
  const doors = await openDoors({ webFolder: web.folder });
  const said: string[] = [];
  const real = await browser.open('about:blank');
  real.on('console', (message) => said.push(message.text()));
  real.on('pageerror', (error) => said.push(String(error)));
  try {
    await real.goto(`${doors.url.replace('127.0.0.1', 'localhost')}/entrar`);
    await signIn(real, 'ana', PASSWORD);
    await real.getByText('Teste de áudio').waitFor();
    await doors.signIn('admin');
    await real.context().clearCookies();
    await real.goto(`${doors.url}/entrar`);
    await signIn(real, 'supervisora', PASSWORD);
    await real.getByRole('button', { name: 'Supervisora' }).waitFor();
    expect(said.filter((text) => /content.security|refused to|source list/i.test(text))).toEqual(
      [],
    );
  } finally {
    await real.context().close();
    await doors.stop();
  }
});
