import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { readProfiles } from '../../src/compliance-profiles.ts';
import { CAMPAIGN_DEFAULTS } from '../../src/domain/campaigns/campaign.ts';
import { importRow } from '../../src/domain/leads/import-row.ts';
import { createEngine, type Engine } from '../../src/engine/engine.ts';
import { HOUSE } from '../../src/engine/ports/scope.ts';
import type { Telephony, TelephonySignal } from '../../src/engine/ports/telephony.ts';
import type { AgentId, CallId } from '../../src/lib/ids.ts';
import { openStorage, type Storage } from '../../src/storage/store.ts';
import { createSystemClock } from '../../src/system-clock.ts';
import { createAsteriskTelephony } from '../../src/telephony/asterisk.ts';
import { ROOT } from '../run-command-line.ts';
import type { BenchSite, BenchWay } from './originate.ts';

const READY_MAX_MS = 10_000;

/**
 * Calls through the whole engine on SQLite: an agent becomes free, the pacer plans a call, a lead
 * is read, the gate is asked, four rows and a fact are committed, the number is dialed; then
 * answered, connected, hung up and disposed. Only the agents' audio is left out, as in the bare
 * loop.
 */
export function engineWay(agents: number, leads: number): BenchWay {
  return {
    name: `engine, ${agents} agents`,
    async open(site) {
      const file = join(site.dialer.directory, `bench-${Date.now()}.db`);
      const storage = await openStorage({ database: file, now: Date.now, random: Math.random });
      await setUp(storage, site, agents, leads);
      const calls = new Map<AgentId, { answered(): void; over(): void }>();
      const engine = startEngine(storage, site, calls);
      await engine.start();
      await until(() => engine.board(HOUSE).telephony.up);
      const free: AgentId[] = [];
      for (let n = 1; n <= agents; n += 1) free.push(await signIn(engine, `user_agent${n}`));
      return {
        async place({ answered }) {
          const agentId = free.pop();
          if (!agentId) throw new Error('more calls at once than agents');
          const isOver = new Promise<void>((over) => calls.set(agentId, { answered, over }));
          await must(engine, { kind: 'go-available', agentId });
          await isOver;
          calls.delete(agentId);
          free.push(agentId);
        },
        async close() {
          await engine.drain(1_000);
          await storage.close();
          await rm(file, { force: true });
        },
      };
    },
  };
}

function startEngine(
  storage: Storage,
  { dialer }: BenchSite,
  calls: ReadonlyMap<AgentId, { answered(): void; over(): void }>,
): Engine {
  const engine: Engine = createEngine({
    store: storage.store,
    telephony: withoutAudio(
      createAsteriskTelephony({
        url: dialer.ariUrl,
        ...dialer.ari,
        log: pino({ level: 'error' }),
        clock: { now: Date.now },
        mediaAddress: '127.0.0.1',
      }),
    ),
    clock: createSystemClock(),
    random: Math.random,
    profiles: readProfiles(join(ROOT, 'config/compliance')),
    zone: 'America/Sao_Paulo',
    headsetPassword: () => 'unused',
    onFatal: (error) => {
      throw error;
    },
    publisher: {
      published({ facts }) {
        for (const { body, callId, agentId } of facts) {
          if (!callId || !agentId) continue;
          if (body.kind === 'call-connected') {
            calls.get(agentId)?.answered();
            void must(engine, { kind: 'hang-up', agentId, callId });
          }
          if (body.kind === 'call-ended') void disposed(engine, agentId, callId, calls);
        }
      },
    },
  });
  return engine;
}

async function disposed(
  engine: Engine,
  agentId: AgentId,
  callId: CallId,
  calls: ReadonlyMap<AgentId, { over(): void }>,
): Promise<void> {
  await must(engine, { kind: 'dispose', agentId, callId, code: 'dropped' });
  calls.get(agentId)?.over();
}

async function must(engine: Engine, command: Parameters<Engine['run']>[0]): Promise<void> {
  const result = await engine.run(command);
  if (!result.ok) throw new Error(`${command.kind}: ${result.code} ${result.detail}`);
}

async function signIn(engine: Engine, agentId: AgentId): Promise<AgentId> {
  await must(engine, { kind: 'open-shift', agentId, pageId: 'bench-page' });
  await until(() => engine.desk(agentId).shift?.headset.pinned === true);
  return agentId;
}

async function until(isSo: () => boolean): Promise<void> {
  for (const from = Date.now(); !isSo(); await sleep(5)) {
    if (Date.now() - from > READY_MAX_MS) throw new Error('the engine is not ready');
  }
}

