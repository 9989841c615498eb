import { Button } from '@mantine/core';
import { IconAdjustmentsHorizontal } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { MINUTE_MS } from '../../lib/time.ts';
import { measures } from '../../protocol/measures.ts';
import { type BoardCampaign, screeningReport } from '../../protocol/supervisor.ts';
import { useWords } from '../i18n/codes.ts';
import { useLoaded } from '../live/use-loaded.ts';
import { formatCount, formatMeasure, formatShare } from '../ui/format.ts';
import { Chip } from '../ui/parts.tsx';
import { heardNow } from './answering-draft.ts';
import { AnsweringForm, HeardWords } from './answering-form.tsx';
import { isRateTooGood } from './false-machines.ts';
import styles from './gauge.module.css';
import type { Steering } from './use-steering.tsx';

/** The figures cover a month and change slowly. */
const RELOAD_EVERY_MS = MINUTE_MS;

/**
 * Answered calls of a campaign: the screening of machines, its errors as judged by agents, and the
 * message when no agent is free.
 */
export function Answering(props: {
  readonly campaign: BoardCampaign;
  readonly steering: Steering;
}) {
  const { t } = useTranslation();
  const { campaign, steering } = props;
  const [changing, setChanging] = useState(false);
  const path = `/api/campaigns/${encodeURIComponent(campaign.id)}/screening`;
  const report = useLoaded(path, screeningReport);
  const { reload } = report;
  useEffect(() => {
    const timer = setInterval(() => void reload(), RELOAD_EVERY_MS);
    return () => clearInterval(timer);
  }, [reload]);
  return (
    <section className={styles.screening} aria-label={t('answering.section')}>
      <div className={styles.head}>
        <h3>{t('answering.section')}</h3>
        <Button
          variant="default"
          size="compact-xs"
          style={{ flex: 'none' }}
          leftSection={<IconAdjustmentsHorizontal size={15} />}
          onClick={() => setChanging(true)}
        >
          {t('answering.open')}
        </Button>
      </div>
      <ScreeningLine campaign={campaign} report={report.value} />
      <MessageLine campaign={campaign} />
      {changing && (
        <AnsweringForm
          campaign={campaign}
          report={report}
          steering={steering}
          onClose={() => setChanging(false)}
        />
      )}
    </section>
  );
}

function ScreeningLine(props: {
  readonly campaign: BoardCampaign;
  readonly report: ReturnType<typeof screeningReport.parse> | undefined;
}) {
  const { t } = useTranslation();
  const words = useWords();
  const { campaign, report } = props;
  return (
    <div className={styles.small}>
      <Chip tone={campaign.amd === 'off' ? 'quiet' : 'info'}>
        {t('answering.screening.title')}: {words('amd', campaign.amd)}
      </Chip>
      <br />
      {report &&
        t('pacing.screening.verdicts', {
          count: report.machine,
          machine: formatCount(report.machine),
          all: formatCount(measures.machines.denominator(report)),
          missed: formatCount(report.missed),
        })}{' '}
      {report &&
        (report.judged === 0
          ? t('pacing.screening.notJudged', {
              sampled: formatCount(report.sampled),
              share: formatShare(campaign.amdSampleShare, 1),
            })
          : t('pacing.screening.judged', {
              judged: formatCount(report.judged),
              people: formatCount(report.people),
              share: formatMeasure(measures.falseMachines, report),
            }))}
      {report && isRateTooGood(report, campaign.abandonment) && (
        <p>
          <Chip tone="late">{t('pacing.screening.rateTooGood')}</Chip>{' '}
          {t('pacing.screening.rateTooGoodBecause', {
            measured: formatMeasure(measures.falseMachines, report),
            estimated: formatShare(campaign.abandonment.falseMachineShare, 1),
          })}
        </p>
      )}
    </div>
  );
}

function MessageLine({ campaign }: { readonly campaign: BoardCampaign }) {
  const { t } = useTranslation();
  const { text, soundFile = '' } = campaign.abandonmentMessage;
  const heard = heardNow(campaign);
  return (
    <div className={styles.small}>
      {t('answering.message.title')}: <q className={styles.quote}>{text}</q>
      {heard !== 'ours' && <HeardWords heard={heard} file={soundFile} />}
    </div>
  );
}
