import { useTranslation } from 'react-i18next';
import type { ListView } from '../../protocol/admin.ts';
import { rowNoteWords, rowRefusalSentence } from '../../words/row-refusals.ts';
import { currentLanguage } from '../i18n/setup.ts';
import { formatCount } from '../ui/format.ts';
import styles from './admin.module.css';
import { Trouble } from './pieces.tsx';

/** Everything an import did beside storing rows: repairs, omissions, unused columns. */
export function ImportNotes(props: { readonly list: ListView }) {
  const { t } = useTranslation();
  const { notes, refusals, unusedColumns } = props.list;
  const phones = unusedColumns.filter((column) => column.looksLikePhones);
  const language = currentLanguage();
  return (
    <>
      {phones.length > 0 && (
        <Trouble
          text={t('admin.lists.unusedPhones', { names: phones.map((one) => one.name).join(', ') })}
        />
      )}
      <Counts
        title={t('admin.lists.notes')}
        items={notes.map(({ code, rows }) => [rowNoteWords(code, language), rows])}
      />
      <Counts
        title={t('admin.lists.rejectedBecause')}
        items={refusals.map(({ code, reason, rows }) => [
          rowRefusalSentence({ code, reason: reason ?? code }, language),
          rows,
        ])}
      />
      {unusedColumns.length > 0 && (
        <p className={styles.dim}>
          <b>{t('admin.lists.unusedColumns')}:</b>{' '}
          {unusedColumns
            .map(({ name, rows, firstValues }) => {
              const column = { name, count: rows, rows: formatCount(rows) };
              const words = t('admin.lists.unusedColumn', column);
              return firstValues.length > 0 ? `${words}: ${firstValues.join(' · ')}` : words;
            })
            .join('; ')}
        </p>
      )}
    </>
  );
}

function Counts(props: {
  readonly title: string;
  readonly items: readonly (readonly [words: string, rows: number])[];
}) {
  const { t } = useTranslation();
  if (props.items.length === 0) return null;
  return (
    <>
      <p className={styles.dim} style={{ marginTop: 8 }}>
        <b>{props.title}</b>
      </p>
      <ul className={styles.counts}>
        {props.items.map(([words, rows]) => (
          <li key={words}>
            {t('admin.lists.times', { rows: formatCount(rows) })} {words}
          </li>
        ))}
      </ul>
    </>
  );
}
