/** The settings as the parts of the process take them; config.ts reads them. */
import type { Approvable } from './domain/approvals/approval.ts';
import type { KeyRingPlace } from './keys/key-ring-file.ts';

/** Complete and checked: its users need no further checks. */
export type Config = {
  readonly web: WebConfig;
  readonly sessions: SessionConfig;
  /** The path of a SQLite file, or the address of a PostgreSQL server with its password. */
  readonly database: string;
  readonly disk: DiskConfig;
  readonly backUps: BackUpConfig;
  /** Headset passwords are derived from it, so they stay valid after a restart. */
  readonly secret: string;
  /** Of the keys that personal data and carriers' passwords are sealed with. */
  readonly keyRing: KeyRingPlace;
  /** What a second person has to approve. */
  readonly approvalNeededFor: readonly Approvable['kind'][];
  readonly complianceFolder: string;
  readonly rejectionsFolder: string;
  readonly ari: {
    readonly url: string;
    readonly username: string;
    readonly password: string;
    readonly application: string;
    /** Absent when no Reason header is to be read. */
    readonly sipMirrorPort?: number;
  };
  readonly sip: { readonly upstream: SocketUpstream; readonly domain: string };
  /** Addresses the PBX uses for audio; absent when its routing decides. */
  readonly media: { readonly trunkAddress?: string; readonly headsetAddress?: string };
  /** The visitor's telephone at the simulated carrier; absent when disabled. */
  readonly debtorPhone?: DebtorPhoneConfig;
  readonly log: { readonly level: LogLevel; readonly showPersonalData: boolean };
  readonly drainMs: number;
};

/** Room on the disks of the database and the log, in bytes. */
export type DiskConfig = {
  /** With less free room the screens warn. */
  readonly lowBelowBytes: number;
  /** With less free room nothing is dialed or imported. */
  readonly fullBelowBytes: number;
  /** Size of the file that is deleted when the disk is full; 0 for none. */
  readonly ballastBytes: number;
};

/** Copies of a SQLite database, made once a day. */
export type BackUpConfig = {
  readonly folder: string;
  /** 0: none is made. */
  readonly kept: number;
  /** Minutes after midnight in Brasília. */
  readonly atMinute: number;
};

export type WebConfig = {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /**
   * Origins under which browsers reach us. When empty: the local names of the address we listen on.
   */
  readonly publicOrigins: readonly string[];
  readonly trustedProxies: readonly string[];
  readonly lanAddress?: string;
  readonly tls?: { readonly certificateFile: string; readonly keyFile: string };
  /**
   * Root certificate of the installation's own authority, offered at `/ca.crt`; absent without one.
   */
  readonly authorityFile?: string;
  readonly folder: string;
};

export type SessionConfig = { readonly idleMs: number; readonly lifetimeMs: number };

/** A plain WebSocket behind our proxy. */
export type SocketUpstream = {
  readonly host: string;
  readonly port: number;
  readonly path: string;
};

export type DebtorPhoneConfig = {
  readonly upstream: SocketUpstream;
  readonly domain: string;
  readonly username: string;
  readonly password: string;
  readonly numbers: readonly string[];
  readonly people: readonly PlayedDebtor[];
  readonly operationNumbers: readonly string[];
};

/** An invented debtor whom a visitor plays; the visitor is shown these fields. */
export type PlayedDebtor = {
  readonly phone: string;
  readonly name: string;
  readonly document: string;
  readonly birthDate: string;
  readonly postalCode: string;
};

export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error';
