import { Button, TextInput } from '@mantine/core';
import { IconRefresh, IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { auditView } from '../../protocol/admin.ts';
import { changeValueWords } from '../i18n/change-words.ts';
import { useWords } from '../i18n/codes.ts';
import { textAt } from '../i18n/text-at.ts';
import { formatDate, formatTimeOfDay } from '../ui/format.ts';
import { Empty, Panel } from '../ui/parts.tsx';
import { folded } from '../ui/typed.ts';
import styles from './admin.module.css';
import { Trouble } from './pieces.tsx';
import { useLoaded } from './use-loaded.ts';

export function AuditTab() {
  const { t } = useTranslation();
  const words = useWords();
  const audit = useLoaded('/api/audit', auditView);
  const [typed, setTyped] = useState('');
  const wanted = folded(typed).trim();
  const shown = (audit.value?.entries ?? []).filter((entry) =>
    folded(
      [
        ...[entry.by, subjectWords(entry.subject), entry.subject, entry.subjectId],
        ...[words('change', entry.change), entry.change, entry.from, entry.to],
      ].join(' '),
    ).includes(wanted),
  );
  return (
    <>
      <div className={styles.tools}>
        <TextInput
          w={300}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          placeholder={t('admin.audit.search')}
          aria-label={t('admin.audit.search')}
          leftSection={<IconSearch size={14} />}
        />
        <Button
          variant="default"
          leftSection={<IconRefresh size={16} />}
          onClick={() => void audit.reload()}
        >
          {t('admin.audit.refresh')}
        </Button>
      </div>
      <Trouble text={audit.trouble} />
      <Panel title={t('admin.tabs.audit')} plain style={{ flex: 1 }}>
        <div className={styles.scroll}>
          {audit.value && shown.length === 0 && <Empty>{t('admin.audit.none')}</Empty>}
          <table className={styles.table}>
            <thead>
              <tr>
                <th>{t('admin.audit.at')}</th>
                <th>{t('admin.audit.by')}</th>
                <th>{t('admin.audit.subject')}</th>
                <th>{t('admin.audit.change')}</th>
                <th>{t('admin.audit.from')}</th>
                <th>{t('admin.audit.to')}</th>
              </tr>
            </thead>
            <tbody>
              {shown.map((entry) => (
                <tr key={`${entry.at} ${entry.subjectId} ${entry.change} ${entry.to}`}>
                  <td className={styles.nowrap}>
                    {formatDate(entry.at)} {formatTimeOfDay(entry.at)}
                  </td>
                  <td>{entry.by ?? t('admin.audit.house')}</td>
                  <td title={entry.subjectId}>
                    {subjectWords(entry.subject)}{' '}
                    <span className={styles.dim}>{entry.subjectId}</span>
                  </td>
                  <td title={entry.change}>{words('change', entry.change)}</td>
                  <td>{changeValueWords(entry.change, entry.from)}</td>
                  <td>{changeValueWords(entry.change, entry.to)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </Panel>
    </>
  );
}

function subjectWords(subject: string): string {
  return textAt(`admin.audit.subjects.${subject}`) ?? subject;
}
