/**
 * Makes the PBX hold exactly the wanted trunks and headsets. The PBX keeps them in memory and may
 * restart at any moment, so they are kept here too and pushed again. Objects already pushed to this
 * instance and unchanged are left alone.
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
  everyObjectOfHeadset,
  everyObjectOfTrunk,
  type MediaAddresses,
  objectsOfHeadset,
  objectsOfTrunk,
} from './trunks.ts';

const PUSH_RETRY_MS = 5_000;

export class PbxConfiguration {
  readonly #connection: AriConnection;
  readonly #media: MediaAddresses;
  readonly #log: Logger;
  #trunks: ReadonlyMap<TrunkId, Trunk> = new Map();
  readonly #headsets = new Map<HeadsetId, HeadsetCredentials>();
  readonly #closed = new Set<HeadsetId>();
  /** What this instance of the PBX holds: key of the object → digest of its fields. */
  readonly #pushed = new Map<string, string>();
  /** Keys of objects the PBX is known not to hold. */
  readonly #absent = new Set<string>();
  #working: Promise<void> | undefined;
  #isAskedAgain = false;
  #retry: NodeJS.Timeout | undefined;
  #isStopped = false;

  constructor(connection: AriConnection, media: MediaAddresses, log: Logger) {
    this.#connection = connection;
    this.#media = media;
    this.#log = log;
  }

  /** Sets all trunks. Disabled ones are kept out of the PBX. */
  setTrunks(trunks: readonly Trunk[]): void {
    const enabled = trunks.filter((trunk) => trunk.enabled);
    this.#trunks = new Map(enabled.map((trunk) => [trunk.id, trunk]));
    this.#agreeIfUp();
  }

  openHeadset(credentials: HeadsetCredentials): void {
    this.#headsets.set(credentials.headsetId, credentials);
    this.#closed.delete(credentials.headsetId);
    this.#agreeIfUp();
  }

  /** Resolves when the PBX removed it too, or cannot be reached. */
  async closeHeadset(headsetId: HeadsetId): Promise<void> {
    this.#headsets.delete(headsetId);
    this.#closed.add(headsetId);
    if (this.#connection.isUp()) await this.agree();
  }

  /** The trunk, when it is known and enabled. */
  trunk(trunkId: TrunkId): Trunk | undefined {
    return this.#trunks.get(trunkId);
  }

  /** Forgets what was pushed: the PBX may hold nothing of ours, so everything is pushed again. */
  forget(): void {
    this.#pushed.clear();
    this.#absent.clear();
  }

  /**
   * Pushes and removes what differs. Resolves when done, or when it failed and will be tried again
   * later.
   */
  agree(): Promise<void> {
    if (this.#working !== undefined) {
      this.#isAskedAgain = true;
      return this.#working;
    }
    this.#working = this.#work().finally(() => {
      this.#working = undefined;
    });
    return this.#working;
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#retry);
  }

  #agreeIfUp(): void {
    if (this.#connection.isUp() && !this.#isStopped) void this.agree();
  }

  async #work(): Promise<void> {
    do {
      this.#isAskedAgain = false;
      try {
        await this.#agreeOnce();
      } catch (problem) {
        this.#log.warn({ err: problem }, 'trunks and headsets could not be pushed to the PBX');
        if (!this.#isStopped) this.#retryLater();
      }
    } while (this.#isAskedAgain && !this.#isStopped);
  }

  #retryLater(): void {
    this.#retry ??= setTimeout(() => {
      this.#retry = undefined;
      this.#agreeIfUp();
    }, PUSH_RETRY_MS);
  }

  /** Tries every object: one that the PBX rejects must not hold up the others. */
  async #agreeOnce(): Promise<void> {
    const problems: unknown[] = [];
    const note = (problem: unknown) => problems.push(problem);
    const leaving = [...this.#closed];
    for (const object of this.#wanted()) await this.#push(object).catch(note);
    for (const object of (await this.#unwanted()).toReversed()) {
      await this.#remove(object).catch(note);
    }
    if (problems.length > 0) throw problems[0];
    for (const headsetId of leaving) this.#closed.delete(headsetId);
  }

  /** Headsets come first, because a browser waits for its own. */
  #wanted(): readonly ConfigObject[] {
    const headsets = [...this.#headsets.values()];
    return [
      ...headsets.flatMap((credentials) => objectsOfHeadset(credentials, this.#media)),
      ...[...this.#trunks.values()].flatMap((trunk) => objectsOfTrunk(trunk, this.#media)),
    ];
  }

  /**
   * Objects of ours that are no longer wanted: of trunks found in the PBX, and of closed headsets.
   */
  async #unwanted(): Promise<readonly ConfigObject[]> {
    const endpoints = await this.#connection.request('background', (api) =>
      api.endpoints.listByTech({ tech: 'PJSIP' }),
    );
    const found = new Set<TrunkId>();
    const stale: ConfigObject[] = [];
    for (const { resource } of endpoints) {
      const trunkId = trunkOfEndpoint(resource);
      if (trunkId) found.add(trunkId);
      if (isId('headset', resource) && this.#closed.has(resource)) {
        stale.push(...everyObjectOfHeadset(resource));
      }
    }
    for (const trunkId of found) stale.push(...everyObjectOfTrunk(trunkId));
    const keep = new Set(this.#wanted().map(keyOf));
    return stale.filter((object) => !keep.has(keyOf(object)) && !this.#absent.has(keyOf(object)));
  }

  async #push(object: ConfigObject): Promise<void> {
    const digest = createHash('sha256').update(JSON.stringify(object.fields)).digest('base64');
    if (this.#pushed.get(keyOf(object)) === digest) return;
    await this.#connection.request('background', (api) => api.asterisk.updateObject(object));
    this.#pushed.set(keyOf(object), digest);
    this.#absent.delete(keyOf(object));
  }

  async #remove(object: ConfigObject): Promise<void> {
    const { configClass, objectType, id } = object;
    try {
      await this.#connection.request('background', (api) =>
        api.asterisk.deleteObject({ configClass, objectType, id }),
      );
    } catch (problem) {
      if (!(problem instanceof AriError && problem.code === 'gone')) throw problem;
    }
    this.#pushed.delete(keyOf(object));
    this.#absent.add(keyOf(object));
  }
}

function keyOf(object: ConfigObject): string {
  return `${object.objectType} ${object.id}`;
}
