import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { afterEach, describe, expect, it } from 'vitest';
import type { Fact, FactBody } from '../../src/domain/facts.ts';
import {
  goAvailable,
  inboundLoudness,
  launchBrowser,
  signIn,
  type TestBrowser,
  untilState,
} from '../support/browser.ts';
import { type Floor, startFloor } from '../support/floor.ts';

let floor: Floor | undefined;
let browser: TestBrowser | undefined;

afterEach(async () => {
  await browser?.close();
  await floor?.stop();
  browser = undefined;
  floor = undefined;
});

/** Debtors with one number each, ending in the digits that tell the simulated carrier what to play. */
function debtors(count: number, ending: string): Record<string, string>[] {
  return Array.from({ length: count }, (_, index) => ({
    fone1: `1198${String(index).padStart(3, '0')}${ending.padStart(4, '0')}`,
    contrato: `CT-${index}`,
    parcela: '1',
    vencimento: '10/10/2026',
    valor: '100,00',
  }));
}

async function begin(name: string, ending: string, agents = 1, leads = 4): Promise<Page[]> {
  floor = await startFloor({ name, agents, debtors: debtors(leads, ending) });
  browser = await launchBrowser();
  const pages: Page[] = [];
  for (let n = 1; n <= agents; n += 1) {
    const page = await browser.open(floor.url);
    await signIn(page, `agent${n}`, floor.password);
    pages.push(page);
  }
  return pages;
}

async function facts(): Promise<Fact[]> {
  const database = await (floor as Floor).openDatabase();
  try {
    return await database.store.read((view) =>
      view.facts({ stream: 'engine', after: 0, limit: 10_000 }),
    );
  } finally {
    await database.close();
  }
}

async function untilFact<Kind extends FactBody['kind']>(
  kind: Kind,
  timeout: number,
): Promise<Fact & { readonly body: Extract<FactBody, { kind: Kind }> }> {
  const until = Date.now() + timeout;
  for (;;) {
    const found = (await facts()).find((fact) => fact.body.kind === kind);
    if (found) return found as never;
    if (Date.now() > until) throw new Error(`no ${kind} within ${timeout} ms`);
    await sleep(100);
  }
}

/** Checks that no lead and no number was dialed during its last call or its rest. */
async function expectNobodyDialedTwice(): Promise<void> {
  const placed = (await facts()).filter((fact) => fact.body.kind === 'call-placed');
  const leads = placed.map((fact) => fact.leadId);
  expect(new Set(leads).size).toBe(leads.length);
}

describe('bad days', { timeout: 120_000 }, () => {
  it("an agent's tab closes in a call: noticed within two seconds, then music, then another agent", async () => {
    const [first, second] = (await begin('tab-closed', '0001', 2, 1)) as [Page, Page];
    await goAvailable(first);
    await untilState(first, 'talking');
    const closedAt = Date.now();
    await first.context().close();
    const lost = await untilFact('screen-changed', 5_000);
    expect(lost.at - closedAt).toBeLessThan(2_000);
    const stranded = await untilFact('call-stranded', 8_000);
    await goAvailable(second);
    await untilState(second, 'talking', 60_000);
    const again = (await facts()).find(
      (fact) =>
        fact.body.kind === 'call-connected' && fact.callId === stranded.callId && fact.body.again,
    );
    expect(again?.agentId).toBe('user_agent2');
    await expect.poll(() => inboundLoudness(second), { timeout: 8_000 }).toBeGreaterThan(0.05);
  });

  it('the dialer is killed during a conversation and restarted: the call goes on and returns to the screen', async () => {
    const [page] = (await begin('killed-talking', '0001')) as [Page];
    await goAvailable(page);
    await untilState(page, 'talking');
    const before = await untilFact('call-connected', 1_000);
    await floor?.killDialer();
    await sleep(500);
    expect(await inboundLoudness(page)).toBeGreaterThan(0.05);
    await floor?.startDialer();
    await untilState(page, 'talking');
    await sleep(12_000);
    const after = await facts();
    expect(after.filter((fact) => fact.body.kind === 'call-ended')).toEqual([]);
    expect(after.filter((fact) => fact.body.kind === 'call-stranded')).toEqual([]);
    expect(await inboundLoudness(page)).toBeGreaterThan(0.05);
    await page.keyboard.press('F8');
    await untilState(page, 'wrapping-up');
    const ended = await untilFact('call-ended', 2_000);
    expect(ended.callId).toBe(before.callId);
    expect(ended.body).toMatchObject({ outcome: 'person', hungUpBy: 'agent' });
    await expectNobodyDialedTwice();
  });

  it('the dialer is killed during ringing and the person answers meanwhile: counted as abandoned, not dialed twice', async () => {
    const [page] = (await begin('killed-ringing', '0001')) as [Page];
    await goAvailable(page);
    const rang = await untilFact('call-ringing', 8_000);
    await floor?.killDialer();
    await sleep(3_000);
    await floor?.startDialer();
    const abandoned = await untilFact('call-abandoned', 10_000);
    expect(abandoned.callId).toBe(rang.callId);
    expect(abandoned.body.because).toBe('unattended');
    const ended = await untilFact('call-ended', 20_000);
    expect(ended.callId).toBe(rang.callId);
    await expectNobodyDialedTwice();
  });

  it('Asterisk restarts: the call is reported lost, the headset comes back by itself, dialing goes on', async () => {
    const [page] = (await begin('pbx-restart', '0001')) as [Page];
    await goAvailable(page);
    await untilState(page, 'talking');
    const before = await untilFact('call-connected', 1_000);
    await floor?.restartPbx();
    const ended = await untilFact('call-ended', 15_000);
    expect(ended.callId).toBe(before.callId);
    const back = await untilFact('telephony-back', 15_000);
    expect(back.sequence).toBeLessThan(ended.sequence + 1_000);
    await untilState(page, 'wrapping-up', 20_000);
    await page.keyboard.press('8');
    await page.keyboard.press('Control+Enter');
    await page.waitForFunction(() => window.__cadencia?.phone() === 'up', undefined, {
      timeout: 30_000,
    });
    await page
      .getByRole('button', { name: /Estou pronto/ })
      .first()
      .click();
    await untilState(page, 'talking', 30_000);
    await expect.poll(() => inboundLoudness(page), { timeout: 8_000 }).toBeGreaterThan(0.05);
    await expectNobodyDialedTwice();
  });

  it('a trunk that answers every call with 503 rests, and its leads are not used up', async () => {
    floor = await startFloor({ name: 'trunk-503', debtors: debtors(30, '0006') });
    browser = await launchBrowser();
    const page = await browser.open(floor.url);
    await signIn(page, 'agent1', floor.password);
    await goAvailable(page);
    await untilFact('trunk-suspended', 20_000);
    await sleep(3_000);
    const placed = (await facts()).filter((fact) => fact.body.kind === 'call-placed');
    expect(placed.length).toBeLessThanOrEqual(6);
  });
});
