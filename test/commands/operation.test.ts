import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { listingOf, reportOf } from '../../src/commands/operation.ts';
import type { Operation } from '../../src/commands/operation-plan.ts';
import { fileOf } from '../../src/commands/operation-show.ts';
import { chooseRoute } from '../../src/domain/trunks/caller-id.ts';
import { Draft } from '../../src/engine/draft.ts';
import { loadState } from '../../src/engine/recover.ts';
import { insertOperation, NOON, TEST_KEY } from '../support/store.ts';
import {
  EXAMPLE_FILE,
  example,
  type Office,
  openOffice,
  PASSWORD,
  profiles,
  ROOT,
  sizes,
} from './office.ts';

let office: Office;

beforeEach(async () => {
  office = await openOffice();
});
afterEach(() => office.storage.dispose());

describe('the example', () => {
  test('enters everything into a fresh database, and changes nothing the second time', async () => {
    const first = await office.apply();
    expect(first.created).toHaveLength(13);
    expect({ ...first, created: [] }).toEqual({
      ...{ created: [], changed: [], unchanged: [], others: [], notes: [] },
    });
    const before = await office.stored();
    expect(sizes(before)).toEqual([1, 2, 2, 3, 3, 2]);

    const second = await office.apply();
    expect(second.unchanged).toEqual(first.created);
    expect([...second.created, ...second.changed]).toEqual([]);
    expect(await office.stored()).toEqual(before);
    expect(await office.audits()).toHaveLength(13);
    expect(reportOf(second)).not.toContain('restart');
  });

  test('is what a dialer started afterwards reads, dials by and is limited by', async () => {
    await office.apply();
    const state = await loadState(
      office.storage.store,
      new Draft(),
      profiles,
      'America/Sao_Paulo',
      NOON,
    );
    const campaigns = [...state.campaigns.values()].map(({ campaign }) => campaign);
    expect(campaigns.map(({ state: now }) => now)).toEqual(['stopped', 'stopped']);
    const campaign = campaigns[0];
    if (!campaign) throw new Error('the example has a campaign');
    const trunks = [...state.trunks.values()].map(({ trunk }) => ({
      ...{ id: trunk.id, enabled: trunk.enabled, channelsMax: trunk.channelsMax },
      ...{ callsNow: 0, callsAllowedNow: 1 },
    }));
    const { callerIds } = state;
    const request = { trunks, callerIds, campaign, now: NOON };
    expect(chooseRoute({ ...request, phone: '+5521987654321' })).toMatchObject({
      callerId: { number: '+552135120000' },
      trunkId: 'trunk_carrier-by-account',
      because: 'same-area-code',
    });
    expect(chooseRoute({ ...request, phone: '+5571987654321' })).toMatchObject({
      callerId: { number: '+551132300000' },
      because: 'campaign-fallback',
    });
  });

  test('becomes the values that the rules use', async () => {
    await office.apply();
    const { trunks, callerIds, campaigns, legalEntities } = await office.stored();
    expect(legalEntities.get('entity_office')?.cnpj).toBe('12457893000188');
    expect(trunks.get('trunk_carrier-by-account')).toMatchObject({
      simulated: false,
      authentication: { username: '551132300000', password: PASSWORD },
      causeOverrides: { 480: 'busy' },
    });
    expect(trunks.get('trunk_carrier-by-address')).not.toHaveProperty('authentication');
    expect(callerIds.get('callerid_sao-paulo-fixed')).toMatchObject({
      ...{ kind: 'fixed', areaCode: '11' },
      validFrom: Date.parse('2026-01-05T00:00:00-03:00'),
      // The last day of the contract is one of its days.
      validTo: Date.parse('2028-01-05T00:00:00-03:00'),
    });
    expect(campaigns.get('campaign_bank-cards')).toMatchObject({
      ...{
        ringTimeoutMs: 25_000,
        wrapUpMs: 30_000,
        fallbackCallerIdId: 'callerid_sao-paulo-fixed',
      },
      script: expect.stringMatching(/^1\. Abertura\n“{Saudacao}!/),
      dispositionIds: expect.arrayContaining(['disposition_promise']),
    });
  });

  test('shows every setting of a campaign', async () => {
    await office.apply();
    const [known = {}] = fileOf(await office.stored()).campaigns ?? [];
    const { campaigns } = example(() => {});
    expect(Object.keys(campaigns[0]).sort()).toEqual(Object.keys(known).sort());
  });

  test('comes back as a file that changes nothing', async () => {
    await office.apply();
    const again = await office.apply(fileOf(await office.stored()), {});
    expect(again.unchanged).toHaveLength(13);
    expect(JSON.stringify(fileOf(await office.stored()))).not.toContain(PASSWORD);
    expect(listingOf(await office.stored())).toContain('STOPPED Banco Exemplo');
  });
});

