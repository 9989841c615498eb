import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { ApprovalView } from '../../protocol/supervisor.ts';
import { formatMoment } from '../ui/format.ts';
import { Chip } from '../ui/parts.tsx';
import styles from './supervisor.module.css';
import type { Review } from './use-steering.tsx';

/** Who asked a second person to release a telephone, why, and what became of it. */
export function ReleaseRequest(props: {
  readonly request: ApprovalView;
  readonly busy: boolean;
  readonly onReview: (review: Review) => void;
  readonly onWithdraw: () => void;
}) {
  const { t } = useTranslation();
  const { request, busy } = props;
  if (request.state !== 'asked') return <Ended request={request} />;
  const values = {
    name: request.byName ?? t('unwanted.gone'),
    because: request.because,
    at: formatMoment(request.at),
    until: formatMoment(request.expiresAt),
  };
  return (
    <div className={styles.releaseRequest}>
      <Chip tone="warn">{t('unwanted.request.waits')}</Chip>
      <span className={styles.requestSaid}>
        {t(`unwanted.request.${request.isOwn ? 'own' : 'other'}`, values)}
      </span>
      <span className={styles.rowButtons}>
        {request.isOwn ? (
          <Button size="compact-sm" variant="default" loading={busy} onClick={props.onWithdraw}>
            {t('unwanted.withdraw')}
          </Button>
        ) : (
          <>
            <Button size="compact-sm" onClick={() => props.onReview('approve')}>
              {t('unwanted.approve')}
            </Button>
            <Button size="compact-sm" variant="default" onClick={() => props.onReview('refuse')}>
              {t('unwanted.refuse')}
            </Button>
          </>
        )}
      </span>
    </div>
  );
}

function Ended(props: { readonly request: ApprovalView }) {
  const { t } = useTranslation();
  const { byName, refused } = props.request;
  const gone = t('unwanted.gone');
  return (
    <p className={styles.requestSaid}>
      {refused
        ? t('unwanted.request.refused', {
            name: refused.byName ?? gone,
            because: refused.because,
          })
        : t('unwanted.request.expired', { name: byName ?? gone })}
    </p>
  );
}
