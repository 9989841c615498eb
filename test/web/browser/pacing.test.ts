import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { BoardCampaign } from '../../../src/protocol/supervisor.ts';
import {
  ANIMATED_MS,
  holdTime,
  launchBrowser,
  signIn,
  type TestBrowser,
} from '../../support/browser.ts';
import { buildWeb, type WebBuild } from '../build-web.ts';
import { fakeBank, fakeForecast } from '../fake-floor.ts';
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

/** What the first campaign becomes on every board from now on. */
const become = (change: (campaign: BoardCampaign) => Partial<BoardCampaign>) =>
  server.changeBoard((board) => ({
    ...board,
    campaigns: board.campaigns.map((one, place) =>
      place === 0 ? { ...one, ...change(one) } : one,
    ),
  }));

/** What was asked for, without the version it was made on. */
const asked = () =>
  server.requests
    .filter((one) => one.method === 'PATCH')
    .map(({ body }) => {
      const { madeOn: _version, ...change } = body as Record<string, unknown>;
      return change;
    });

describe('the gauge of a campaign', () => {
  it('shows abandonment with its cap, its counts, who gave up, and the worst half hour', async () => {
    const section = page.getByRole('region', { name: 'Abandono', exact: true });
    await section.getByText('9 de 612 atendidas').waitFor();
    const text = await section.textContent();
    expect(text).toContain('Dentro do limite');
    expect(text).toMatch(/1,5 % de no máximo 3,0 %/);
    expect(text).toContain('cabem mais 9');
    expect(text).toContain('5 desistiram esperando, contados à parte');
    expect(text).toMatch(/Pior meia hora: 3 de 61 \(4,9 %\)/);
    const meter = section.getByRole('meter');
    expect(await meter.getAttribute('aria-valuetext')).toBe('Limite usado: 49 %, alarme em 90 %');
    become(() => ({ abandonment: fakeBank(Date.now(), 17, 612) }));
    await section.getByText('Perto do limite').waitFor();
    become(() => ({ abandonment: fakeBank(Date.now(), 19, 612) }));
    await section.getByText('Limite atingido').waitFor();
    await section.getByText('não cabe mais nenhum').waitFor();
    await page.getByText(/Abandono no limite: 19 de 612 atendidas; discando um para um/).waitFor();
  });

  it('says the decision in a sentence, and describes the forecast to screen readers', async () => {
    await page
      .getByText(/livres 3 \+ 1,4 até lá, a caminho 9; risco 2,1\s% ≤ 2,4\s% → disca 6\./)
      .waitFor();
    const drawing = page.getByRole('img', { name: /^Previsão\. Em 10 s: 3,3 agentes livres/ });
    expect(await drawing.getAttribute('aria-label')).toMatch(
      /Em 30 s: 5,8 agentes livres, 6,1 pessoas atendem\.$/,
    );
    expect(await page.getByText('Atende agora').locator('..').textContent()).toMatch(/15,2 %/);
  });

  it('counts answers while it learns, and shows the breaker and who is planned together', async () => {
    become((campaign) => ({
      plan: campaign.plan && {
        ...campaign.plan,
        togetherWithIds: ['campaign_parada'],
        because: { code: 'carrier-failing', values: { failed: 19, of: 20, since: Date.now() } },
        forecast: fakeForecast({
          learning: { answersKnown: 14, answersNeeded: 50 },
          carrierFailingSince: Date.now(),
        }),
      },
    }));
    const progress = page.getByRole('progressbar', { name: 'Aprendendo 14/50' });
    await progress.waitFor();
    expect(await progress.getAttribute('aria-valuenow')).toBe('14');
    await page.getByText(/19 das últimas 20 chamadas caíram em segundos/).waitFor();
    await page.getByText(/Planejada junto com Telefonia pós-pago/).waitFor();
  });

  it('says why there is no forecast', async () => {
    become((campaign) => ({
      mode: 'progressive',
      plan: campaign.plan && { ...campaign.plan, forecast: fakeForecast({ moments: [] }) },
    }));
    await page.getByText('Só o modo preditivo olha adiante.').waitFor();
    become(() => ({ state: 'stopped', plan: null }));
    await page.getByText('Nada é planejado agora, então nada é previsto.').waitFor();
    await page.getByText('Nenhuma decisão ainda.').waitFor();
  });

  it('does not move sideways when its figures change', async () => {
    const place = () => page.getByRole('region', { name: 'Abandono', exact: true }).boundingBox();
    await page.getByText('9 de 612 atendidas').waitFor();
    const before = await place();
    become((campaign) => ({
      plan: campaign.plan && {
        ...campaign.plan,
        forecast: fakeForecast({ answersExpected: 118.4, freeAgentsExpected: 0.1 }),
      },
    }));
    await page.getByText('118,4').waitFor();
    expect(await place()).toMatchObject({ x: before?.x, width: before?.width });
  });
});

