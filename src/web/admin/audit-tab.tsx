import { Button, Select, TextInput } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import {
  type AuditEntryView,
  type AuditKind,
  auditKind,
  auditView,
  usersView,
} from '../../protocol/admin.ts';
import { actorWords } from '../i18n/actor-words.ts';
import { useWords } from '../i18n/codes.ts';
import { ask } from '../live/http.ts';
import { useLoaded } from '../live/use-loaded.ts';
import { formatDate, formatTimeOfDay } from '../ui/format.ts';
import { Empty, Panel } from '../ui/parts.tsx';
import { Scroll } from '../ui/scroll.tsx';
import styles from './admin.module.css';
import { changeWords, subjectWords, valueWords } from './audit-words.ts';
import { Trouble } from './pieces.tsx';

const PAGE_ROWS = 100;

type Wanted = {
  readonly kind: AuditKind | null;
  readonly userId: string | null;
  /** `2026-11-30`, a day on this browser's clock. */
  readonly day: string;
};

/** Who did what, from where and when. */
export function AuditTab() {
  const { t } = useTranslation();
  const [wanted, setWanted] = useState<Wanted>({ kind: null, userId: null, day: '' });
  const rows = useRows(wanted);
  return (
    <>
      <div className={styles.tools}>
        <Filters wanted={wanted} onWanted={setWanted} />
        <Button
          variant="default"
          leftSection={<IconRefresh size={16} />}
          onClick={() => void rows.reload()}
        >
          {t('admin.audit.refresh')}
        </Button>
      </div>
      <Trouble text={rows.trouble} />
      <Panel title={t('admin.tabs.audit')} plain style={{ flex: 1 }}>
        <Scroll label={t('admin.tabs.audit')} className={styles.scroll}>
          {rows.entries?.length === 0 && <Empty>{t('admin.audit.none')}</Empty>}
          <Rows entries={rows.entries ?? []} />
          {rows.isMore && (
            <Button variant="default" m="sm" onClick={() => void rows.older()}>
              {t('admin.audit.older')}
            </Button>
          )}
        </Scroll>
      </Panel>
    </>
  );
}

function Filters(props: { readonly wanted: Wanted; readonly onWanted: (wanted: Wanted) => void }) {
  const { t } = useTranslation();
  const words = useWords();
  const { wanted, onWanted } = props;
  const users = useLoaded('/api/users', usersView);
  const people = (users.value?.users ?? []).map(({ id, name }) => ({ value: id, label: name }));
  const kinds = auditKind.options.map((kind) => ({ value: kind, label: words('auditKind', kind) }));
  return (
    <>
      <Select
        label={t('admin.audit.kind')}
        placeholder={t('admin.audit.all')}
        data={kinds}
        value={wanted.kind}
        onChange={(kind) => onWanted({ ...wanted, kind })}
        clearable
        clearButtonProps={{ 'aria-label': t('admin.audit.all') }}
      />
      {users.trouble === undefined && (
        <Select
          label={t('admin.audit.person')}
          placeholder={t('admin.audit.all')}
          data={people}
          value={wanted.userId}
          onChange={(userId) => onWanted({ ...wanted, userId })}
          searchable
          clearable
          clearButtonProps={{ 'aria-label': t('admin.audit.all') }}
        />
      )}
      <TextInput
        type="date"
        label={t('admin.audit.day')}
        value={wanted.day}
        onChange={(event) => onWanted({ ...wanted, day: event.currentTarget.value })}
      />
    </>
  );
}

const ONE_LINE_LETTERS_MAX = 16;

function Rows(props: { readonly entries: readonly AuditEntryView[] }) {
  const { t } = useTranslation();
  const columns = ['at', 'by', 'address', 'subject', 'change', 'from', 'to', 'because'] as const;
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          {columns.map((column) => (
            <th key={column}>{t(`admin.audit.${column}`)}</th>
          ))}
        </tr>
      </thead>
      <tbody>
        {props.entries.map((entry) => {
          const { from, to } = valueWords(entry);
          return (
            <tr key={entry.id}>
              <td className={styles.nowrap}>
                {formatDate(entry.at)} {formatTimeOfDay(entry.at)}
              </td>
              <td>{actorWords(entry)}</td>
              <td className={styles.dim}>{entry.address ?? '–'}</td>
              <td title={entry.subjectId}>{subjectWords(entry)}</td>
              <td>{changeWords(entry)}</td>
              <td className={classOf(from)}>{from}</td>
              <td className={classOf(to)}>{to}</td>
              <td className={styles.dim}>{entry.because ?? ''}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

/** A number and its unit stay on one line. */
function classOf(value: string): string | undefined {
  return value.length <= ONE_LINE_LETTERS_MAX ? styles.nowrap : undefined;
}

type Shown = {
  /** The question these entries answer; they are not shown for another one. */
  readonly of?: Wanted;
  readonly entries?: readonly AuditEntryView[];
  readonly isMore: boolean;
  readonly trouble?: string;
};

/** The pages of rows read so far. Only the newest answer counts; a failed one keeps the rows. */
function useRows(wanted: Wanted) {
  const words = useWords();
  const [shown, setShown] = useState<Shown>({ isMore: false });
  const newest = useRef(0);
  const read = useCallback(
    async (before: readonly AuditEntryView[]): Promise<void> => {
      newest.current += 1;
      const mine = newest.current;
      const answer = await ask('GET', pathOf(wanted, before.at(-1)?.id), auditView);
      if (mine !== newest.current) return;
      if (answer.ok) {
        const { entries, isMore } = answer.value;
        setShown({ of: wanted, entries: [...before, ...entries], isMore });
        return;
      }
      const trouble = words('problem', answer.problem.code);
      setShown((last) => ({
        ...(last.of === wanted ? last : { of: wanted, isMore: false }),
        trouble,
      }));
    },
    [wanted, words],
  );
  useEffect(() => {
    void read([]);
  }, [read]);
  return {
    ...shown,
    reload: () => read([]),
    older: () => read((shown.of === wanted && shown.entries) || []),
  };
}

function pathOf({ kind, userId, day }: Wanted, olderThanId: number | undefined): string {
  const query = new URLSearchParams({ limit: String(PAGE_ROWS) });
  if (kind) query.set('kind', kind);
  if (userId) query.set('userId', userId);
  const [year = 0, month = 0, date = 0] = day.split('-').map(Number);
  if (day !== '') {
    query.set('from', String(new Date(year, month - 1, date).getTime()));
    query.set('before', String(new Date(year, month - 1, date + 1).getTime()));
  }
  if (olderThanId !== undefined) query.set('olderThanId', String(olderThanId));
  return `/api/audit?${query}`;
}
