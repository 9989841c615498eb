import { z } from 'zod';
import { epochMs, role, user } from './common.ts';

// ── Users ───────────────────────────────────────────────────────────────────────────────────────

/** `GET /api/users`, and the creditors to which a user may be limited. */
export const usersView = z.object({
  users: z.array(user),
  creditors: z.array(z.object({ id: z.string(), name: z.string() })),
});

/** Creditors of one account; a house has a few dozen at most. */
const LIMITED_TO_MAX = 500;

/** `POST /api/users`; the answer carries the first password, shown once. */
export const createUserRequest = z.strictObject({
  login: z
    .string()
    .trim()
    .toLowerCase()
    .regex(/^[a-z][a-z0-9._-]{1,63}$/),
  name: z.string().trim().min(2).max(120),
  role,
  /** Ids of creditors; absent when not limited. */
  limitedTo: z.array(z.string()).min(1).max(LIMITED_TO_MAX).optional(),
});

export const createdUserView = z.object({ user, password: z.string() });

/** `PATCH /api/users/:id` */
export const changeUserRequest = z.strictObject({
  name: z.string().trim().min(2).max(120).optional(),
  role: role.optional(),
  enabled: z.boolean().optional(),
  /** Ids of creditors; null lifts the limit. */
  limitedTo: z.array(z.string()).min(1).max(LIMITED_TO_MAX).nullable().optional(),
});

/** `POST /api/users/:id/password-reset` */
export const passwordResetView = z.object({ password: z.string() });

// ── Tokens of the CRM ───────────────────────────────────────────────────────────────────────────

export const tokenScope = z.enum(['lists:write', 'lists:read', 'calls:read', 'campaigns:read']);

/** `GET /api/tokens`, and the creditors to which a token may be limited. */
export const tokensView = z.object({
  creditors: z.array(z.object({ id: z.string(), name: z.string() })),
  tokens: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      scopes: z.array(tokenScope),
      /** Ids of the creditors whose campaigns it reads and fills; null when not limited. */
      limitedTo: z.array(z.string()).nullable(),
      createdAt: epochMs,
      expiresAt: epochMs.nullable(),
      revokedAt: epochMs.nullable(),
    }),
  ),
});

/** `POST /api/tokens`; the answer carries the token, shown once. */
export const createTokenRequest = z.strictObject({
  name: z.string().trim().min(2).max(120),
  scopes: z.array(tokenScope).min(1),
  /** Ids of creditors; absent when not limited. */
  limitedTo: z.array(z.string()).min(1).max(LIMITED_TO_MAX).optional(),
  expiresInDays: z.number().int().min(1).max(730).optional(),
});
export const createdTokenView = z.object({ id: z.string(), token: z.string() });

// ── Lists ───────────────────────────────────────────────────────────────────────────────────────

export const LEADS_PER_REQUEST_MAX = 1_000;

/**
 * `POST /api/v1/campaigns/:id/leads`. A row is a flat or nested record with the field names of the
 * import rules. Every row gets a result of its own, also a malformed one.
 */
export const importLeadsRequest = z.strictObject({
  name: z.string().trim().min(1).max(120).optional(),
  rows: z.array(z.record(z.string(), z.unknown())).min(1).max(LEADS_PER_REQUEST_MAX),
});

export const importTotals = z.object({
  read: z.number().int(),
  created: z.number().int(),
  updated: z.number().int(),
  unchanged: z.number().int(),
  rejected: z.number().int(),
});

export const rowResult = z.object({
  index: z.number().int(),
  externalId: z.string().nullable(),
  status: z.enum(['created', 'updated', 'unchanged', 'rejected']),
  leadId: z.string().nullable(),
  code: z.string().nullable(),
  reason: z.string().nullable(),
  field: z.string().nullable(),
  /** What was repaired or left out, such as `fone2: ninth-digit-inserted`. */
  warnings: z.array(z.string()),
});
export type RowResult = z.infer<typeof rowResult>;

export const importLeadsAnswer = z.object({
  listId: z.string(),
  totals: importTotals,
  results: z.array(rowResult),
});
export type ImportLeadsAnswer = z.infer<typeof importLeadsAnswer>;

