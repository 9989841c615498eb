import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { barriersOf } from '../../support/accessible.ts';
import { launchBrowser, signIn, type TestBrowser } from '../../support/browser.ts';
import { buildWeb, type WebBuild } from '../build-web.ts';
import { FAKE_PASSWORD, type FakeServer, startFakeServer } from '../fake-server.ts';

let web: WebBuild;
let browser: TestBrowser;
let server: FakeServer;
let page: Page;

beforeAll(async () => {
  web = await buildWeb();
  browser = await launchBrowser();
  server = await startFakeServer({ web: web.folder });
  page = await browser.open(`${server.url}/entrar`);
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
  await web?.remove();
});

const row = (phone: string) => page.getByRole('row').filter({ hasText: phone });
const decisions = () =>
  server.requests
    .filter(({ method, url }) => method === 'POST' && url.includes('/phones/unwanted/'))
    .map(({ url, body }) => [url, body]);

it('a telephone that refused us waits for a reviewer, who says why it may be called again or not', async () => {
  await signIn(page, 'sup', FAKE_PASSWORD);
  await page.getByRole('button', { name: 'A corrigir: 2' }).waitFor();
  await page.getByRole('link', { name: 'Recusas: 2' }).waitFor();
  // The whole bar fits a small screen with any number waiting: the sign-out is at its end.
  const end = await page.getByRole('button', { name: 'Roberto Nascimento' }).boundingBox();
  expect((end?.x ?? 0) + (end?.width ?? 0)).toBeLessThanOrEqual(1_366);
  await page.getByRole('link', { name: 'Recusas: 2' }).click();
  await row('(11) ****-4321').getByText('SIP 607: indesejada').waitFor();
  await row('(11) ****-4321').getByText('Marina T. B.').waitFor();
  expect(await barriersOf(page, 'telephones that refused')).toEqual([]);

  await row('(11) ****-4321').getByRole('button', { name: 'Liberar…' }).click();
  await page.getByLabel('Por que pode ser chamado de novo?').fill('ok');
  expect(await page.getByRole('button', { name: 'Liberar telefone' }).isDisabled()).toBe(true);
  await page.keyboard.type(', pediu para ligar');
  await page.keyboard.press('Enter');
  await page.getByText('(11) ****-4321 liberado: pode ser chamado de novo.').waitFor();
  await row('(11) ****-4321').waitFor({ state: 'detached' });

  await row('(21) ****-8765').getByRole('button', { name: 'Manter parado…' }).click();
  await page.getByLabel('Por que fica parado?').fill('reclamou na ouvidoria');
  await page.keyboard.press('Enter');
  await row('(21) ****-8765').getByText('mantido por Sílvia Prado').waitFor();
  expect(decisions()).toEqual([
    ['/api/phones/unwanted/block_2/lift', { because: 'ok, pediu para ligar' }],
    ['/api/phones/unwanted/block_1/keep', { because: 'reclamou na ouvidoria' }],
  ]);
});

it('after the review the menu still leads to the blocked telephones', async () => {
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  expect(await page.getByRole('link', { name: /^Recusas:/ }).count()).toBe(0);
  await page.getByRole('button', { name: 'Roberto Nascimento' }).click();
  await page.getByRole('menuitem', { name: 'Telefones que recusaram' }).click();
  for (const phone of ['(21) ****-8765', '(31) ****-1234']) {
    await row(phone).getByRole('button', { name: 'Liberar…' }).click();
    await page.getByLabel('Por que pode ser chamado de novo?').fill('acordo feito na loja');
    await page.keyboard.press('Enter');
    await row(phone).waitFor({ state: 'detached' });
  }
  await page.getByText('Nenhum telefone recusou as nossas ligações.').waitFor();
});
