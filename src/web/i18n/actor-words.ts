import type { AuditEntryView } from '../../protocol/admin.ts';
import { wordsFor } from './codes.ts';
import { textAt } from './text-at.ts';

/** Who did something, of a row of the audit trail or a version of settings. */
export function actorWords({ by }: Pick<AuditEntryView, 'by'>): string {
  if (by.kind === 'person') return by.name ?? textAt('admin.audit.gone') ?? '';
  return wordsFor('auditActor', by.kind, { name: by.name ?? '–' });
}