/** `POST /api/campaigns/:id/lists` (body `text/csv`) and `GET /api/campaigns/:id/lists`. */
export const listView = z.object({
  id: z.string(),
  name: z.string(),
  origin: z.string(),
  startedAt: epochMs,
  finishedAt: epochMs.nullable(),
  /**
   * A problem's code, or `interrupted`: earlier rows are stored, later ones were not read. Null
   * when the file was read to its end.
   */
  brokenOffBecause: z.string().nullable(),
  totals: importTotals,
  /** Rows with a repair or an omission, by its code, such as `ninth-digit-inserted`. */
  notes: z.array(z.object({ code: z.string(), rows: z.number().int() })),
  /** Exact counts of refused rows by reason, whatever the number of rejections shown. */
  refusals: z.array(
    z.object({ code: z.string(), reason: z.string().nullable(), rows: z.number().int() }),
  ),
  /**
   * Columns that the import does not use, with the number of rows that had a value there. Their
   * first values are only in the answer to an upload, because unused values are not stored.
   */
  unusedColumns: z.array(
    z.object({
      name: z.string(),
      rows: z.number().int(),
      looksLikePhones: z.boolean(),
      firstValues: z.array(z.string()),
    }),
  ),
  /** The first rejections; `GET /api/lists/:id/rejections.csv` has more. */
  rejections: z.array(
    z.object({
      index: z.number().int(),
      externalId: z.string().nullable(),
      code: z.string(),
      reason: z.string(),
      field: z.string().nullable(),
    }),
  ),
});
export type ListView = z.infer<typeof listView>;
export const listsView = z.object({ lists: z.array(listView) });

/** `GET /api/campaigns`: the campaigns an admin page offers to choose from. */
export const campaignsView = z.object({
  campaigns: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      state: z.enum(['running', 'paused', 'stopped']),
      creditors: z.array(z.string()),
    }),
  ),
});

/** Subjects of audit rows, by which an admin filters. */
export const auditKind = z.enum([
  'access',
  'people',
  'tokens',
  'lists',
  'debtors',
  'approvals',
  'campaigns',
  'agents',
  'operation',
]);
export type AuditKind = z.infer<typeof auditKind>;

/**
 * Who acted. A stranger has not proved who they are; an operator works at the machine's command
 * line; the house is the product itself.
 */
export const auditActor = z.object({
  kind: z.enum(['person', 'token', 'operator', 'stranger', 'house']),
  name: z.string().nullable(),
});

const auditEntry = z.object({
  /** Later rows have larger ids. */
  id: z.number().int(),
  at: epochMs,
  by: auditActor,
  /** IP address; null when the action came from no network client. */
  address: z.string().nullable(),
  subject: z.string(),
  subjectId: z.string(),
  subjectName: z.string().nullable(),
  change: z.string(),
  from: z.string().nullable(),
  to: z.string().nullable(),
  /** Why, in the words of who did it; null when they gave no reason. */
  because: z.string().nullable(),
});
export type AuditEntryView = z.infer<typeof auditEntry>;

/** `GET /api/audit`: a page of rows, newest first. `isMore`: older rows follow. */
export const auditView = z.object({ entries: z.array(auditEntry), isMore: z.boolean() });

// ── Health ──────────────────────────────────────────────────────────────────────────────────────

/** `GET /health`: 200 while `ok`, 503 otherwise. Holds nothing personal. */
export const healthView = z.object({
  ok: z.boolean(),
  version: z.string(),
  upSeconds: z.number(),
  eventLoopDelayMs: z.object({ p50: z.number(), p99: z.number(), max: z.number() }),
  inbox: z.object({ depth: z.number().int(), max: z.number().int() }),
  telephony: z.object({
    connected: z.boolean(),
    lagMs: z.number().nullable(),
    silentForMs: z.number().nullable(),
    unknownEvents: z.number().int(),
    version: z.string().nullable(),
  }),
  /** How far wall clock and monotonic clock drifted apart since the start. */
  clock: z.object({ driftMs: z.number(), jumps: z.number().int() }),
  store: z.object({
    lastFactSequence: z.number().int(),
    commitMsP99: z.number().nullable(),
    /** Room on the disk. `low` is a warning; at `full` nothing is dialed or imported. */
    room: z.enum(['ok', 'low', 'full']),
    roomSince: z.number(),
    freeBytes: z.number().nullable(),
    /**
     * Why decisions cannot be stored now; null when they can. Nothing is dialed while they wait.
     */
    heldUp: z.object({ cause: z.enum(['busy', 'silent', 'full']), since: z.number() }).nullable(),
  }),
  /** Work in the background. `dead`: given up after the last try; the log and the audit trail say why. */
  jobs: z.object({
    waiting: z.number().int(),
    taken: z.number().int(),
    dead: z.number().int(),
  }),
  /** The newest backup, once a night has passed without one; null while there is none to miss. */
  noBackUpSince: z.number().nullable(),
  /** Mistakes of ours since the process began, by the kind of decision they broke. */
  mistakes: z.record(z.string(), z.number().int()),
  /** Live calls about which a mistake was made; the PBX is asked about their state. */
  callsInDoubt: z.number().int(),
  /**
   * Campaigns by the state of their abandonment; which they are, the board says to those who may know.
   * `alarm`: most of the cap is used. `empty`: all of it is used, and the campaign dials one call for
   * each free agent.
   */
  abandonment: z.object({
    ok: z.number().int(),
    alarm: z.number().int(),
    empty: z.number().int(),
  }),
  problems: z.array(z.string()),
});
export type HealthView = z.infer<typeof healthView>;
