import { Button } from '@mantine/core';
import { IconAlertTriangle, IconDownload } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { ListView } from '../../protocol/admin.ts';
import { rowRefusalSentence } from '../../words/row-refusals.ts';
import { useWords } from '../i18n/codes.ts';
import { currentLanguage } from '../i18n/setup.ts';
import { textAt } from '../i18n/text-at.ts';
import { formatCount } from '../ui/format.ts';
import { Chip, Panel } from '../ui/parts.tsx';
import styles from './admin.module.css';
import { ImportNotes } from './import-notes.tsx';
import { Trouble } from './pieces.tsx';

/** One import: totals that add up to the rows read, and the refused rows. */
export function ListDetail(props: { readonly list: ListView }) {
  const { t } = useTranslation();
  const words = useWords();
  const { list } = props;
  const { totals } = list;
  const sum = totals.created + totals.updated + totals.unchanged + totals.rejected;
  const counts = {
    read: formatCount(totals.read),
    created: formatCount(totals.created),
    updated: formatCount(totals.updated),
    unchanged: formatCount(totals.unchanged),
    rejected: formatCount(totals.rejected),
  };
  return (
    <Panel
      title={list.name}
      aside={
        totals.rejected > 0 && (
          <Button
            component="a"
            variant="default"
            size="compact-xs"
            href={`/api/lists/${encodeURIComponent(list.id)}/rejections.csv`}
            download
            leftSection={<IconDownload size={14} />}
          >
            {t('admin.lists.download')}
          </Button>
        )
      }
    >
      <p className={styles.dim}>
        {t('admin.lists.origin')}: {originWords(list.origin)}
      </p>
      <p data-testid="totals">
        <b>{t('admin.lists.sum', counts)}</b>
      </p>
      {list.brokenOffBecause !== null && (
        <Trouble
          text={t('admin.lists.brokenOff', { because: words('problem', list.brokenOffBecause) })}
        />
      )}
      {sum !== totals.read && list.finishedAt !== null && (
        <Chip tone="bad" icon={<IconAlertTriangle size={15} />}>
          {t('admin.lists.mismatch')}
        </Chip>
      )}
      <ImportNotes list={list} />
      <Rejections list={list} />
    </Panel>
  );
}

function originWords(origin: string): string {
  return textAt(`admin.lists.origins.${origin}`) ?? origin;
}

function Rejections(props: { readonly list: ListView }) {
  const { t } = useTranslation();
  const { rejections, totals } = props.list;
  if (rejections.length === 0) {
    return <p className={styles.dim}>{t('admin.lists.noRejections')}</p>;
  }
  return (
    <>
      <p className={styles.dim} style={{ marginTop: 8 }}>
        {t('admin.lists.rejections')}.{' '}
        {t('admin.lists.rejectionsShown', {
          shown: formatCount(rejections.length),
          all: formatCount(totals.rejected),
        })}
      </p>
      <table className={styles.table}>
        <thead>
          <tr>
            <th className={styles.number}>{t('admin.lists.row')}</th>
            <th>{t('admin.lists.externalId')}</th>
            <th>{t('admin.lists.reason')}</th>
          </tr>
        </thead>
        <tbody>
          {rejections.map((row) => (
            <tr key={row.index}>
              <td className={styles.number}>{formatCount(row.index + 1)}</td>
              <td className={styles.nowrap}>{row.externalId ?? '–'}</td>
              <td>{rowRefusalSentence(row, currentLanguage())}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
