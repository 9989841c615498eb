import type { AuditEntryView } from '../../src/protocol/admin.ts';

const ROBERTO = { kind: 'person', name: 'Roberto Nascimento' } as const;
const HOUSE = { kind: 'house', name: null } as const;
const VAREJO = { subject: 'campaign', subjectId: 'campaign_varejo', subjectName: 'Varejo' };

/** Rows of the audit trail, the newest first: changes, a review, a backup and a first setting. */
export function fakeAudit(now: number): AuditEntryView[] {
  const rows: Omit<AuditEntryView, 'id'>[] = [
    {
      ...{ at: now, by: ROBERTO, address: '10.0.0.7', ...VAREJO, change: 'ratio' },
      ...{ from: '2', to: '2.4', because: null },
    },
    {
      ...{ at: now - 30_000, by: ROBERTO, address: '2001:db8:85a3::8a2e:370:7334' },
      ...{ subject: 'block', subjectId: 'block_1', subjectName: null, change: 'lifted' },
      ...{ from: null, to: 'Maria Aparecida de Albuquerque Figueiredo' },
      because: 'ligou de volta às 10h e pediu para falar da parcela de novembro',
    },
    {
      ...{ at: now - 60_000, by: ROBERTO, address: '10.0.0.7', ...VAREJO },
      ...{ change: 'ringTimeoutMs', from: '25000', to: '22000', because: null },
    },
    {
      ...{ at: now - 80_000, by: HOUSE, address: null, subject: 'backup' },
      ...{ subjectId: 'cadencia-2026-11-30T0300.db', subjectName: null, change: 'backup-made' },
      ...{ from: null, to: '3.6 MB', because: null },
    },
    {
      ...{ at: now - 90_000, by: HOUSE, address: null, subject: 'caller-id' },
      ...{ subjectId: 'caller-id_1', subjectName: '+551133334444', change: 'created' },
      ...{ from: null, to: '+551133334444', because: null },
    },
  ];
  return rows.map((row, index) => ({ ...row, id: rows.length - index }));
}
