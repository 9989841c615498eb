/**
 * Makes the PBX hold the trunks and headsets that are wanted, and nothing older. The PBX keeps them in
 * memory and may restart at any moment, so what is wanted is kept here and pushed again; what was
 * pushed to this instance and has not changed is left alone.
 */
import { createHash } from 'node:crypto';
import type { Logger } from 'pino';
import type { Trunk } from '../domain/trunks/trunk.ts';
import type { HeadsetCredentials } from '../engine/ports/telephony.ts';
import { type HeadsetId, isId, type TrunkId } from '../lib/ids.ts';
import type { AriConnection } from './ari-connection.ts';
import { AriError } from './ari-error.ts';
import { trunkOfEndpoint } from './channel-names.ts';
import {
  type ConfigObject,
  everyObjectOfTrunk,
  type MediaAddresses,
  objectsOfHeadset,
  objectsOfTrunk,
} from './trunks.ts';

const PUSH_RETRY_MS = 5_000;

export type PbxConfiguration = {
  setTrunks(trunks: readonly Trunk[]): void;
  openHeadset(credentials: HeadsetCredentials): void;
  closeHeadset(headsetId: HeadsetId): void;
  /** The trunk, when it is known and enabled. */
  trunk(trunkId: TrunkId): Trunk | undefined;
  /** A PBX that may hold nothing of ours: all is pushed anew. */
  forget(): void;
  /** Pushes and removes what differs. Resolves when done or when it failed and is tried again later. */
  agree(): Promise<void>;
  stop(): void;
};

export function createPbxConfiguration(options: {
  readonly connection: AriConnection;
  readonly media: MediaAddresses;
  readonly log: Logger;
}): PbxConfiguration {
  const { connection, media, log } = options;
  let trunks = new Map<TrunkId, Trunk>();
  const headsets = new Map<HeadsetId, HeadsetCredentials>();
  const closed = new Set<HeadsetId>();
  /** What this instance of the PBX holds: key of the object → digest of its fields. */
  const pushed = new Map<string, string>();
  /** What it is known not to hold. */
  const absent = new Set<string>();
  let working: Promise<void> | undefined;
  let again = false;
  let retry: NodeJS.Timeout | undefined;
  let stopped = false;

  const wanted = (): readonly ConfigObject[] => [
    ...[...headsets.values()].flatMap((credentials) => objectsOfHeadset(credentials, media)),
    ...[...trunks.values()].flatMap((trunk) => objectsOfTrunk(trunk, media)),
  ];

  const push = async (object: ConfigObject): Promise<void> => {
    const digest = createHash('sha256').update(JSON.stringify(object.fields)).digest('base64');
    if (pushed.get(keyOf(object)) === digest) return;
    await connection.request('background', (api) => api.asterisk.updateObject(object));
    pushed.set(keyOf(object), digest);
    absent.delete(keyOf(object));
  };

  const remove = async (object: ConfigObject): Promise<void> => {
    const { configClass, objectType, id } = object;
    try {
      await connection.request('background', (api) =>
        api.asterisk.deleteObject({ configClass, objectType, id }),
      );
    } catch (problem) {
      if (!(problem instanceof AriError && problem.code === 'gone')) throw problem;
    }
    pushed.delete(keyOf(object));
    absent.add(keyOf(object));
  };

  /** Objects of ours that nobody wants: of trunks found in the PBX, and of headsets that were closed. */
  const unwanted = async (): Promise<readonly ConfigObject[]> => {
    const endpoints = await connection.request('background', (api) =>
      api.endpoints.listByTech({ tech: 'PJSIP' }),
    );
    const keep = new Set(wanted().map(keyOf));
    const found = new Set<TrunkId>();
    const stale: ConfigObject[] = [];
    for (const { resource } of endpoints) {
      const trunkId = trunkOfEndpoint(resource);
      if (trunkId) found.add(trunkId);
      if (isId('headset', resource) && closed.has(resource)) stale.push(...bareHeadset(resource));
    }
    for (const trunkId of found) stale.push(...everyObjectOfTrunk(trunkId));
    return stale.filter((object) => !keep.has(keyOf(object)) && !absent.has(keyOf(object)));
  };

  /** Every object is tried: one that the PBX does not accept must not hold up the others. */
  const agreeOnce = async (): Promise<void> => {
    const problems: unknown[] = [];
    for (const object of wanted()) await push(object).catch((problem) => problems.push(problem));
    const leaving = [...closed];
    for (const object of (await unwanted()).toReversed()) {
      await remove(object).catch((problem) => problems.push(problem));
    }
    if (problems.length > 0) throw problems[0];
    for (const headsetId of leaving) closed.delete(headsetId);
  };

  const work = async (): Promise<void> => {
    do {
      again = false;
      try {
        await agreeOnce();
      } catch (problem) {
        log.warn({ err: problem }, 'trunks and headsets could not be pushed to the PBX');
        if (!stopped) retry ??= setTimeout(retryNow, PUSH_RETRY_MS);
      }
    } while (again && !stopped);
  };

  const agree = (): Promise<void> => {
    if (working) {
      again = true;
      return working;
    }
    working = work().finally(() => {
      working = undefined;
    });
    return working;
  };

  const retryNow = () => {
    retry = undefined;
    if (connection.isUp() && !stopped) void agree();
  };

  return {
    setTrunks(next) {
      trunks = new Map(next.filter((trunk) => trunk.enabled).map((trunk) => [trunk.id, trunk]));
    },
    openHeadset(credentials) {
      headsets.set(credentials.headsetId, credentials);
      closed.delete(credentials.headsetId);
    },
    closeHeadset(headsetId) {
      headsets.delete(headsetId);
      closed.add(headsetId);
    },
    trunk: (trunkId) => trunks.get(trunkId),
    forget() {
      pushed.clear();
      absent.clear();
    },
    agree,
    stop() {
      stopped = true;
      clearTimeout(retry);
    },
  };
}

function keyOf(object: ConfigObject): string {
  return `${object.objectType} ${object.id}`;
}

function bareHeadset(headsetId: HeadsetId): readonly ConfigObject[] {
  return [
    { configClass: 'res_pjsip', objectType: 'auth', id: headsetId, fields: [] },
    { configClass: 'res_pjsip', objectType: 'endpoint', id: headsetId, fields: [] },
  ];
}
