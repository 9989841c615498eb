import type { LeadRow } from '../../domain/leads/import-row.ts';
import type { CampaignId, DebtorId, LeadId, ListId, TokenId, UserId } from '../../lib/ids.ts';
import type { EpochMs } from '../../lib/time.ts';

/** Where a row came from and where it stood there, so that every row read is accounted for. */
export type ImportSource = {
  readonly listId: ListId;
  readonly campaignId: CampaignId;
  readonly name: string;
  readonly origin: 'api' | 'csv-upload' | 'command-line' | 'demo';
  readonly byUserId?: UserId;
  /** For the audit rows of its beginning and end; a list read again has neither. */
  readonly byTokenId?: TokenId;
  readonly address?: string;
  readonly startedAt: EpochMs;
};

/** A row as parsed: good, or refused with a code before storage was asked. */
export type ParsedRow =
  | { readonly index: number; readonly ok: true; readonly row: LeadRow }
  | {
      readonly index: number;
      readonly ok: false;
      readonly code: string;
      readonly reason: string;
      readonly field?: string;
      readonly externalId?: string;
    };

export type RowResult = { readonly index: number; readonly externalId?: string } & (
  | {
      readonly status: 'created' | 'updated' | 'unchanged';
      readonly leadId: LeadId;
      readonly debtorId: DebtorId;
      readonly warnings: LeadRow['warnings'];
    }
  | {
      readonly status: 'rejected';
      readonly code: string;
      readonly reason: string;
      readonly field?: string;
    }
);

/** `read = created + updated + unchanged + rejected`, always. */
export type ImportTotals = {
  readonly read: number;
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly rejected: number;
};

/**
 * How often something happened in an import: a refusal by its code and finer reason, a repair or
 * something left out by its code, or a value in a column that the import has no use for, by the
 * column's name. Exact, however many rows are kept.
 */
export type ImportCount = {
  readonly kind: 'refused' | 'noted' | 'unused-column' | 'unused-phone-column';
  readonly code: string;
  readonly reason?: string;
  readonly rows: number;
};

/** A column of the file that the import does not use; its values may look like phones. */
export type UnusedColumn = { readonly name: string; readonly looksLikePhones: boolean };

export type ListRecord = ImportSource & {
  readonly totals: ImportTotals;
  readonly counts: readonly ImportCount[];
  readonly finishedAt?: EpochMs;
  /** Rows after this were never read; those before are stored. */
  readonly brokenOffBecause?: string;
  /** The first {@link REJECTIONS_KEPT_MAX} of them at most; the totals and counts are of all. */
  readonly rejections: readonly {
    readonly index: number;
    readonly code: string;
    readonly reason: string;
    readonly field?: string;
    readonly externalId?: string;
  }[];
};

/** Getting debtors, debts and phones in. Small transactions with pauses, so that dialing goes on beside it. */
export interface Lists {
  begin(source: ImportSource, unusedColumns?: readonly UnusedColumn[]): Promise<void>;
  /** Stores a chunk in order; at most {@link IMPORT_CHUNK_ROWS_MAX} rows. */
  importRows(
    listId: ListId,
    rows: readonly ParsedRow[],
    now: EpochMs,
  ): Promise<readonly RowResult[]>;
  /**
   * Says that the import goes on, however long its source is silent. To be called at least every
   * {@link IMPORT_TOUCH_MS}.
   */
  touch(listId: ListId, now: EpochMs): Promise<void>;
  /** `brokenOffBecause` where its source ended too early: a code, kept for who looks at the list. */
  finish(listId: ListId, now: EpochMs, brokenOffBecause?: string): Promise<ListRecord>;
  /**
   * Closes as interrupted what a process left unfinished, with what was stored of it. `of-server`: all
   * imports of a server, which only the one that holds the lease runs, and which has just begun.
   * `silent`: those that were not touched for {@link IMPORT_SILENT_MS_MAX}, no matter who runs them; a living
   * one that was closed by mistake, because its process stood still, is finished by it all the same.
   */
  closeInterrupted(now: EpochMs, which: 'of-server' | 'silent'): Promise<readonly ListId[]>;
  list(listId: ListId): Promise<ListRecord | undefined>;
  lists(campaignId: CampaignId): Promise<ListRecord[]>;
}

export const IMPORT_CHUNK_ROWS_MAX = 200;
/** Refused rows of a list that are kept one by one. */
export const REJECTIONS_KEPT_MAX = 10_000;
export const IMPORT_TOUCH_MS = 10_000;
export const IMPORT_SILENT_MS_MAX = 60_000;