/**
 * A telephony whose headsets are always pinned and whose bridges succeed at once, so that only the
 * placing of calls is measured.
 */
function withoutAudio(telephony: Telephony): Telephony {
  let post: (signal: TelephonySignal) => void = () => undefined;
  const now = (): number => Date.now();
  return {
    start(receive) {
      post = receive;
      telephony.start(receive);
    },
    stop: () => telephony.stop(),
    originate: (permit) => telephony.originate(permit),
    hangUpLeg: (legId, intent) => telephony.hangUpLeg(legId, intent),
    bridgeLeg: (legId, bridgeId) => post({ kind: 'leg-bridged', legId, bridgeId, at: now() }),
    holdLeg: (legId) => telephony.holdLeg(legId),
    lookAtLeg: (legId) => telephony.lookAtLeg(legId),
    screenLeg: (legId) => telephony.screenLeg(legId),
    announce: (legId, announcement) => telephony.announce(legId, announcement),
    openHeadset: ({ headsetId }) =>
      post({ kind: 'headset-arrived', headsetId, channelId: headsetId, at: now() }),
    closeHeadset: () => undefined,
    pinHeadset: (headsetId, channelId, bridgeId) =>
      post({ kind: 'headset-pinned', headsetId, channelId, bridgeId, at: now() }),
    refuseHeadset: () => undefined,
    refuseInbound: (channelId) => telephony.refuseInbound(channelId),
    setTrunks: (trunks) => telephony.setTrunks(trunks),
    health: () => telephony.health(),
  };
}

async function setUp(
  storage: Storage,
  { trunk }: BenchSite,
  agents: number,
  leads: number,
): Promise<void> {
  const now = Date.now();
  await storage.setUp(async (tx) => {
    await tx.saveLegalEntity({ id: trunk.legalEntityId, name: 'Bench', cnpj: '11222333000181' });
    await tx.saveCreditor({ id: 'creditor_bench', name: 'Bench', cnpj: '11444777000161' });
    await tx.savePortfolio({ id: 'portfolio_bench', creditorId: 'creditor_bench', name: 'Bench' });
    await tx.saveTrunk({ ...trunk, simulated: true, channelsMax: 1_000, callsPerSecondMax: 1_000 });
    await tx.saveCallerId({
      id: 'callerid_bench',
      number: '+551133334444',
      holderEntityId: trunk.legalEntityId,
      kind: 'fixed',
      areaCode: '11',
      trunkIds: [trunk.id],
      stationBound: false,
      validFrom: 0,
      status: 'active',
    });
    await tx.saveCampaign({
      ...CAMPAIGN_DEFAULTS,
      id: 'campaign_bench',
      name: 'Bench',
      portfolioId: 'portfolio_bench',
      creditorIds: ['creditor_bench'],
      legalEntityId: trunk.legalEntityId,
      profileId: 'demonstration',
      state: 'running',
      pacing: { mode: 'progressive', linesMax: 1_000 },
      fallbackCallerIdId: 'callerid_bench',
    });
  });
  for (let n = 1; n <= agents; n += 1) await addAgent(storage, `user_agent${n}`, now);
  await addLeads(storage, leads, now);
}

async function addAgent(storage: Storage, id: AgentId, now: number): Promise<void> {
  await storage.accounts.insertUser(
    {
      id,
      login: id.slice('user_'.length),
      name: id,
      role: 'agent',
      enabled: true,
      mustChangePassword: false,
      language: null,
      createdAt: now,
    },
    'no password',
    { at: now, subject: 'user', subjectId: id, change: 'created' },
  );
  const assignment = { campaignId: 'campaign_bench', agentId: id } as const;
  await storage.setUp((tx) => tx.saveAssignment(assignment, true));
}

async function addLeads(storage: Storage, leads: number, now: number): Promise<void> {
  const listId = 'list_bench' as const;
  await storage.lists.begin({
    listId,
    campaignId: 'campaign_bench',
    name: 'bench',
    origin: 'command-line',
    startedAt: now,
  });
  const rows = Array.from({ length: leads }, (_, index) => {
    const parsed = importRow({
      id: `B-${index}`,
      nome: `Debtor ${index}`,
      fone1: `119${String(60_000_000 + index)}`,
      contrato: `C-${index}`,
      parcela: '1',
      vencimento: '10/10/2026',
      valor: '100,00',
    });
    if (!parsed.ok) throw new Error(parsed.reason);
    return { index, ok: true as const, row: parsed.row };
  });
  for (let at = 0; at < rows.length; at += 200) {
    await storage.lists.importRows(listId, rows.slice(at, at + 200), now);
  }
  await storage.lists.finish(listId, now);
}
