import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  goAvailable,
  launchBrowser,
  signIn,
  type TestBrowser,
  untilState,
} from '../support/browser.ts';
import { type Floor, startFloor } from '../support/floor.ts';

/** Answers with "Oi, você ligou para…" and a beep. */
const VOICEMAIL = '0016';

let floor: Floor;
let browser: TestBrowser;

beforeAll(async () => {
  floor = await startFloor({
    name: 'voicemail',
    debtors: [
      {
        fone1: `1198765${VOICEMAIL}`,
        contrato: 'CT-1',
        parcela: '1',
        vencimento: '10/10/2026',
        valor: '100,00',
      },
    ],
    campaign: { amd: 'parallel', amdSampleShare: 0 },
  });
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser?.close();
  await floor?.stop();
});

describe('a voicemail, on the real PBX and the simulated carrier', { timeout: 90_000 }, () => {
  it('is taken back from the agent, who is free at once and sees why', async () => {
    const page = await browser.open(floor.url);
    await signIn(page, 'agent1', floor.password);
    await goAvailable(page);
    await untilState(page, 'talking');
    await untilState(page, 'available');
    await page.getByText(/O discador reconheceu caixa postal/).waitFor();
    const database = await floor.openDatabase();
    const facts = await database.store.read((view) =>
      view.facts({ stream: 'engine', after: 0, limit: 1_000 }),
    );
    await database.close();
    const of = (kind: string) => facts.find(({ body }) => body.kind === kind);
    expect(of('call-screened')?.body).toMatchObject({ verdict: 'machine', consequence: 'ended' });
    expect(of('call-ended')?.body).toMatchObject({ outcome: 'machine', hungUpBy: 'us' });
    const heldMs = (of('call-ended')?.at ?? 0) - (of('call-connected')?.at ?? 0);
    expect(heldMs).toBeLessThan(3_500);
    expect(of('disposition-missing')).toBeUndefined();
  });
});
