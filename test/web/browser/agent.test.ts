import type { Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { bankingDayFrom } from '../../../src/lib/br-holidays.ts';
import { DAY_MS } from '../../../src/lib/time.ts';
import { formatIsoDate, isoDateOf } from '../../../src/web/ui/format.ts';
import {
  confirmRightParty,
  goAvailable,
  heapSnapshot,
  launchBrowser,
  signIn,
  stateOf,
  type TestBrowser,
  untilState,
} from '../../support/browser.ts';
import { buildWeb, type WebBuild } from '../build-web.ts';
import { RIGHT_PARTY_CHECK } from '../fake-data.ts';
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

/** The fake debtor's answers, typed without a pause: three digits of the CPF and the birthday. */
const SAID = '1231703';

const body = async () => (await page.locator('body').textContent()) ?? '';
const commands = (kind: string) => server.desk.commands.filter((one) => one.kind === kind);
const focusedField = () =>
  page.evaluate(() => document.activeElement?.getAttribute('data-field') ?? '');
const focusedWords = () => page.evaluate(() => document.activeElement?.textContent ?? '');
const focusedReason = () =>
  page.evaluate(() =>
    document.activeElement instanceof HTMLInputElement ? document.activeElement.value : '',
  );
/** How far its content reaches beyond its right edge. */
const overflowOf = (part: Locator) => part.evaluate((one) => one.scrollWidth - one.clientWidth);
/** A banking day, a few days ahead. */
const DUE = bankingDayFrom(isoDateOf(Date.now() + 3 * DAY_MS));
const talk = async (name: string) => {
  const callId = server.desk.connectCall({ name });
  await page.getByText(name).first().waitFor();
  return callId;
};

describe('a call without a mouse', () => {
  it('is confirmed, promised and disposed, and the agent is free for the next one', async () => {
    await goAvailable(page);
    const callId = await talk('Marta Silva');
    await confirmRightParty(page, SAID);
    await page.getByText('R$ 2.034,18').waitFor();
    await page.keyboard.press('1');
    // The first field of what was chosen is where the typing goes: these digits choose nothing.
    await expect.poll(focusedField).toBe('promiseValue');
    await page.keyboard.type('248,71');
    await page.keyboard.press('Tab');
    await page.keyboard.type(formatIsoDate(DUE));
    await page.keyboard.press('F8');
    await untilState(page, 'wrapping-up');
    await page.keyboard.press('Control+Enter');
    await page.getByText('Tabulação salva').waitFor();
    expect(commands('dispose')).toEqual([
      {
        kind: 'dispose',
        callId,
        code: 'promise',
        form: { promise: { valueCentavos: 24_871, dueDate: DUE } },
      },
    ]);
    await page.keyboard.press('Alt+r');
    await untilState(page, 'available');
  });

  it('shows what is wrong with an amount although the day that is left tidies itself', async () => {
    await goAvailable(page);
    await talk('Marta Silva');
    await confirmRightParty(page, SAID);
    await page.getByText('R$ 2.034,18').waitFor();
    await page.keyboard.press('1');
    await expect.poll(focusedField).toBe('promiseValue');
    await page.keyboard.type('24x');
    await page.locator('[data-field=promiseDate]').fill(formatIsoDate(DUE).replaceAll('/', ''));
    await page.keyboard.press('Control+Enter');
    await page.getByText('Não é um valor. Exemplo: 1.234,56').waitFor();
  });

  it('is a voicemail by one key', async () => {
    await goAvailable(page);
    const callId = await talk('Marta Silva');
    await page.keyboard.press('F9');
    await page.getByText('Tabulação salva').waitFor();
    expect(commands('dispose')).toEqual([{ kind: 'dispose', callId, code: 'machine' }]);
  });

  it('finds a disposition by its words, without accents', async () => {
    await goAvailable(page);
    const callId = await talk('Marta Silva');
    await page.keyboard.press('/');
    await page.keyboard.type('numero er');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Control+Enter');
    await expect.poll(() => commands('dispose')).toHaveLength(1);
    expect(commands('dispose')[0]).toMatchObject({ callId, code: 'wrong-number' });
  });

  it('types digits into fields and takes none of them for a disposition', async () => {
    await goAvailable(page);
    await talk('Marta Silva');
    await page.getByLabel('Observação').fill('ligar ');
    await page.getByLabel('Observação').press('8');
    expect(await page.getByRole('radio', { checked: true }).count()).toBe(0);
    await page.getByLabel('Observação').press('Escape');
  });

  it('asks for a pause in the call and takes it back', async () => {
    await goAvailable(page);
    await talk('Marta Silva');
    await page.keyboard.press('Alt+p');
    const first = page.getByRole('menuitem', { name: 'Descanso', exact: true });
    await expect.poll(() => first.evaluate((item) => item === document.activeElement)).toBe(true);
    await page.keyboard.press('Enter');
    await page.getByText('Depois: Descanso').click();
    await expect.poll(() => commands('take-pause-back')).toHaveLength(1);
    expect(commands('pause')).toEqual([{ kind: 'pause', reason: 'rest' }]);
  });
});

describe('leaving in a call', () => {
  it('is asked, kept until the call is disposed, and can be taken back before', async () => {
    await goAvailable(page);
    await talk('Marta Silva');
    await page.getByLabel('Observação').fill('pediu o boleto');
    const leave = async () => {
      await page.getByRole('button', { name: 'Ana', exact: false }).last().click();
      await page.getByRole('menuitem', { name: 'Sair' }).click();
      await page
        .getByRole('dialog')
        .getByRole('button', { name: /Sair após/ })
        .click();
    };
    await leave();
    const asked = page.getByRole('button', { name: 'Sair após esta ligação' });
    await asked.click();
    await asked.waitFor({ state: 'detached' });
    expect(commands('take-sign-out-back')).toHaveLength(1);
    await leave();
    await asked.waitFor();
    expect(await stateOf(page)).toBe('talking');
    expect(await page.getByLabel('Observação').inputValue()).toBe('pediu o boleto');
    server.desk.endCall();
    await untilState(page, 'wrapping-up');
    await page.getByLabel('Observação').press('Escape');
    await page.getByRole('radio', { name: /Recado com terceiro/ }).click();
    await page.keyboard.press('Control+Enter');
    await page.waitForURL(/entrar/);
    expect(commands('dispose')[0]).toMatchObject({ note: 'pediu o boleto' });
  });

  it('shows no way to take back what a supervisor asked for', async () => {
    await goAvailable(page);
    await talk('Marta Silva');
    const { shift } = server.desk.desk;
    const bySupervisor = { pause: true, rest: false, signOut: false };
    server.desk.change({
      shift: shift && { ...shift, pauseAsked: 'meal', bySupervisor },
    });
    await page.getByText(/Depois: Refeição · pedido pelo supervisor/).click();
    // Keys that do nothing say why.
    const why = page.getByText('Foi o supervisor que pediu; só ele pode desfazer.');
    for (const key of ['Alt+x', 'Alt+p']) {
      await page.keyboard.press(key);
      await why.waitFor();
      await page.getByRole('button', { name: 'Fechar aviso' }).click();
    }
    expect(commands('take-pause-back')).toEqual([]);
  });

  it('has room in the bar for all that may be queued, in both languages', async () => {
    await goAvailable(page);
    await talk('Marta Silva');
    const { shift } = server.desk.desk;
    const queued = { pauseAsked: 'system-problem', restsAt: Date.now() + 3_600_000 };
    for (const isSupervisor of [false, true]) {
      const bySupervisor = { pause: isSupervisor, rest: isSupervisor, signOut: isSupervisor };
      const signOutAsked = isSupervisor ? 'signed-out-by-supervisor' : 'signed-out';
      server.desk.change({ shift: shift && { ...shift, ...queued, signOutAsked, bySupervisor } });
      await page.getByRole('button', { name: /Sair após esta ligação/ }).waitFor();
      expect(await overflowOf(page.locator('header').first())).toBe(0);
    }
    await page.getByRole('button', { name: 'Ana Souza' }).click();
    await page.getByRole('menuitem', { name: 'English' }).click();
    await page.getByRole('button', { name: /Leave after this call/ }).waitFor();
    expect(await overflowOf(page.locator('header').first())).toBe(0);
  });

  it('by closing the page with a person on the line makes the browser ask', async () => {
    await goAvailable(page);
    const asks = async (): Promise<boolean> => {
      const closed = page.waitForEvent('close').then(() => undefined);
      const asked = page.waitForEvent('dialog');
      await page.close({ runBeforeUnload: true });
      const dialog = await Promise.race([asked, closed]);
      await dialog?.dismiss();
      return dialog?.type() === 'beforeunload';
    };
    await talk('Marta Silva');
    expect(await asks()).toBe(true);
    expect(await stateOf(page)).toBe('talking');
    server.desk.endCall();
    await page.keyboard.press('7');
    await page.keyboard.press('Control+Enter');
    await page.getByText('Tabulação salva').waitFor();
    expect(await asks()).toBe(false);
  });
});

describe('a missing disposition', () => {
  it('is shown by header and middle alike, and disappears when it is recorded late', async () => {
    await goAvailable(page);
    await talk('Marta Silva');
    server.desk.endCall();
    server.desk.missDisposition();
    await untilState(page, 'undisposed');
    await page.locator('header').getByText('Falta tabular').waitFor();
    await page.getByRole('heading', { name: 'Falta tabular a última ligação' }).waitFor();
    await page.getByText(/Vai para o supervisor corrigir em 0?1:5/).waitFor();
    await page.keyboard.press('7');
    await page.keyboard.press('Control+Enter');
    await untilState(page, 'available');
    expect(await body()).not.toContain('Falta tabular');
  });
});

describe('before the right party is confirmed', () => {
  it('holds no amount, contract or whole document, in the page or in any frame', async () => {
    await goAvailable(page);
    await talk('Marta Silva');
    const secrets = /2\.034|203418|24871|0045-778812|123\.456\.789-09|12345678909|1984-03-17/;
    expect(await page.content()).not.toMatch(secrets);
    expect(server.agentFrames.join('\n')).not.toMatch(secrets);
    await confirmRightParty(page, SAID);
    await page.getByText('R$ 2.034,18').waitFor();
    expect(await page.content()).toMatch(secrets);
  });

  it('leaves nothing of a debtor in the memory of the page once the card is closed', async () => {
    await goAvailable(page);
    server.desk.connectCall({ name: 'Odila Quaresma' });
    await untilState(page, 'talking');
    await confirmRightParty(page, SAID);
    // No locator by text here: the test's own tools would keep the text that they searched.
    await page.waitForFunction(() => document.body.textContent?.includes('123.456.789-09'));
    const known = ['Odila Quaresma', '123.456.789-09', '0045-778812-3', '1984-03-17'];
    const inMemory = async () => {
      const snapshot = await heapSnapshot(page);
      return known.filter((one) => snapshot.includes(one));
    };
    expect(await inMemory()).toEqual(known);
    server.desk.endCall();
    server.desk.missDisposition();
    await untilState(page, 'undisposed');
    expect(await inMemory()).toEqual([]);
  });

  it('asks again after a wrong answer without saying which part, and assumes a third party after three', async () => {
    await goAvailable(page);
    const callId = await talk('Marta Silva');
    await confirmRightParty(page, '1230101');
    await page.getByText('Não confere, tentativa 1 de 3.').waitFor();
    const fields = page.locator('[data-evidence]');
    expect(await fields.evaluateAll((all) => all.map((one) => (one as HTMLInputElement).value)))
      // No answer stays, so that the others cannot be guessed one by one.
      .toEqual(['', '', '']);
    await page.keyboard.press('Escape');
    expect(await fields.count()).toBe(0);
    await confirmRightParty(page, '9991703');
    await page.getByText('Não confere, tentativa 2 de 3.').waitFor();
    await page.keyboard.type('1230102');
    await page.keyboard.press('Enter');
    await page
      .getByText(/trate como terceiro/)
      .first()
      .waitFor();
    expect(await fields.count()).toBe(0);
    expect(await page.getByRole('radio', { checked: true }).textContent()).toContain('Recado');
    await page.keyboard.press('F4');
    await page.keyboard.press('Control+Enter');
    await page.getByText('Tabulação salva').waitFor();
    expect(commands('dispose')[0]).toMatchObject({ callId, code: 'third-party' });
    expect(commands('confirm-right-party')).toHaveLength(3);
  });

  it('says what the creditor did not send, and accepts a known voice only if the campaign does', async () => {
    await goAvailable(page);
    await talk('Marta Silva');
    const { call } = server.desk.desk;
    const check = {
      ...RIGHT_PARTY_CHECK,
      items: ['document' as const],
      missing: ['birth-day' as const, 'postal-code' as const],
    };
    const show = (more: object) =>
      server.desk.change({ call: call && { ...call, rightParty: { ...check, ...more } } });
    show({});
    await page.getByText(/o credor não enviou dia e mês de nascimento, CEP/).waitFor();
    // Nothing that can be typed would be enough.
    expect(await page.getByRole('button', { name: 'Confirmar titular' }).count()).toBe(0);
    await page.keyboard.press('F4');
    await page.getByText('O credor não enviou o bastante para confirmar').waitFor();
    expect(await page.locator('[data-evidence]').count()).toBe(0);
    show({ knownVoiceAllowed: true });
    await page.getByText(/Só por voz conhecida/).waitFor();
    await confirmRightParty(page, 'Sim');
    await page.getByText('Diga numa frase como você conhece a voz.').waitFor();
    // The typed text is kept, and typing continues.
    await expect.poll(focusedReason).toBe('Sim');
    await page.keyboard.type(', falei com ela ontem');
    await page.keyboard.press('Enter');
    await page.getByText('Titular confirmado').waitFor();
    await page.getByText('R$ 2.034,18').waitFor();
    expect(commands('confirm-right-party').at(-1)).toMatchObject({
      evidence: { by: 'known-voice', reason: 'Sim, falei com ela ontem' },
    });
  });

  it('offers no disposition that needs the right party', async () => {
    await goAvailable(page);
    await talk('Marta Silva');
    await page.keyboard.press('1');
    await page.getByText('Confirme primeiro que fala com o titular.').waitFor();
    expect(await page.getByRole('radio', { checked: true }).count()).toBe(0);
    // Also where it cannot be confirmed any more.
    const { call } = server.desk.desk;
    const rightParty = { ...RIGHT_PARTY_CHECK, refusal: 'call-over' };
    server.desk.change({ call: call && { ...call, rightParty } });
    await page.getByText(/Titular só se confirma na linha/).waitFor();
    await page.keyboard.press('1');
    expect(await page.getByRole('radio', { checked: true }).count()).toBe(0);
    expect(await page.getByRole('radio', { name: /Promessa de pagamento/ }).isDisabled()).toBe(
      true,
    );
  });
});

describe('after the right party is confirmed', () => {
  it('asks before a disposition that contradicts the right party, and hides the debt again', async () => {
    await goAvailable(page);
    const callId = await talk('Marta Silva');
    await confirmRightParty(page, SAID);
    await page.getByText('R$ 2.034,18').waitFor();
    const question = page.getByRole('dialog', { name: 'O titular foi confirmado: corrigir?' });
    // Third party, wrong number, deceased: by the keyboard alone, and Enter changes nothing.
    for (const [key, words] of [
      ['7', 'Recado com terceiro'],
      ['8', 'Número errado'],
      ['9', 'Falecido'],
    ] as const) {
      await page.keyboard.press(key);
      await page.keyboard.press('Control+Enter');
      await question.getByText(`“${words}” diz que não era o titular.`).waitFor();
      await expect.poll(focusedWords).toBe('Não, escolher outra');
      await page.keyboard.press('Enter');
      await question.waitFor({ state: 'detached' });
    }
    expect(server.desk.desk.call).toMatchObject({ disposition: null, rightPartyConfirmed: true });
    await page.keyboard.press('8');
    await page.keyboard.press('Control+Enter');
    await expect.poll(focusedWords).toBe('Não, escolher outra');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByText('Dívida protegida').waitFor();
    expect(await body()).not.toMatch(/2\.034,18|123\.456\.789-09/);
    expect(commands('dispose').at(-1)).toMatchObject({
      ...{ callId, code: 'wrong-number', withdrawsRightParty: true },
    });
  });
});

describe('when something breaks', () => {
  it('says so within a second when the server is gone, and goes on when it is back', async () => {
    await goAvailable(page);
    await talk('Marta Silva');
    server.cutSockets(true);
    await page.getByText('SEM SERVIDOR', { exact: true }).waitFor({ timeout: 1_500 });
    await page.keyboard.press('7');
    await page.keyboard.press('Control+Enter');
    await page.getByText(/nada foi enviado/).waitFor();
    expect(commands('dispose')).toHaveLength(0);
    server.letIn();
    await page.getByText('SEM SERVIDOR', { exact: true }).waitFor({ state: 'detached' });
    await page.keyboard.press('Control+Enter');
    await expect.poll(() => commands('dispose')).toHaveLength(1);
    // The same page: its id resumes the shift, and the audio does not call again.
    const pages = commands('open-shift').map((one) => 'pageId' in one && one.pageId);
    expect(new Set(pages).size).toBe(1);
    expect(server.sip.invites).toHaveLength(1);
  });

  it('re-INVITEs on the living call when only the SIP socket is lost', async () => {
    await goAvailable(page);
    await talk('Marta Silva');
    server.sip.cutSockets();
    await expect.poll(() => server.sip.invites.length).toBe(2);
    await page.waitForFunction(() => window.__cadencia?.phone() === 'up');
    expect(server.sip.invites[1]).toEqual({ callId: server.sip.invites[0]?.callId, again: true });
    expect(commands('headset-lost')).toHaveLength(0);
    expect(await body()).not.toContain('SEM ÁUDIO');
  });

  it('tells the server and calls in again when the far end ends the headset', async () => {
    await goAvailable(page);
    server.sip.refuseWith(503);
    server.sip.hangUpAll();
    await page.getByText('SEM ÁUDIO', { exact: true }).waitFor();
    await expect.poll(() => commands('headset-lost').length).toBe(1);
    server.sip.refuseWith(undefined);
    await page
      .getByText('SEM ÁUDIO', { exact: true })
      .waitFor({ state: 'detached', timeout: 10_000 });
    expect(await stateOf(page)).toBe('available');
  });
});

describe('coming back', () => {
  it('finds its call, its words and its audio after a reload', async () => {
    await goAvailable(page);
    await talk('Marta Silva');
    await page.keyboard.press('7');
    await page.getByLabel('Observação').fill('volta às 18h');
    await page.reload();
    await untilState(page, 'talking');
    await page.waitForFunction(() => window.__cadencia?.phone() === 'up');
    expect(await page.getByLabel('Observação').inputValue()).toBe('volta às 18h');
    expect(await page.getByRole('radio', { checked: true }).textContent()).toContain('Recado');
    const pages = commands('open-shift').map((one) => 'pageId' in one && one.pageId);
    expect(new Set(pages).size).toBe(2);
    expect(await page.evaluate(() => window.__cadencia?.toneHeardAt)).toBeNull();
  });

  it('works in one tab only, the one that was asked last', async () => {
    await goAvailable(page);
    const second = await page.context().newPage();
    await second.goto(`${server.url}/agente`);
    await second.getByText('Já aberto em outra aba').waitFor();
    await second.getByRole('button', { name: 'Usar aqui' }).click();
    await page.getByText('Já aberto em outra aba').waitFor();
    await untilState(second, 'available');
    await second.waitForFunction(() => window.__cadencia?.phone() === 'up');
  });

  it('leaves the headset to the other place when the shift was taken over', async () => {
    await goAvailable(page);
    server.takeOver();
    await page.getByText('Já aberto em outra aba').waitFor();
    await page.waitForFunction(() => window.__cadencia?.phone() === 'off');
    server.sip.hangUpAll();
    await page.waitForTimeout(1_500);
    expect(server.sip.invites).toHaveLength(1);
  });
});

it('shows the pop and plays the tone within 150 ms of the message', async () => {
  await goAvailable(page);
  const sentAt = Date.now();
  await talk('Marta Silva');
  const measured = await page.evaluate(() => ({
    pop: window.__cadencia?.popRenderedAt ?? 0,
    tone: window.__cadencia?.toneHeardAt ?? 0,
  }));
  expect(measured.pop - sentAt).toBeGreaterThan(0);
  expect(measured.pop - sentAt).toBeLessThan(150);
  expect(measured.tone - sentAt).toBeLessThan(150);
});

it('names the cause in words after the end, and keeps the card', async () => {
  await goAvailable(page);
  await talk('Marta Silva');
  server.desk.endCall('debtor');
  await page.getByText('O devedor desligou').waitFor();
  expect(await page.getByText('(11) 98765-4321').first().isVisible()).toBe(true);
});
