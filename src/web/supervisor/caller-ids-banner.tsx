import { IconAlertTriangle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Board } from '../../protocol/supervisor.ts';
import { formatCount, formatDialed, formatTimeOfDay } from '../ui/format.ts';
import parts from '../ui/parts.module.css';
import { cx } from '../ui/parts.tsx';
import styles from './supervisor.module.css';

/**
 * Caller IDs refused by the network or by the people called: which, how often, and until when they
 * rest.
 */
export function CallerIdsBanner({ board }: { readonly board: Board }) {
  const { t } = useTranslation();
  return board.callerIdsResting.map(({ number, refused, of, until }) => (
    <div key={number} className={cx(styles.alarmRow, parts.late)} role="alert">
      <IconAlertTriangle size={18} aria-hidden />
      <strong className={styles.long}>
        {t('supervisor.callerIds.resting', {
          number: formatDialed(number),
          refused: formatCount(refused),
          of: formatCount(of),
          until: formatTimeOfDay(until),
        })}
      </strong>
    </div>
  ));
}