describe('the alarm of abandonment', () => {
  const banner = () => page.getByRole('region', { name: 'Alarme de abandono' });

  it('names the campaign, its count and cap, and what the dialer does now, and disappears by itself', async () => {
    const abandoned = (count: number, answers: number) =>
      server.changeBoard((board) => ({
        ...board,
        campaigns: board.campaigns.map((one, place) => ({
          ...one,
          abandonment: place === 0 ? fakeBank(Date.now(), count, answers) : one.abandonment,
          ...(place === 1 ? { abandonment: fakeBank(Date.now(), 0, 101) } : {}),
        })),
      }));
    abandoned(9, 612);
    await banner().waitFor({ state: 'detached' });
    abandoned(17, 612);
    await banner().getByText('Abandono perto do limite').waitFor();
    const near = (await banner().textContent())?.replaceAll('\u00a0', ' ');
    expect(near).toContain('17 de 612 atendidas sem agente a tempo: 2,8 %, limite 3,0 %.');
    expect(near).toContain('Cabe mais 1: o ritmo aceita menos risco a cada chamada.');
    abandoned(19, 612);
    await banner().getByText('Abandono no limite').waitFor();
    await banner()
      .getByText('Discando um para um até 22 pessoas mais serem atendidas a tempo.')
      .waitFor();
    abandoned(19, 640);
    await banner().getByText('Abandono perto do limite').waitFor();
    abandoned(19, 900);
    await banner().waitFor({ state: 'detached' });
  });

  it('leads to the campaign that it is about', async () => {
    server.changeBoard((board) => ({
      ...board,
      campaigns: board.campaigns.map((one) =>
        one.id === 'campaign_longa'
          ? { ...one, mode: 'ratio', ratio: 2.4, abandonment: fakeBank(Date.now(), 17, 612) }
          : one,
      ),
    }));
    await banner().getByText('segue com 2,4 linhas por agente livre; no limite, uma.').waitFor();
    await banner()
      .getByRole('button', { name: /^Cartão de crédito/ })
      .click();
    await page.getByRole('heading', { name: /^Cartão de crédito/ }).waitFor();
  });
});

describe('tuning the pace', () => {
  it('is done with the keyboard alone, in one request, and can be taken back', async () => {
    const open = page.getByRole('button', { name: 'Ajustar ritmo' });
    await open.focus();
    await page.keyboard.press('Enter');
    const lines = page.getByRole('textbox', { name: 'Máximo de linhas', exact: true });
    await lines.waitFor();
    await lines.focus();
    await page.keyboard.press('Control+A');
    await page.keyboard.type('45');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Control+A');
    await page.keyboard.type('22');
    await holdTime(page);
    await page.keyboard.press('Enter');
    await page
      .getByText('Varejo 31–60: máximo de linhas de 60 para 45; tempo de toque de 25 s para 22 s.')
      .waitFor();
    await page.clock.runFor(ANIMATED_MS);
    await lines.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Desfazer' }).click();
    await page.getByText('Varejo 31–60: desfeito.').waitFor();
    expect(asked()).toEqual([
      { linesMax: 45, ringTimeoutMs: 22_000 },
      { linesMax: 60, ringTimeoutMs: 25_000 },
    ]);
  });

  it('brings the limits of a mode back when the change of mode is taken back', async () => {
    become(() => ({ linesPerAgentMax: 3 }));
    await page.getByRole('button', { name: 'Ajustar ritmo' }).click();
    await page.getByText('Progressivo 1:1', { exact: true }).last().click();
    await holdTime(page);
    await page.getByRole('button', { name: 'Aplicar' }).click();
    await page.getByText('Varejo 31–60: modo de Preditivo para Progressivo 1:1.').waitFor();
    await page.clock.runFor(ANIMATED_MS);
    await page.getByRole('button', { name: 'Desfazer' }).click();
    await page.getByText('Varejo 31–60: desfeito.').waitFor();
    expect(asked()).toEqual([{ mode: 'progressive' }, { mode: 'predictive', linesPerAgentMax: 3 }]);
  });

  it('may be taken back for ten seconds, and for as long as the pointer or the keyboard is on it', async () => {
    const lines = page.getByLabel('Linhas máx.: Varejo 31–60');
    const undo = page.getByRole('button', { name: 'Desfazer' });
    const changeTo = async (count: string) => {
      await lines.fill(count);
      await lines.press('Enter');
      await undo.waitFor();
    };
    await holdTime(page);
    await changeTo('45');
    await page.clock.runFor(9_900);
    expect(await undo.count()).toBe(1);
    await page.clock.runFor(200);
    await undo.waitFor({ state: 'detached' });
    await changeTo('50');
    await undo.hover();
    await page.clock.runFor(60_000);
    await undo.focus();
    await page.mouse.move(0, 0);
    await page.clock.runFor(60_000);
    expect(await undo.count()).toBe(1);
    await undo.blur();
    await page.clock.runFor(10_100);
    await undo.waitFor({ state: 'detached' });
  });

  it('sends nothing the compliance profile forbids, and says so beside the field', async () => {
    await page.getByRole('button', { name: 'Ajustar ritmo' }).click();
    await page.getByLabel('Tempo de toque (s)').fill('45');
    await page.getByText('Entre 20 e 30.').waitFor();
    expect(await page.getByRole('button', { name: 'Aplicar' }).isDisabled()).toBe(true);
    expect(await page.getByLabel('Cancelar após tocar (s)').isDisabled()).toBe(true);
    await page.getByText('O perfil desta campanha não permite').waitFor();
    await page.keyboard.press('Enter');
    expect(asked()).toEqual([]);
  });
});

