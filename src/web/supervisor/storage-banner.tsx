import { IconAlertOctagonFilled, IconAlertTriangle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { MEGABYTE_BYTES } from '../../lib/bytes.ts';
import type { Board } from '../../protocol/supervisor.ts';
import { formatCount, formatNear } from '../ui/format.ts';
import parts from '../ui/parts.module.css';
import { cx } from '../ui/parts.tsx';
import styles from './supervisor.module.css';

/**
 * Shown when the disk or the database prevents storing decisions or soon will: what it means and
 * since when.
 */
export function StorageBanner({ board }: { readonly board: Board }) {
  const { t } = useTranslation();
  const { room, since, freeBytes, heldUp } = board.storage;
  if (room === 'ok' && !heldUp) return null;
  const free = freeBytes === null ? '–' : formatCount(Math.floor(freeBytes / MEGABYTE_BYTES));
  const isBad = heldUp !== null || room === 'full';
  return (
    <div className={cx(styles.alarmRow, isBad ? parts.bad : parts.late)} role="alert">
      {isBad ? (
        <IconAlertOctagonFilled size={18} aria-hidden />
      ) : (
        <IconAlertTriangle size={18} aria-hidden />
      )}
      <strong className={styles.long}>
        {heldUp
          ? t(`supervisor.storage.heldUp.${heldUp.cause}`)
          : t(`supervisor.storage.room.${room === 'full' ? 'full' : 'low'}`, { free })}
      </strong>
      <small>
        {t('supervisor.storage.since', {
          since: formatNear(heldUp?.since ?? since, board.serverNow),
        })}
      </small>
    </div>
  );
}
