import { z } from 'zod';
import { epochMs, role, user } from './common.ts';

// ── Users ───────────────────────────────────────────────────────────────────────────────────────

/** `GET /api/users` */
export const usersView = z.object({ users: z.array(user) });

/** `POST /api/users`; the answer carries the first password, shown once. */
export const createUserRequest = z.strictObject({
  login: z
    .string()
    .trim()
    .toLowerCase()
    .regex(/^[a-z][a-z0-9._-]{1,63}$/),
  name: z.string().trim().min(2).max(120),
  role,
});

export const createdUserView = z.object({ user, password: z.string() });

/** `PATCH /api/users/:id` */
export const changeUserRequest = z.strictObject({
  name: z.string().trim().min(2).max(120).optional(),
  role: role.optional(),
  enabled: z.boolean().optional(),
});

/** `POST /api/users/:id/password-reset` */
export const passwordResetView = z.object({ password: z.string() });

// ── Tokens of the CRM ───────────────────────────────────────────────────────────────────────────

export const tokenScope = z.enum(['lists:write', 'lists:read', 'calls:read', 'campaigns:read']);

/** `GET /api/tokens` */
export const tokensView = z.object({
  tokens: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      scopes: z.array(tokenScope),
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
  expiresInDays: z.number().int().min(1).max(730).optional(),
});
export const createdTokenView = z.object({ id: z.string(), token: z.string() });

// ── Lists ───────────────────────────────────────────────────────────────────────────────────────

export const LEADS_PER_REQUEST_MAX = 1_000;

/**
 * `POST /api/v1/campaigns/:id/leads`. A row is a flat or nested record with the field names of the
 * import rules; whatever its form, it gets a result of its own.
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
  /** A problem's code, or `interrupted`: rows after it were not read, those before are stored. */
  brokenOffBecause: z.string().nullable(),
  totals: importTotals,
  /** How often a repair was made or something left out, by its code, such as `ninth-digit-inserted`. */
  notes: z.array(z.object({ code: z.string(), rows: z.number().int() })),
  /** How often rows were refused, by why: exact, however many are shown. */
  refusals: z.array(
    z.object({ code: z.string(), reason: z.string().nullable(), rows: z.number().int() }),
  ),
  /**
   * Columns of the file that the import has no use for, with how many rows had a value there. Their
   * first values are in the answer to an upload only: what has no use is not kept.
   */
  unusedColumns: z.array(
    z.object({
      name: z.string(),
      rows: z.number().int(),
      looksLikePhones: z.boolean(),
      firstValues: z.array(z.string()),
    }),
  ),
  /** The first of the rejections; more of them are in `GET /api/lists/:id/rejections.csv`. */
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

/** `GET /api/campaigns`: what an admin page needs to choose one. */
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

/** What audit rows are about, as an admin looks for them. */
export const auditKind = z.enum([
  'access',
  'people',
  'tokens',
  'lists',
  'debtors',
  'campaigns',
  'agents',
  'operation',
]);
export type AuditKind = z.infer<typeof auditKind>;

/** Who did it. A stranger did not prove who they are; an operator is at the machine's command line. */
export const auditActor = z.object({
  kind: z.enum(['person', 'token', 'operator', 'stranger', 'house']),
  name: z.string().nullable(),
});

const auditEntry = z.object({
  /** Grows with time. */
  id: z.number().int(),
  at: epochMs,
  by: auditActor,
  /** IP address; null for what was done in the house itself. */
  address: z.string().nullable(),
  subject: z.string(),
  subjectId: z.string(),
  subjectName: z.string().nullable(),
  change: z.string(),
  from: z.string().nullable(),
  to: z.string().nullable(),
});
export type AuditEntryView = z.infer<typeof auditEntry>;

/** `GET /api/audit`: a page of rows, the newest first. `isMore`: older ones follow. */
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
    /** Of the disk: `low` is a warning, while `full` nothing is dialed or imported. */
    room: z.enum(['ok', 'low', 'full']),
    roomSince: z.number(),
    freeBytes: z.number().nullable(),
    /** What was decided waits to be stored, and why; nothing is dialed meanwhile. */
    heldUp: z.object({ cause: z.enum(['busy', 'full']), since: z.number() }).nullable(),
  }),
  /** Mistakes of ours since the process began, by what was being decided. */
  mistakes: z.record(z.string(), z.number().int()),
  /** That live: a mistake was made about them, and the PBX was or is asked where they are. */
  callsInDoubt: z.number().int(),
  /**
   * Of each campaign over its window, never averaged: people abandoned ÷ people who answered, and the
   * cap. `alarm`: most of the cap is used; `empty`: all of it, and the campaign dials one to one.
   */
  abandonment: z.array(
    z.object({
      campaignId: z.string(),
      windowFrom: z.number(),
      abandoned: z.number(),
      answers: z.number(),
      rateMax: z.number(),
      state: z.enum(['ok', 'alarm', 'empty']),
    }),
  ),
  problems: z.array(z.string()),
});
export type HealthView = z.infer<typeof healthView>;
