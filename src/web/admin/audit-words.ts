/** An audit row in words: who, about what, what happened, from what to what. */
import { z } from 'zod';
import { type AuditEntryView, importTotals } from '../../protocol/admin.ts';
import { changeValueWords } from '../i18n/change-words.ts';
import { wordsFor } from '../i18n/codes.ts';
import { textAt } from '../i18n/text-at.ts';
import { formatDecimal } from '../ui/format.ts';

export function changeWords({ change }: AuditEntryView): string {
  const words = wordsFor('audit', change);
  return words === change ? wordsFor('change', change) : words;
}

/** The subject's kind and name. Removed subjects and unknown logins are described as such. */
export function subjectWords({ subject, subjectId, subjectName }: AuditEntryView): string {
  const unknown = /^login_(.*)$/.exec(subjectId)?.[1];
  if (unknown !== undefined) return textAt('admin.audit.unknownLogin', { mark: unknown }) ?? '';
  if (subjectId === 'address') return textAt('admin.audit.everyLogin') ?? '';
  const kind = textAt(`admin.audit.subjects.${subject}`) ?? subject;
  return subjectName === null ? kind : `${kind} ${subjectName}`;
}

/** The old and the new value in words. */
export function valueWords(entry: AuditEntryView): { readonly from: string; readonly to: string } {
  const { subject, change, from, to } = entry;
  if (change === 'import-ended') return { from: NONE, to: endWords(to) };
  if (subject === 'block') return { from: NONE, to: approvedBy(to) };
  if (subject === 'backup') return { from: NONE, to: sizeWords(to) };
  if (subject === 'list') return { from: NONE, to: NONE };
  if (subject === 'user' && change === 'created') return { from: NONE, to: newPersonWords(to) };
  if (subject === 'user' && change === 'changed') return differenceWords(from, to);
  if (subject === 'token' && change === 'created') return { from: NONE, to: scopeWords(to) };
  return { from: changeValueWords(change, from), to: changeValueWords(change, to) };
}

const NONE = '–';

/** Who approved it, where a second person had to. */
function approvedBy(name: string | null): string {
  return name === null ? NONE : (textAt('admin.audit.approvedBy', { name }) ?? name);
}

/** `3.6 MB`, or why there is no copy. */
function sizeWords(to: string | null): string {
  const size = /^(\d+\.\d) MB$/.exec(to ?? '')?.[1];
  return size === undefined
    ? wordsFor('backupFailed', to ?? NONE)
    : `${formatDecimal(Number(size), 1)} MB`;
}

const importEnd = importTotals.extend({ brokenOffBecause: z.string().optional() });

function endWords(to: string | null): string {
  const end = importEnd.safeParse(jsonOf(to));
  if (!end.success) return NONE;
  const { brokenOffBecause, ...totals } = end.data;
  const sum = textAt('admin.lists.sum', totals) ?? '';
  return brokenOffBecause === undefined ? sum : `${sum}. ${wordsFor('problem', brokenOffBecause)}`;
}

const person = z.object({
  name: z.string(),
  role: z.string(),
  enabled: z.boolean(),
  /** Names of creditors; absent when not limited. */
  limitedTo: z.array(z.string()).optional(),
});

/**
 * Only the fields that differ. Rows of earlier versions hold sentences and are shown as they are.
 */
function differenceWords(
  from: string | null,
  to: string | null,
): { readonly from: string; readonly to: string } {
  const before = person.safeParse(jsonOf(from));
  const after = person.safeParse(jsonOf(to));
  if (!before.success || !after.success) return { from: from ?? NONE, to: to ?? NONE };
  const differs = (['name', 'role', 'enabled', 'limitedTo'] as const).filter(
    (field) => String(before.data[field]) !== String(after.data[field]),
  );
  const words = (of: z.infer<typeof person>) =>
    differs.map((field) => (field === 'name' ? of.name : fieldWords(of, field))).join(', ') || NONE;
  return { from: words(before.data), to: words(after.data) };
}

/** The role, and the creditors of a user who was limited from the beginning. */
function newPersonWords(to: string | null): string {
  const made = person.safeParse(jsonOf(to));
  return made.success
    ? `${roleWords(made.data.role)}, ${fieldWords(made.data, 'limitedTo')}`
    : roleWords(to);
}

function fieldWords(of: z.infer<typeof person>, field: 'role' | 'enabled' | 'limitedTo'): string {
  if (field === 'role') return roleWords(of.role);
  if (field === 'limitedTo') {
    return of.limitedTo?.join(', ') ?? textAt('admin.users.notLimited') ?? '';
  }
  return textAt(of.enabled ? 'admin.users.enabled' : 'admin.users.disabled') ?? '';
}

function roleWords(role: string | null): string {
  return role === null ? NONE : wordsFor('role', role);
}

const limitedToken = z.object({ scopes: z.array(z.string()), limitedTo: z.array(z.string()) });

/** `CRM: lists:write, calls:read` in rows of earlier versions; with creditors where it is limited. */
function scopeWords(to: string | null): string {
  const limited = limitedToken.safeParse(jsonOf(to));
  if (limited.success) {
    const { scopes, limitedTo } = limited.data;
    return [scopeWords(scopes.join(', ')), ...limitedTo].join(', ');
  }
  return (to ?? NONE)
    .replace(/^.*: (?=\w+:\w+)/, '')
    .split(', ')
    .map((scope) => textAt(`admin.tokens.scope.${scope}`) ?? scope)
    .join(', ');
}

function jsonOf(text: string | null): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}
