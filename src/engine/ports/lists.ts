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
      readonly warnings: readonly string[];
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

export type ListRecord = ImportSource & {
  readonly totals: ImportTotals;
  readonly finishedAt?: EpochMs;
  /** Rows after this were never read; those before are stored. */
  readonly brokenOffBecause?: string;
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
  begin(source: ImportSource): Promise<void>;
  /** Stores a chunk in order; at most {@link IMPORT_CHUNK_ROWS_MAX} rows. */
  importRows(
    listId: ListId,
    rows: readonly ParsedRow[],
    now: EpochMs,
  ): Promise<readonly RowResult[]>;
  /** `brokenOffBecause` where its source ended too early: a code, kept for who looks at the list. */
  finish(listId: ListId, now: EpochMs, brokenOffBecause?: string): Promise<ListRecord>;
  list(listId: ListId): Promise<ListRecord | undefined>;
  lists(campaignId: CampaignId): Promise<ListRecord[]>;
}

export const IMPORT_CHUNK_ROWS_MAX = 200;
