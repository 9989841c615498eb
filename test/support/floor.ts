import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { obtainAsterisk } from '../../scripts/asterisk/obtain.ts';
import { startDialerAsterisk } from '../../scripts/asterisk/run.ts';
import { BUILD_DIRECTORY, build } from '../../scripts/build.ts';
import type { Campaign } from '../../src/domain/campaigns/campaign.ts';
import { CAMPAIGN_DEFAULTS } from '../../src/domain/campaigns/campaign.ts';
import { importRow } from '../../src/domain/leads/import-row.ts';
import type { Trunk } from '../../src/domain/trunks/trunk.ts';
import { hashPassword } from '../../src/http/passwords.ts';
import { makeKeyRing } from '../../src/keys/key-ring-file.ts';
import type { UserId } from '../../src/lib/ids.ts';
import { openStorage, type Storage } from '../../src/storage/store.ts';
import { startTelephonyPair, type TelephonyPair } from './asterisk.ts';

const ROOT = join(import.meta.dirname, '../..');
const PASSWORD = 'a-password-for-tests';
const READY_MAX_MS = 20_000;

export type FloorOptions = {
  readonly name: string;
  /** Rows as in a CSV file, without name and id. */
  readonly debtors: readonly Readonly<Record<string, string>>[];
  readonly agents?: number;
  readonly campaign?: Partial<Campaign>;
  readonly trunk?: Partial<Trunk>;
};

/**
 * A whole operation as in production: the built dialer in its own process, the real PBX, the
 * simulated carrier, a database file. Tests kill its parts and start them again.
 */
export type Floor = {
  readonly url: string;
  readonly pair: TelephonyPair;
  readonly password: string;
  /** Opens the database beside the dialer; the caller closes it. */
  openDatabase(): Promise<Storage>;
  /** `kill -9`. */
  killDialer(): Promise<void>;
  startDialer(): Promise<void>;
  /** Kills Asterisk and starts a new one with the same settings. */
  restartPbx(): Promise<void>;
  stop(): Promise<void>;
};

export async function startFloor(options: FloorOptions): Promise<Floor> {
  if (!process.env.SKIP_BUILD) await build((line) => console.log(line));
  const pair = await startTelephonyPair({ name: options.name });
  const databaseFile = join(pair.dialer.directory, 'cadencia.db');
  const keyRingFile = join(pair.dialer.directory, 'key-ring');
  const keys = makeKeyRing(keyRingFile, [], '2026-11-22');
  const open = (): Promise<Storage> =>
    openStorage({ database: databaseFile, keys, now: Date.now, random: Math.random });
  const storage = await open();
  await setUp(storage, options, pair);
  await storage.close();
  const port = pair.dialer.ports.http + 1;
  const url = `http://127.0.0.1:${port}`;
  const environment = {
    CADENCIA_WEB_PORT: `${port}`,
    CADENCIA_SECRET: randomBytes(24).toString('hex'),
    CADENCIA_DATABASE_FILE: databaseFile,
    CADENCIA_KEY_RING_FILE: keyRingFile,
    CADENCIA_REJECTIONS_FOLDER: join(pair.dialer.directory, 'rejections'),
    CADENCIA_ARI_URL: pair.dialer.ariUrl,
    CADENCIA_SIP_MIRROR_PORT: `${pair.dialer.ports.sipMirror}`,
    CADENCIA_ARI_USERNAME: pair.dialer.ari.username,
    CADENCIA_ARI_PASSWORD: pair.dialer.ari.password,
    CADENCIA_ARI_APPLICATION: pair.dialer.ari.application,
    CADENCIA_SIP_UPSTREAM_URL: pair.dialer.sipWebSocketUrl,
    CADENCIA_MEDIA_TRUNK_ADDRESS: pair.dialer.addresses.sip,
    CADENCIA_MEDIA_HEADSET_ADDRESS: pair.dialer.addresses.headset,
    CADENCIA_DISK_BALLAST_MEGABYTES: '0',
    CADENCIA_DRAIN_SECONDS: '0',
    CADENCIA_LOG_LEVEL: process.env.CADENCIA_LOG_LEVEL ?? 'warn',
  };
  let pbx = pair.dialer;
  let dialer: ChildProcess | undefined;
  const killDialer = async (signal: NodeJS.Signals): Promise<void> => {
    const last = dialer;
    dialer = undefined;
    if (!last || last.exitCode !== null || last.signalCode !== null) return;
    const ended = new Promise((resolve) => last.once('exit', resolve));
    last.kill(signal);
    await ended;
  };
  const floor: Floor = {
    url,
    pair,
    password: PASSWORD,
    openDatabase: open,
    killDialer: () => killDialer('SIGKILL'),
    async startDialer() {
      dialer = spawn(
        process.execPath,
        ['--enable-source-maps', join(BUILD_DIRECTORY, 'server', 'main.js')],
        { cwd: ROOT, stdio: 'inherit', env: { ...process.env, ...environment } },
      );
      await untilHealthy(url, dialer);
    },
    async restartPbx() {
      pbx.kill();
      await pbx.exited;
      pbx = await startDialerAsterisk({
        installation: await obtainAsterisk({
          directory: join(ROOT, '.cadencia/asterisk'),
          report: (line) => console.log(line),
        }),
        directory: pair.dialer.directory,
        ports: pair.dialer.ports,
        sipAddress: pair.dialer.addresses.sip,
        ari: pair.dialer.ari,
      });
    },
    async stop() {
      await killDialer('SIGTERM');
      await pbx.stop();
      await pair.stop();
    },
  };
  await floor.startDialer();
  return floor;
}

