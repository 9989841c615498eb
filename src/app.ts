import { createHmac } from 'node:crypto';
import { existsSync, fstatSync, readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { readProfiles } from './compliance-profiles.ts';
import type { Config } from './config-shape.ts';
import { createEngine, type Engine, type EngineParts } from './engine/engine.ts';
import type { Clock } from './engine/ports/clock.ts';
import { ENGINE_STREAM } from './engine/ports/commit.ts';
import type { Telephony } from './engine/ports/telephony.ts';
import type { Publisher } from './engine/queries.ts';
import { watchPeople } from './engine/watch-people.ts';
import { SIP_PATH } from './http/parts.ts';
import { createHttpServer } from './http/server.ts';
import { watchBackUps } from './jobs/back-up-files.ts';
import { backUps } from './jobs/back-ups.ts';
import { purgeDrafts } from './jobs/purge-drafts.ts';
import { createJobRunner, type JobRunner } from './jobs/run-jobs.ts';
import { openKeyRing, requireKeys } from './keys/key-ring-file.ts';
import type { EpochMs } from './lib/time.ts';
import { createLog, type Logger } from './log.ts';
import { readEarlierLog } from './realtime/earlier-log.ts';
import { createGateway } from './realtime/gateway.ts';
import { secretRandom } from './secret-random.ts';
import { type FreeSpace, watchFreeSpace } from './storage/free-space.ts';
import { isServer } from './storage/open-postgres.ts';
import { openStorage, type Storage } from './storage/store.ts';
import { createSystemClock } from './system-clock.ts';
import { createAsteriskTelephony } from './telephony/asterisk.ts';
import { createWatches } from './watches.ts';
import { createWhatIf } from './what-if/fork.ts';

export type App = {
  readonly log: Logger;
  start(): Promise<{ readonly url: string }>;
  /**
   * Stops placing calls, lets conversations end within the configured time, and closes everything.
   */
  stop(): Promise<void>;
};

/** Days are counted from midnight in Brasília, for the counters and for the caps. */
const ZONE = 'America/Sao_Paulo';

/** Puts all parts together. */
export async function createApp(config: Config, onFatal: (error: unknown) => void): Promise<App> {
  const log = createLog(config.log);
  const clock = createSystemClock();
  const now = (): number => clock.now();
  const profiles = readProfiles(config.complianceFolder);
  const freeSpace = freeSpaceOf(config, log);
  const { storage, underLease } = await openDatabase(config, log, now, freeSpace);
  const telephony = telephonyOf(config, log, clock);
  // Engine and screens need each other, so the publisher is filled in later.
  const screens: { publisher?: Publisher } = {};
  const engine = createEngine({
    ...underLease,
    ...{ telephony, clock },
    random: secretRandom,
    publisher: { published: (change) => screens.publisher?.published(change) },
    profiles,
    zone: ZONE,
    headsetPassword: (headsetId) =>
      createHmac('sha256', config.secret).update(headsetId).digest('base64url'),
    approvalNeededFor: config.approvalNeededFor,
    log: log.child({ part: 'engine' }),
    onFatal,
  });
  const onChange = () => gateway.peopleChanged();
  const people = watchPeople({ accounts: storage.accounts, commands: engine, onChange, log });
  const whatIf = createWhatIf();
  const jobs = jobRunnerOf(config, { log, now, storage, freeSpace });
  const http = await createHttpServer({
    web: config.web,
    sessionLimits: config.sessions,
    sipUpstream: config.sip.upstream,
    ...(config.debtorPhone ? { debtorPhone: config.debtorPhone } : {}),
    rejectionsFolder: config.rejectionsFolder,
    secret: config.secret,
    version: version(),
    ...{ accounts: storage.accounts, lists: storage.lists, store: storage.scoped },
    people,
    isCheckpointFailing: () => storage.checkpointFailure() !== undefined,
    ...{ jobCounts: jobs.counts, noBackUpSince: jobs.noBackUpSince },
    ...{ commands: engine, queries: engine, whatIf },
    log: log.child({ part: 'http' }),
    now,
  });
  const gateway = createGateway({
    httpServer: http.server,
    sessions: http.sessions,
    origins: http.origins,
    addresses: http.addresses,
    connections: http.connections,
    audit: storage.accounts,
    now,
    ...{ commands: engine, queries: engine, noBackUpSince: jobs.noBackUpSince },
    headset: { socketPath: SIP_PATH, domain: config.sip.domain },
    log: log.child({ part: 'realtime' }),
  });
  screens.publisher = gateway;
  const watches = createWatches({ people, freeSpace, commands: engine, storage, log });

  return {
    log,
    async start() {
      await engine.start();
      gateway.start(await readEarlierLog(storage.store, engine.upTo()));
      watches.start();
      await jobs.start();
      return http.start();
    },
    stop: once(async () => {
      await drain(engine, config.drainMs, log);
      watches.stop();
      await jobs.stop();
      gateway.stop();
      whatIf.stop();
      await http.stop();
      await storage.close();
    }),
  };
}

/** Undefined where a server keeps the database, whose disks are its own. */
function freeSpaceOf(
  { database, rejectionsFolder, disk }: Config,
  log: Logger,
): FreeSpace | undefined {
  if (isServer(database)) return undefined;
  const paths = [dirname(database), rejectionsFolder];
  // Standard output may be a file; its disk must not fill up either.
  if (fstatSync(1).isFile()) paths.push('/dev/stdout');
  return watchFreeSpace({
    paths,
    ballast: {
      file: `${database}.ballast`,
      path: dirname(database),
      bytes: disk.ballastBytes,
    },
    limits: disk,
    log: log.child({ part: 'storage' }),
  });
}

type Database = {
  readonly storage: Storage;
  /** What the engine stores in, and as which holder of its lease. */
  readonly underLease: Pick<EngineParts, 'store' | 'leaseEpoch'>;
};

/** Opens the database as its only writer: an earlier process can store nothing more. */
async function openDatabase(
  config: Config,
  log: Logger,
  now: () => EpochMs,
  freeSpace: FreeSpace | undefined,
): Promise<Database> {
  const keys = openKeyRing(config.keyRing);
  const storage = await openStorage({
    database: config.database,
    keys,
    log: log.child({ part: 'storage' }),
    now,
    random: secretRandom,
    isDiskFull: () => freeSpace?.measured().room === 'full',
    // This gives up the ballast, so the next try finds room.
    onDiskFull: () => void freeSpace?.look(),
  });
  requireKeys(keys, [...(await storage.sealing.needed()).keys()]);
  const leaseEpoch = await storage.takeLease(ENGINE_STREAM, `${hostname()} ${process.pid}`);
  return { storage, underLease: { store: storage.store, leaseEpoch } };
}

function jobRunnerOf(
  { database, backUps: settings, disk }: Config,
  parts: {
    readonly log: Logger;
    readonly now: () => EpochMs;
    readonly storage: Storage;
    readonly freeSpace: FreeSpace | undefined;
  },
): JobRunner & { noBackUpSince(): EpochMs | undefined } {
  const { storage, now, freeSpace } = parts;
  const log = parts.log.child({ part: 'jobs' });
  if (isServer(database)) {
    log.info(
      'no backups are made: a PostgreSQL database is backed up by its operator, with pg_dump',
    );
  }
  const isMade = settings.kept > 0 && !isServer(database);
  const backUp = backUps({
    ...{ ...settings, database, zone: ZONE, random: secretRandom, now },
    room: () => freeSpace?.measured().room ?? 'ok',
    leaveBytes: disk.lowBelowBytes,
  });
  const runner = createJobRunner({
    ...{ jobs: storage.jobs, store: storage.store, now, log },
    kinds: [purgeDrafts({ random: secretRandom }), ...(isMade ? [backUp] : [])],
    holder: `${hostname()} ${process.pid} ${now()}`,
  });
  const files = { database, folder: settings.folder };
  return { ...runner, noBackUpSince: isMade ? watchBackUps(files, now) : () => undefined };
}

function telephonyOf({ ari, media }: Config, log: Logger, clock: Clock): Telephony {
  return createAsteriskTelephony({
    ...ari,
    log: log.child({ part: 'telephony' }),
    clock,
    ...(media.trunkAddress ? { mediaAddress: media.trunkAddress } : {}),
    ...(media.headsetAddress ? { headsetMediaAddress: media.headsetAddress } : {}),
  });
}

async function drain(engine: Engine, waitMaxMs: number, log: Logger): Promise<void> {
  log.info('draining');
  const left = await engine.drain(waitMaxMs);
  if (left > 0)
    log.warn({ calls: left }, 'calls are left in the PBX; they go on only as long as it runs');
}

/** Runs the work once, however often it is called; every caller waits for that one run. */
function once<T>(work: () => Promise<T>): () => Promise<T> {
  let begun: Promise<T> | undefined;
  return () => {
    begun ??= work();
    return begun;
  };
}

/** The version in our package.json, a few folders up from both the sources and the build. */
function version(): string {
  for (let folder = import.meta.dirname; folder !== dirname(folder); folder = dirname(folder)) {
    const file = join(folder, 'package.json');
    if (existsSync(file))
      return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
  }
  return 'unknown';
}
