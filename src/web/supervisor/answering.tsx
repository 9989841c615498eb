import { NativeSelect } from '@mantine/core';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { MINUTE_MS } from '../../lib/time.ts';
import { amdMode, type BoardCampaign, screeningReport } from '../../protocol/supervisor.ts';
import { useLoaded } from '../admin/use-loaded.ts';
import { useWords } from '../i18n/codes.ts';
import { formatCount, formatShare } from '../ui/format.ts';
import styles from './gauge.module.css';
import type { Steering } from './use-steering.tsx';

/** The figures are of a month: they do not change by the second. */
const RELOAD_EVERY_MS = MINUTE_MS;

/** How answering machines are detected, and how often the detection was wrong as far as agents told. */
export function Screening(props: {
  readonly campaign: BoardCampaign;
  readonly steering: Steering;
}) {
  const { t } = useTranslation();
  const words = useWords();
  const { campaign, steering } = props;
  const path = `/api/campaigns/${encodeURIComponent(campaign.id)}/screening`;
  const { value, reload } = useLoaded(path, screeningReport);
  useEffect(() => {
    const timer = setInterval(() => void reload(), RELOAD_EVERY_MS);
    return () => clearInterval(timer);
  }, [reload]);
  return (
    <section className={styles.screening} aria-label={t('pacing.screening.title')}>
      <div className={styles.head}>
        <h3>{t('pacing.screening.title')}</h3>
        <NativeSelect
          size="xs"
          aria-label={t('pacing.screening.title')}
          value={campaign.amd}
          data={amdMode.options.map((mode) => ({ value: mode, label: words('amd', mode) }))}
          disabled={steering.busy}
          onChange={(event) => {
            const amd = amdMode.safeParse(event.currentTarget.value);
            if (amd.success) void steering.change(campaign, { amd: amd.data });
          }}
        />
      </div>
      {value && (
        <div className={styles.small}>
          {t('pacing.screening.verdicts', {
            machine: formatCount(value.machine),
            all: formatCount(value.person + value.unsure + value.machine),
            missed: formatCount(value.missed),
          })}{' '}
          {value.judged === 0
            ? t('pacing.screening.notJudged', {
                sampled: formatCount(value.sampled),
                share: formatShare(campaign.amdSampleShare, 1),
              })
            : t('pacing.screening.judged', {
                judged: formatCount(value.judged),
                people: formatCount(value.people),
                share: formatShare(value.people, value.judged),
              })}
        </div>
      )}
    </section>
  );
}
