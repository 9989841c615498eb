import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { aTrunk, insertOperation } from '../support/store.ts';
import { type Content, example, type Office, openOffice, sizes } from './office.ts';

let office: Office;

beforeEach(async () => {
  office = await openOffice();
});
afterEach(() => office.storage.dispose());

const OTHER_OFFICE = { key: 'other', name: 'Outra Assessoria Ltda.', cnpj: '11222333000181' };

/** What is wrong, the change that makes it so, and what the operator reads. */
const CROSS_CHECKS: readonly [string, (content: Content) => void, string][] = [
  [
    'a portfolio of an unknown creditor',
    ({ portfolios }) => (portfolios[0].creditor = 'nobody'),
    'portfolios[0].creditor: "nobody" is not among the creditors (example-bank, example-shops)',
  ],
  [
    'a trunk of an unknown legal entity',
    ({ trunks }) => (trunks[1].legalEntity = 'nobody'),
    'trunks[1].legalEntity: "nobody" is not among the legalEntities (office)',
  ],
  [
    'a number on an unknown trunk',
    ({ callerIds }) => callerIds[0].trunks.push('nowhere'),
    'callerIds[0].trunks: "nowhere" is not among the trunks',
  ],
  [
    'a number of an unknown holder',
    ({ callerIds }) => (callerIds[1].holder = 'nobody'),
    'callerIds[1].holder: "nobody" is not among the legalEntities',
  ],
  [
    "a number on another company's trunk",
    ({ legalEntities, trunks }) => {
      legalEntities.push(OTHER_OFFICE);
      trunks[1].legalEntity = 'other';
    },
    'callerIds[0].holder: is "office" and the trunk "carrier-by-address" is of "other"',
  ],
  [
    'a mobile number on an ordinary trunk',
    ({ callerIds }) => {
      callerIds[2].stationBound = false;
    },
    'callerIds[2].number: is a mobile number, which only its own station may show',
  ],
  [
    'a mobile number on an ordinary trunk, with the law',
    ({ callerIds }) => (callerIds[0].number = '+5511999980000'),
    '(caller-id-mobile; BR-08: Anatel, Despacho Decisório 978/2025)',
  ],
  [
    'a station of several trunks',
    ({ callerIds }) => callerIds[2].trunks.push('carrier-by-account'),
    'callerIds[2].stationBound: is for a mobile number with one trunk',
  ],
  [
    'a fixed number bound to a station',
    ({ callerIds }) => (callerIds[1].stationBound = true),
    'callerIds[1].stationBound: is for a mobile number',
  ],
  [
    'a number that stands there twice',
    ({ callerIds }) => (callerIds[1].number = '+55 (11) 3230-0000'),
    'callerIds[1].number: is the number of callerIds[0] as well',
  ],
  [
    'a contract that ends before it begins',
    ({ callerIds }) => (callerIds[0].validThrough = '2026-01-04'),
    'callerIds[0].validThrough: must not be before validFrom',
  ],
  [
    'a campaign of an unknown legal entity',
    ({ campaigns }) => (campaigns[0].legalEntity = 'nobody'),
    'campaigns[0].legalEntity: "nobody"',
  ],
  [
    'a campaign with an unknown portfolio',
    ({ campaigns }) => (campaigns[0].portfolio = 'none'),
    'campaigns[0].portfolio: "none" is not among the portfolios',
  ],
  [
    'a campaign with an unknown creditor',
    ({ campaigns }) => campaigns[0].creditors.push('nobody'),
    'campaigns[0].creditors: "nobody" is not among the creditors',
  ],
  [
    "a portfolio of a creditor who is not the campaign's",
    ({ campaigns }) => (campaigns[0].portfolio = 'shops-instalments'),
    'campaigns[0].portfolio: is of the creditor "example-shops", who is not among',
  ],
  [
    'a creditor without a portfolio',
    ({ creditors, campaigns }) => {
      creditors.push({ key: 'third', name: 'Terceiro', cnpj: '11444777000161' });
      campaigns[0].creditors.push('third');
    },
    'campaigns[0].creditors: "third" has no portfolio',
  ],
  [
    'a profile that config/compliance does not hold',
    ({ campaigns }) => (campaigns[0].profile = 'us-fdcpa'),
    'campaigns[0].profile: there is no compliance profile "us-fdcpa": choose one of br-cobranca',
  ],
  [
    'a ring time beyond the profile',
    ({ campaigns }) => (campaigns[0].ringTimeoutSeconds = 45),
    'campaigns[0].ringTimeoutSeconds: Choose for "ring time" a time from 20 to 30 seconds: the compliance profile allows no other (tempo de toque',
  ],
  [
    'an unknown fallback number',
    ({ campaigns }) => (campaigns[0].fallbackCallerId = 'none'),
    'campaigns[0].fallbackCallerId: "none" is not among the callerIds',
  ],
  [
    'a fallback number of another company',
    ({ legalEntities, campaigns }) => {
      legalEntities.push(OTHER_OFFICE);
      campaigns[0].legalEntity = 'other';
    },
    'campaigns[0].fallbackCallerId: is held by "office" and the campaign calls for "other"',
  ],
  [
    'a fallback number that is retired',
    ({ callerIds }) => (callerIds[0].status = 'retired'),
    'campaigns[0].fallbackCallerId: "sao-paulo-fixed" is retired',
  ],
  [
    'registering without an account',
    ({ trunks }) => (trunks[1].registers = true),
    'trunks[1].registers: registering needs an account',
  ],
];

