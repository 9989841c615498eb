import type { Logger } from 'pino';
import type { Commands } from '../engine/commands.ts';
import type { Accounts } from '../engine/ports/accounts.ts';
import type { JobCounts } from '../engine/ports/jobs.ts';
import type { Lists } from '../engine/ports/lists.ts';
import type { ScopedReads } from '../engine/ports/scope.ts';
import type { WhatIf } from '../engine/ports/what-if.ts';
import type { Queries } from '../engine/queries.ts';
import type { PeopleWatch } from '../engine/watch-people.ts';
import type { EpochMs } from '../lib/time.ts';
import type { AuditTrail } from './audit-trail.ts';
import type { Auth } from './auth.ts';
import type { Pace } from './read-body.ts';
import type { Sessions } from './sessions.ts';
import type { Upstream } from './sip-proxy.ts';

/** What `app.ts` gives to the HTTP server. */
export type HttpParts = {
  readonly web: WebSettings;
  readonly sessionLimits: { readonly idleMs: number; readonly lifetimeMs: number };
  /** Asterisk's plain SIP WebSocket, behind `/sip`. */
  readonly sipUpstream: Upstream;
  /** The simulated carrier behind `/debtor-sip`; absent in production. */
  readonly debtorPhone?: DebtorPhone;
  /** Limits that differ from the server's defaults. */
  readonly limits?: Partial<RequestLimits>;
  /** Folder of the refused rows of imported files. */
  readonly rejectionsFolder: string;
  /** The installation's secret, from which the doors' keys are derived. */
  readonly secret: string;
  readonly version: string;
  readonly accounts: Accounts;
  readonly lists: Lists;
  readonly store: ScopedReads;
  readonly commands: Commands;
  /** Tells the engine of changed users at once instead of at its next look. */
  readonly people: Pick<PeopleWatch, 'look'>;
  /** Whether the database's log cannot be copied into its file and therefore grows. */
  readonly isCheckpointFailing?: () => boolean;
  /** Since when a night has had no backup; undefined while all have, absent where none are made. */
  readonly noBackUpSince?: () => EpochMs | undefined;
  /** The jobs there are; absent: none. */
  readonly jobCounts?: () => JobCounts;
  readonly queries: Queries;
  readonly whatIf: WhatIf;
  readonly log: Logger;
  readonly now: () => EpochMs;
};

export type RequestLimits = {
  /** Time from the first byte of a connection to the end of the headers. */
  readonly headersMaxMs: number;
  /** Time to the end of a body that is not paced. */
  readonly requestMaxMs: number;
  /** How often these two are checked. */
  readonly checkEveryMs: number;
  /** Slowest allowed pace of a long body. */
  readonly pace: Pace;
  /** Connections of one address that have not presented a session yet. */
  readonly strangersPerAddressMax: number;
};

export type WebSettings = {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** When empty: the local names of the address we listen on. */
  readonly publicOrigins: readonly string[];
  readonly trustedProxies: readonly string[];
  readonly lanAddress?: string;
  readonly tls?: { readonly certificateFile: string; readonly keyFile: string };
  /** Root certificate of a private authority, offered at `/ca.crt`; absent without one. */
  readonly authorityFile?: string;
  /** Folder of the built pages. */
  readonly folder: string;
};

export type DebtorPhone = {
  readonly upstream: Upstream;
  readonly domain: string;
  readonly username: string;
  readonly password: string;
  readonly numbers: readonly string[];
  /** The invented debtors, for the visitors who play them. */
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
