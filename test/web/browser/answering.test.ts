import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  ANIMATED_MS,
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
  await signIn(page, 'sup', FAKE_PASSWORD);
  await page.getByRole('heading', { name: 'Varejo 31–60' }).waitFor();
});
afterEach(async () => {
  await page.context().close();
  await server.stop();
});

/** What was asked for, without the version it was made on. */
const asked = () =>
  server.requests
    .filter((one) => one.method === 'PATCH')
    .map(({ body }) => {
      const { madeOn: _version, ...change } = body as Record<string, unknown>;
      return change;
    });
const section = () => page.getByRole('region', { name: 'Quem atende' });
const open = () => section().getByRole('button', { name: 'Ajustar' }).click();
const apply = () => page.getByRole('button', { name: 'Aplicar' });

describe('the panel about answered calls', () => {
  it('shows the detection with its figures, and what is heard, beside the campaign', async () => {
    await section().getByText('Caixa postal: Com o agente na linha').waitFor();
    await section()
      .getByText(/214 caixas postais reconhecidas em 1\.066 atendidas/)
      .waitFor();
    await section().getByText('Olá. Ligaremos novamente. Obrigado.').waitFor();
    await section()
      .getByText(/Sem arquivo próprio: toca a gravação do produto, que diz outra coisa/)
      .waitFor();
  });

  it('is changed by keyboard with the measured error in sight, and taken back', async () => {
    await section().getByRole('button', { name: 'Ajustar' }).focus();
    await page.keyboard.press('Enter');
    const share = page.getByLabel('Conferir por agente (%)');
    await share.waitFor();
    const error = page.getByRole('row', { name: /Erro: eram pessoas/ });
    expect(await error.getByRole('cell').allTextContents()).toEqual(['1/8', '12,5 %']);
    await share.focus();
    await page.keyboard.press('Control+A');
    await page.keyboard.type('5');
    await page.keyboard.press('Tab');
    // The estimate of another share and the switch of known voices are on the way.
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Control+A');
    await page.keyboard.type('Olá. Ligaremos mais tarde.');
    await page.keyboard.press('Tab');
    await page.keyboard.type('mensagem-a');
    await page.getByText(/Toca “mensagem-a”\. Se o PBX não tiver este arquivo/).waitFor();
    await holdTime(page);
    await page.keyboard.press('Enter');
    await page
      .getByText(/Varejo 31–60: parcela conferida das caixas postais de 2,0 % para 5,0 %; mensagem/)
      .waitFor();
    await page.clock.runFor(ANIMATED_MS);
    await share.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Desfazer' }).click();
    await page.getByText('Varejo 31–60: desfeito.').waitFor();
    expect(asked()).toEqual([
      {
        amdSampleShare: 0.05,
        abandonmentMessage: { text: 'Olá. Ligaremos mais tarde.', soundFile: 'mensagem-a' },
      },
      {
        amdSampleShare: 0.02,
        abandonmentMessage: { text: 'Olá. Ligaremos novamente. Obrigado.' },
      },
    ]);
  });

  it('says how each detection works before it is chosen', async () => {
    await open();
    await page.getByText('Antes do agente', { exact: true }).click();
    await page.getByText(/no máximo até meio segundo antes do limite; na dúvida/).waitFor();
    await page.getByText('Não detecta', { exact: true }).click();
    await page.getByText('Todos que atendem vão a um agente, caixas postais também.').waitFor();
    expect(await page.getByLabel('Conferir por agente (%)').isDisabled()).toBe(true);
    await apply().click();
    await page
      .getByText(
        'Varejo 31–60: detecção de caixa postal de Com o agente na linha para Não detecta.',
      )
      .waitFor();
    expect(asked()).toEqual([{ amd: 'off' }]);
  });

  it('estimates what another detection would do, before it is made', async () => {
    await open();
    const estimate = page.getByRole('button', { name: 'Estimar efeito' });
    await page.getByLabel('O que a gravação diz').fill('Ligaremos mais tarde.');
    expect(await estimate.isDisabled()).toBe(true);
    await page.getByText('Antes do agente', { exact: true }).click();
    await estimate.click();
    await page.getByRole('row', { name: /Conversas por agente e hora/ }).waitFor();
    await page.getByText('(detecção: Com o agente na linha → Antes do agente)').waitFor();
    expect(asked()).toEqual([]);
  });

  it('sends no message that reveals the debt, and names the word while it is typed', async () => {
    await open();
    await page.getByLabel('O que a gravação diz').fill('Ligamos sobre a sua dívida.');
    await page.getByText('“dívida” fala da dívida, e qualquer um pode ter atendido.').waitFor();
    expect(await apply().isDisabled()).toBe(true);
    await page.getByLabel('O que a gravação diz').fill('Ligaremos mais tarde.');
    await page.getByLabel('Arquivo da gravação').fill('mensagem.wav');
    await page.getByText('Só letras minúsculas, números e hífens, até 60.').waitFor();
    expect(await apply().isDisabled()).toBe(true);
    expect(asked()).toEqual([]);
  });
});