/** The form of single fields. */
const FORM_CHECKS: readonly [string, (content: Content) => void, string][] = [
  ['a field that is missing', ({ trunks }) => delete trunks[0].host, 'trunks[0].host: is missing'],
  [
    'a field that is misspelt',
    ({ campaigns }) => (campaigns[0].ringTime = 25),
    'campaigns[0].ringTime: is a field that nothing knows',
  ],
  ['an unknown section', (content) => (content.carriers = []), 'carriers: is none of'],
  [
    'a mode that does not dial yet',
    ({ campaigns }) => (campaigns[0].pacing.mode = 'preview'),
    'campaigns[0].pacing.mode: must be predictive, progressive or ratio',
  ],
  [
    'a CNPJ with a wrong digit',
    ({ creditors }) => (creditors[0].cnpj = '23.456.781/0001-28'),
    'creditors[0].cnpj: must be a CNPJ with correct check digits',
  ],
  [
    'a key that is no id',
    ({ creditors }) => (creditors[0].key = 'Banco Exemplo'),
    'creditors[0].key: must be lower-case',
  ],
  [
    'a key used twice',
    ({ creditors }) => (creditors[1].key = 'example-bank'),
    'creditors[1].key: is the key of creditors[0] as well',
  ],
  [
    'a trunk named like a way in of the PBX',
    ({ trunks }) => (trunks[0].key = 'carrier-in'),
    'trunks[0].key: must not end in "-in"',
  ],
  [
    'an address with a port in it',
    ({ trunks }) => (trunks[0].host = '192.0.2.1:5060'),
    'trunks[0].host: must be a host name',
  ],
  [
    'an override of something that is no SIP status',
    ({ trunks }) => (trunks[0].causeOverrides = { busy: 'busy' }),
    'trunks[0].causeOverrides.busy: must be a SIP status',
  ],
  [
    'an override that makes an unanswered call a person',
    ({ trunks }) => (trunks[0].causeOverrides = { 480: 'person' }),
    'trunks[0].causeOverrides.480: must be one of busy',
  ],
  [
    'a number that would have to be repaired',
    ({ callerIds }) => (callerIds[0].number = '1199998000'),
    'callerIds[0].number: must be a number written in full',
  ],
  [
    'a script with a word that nothing fills in',
    ({ campaigns }) => (campaigns[0].script = ['“Bom dia!”', '“Falo com {nome}?”']),
    'campaigns[0].script: has {nome}, which nothing fills in: what stands in braces is one of {saudacao}, {agente}',
  ],
  [
    'a day that no month has',
    ({ callerIds }) => (callerIds[0].validFrom = '2026-02-30'),
    'callerIds[0].validFrom: must be a day',
  ],
];

describe('nothing is written with', () => {
  test.each([...CROSS_CHECKS, ...FORM_CHECKS])('%s', async (_, change, words) => {
    expect(await office.refusal(example((content) => void change(content)))).toContain(words);
    expect(sizes(await office.stored())).toEqual([0, 0, 0, 0, 0, 0]);
    expect(await office.audits()).toEqual([]);
  });

  test.each([
    ['{ "creditors": [', 'the file: is not JSON'],
    ['[]', 'the file: must hold one object'],
    ['{ "trunks": {} }', 'trunks: must be a list'],
    ['{ "trunks": [null] }', 'trunks[0]: '],
  ])('the text %s', async (text, words) => {
    expect(await office.refusal(text)).toContain(words);
  });
});

test('lists every problem at once, without consequences of other problems', async () => {
  const message = await office.refusal(
    example(({ creditors, trunks, campaigns }) => {
      delete creditors[0].name;
      trunks[0].channelsMax = 0;
      campaigns[0].ringTimeoutSeconds = 5;
      campaigns[1].profile = 'none';
    }),
  );
  expect(message).toContain('4 to put right');
  for (const path of [
    'creditors[0].name',
    'trunks[0].channelsMax',
    'campaigns[0].ringTimeoutSeconds',
    'campaigns[1].profile',
  ]) {
    expect(message).toContain(`\n  ${path}: `);
  }
});

test('a portfolio stays with the creditor whose debts hang on it', async () => {
  await office.apply();
  const before = await office.stored();
  const message = await office.refusal(
    example(({ portfolios }) => {
      portfolios[0].creditor = 'example-shops';
    }),
  );
  expect(message).toContain('portfolios[0].creditor: is creditor_example-bank in the database');
  expect(await office.stored()).toEqual(before);
});

test('a change that would break something only the database has is refused by its id', async () => {
  await office.apply();
  const { trunks } = example();
  const message = await office.refusal({
    legalEntities: [OTHER_OFFICE],
    trunks: [{ ...trunks[1], legalEntity: 'other' }],
  });
  expect(message).toContain('callerid_sao-paulo-fixed.holder: is "office" and the trunk');
});

test('problems already in the database do not stop it', async () => {
  await insertOperation(office.storage);
  const campaign = (await office.stored()).campaigns.get('campaign_1');
  if (!campaign) throw new Error('it was entered');
  await office.storage.setUp((tx) => tx.saveCampaign({ ...campaign, profileId: 'removed' }));
  expect((await office.apply()).created).toHaveLength(13);
});

test("the demonstration's simulated trunk never becomes a real one", async () => {
  await insertOperation(office.storage);
  const { trunks } = example();
  const content = { trunks: [{ ...trunks[1], key: '1', legalEntity: '1' }] };
  expect(await office.refusal(content)).toContain('trunks[0].key: is the simulated trunk trunk_1');
  expect((await office.stored()).trunks.get('trunk_1')).toEqual(aTrunk());
});
