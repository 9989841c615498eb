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

const row = (phone: string, of = page) => of.getByRole('row').filter({ hasText: phone });
const decisions = ({ requests } = server) =>
  requests
    .filter(({ method, url }) => method === 'POST' && /unwanted|approvals/.test(url))
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

it('where releasing needs two people, one asks and another one decides, each with a reason', async () => {
  const careful = await startFakeServer({ web: web.folder, needsApproval: true });
  const open = async (login: string) => {
    const own = await browser.open(`${careful.url}/entrar`);
    await signIn(own, login, FAKE_PASSWORD);
    await own.goto(`${careful.url}/supervisor#recusas`);
    await row('(11) ****-4321', own).waitFor();
    return own;
  };
  const asker = await open('sup');
  const sayWhy = async (of: Page, why: string) => {
    await of.keyboard.type(why);
    await of.keyboard.press('Enter');
  };
  const askFor = async (phone: string) => {
    await row(phone, asker).getByRole('button', { name: 'Pedir liberação…' }).focus();
    await asker.keyboard.press('Enter');
    await asker.getByLabel('Por que pode ser chamado de novo?').waitFor();
    await sayWhy(asker, 'ligou para nós');
    await asker.getByText(`${phone}: pedido feito. Outra pessoa decide.`).waitFor();
  };
  expect(await asker.getByRole('button', { name: 'Liberar…' }).count()).toBe(0);
  await askFor('(11) ****-4321');
  await asker.getByText('aguarda aprovação de outra pessoa').waitFor();
  await asker.getByText(/Você pediu a liberação em .*“ligou para nós”/).waitFor();
  expect(await asker.getByRole('button', { name: 'Aprovar…' }).count()).toBe(0);
  await asker.getByRole('button', { name: 'Retirar pedido' }).press('Enter');
  await asker.getByText('aguarda aprovação de outra pessoa').waitFor({ state: 'detached' });
  await askFor('(11) ****-4321');
  await askFor('(31) ****-1234');
  expect(await barriersOf(asker, 'requests of one’s own')).toEqual([]);

  const other = await open('adm');
  const request = (of: Page) => row('Roberto Nascimento pediu a liberação', of);
  await request(other).first().waitFor();
  expect(await other.getByRole('button', { name: 'Retirar pedido' }).count()).toBe(0);
  expect(await barriersOf(other, 'requests of another person')).toEqual([]);
  await request(other).last().getByRole('button', { name: 'Recusar…' }).press('Enter');
  await other.getByLabel('Por que você recusa?').waitFor();
  await sayWhy(other, 'reclamou na ouvidoria');
  await other.getByText('(31) ****-1234: pedido recusado. Continua parado.').waitFor();
  await other.getByText('Liberação recusada por Cláudia Prado: “reclamou na ouvidoria”.').waitFor();
  await request(other).getByRole('button', { name: 'Aprovar…' }).press('Enter');
  await other.getByLabel('Por que você aprova?').waitFor();
  await sayWhy(other, 'ouvi a gravação');
  await row('(11) ****-4321', other).waitFor({ state: 'detached' });
  expect(decisions(careful)).toEqual([
    ['/api/phones/unwanted/block_2/ask-lift', { because: 'ligou para nós' }],
    ['/api/approvals/approval_1/withdraw', undefined],
    ['/api/phones/unwanted/block_2/ask-lift', { because: 'ligou para nós' }],
    ['/api/phones/unwanted/block_0/ask-lift', { because: 'ligou para nós' }],
    ['/api/approvals/approval_3/refuse', { because: 'reclamou na ouvidoria' }],
    ['/api/approvals/approval_2/approve', { because: 'ouvi a gravação' }],
  ]);
  await careful.stop();
});