async function untilHealthy(url: string, dialer: ChildProcess): Promise<void> {
  const until = Date.now() + READY_MAX_MS;
  while (Date.now() < until) {
    if (dialer.exitCode !== null) throw new Error(`the dialer ended with ${dialer.exitCode}`);
    const isHealthy = await fetch(`${url}/health`).then(
      (answer) => answer.ok,
      () => false,
    );
    if (isHealthy) return;
    await sleep(50);
  }
  const last = await fetch(`${url}/health`).then(
    (answer) => answer.text(),
    (error: unknown) => String(error),
  );
  throw new Error(`the dialer is not healthy: ${last}`);
}

async function setUp(
  storage: Storage,
  { debtors, agents = 1, campaign, trunk }: FloorOptions,
  { carrier }: TelephonyPair,
): Promise<void> {
  const now = Date.now();
  await storage.setUp(async (tx) => {
    await tx.saveLegalEntity({ id: 'entity_us', name: 'Assessoria', cnpj: '11222333000181' });
    await tx.saveCreditor({ id: 'creditor_loja', name: 'Lojas Sol', cnpj: '11444777000161' });
    await tx.savePortfolio({ id: 'portfolio_varejo', creditorId: 'creditor_loja', name: 'Varejo' });
    await tx.saveTrunk({
      id: 'trunk_simulated',
      name: 'Operadora simulada',
      carrier: 'simulada',
      legalEntityId: 'entity_us',
      simulated: true,
      enabled: true,
      host: carrier.addresses.sip,
      port: carrier.ports.sip,
      matchAddresses: [carrier.addresses.sip],
      registers: false,
      numberFormat: { kind: 'e164' },
      callerIdHeader: 'both',
      channelsMax: 100,
      callsPerSecondMax: 50,
      causeOverrides: {},
      readsReason: true,
      ...trunk,
    });
    await tx.saveCallerId({
      id: 'callerid_one',
      number: '+551133334444',
      holderEntityId: 'entity_us',
      kind: 'fixed',
      areaCode: '11',
      trunkIds: ['trunk_simulated'],
      stationBound: false,
      validFrom: 0,
      status: 'active',
    });
    await tx.saveCampaign({
      ...CAMPAIGN_DEFAULTS,
      id: 'campaign_varejo',
      name: 'Varejo 31–60',
      portfolioId: 'portfolio_varejo',
      creditorIds: ['creditor_loja'],
      legalEntityId: 'entity_us',
      profileId: 'demonstration',
      state: 'running',
      pacing: { mode: 'progressive', linesMax: 20 },
      fallbackCallerIdId: 'callerid_one',
      script: '{Saudacao}, aqui é {agente}. Falo com {devedor}?',
      // Most debtors here send a steady tone, which any detector takes for a machine.
      amd: 'off',
      ...campaign,
    });
  });
  await addUsers(storage, agents, now);
  await addDebtors(storage, debtors, now);
}

async function addUsers(storage: Storage, agents: number, now: number): Promise<void> {
  const passwordHash = await hashPassword(PASSWORD);
  const add = async (id: UserId, login: string, role: 'agent' | 'supervisor' | 'admin') => {
    await storage.accounts.insertUser(
      {
        id,
        login,
        name: `${role} ${login}`,
        role,
        enabled: true,
        mustChangePassword: false,
        language: 'pt-BR',
        createdAt: now,
      },
      passwordHash,
      { at: now, subject: 'user', subjectId: id, change: 'created' },
    );
  };
  await add('user_admin', 'admin', 'admin');
  await add('user_supervisor', 'supervisor', 'supervisor');
  for (let n = 1; n <= agents; n += 1) {
    const id: UserId = `user_agent${n}`;
    await add(id, `agent${n}`, 'agent');
    await storage.setUp((tx) =>
      tx.saveAssignment({ campaignId: 'campaign_varejo', agentId: id }, true),
    );
  }
}

async function addDebtors(
  storage: Storage,
  debtors: FloorOptions['debtors'],
  now: number,
): Promise<void> {
  await storage.lists.begin({
    listId: 'list_one',
    campaignId: 'campaign_varejo',
    name: 'lista',
    origin: 'api',
    startedAt: now,
  });
  const rows = debtors.map((raw, index) => {
    const parsed = importRow({ id: `CRM-${index + 1}`, nome: `Devedor ${index + 1}`, ...raw });
    if (!parsed.ok) throw new Error(`${parsed.code} ${parsed.reason} ${parsed.field}`);
    return { index, ok: true as const, row: parsed.row };
  });
  for (let at = 0; at < rows.length; at += 200) {
    const results = await storage.lists.importRows('list_one', rows.slice(at, at + 200), now);
    const bad = results.find((result) => result.status === 'rejected');
    if (bad) throw new Error(JSON.stringify(bad));
  }
  await storage.lists.finish('list_one', now);
}
