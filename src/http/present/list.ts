import { countedColumnName } from '../../domain/leads/unused-columns.ts';
import type { ListRecord, RowResult } from '../../engine/ports/lists.ts';
import type { SeenColumn } from '../../imports/read-rows.ts';
import { unreachable } from '../../lib/assert.ts';
import type { ListView, RowResult as RowResultView } from '../../protocol/admin.ts';

/** Rejections in the answer; the rejections file has all of them. */
const REJECTIONS_SHOWN_MAX = 100;

/** `seen`: the unused columns of a file just uploaded, shown only to its sender. */
export function presentList(record: ListRecord, seen: readonly SeenColumn[] = []): ListView {
  return {
    id: record.listId,
    name: record.name,
    origin: record.origin,
    startedAt: record.startedAt,
    finishedAt: record.finishedAt ?? null,
    brokenOffBecause: record.brokenOffBecause ?? null,
    totals: record.totals,
    ...presentCounts(record.counts, seen),
    rejections: record.rejections.slice(0, REJECTIONS_SHOWN_MAX).map((one) => ({
      index: one.index,
      externalId: one.externalId ?? null,
      code: one.code,
      reason: one.reason,
      field: one.field ?? null,
    })),
  };
}

function presentCounts(
  counts: ListRecord['counts'],
  seen: readonly SeenColumn[],
): Pick<ListView, 'notes' | 'refusals' | 'unusedColumns'> {
  const notes: ListView['notes'] = [];
  const refusals: ListView['refusals'] = [];
  const unusedColumns: ListView['unusedColumns'] = [];
  for (const { kind, code, reason = null, rows } of counts) {
    switch (kind) {
      case 'noted':
        notes.push({ code, rows });
        break;
      case 'refused':
        refusals.push({ code, reason, rows });
        break;
      case 'unused-column':
      case 'unused-phone-column': {
        const looksLikePhones = kind === 'unused-phone-column';
        const ofName = seen.find(({ name }) => countedColumnName(name) === code);
        const firstValues = ofName?.firstValues ?? [];
        unusedColumns.push({ name: code, rows, looksLikePhones, firstValues: [...firstValues] });
        break;
      }
      default:
        return unreachable(kind);
    }
  }
  return { notes, refusals, unusedColumns };
}

export function presentRowResult(result: RowResult): RowResultView {
  const { index, externalId = null, status } = result;
  if (status === 'rejected') {
    const { code, reason, field = null } = result;
    return { index, externalId, status, leadId: null, code, reason, field, warnings: [] };
  }
  const { leadId, warnings } = result;
  const nothing = { code: null, reason: null, field: null };
  const words = warnings.map(({ column, code }) => `${column}: ${code}`);
  return { index, externalId, status, leadId, ...nothing, warnings: words };
}
