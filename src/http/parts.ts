import type { Logger } from 'pino';
import type { Commands } from '../engine/commands.ts';
import type { Accounts } from '../engine/ports/accounts.ts';
import type { Lists } from '../engine/ports/lists.ts';
import type { Store } from '../engine/ports/store.ts';
import type { WhatIf } from '../engine/ports/what-if.ts';
import type { Queries } from '../engine/queries.ts';
import type { PeopleWatch } from '../engine/watch-people.ts';
import type { EpochMs } from '../lib/time.ts';
import type { AuditTrail } from './audit-trail.ts';
import type { Auth } from './auth.ts';
import type { Pace } from './read-body.ts';
import type { Sessions } from './sessions.ts';
import type { Upstream } from './sip-proxy.ts';

/** What the composition root gives to the HTTP server. */
export type HttpParts = {
  readonly web: WebSettings;
  readonly sessionLimits: { readonly idleMs: number; readonly lifetimeMs: number };
  /** Asterisk's plain SIP WebSocket, behind `/sip`. */
  readonly sipUpstream: Upstream;
  /** Behind `/debtor-sip`; absent in production. */
  readonly debtorPhone?: DebtorPhone;
  /** How long and how many; as the server has them unless told. */
  readonly limits?: Partial<RequestLimits>;
  /** Where refused rows of imported files are kept. */
  readonly rejectionsFolder: string;
  /** Of this installation; keys of the doors are derived from it. */
  readonly secret: string;
  readonly version: string;
  readonly accounts: Accounts;
  readonly lists: Lists;
  readonly store: Pick<Store, 'read'>;
  readonly commands: Commands;
  /** Lets the engine know of changed users at once, and not at its next look. */
  readonly people: Pick<PeopleWatch, 'look'>;
  /** Whether the log of the database cannot be copied into its file, and grows. */
  readonly isCheckpointFailing?: () => boolean;
  readonly queries: Queries;
  readonly whatIf: WhatIf;
  readonly log: Logger;
  readonly now: () => EpochMs;
};

export type RequestLimits = {
  /** From the first byte of a connection to the last of its headers. */
  readonly headersMaxMs: number;
  /** To the last byte of the body, where the body is not paced. */
  readonly requestMaxMs: number;
  /** How often these two are looked at. */
  readonly checkEveryMs: number;
  /** The least pace of a long body. */
  readonly pace: Pace;
  /** Connections of one address over which no session was shown yet. */
  readonly strangersPerAddressMax: number;
};

export type WebSettings = {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Empty: the address we listen on, under its local names. */
  readonly publicOrigins: readonly string[];
  readonly trustedProxies: readonly string[];
  readonly lanAddress?: string;
  readonly tls?: { readonly certificateFile: string; readonly keyFile: string };
  /** Root certificate of a private authority, offered at `/ca.crt`. */
  readonly authorityFile?: string;
  /** The built pages. */
  readonly folder: string;
};

export type DebtorPhone = {
  readonly upstream: Upstream;
  readonly domain: string;
  readonly username: string;
  readonly password: string;
  readonly numbers: readonly string[];
  /** Who they are, for whoever plays them. */
  readonly people: readonly {
    readonly phone: string;
    readonly name: string;
    readonly document: string;
    readonly birthDate: string;
    readonly postalCode: string;
  }[];
  readonly operationNumbers: readonly string[];
};

/** What every route may use. */
export type RouteParts = HttpParts & {
  readonly pace: Pace;
  readonly auth: Auth;
  readonly sessions: Sessions;
  readonly trail: AuditTrail;
};

export const SIP_PATH = '/sip';
export const DEBTOR_SIP_PATH = '/debtor-sip';