describe('a change', () => {
  test('shows the old and the new value to the operator and in the audit trail', async () => {
    await office.apply();
    const applied = await office.apply(
      example(({ campaigns, trunks }) => {
        campaigns[0].ringTimeoutSeconds = 28;
        trunks[1].channelsMax = 40;
      }),
    );
    expect(applied.changed).toEqual([
      {
        id: 'trunk_carrier-by-address',
        changes: [{ field: 'channelsMax', from: '30', to: '40' }],
      },
      {
        id: 'campaign_bank-cards',
        changes: [{ field: 'ringTimeoutMs', from: '25000', to: '28000' }],
      },
    ]);
    expect(applied.unchanged).toHaveLength(11);
    expect((await office.audits()).slice(0, 2)).toMatchObject([
      { byUserId: 'user_os-renata-p', subject: 'campaign', change: 'ringTimeoutMs', to: '28000' },
      { subject: 'trunk', subjectId: 'trunk_carrier-by-address', from: '30', to: '40' },
    ]);
    expect(reportOf(applied)).toContain('restart the dialer, calls in progress go on');
  });

  test('never starts, stops or removes a campaign that is steered at the console', async () => {
    await office.apply();
    const campaign = (await office.stored()).campaigns.get('campaign_bank-cards');
    if (!campaign) throw new Error('it was entered');
    const steered = { ...campaign, state: 'running', ringTimeoutMs: 22_000 } as const;
    await office.storage.setUp((tx) => tx.saveCampaign(steered));
    await office.apply(
      example(({ campaigns }) => {
        campaigns[0].name = 'Another name';
        delete campaigns[0].ringTimeoutSeconds;
      }),
    );
    expect((await office.stored()).campaigns.get('campaign_bank-cards')).toEqual({
      ...steered,
      name: 'Another name',
    });
  });

  test('keeps fields that are left out and removes those that are null', async () => {
    await office.apply();
    await office.apply(
      example(({ trunks, callerIds, campaigns }) => {
        delete trunks[0].fromDomain;
        delete trunks[0].authentication;
        delete callerIds[0].validThrough;
        campaigns[0].fallbackCallerId = null;
      }),
    );
    let now = await office.stored();
    expect(now.trunks.get('trunk_carrier-by-account')).toMatchObject({
      fromDomain: 'sip.carrier-a.example',
      authentication: { password: PASSWORD },
    });
    expect(now.callerIds.get('callerid_sao-paulo-fixed')).toHaveProperty('validTo');
    expect(now.campaigns.get('campaign_bank-cards')).not.toHaveProperty('fallbackCallerIdId');

    await office.apply(
      example(({ trunks, callerIds }) => {
        trunks[0].fromDomain = null;
        trunks[0].authentication = null;
        trunks[0].registers = false;
        callerIds[0].validThrough = null;
      }),
    );
    now = await office.stored();
    expect(now.trunks.get('trunk_carrier-by-account')).not.toHaveProperty('fromDomain');
    expect(now.trunks.get('trunk_carrier-by-account')).not.toHaveProperty('authentication');
    expect(now.callerIds.get('callerid_sao-paulo-fixed')).not.toHaveProperty('validTo');
  });

  test('leaves alone and names what the file does not describe', async () => {
    await insertOperation(office.storage);
    const before = await office.stored();
    const applied = await office.apply();
    expect(applied.others).toContain('trunk_1');
    expect(reportOf(applied)).toContain('left alone campaign_2 (not in the file)');
    for (const [section, things] of Object.entries(before)) {
      const now = (await office.stored())[section as keyof Operation];
      for (const [id, thing] of things) expect(now.get(id)).toEqual(thing);
    }
  });

  test('may refer to entries that only the database has', async () => {
    await office.apply();
    const { campaigns } = example();
    const applied = await office.apply({ campaigns: [{ ...campaigns[0], key: 'second' }] });
    expect(applied.created).toEqual(['campaign_second']);
  });
});

