import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  goAvailable,
  inboundLoudness,
  launchBrowser,
  signIn,
  type TestBrowser,
  untilState,
} from '../../support/browser.ts';
import { type Floor, startFloor } from '../../support/floor.ts';

/** Calls to numbers ending 0099 ring on the visitor's telephone. */
const DEBTORS = [
  {
    nome: 'Maria das Dores',
    cpf: '529.982.247-25',
    fone1: '11999990099',
    contrato: 'CT-1',
    parcela: '1',
    vencimento: '10/10/2026',
    valor: '1.234,56',
  },
];

let floor: Floor;
let browser: TestBrowser;
let agent: Page;
let debtor: Page;

beforeAll(async () => {
  floor = await startFloor({ name: 'debtor-phone', debtors: DEBTORS });
  // The carrier's address is known only now; the dialer reads it when it starts again.
  Object.assign(process.env, {
    CADENCIA_DEBTOR_PHONE_ENABLED: 'true',
    CADENCIA_DEBTOR_PHONE_UPSTREAM_URL: floor.pair.carrier.sipWebSocketUrl,
    CADENCIA_DEBTOR_PHONE_PASSWORD: floor.pair.debtorPassword,
    CADENCIA_DEBTOR_PHONE_NUMBERS: '+5511999990099',
    CADENCIA_DEBTOR_PHONE_PEOPLE: '+5511999990099;Maria das Dores;52998224725;1980-03-09;01234567',
    CADENCIA_DEBTOR_PHONE_OPERATION_NUMBERS: '+551133334444',
  });
  await floor.killDialer();
  await floor.startDialer();
  browser = await launchBrowser();
  debtor = await browser.open(floor.url);
  agent = await browser.open(floor.url);
});

afterAll(async () => {
  await browser?.close();
  await floor?.stop();
});

describe("the visitor's telephone at the simulated carrier", () => {
  it('registers, and rings when the dialer calls', async () => {
    // A visitor: nobody signs in.
    await debtor.goto(`${floor.url}/telefone-devedor`);
    await debtor.getByText('(11) 99999-0099').first().waitFor();
    // The visitor is shown what the debtor knows.
    await debtor.getByText('CPF 529.982.247-25, nascimento 09/03/1980, CEP 01234-567').waitFor();
    await debtor.getByRole('button', { name: 'Ligar telefone' }).click();
    await debtor.getByText('Pronto, esperando ligação').waitFor();
    await signIn(agent, 'agent1', floor.password);
    await goAvailable(agent);
    // The caller ID that the debtor sees is one of ours.
    await debtor.getByText('De (11) 3333-4444').waitFor();
  });

  it('answers, and the agent hears who is there', async () => {
    await debtor.getByRole('button', { name: 'Atender' }).click();
    await untilState(agent, 'talking');
    await agent.getByText('Maria das Dores').first().waitFor();
    await expect.poll(() => inboundLoudness(agent), { timeout: 10_000 }).toBeGreaterThan(0.02);
  });

  it('hangs up, and the agent reads that it was the debtor', async () => {
    await debtor.getByRole('button', { name: 'Desligar', exact: true }).click();
    await untilState(agent, 'wrapping-up');
    await agent.getByText('O devedor desligou', { exact: true }).waitFor();
    await debtor.getByText('Pronto, esperando ligação').waitFor();
  });
});
