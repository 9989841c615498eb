import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { MINUTE_MS } from '../../../src/lib/time.ts';
import { formatHour, formatNear } from '../../../src/web/ui/format.ts';
import {
  ANIMATED_MS,
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
});
afterEach(async () => {
  await page.context().close();
  await server.stop();
});

/** A full minute an hour and a half from now: what somebody types, and the moment it stands for. */
function inNinetyMinutes(): { readonly at: number; readonly typed: string; readonly near: string } {
  const at = Math.ceil((Date.now() + 90 * MINUTE_MS) / MINUTE_MS) * MINUTE_MS;
  return { at, typed: formatHour(at), near: formatNear(at, Date.now()) };
}

describe('an agent', () => {
  const commands = (kind: string) => server.desk.commands.filter((one) => one.kind === kind);
  const planned = () => page.getByRole('button', { name: /^Descanso / });

  beforeEach(async () => {
    await signIn(page, 'ana', FAKE_PASSWORD);
    await goAvailable(page);
  });

  it('in a pause that a supervisor asked for sees why they cannot come back', async () => {
    const { shift } = server.desk.desk;
    if (!shift) throw new Error('the shift began');
    const activity = { kind: 'paused', since: Date.now(), reason: 'by-supervisor' } as const;
    server.desk.change({ shift: { ...shift, activity: { ...activity, by: 'supervisor' } } });
    await page.getByText('Pausa pedida pela supervisão: só ela libera.').waitFor();
    const back = page.getByRole('button', { name: 'Voltar' });
    expect(await back.getAttribute('aria-disabled')).toBe('true');
    const asked = commands('go-available').length;
    await page.keyboard.press('Alt+r');
    server.desk.change({ shift: { ...shift, activity } });
    await expect.poll(() => back.getAttribute('aria-disabled')).toBeNull();
    await page.keyboard.press('Alt+r');
    await expect.poll(() => commands('go-available').length).toBe(asked + 1);
  });

  it('announces a rest by keyboard, sees it stand, and takes it back by keyboard', async () => {
    const rest = inNinetyMinutes();
    await page.keyboard.press('Alt+a');
    const field = page.getByLabel('Às');
    await expect.poll(() => field.evaluate((input) => input === document.activeElement)).toBe(true);
    await page.keyboard.type('25:99');
    await page.keyboard.press('Enter');
    await page.getByText('Não é uma hora. Exemplo: 14:30').waitFor();
    await page.keyboard.press('Control+A');
    await page.keyboard.type(rest.typed);
    await page.keyboard.press('Enter');
    await planned().waitFor();
    expect(await planned().getAttribute('aria-label')).toBe(`Descanso ${rest.near}`);
    await page.getByText(`Descanso marcado para ${rest.typed}`).first().waitFor();
    expect(commands('plan-rest')).toEqual([{ kind: 'plan-rest', at: rest.at }]);
    await page.keyboard.press('Alt+x');
    await planned().waitFor({ state: 'detached' });
    expect(commands('plan-rest')[1]).toEqual({ kind: 'plan-rest', at: null });
  });

  it('finds it in the menu of pauses, changes its time, and takes it back with the mouse', async () => {
    await page.keyboard.press('Alt+p');
    await page.getByRole('menuitem', { name: /Marcar descanso/ }).click();
    await page.getByRole('button', { name: '+30 min' }).click();
    await planned().waitFor();
    await page.keyboard.press('Alt+a');
    await page.getByLabel('Às').fill(inNinetyMinutes().typed);
    await page.getByRole('button', { name: 'Mudar a hora' }).click();
    await expect.poll(() => commands('plan-rest')).toHaveLength(2);
    await planned().click();
    await planned().waitFor({ state: 'detached' });
    expect(commands('plan-rest')[2]).toEqual({ kind: 'plan-rest', at: null });
  });

  it('in a call, has the pause after it and the planned rest side by side, and takes back the pause first', async () => {
    server.desk.connectCall({ name: 'Marta Silva' });
    await page.getByText('Marta Silva').first().waitFor();
    await page.keyboard.press('Alt+a');
    await page.getByRole('button', { name: '+60 min' }).click();
    await planned().waitFor();
    await page.keyboard.press('Alt+p');
    await page.getByText('Pausa depois desta ligação, por…').waitFor();
    await page.getByRole('menuitem', { name: 'Refeição' }).click();
    await page.getByText('Depois: Refeição').waitFor();
    expect(await planned().count()).toBe(1);
    // The whole bar fits a small screen: the sign-out is at its end.
    const end = await page.getByRole('button', { name: 'Ana Souza' }).boundingBox();
    expect((end?.x ?? 0) + (end?.width ?? 0)).toBeLessThanOrEqual(1_366);
    await page.keyboard.press('Alt+x');
    await page.getByText('Depois: Refeição').waitFor({ state: 'detached' });
    await page.keyboard.press('Alt+x');
    await planned().waitFor({ state: 'detached' });
    expect(commands('take-pause-back')).toHaveLength(1);
  });

  it('hears why the server refused, and the hour stays in the field', async () => {
    const { typed } = inNinetyMinutes();
    await page.keyboard.press('Alt+a');
    await page.getByLabel('Às').fill(typed);
    server.cutSockets(true);
    await page.getByText('SEM SERVIDOR', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Marcar', exact: true }).click();
    await page.getByText(/^Sem servidor: nada foi enviado/).waitFor();
    expect(await page.getByLabel('Às').inputValue()).toBe(typed);
  });
});

describe('a supervisor', () => {
  const asked = () =>
    server.requests.filter((one) => one.url.endsWith('/rest')).map(({ url, body }) => [url, body]);
  const actionsOf = (name: string) => page.getByRole('button', { name: `Ações: ${name}` });

  beforeEach(async () => {
    await signIn(page, 'sup', FAKE_PASSWORD);
    await page.getByRole('heading', { name: 'Varejo 31–60' }).waitFor();
  });

  it('sees who announced a pause or a rest', async () => {
    await page.getByText('depois: Refeição').waitFor();
    await page.getByText(/^descanso \d\d/).waitFor();
  });

  it('plans a rest of an agent by keyboard, and takes it back', async () => {
    const rest = inNinetyMinutes();
    await actionsOf('Camila Duarte').focus();
    await page.keyboard.press('Enter');
    await page.getByRole('menuitem', { name: 'Marcar descanso…' }).focus();
    await page.keyboard.press('Enter');
    await page.getByText('Descanso de Camila Duarte').waitFor();
    await page.getByLabel('Às').fill(rest.typed);
    await holdTime(page);
    await page.keyboard.press('Enter');
    await page.getByText(`Camila Duarte: descanso marcado para ${rest.near}.`).waitFor();
    await page.clock.runFor(ANIMATED_MS);
    await page.getByText(`descanso ${rest.near}`, { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Desfazer' }).click();
    await page.getByText('Camila Duarte: desfeito.').waitFor();
    expect(asked()).toEqual([
      ['/api/agents/user_8/rest', { at: rest.at }],
      ['/api/agents/user_8/rest', { at: null }],
    ]);
  });

  it('releases an agent from a pause that a supervisor asked for', async () => {
    await actionsOf('Pedro Henrique Albuquerque Cavalcanti de Mendonça Furtado Júnior').click();
    await page.getByRole('menuitem', { name: 'Liberar da pausa' }).click();
    const sent = () => server.requests.filter((one) => one.url.endsWith('/take-back'));
    await expect.poll(() => sent().map(({ body }) => body)).toEqual([{ what: 'pause' }]);
    await actionsOf('Camila Duarte').click();
    await page.getByRole('menuitem', { name: 'Marcar descanso…' }).waitFor();
    expect(await page.getByRole('menuitem', { name: 'Liberar da pausa' }).count()).toBe(0);
  });

  it('takes back a rest that the agent announced', async () => {
    await actionsOf('Juliana Lima').click();
    await page.getByRole('menuitem', { name: /^Desmarcar descanso das/ }).click();
    await page.getByText('Juliana Lima: descanso desmarcado.').waitFor();
    await page.getByText(/^descanso \d\d/).waitFor({ state: 'detached' });
    expect(asked()).toEqual([['/api/agents/user_2/rest', { at: null }]]);
  });
});
