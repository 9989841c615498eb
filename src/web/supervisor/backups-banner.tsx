import { IconAlertTriangle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { DAY_MS } from '../../lib/time.ts';
import type { Board } from '../../protocol/supervisor.ts';
import { formatNear } from '../ui/format.ts';
import parts from '../ui/parts.module.css';
import { cx } from '../ui/parts.tsx';
import styles from './supervisor.module.css';

/** Shown when a night has passed without a backup of the database. */
export function BackupsBanner({ board }: { readonly board: Board }) {
  const { t } = useTranslation();
  const { noBackUpSince: since, serverNow } = board;
  if (since === null) return null;
  const count = Math.max(1, Math.floor((serverNow - since) / DAY_MS));
  return (
    <div className={cx(styles.alarmRow, parts.late)} role="alert">
      <IconAlertTriangle size={18} aria-hidden />
      <strong className={styles.long}>{t('supervisor.backups.none', { count })}</strong>
      <small>{t('supervisor.storage.since', { since: formatNear(since, serverNow) })}</small>
    </div>
  );
}
