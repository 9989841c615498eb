/**
 * The part of ARI that we use, typed by hand: the published types of `ari-client` end before
 * `tech_cause`. The client makes its methods from the nicknames in the PBX's own api-docs, so an
 * operation the PBX does not have fails when it is called.
 */

export type AriChannel = {
  readonly id: string;
  /** `PJSIP/<endpoint>-<eight hexadecimal digits>` */
  readonly name: string;
  /** Down, Rsrvd, OffHook, Dialing, Ring, Ringing, Up, Busy, … */
  readonly state: string;
  readonly caller: { readonly name: string; readonly number: string };
  readonly connected: { readonly name: string; readonly number: string };
  readonly dialplan: {
    readonly context: string;
    readonly exten: string;
    readonly priority: number;
    readonly app_name: string;
    readonly app_data: string;
  };
};

export type AriBridge = {
  readonly id: string;
  readonly channels: readonly string[];
};

export type AriInfo = {
  readonly system: { readonly entity_id: string; readonly version: string };
  readonly status: { readonly startup_time: string };
};

export type AriEndpoint = {
  readonly technology: string;
  readonly resource: string;
  readonly state: string;
};

export type ConfigField = { readonly attribute: string; readonly value: string };

/** Variables set on the channel before it dials; names may be dialplan functions. */
type Variables = Readonly<Record<string, string>>;
type OfChannel = { channelId: string };
type OfBridge = { bridgeId: string };
type OfConfig = { configClass: string; objectType: string; id: string };

/** A Bluebird promise; await it at once. */
type Answer<T> = PromiseLike<T>;

export type AriApi = {
  readonly channels: {
    list(): Answer<AriChannel[]>;
    get(ask: OfChannel): Answer<AriChannel>;
    originateWithId(
      ask: OfChannel & {
        endpoint: string;
        app: string;
        appArgs: string;
        callerId: string;
        timeout: number;
        variables: Variables;
      },
    ): Answer<AriChannel>;
    create(
      ask: OfChannel & { endpoint: string; app: string; appArgs: string; variables: Variables },
    ): Answer<AriChannel>;
    dial(ask: OfChannel & { timeout: number }): Answer<void>;
    hangup(ask: OfChannel & { reason: 'normal' | 'no_answer' | 'busy' }): Answer<void>;
    answer(ask: OfChannel): Answer<void>;
    startMoh(ask: OfChannel & { mohClass: string }): Answer<void>;
    stopMoh(ask: OfChannel): Answer<void>;
    snoopChannelWithId(
      ask: OfChannel & { snoopId: string; spy: 'in'; app: string; appArgs: string },
    ): Answer<AriChannel>;
    continueInDialplan(
      ask: OfChannel & { context: string; extension: string; priority: number },
    ): Answer<void>;
    playWithId(ask: OfChannel & { playbackId: string; media: string }): Answer<unknown>;
  };
  readonly bridges: {
    list(): Answer<AriBridge[]>;
    get(ask: OfBridge): Answer<AriBridge>;
    createWithId(ask: OfBridge & { type: string; name: string }): Answer<AriBridge>;
    destroy(ask: OfBridge): Answer<void>;
    addChannel(
      ask: OfBridge & { channel: string; inhibitConnectedLineUpdates: boolean },
    ): Answer<void>;
    removeChannel(ask: OfBridge & { channel: string }): Answer<void>;
  };
  readonly playbacks: {
    get(ask: { playbackId: string }): Answer<unknown>;
    stop(ask: { playbackId: string }): Answer<void>;
  };
  readonly applications: {
    filter(ask: { applicationName: string; filter: unknown }): Answer<unknown>;
    subscribe(ask: { applicationName: string; eventSource: string }): Answer<unknown>;
  };
  readonly endpoints: {
    listByTech(ask: { tech: string }): Answer<AriEndpoint[]>;
  };
  readonly asterisk: {
    getInfo(): Answer<AriInfo>;
    updateObject(ask: OfConfig & { fields: readonly ConfigField[] }): Answer<unknown>;
    deleteObject(ask: OfConfig): Answer<void>;
  };
  readonly events: {
    userEvent(ask: { eventName: string; application: string; variables: Variables }): Answer<void>;
  };
};