describe('passwords', () => {
  test('are taken from the environment and shown nowhere', async () => {
    await office.apply();
    const applied = await office.apply(undefined, { CARRIER_A_PASSWORD: 'another-9Z' });
    expect(applied.changed).toEqual([
      {
        id: 'trunk_carrier-by-account',
        changes: [{ field: 'authentication.password', from: 'set', to: 'another' }],
      },
    ]);
    const trunk = (await office.stored()).trunks.get('trunk_carrier-by-account');
    expect(trunk?.authentication?.password).toBe('another-9Z');
    const shown = [
      reportOf(applied),
      JSON.stringify(await office.audits()),
      listingOf(await office.stored()),
    ];
    for (const text of shown) expect(text).not.toMatch(/another-9Z|unspoken/);
  });

  test('are asked for once for each account', async () => {
    expect(await office.refusal(undefined, {})).toContain(
      'trunks[0].authentication.passwordVariable: set the environment variable CARRIER_A_PASSWORD',
    );
    await office.apply();
    const applied = await office.apply(undefined, {});
    expect(applied.unchanged).toHaveLength(13);
    expect(applied.notes).toEqual([expect.stringContaining('keeps its stored password')]);
    const renamed = example(({ trunks }) => {
      trunks[0].authentication.username = 'another-account';
    });
    expect(await office.refusal(renamed, {})).toContain('CARRIER_A_PASSWORD');
  });

  test('in the file are refused without being repeated', async () => {
    const asField = example(({ trunks }) => {
      trunks[0].authentication = { username: 'account', password: 'p4ss in file' };
    });
    const asName = example(({ trunks }) => {
      trunks[0].authentication.passwordVariable = 'p4ss in file';
    });
    for (const content of [asField, asName]) {
      const message = await office.refusal(content);
      expect(message).toMatch(/name an environment variable|name of an environment variable/);
      expect(message).not.toContain('p4ss');
    }
  });
});

test('says which campaign could not place a call', async () => {
  const applied = await office.apply(
    example(({ trunks, campaigns }) => {
      for (const trunk of trunks) trunk.enabled = false;
      campaigns[1].profile = 'demonstration';
    }),
  );
  expect(applied.notes).toEqual([
    expect.stringContaining('campaign_bank-cards cannot dial yet'),
    expect.stringContaining('on an enabled simulated trunk'),
  ]);
});

test('runs as a command on the database file', async () => {
  const run = (...words: string[]) =>
    promisify(execFile)(
      process.execPath,
      [
        '--import',
        'tsx',
        'src/commands/operation.ts',
        ...words,
        '--database',
        office.storage.database,
      ],
      {
        cwd: ROOT,
        env: { ...process.env, CARRIER_A_PASSWORD: PASSWORD, CADENCIA_KEY_RING: TEST_KEY },
      },
    );
  expect((await run('apply', EXAMPLE_FILE)).stdout).toContain('13 created');
  const file = join(dirname(office.storage.database), 'shown.json');
  writeFileSync(file, (await run('show', '--json')).stdout);
  expect((await run('apply', file)).stdout).toContain('13 unchanged');
  writeFileSync(file, '{ "creditors": [{}] }');
  await expect(run('apply', file)).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining('creditors[0].cnpj: is missing'),
  });
}, 60_000);