describe('what a change would do', () => {
  it('is estimated before it is made, with its spread and its basis', async () => {
    await page.getByRole('button', { name: 'Ajustar ritmo' }).click();
    const estimate = page.getByRole('button', { name: 'Estimar efeito' });
    await page.getByLabel('Máximo de linhas', { exact: true }).waitFor();
    expect(await estimate.isDisabled()).toBe(true);
    await page.getByText('Progressivo 1:1', { exact: true }).last().click();
    await estimate.click();
    const row = page.getByRole('row', { name: /Ocupação dos agentes/ });
    await row.waitFor();
    expect(await row.getByRole('cell').allTextContents()).toEqual([
      '≈ 86 % (83 % a 89 %)',
      '≈ 54 % (52 % a 56 %)',
    ]);
    const basis = page.getByText(/^6 períodos de 60 min simulados com 13 agentes/);
    await basis.waitFor();
    const told = await basis.textContent();
    expect(told).toContain('Simuladas junto, com os mesmos agentes: Cartão de crédito.');
    expect(told).toContain('Caixas postais como na última hora (detecção: Com o agente na linha).');
    expect(told).toContain('2 descansos e pausas já anunciados.');
    await page
      .getByText(
        'O abandono de Cartão de crédito, que divide os agentes, iria de 1,2 % para 2,4 %.',
      )
      .waitFor();
    expect(asked()).toEqual([]);
    // An estimate of one change says nothing of another.
    await page.getByLabel('Máximo de linhas', { exact: true }).fill('20');
    await row.waitFor({ state: 'detached' });
  });

  it('is refused with a reason when there is nothing to estimate from', async () => {
    await page
      .getByRole('table')
      .getByRole('button', { name: /^Cartão de crédito/ })
      .click();
    await page.getByRole('button', { name: 'Ajustar ritmo' }).click();
    await page.getByLabel('Máximo de linhas', { exact: true }).fill('20');
    await page.getByRole('button', { name: 'Estimar efeito' }).click();
    await page.getByText(/O ritmo ainda aprende com as primeiras atendidas/).waitFor();
  });
});

it('the audit trail says in words what was changed, from what and to what', async () => {
  const admin = await browser.open(`${server.url}/entrar`);
  await signIn(admin, 'adm', FAKE_PASSWORD);
  await admin.getByText('Auditoria', { exact: true }).first().click();
  const row = admin.getByRole('row', { name: /tempo de toque/ });
  await row.waitFor();
  expect(await row.getByRole('cell').allTextContents()).toEqual([
    ...[expect.any(String), 'Roberto Nascimento', '10.0.0.7', 'campanha Varejo'],
    ...['tempo de toque', '25 s', '22 s', ''],
  ]);
  const made = admin.getByRole('row', { name: /número de saída/ });
  expect(await made.textContent()).toMatch(/sistema.*criado.*–.*\+551133334444/);
  await admin.context().close();
});
